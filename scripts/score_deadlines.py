"""Score the deadline parser on labelled wordings: `make score-deadlines`.

    python -m scripts.score_deadlines [labelled.jsonl …] [--wrong 20]

A labelled file has a JSON object on each line with text, reference_date, kind, start and end. For
each file it prints a table of the kinds, the share of exact intervals among the rows with days, the
share of right kinds, and the number of false dates (found in a text without one, which is the worst
error), and finally the number of parses a second. Exits with 1 when a limit is not met. Without a
name it scores every labelled file in the folder.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from deadlines import ParsedDeadline, parse

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "deadlines"
MIN_INTERVALS, MIN_KINDS, MAX_FALSE_DATES, MIN_PARSES_PER_SECOND = 97.0, 95.0, 0, 5_000
MEASURED_PARSES = 5_000


@dataclass(frozen=True)
class LabelledRow:
    """A wording with the kind and the days that a person gave it."""

    text: str
    reference: date
    kind: str
    start: date | None
    end: date | None

    @property
    def dated(self) -> bool:
        return (self.start, self.end) != (None, None)

    def interval_is(self, parsed: ParsedDeadline) -> bool:
        return (self.start, self.end) == (parsed.start, parsed.end)


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    files = options.files or sorted(FOLDER.glob("labelled*.jsonl"))
    if not files:
        print(f"There is no labelled file in {FOLDER}: name one as an argument.")
        return 2
    met, every_row = True, []
    for file in files:
        if not file.is_file() or not (rows := read_rows(file)):
            print(f"{file} is no file or has no rows.")
            return 2
        print(file.name)
        met &= score(rows, wrong=options.wrong)
        every_row += rows
    speed = parses_per_second(every_row)
    print(f"parses a second on one core: {speed:,.0f} (bar {MIN_PARSES_PER_SECOND:,})")
    return 0 if met and speed >= MIN_PARSES_PER_SECOND else 1


def score(rows: Sequence[LabelledRow], *, wrong: int) -> bool:
    """Print the figures and the first `wrong` rows that differ. Returns whether limits are met."""
    results = [(row, parse(row.text, row.reference)) for row in rows]
    print_table(results)
    met = print_figures(results)
    missed = [
        (row, parsed)
        for row, parsed in results
        if not row.interval_is(parsed) or row.kind != parsed.kind
    ]
    for row, parsed in missed[:wrong]:
        print(f"  {row.text[:78]!r} on {row.reference}")
        print(f"    wanted {row.kind} {row.start} {row.end}")
        print(f"    found  {parsed.kind} {parsed.start} {parsed.end}")
    print()
    return met


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Score the deadline parser.")
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--wrong", type=int, default=0, metavar="N", help="show N wrong rows")
    return parser.parse_args(arguments)


def read_rows(file: Path) -> list[LabelledRow]:
    rows = []
    for line in file.read_text("utf-8").splitlines():
        if line.strip():
            row = json.loads(line)
            rows.append(
                LabelledRow(
                    row["text"],
                    date.fromisoformat(row["reference_date"]),
                    row["kind"],
                    date.fromisoformat(row["start"]) if row["start"] else None,
                    date.fromisoformat(row["end"]) if row["end"] else None,
                )
            )
    return rows


def print_table(results: Sequence[tuple[LabelledRow, ParsedDeadline]]) -> None:
    rows, intervals, kinds = Counter[str](), Counter[str](), Counter[str]()
    for row, parsed in results:
        for name in (row.kind, "all"):
            rows[name] += 1
            intervals[name] += row.interval_is(parsed)
            kinds[name] += row.kind == parsed.kind
    print(f"{'kind':<10}{'rows':>6}{'interval':>10}{'kind':>6}")
    for name in sorted(rows, key=lambda name: (name == "all", name)):
        print(f"{name:<10}{rows[name]:>6}{intervals[name]:>10}{kinds[name]:>6}")


def print_figures(results: Sequence[tuple[LabelledRow, ParsedDeadline]]) -> bool:
    """Print the figures that have a limit. Returns whether all limits are met."""
    dated = [row.interval_is(parsed) for row, parsed in results if row.dated]
    interval = 100 * sum(dated) / len(dated) if dated else 100.0
    kind = 100 * sum(row.kind == parsed.kind for row, parsed in results) / len(results)
    false_dates = sum(
        not row.dated and (parsed.start, parsed.end) != (None, None) for row, parsed in results
    )
    print()
    print(f"exact intervals on {len(dated)} dated rows: {interval:.1f} % (bar {MIN_INTERVALS:g})")
    print(f"kinds: {kind:.1f} % (bar {MIN_KINDS:g})")
    print(f"false dates: {false_dates} (bar {MAX_FALSE_DATES})")
    return interval >= MIN_INTERVALS and kind >= MIN_KINDS and false_dates <= MAX_FALSE_DATES


def parses_per_second(rows: Sequence[LabelledRow]) -> float:
    """Return the speed of the quickest of many rounds, which other programs disturb least."""
    quickest = float("inf")
    for _ in range(-(-MEASURED_PARSES // len(rows))):
        began = time.process_time()
        for row in rows:
            parse(row.text, row.reference)
        quickest = min(quickest, time.process_time() - began)
    return len(rows) / max(quickest, 1e-9)


if __name__ == "__main__":
    sys.exit(main())
