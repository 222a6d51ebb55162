"""docs/trust.md: what the tests measure of the promises, read from a run and shown there."""

import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from django.conf import settings

from scripts.trust import Evidence, page, read_results
from tests.promises import PROMISES

CONFTEST = """
from tests.promises import note_promises, promise

def pytest_collection_modifyitems(items):
    note_promises(items)
"""
TESTS = """
import pytest

@pytest.mark.promise(3)
@pytest.mark.parametrize("number", [1, 2])
def test_saves(promise, number):
    promise.figure("20 × 25 saves", "0 lost: none")
    promise.control("without the lock", f"{number} lost")

@pytest.mark.promise(5)
def test_log(promise):
    promise.figure("rows rewritten", "said too early")
    raise AssertionError

@pytest.mark.promise(14)
@pytest.mark.skip(reason="no such disk here")
def test_disk():
    raise AssertionError

def test_of_no_promise():
    pass
"""


def evidence_of_a_run(folder: Path) -> Evidence:
    """Run `TESTS` in a separate process, and return its outcome."""
    (folder / "conftest.py").write_text(CONFTEST, "utf-8")
    (folder / "test_some.py").write_text(TESTS, "utf-8")
    results = folder / "results.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:django", f"--junitxml={results}"]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(settings.BASE_DIR)}
    subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    evidence = Evidence([], defaultdict(int), [], defaultdict(set))
    read_results(evidence, "SQLite", results)
    return evidence


def test_the_page_shows_what_was_measured(tmp_path: Path):
    outcome = evidence_of_a_run(tmp_path)
    assert dict(outcome.passed) == {(3, "SQLite"): 2}
    text = page(outcome)
    assert "Tests passed: 2 on SQLite." in text
    assert "| 20 × 25 saves | 0 lost: none |" in text
    assert "| control: without the lock | 1 lost, 2 lost |" in text
    assert all(f"## {number} · {promise}\n" in text for number, promise in PROMISES.items())


def test_a_failed_test_has_no_figure_and_is_named(tmp_path: Path):
    evidence = evidence_of_a_run(tmp_path)
    assert [failure.partition(" ")[0] for failure in evidence.failures] == ["test_some.test_log"]
    assert "said too early" not in page(evidence)
    assert "## Broken" in page(evidence)


def test_a_skipped_test_is_listed_with_its_reason(tmp_path: Path):
    assert "Not run: SQLite: no such disk here" in page(evidence_of_a_run(tmp_path))
