"""Filters, counts and pages of rows as of another day."""

import html
import re

import pytest
from django.test import Client

from initiatives.models import Deadline, StatusUpdate
from principles.models import Programme
from tests.core.reading import html_of, initiatives_in, text_of
from tests.initiatives.dated_pages.steps import (
    BANNER,
    BEFORE,
    CHANGED,
    DAY,
    KEY,
    LATER,
    TODAY,
    archive,
    as_of,
    hrefs,
    main_of,
)
from tests.initiatives.steps import BO, judge, read_initiative


def test_the_status_table_is_filtered_by_the_plan_of_that_day(
    secretariat_client: Client, programme: Programme
):
    judge(KEY, "completed", reason="Afleveret.", at=LATER)
    filtered = secretariat_client.get("/status/", {"pr": BEFORE, "status": "completed"})
    assert KEY not in initiatives_in(filtered)
    filtered = secretariat_client.get("/status/", {"pr": CHANGED, "status": "completed"})
    assert KEY in initiatives_in(filtered)
    assert initiatives_in(secretariat_client.get("/status/", {"pr": BEFORE, "tekst": "zzzz"})) == []


@pytest.mark.parametrize("query", ["", "?princip=botilbud", "?status=on_track", "?aar=2025"])
def test_as_of_today_the_status_table_has_the_live_rows(
    secretariat_client: Client, programme: Programme, query
):
    live = secretariat_client.get(f"/status/{query}")
    today = secretariat_client.get(f"/status/{query}{'&' if query else '?'}pr={TODAY}")
    assert initiatives_in(today) == initiatives_in(live) != []
    numbers = r'class="count__number">([0-9]+)<'
    assert re.findall(numbers, html_of(today)) == re.findall(numbers, html_of(live))
    lead = r'class="page-lead">(.*?)<'
    assert re.findall(lead, html_of(today)) == re.findall(lead, html_of(live))


def test_every_count_of_the_status_table_equals_the_rows_behind_it(
    secretariat_client: Client, programme: Programme
):
    judge(KEY, "completed", reason="Afleveret.", at=LATER)
    page = html_of(as_of(secretariat_client, "/status/"))
    counts = re.findall(r'class="count" href="([^"]+)".*?count__number">([0-9]+)<', page)
    assert len(counts) == 7
    for address, number in counts:
        rows = initiatives_in(secretariat_client.get(html.unescape(address)))
        assert len(rows) == int(number), address


def test_every_number_of_the_overview_equals_the_rows_behind_it(
    secretariat_client: Client, programme: Programme
):
    judge(KEY, "completed", reason="Afleveret.", at=LATER)
    page = html_of(as_of(secretariat_client, "/"))
    numbers = re.findall(r'href="(/status/[^"]+)">(?:<span.*?</span>)?([0-9]+)<', page)
    assert len(numbers) > 20
    for address, number in set(numbers):
        rows = initiatives_in(secretariat_client.get(html.unescape(address)))
        assert len(rows) == int(number), address


def test_a_confirmation_that_was_retracted_later_still_stands(programme: Programme):
    row, month, taken_back = (
        read_initiative("kompetenceudvikling"),
        programme.reporting_month,
        LATER + DAY,
    )
    row.confirm_unchanged(month=month, version=row.version, actor=BO, at=LATER)
    row.retract_confirmation(month=month, actor=BO, at=taken_back)
    updates = StatusUpdate.objects.filter(initiative=row, recorded_at__gte=LATER)
    moments = LATER, taken_back, taken_back + DAY
    assert [updates.stood_at(moment).count() for moment in moments] == [0, 1, 0]


def test_pages_of_rows_keep_the_day(
    secretariat_client: Client, programme: Programme, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("initiatives.status.page.ROWS_PER_PAGE", 5)
    for address in ("/status/", "/tidslinje/"):
        first = as_of(secretariat_client, address)
        second = f"?pr={BEFORE}&side=2"
        assert second in hrefs(main_of(first))
        response = secretariat_client.get(f"{address}{second}")
        assert BANNER.format("4. marts 2026") in text_of(response)
        links = [link for link in hrefs(main_of(response)) if link.startswith("/initiativer/")]
        assert len(set(links)) == 5


def test_the_deadlines_of_that_day(secretariat_client: Client, programme: Programme):
    row = Deadline.objects.get(key=f"{KEY}-d1")
    assert KEY in main_of(as_of(secretariat_client, "/deadlines/"))
    archive(row)
    assert KEY in main_of(as_of(secretariat_client, "/deadlines/"))
    assert KEY not in main_of(as_of(secretariat_client, "/deadlines/", CHANGED))


def test_as_of_today_the_deadlines_are_the_live_ones(group_client: Client, programme: Programme):
    live, today = (
        group_client.get("/deadlines/"),
        as_of(group_client, "/deadlines/", TODAY),
    )
    rows = [text_of(page[page.index("<section") :]) for page in (main_of(live), main_of(today))]
    assert rows[0] == rows[1]


def test_the_banner_of_today_does_not_say_that_the_day_has_ended(
    secretariat_client: Client, programme: Programme
):
    text = text_of(as_of(secretariat_client, "/", TODAY)).replace("\N{NO-BREAK SPACE}", " ")
    assert "Du ser planen, som den er i dag, den 10. marts 2026. Den kan ikke rettes her." in text
    assert "udgangen af den 10." not in text
