"""Historik: the changes of the whole programme by month, and who sees which."""

import re
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from core import writing
from core.clock import COPENHAGEN
from core.history import ENTRY_KINDS
from core.tracking import Actor
from initiatives.history.sentences import (
    area_history,
    initiative_history,
    principle_history,
    programme_history,
)
from initiatives.models import Deadline, Initiative
from initiatives.sources.past import past_of
from principles.models import ActionArea, Principle, Programme, ProgrammeYear, Purpose
from reports.history.programme_history import HistoryFilter, month_of_history
from tests.conftest import OtherProgramme
from tests.core.reading import html_of, text_of
from tests.factories import make_action
from tests.initiatives.steps import BO, edit, judge, read_initiative

PATH = "/historik/"
KEY = "kontraktanalyse"
CARL = Actor("Carl Ny")


def look(client: Client, **asked: str) -> str:
    response = client.get(PATH, asked)
    assert response.status_code == 200
    return text_of(response)


def lines(client: Client, **asked: str) -> list[str]:
    """Return the text of each line of the list."""
    entries = re.findall(r"(?s)<li><time .*?</li>", html_of(client.get(PATH, asked)))
    return [text_of(line) for line in entries]


def months_of(client: Client, **asked: str) -> list[str]:
    """Return the months that can be chosen, newest first."""
    page = html_of(client.get(PATH, asked)).split('id="id_maaned"')[1].split("</select>")[0]
    return [text.replace("\xa0", " ") for text in re.findall(r"<option[^>]*>([^<]*)", page)]


def later(row: Any, month: int, actor: Actor = BO, **changes: Any) -> Any:
    """Edit the row on the first day of a month of 2026, and return it."""
    current = type(row).objects.get(pk=row.pk)
    at = datetime(2026, month, 1, 0, 30, tzinfo=COPENHAGEN)
    return writing.change(
        current, changes, version=current.version, actor=actor, reason="", at=at
    ).row


def test_every_kind_of_change_names_what_it_belongs_to(secretariat_client: Client):
    initiative = read_initiative(KEY)
    judge(KEY, "on_track", reason="Det går.")
    edit(initiative, title="Ny titel")
    make_action(initiative, title="En ny indsats")
    edit(ActionArea.objects.get(pk=initiative.area_id), title="Vi hedder noget nyt")
    edit(Purpose.objects.order_by("id")[0], title="Et andet formål")
    page = " ".join(" ".join(lines(secretariat_client, side=side)) for side in ("1", "2"))
    for sentence in (
        "Begrundelse: Det går.",
        "rettede titlen fra »Kontraktanalyse« til »Ny titel«",
        "rettede titlen fra »Vi",
        "til »Et andet formål«",
    ):
        assert sentence in page
    assert "tilføjede indsatsen »En ny indsats«" in look(secretariat_client, maaned="2025-09")
    assert f'href="/initiativer/{KEY}/"' in html_of(secretariat_client.get(PATH))


def test_all_months_together_have_the_entries_of_all_pages(programme: Programme):
    judge(KEY, "on_track", reason="Det går.")
    edit(read_initiative(KEY), ask="Hvad nu?", internal_notes="Hemmelighed")
    edit(Deadline.objects.filter(initiative__key=KEY)[0], detail="", source_note="Ny note")
    texts = []
    for month in month_of_history(programme, HistoryFilter(), internal=True).months:
        page = month_of_history(programme, HistoryFilter(month=month), internal=True)
        texts += [line.entry.text for line in page.lines]
    pages = [*programme_history(programme)]
    for principle in Principle.objects.of(programme):
        pages += principle_history(Principle.history.filter(id=principle.pk))
    for area in ActionArea.objects.of(programme):
        years = ProgrammeYear.history.filter(area_id=area.pk)
        pages += area_history(ActionArea.history.filter(id=area.pk), years)
    for initiative in Initiative.objects.of(programme):
        pages += initiative_history(past_of(initiative.pk), internal=True)
    assert sorted(texts) == sorted(entry.text for entry in pages)


@pytest.mark.parametrize("kind", ENTRY_KINDS)
def test_every_line_is_of_the_chosen_kind(programme: Programme, kind: str):
    judge(KEY, "on_track", reason="Det går.")
    make_action(read_initiative(KEY))
    edit(read_initiative(KEY), title="Ny titel")
    edit(Principle.objects.get(key="kvalitet"), title="Nyt princip")
    edit(Deadline.objects.filter(initiative__key=KEY)[0], source_note="Ny note")
    page = month_of_history(programme, HistoryFilter(kind=kind), internal=True)
    assert {line.entry.kind for line in page.lines} == {kind}


def test_the_newest_month_is_first_and_links_to_the_others(secretariat_client: Client):
    later(read_initiative(KEY), 6, title="Juni")
    later(read_initiative(KEY), 8, title="August")
    assert len(lines(secretariat_client)) == 1
    page = html_of(secretariat_client.get(PATH))
    assert "Tidligere: juli\N{NO-BREAK SPACE}2026" in page
    assert "Der er ikke ændret noget i juli 2026." in look(secretariat_client, maaned="2026-07")
    (june,) = lines(secretariat_client, maaned="2026-06")
    assert "til »Juni«" in june


def test_a_month_begins_at_midnight_in_copenhagen(secretariat_client: Client):
    later(read_initiative(KEY), 6, title="Juni")  # half past midnight: still May in UTC
    assert "1 ændring" in look(secretariat_client, maaned="2026-06")
    assert "til »Juni«" not in look(secretariat_client, maaned="2026-05")


def test_the_filter_by_person_shows_their_changes_alone(secretariat_client: Client):
    for month, actor in ((4, BO), (5, CARL), (5, BO), (5, CARL), (6, CARL)):
        count = len(read_initiative(KEY).title)
        later(read_initiative(KEY), month, actor, title=f"{read_initiative(KEY).title}{count}")
    shown = lines(secretariat_client, maaned="2026-05", person="Carl Ny")
    assert len(shown) == 2
    assert all("Carl Ny rettede titlen" in line for line in shown)
    assert "<option selected>Carl Ny</option>" in html_of(
        secretariat_client.get(PATH, {"person": "Carl Ny"})
    )


def test_a_version_written_by_a_judgement_is_not_shown_again(secretariat_client: Client):
    # Versions without a line are between those with one, and none is taken for the first.
    edit(read_initiative(KEY), title="Før")
    judge(KEY, "on_track", reason="Det går.")
    judge(KEY, "completed", reason="Færdig.")
    edit(read_initiative(KEY), title="Efter")
    shown = lines(secretariat_client, person=BO.name, art="initiativ")
    assert ["Før" in line for line in shown] == [True, True]
    assert "fra »Før« til »Efter«" in shown[0]


@pytest.mark.parametrize(
    ("kind", "number"), [("initiativ", 1), ("deadline", 1), ("indsats", 0), ("ramme", 0)]
)
def test_filter_by_kind(secretariat_client: Client, kind: str, number: int):
    later(read_initiative(KEY), 6, title="Juni")
    later(Deadline.objects.filter(initiative__key=KEY)[0], 6, source_note="Note")
    assert len(lines(secretariat_client, art=kind, maaned="2026-06")) == number


def test_filter_by_judgements(secretariat_client: Client):
    judge(KEY, "on_track", reason="Det går.")
    shown = lines(secretariat_client, art="status")
    assert "Det går." in shown[0]
    assert not any("rettede" in line for line in shown)


def test_the_past_keeps_its_names(secretariat_client: Client):
    later(read_initiative(KEY), 6, ask="Hvad nu?")
    later(read_initiative(KEY), 7, title="Et helt nyt navn")
    (june,) = lines(secretariat_client, maaned="2026-06")
    assert "Kontraktanalyse" in june
    assert "Et helt nyt navn" not in june


def test_internal_notes_are_shown_to_the_secretariat_alone(
    secretariat_client: Client, group_client: Client
):
    later(read_initiative(KEY), 6, internal_notes="Hemmelighed")
    sentence = "skrev det interne notat"
    assert sentence in look(secretariat_client, maaned="2026-06")
    assert sentence not in look(group_client, maaned="2026-06")
    assert "Hemmelighed" not in look(secretariat_client, maaned="2026-06")


def test_hidden_lines_add_no_month_and_no_person(secretariat_client: Client, group_client: Client):
    before = months_of(group_client)
    later(read_initiative(KEY), 6, CARL, internal_notes="Hemmelighed")
    assert months_of(secretariat_client)[0] == "Juni 2026"
    assert "Carl Ny" in look(secretariat_client)
    assert months_of(group_client) == before
    assert len(lines(group_client)) > 0
    assert "Carl Ny" not in look(group_client)


@pytest.mark.parametrize("kind", ["initiativ", ""])
def test_the_newest_month_has_at_least_one_line(secretariat_client: Client, kind: str):
    # A judgement also writes a version of the initiative, which has no line of its own.
    later(read_initiative(KEY), 5, title="Maj")
    at = datetime(2026, 6, 1, 0, 30, tzinfo=COPENHAGEN)
    judge(KEY, "on_track", reason="Det går.", at=at, actor=CARL)
    page = look(secretariat_client, art=kind)
    assert months_of(secretariat_client, art=kind)[0] == ("Maj 2026" if kind else "Juni 2026")
    assert len(lines(secretariat_client, art=kind)) == 1
    assert "Der er ikke ændret noget" not in page
    assert "Ingen ændringer" in look(secretariat_client, art="initiativ", person="Carl Ny")


def test_a_page_has_fifty_lines(secretariat_client: Client):
    for number in range(60):
        later(read_initiative(KEY), 6, ask=f"Spørgsmål {number}?")
    assert len(lines(secretariat_client)) == 50
    assert "60 ændringer" in look(secretariat_client)
    assert "maaned=2026-06&amp;side=2" in html_of(secretariat_client.get(PATH))
    assert len(lines(secretariat_client, side="2")) == 10


def test_another_programmes_changes_are_not_shown(
    secretariat_client: Client, other_programme: OtherProgramme
):
    later(other_programme.initiative, 6, CARL, title="Fremmed titel")
    assert "Carl Ny" not in look(secretariat_client)
    assert "Fremmed titel" not in look(secretariat_client, maaned="2026-06")


@pytest.mark.parametrize(
    "asked",
    [
        {"maaned": "2026-13"},
        {"maaned": "9999-12"},
        {"maaned": "0001-01"},
        {"person": "Ingen" * 100},
        {"art": "<b>"},
        {"side": "-1"},
        {"maaned": "2031-05"},
    ],
)
def test_odd_addresses_are_answered(secretariat_client: Client, asked: dict[str, str]):
    assert "Historik" in look(secretariat_client, **asked)


def test_a_person_without_changes_gives_an_empty_list(secretariat_client: Client):
    assert "Ingen ændringer passer til filteret." in look(secretariat_client, person="Ingen")


def test_markup_is_shown_as_text(secretariat_client: Client):
    later(read_initiative(KEY), 6, Actor("<b>Carl</b>"), ask="<script>x</script>?")
    page = html_of(secretariat_client.get(PATH))
    assert "<script>x" not in page
    assert "<b>Carl" not in page


def test_the_menu_marks_one_page(secretariat_client: Client):
    page = html_of(secretariat_client.get(PATH))
    current = re.findall(r'<a [^>]*href="([^"]*)"[^>]*aria-current="page"', page)
    assert set(current) <= {PATH}


@pytest.mark.parametrize("month", ["2026-13", "februar", "1999-01"])
def test_an_invalid_month_says_so(secretariat_client: Client, month: str):
    text = look(secretariat_client, maaned=month)
    assert f"»{month}« er ikke en måned. Skriv år og måned, fx 2026-02." in text


def test_the_link_that_is_copied_names_the_month(secretariat_client: Client):
    page = html_of(secretariat_client.get("/historik/"))
    assert re.search(r'data-copy-link="\?maaned=2026-\d\d&amp;side=1"', page)


def test_changes_of_the_frame_are_shown_in_words(secretariat_client: Client, programme: Programme):
    edit(programme, reporting_month=date(2026, 3, 1))
    area = read_initiative("kontraktanalyse").area
    edit(area, principle=read_initiative("bestillingsportal").area.principle)
    text = look(secretariat_client)
    assert "rettede rapporteringsmåneden fra februar 2026 til marts 2026 den" in text
    assert "rettede tilknytningen til et princip den" in text
