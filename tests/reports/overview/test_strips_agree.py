"""The strip on an initiative's page is the same as on Overblik, now and on any day."""

import html
import re
from datetime import date, datetime

import pytest
from django.test import Client

from core import writing
from core.clock import COPENHAGEN
from initiatives.models import StatusUpdate
from principles.models import Programme
from tests.core.reading import html_of, text_of
from tests.initiatives.steps import BO, judge, read_initiative

MARCH = date(2026, 3, 1)
ROW = re.compile(
    r'(?s)<tr><th scope="row"><a class="row-link" href="([^"]*)">[^<]*</a></th>\s*'
    r'<td>.*?<svg class="ov-strip"[^>]* aria-label="([^"]*)"'
)
STRIP = re.compile(r'<svg class="ov-strip" height="36" role="img" aria-label="([^"]*)"')
# Judged since February, and since March.
YOUNG = {"takstoversigt", "ommaerkning-og-nedlukning"}
TOO_FEW = "Udviklingen vises, når der er status for mindst tre måneder."


def on(day: int) -> datetime:
    return datetime(2026, 3, day, 12, tzinfo=COPENHAGEN)


@pytest.fixture(autouse=True)
def _march(programme: Programme, settings) -> None:
    """The demo until February, and a March with every act that may change a strip."""
    settings.DEMO_TODAY = date(2026, 3, 20)
    version = programme.version
    turned = {"reporting_month": MARCH}
    writing.change(programme, turned, version=version, actor=BO, reason="Ny måned.", at=on(3))
    judge("kontraktanalyse", "not_started", "Går om.", month=MARCH, at=on(5))
    judge("principbeslutning", "completed", "Afleveret.", month=MARCH, at=on(5))
    row = read_initiative("kompetenceudvikling")
    row.confirm_unchanged(month=MARCH, version=row.version, actor=BO, at=on(6))
    row.retract_confirmation(month=MARCH, actor=BO, at=on(9))
    # A judgement of a month that is not reported yet.
    judge("kvalitetsmodel", "on_track", "Begynder.", month=date(2026, 5, 1), at=on(10))
    retract("principbeslutning", on(11))
    judge("ommaerkning-og-nedlukning", "not_started", "Venter.", month=MARCH, at=on(12))
    row = read_initiative("bestillingsportal")
    writing.archive(row, version=row.version, actor=BO, reason="Lukket.", at=on(13))


def retract(key: str, at: datetime) -> None:
    """Retract the newest judgement of any kind. The portal retracts only confirmations so far,
    which change no strip."""
    row = read_initiative(key)
    newest = row.updates.judgements().newest_first()[0]
    StatusUpdate(
        initiative=row,
        status_before=newest.status_after,
        status_after=newest.status_after,
        month=newest.month,
        cause=StatusUpdate.Cause.CORRECTION,
        retracts=newest,
    ).record(version=row.version, actor=BO, at=at)


def overview(client: Client, day: str) -> dict[str, str]:
    """Return the words of each initiative's strip by the address of its page."""
    page = html_of(client.get("/", {"alle": "1"} | ({"pr": day} if day else {})))
    strips = {html.unescape(address): words for address, words in ROW.findall(page)}
    assert len(strips) == page.count('class="ov-strip"')
    return strips


def strip_of_page(client: Client, address: str) -> str:
    """Return the words of the strip on an initiative's page, or the sentence in its place."""
    response = client.get(address)
    found: list[str] = STRIP.findall(html_of(response))
    if found:
        (words,) = found
        return words
    assert TOO_FEW in text_of(response)
    return TOO_FEW


@pytest.mark.slow
@pytest.mark.parametrize(
    "day", ["2026-02-26", "2026-03-04", "2026-03-06", "2026-03-10", "2026-03-11", "2026-03-12", ""]
)
def test_both_pages_have_the_same_strip(group_client: Client, day: str):
    strips = overview(group_client, day)
    assert len(strips) == (14 if day else 13)
    for address, words in strips.items():
        assert address.endswith(f"?pr={day}" if day else "/")
        is_young = address.split("/")[2] in YOUNG
        assert strip_of_page(group_client, address) == (TOO_FEW if is_young else words), address


def test_what_happened_in_march_changed_the_strips(group_client: Client):
    """The days above differ, so comparing them means something. A judgement of May is not shown."""
    strips = {
        (key, day): strip_of_page(group_client, f"/initiativer/{key}/{day and f'?pr={day}'}")
        for key, days in {
            "kontraktanalyse": ["2026-03-04", ""],
            "principbeslutning": ["2026-03-10", "2026-03-11"],
            "kvalitetsmodel": ["2026-03-04", ""],
        }.items()
        for day in days
    }
    march = {
        about: html.unescape(words).replace("\N{NO-BREAK SPACE}", " ").split(". ")[-1]
        for about, words in strips.items()
    }
    assert march == {
        ("kontraktanalyse", "2026-03-04"): "December 2025 – marts 2026: Forløber efter planen",
        ("kontraktanalyse", ""): "Marts 2026: Ikke iværksat",
        ("principbeslutning", "2026-03-10"): "Marts 2026: Udført og afsluttet",
        ("principbeslutning", "2026-03-11"): "Februar–marts 2026: Forløber efter planen",
        ("kvalitetsmodel", "2026-03-04"): "Oktober 2025 – marts 2026: Ikke iværksat",
        ("kvalitetsmodel", ""): "Oktober 2025 – marts 2026: Ikke iværksat",
    }


def test_an_archived_initiative_keeps_its_strip(group_client: Client):
    address = "/initiativer/bestillingsportal/"
    assert address not in overview(group_client, "")
    assert (
        strip_of_page(group_client, address)
        == overview(group_client, "2026-03-12")[f"{address}?pr=2026-03-12"]
    )
