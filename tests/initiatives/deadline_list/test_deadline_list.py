"""The page Deadlines: overdue ones, presentations without a result, and the next 60 days."""

from datetime import date

import pytest
from django.test import Client

from core import writing
from initiatives.deadline_list.day_notes import day_notes
from initiatives.models import Action, Initiative
from tests.core.reading import html_of, text_of
from tests.factories import make_deadline
from tests.initiatives.sources.walk import LATER
from tests.initiatives.steps import BO

PATH = "/deadlines/"
TODAY = date(2026, 2, 26)


def section(client: Client, name: str) -> str:
    """Return the part of the page under the heading called `name`."""
    parts = html_of(client.get(PATH)).split("<section")
    (match,) = (part for part in parts if f'id="{name}"' in part)
    return match


def test_the_real_programme_on_the_day_of_its_report(secretariat_client: Client):
    assert "Ingen deadlines er overskredet." in section(secretariat_client, "overskredne")
    unanswered = section(secretariat_client, "uden-udfald")
    assert unanswered.count("<tr>") == 2  # the head and no. 1
    assert "Kontraktanalyse" in unanswered
    upcoming = section(secretariat_client, "kommende")
    assert "De næste 60 dage" in upcoming
    assert upcoming.count("<tr>") == 5
    assert upcoming.index("Principbeslutning") < upcoming.index("Myndighedsbestilling")
    assert upcoming.count(">Ny deadline<") == 2


def test_an_overdue_deadline_is_listed(secretariat_client: Client):
    initiative = Initiative.objects.get(key="takstoversigt")
    make_deadline(
        initiative,
        wording="Deadline: januar 2026",
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 1, 31),
        kind="month",
    )
    text = section(secretariat_client, "overskredne")
    assert "31.\N{NO-BREAK SPACE}januar\N{NO-BREAK SPACE}2026" in text
    assert "for 26 dage siden" in text


def test_an_archived_indsats_is_not_named(secretariat_client: Client):
    row = Action.objects.get(key="myndighedsbestilling-2")
    assert text_of(section(secretariat_client, "kommende")).count(row.title) == 2
    writing.archive(row, version=row.version, actor=BO, reason="", at=LATER)
    rows = text_of(section(secretariat_client, "kommende"))
    assert rows.count(row.title) == 1  # only in the deadline's own wording
    assert rows.count("Myndighedsbestilling") == 2


@pytest.mark.parametrize(
    ("start", "end", "notes"),
    [
        (date(2026, 3, 1), date(2026, 3, 31), ["begynder 1. marts"]),
        (date(2026, 2, 1), date(2026, 3, 31), ["om 33 dage, 23 arbejdsdage"]),
        (date(2026, 2, 26), date(2026, 2, 26), ["i dag"]),
        (date(2026, 2, 27), date(2026, 2, 27), ["om 1 dag, 1 arbejdsdag"]),
        (
            None,
            date(2026, 4, 6),
            ["om 39 dage, 24 arbejdsdage", "sidste arbejdsdag er onsdag den 1. april"],
        ),
        (
            None,
            date(2026, 6, 5),  # grundlovsdag
            ["om 99 dage, 65 arbejdsdage", "sidste arbejdsdag er torsdag den 4. juni"],
        ),
        (None, date(2026, 2, 25), ["for 1 dag siden"]),
    ],
)
def test_the_notes_about_a_last_day(start: date | None, end: date, notes: list[str]):
    shown = [note.replace("\N{NO-BREAK SPACE}", " ") for note in day_notes(start, end, TODAY)]
    assert shown == notes


def test_a_reader_does_not_see_the_lists(reader_client: Client):
    assert reader_client.get(PATH).status_code == 403
    assert "Kontraktanalyse" not in text_of(reader_client.get(PATH))
