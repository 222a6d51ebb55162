"""Measure what the portal promises and write docs/trust.md: `make trust`.

    python -m scripts.trust [--quick]

Runs every test that is marked with a promise (tests/promises.py) on SQLite, on a throw-away
PostgreSQL and in Chromium; the benchmarks of a long history and of the triggers on both databases;
and the production smoke test. Prints the page and writes it. `--quick` leaves out what takes
minutes, says so on the page, and writes no file. Exits with 1 when a promise was broken or nothing
measured it.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from scripts.postgres import throwaway_cluster
from scripts.test import REPEATABLE, ROOT, run_program
from tests.promises import PROMISES

PAGE = ROOT / "docs" / "trust.md"
SMOKE_FIGURES = ROOT / "build" / "prod-smoke.json"
SQLITE, POSTGRESQL, CHROMIUM = "SQLite", "PostgreSQL", "Chromium"
# Parts of a promise that no test of ours covers; they are tried by hand at most.
NOT_RUN = {
    8: "A restore on another machine than the one that made the backup.",
    9: "A power cut: the processes are killed, the machine goes on.",
    11: "Guessing from many addresses at once, which only the network in front can slow down.",
    13: "Chromium against PostgreSQL: the pages do not know which database they came from.",
    14: "A PostgreSQL whose own disk is full: it is told to refuse writes instead.",
    16: "Clients on other machines: load and server share two cores over the loopback. SQLite: "
    "two instances cannot share its file.",
}


@dataclass(frozen=True)
class Measurement:
    """A measured value: `kind` is "figure" or "control" (with the protection off)."""

    promise: int
    where: str
    kind: str
    what: str
    value: str


@dataclass
class Evidence:
    """The measurements of all runs, the tests passed by promise and place, and the failures."""

    measured: list[Measurement]
    passed: dict[tuple[int, str], int]
    failures: list[str]
    left_out: dict[int, set[str]]


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure what the portal promises.")
    parser.add_argument("--quick", action="store_true", help="without load and a million rows")
    quick = parser.parse_args().quick
    evidence = Evidence([], defaultdict(int), [], defaultdict(set))
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        _tests(evidence, SQLITE, "promise and not browser", folder)
        with throwaway_cluster() as url:
            _tests(evidence, POSTGRESQL, "promise and not browser", folder, TEST_DATABASE_URL=url)
        _tests(evidence, CHROMIUM, "promise and browser", folder, DJANGO_ALLOW_ASYNC_UNSAFE="1")
        if quick:
            evidence.left_out[15].add("A million rows of history (left out of a quick run).")
            evidence.left_out[16].add("The production smoke test (left out of a quick run).")
        else:
            _history(evidence, folder)
            _smoke(evidence)
    text = page(evidence)
    print(text)
    if not quick:
        PAGE.write_text(text, "utf-8")
    unmeasured = [number for number in PROMISES if not _measured(evidence, number)]
    for failure in evidence.failures:
        print(f"Failed: {failure}", file=sys.stderr)
    for number in unmeasured:
        print(f"Nothing measured promise {number}.", file=sys.stderr)
    return 1 if evidence.failures or unmeasured else 0


def _measured(evidence: Evidence, number: int) -> bool:
    return any(promise == number for promise, _ in evidence.passed) or any(
        measurement.promise == number for measurement in evidence.measured
    )


# Running


def _tests(evidence: Evidence, where: str, marked: str, folder: Path, **env: str) -> None:
    """Run the marked tests in one place and read what they measured."""
    results = folder / f"{where}.xml"
    command = ["pytest", "-q", "-m", marked, f"--junitxml={results}"]
    if run_program(command, {**REPEATABLE, "TEST_LONG": "1", **env}):
        evidence.failures.append(f"the tests ({where})")
    if results.exists():
        read_results(evidence, where, results)


def read_results(evidence: Evidence, where: str, results: Path) -> None:
    """Add the results in the JUnit file of one run."""
    for case in ET.parse(results).iter("testcase"):
        properties = [(p.get("name", ""), p.get("value", "")) for p in case.iter("property")]
        numbers = [int(value) for name, value in properties if name == "promise"]
        if not numbers:
            continue
        name = f"{case.get('classname')}.{case.get('name')} ({where})"
        if any(case.find(tag) is not None for tag in ("failure", "error")):
            evidence.failures.append(name)
            continue
        if (skipped := case.find("skipped")) is not None:
            evidence.left_out[numbers[0]].add(f"{where}: {skipped.get('message')}")
            continue
        evidence.passed[numbers[0], where] += 1
        for name, value in properties:
            if match := re.fullmatch(r"promise-(\d+)-(figure|control)", name):
                evidence.measured.append(
                    Measurement(int(match[1]), where, match[2], *json.loads(value))
                )


def _history(evidence: Evidence, folder: Path) -> None:
    """Measure what history costs: reading a million rows of it, and the triggers of a save."""
    figures = folder / "figures.json"
    for program in ("bench_state_at", "bench_triggers"):
        command = ["python", "-m", f"scripts.{program}", "--figures", str(figures)]
        if run_program(command):
            evidence.failures.append(f"{program} (SQLite)")
        evidence.measured += _figures_in(figures)
        with throwaway_cluster() as url:
            if run_program([*command, "--database-url", url]):
                evidence.failures.append(f"{program} (PostgreSQL)")
        evidence.measured += _figures_in(figures)


def _smoke(evidence: Evidence) -> None:
    SMOKE_FIGURES.unlink(missing_ok=True)
    if subprocess.run(["make", "prod-smoke"], cwd=ROOT, check=False).returncode:
        evidence.failures.append("make prod-smoke")
    evidence.measured += _figures_in(SMOKE_FIGURES)


def _figures_in(file: Path) -> Iterator[Measurement]:
    """Read and remove the file of figures that another program has written."""
    with suppress(FileNotFoundError):
        for row in json.loads(file.read_text("utf-8")):
            yield Measurement(
                row["promise"], row["database"], row["kind"], row["what"], row["value"]
            )
        file.unlink()


# The page


def page(evidence: Evidence) -> str:
    """Write the text of docs/trust.md."""
    lines = [
        "# Trust",
        "",
        "What the portal promises, and what was measured of it. `make trust` writes this page.",
        f"Measured on {datetime.now(tz=UTC):%Y-%m-%d} at commit {_commit()}, on two shared cores.",
        "A *control* is the same test with the protection taken away: it has to fail, or the test",
        "would measure nothing.",
        "",
    ]
    for number, promise in PROMISES.items():
        lines += [f"## {number} · {promise}", ""]
        lines += _counted(evidence, number)
        lines += _table(one for one in evidence.measured if one.promise == number)
        left_out = sorted(evidence.left_out.get(number, ()))
        if number in NOT_RUN:
            left_out.append(NOT_RUN[number])
        lines += [f"Not run: {what}" for what in left_out] + [""] * bool(left_out)
    if evidence.failures:
        lines += ["## Broken", "", *(f"- {failure}" for failure in evidence.failures), ""]
    return "\n".join(lines)


def _counted(evidence: Evidence, number: int) -> list[str]:
    counts = [
        f"{count} on {where}" if where != CHROMIUM else f"{count} in {where}"
        for where in (SQLITE, POSTGRESQL, CHROMIUM)
        if (count := evidence.passed.get((number, where)))
    ]
    return [f"Tests passed: {', '.join(counts)}.", ""] if counts else []


def _table(measured: Iterable[Measurement]) -> list[str]:
    """Write a table of the measurements with a column for each place; controls come last."""
    rows: dict[tuple[str, str], dict[str, list[str]]] = {}
    for one in measured:
        in_place = rows.setdefault((one.kind, one.what), {}).setdefault(one.where, [])
        if one.value not in in_place:
            in_place.append(one.value)
    if not rows:
        return []
    places = sorted({where for values in rows.values() for where in values}, key=_place)
    lines = [f"| | {' | '.join(places)} |", f"|---|{'---|' * len(places)}"]
    for (kind, what), values in sorted(rows.items(), key=lambda row: row[0][0] == "control"):
        name = f"control: {what}" if kind == "control" else what
        cells = (", ".join(values.get(place, ["–"])) for place in places)
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return [*lines, ""]


def _place(where: str) -> tuple[int, str]:
    known = (SQLITE, POSTGRESQL, CHROMIUM)
    return (known.index(where) if where in known else len(known), where)


def _commit() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


if __name__ == "__main__":
    sys.exit(main())
