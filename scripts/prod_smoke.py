"""Run the portal as in production and use it: `make prod-smoke`. It takes less than five minutes.

It starts PostgreSQL, two instances and nginx on loopback and does the main job with them. Then one
instance is killed and the other upgraded under ten times the load, beside thirty slow clients, and
finally the database is stopped. Exits with 1 when a check fails, and writes the figures to
build/prod-smoke.json, which `make trust` reads.

The base load is that of a busy hour: two people in each of 17 municipalities open a page every
20 seconds, which makes 1.7 requests a second.
"""

import json
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from scripts.postgres import NoPostgres
from scripts.prod_smoke_clients import (
    HOST,
    LONG_PAGE,
    Browser,
    ClientLoad,
    Door,
    Saver,
    SlowClients,
    healthy,
    title_of,
)
from scripts.prod_smoke_site import PASSWORD, ROOT, NotReady, Site, running_site, wait_until

RESULT = ROOT / "build" / "prod-smoke.json"
BASE_RATE = 17 * 2 / 20
LOAD_FACTOR = 10
# How many clients are slow.
SLOW = 30
PAGES = [
    "/",
    "/status/",
    "/initiativer/kontraktanalyse/",
    "/status/?tekst=udvikling",
    "/tidslinje/",
    "/program/belastning/",
    "/deadlines/",
    LONG_PAGE,
    "/statusopgoerelser/",
    "/soeg/?q=kontrakt",
]
SECRETARIAT, GROUP = "sekretariat@demo.dk", "gruppe@demo.dk"
MONTH = "2026-02"
FORMATS = ("pdf", "docx", "xlsx", "html", "csv", "json")


class Smoke:
    """The results of the smoke test so far: figures, and the checks that failed."""

    def __init__(self) -> None:
        self.figures: list[dict[str, str | int]] = []
        self.missed: list[str] = []

    def check(self, what: str, holds: bool, value: object = "") -> None:
        """Print a check, and note it if it failed."""
        mark = "  " if holds else "✗ "
        print(f"{mark}{what}{f': {value}' if value != '' else ''}", flush=True)
        if not holds:
            self.missed.append(what)

    def figure(self, promise: int, what: str, value: str, *, holds: bool = True) -> None:
        self._record("figure", promise, what, value, holds)

    def control(self, promise: int, what: str, value: str, *, holds: bool = True) -> None:
        self._record("control", promise, f"control, {what}", value, holds)

    def _record(self, kind: str, promise: int, what: str, value: str, holds: bool) -> None:
        self.check(what, holds, value)
        self.figures.append(
            {
                "promise": promise,
                "database": "PostgreSQL",
                "kind": kind,
                "what": what.removeprefix("control, "),
                "value": value,
            }
        )

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        print(f"\n── {name}", flush=True)
        begun = time.monotonic()
        yield
        print(f"   {time.monotonic() - begun:.0f} s", flush=True)


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    smoke, begun = Smoke(), time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="portal-smoke-") as folder:
            print("── PostgreSQL, two instances and nginx are started", flush=True)
            with running_site(Path(folder)) as site:
                print(f"   {time.monotonic() - begun:.0f} s", flush=True)
                _use(site, smoke)
    except (NotReady, NoPostgres) as error:
        smoke.check(str(error), False)
    except KeyboardInterrupt:
        return 130
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(smoke.figures, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(f"\n{len(smoke.missed)} missed, {time.monotonic() - begun:.0f} s in all.")
    for missed in smoke.missed:
        print(f"  missed: {missed}")
    return 1 if smoke.missed else 0


def _use(site: Site, smoke: Smoke) -> None:
    anna, bo = Browser(site.door, "127.0.0.11"), Browser(site.door, "127.0.0.12")
    parts: list[tuple[str, Callable[[], None]]] = [
        ("The front: https, health, refusals", lambda: front(site, smoke)),
        ("The main job, across the instances", lambda: main_job(site, smoke, anna, bo)),
        ("Thirty slow clients, with and without nginx", lambda: slow(site, smoke, anna)),
        ("Killed and upgraded under load", lambda: killed_and_upgraded(site, smoke, anna)),
        ("The database is stopped while people save", lambda: restart(site, smoke, anna)),
        ("The throttle holds across the instances", lambda: throttle(site, smoke)),
        ("Nobody is left", lambda: all_down(site, smoke)),
    ]
    for name, part in parts:
        with smoke.part(name):
            part()


def front(site: Site, smoke: Smoke) -> None:
    """Check what a visitor and an attacker meet first."""
    visitor = Browser(site.door, "127.0.0.10")
    plain = Browser(Door(site.nginx.plain_port), "127.0.0.10").get("/status/")
    to = plain.headers.get("location", "")
    smoke.check("http leads to https", (plain.status, to) == (301, f"https://{HOST}/status/"))
    for path in ("/healthz", "/readyz"):
        smoke.check(f"{path} answers", visitor.get(path).content == b"ok\n")
    page = visitor.get("/konto/log-ind/")
    styles = [part.split('"')[0] for part in page.text.split('href="') if ".css" in part[:99]]
    for style in styles:
        answer = visitor.get(style, **{"Accept-Encoding": "gzip"})
        is_cached = "immutable" in answer.headers.get("cache-control", "")
        by_nginx = not answer.instance and answer.headers.get("content-encoding") == "gzip"
        smoke.check("a style sheet is sent by nginx, compressed, cached", is_cached and by_nginx)
    wanted = {name: page.headers.get(name) for name in page.headers if name in HEADERS}
    smoke.check("a page has the headers", len(wanted) == len(HEADERS), len(wanted))
    refusals = {
        "TRACE": visitor.ask("TRACE", "/"),
        "POST to a static file": visitor.post(styles[0], {}),
        "11 MB": visitor.post("/konto/log-ind/", {"login": "x" * 11_000_000}),
        "a very long address": visitor.get("/status/?tekst=" + "x" * 9_000),
        "a header of 9 kB": visitor.get("/", **{"X-Long": "x" * 9_000}),
    }
    for what, answer in refusals.items():
        same = answer.headers.get("x-frame-options") == "DENY" and "nosniff" in str(answer.headers)
        danish = 'lang="da"' in answer.text and "<h1>" in answer.text
        smoke.check(
            f"{what} is refused in Danish, with the headers",
            400 <= answer.status < 500 and same and danish,
            f"{answer.status} {title_of(answer)}",
        )


HEADERS = (
    "content-security-policy",
    "cross-origin-opener-policy",
    "referrer-policy",
    "strict-transport-security",
    "x-content-type-options",
    "x-frame-options",
)


def main_job(site: Site, smoke: Smoke, anna: Browser, bo: Browser) -> None:
    """Log in, judge, meet a conflict, lock, render and fetch, alternating between the instances."""
    for browser, email in ((anna, SECRETARIAT), (bo, GROUP)):
        smoke.check(f"{email} logs in", browser.log_in(email, PASSWORD).status == 302)
    here, there = anna.at(site.one.door), anna.at(site.two.door)
    path = "/initiativer/kontraktanalyse/status/"
    mine, theirs = here.form(path, "version"), there.form(path, "version")
    saved = here.post(path, mine.filled(status="completed", reason="Afsluttet ved den ene."))
    read = there.get("/initiativer/kontraktanalyse/")
    is_read = "Afsluttet ved den ene." in read.text
    smoke.check("saved at the one is read at the other", saved.status == 302 and is_read)
    typed = "Forløber godt, set fra den anden."
    refused = there.post(path, theirs.filled(status="on_track", reason=typed))
    both = typed in refused.text and "Afsluttet ved den ene." in refused.text
    smoke.check("a conflict shows both texts", refused.status == 409 and both, refused.status)
    freeze = f"/statusopgoerelser/{MONTH}/laas/"
    locked = here.post(freeze, here.form(freeze, "basis").data)
    smoke.check("the month is locked at the one", locked.status == 302, locked.status)
    edition = locked.headers.get("location", "")
    wait_until(lambda: there.get(f"{edition.rstrip('/')}.pdf").status == 200, "The PDF is made")
    for name in FORMATS:
        first, second = (browser.get(f"{edition.rstrip('/')}.{name}") for browser in (here, there))
        same = first.status == 200 and first.content == second.content
        smoke.check(f"{name}: the same bytes from both", same, f"{len(first.content)} bytes")
    served = {bo.get("/status/").instance for _ in range(6)}
    smoke.check("both instances serve", len(served) == 2, len(served))


def slow(site: Site, smoke: Smoke, anna: Browser) -> None:
    """Make ordinary requests beside slow clients, without nginx (the control) and behind it."""
    for kind in ("sync", "gthread"):
        site.two.stop()
        site.two.start(f"--worker-class={kind}", *(["--threads=1"] if kind == "sync" else []))
        with SlowClients(site.two.door, SLOW, anna.cookies).holding():
            time.sleep(2)
            served = healthy(site.two.door, anna.cookies)
        smoke.control(
            16,
            f"{SLOW} slow clients, two {kind} workers without nginx, healthy requests served",
            f"{served} of 5",
            # By chance some threads may be free at that moment; two sync workers never are.
            holds=served < 5 or kind == "gthread",
        )
    site.two.stop()
    site.two.start()
    with SlowClients(site.door, SLOW, anna.cookies).holding() as slow_ones:
        time.sleep(2)
        connected = sum(slow_ones.connected)
        served = healthy(site.door, anna.cookies)
    smoke.figure(
        16,
        f"{connected} slow clients, behind nginx, healthy requests served",
        f"{served} of 5",
        holds=served == 5 and connected == SLOW,
    )


def _browsers(site: Site, anna: Browser, number: int = 40) -> list[Browser]:
    return [anna.at(site.door, f"127.0.3.{place + 1}") for place in range(number)]


def killed_and_upgraded(site: Site, smoke: Smoke, anna: Browser) -> None:
    """Kill one instance with SIGKILL and upgrade the other, under ten times the load for 40 s."""
    load = ClientLoad(_browsers(site, anna), PAGES, BASE_RATE * LOAD_FACTOR)
    saver = Saver(anna.at(site.door, "127.0.0.21"), "kontraktanalyse", "Gemmer under prøven")
    slow_ones = SlowClients(site.door, SLOW, anna.cookies)
    begun = time.monotonic()
    with slow_ones.holding(), load.running(), saver.saving(0.5):
        time.sleep(10)
        site.one.kill()
        time.sleep(4)
        site.one.start()
        back = time.monotonic() - begun
        time.sleep(2)
        _upgrade(site)
        time.sleep(max(5.0, 40 - (time.monotonic() - begun)))
    seconds = time.monotonic() - begun
    bad = [result for result in load.failures() if result.status == 0 or result.status >= 500]
    rate = len(load.results) / seconds
    what = f"{SLOW} slow clients and {LOAD_FACTOR} × load ({rate:.1f} requests/s), two instances"
    smoke.figure(
        16,
        f"{what}: one killed, one upgraded, answers 5xx or none",
        f"{len(bad)} of {len(load.results)}",
        holds=not bad and len(load.results) > 0.9 * BASE_RATE * LOAD_FACTOR * seconds,
    )
    if load.failures():
        smoke.check("every answer is 200", False, sorted({s.status for s in load.failures()}))
    p95 = load.percentile(0.95)
    smoke.figure(16, f"{what}: p95 of a page", f"{1000 * p95:.0f} ms", holds=p95 < 1)
    print(f"   median {1000 * load.percentile(0.5):.0f} ms, longest {load.percentile(1):.1f} s;")
    for path in PAGES:
        times = [1000 * result.seconds for result in load.results if result.path == path]
        print(f"   {median(times):6.0f} ms  {path}")
    for second in range(0, int(seconds), 5):
        times = [r.seconds for r in load.results if second <= r.at - load.begun < second + 5]
        print(f"   from {second:2} s: longest {1000 * max(times, default=0):.0f} ms")
    print(f"   the killed one served again {back - 14:.1f} s after it was started.")
    _print_shares(load)
    smoke.figure(
        16,
        "saves through nginx meanwhile, cut off by the kill and not repeated",
        f"{len(saver.refused)} of {len(saver.refused) + len(saver.acknowledged)}",
        holds=len(saver.refused) <= 1 and bool(saver.acknowledged),
    )
    _none_lost(site, smoke, [saver], "one instance killed and one upgraded")


def _upgrade(site: Site) -> None:
    """Upgrade one instance as docs/drift.md says.

    The new code migrates while both instances serve; then the one is taken out of nginx, stopped,
    started from the new folder and put back.
    """
    site.two.unpack("portal-next")
    site.two.take_files_of(site.one)
    site.migrate(site.two)
    site.nginx.ask_only([site.one])
    site.two.stop()
    site.two.start()
    site.nginx.ask_only([site.one, site.two])


def _print_shares(load: ClientLoad) -> None:
    shares: dict[str, int] = {}
    for result in load.results:
        shares[result.instance] = shares.get(result.instance, 0) + 1
    print(f"   served by: {', '.join(f'{n} × {name}' for name, n in sorted(shares.items()))}")


def _none_lost(site: Site, smoke: Smoke, savers: list[Saver], when: str) -> None:
    """Check that every acknowledged judgement is stored."""
    saved = [reason for saver in savers for reason in saver.acknowledged]
    stored = site.one.manage(
        "shell", "--no-imports", "-c",
        "from initiatives.models import StatusUpdate as S; "
        "print(*S.objects.values_list('reason', flat=True), sep='\\n')",
    ).splitlines()  # fmt: skip
    lost = [reason for reason in saved if reason not in stored]
    smoke.figure(
        14,
        f"{when}: acknowledged saves lost",
        f"{len(lost)} of {len(saved)}",
        holds=not lost and bool(saved),
    )


def restart(site: Site, smoke: Smoke, anna: Browser) -> None:
    """Stop PostgreSQL twice, once as in a power cut, and start it again."""
    savers = [
        Saver(anna.at(site.door, f"127.0.4.{place + 1}"), key, f"Gemmer {place}")
        for place, key in enumerate(("kontraktanalyse", "kvalitetsmodel"))
    ]
    load = ClientLoad(_browsers(site, anna, 10), PAGES[:4], BASE_RATE)
    recovered = []
    with load.running(), savers[0].saving(0.2), savers[1].saving(0.2):
        for mode in ("fast", "immediate"):
            time.sleep(4)
            site.cluster.stop(mode)
            time.sleep(1)
            visitor = Browser(site.door, "127.0.0.13")
            down = visitor.get("/readyz")
            words = "Databasen svarer ikke." in down.text and "password" not in down.text
            smoke.check("/readyz says it in words", down.status == 503 and words, down.text[:60])
            alive = visitor.get("/healthz")
            smoke.check("/healthz answers", alive.status == 200)
            page = anna.at(site.door).get("/status/")
            danish = 'lang="da"' in page.text and "Traceback" not in page.text
            smoke.check(
                "a page answers in Danish", page.status in (500, 503) and danish, page.status
            )
            smoke.check("within a second", page.seconds < 1, f"{page.seconds:.2f} s")
            site.cluster.start()
            recovered.append(
                wait_until(lambda: anna.at(site.door).get("/status/").status == 200, "Recovered")
            )
        time.sleep(2)
    smoke.figure(
        14,
        "PostgreSQL stopped under load (fast, immediate): pages served again after",
        " and ".join(f"{seconds:.1f} s" for seconds in recovered),
        holds=max(recovered) < 5,
    )
    _none_lost(site, smoke, savers, "PostgreSQL stopped twice while two people save")


def throttle(site: Site, smoke: Smoke) -> None:
    """Check that wrong guesses at one account count together over both instances."""
    path = "/konto/log-ind/"
    checked, instances = 0, set()
    for number in range(14):
        guesser = Browser(site.door, f"127.0.5.{number + 1}")
        # nginx alternates between the instances: every other form goes to the one that made it.
        for _ in range(1 + number % 2):
            guesser.get(path)
        answer = guesser.post(path, {"login": GROUP, "password": f"forkert-{number}-kodeord"})
        checked += "E-mail eller adgangskode er forkert." in answer.text
        instances.add(answer.instance)
        guesser.close()
    smoke.figure(
        11,
        "14 guesses at one account over two instances, really checked",
        str(checked),
        holds=0 < checked <= 10 and len(instances) == 2,
    )
    greedy = Browser(site.door, "127.0.0.99")
    answers = [greedy.get("/healthz").status for _ in range(400)]
    refused = answers.count(429)
    other = Browser(site.door, "127.0.0.98").get("/healthz").status
    smoke.check("400 requests at once from one address are limited", refused > 0, refused)
    smoke.check("and another address is served", other == 200)


def all_down(site: Site, smoke: Smoke) -> None:
    """Kill one instance while nginx may not try the other (the control), then kill both: nginx
    answers in Danish."""
    site.nginx.ask_only([site.one, site.two], passing_over=False)
    site.one.kill()
    visitor = Browser(site.door, "127.0.0.15")
    bad = [visitor.get("/healthz").status for _ in range(10)].count(502)
    what = "one instance dead, nginx told to pass nobody over, answers 5xx"
    smoke.control(16, what, f"{bad} of 10", holds=bad > 0)
    site.two.kill()
    answer = Browser(site.door, "127.0.0.14").get("/status/")
    smoke.check(
        "nginx says it in Danish, with the headers",
        answer.status == 502
        and "Portalen svarer ikke lige nu" in answer.text
        and all(name in answer.headers for name in HEADERS),
        f"{answer.status} {title_of(answer)}",
    )
    lines = (site.one.log() + site.two.log()).splitlines()
    numbered = [line for line in lines if '"GET /status/"' in line and line.endswith("]")]
    smoke.check("the log has the request's number", bool(numbered), numbered[-1:])


if __name__ == "__main__":
    sys.exit(main())
