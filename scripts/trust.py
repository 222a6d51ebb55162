"""Measure what the portal promises and write docs/trust.md: `make trust`.

    python -m scripts.trust [--quick]

Runs every test that is marked with a promise (tests/promises.py) on SQLite, on a throw-away
PostgreSQL and in Chromium; a history of a million rows and the cost of the triggers on both
databases; and the production smoke test. Prints the page and writes it. `--quick` leaves out what
takes minutes, says so on the page, and writes nothing. Exit code 1 when a promise was broken or
nothing measured it.
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
from scripts.test import CALM, ROOT, run_program
from tests.promises import PROMISES

PAGE = ROOT / "docs" / "trust.md"
SMOKE_FIGURES = ROOT / "build" / "prod-smoke.json"
SQLITE, POSTGRESQL, CHROMIUM = "SQLite", "PostgreSQL", "Chromium"
# Tried by hand at most, by promise: what no test of ours can stand in for.
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
class Said:
    """One thing that was measured: `kind` is "figure" or "control" (the protection is off)."""

    promise: int
    where: str
    kind: str
    what: str
    value: str


@dataclass
class Outcome:
    """What all runs have said, the tests counted by promise and place, and what went wrong."""

    said: list[Said]
    passed: dict[tuple[int, str], int]
    failures: list[str]
    left_out: dict[int, set[str]]


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure what the portal promises.")
    parser.add_argument("--quick", action="store_true", help="without load and a million rows")
    quick = parser.parse_args().quick
    outcome = Outcome([], defaultdict(int), [], defaultdict(set))
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        _tests(outcome, SQLITE, "promise and not browser", folder)
        with throwaway_cluster() as url:
            _tests(outcome, POSTGRESQL, "promise and not browser", folder, TEST_DATABASE_URL=url)
        _tests(outcome, CHROMIUM, "promise and browser", folder, DJANGO_ALLOW_ASYNC_UNSAFE="1")
        if quick:
            outcome.left_out[15].add("A million rows of history (left out of a quick run).")
            outcome.left_out[16].add("The production smoke test (left out of a quick run).")
        else:
            _history(outcome, folder)
            _smoke(outcome)
    text = page(outcome)
    print(text)
    if not quick:
        PAGE.write_text(text, "utf-8")
    unmeasured = [number for number in PROMISES if not _measured(outcome, number)]
    for failure in outcome.failures:
        print(f"Failed: {failure}", file=sys.stderr)
    for number in unmeasured:
        print(f"Nothing measured promise {number}.", file=sys.stderr)
    return 1 if outcome.failures or unmeasured else 0


def _measured(outcome: Outcome, number: int) -> bool:
    return any(promise == number for promise, _ in outcome.passed) or any(
        said.promise == number for said in outcome.said
    )


# Running


def _tests(outcome: Outcome, where: str, marked: str, folder: Path, **env: str) -> None:
    """Run the marked tests in one place and read what they said."""
    results = folder / f"{where}.xml"
    command = ["pytest", "-q", "-m", marked, f"--junitxml={results}"]
    if run_program(command, {**CALM, "TEST_LONG": "1", **env}):
        outcome.failures.append(f"the tests ({where})")
    if results.exists():
        read_results(outcome, where, results)


def read_results(outcome: Outcome, where: str, results: Path) -> None:
    """Add what one run's JUnit file says."""
    for case in ET.parse(results).iter("testcase"):
        properties = [(p.get("name", ""), p.get("value", "")) for p in case.iter("property")]
        numbers = [int(value) for name, value in properties if name == "promise"]
        if not numbers:
            continue
        name = f"{case.get('classname')}.{case.get('name')} ({where})"
        if any(case.find(tag) is not None for tag in ("failure", "error")):
            outcome.failures.append(name)
            continue
        if (skipped := case.find("skipped")) is not None:
            outcome.left_out[numbers[0]].add(f"{where}: {skipped.get('message')}")
            continue
        outcome.passed[numbers[0], where] += 1
        for name, value in properties:
            if found := re.fullmatch(r"promise-(\d+)-(figure|control)", name):
                outcome.said.append(Said(int(found[1]), where, found[2], *json.loads(value)))


def _history(outcome: Outcome, folder: Path) -> None:
    """What history costs: reading a million rows of it, and the triggers of a save."""
    figures = folder / "figures.json"
    for program in ("bench_state_at", "bench_triggers"):
        command = ["python", "-m", f"scripts.{program}", "--figures", str(figures)]
        if run_program(command):
            outcome.failures.append(f"{program} (SQLite)")
        outcome.said += _figures_in(figures)
        with throwaway_cluster() as url:
            if run_program([*command, "--database-url", url]):
                outcome.failures.append(f"{program} (PostgreSQL)")
        outcome.said += _figures_in(figures)


def _smoke(outcome: Outcome) -> None:
    SMOKE_FIGURES.unlink(missing_ok=True)
    if subprocess.run(["make", "prod-smoke"], cwd=ROOT, check=False).returncode:
        outcome.failures.append("make prod-smoke")
    outcome.said += _figures_in(SMOKE_FIGURES)


def _figures_in(file: Path) -> Iterator[Said]:
    """What a program of its own has written down: a list of objects like `Said`."""
    with suppress(FileNotFoundError):
        for said in json.loads(file.read_text("utf-8")):
            yield Said(said["promise"], said["database"], said["kind"], said["what"], said["value"])
        file.unlink()


# The page


def page(outcome: Outcome) -> str:
    """docs/trust.md."""
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
        lines += _counted(outcome, number)
        lines += _table(said for said in outcome.said if said.promise == number)
        left_out = sorted(outcome.left_out.get(number, ()))
        if number in NOT_RUN:
            left_out.append(NOT_RUN[number])
        lines += [f"Not run: {what}" for what in left_out] + [""] * bool(left_out)
    if outcome.failures:
        lines += ["## Broken", "", *(f"- {failure}" for failure in outcome.failures), ""]
    return "\n".join(lines)


def _counted(outcome: Outcome, number: int) -> list[str]:
    counts = [
        f"{count} on {where}" if where != CHROMIUM else f"{count} in {where}"
        for where in (SQLITE, POSTGRESQL, CHROMIUM)
        if (count := outcome.passed.get((number, where)))
    ]
    return [f"Tests passed: {', '.join(counts)}.", ""] if counts else []


def _table(said: Iterable[Said]) -> list[str]:
    """What was measured, a row each with a column for each place; controls last."""
    rows: dict[tuple[str, str], dict[str, list[str]]] = {}
    for one in said:
        values = rows.setdefault((one.kind, one.what), {}).setdefault(one.where, [])
        if one.value not in values:
            values.append(one.value)
    if not rows:
        return []
    places = sorted({where for values in rows.values() for where in values}, key=_place)
    lines = [f"| | {' | '.join(places)} |", f"|---|{'---|' * len(places)}"]
    for (kind, what), measured in sorted(rows.items(), key=lambda row: row[0][0] == "control"):
        name = f"control: {what}" if kind == "control" else what
        cells = (", ".join(measured.get(place, ["–"])) for place in places)
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
