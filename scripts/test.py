"""Run the checks and the suite: `make test` and its parts.

    python -m scripts.test all|fast|sqlite|postgres|browser|lint [pytest's arguments]

A failure does not stop the steps after it. The exit code is 1 when anything failed or a run had no
test. `all` ends with the line "123 passed, 0 failed", summed over the runs; a failed check (lint,
types and the like) counts as one failure.
"""

import difflib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from scripts.postgres import NoPostgres, throwaway_cluster

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
# The only variables of the environment that the tests get, so that no other can disturb them.
INHERITED = {
    *("CI", "HOME", "LANG", "PATH", "TERM", "TMPDIR", "USER"),
    # Our own: see tests/query_counts.py and tests/draws.py.
    *("UPDATE_QUERY_COUNTS", "TEST_LONG"),
}
# Hypothesis draws the same examples each time, so that the suite has the same outcome.
REPEATABLE = {"HYPOTHESIS_PROFILE": "ci"}
# The tests in these rooms read pages made from the document, and run on SQLite alone. On PostgreSQL
# tests/test_every_page.py fetches every page, and the pages of both databases are compared.
PAGE_ROOMS = [
    "tests/initiatives/dated_pages",
    *(f"tests/initiatives/{room}" for room in ("deadline_list", "details", "history", "timeline")),
    *(f"tests/reports/{room}" for room in ("comparison", "formats", "key_figures", "overview")),
    *(f"tests/reports/editions/test_{name}.py" for name in ("drafts", "edition_page", "pages")),
    "tests/initiatives/test_escaping.py",
]

Environment = Mapping[str, str]
NO_VARIABLES: Environment = {}


@dataclass
class SuiteRun:
    """The results of the steps so far."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    failures: list[str] = field(default_factory=list)
    times: list[tuple[str, float]] = field(default_factory=list)
    side_by_side: bool = False

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        print(f"\n── {name}", flush=True)
        begun = time.monotonic()
        try:
            yield
        finally:
            self.times.append((name, time.monotonic() - begun))

    def check(self, name: str, command: list[str], env: Environment = NO_VARIABLES) -> None:
        """Run a command that passes or fails."""
        with self.step(name):
            if run_program(command, env):
                self.failed += 1
                self.failures.append(name)

    def pytest(self, name: str, arguments: list[str], env: Environment = NO_VARIABLES) -> None:
        """Run pytest and add up what it counted."""
        with self.step(name), tempfile.TemporaryDirectory() as directory:
            results = Path(directory) / "results.xml"
            command = ["pytest", "-q", f"--junitxml={results}", *arguments]
            code = run_program(command, env, print_at_end=self.side_by_side)
            counts = _counts(results)
        self.passed += counts["passed"]
        self.failed += counts["failed"]
        self.skipped += counts["skipped"]
        if code or not counts["passed"]:
            self.failures.append(name)
            # It is a failure too when there was no test or pytest itself gave up.
            self.failed += not counts["failed"]

    def end(self) -> int:
        """Print the outcome. Returns the exit code."""
        print()
        for name, seconds in self.times:
            print(f"{seconds:7.1f} s  {'FAILED  ' if name in self.failures else ''}{name}")
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        print(f"\n{self.passed} passed, {self.failed} failed{skipped}", flush=True)
        return 1 if self.failures or self.failed else 0


def run_program(
    command: list[str], env: Environment = NO_VARIABLES, *, print_at_end: bool = False
) -> int:
    """Run a program of the virtual environment with a clean environment. Returns its exit code.

    `print_at_end` prints its output when it has ended, so that parallel runs do not mix theirs.
    """
    clean = {name: value for name, value in os.environ.items() if name in INHERITED}
    program, *arguments = command
    done = subprocess.run(
        [BIN / program, *arguments],
        cwd=ROOT,
        env={**clean, **env},
        check=False,
        text=True,
        stdout=subprocess.PIPE if print_at_end else None,
        stderr=subprocess.STDOUT if print_at_end else None,
    )
    if print_at_end:
        print(done.stdout, flush=True)
    return done.returncode


def _counts(results: Path) -> dict[str, int]:
    """Read pytest's counts; a test that fails and whose teardown fails is one failed test."""
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    if not results.exists():
        return counts
    outcomes: dict[tuple[str | None, str | None], str] = {}
    for case in ET.parse(results).iter("testcase"):
        tags = {child.tag for child in case}
        outcome = "skipped" if "skipped" in tags else "passed"
        if tags & {"failure", "error"}:
            outcome = "failed"
        key = (case.get("classname"), case.get("name"))
        outcomes[key] = "failed" if outcomes.get(key) == "failed" else outcome
    for outcome in outcomes.values():
        counts[outcome] += 1
    return counts


def lint(run: SuiteRun) -> None:
    """Run the checks that read the code without running it."""
    templates = sorted(str(path) for path in (ROOT / "templates").rglob("*.html"))
    run.check("ruff check", ["ruff", "check", "."])
    run.check("ruff format", ["ruff", "format", "--check", "."])
    run.check("djade", ["djade", "--check", "--target-version", "5.2", *templates])
    run.check("mypy", ["mypy"])
    run.check("import rules", ["lint-imports"])


def sqlite(run: SuiteRun, *arguments: str, env: Environment = NO_VARIABLES) -> None:
    run.pytest("suite on SQLite", ["-m", "not browser", *arguments], {**REPEATABLE, **env})


def postgres(run: SuiteRun, *arguments: str, env: Environment = NO_VARIABLES) -> None:
    """Run the tests that need a database; tests/conftest.py leaves out the others."""
    try:
        with throwaway_cluster() as url:
            env = {**REPEATABLE, **env, "TEST_DATABASE_URL": url}
            run.pytest("suite on PostgreSQL", ["-m", "not browser", *arguments], env)
    except NoPostgres as error:
        print(error)
        run.failed += 1
        run.failures.append("PostgreSQL")


def browser(run: SuiteRun, *arguments: str) -> None:
    env = REPEATABLE | {"DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
    run.pytest("browser tests", ["-m", "browser", *arguments], env)


def fast(run: SuiteRun, *arguments: str) -> None:
    run.pytest("fast tests", ["-m", "not browser and not pdf and not slow", *arguments])


def everything(run: SuiteRun, *arguments: str) -> None:
    """Run everything; the two databases in parallel, since each run leaves a core idle."""
    lint(run)
    once = [f"--ignore={room}" for room in PAGE_ROOMS]
    run.side_by_side = True
    with tempfile.TemporaryDirectory() as directory, ThreadPoolExecutor(2) as both:
        answers = [Path(directory, name) for name in ("sqlite.json", "postgresql.json")]
        ways = [{"EVERY_PAGE": str(file)} for file in answers]
        runs = [
            both.submit(sqlite, run, *arguments, env=ways[0]),
            both.submit(postgres, run, *once, *arguments, env=ways[1]),
        ]
        for started in runs:
            started.result()
        run.side_by_side = False
        if not arguments:
            same_pages(run, *answers)
    browser(run, *arguments)


def same_pages(run: SuiteRun, sqlite_file: Path, postgresql_file: Path) -> None:
    """Fail unless every page and file is identical on both databases."""
    name = "every page is the same on both databases"
    with run.step(name):
        try:
            ours, theirs = (
                json.loads(f.read_text("utf-8")) for f in (sqlite_file, postgresql_file)
            )
        except FileNotFoundError as error:
            differences = [f"{error.filename} was not written."]
        else:
            differences = list(different_pages(ours, theirs))
            print(f"{len(ours)} answers compared, {len(differences)} differ.")
        print("\n".join(differences[:5]), flush=True)
    if differences:
        run.failed += 1
        run.failures.append(name)
    else:
        run.passed += 1


def different_pages(ours: Mapping[str, str], theirs: Mapping[str, str]) -> Iterator[str]:
    """Write the first lines of a diff for each page that is not the same."""
    for page in ours.keys() | theirs.keys():
        one, other = (answers.get(page, "").splitlines() for answers in (ours, theirs))
        if one != other:
            lines = difflib.unified_diff(one, other, "SQLite", "PostgreSQL", lineterm="", n=0)
            yield "\n".join([page, *(line[:200] for line in islice(lines, 8))])


def main(arguments: list[str]) -> int:
    parts = {
        "all": everything,
        "browser": browser,
        "fast": fast,
        "lint": lint,
        "postgres": postgres,
        "sqlite": sqlite,
    }
    if not arguments or arguments[0] not in parts:
        print(f"usage: python -m scripts.test {'|'.join(parts)} [pytest's arguments]")
        return 2
    run = SuiteRun()
    # SIGTERM must end this program through its `finally` blocks, which stop the cluster.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        parts[arguments[0]](run, *arguments[1:])
    except KeyboardInterrupt:
        return 130
    return run.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
