"""Measure how much the triggers slow down a save: a part of `make bench`.

    python -m scripts.bench_triggers [--rounds 40] [--postgres | --database-url URL]

A status is changed in the same process with the triggers and without, by turns. The processor time
of this process and of PostgreSQL's is measured, and the time by the clock; the ratio is the result.
Exits with 1 when saving with the triggers costs more than its limit. The database has to be empty,
and its user the owner of its tables.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection

from scripts.bench import begin, write_figure
from scripts.postgres import throwaway_cluster

# Saving a status costs at most this many times as much as without the triggers.
MAX_RATIO = 1.15
SAVES = 10


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure what the triggers cost a save.")
    parser.add_argument("--rounds", type=int, default=40, help=f"{SAVES} saves each, both ways")
    parser.add_argument("--database-url", help="an empty database; without it a throw-away SQLite")
    parser.add_argument("--postgres", action="store_true", help="on a throw-away PostgreSQL")
    parser.add_argument("--figures", type=Path, help="a JSON file for the figure")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as directory:
        cluster = throwaway_cluster() if arguments.postgres else nullcontext(arguments.database_url)
        with cluster as url:
            begin(Path(directory), url)
            with_triggers, without = _measure(arguments.rounds)
            ratio = _print_table(with_triggers, without)
            what = "saving a status, with the triggers ÷ without, processor time"
            write_figure(arguments.figures, 15, what, f"{ratio:.2f} × (bar {MAX_RATIO})")
            connection.close()
    return 1 if ratio > MAX_RATIO else 0


def _measure(rounds: int) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """Measure the (processor, clock) milliseconds of a save, with the triggers and without."""
    from core import triggers  # noqa: PLC0415

    save = _saver()
    for _ in range(3 * SAVES):
        save()
    times: tuple[list[tuple[float, float]], list[tuple[float, float]]] = ([], [])
    for number in range(2 * rounds):
        # First with the triggers, then without; the next time in the opposite order.
        is_without = number % 4 in (1, 2)
        (triggers.remove if is_without else triggers.install)(connection)
        save()  # untimed, since changing triggers clears caches
        cpu, clock = _processor_time(), time.perf_counter()
        for _ in range(SAVES):
            save()
        clock, cpu = time.perf_counter() - clock, _processor_time() - cpu
        times[is_without].append((cpu * 1000 / SAVES, clock * 1000 / SAVES))
    triggers.install(connection)
    return times


def _saver() -> Any:
    """Make a function that changes the status of the next initiative each time it is called."""
    from core import clock  # noqa: PLC0415
    from core.tracking import Actor  # noqa: PLC0415

    model = apps.get_model("initiatives", "Initiative")
    ids = list(model.objects.order_by("pk").values_list("pk", flat=True))
    actor, count, at = Actor("Måling"), iter(range(10**9)), clock.now()

    def save() -> None:
        number = next(count)
        row = model.objects.select_related("area__principle__programme").get(
            pk=ids[number % len(ids)]
        )
        row.change_status(
            status="on_track" if row.status != "on_track" else "not_started",
            month=row.area.principle.programme.reporting_month,
            reason=f"Mødet er flyttet for {number}. gang.",
            deviates=(),
            ask=row.ask,
            internal_notes=row.internal_notes,
            version=row.version,
            actor=actor,
            at=at,
        )

    return save


def _processor_time() -> float:
    """Return the processor seconds of this process and, if it is on this machine, of the server's
    process that answers it."""
    seconds = time.process_time()
    if connection.vendor != "postgresql":
        return seconds
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    try:
        # schedstat counts nanoseconds; stat would count hundredths of a second.
        return seconds + int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except OSError:
        return seconds


def _print_table(
    with_triggers: list[tuple[float, float]], without: list[tuple[float, float]]
) -> float:
    """Print the figures as a Markdown table. Returns the ratio of the processor times."""
    print(f"| {connection.vendor}, status gemt | med triggere | uden | × |\n|---|--:|--:|--:|")
    ratios = []
    for place, name in enumerate(("CPU ms (med serverens)", "ms på uret")):
        pairs = [(a[place], b[place]) for a, b in zip(with_triggers, without, strict=True)]
        ratio = statistics.median(a / b for a, b in pairs)
        on, off = (statistics.median(values) for values in zip(*pairs, strict=True))
        print(f"| {name} | {on:.2f} | {off:.2f} | {ratio:.2f} |")
        ratios.append(ratio)
    verdict = "Over" if ratios[0] > MAX_RATIO else "Within"
    print(f"\n{verdict} the limit: {MAX_RATIO} × processor time.")
    return ratios[0]


if __name__ == "__main__":
    os.chdir(Path(__file__).resolve().parent.parent)
    sys.exit(main())
