"""Measure the main pages: `make bench`.

    python scripts/bench.py [--sizes 14,200,2000] [--rounds 15] [--history 1000000]
                            [--database-url URL]

Prints Markdown: processor milliseconds (the median of warm requests by a logged-in secretariat,
without network and compression), queries and bytes of each page at each size, and the same for a
bare Django table of 100 rows. The ratio to that table can be compared between machines. Exits with
1 when a page costs more than its limit.

With `--history`, history then grows to that many rows, and the plan as of another day is measured
beside the live plan: first the plan alone, then Overblik with an earlier edition to compare with.
The time is that of the clock, since the database works too. Exits with 1 also when another day
costs more than its limit.

`make_load` makes the rows, in a throw-away SQLite database or in the empty one that is named.
"""

import argparse
import gzip
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import StringIO
from itertools import cycle
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path, reverse

ROOT = Path(__file__).resolve().parent.parent
SECRETARIAT = "sekretariat@demo.dk"
TABLE = "Statustabellen, side 1"
INITIATIVE = "Initiativ"
# A page costs at most this many times as much as the bare table.
MAX_RATIOS = {TABLE: 0.8, INITIATIVE: 1.0}
# Another day costs less than this many times the live plan, as medians of this many rounds.
MAX_AS_OF_RATIO = 2.0
AS_OF_ROUNDS = 30

# The table to compare with, as a newcomer to Django would write it: stock middleware, one query, an
# ordinary template.
BARE = "Bar Django-tabel"
BARE_ROWS = 100
BARE_TEMPLATE = """<!doctype html>
<html lang="da">
<head><meta charset="utf-8"><title>Status</title></head>
<body>
<p>{{ request.user.name }}</p>
<table>
<tr><th>Initiativ<th>Status<th>Begrundelse<th>Måned<th>Registreret<th>Af</tr>
{% for row in rows %}<tr>
  <td><a href="{% url 'bare-detail' row.initiative.key %}">{{ row.initiative.title }}</a></td>
  <td>{{ row.get_status_after_display }}</td>
  <td>{{ row.reason }}</td>
  <td>{{ row.month|date:"F Y" }}</td>
  <td>{{ row.recorded_at|date:"j. F Y" }}</td>
  <td>{{ row.by_name }}</td>
</tr>
{% endfor %}
</table>
</body>
</html>
"""


def bare_table(request: HttpRequest, key: str = "") -> HttpResponse:
    """Show the 100 newest judgements in a plain table."""
    updates = apps.get_model("initiatives", "StatusUpdate").objects
    rows = updates.select_related("initiative").order_by("-pk")[:BARE_ROWS]
    return render(request, "bare.html", {"rows": rows})


BARE_URLS = (
    path("", bare_table),
    path("initiativer/<slug:key>/", bare_table, name="bare-detail"),
)


class BareUrls:
    """Middleware that gives the bare site its own addresses, in one process with the portal's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.urlconf = BARE_URLS  # type: ignore[assignment]
        return self.get_response(request)


BARE_MIDDLEWARE = [
    f"{__name__}.BareUrls",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


@dataclass
class Page:
    """A page that is measured. `ask` makes the request; `prepare` runs before it, untimed."""

    name: str
    ask: Callable[[], Any]
    prepare: Callable[[], None] = lambda: None
    times: list[float] = field(default_factory=list)
    sql: int = 0
    raw: int = 0
    packed: int = 0

    def warm(self) -> None:
        """Ask a few times to fill caches, and count the queries and bytes of the last response."""
        from tests.query_counts import counted_queries  # noqa: PLC0415

        for _ in range(3):
            self.prepare()
            with CaptureQueriesContext(connection) as captured:
                response = self.ask()
            if response.status_code != 200:
                sys.exit(f"{self.name}: the answer was {response.status_code}.")
        self.sql = len(counted_queries(captured))
        self.raw = len(response.content)
        self.packed = len(gzip.compress(response.content, 6))

    def measure(self) -> None:
        """Ask once and store the processor time."""
        self.prepare()
        begun = time.process_time()
        self.ask()
        self.times.append((time.process_time() - begun) * 1000)

    @property
    def milliseconds(self) -> float:
        return statistics.median(self.times)


def main() -> int:
    arguments = _arguments()
    measured: dict[int, list[Page]] = {}
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as directory:
        begin(Path(directory), arguments.database_url)
        for size in arguments.sizes:
            print(f"Writing {size} initiatives …", file=sys.stderr, flush=True)
            call_command("make_load", initiatives=size, stdout=StringIO())
            measured[size] = _measure(arguments.rounds)
        dated = _measure_as_of(size, arguments.history) if arguments.history else []
        connection.close()
    print(_table(measured))
    code = _verdict(measured)
    for group in dated:
        print(f"\n{_as_of_table(group)}")
        code |= _as_of_verdict(group)
    return code


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the main pages.")
    parser.add_argument("--sizes", type=_sizes, default=[14, 200, 2000], help="14,200,2000")
    parser.add_argument("--rounds", type=int, default=15, help="timed requests of each page")
    parser.add_argument("--history", type=int, default=0, help="rows of history, for as of a day")
    parser.add_argument("--database-url", help="an empty database; without it a throw-away SQLite")
    return parser.parse_args()


def _sizes(text: str) -> list[int]:
    return sorted(int(part) for part in text.split(","))


def begin(directory: Path, database_url: str | None = None) -> None:
    """Set the portal up as in production, with the programme and the demo's rows."""
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    for name in ("BEHIND_PROXY", "CSRF_TRUSTED_ORIGINS", "DEMO_TODAY", "EMAIL_URL"):
        os.environ.pop(name, None)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "rammeaftale.settings",
        "ALLOWED_HOSTS": "testserver",
        "DATABASE_URL": database_url or f"sqlite:///{directory / 'bench.sqlite3'}",
        "DEBUG": "0",
        "DEMO": "1",
        "HTTPS": "0",
        "SECRET_KEY": "bench",
    }
    settings.STATIC_ROOT = directory / "static"
    settings.TEMPLATES[0]["DIRS"] = [*settings.TEMPLATES[0]["DIRS"], directory]
    (directory / "bare.html").write_text(BARE_TEMPLATE, "utf-8")
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    if apps.get_model("principles", "Programme").objects.exists():
        sys.exit("The database is not empty.")
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("load_programme", stdout=StringIO())
    call_command("demo", stdout=StringIO())


def write_figure(file: Path | None, promise: int, what: str, value: str) -> None:
    """Write a figure to a file that `make trust` reads."""
    if file:
        database = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]
        figure = {"promise": promise, "database": database, "kind": "figure"}
        file.write_text(json.dumps([{**figure, "what": what, "value": value}]), "utf-8")


def _measure(rounds: int) -> list[Page]:
    """Measure the bare table and every page by turns, so that a busy moment affects them all.

    Then a save and the first page after it, for which the plan is built anew, by turns.
    """
    client = _signed_in()
    pages, saves = [_bare_page(), *_portal_pages(client)], _saves(client)
    for turns in (pages, saves):
        for page in turns:
            page.warm()
        for _ in range(rounds):
            for page in turns:
                page.measure()
    return pages + saves


def _signed_in() -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(email=SECRETARIAT))
    return client


def _bare_page() -> Page:
    client = _signed_in()
    with override_settings(MIDDLEWARE=BARE_MIDDLEWARE):
        client.handler.load_middleware()
    return Page(BARE, lambda: client.get("/"))


def _most_judged() -> Any:
    initiatives = apps.get_model("initiatives", "Initiative").objects
    return initiatives.annotate(rows=Count("updates")).order_by("-rows", "-pk").first()


def _saves(client: Client) -> list[Page]:
    initiative, table = _most_judged(), reverse("initiatives:status-table")
    form = reverse("initiatives:initiative-status", kwargs={"key": initiative.key})
    return [
        _saving(client, initiative, form),
        Page("Statustabellen efter en gemning", lambda: client.get(table)),
    ]


def _portal_pages(client: Client) -> list[Page]:
    initiatives = apps.get_model("initiatives", "Initiative").objects.order_by("pk")
    initiative = _most_judged()
    area = _fullest(initiatives, "area")
    principle = _fullest(initiatives, "area__principle")
    programme = initiative.area.principle.programme
    table = reverse("initiatives:status-table")

    def page(name: str, url: str) -> Page:
        return Page(name, lambda: client.get(url))

    def initiatives_page(view: str, key: str) -> str:
        return reverse(f"initiatives:{view}", kwargs={"key": key})

    month = reverse("reports:report-month", kwargs={"month": f"{programme.reporting_month:%Y-%m}"})
    return [
        page("Overblik", reverse("reports:overview")),
        page(TABLE, table),
        page("Statustabellen, tekstfilter", f"{table}?tekst=udvikling"),
        page("Tidslinje", reverse("initiatives:timeline")),
        page(INITIATIVE, initiatives_page("initiative-detail", initiative.key)),
        page("Indsatsområde", initiatives_page("area-detail", area)),
        page("Princip", initiatives_page("principle-detail", principle)),
        page("Statusopgørelse, HTML", month),
    ]


def _fullest(initiatives: Any, parent: str) -> str:
    """Find the key of the area or principle with the most initiatives."""
    rows = initiatives.order_by().values_list(f"{parent}__key").annotate(rows=Count("pk"))
    return str(rows.order_by("-rows").first()[0])


def _saving(client: Client, initiative: Any, url: str) -> Page:
    """Make the page that changes a status from the table: another one each time, with a reason."""
    statuses = cycle(("on_track", "not_started"))
    form: dict[str, object] = {"fra": "tabel", "reason": "Mødet er flyttet til næste måned."}
    headers = {
        "HX-Request": "true",
        "HX-Current-URL": f"http://testserver{reverse('initiatives:status-table')}",
    }

    def prepare() -> None:
        initiative.refresh_from_db()
        form.update(
            version=initiative.version,
            status=next(status for status in statuses if status != initiative.status),
            ask=initiative.ask,
            internal_notes=initiative.internal_notes,
        )

    return Page("Status gemt med htmx", lambda: client.post(url, form, headers=headers), prepare)


def _bare(measured: dict[int, list[Page]]) -> dict[int, float]:
    """Return the milliseconds of the bare table at each size; a size with too few rows for it gets
    those of the largest."""
    milliseconds: dict[int, float] = {}
    for size in sorted(measured, reverse=True):
        bare = measured[size][0].milliseconds
        milliseconds[size] = bare if size >= BARE_ROWS else next(iter(milliseconds.values()), bare)
    return milliseconds


def _table(measured: dict[int, list[Page]]) -> str:
    """Write the figures as a Markdown table, with a row for each page and size."""
    bare = _bare(measured)
    lines = [
        "| side | initiativer | CPU ms | × bar tabel | SQL | byte | gzip |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for index, first in enumerate(measured[min(measured)]):
        for size, pages in measured.items():
            page = pages[index]
            if page.name == BARE and size < BARE_ROWS:
                continue
            ratio = page.milliseconds / bare[size]
            lines.append(
                f"| {first.name} | {size} | {page.milliseconds:.1f} | {ratio:.2f} | {page.sql} "
                f"| {page.raw} | {page.packed} |"
            )
    return "\n".join(lines)


def _verdict(measured: dict[int, list[Page]]) -> int:
    """Print whether the pages are within their limits. Returns the exit code."""
    bare = _bare(measured)
    code = 0
    for size, page in ((size, page) for size, pages in measured.items() for page in pages):
        limit = MAX_RATIOS.get(page.name)
        ratio = page.milliseconds / bare[size]
        if limit is not None and ratio > limit:
            print(
                f"\nOver the limit: {page.name} at {size} is {ratio:.2f} × {BARE}, not ≤ {limit}."
            )
            code = 1
    if not code:
        limits = ", ".join(f"{name} ≤ {limit}" for name, limit in MAX_RATIOS.items())
        print(f"\nWithin the limits: {limits} × {BARE} at every size.")
    return code


# The plan as of another day, beside the live one


@dataclass
class AsOfPage:
    """The plan or a page, live or as of another day. `rows` is the length of all history."""

    name: str
    make: Callable[[], Any]
    rows: int
    has_limit: bool = True
    times: list[float] = field(default_factory=list)
    sql: int = 0

    def warm(self) -> None:
        """Make it a few times to fill caches, and count the queries of the last time."""
        from tests.query_counts import counted_queries  # noqa: PLC0415

        for _ in range(3):
            with CaptureQueriesContext(connection) as captured:
                self.make()
        self.sql = len(counted_queries(captured))

    def measure(self) -> None:
        """Make it once and store the time."""
        begun = time.perf_counter()
        self.make()
        self.times.append((time.perf_counter() - begun) * 1000)

    @property
    def milliseconds(self) -> float:
        return statistics.median(self.times)


def _measure_as_of(size: int, rows: int) -> list[list[AsOfPage]]:
    """Measure the plan and Overblik with a history of `rows` rows, by turns.

    Returns a group for each; the first of a group is live.
    """
    print(f"Writing {rows} rows of history …", file=sys.stderr, flush=True)
    call_command("make_load", initiatives=size, history=rows, stdout=StringIO())
    histories = [model.history for model in apps.get_models() if hasattr(model, "history")]
    rows = sum(history.count() for history in histories)
    dated = apps.get_model("initiatives", "HistoricalInitiative").objects.order_by("history_date")
    middle = dated.values_list("history_date", flat=True)[dated.count() // 2]
    measured = [_plans(middle, rows), _overviews(middle, rows)]
    for group in measured:
        for page in group:
            page.warm()
        for _ in range(AS_OF_ROUNDS):
            for page in group:
                page.measure()
    return measured


def _plans(middle: datetime, rows: int) -> list[AsOfPage]:
    from core import clock  # noqa: PLC0415
    from initiatives.sources.as_of import build_as_of  # noqa: PLC0415
    from initiatives.sources.live import build_live  # noqa: PLC0415

    programme = apps.get_model("principles", "Programme").objects.in_order()[0]
    now, month = clock.now(), programme.reporting_month

    def live() -> Any:
        return build_live(programme, month=month, on=now.date())

    if build_as_of(programme, [now]) != [live().document]:
        sys.exit("The plan as of now is not the live plan.")
    return [
        AsOfPage("Levende plan", live, rows),
        AsOfPage("Vis pr. nu", lambda: build_as_of(programme, [now]), rows),
        AsOfPage("Vis pr. midt i historikken", lambda: build_as_of(programme, [middle]), rows),
        AsOfPage("Begge på én gang", lambda: build_as_of(programme, [middle, now]), rows, False),
    ]


def _overviews(middle: datetime, rows: int) -> list[AsOfPage]:
    """Make the pages of Overblik, with an edition that is older than every day asked for."""
    from core import clock  # noqa: PLC0415
    from core.months import previous_month  # noqa: PLC0415
    from core.state_at import day_of  # noqa: PLC0415
    from core.tracking import LOADER  # noqa: PLC0415
    from reports.editions.freezing import freeze  # noqa: PLC0415

    programme = apps.get_model("principles", "Programme").objects.in_order()[0]
    freeze(
        programme,
        month=previous_month(programme.reporting_month),
        basis=None,
        wordings={},
        meeting_on=None,
        correction="",
        actor=LOADER,
        at=middle - timedelta(days=1),
    )
    client = _signed_in()

    def page(name: str, day: date | None) -> AsOfPage:
        url = reverse("reports:overview") + (f"?pr={day}" if day else "")
        response = client.get(url)
        if response.status_code != 200 or "ingen tidligere udgave" in response.text:
            sys.exit(f"{name}: {response.status_code}, or no edition to compare with.")
        return AsOfPage(name, lambda: client.get(url), rows)

    return [
        page("Overblik", None),
        page("Overblik pr. i dag", clock.today()),
        page("Overblik midt i historikken", day_of(middle)),
    ]


def _as_of_table(group: list[AsOfPage]) -> str:
    """Write the figures as a Markdown table; the live page comes first."""
    live = group[0]
    lines = [
        f"| {connection.vendor} | historikrækker | ms | × {live.name} | SQL |",
        "|---|--:|--:|--:|--:|",
    ]
    for page in group:
        ratio = page.milliseconds / live.milliseconds
        lines.append(
            f"| {page.name} | {page.rows} | {page.milliseconds:.1f} | {ratio:.2f} | {page.sql} |"
        )
    return "\n".join(lines)


def _as_of_verdict(group: list[AsOfPage]) -> int:
    """Print whether another day is within its limit. Returns the exit code."""
    live = group[0]
    limit = MAX_AS_OF_RATIO * live.milliseconds
    over = [page.name for page in group if page.has_limit and page.milliseconds >= limit]
    for name in over:
        print(f"\nOver the limit: {name} is not < {MAX_AS_OF_RATIO} × {live.name}.")
    if not over:
        print(f"\nWithin the limit: as of a day < {MAX_AS_OF_RATIO} × {live.name}.")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
