"""The pages as of another day are read-only, and their links and date box keep the day."""

import re

import pytest
from django.test import Client

from principles.models import Programme
from tests.core.reading import html_of, text_of
from tests.initiatives.dated_pages.steps import BANNER, BEFORE, as_of, hrefs, main_of


def test_nothing_can_be_edited(secretariat_client: Client, programme: Programme, address: str):
    response = as_of(secretariat_client, address)
    page = main_of(response)
    assert re.findall(r'<form[^>]*method="(\w+)"', page).count("post") == 0
    assert "csrfmiddlewaretoken" not in page
    assert not re.search(r"hx-|formaction|edit-row|/ret/|/tilfoej/|/arkiver/|/status/\?fra", page)
    assert not re.search(r"Ret status|Uændret<|Tilføj|Gendan|Flyt op", page)
    text = text_of(response)
    assert f"{BANNER.format('4. marts 2026')} Gå til planen i dag" in text
    assert 'name="pr" value="04-03-2026"' in page


def test_links_between_the_pages_keep_the_day(
    secretariat_client: Client, programme: Programme, address: str
):
    response = as_of(secretariat_client, address)
    dated = re.compile(
        r"(?:/program/[^/]+)?/(?:(?:status|tidslinje|deadlines)/|"
        r"(?:initiativer|indsatsomraader|principper)/[^/]+/|statusopgoerelser/[0-9-]+/)?(?:\?|#|$)"
    )
    links = [link for link in hrefs(html_of(response)) if dated.match(link) and link[0] == "/"]
    assert len(links) > 5
    without = [link for link in links if f"pr={BEFORE}" not in link]
    assert without == [address]  # to the plan of today


def test_the_way_back_and_the_date_box_keep_the_filters(
    secretariat_client: Client, programme: Programme
):
    response = secretariat_client.get(
        "/status/", {"pr": BEFORE, "princip": "botilbud", "tekst": "a&b", "side": "2"}
    )
    page = main_of(response)
    assert "/status/?princip=botilbud&tekst=a%26b" in hrefs(page)
    box = re.search(r'(?s)<form class="date-box".*?</form>', page)
    assert box
    assert re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', box[0]) == [
        ("princip", "botilbud"),
        ("tekst", "a&amp;b"),
    ]
    filters = page.replace(box[0], "")
    assert f'type="hidden" name="pr" value="{BEFORE}"' in filters


@pytest.mark.parametrize("typed", ["04-03-2026", "4.3.2026", "04/03/2026", " 4-3-2026 "])
def test_a_typed_day_becomes_the_address(secretariat_client: Client, typed, programme: Programme):
    response = secretariat_client.get("/tidslinje/", {"pr": typed, "princip": "botilbud"})
    assert response.status_code == 302
    assert response["Location"] == f"/tidslinje/?princip=botilbud&pr={BEFORE}"


@pytest.mark.parametrize("query", ["", "?pr="])
def test_without_a_day_the_page_is_that_of_today(
    secretariat_client: Client, programme: Programme, address: str, query
):
    page = main_of(secretariat_client.get(f"{address}{query}"))
    assert "Du ser planen, som den var" not in page
    assert 'name="pr" value="10-03-2026"' in page
    assert not [link for link in hrefs(page) if "pr=" in link]


def test_an_editor_still_edits_the_plan_of_today(secretariat_client: Client, programme: Programme):
    page = main_of(secretariat_client.get("/status/"))
    assert "Ret status" in page
    assert 'id="tabel-form"' in page
