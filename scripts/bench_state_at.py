"""Measure how long it takes to read the state of every initiative at a moment from history.

    python -m scripts.bench_state_at [--initiatives 1000] [--history 1000000]
                                     [--database-url URL] [--figures FILE]

Fills a throw-away SQLite database, or the empty one that is named, with invented initiatives and
rows of history, and asks `core.state_at` for all initiatives at a moment in the middle of it.
Prints the median time by the clock, since the database does the work; `--figures` also writes it to
a JSON file for `make trust`. Exits with 1 when it takes longer than the limit.
"""

import argparse
import statistics
import sys
import tempfile
import time
from io import StringIO
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import connection

from scripts.bench import begin, write_figure

MAX_MILLISECONDS = 200  # docs/trust.md, promise 15
ROUNDS = 21
FIELDS = ("area_id", "title", "status", "version")


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure core.state_at over a long history.")
    parser.add_argument("--initiatives", type=int, default=1000)
    parser.add_argument("--history", type=int, default=1_000_000, help="rows of history")
    parser.add_argument("--database-url", help="an empty database; without it a throw-away SQLite")
    parser.add_argument("--figures", type=Path, help="a JSON file for the figures")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        begin(Path(directory), options.database_url)
        print(f"Writing {options.history} rows of history …", file=sys.stderr, flush=True)
        wanted = {"initiatives": options.initiatives, "history": options.history}
        call_command("make_load", **wanted, stdout=StringIO())
        milliseconds, objects, rows = measure()
    what = f"{objects} initiatives over {rows:,} rows of history".replace(",", " ")
    print(f"{connection.vendor}: {what}: {milliseconds:.0f} ms (bar {MAX_MILLISECONDS} ms)")
    write_figure(options.figures, 15, what, f"{milliseconds:.0f} ms (bar {MAX_MILLISECONDS} ms)")
    return 1 if milliseconds > MAX_MILLISECONDS else 0


def measure() -> tuple[float, int, int]:
    """Return the median in milliseconds, the number of objects, and the length of all history."""
    from core.state_at import state_at  # noqa: PLC0415  # the settings are set by `begin`

    model = apps.get_model("initiatives", "Initiative")
    history = apps.get_model("initiatives", "HistoricalInitiative").objects.order_by("history_date")
    middle = history.values_list("history_date", flat=True)[history.count() // 2]
    histories = [model.history for model in apps.get_models() if hasattr(model, "history")]
    times = []
    rows: list[tuple[object, ...]] = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        (rows,) = state_at(model, [middle], fields=FIELDS)
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times), len(rows), sum(past.count() for past in histories)


if __name__ == "__main__":
    sys.exit(main())
