"""Tracked rows as they were at a moment: the newest history row of each object before it."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import writing
from core.clock import COPENHAGEN
from core.state_at import day_of, end_of, first_day, state_at, states_at
from core.tracking import Actor
from initiatives.models import Action, Initiative
from principles.models import ActionArea, Principle, Programme, Purpose
from tests.factories import (
    CREATED_AT,
    make_action,
    make_area,
    make_initiative,
    make_principle,
    make_programme,
)
from tests.protection import without_triggers

BO = Actor("Bo Eksempel")
NOON = datetime(2026, 3, 2, 12, tzinfo=COPENHAGEN)
HOUR = timedelta(hours=1)
INSTANT = timedelta(microseconds=1)


def change(row: Any, at: datetime, **values: Any) -> None:
    version = type(row).objects.get(pk=row.pk).version
    writing.change(row, values, version=version, actor=BO, reason="", at=at)


def titles(row: Any, *moments: datetime) -> list[list[str]]:
    """Return the titles of the row at each moment: one, or none when it was absent."""
    states = state_at(type(row), moments, fields=["title"], id=row.pk)
    return [[title for _, title in rows] for rows in states]


@pytest.fixture
def principle(programme: Programme) -> Principle:
    """ "Først" from noon, "Siden" an hour later."""
    row = Principle(key="proeve", programme=programme, title="Først", position=9)
    writing.create(row, actor=BO, reason="", at=NOON)
    change(row, NOON + HOUR, title="Siden")
    return row


def test_the_state_is_the_newest_row_before_the_moment(principle: Principle):
    moments = NOON + INSTANT, NOON + HOUR, NOON + HOUR + INSTANT, NOON + 99 * HOUR
    assert titles(principle, *moments) == [["Først"], ["Først"], ["Siden"], ["Siden"]]


def test_a_row_that_was_created_later_is_absent(principle: Principle):
    assert titles(principle, NOON - HOUR, NOON) == [[], []]


def test_of_rows_with_the_same_date_only_the_last_written_counts(principle: Principle):
    change(principle, NOON + HOUR, title="Straks efter")
    change(principle, NOON, title="Med et ur, der går bagud")  # never dated before its predecessor
    assert titles(principle, NOON + HOUR, NOON + HOUR + INSTANT) == [
        ["Først"],
        ["Med et ur, der går bagud"],
    ]


def add_history(row: Any, at: datetime, **values: Any) -> None:
    """Add a history row that the door would not write and the database would refuse."""
    last = type(row).history.filter(id=row.pk).first()
    last.pk, last.version, last.history_date = None, last.version + 1, at
    for name, value in values.items():
        setattr(last, name, value)
    with without_triggers():
        last.save(force_insert=True)


def test_the_date_decides_before_the_sequence(principle: Principle):
    add_history(principle, NOON + HOUR / 2, title="Skrevet ind bagefter")
    moments = NOON + HOUR / 2, NOON + HOUR, NOON + 2 * HOUR
    assert titles(principle, *moments) == [["Først"], ["Skrevet ind bagefter"], ["Siden"]]


def test_a_deleted_row_is_absent_from_then_on(principle: Principle):
    add_history(principle, NOON + 2 * HOUR, history_type="-")
    assert titles(principle, NOON + 2 * HOUR, NOON + 3 * HOUR) == [["Siden"], []]


def test_an_archived_row_has_its_moment_of_archiving(principle: Principle):
    writing.archive(principle, version=2, actor=BO, reason="", at=NOON + 2 * HOUR)
    moments = NOON + 2 * HOUR, NOON + 3 * HOUR
    states = state_at(Principle, moments, fields=["archived_at"], key="proeve")
    assert states == [[(principle.pk, None)], [(principle.pk, NOON + 2 * HOUR)]]


def test_a_parent_is_the_id_it_had(principle: Principle):
    area = make_area(make_principle(principle.programme))
    old = area.principle_id
    change(area, NOON, principle=principle)
    states = state_at(ActionArea, [NOON, NOON + HOUR], fields=["principle_id"], id=area.pk)
    assert states == [[(area.pk, old)], [(area.pk, principle.pk)]]


def test_a_programme_has_the_rows_that_belonged_to_it_at_the_moment(
    principle: Principle, monkeypatch: pytest.MonkeyPatch
):
    """An initiative changes its area and comes back; then its area moves, and at last that area's
    principle. The door refuses this today, but history may hold it."""
    monkeypatch.setattr(writing, "refuse_another_programme", lambda *_: None)
    here, there = make_programme(), make_programme()
    ours, theirs = make_principle(here), make_principle(there)
    area = make_area(ours)
    initiative, other = make_initiative(area), make_initiative(make_area(theirs))
    change(initiative, NOON, area=other.area)
    change(initiative, NOON + HOUR, area=area)
    change(area, NOON + 2 * HOUR, principle=theirs)
    change(theirs, NOON + 3 * HOUR, programme=here)
    moments = [NOON + n * HOUR for n in range(5)]

    def ids(programme: Programme, model: Any) -> list[set[int]]:
        states = state_at(model, moments, fields=[], under={Programme: [programme.pk]})
        return [{pk for (pk,) in rows} for rows in states]

    one, two, both = {initiative.pk}, {other.pk}, {initiative.pk, other.pk}
    assert ids(here, Initiative) == [one, set(), one, set(), both]
    assert ids(there, Initiative) == [two, both, two, both, set()]
    assert ids(here, Principle)[0] == {ours.pk}
    assert ids(here, Principle)[4] == {ours.pk, theirs.pk}


def test_the_nearest_parent_that_is_named_decides(principle: Principle):
    one, other = make_initiative(), make_initiative()
    mine = make_action(one)
    make_action(other)

    def ids(*initiatives: Initiative) -> list[int]:
        under: dict[Any, list[int]] = {Programme: [], Initiative: [row.pk for row in initiatives]}
        (rows,) = state_at(Action, [NOON + HOUR], fields=[], under=under)
        return [pk for (pk,) in rows]

    assert ids(one) == [mine.pk]
    assert len(ids(one, other)) == 2
    assert ids() == []


def test_several_moments_take_one_query(principle: Principle):
    with CaptureQueriesContext(connection) as captured:
        states = state_at(Principle, [NOON + n * HOUR for n in range(1, 13)], fields=["title"])
    assert (len(captured), len(states)) == (1, 12)


def test_several_models_take_one_query(principle: Principle):
    moments = [NOON, NOON + HOUR]
    fields = ["title", "programme_id"]
    with CaptureQueriesContext(connection) as captured:
        states = states_at({Purpose: fields, Principle: fields}, moments)
    assert len(captured) == 1
    for model in (Purpose, Principle):
        alone = state_at(model, moments, fields=fields)
        assert [sorted(rows) for rows in states[model]] == [sorted(rows) for rows in alone]


def test_without_a_moment_no_query_is_made(db: None):
    with CaptureQueriesContext(connection) as captured:
        assert state_at(Principle, [], fields=["title"]) == []
    assert len(captured) == 0


@pytest.mark.parametrize("seed", range(4))
def test_the_state_agrees_with_a_log_of_the_writes(programme: Programme, seed: int):
    chance = random.Random(seed)
    rows = [make_principle(make_programme(), title="Fra begyndelsen") for _ in range(3)]
    diary = {row.pk: [(CREATED_AT, "Fra begyndelsen")] for row in rows}
    at = NOON
    for number in range(25):
        at += chance.choice([0, 0, 1, 60]) * timedelta(minutes=1)
        row = chance.choice(rows)
        change(row, at, title=f"Titel {number}")
        diary[row.pk].append((at, f"Titel {number}"))
    dates = {moment for pages in diary.values() for moment, _ in pages}
    moments = sorted(dates | {moment + INSTANT for moment in dates})
    for moment, state in zip(moments, state_at(Principle, moments, fields=["title"]), strict=True):
        pages = {
            pk: [title for when, title in entries if when < moment] for pk, entries in diary.items()
        }
        expected = [(pk, entries[-1]) for pk, entries in pages.items() if entries]
        assert sorted(row for row in state if row[0] in diary) == expected


# Days


@pytest.mark.parametrize(
    ("day", "ends"),
    [
        (date(2026, 2, 26), datetime(2026, 2, 26, 23, tzinfo=UTC)),
        (date(2026, 3, 28), datetime(2026, 3, 28, 23, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 29, 22, tzinfo=UTC)),  # 23 hours long
        (date(2026, 10, 25), datetime(2026, 10, 25, 23, tzinfo=UTC)),  # 25 hours long
    ],
)
def test_a_day_ends_at_the_next_midnight_in_copenhagen(day: date, ends: datetime):
    assert end_of(day) == ends
    assert day_of(end_of(day)) == day
    assert day_of(ends + INSTANT) == day + timedelta(days=1)


def test_the_first_day_is_that_of_the_oldest_row(principle: Principle):
    change(principle, NOON + 999 * HOUR, title="Langt senere")
    with CaptureQueriesContext(connection) as captured:
        assert first_day(principle) == NOON.date()
    assert len(captured) == 1
