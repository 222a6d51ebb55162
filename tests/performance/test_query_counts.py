"""How many queries each page and each save takes: the same at 14 as in a large plan.

One name in tests/query_counts.json serves both sizes, so that a page whose queries grow with its
rows can't have a baseline. Session, user, membership and programme are counted too.
"""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.permissions import Role
from initiatives.models import Initiative
from principles.models import Programme
from tests.factories import make_membership, make_user
from tests.initiatives.steps import edit, judge, read_initiative
from tests.performance.growing import MANY, grow
from tests.query_counts import BASELINES, counted_queries
from tests.reports.editions.steps import JANUARY, lock

QueryCounts = Callable[[str], AbstractContextManager[CaptureQueriesContext]]

KEY = "kontraktanalyse"
MARCH = date(2026, 3, 1)
PAGES = {
    "overview": "/",
    "overview-as-of": "/?pr=2026-02-26",
    "overview-since": "/?siden=2026-02-27",
    "overview-as-of-since": "/?pr=2026-02-28&siden=2026-02-27",
    "status-table": "/status/",
    "status-table-as-of": "/status/?pr=2026-02-26",
    "status-table-last-page": "/status/?side=20",
    "status-table-by-principle": "/status/?princip=botilbud",
    "status-table-by-status": "/status/?status=on_track",
    "status-table-not-reported": "/status/?status=not_reported",
    "status-table-not-updated": "/status/?mangler=1",
    "status-table-by-text": "/status/?tekst=udvikling",
    "status-table-by-year": "/status/?aar=2026",
    "status-table-by-state": "/status/?tilstand=ivaerksat",
    "timeline": "/tidslinje/",
    "timeline-as-of": "/tidslinje/?pr=2026-02-26",
    "timeline-by-principle": "/tidslinje/?princip=botilbud",
    "initiative-page": f"/initiativer/{KEY}/",
    "initiative-page-as-of": f"/initiativer/{KEY}/?pr=2026-02-26",
    "area-page": "/indsatsomraader/{area}/",
    "area-page-as-of": "/indsatsomraader/{area}/?pr=2026-02-26",
    "principle-page": "/principper/kontrakter-og-takster/",
    "principle-page-as-of": "/principper/kontrakter-og-takster/?pr=2026-02-26",
    "deadline-list": "/deadlines/",
    "history": "/historik/",
    "key-figures": "/noegletal/",
    "deadline-form": f"/deadlines/{KEY}-d1/ret/",
    "report-month": "/statusopgoerelser/2026-02/",
    "report-month-as-of": "/statusopgoerelser/2026-02/?pr=2026-02-26",
    "report-file": "/statusopgoerelser/2026-02.csv",
    "report-file-as-of": "/statusopgoerelser/2026-02.csv?pr=2026-02-26",
    "status-form": f"/initiativer/{KEY}/status/?fra=tabel",
    # Contacts are switched on for it.
    "reminder-list": "/paamindelser/",
    "compare-days": "/statusopgoerelser/sammenlign/?fra=2026-02-27&til=2026-02-28",
    # The last: an edition is locked for it.
    "compare": "/statusopgoerelser/sammenlign/",
}
_PLAN = (
    "overview",
    "status-table",
    "timeline",
    "initiative",
    "area",
    "principle",
    "compare",
    "report",
)
AT_MOST_8 = [name for name in PAGES if name.startswith(_PLAN)]
AT_MOST_14 = [
    "status-table-after-a-write",
    "overview-after-a-write",
    "save-status",
    "save-reason",
    "save-ask",
    "save-status-on-page",
    "save-unchanged",
    "save-unchanged-retracted",
    "save-refused",
]


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    """The plan is known from the day before the ones that are asked for."""
    settings.DEMO_TODAY = date(2026, 3, 1)


@pytest.fixture
def large_plan(programme: Programme) -> None:
    grow(programme, MANY)
    assert Initiative.objects.of(programme).in_plan().count() == MANY


def look(client: Client, name: str, query_counts: QueryCounts) -> None:
    area = read_initiative(KEY).area
    url = PAGES[name].format(area=area.key)
    if name == "reminder-list":
        choose_leads(area.principle.programme)
    client.get(url)  # the plan is in memory then
    if name == "compare":
        lock(area.principle.programme, month=JANUARY, with_files=False)
    with query_counts(name):
        assert client.get(url).status_code == 200


def choose_leads(programme: Programme) -> None:
    """Give some of the initiatives a tovholder, each another."""
    edit(programme, uses_contacts=True, next_meeting_on=date(2026, 3, 26), reporting_month=MARCH)
    for row in Initiative.objects.of(programme).in_plan().order_by("pk")[:12]:
        user = make_user()
        make_membership(user, programme, Role.GROUP)
        edit(row, lead=user)


@pytest.mark.parametrize("name", PAGES)
def test_a_page(secretariat_client: Client, query_counts: QueryCounts, name: str):
    look(secretariat_client, name, query_counts)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["overview", "status-table", "initiative-page"])
def test_a_page_after_a_write(secretariat_client: Client, query_counts: QueryCounts, name: str):
    """The write is committed: on PostgreSQL a writer builds the whole plan for its own eyes."""
    secretariat_client.get(PAGES[name])
    edit(read_initiative("takstoversigt"), report_text="Skrevet imens.")
    with query_counts(f"{name}-after-a-write"):
        secretariat_client.get(PAGES[name])


@pytest.mark.slow
def test_every_page_of_a_large_plan(
    secretariat_client: Client, query_counts: QueryCounts, large_plan: None
):
    for name in PAGES:
        look(secretariat_client, name, query_counts)


@pytest.mark.slow
def test_the_initiative_page_with_a_long_history(
    secretariat_client: Client, query_counts: QueryCounts
):
    for number in range(12):
        status = "on_track" if number % 2 else "not_started"
        judge(KEY, status, reason=f"Vurdering {number}.")
        edit(read_initiative(KEY), report_text=f"Tekst {number}.")
    look(secretariat_client, "initiative-page", query_counts)


# Saving


HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/status/"}
STATUS = f"/initiativer/{KEY}/status/"


def form(**typed: Any) -> dict[str, Any]:
    """What the form in the table sends: what stands, with something typed over it."""
    row = read_initiative(KEY)
    stands = {"fra": "tabel", "version": row.version, "status": row.status, "reason": ""}
    return stands | {"ask": row.ask, "internal_notes": row.internal_notes} | typed


SAVES: dict[str, tuple[int, dict[str, str]]] = {
    "save-status": (200, {"status": "completed", "reason": "Afleveret."}),
    "save-reason": (200, {"reason": "Mødet er holdt."}),
    "save-ask": (200, {"ask": "Kan gruppen godkende planen?"}),
    "save-status-on-page": (
        200,
        {"status": "completed", "reason": "Afleveret.", "fra": "side"},
    ),
    "save-refused": (422, {"status": "completed"}),
}


def save_one_way(client: Client, query_counts: QueryCounts, name: str) -> None:
    judge(KEY, "on_track", reason="Arbejdet følger planen.")
    status, typed = SAVES[name]
    sent = form(**typed)
    with query_counts(name):
        assert client.post(STATUS, sent, headers=HTMX).status_code == status


def test_saying_that_a_form_is_open(secretariat_client: Client, query_counts: QueryCounts):
    with query_counts("presence"):
        secretariat_client.post(f"/initiativer/{KEY}/til-stede/", headers=HTMX)


def save_unchanged(client: Client, query_counts: QueryCounts, key: str) -> None:
    sent = {"fra": "tabel", "version": read_initiative(key).version}
    with query_counts("save-unchanged"):
        response = client.post(f"/initiativer/{key}/uaendret/", sent, headers=HTMX)
        assert response.status_code == 200
    with query_counts("save-unchanged-retracted"):
        response = client.post(f"/initiativer/{key}/fortryd/", sent, headers=HTMX)
        assert response.status_code == 200


def not_updated(programme: Programme) -> str:
    """The key of an initiative that has a status, but none for the month."""
    month = programme.reporting_month
    judged = Initiative.objects.of(programme).in_plan().exclude(status=None)
    return str(judged.exclude(updates__month=month).order_by("pk")[0].key)


@pytest.mark.parametrize("name", SAVES)
def test_saving(secretariat_client: Client, query_counts: QueryCounts, name: str):
    save_one_way(secretariat_client, query_counts, name)


def test_saving_unchanged(
    secretariat_client: Client, query_counts: QueryCounts, programme: Programme
):
    save_unchanged(secretariat_client, query_counts, not_updated(programme))


def test_saving_over_what_another_has_saved(secretariat_client: Client, query_counts: QueryCounts):
    """Another field was changed: merged. The same was judged: refused, with both versions."""
    judge(KEY, "on_track", reason="Arbejdet følger planen.")
    mine = form(status="completed", reason="Afleveret.")
    other = form(status="not_started", reason="Udskudt.")
    edit(read_initiative(KEY), internal_notes="Bos notat")
    with query_counts("save-merged"):
        assert secretariat_client.post(STATUS, mine, headers=HTMX).status_code == 200
    with query_counts("save-conflict"):
        assert secretariat_client.post(STATUS, other, headers=HTMX).status_code == 409


@pytest.mark.slow
def test_saving_in_a_large_plan(
    secretariat_client: Client,
    query_counts: QueryCounts,
    programme: Programme,
    large_plan: None,
):
    for name in SAVES:
        save_one_way(secretariat_client, query_counts, name)
    save_unchanged(secretariat_client, query_counts, not_updated(programme))


# The bar, and the counter itself


@pytest.mark.parametrize("name", AT_MOST_8)
def test_at_most_8(name: str):
    assert json.loads(BASELINES.read_text("utf-8"))[name] <= 8


@pytest.mark.parametrize("name", AT_MOST_14)
def test_at_most_14(name: str):
    assert json.loads(BASELINES.read_text("utf-8"))[name] <= 14


def test_holding_a_transaction_together_is_not_counted(programme: Programme):
    with CaptureQueriesContext(connection) as captured:
        judge(KEY, "completed", reason="Afleveret.")
    said = [query["sql"] for query in captured.captured_queries]
    counted = counted_queries(captured)
    assert sum(sql.startswith(("SAVEPOINT", "RELEASE")) for sql in said) == len(said) - len(counted)
    assert {sql.split()[0] for sql in counted} == {"SELECT", "UPDATE", "INSERT"}
