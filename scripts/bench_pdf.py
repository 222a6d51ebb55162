"""Measure the locked report as PDF: `make bench`.

    python -m scripts.bench_pdf [--rounds 5]

Prints Markdown: processor seconds (the median of warm renderings) and bytes of the report of 14 and
of 200 initiatives, with its data inside and compared with the month before. For comparison the same
HTML is rendered bare, without classes and with a style sheet of five lines, by the same library
into the same kind of PDF, and Chromium prints the same file. Exits with 1 beyond a limit: 2.0 s and
130 kB at 14, 1.3 × bare at 200, and slower than Chromium at 14.
"""

import argparse
import ctypes
import logging
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command

from scripts.bench import begin

SIZES = (14, 200)
MAX_SECONDS, MAX_BYTES, MAX_BARE_RATIO = 2.0, 130_000, 1.3
CHROMIUM = "/usr/bin/chromium"
PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
BARE_STYLE = """@page { size: A4 landscape; margin: 15mm }
@font-face { font-family: "IBM Plex Sans"; src: url("PREFIXvendor/plex/IBMPlexSans-Regular.woff2") }
body { font: 8.5pt/11pt "IBM Plex Sans", sans-serif; margin: 0 }
table { table-layout: fixed; width: 100%; border-collapse: collapse }
td, th { padding: 1mm 3mm 1mm 0; text-align: left; vertical-align: top; font-weight: 400 }"""


@dataclass
class Measured:
    """The cost of a report of one size: seconds of each way, and the bytes of our PDF."""

    rows: int
    ours: float
    bare: float
    chromium: float | None
    size: int


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the report as PDF.")
    parser.add_argument("--rounds", type=int, default=5, help="timed renderings of each")
    rounds = parser.parse_args().rounds
    measured = []
    with tempfile.TemporaryDirectory(prefix="portal-bench-pdf-") as directory:
        begin(Path(directory))
        logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
        for size in SIZES:
            call_command("make_load", initiatives=size, stdout=StringIO())
            measured.append(_measure(size, rounds, Path(directory)))
    print("| initiativer | PDF, CPU s | uden stil, CPU s | × | Chromium, CPU s | kB |")
    print("|--:|--:|--:|--:|--:|--:|")
    for m in measured:
        chromium = f"{m.chromium:.2f}" if m.chromium else "–"
        ratio = m.ours / m.bare
        print(
            f"| {m.rows} | {m.ours:.2f} | {m.bare:.2f} | {ratio:.2f} | {chromium} "
            f"| {m.size / 1000:.1f} |"
        )
    return _verdict(measured)


def _measure(size: int, rounds: int, directory: Path) -> Measured:
    # These can be imported only now, after `begin` has set the settings.
    from core.months import previous_month  # noqa: PLC0415
    from reports.editions.files import FORMATS, source_of  # noqa: PLC0415
    from reports.formats.pdf import STATIC_PREFIX, STATIC_ROOT  # noqa: PLC0415
    from reports.formats.pdf_worker import make_pdf  # noqa: PLC0415
    from reports.formats.report_html import report_file, report_html  # noqa: PLC0415

    _freeze(previous_month(_programme().reporting_month))
    edition = _freeze(_programme().reporting_month)
    source = source_of(edition)
    html = report_html(source.report)
    data = {"name": "data.json", "description": "Data", "content": edition.document}
    bare = _bare_html(html, STATIC_PREFIX)
    page = directory / f"report-{size}.html"
    page.write_text(report_file(source.report), "utf-8")
    pdf = next(kind for kind in FORMATS if kind.key == "pdf").make(source)

    def ours() -> None:
        make_pdf(html, STATIC_ROOT, STATIC_PREFIX, data)

    def table() -> None:
        make_pdf(bare, STATIC_ROOT, STATIC_PREFIX)

    seconds, bare_seconds = _by_turns(rounds, ours, table)
    chromium = _chromium(page, directory) if size == SIZES[0] else None
    return Measured(size, seconds, bare_seconds, chromium, len(pdf))


def _programme() -> Any:
    return apps.get_model("principles", "Programme").objects.get()


def _freeze(month: date) -> Any:
    """Lock `month` now and return its edition."""
    from core import clock  # noqa: PLC0415
    from reports.editions import freezing  # noqa: PLC0415

    programme = _programme()
    user = apps.get_model("accounts", "User").objects.order_by("pk").first()
    now = clock.now()
    candidate = freezing.candidate(programme, month=month, on=now.date())
    return freezing.freeze(
        programme,
        month=month,
        basis=candidate.basis,
        wordings={},
        meeting_on=now.date() + timedelta(days=7),
        correction="Flere initiativer." if candidate.number > 1 else "",
        actor=user.actor,
        at=now,
    )


def _bare_html(html: str, prefix: str) -> str:
    """Return the same document without classes and without our style."""
    style = f"<style>{BARE_STYLE.replace('PREFIX', prefix)}</style>"
    html = re.sub(r' (?:class|data-[a-z]+)="[^"]*"', "", html)
    return re.sub(r'<link rel="stylesheet"[^>]*>', lambda _: style, html)


def _by_turns(rounds: int, *ways: Callable[[], None]) -> list[float]:
    """Measure the median processor seconds of each way, by turns, after one warm round."""
    times: list[list[float]] = [[] for _ in ways]
    for way in ways:
        way()
    for _ in range(rounds):
        for way, seconds in zip(ways, times, strict=True):
            begun = time.process_time()
            way()
            seconds.append(time.process_time() - begun)
    return [statistics.median(seconds) for seconds in times]


def _chromium(page: Path, directory: Path) -> float | None:
    """Measure the processor seconds in which Chromium and its processes print the same file."""
    if not Path(CHROMIUM).exists():
        return None
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    # Its other processes outlive the first one; we must inherit them to count their time.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    times = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [*command, f"--print-to-pdf={directory / 'chromium.pdf'}", page.as_uri()],
            check=True,
            capture_output=True,
            env={**os.environ, "HOME": str(directory)},
        )
        with suppress(ChildProcessError):
            while True:
                os.wait()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)
        times.append(used)
    return statistics.median(times)


def _verdict(measured: list[Measured]) -> int:
    small, large = measured
    broken = []
    if small.ours > MAX_SECONDS:
        broken.append(f"{small.ours:.2f} s at {small.rows}, not ≤ {MAX_SECONDS}")
    if small.size > MAX_BYTES:
        broken.append(f"{small.size} bytes at {small.rows}, not ≤ {MAX_BYTES}")
    if large.ours / large.bare > MAX_BARE_RATIO:
        ratio = f"{large.ours / large.bare:.2f}"
        broken.append(f"{ratio} × bare at {large.rows}, not ≤ {MAX_BARE_RATIO}")
    if small.chromium and small.chromium <= small.ours:
        broken.append(f"Chromium took {small.chromium:.2f} s at {small.rows}, less than ours")
    for sentence in broken:
        print(f"\nOver the limit: {sentence}.")
    if not broken:
        print("\nWithin the limits.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
