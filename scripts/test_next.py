"""Run the suite's core on the newest Django, pre-releases included: `make test-next`.

The portal runs on the long-term release; this shows in advance what the next one will require. The
packages are those of requirements-dev.txt with a newer Django, in a virtual environment of its own
(.venv-next), so that the developer's stays as it is. The newest Django often needs a newer Python:
the newest on the PATH is used, or the one that NEXT_PYTHON names.

Arguments are passed to pytest; without any, the fast tests of every package are run.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv-next"
PYTHON = VENV / "bin" / "python"
# The names of Python that are looked for, the newest first.
NAMES = [f"python3.{minor}" for minor in range(20, 11, -1)]
CORE = ["-m", "not browser and not pdf and not slow", "tests"]
# Warnings about the Django after that are listed at the end; they do not fail.
WARNINGS = ["-W", "default::DeprecationWarning", "-W", "default::PendingDeprecationWarning"]
DJANGO_VERSION = "import django; print(django.get_version())"


def main(arguments: list[str]) -> int:
    base = os.environ.get("NEXT_PYTHON") or newest_python()
    make_environment(base)
    ours = version_of(sys.executable)
    theirs = version_of(str(PYTHON))
    python = output_of([str(PYTHON), "-V"])
    if theirs == ours:
        print(f"There is no Django newer than {ours} for {python}: nothing to try.")
        print("Name a newer Python with NEXT_PYTHON=…")
        return 0
    print(f"Django {theirs} on {python}; the portal runs on Django {ours}.", flush=True)
    command = [str(PYTHON), "-m", "pytest", "-q", *WARNINGS, *(arguments or CORE)]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def newest_python() -> str:
    """Find the newest Python on the PATH; this one if there is no other."""
    return next(filter(None, map(shutil.which, NAMES)), sys.executable)


def make_environment(base: str) -> None:
    """Make .venv-next anew with the Python `base`: the locked packages, then the newest Django."""
    subprocess.run([base, "-m", "venv", "--clear", str(VENV)], check=True)
    install("--require-hashes", "-r", "requirements-dev.txt")
    install("--upgrade", "--pre", "django")


def install(*arguments: str) -> None:
    pip = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    subprocess.run([*pip, *arguments], cwd=ROOT, check=True)


def version_of(python: str) -> str:
    """Ask for the version of Django that a Python imports."""
    return output_of([python, "-c", DJANGO_VERSION])


def output_of(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
