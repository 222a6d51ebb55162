"""The page Sammenlign: editions against each other and against the plan now, and who may."""

import re
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest
from django.test import Client

from core import writing
from initiatives.models import Action, Initiative
from principles.models import Programme
from reports.models import Edition
from tests.conftest import OtherProgramme
from tests.core.reading import html_of, text_of
from tests.factories import make_initiative
from tests.initiatives.steps import edit, judge, read_initiative
from tests.reports.comparison.page_steps import FEBRUARY_1, JANUARY_1, PAGE, SOON, publish
from tests.reports.editions.steps import ANNA, FEBRUARY, JANUARY, LOCKED_AT, lock

NONE_EARLIER = "Der er endnu ingen tidligere udgave at sammenligne med."


def test_comparing_an_edition_with_the_plan_now(secretariat_client: Client, january: Edition):
    judge("kontraktanalyse", "completed", reason="Analysen er <b>afleveret</b> i god tid.")
    action = Action.objects.get(key="kontraktanalyse-1")
    edit(action, title=f"{action.title} <b>Nu</b>")
    response = secretariat_client.get(f"{PAGE}?fra={JANUARY_1}&til=nu")
    assert response.status_code == 200
    html, text = response.content.decode(), text_of(response)
    between = "Fra udgave 1, januar 2026, låst den 26. februar 2026, til planen nu, den "
    assert between in text.replace("\xa0", " ")
    assert re.search(r"\d+ ændringer siden januar 2026 : \d+ statusændring", text)
    place = html.index('id="aendring-initiative__kontraktanalyse__status"')
    shown = html[place : html.index("</li>", place)]
    assert "Kontraktanalyse er ændret fra " in shown
    assert shown.index('class="tile ') < shown.index("#arrow") < shown.index("status--completed")
    assert "<del>" in shown
    assert ' <ins><span class="sr-only">tilføjet: </span>&lt;b&gt;Nu' in html
    assert 'id="aendring-action__kontraktanalyse-1__title"' in html
    assert "<b>Nu</b>" not in html
    assert "&lt;b&gt;Nu&lt;/b&gt;" in html
    assert "__before" not in html  # silent


def test_without_parameters_the_newest_edition_is_compared_with_now(
    group_client: Client, both: list[Edition]
):
    judge("kontraktanalyse", "completed", reason="Afleveret.")
    text = text_of(group_client.get(PAGE)).replace("\xa0", " ")
    assert "Fra udgave 1, februar 2026, låst den 26. februar 2026, til planen nu" in text
    assert "1 ændring siden den 26. februar 2026 : 1 statusændring." in text
    assert text.count("Planen nu") == 2


def test_only_til_is_compared_with_the_edition_before_it(
    secretariat_client: Client, both: list[Edition]
):
    text = text_of(secretariat_client.get(f"{PAGE}?til={FEBRUARY_1}")).replace("\xa0", " ")
    assert "Fra udgave 1, januar 2026, " in text
    assert " til udgave 1, februar 2026, " in text
    assert NONE_EARLIER in text_of(secretariat_client.get(f"{PAGE}?til={JANUARY_1}"))


SWAPPED = "Fra og til er byttet om, så det ældste står først."


def test_values_in_the_wrong_order_are_swapped(secretariat_client: Client, both: list[Edition]):
    for query in ("", "&alt=1"):
        response = secretariat_client.get(f"{PAGE}?fra=nu&til={JANUARY_1}{query}")
        address = response["Location"]
        assert address == f"{PAGE}?fra={JANUARY_1}&til=nu{query}"
        text = text_of(secretariat_client.get(address)).replace("\xa0", " ")
        assert SWAPPED in text
        assert "Fra udgave 1, januar 2026, låst den 26. februar 2026, til planen nu" in text
        assert SWAPPED not in text_of(secretariat_client.get(address))


def test_editions_are_ordered_by_month_and_number(programme: Programme, secretariat_client: Client):
    day = timedelta(days=1)
    lock(programme, month=JANUARY, with_files=None)
    lock(programme, at=LOCKED_AT + day, with_files=None)
    lock(programme, month=JANUARY, at=LOCKED_AT + 2 * day, correction="Ret.", with_files=None)
    in_order = [JANUARY_1, "2026-01-udgave-2", FEBRUARY_1]
    for older, newer in combinations(in_order, 2):
        address = f"{PAGE}?fra={older}&til={newer}"
        assert secretariat_client.get(address).status_code == 200
        assert secretariat_client.get(f"{PAGE}?fra={newer}&til={older}")["Location"] == address


def test_an_edition_and_a_day_of_a_later_month_are_not_swapped(
    programme: Programme, secretariat_client: Client, settings: Any
):
    settings.DEMO_TODAY = date(2026, 3, 5)
    for month in (JANUARY, FEBRUARY):
        lock(programme, month=month, at=LOCKED_AT + timedelta(days=5), with_files=None)
    day = "2026-02-27"
    for fra, til in ((JANUARY_1, day), (day, JANUARY_1), (day, FEBRUARY_1)):
        response = secretariat_client.get(f"{PAGE}?fra={fra}&til={til}")
        assert response.status_code == 200
        assert "Ingen ændringer" in text_of(response) or 'class="cmp"' in html_of(response)
    backwards = secretariat_client.get(f"{PAGE}?fra={FEBRUARY_1}&til={day}")
    assert backwards["Location"] == f"{PAGE}?fra={day}&til={FEBRUARY_1}"


def test_the_message_about_the_swap_is_left_by_a_get_only(
    secretariat_client: Client, both: list[Edition]
):
    secretariat_client.head(f"{PAGE}?fra=nu&til={JANUARY_1}")
    assert SWAPPED not in text_of(secretariat_client.get("/status/"))


def test_a_comparison_without_changes_says_so(secretariat_client: Client, both: list[Edition]):
    text = text_of(secretariat_client.get(f"{PAGE}?fra={FEBRUARY_1}&til=nu"))
    assert "Ingen ændringer siden den 26. februar 2026 ." in text


def test_an_archived_initiative_is_shown_as_removed(secretariat_client: Client, january: Edition):
    initiative = read_initiative("kontraktanalyse")
    writing.archive(initiative, version=initiative.version, actor=ANNA, reason="Samlet.", at=SOON)
    html = secretariat_client.get(f"{PAGE}?fra={JANUARY_1}&til=nu").content.decode()
    place = html.index('id="aendring-initiative__kontraktanalyse__removed"')
    shown = html[place : html.index("</li>", place)]
    assert "<dt>Udgået</dt>" in shown
    assert "<del>Kontraktanalyse</del>" in shown


def test_the_whole_plan_with_the_changes_in_it(secretariat_client: Client, both: list[Edition]):
    judge("kontraktanalyse", "completed", reason="Afleveret.")
    address = f"{PAGE}?fra={FEBRUARY_1}&amp;til=nu"
    changes = secretariat_client.get(address.replace("amp;", "")).content.decode()
    assert f'href="{address}&amp;alt=1">Vis hele planen' in changes
    assert "Myndighedsbestilling" not in changes
    everything = secretariat_client.get(f"{address}&alt=1".replace("amp;", ""))
    whole = everything.content.decode()
    assert f'href="{address}">Vis kun ændringer' in whole
    assert 'name="alt" value="1"' in whole
    assert whole.count("cmp-row--quiet") == 13
    assert whole.count('id="aendring-') == changes.count('id="aendring-') == 1
    table = text_of(secretariat_client.get("/status/"))
    titles = [item.title for item in Initiative.objects.in_plan()]
    assert sorted(titles, key=table.index) == sorted(titles, key=text_of(everything).index)


@pytest.mark.parametrize(("value", "thing"), [("nu", "plan"), (FEBRUARY_1, "udgave")])
def test_comparing_a_value_with_itself(
    secretariat_client: Client, both: list[Edition], value: str, thing: str
):
    text = text_of(secretariat_client.get(f"{PAGE}?fra={value}&til={value}"))
    assert f"Der er ingen forskel: det er den samme {thing}." in text


def test_there_is_nothing_to_compare_with(secretariat_client: Client, reader_client: Client):
    for client in (secretariat_client, reader_client):
        response = client.get(PAGE)
        assert response.status_code == 200
        assert NONE_EARLIER in text_of(response)
    assert "<select" not in response.content.decode()


@pytest.mark.parametrize(
    "value",
    ["2026-01-udgave-2", "2026-01-udgave-01", "2026-01", "NU", "%3Cscript%3E", "x" * 3000],
)
@pytest.mark.parametrize("name", ["fra", "til"])
def test_an_invalid_value_is_404(
    secretariat_client: Client, january: Edition, name: str, value: str
):
    response = secretariat_client.get(f"{PAGE}?{name}={value}")
    assert response.status_code == 404
    assert "findes ikke, eller du har ikke adgang til den." in text_of(response)
    assert b"<script>" not in response.content.split(b"<main")[1]


def test_a_reader_compares_published_editions_only(reader_client: Client, both: list[Edition]):
    assert NONE_EARLIER in text_of(reader_client.get(PAGE))
    for query in (f"fra={JANUARY_1}&til={FEBRUARY_1}", f"fra={JANUARY_1}", "til=nu", "fra=nu"):
        assert reader_client.get(f"{PAGE}?{query}").status_code == 404
    publish(both[0])
    assert NONE_EARLIER in text_of(reader_client.get(PAGE))
    publish(both[1])
    text = text_of(reader_client.get(PAGE)).replace("\xa0", " ")
    assert "Fra udgave 1, januar 2026, låst den " in text
    assert " til udgave 1, februar 2026, låst den " in text
    assert "Planen nu" not in text
    assert reader_client.get(f"{PAGE}?til=nu").status_code == 404


def test_who_may_compare(
    stranger_client: Client, group_client: Client, client: Client, january: Edition
):
    assert group_client.get(PAGE).status_code == 200
    assert stranger_client.get(PAGE).status_code == 404
    assert client.get(PAGE).status_code == 302


def test_the_page_accepts_no_post(secretariat_client: Client):
    assert secretariat_client.post(PAGE).status_code == 405


def test_another_programmes_editions_are_not_there(
    secretariat_client: Client,
    other_secretariat_client: Client,
    other_programme: OtherProgramme,
    january: Edition,
):
    lock(other_programme.programme, with_files=None)
    assert secretariat_client.get(f"{PAGE}?fra={FEBRUARY_1}").status_code == 404
    response_of_other = other_secretariat_client.get(
        f"/program/andet-program{PAGE}?fra={FEBRUARY_1}"
    )
    assert response_of_other.status_code == 200
    assert f'action="/program/andet-program{PAGE}"' in response_of_other.content.decode()
    assert other_secretariat_client.get(f"{PAGE}?fra={JANUARY_1}").status_code == 404
    theirs = f"/program/udviklingsprogrammet{PAGE}?fra={JANUARY_1}"
    assert other_secretariat_client.get(theirs).status_code == 404


def test_internal_notes_are_never_compared(secretariat_client: Client, january: Edition):
    edit(read_initiative("kontraktanalyse"), internal_notes="Kun for sekretariatet")
    for query in ("", "?alt=1"):
        assert "Kun for sekretariatet" not in text_of(secretariat_client.get(PAGE + query))


def test_the_queries_do_not_grow_with_the_changes(
    secretariat_client: Client,
    both: list[Edition],
    django_assert_num_queries: Any,
):
    secretariat_client.get(f"{PAGE}?fra={JANUARY_1}&til=nu")
    with django_assert_num_queries(4):
        secretariat_client.get(f"{PAGE}?fra={JANUARY_1}&til=nu")
    area = read_initiative("kontraktanalyse").area
    for _ in range(10):
        make_initiative(area, status="completed")
    secretariat_client.get(f"{PAGE}?fra={JANUARY_1}&til=nu")
    with django_assert_num_queries(4):
        secretariat_client.get(f"{PAGE}?fra={JANUARY_1}&til=nu&alt=1")
