"""Run the suite's core on the newest Django, pre-releases included: `make test-next`.

The portal runs on the long-term release. This tells beforehand what the next one will ask of it.
Its packages are those of requirements-dev.txt, with Django alone renewed, in a virtual environment
of its own (.venv-next), so that nothing of the developer's changes. The newest Django often wants a
newer Python: the newest on the PATH is taken, or the one that NEXT_PYTHON names.

Arguments are pytest's; without any, what runs is the fast tests of every package.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv-next"
PYTHON = VENV / "bin" / "python"
# The newest first; the one we run on is there in any case.
NAMES = [f"python3.{minor}" for minor in range(20, 11, -1)]
CORE = ["-m", "not browser and not pdf and not slow", "tests"]
# What the next Django warns of is told at the end; what it does otherwise fails.
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
    """The newest Python that can be found, by name."""
    return next(filter(None, map(shutil.which, NAMES)), sys.executable)


def make_environment(base: str) -> None:
    """Make .venv-next anew on `base`: the locked packages, then the newest Django over them."""
    subprocess.run([base, "-m", "venv", "--clear", str(VENV)], check=True)
    install("--require-hashes", "-r", "requirements-dev.txt")
    install("--upgrade", "--pre", "django")


def install(*arguments: str) -> None:
    pip = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    subprocess.run([*pip, *arguments], cwd=ROOT, check=True)


def version_of(python: str) -> str:
    """The version of Django that this Python imports."""
    return output_of([python, "-c", DJANGO_VERSION])


def output_of(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
