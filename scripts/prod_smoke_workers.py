"""Measure the kinds of workers: `python -m scripts.prod_smoke_workers`. It takes five minutes.

An instance with two workers of each kind is measured alone and behind nginx, with and without
buffering: ordinary requests beside slow clients, the same beside people who wait for a PDF, and the
processor time of a page when eight clients ask at once. docs/performance.md has the table.
"""

import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median

from scripts.prod_smoke import SECRETARIAT
from scripts.prod_smoke_clients import LONG_PAGE, Browser, Door, SlowClients, healthy
from scripts.prod_smoke_site import PASSWORD, Site, running_site

WORKER_KINDS = {
    "sync": ("--worker-class=sync", "--threads=1"),
    "gthread, 2 threads": ("--worker-class=gthread", "--threads=2"),
    "gthread, 4 threads": ("--worker-class=gthread", "--threads=4"),
    "gthread, 8 threads": ("--worker-class=gthread", "--threads=8"),
}
ROUNDS, WARM, SECONDS = 3, 1, 4
DRAFT = "/program/belastning/statusopgoerelser/2026-02.pdf"


def main() -> int:
    with (
        tempfile.TemporaryDirectory(prefix="portal-smoke-") as folder,
        running_site(Path(folder)) as site,
    ):
        anna = Browser(site.door)
        assert anna.log_in(SECRETARIAT, PASSWORD).status == 302
        site.two.stop()
        for name, options in WORKER_KINDS.items():
            site.one.stop()
            site.one.start(*options)
            print(name, flush=True)
            _slow_ones(site, anna)
        _pages_by_turns(site, anna)
    return 0


def _slow_ones(site: Site, anna: Browser) -> None:
    cookies = anna.cookies
    site.nginx.ask_only([site.one])
    print(f"  beside 3 who wait for a PDF of 200: {_beside_drafts(site, anna)} of 5", flush=True)
    for number in (12, 30):
        print(f"  without nginx, {number} slow: {_beside(site.one.door, number, cookies)} of 5")
    site.nginx.ask_only([site.one], buffering=False)
    print(f"  nginx without buffering, 30 slow: {_beside(site.door, 30, cookies)} of 5")
    site.nginx.ask_only([site.one])
    print(f"  nginx, 30 slow: {_beside(site.door, 30, cookies)} of 5", flush=True)


def _pages_by_turns(site: Site, anna: Browser) -> None:
    """Measure every kind in each round, so that a busy moment affects them all."""
    site.nginx.ask_only([site.one])
    results: dict[str, list[tuple[float, float]]] = {name: [] for name in WORKER_KINDS}
    for _ in range(ROUNDS):
        for name, options in WORKER_KINDS.items():
            site.one.stop()
            site.one.start(*options)
            _pages(site, anna, WARM)
            results[name].append(_pages(site, anna, SECONDS))
    print("8 clients, 100 rows:")
    for name, measured in results.items():
        rate = median(rate for rate, _ in measured)
        milliseconds = median(milliseconds for _, milliseconds in measured)
        print(f"  {name}: {rate:.1f} pages/s, {milliseconds:.1f} ms of processor each", flush=True)


def _beside(door: Door, number: int, cookies: dict[str, str]) -> int:
    with SlowClients(door, number, cookies).holding():
        time.sleep(2)
        return healthy(door, cookies)


def _pages(site: Site, anna: Browser, seconds: float) -> tuple[float, float]:
    """Measure pages for each second, and the workers' processor milliseconds for each page."""
    done: list[int] = []
    stop_at = time.monotonic() + seconds

    def ask(browser: Browser) -> None:
        while time.monotonic() < stop_at:
            done.append(browser.get(LONG_PAGE, **{"Accept-Encoding": "gzip"}).status)

    threads = [
        threading.Thread(target=ask, args=(anna.at(site.door, f"127.0.6.{place + 1}"),))
        for place in range(8)
    ]
    begun, used = time.monotonic(), site.one.processor_seconds()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    used = site.one.processor_seconds() - used
    assert set(done) == {200}, set(done)
    return len(done) / (time.monotonic() - begun), 1000 * used / len(done)


def _beside_drafts(site: Site, anna: Browser) -> int:
    """Make ordinary requests while three clients wait for a long draft; an instance makes one PDF
    at a time. Returns how many were served."""
    waiting = [
        threading.Thread(target=anna.at(site.door, f"127.0.7.{place + 1}").get, args=(DRAFT,))
        for place in range(3)
    ]
    for thread in waiting:
        thread.start()
    time.sleep(1)
    served = healthy(site.door, anna.cookies)
    for thread in waiting:
        thread.join()
    return served


if __name__ == "__main__":
    sys.exit(main())
