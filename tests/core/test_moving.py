"""Moving, archiving and restoring through the one door."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from core import writing
from core.tracking import Actor
from initiatives.models import Action, Initiative
from tests.factories import CREATED_AT, make_action, make_initiative

LATER = CREATED_AT + timedelta(days=1)
ANNA = Actor("Anna")

pytestmark = pytest.mark.django_db


def actions_at(*positions: float) -> list[Action]:
    initiative = make_initiative()
    return [make_action(initiative, position=position) for position in positions]


def move(row: Action, step: int, version: int | None = None) -> writing.Saved[Action]:
    siblings = Action.objects.live().filter(initiative=row.initiative)
    return writing.move(row, siblings, step, version=version or row.version, actor=ANNA, at=LATER)


def in_order(rows: list[Action]) -> list[int]:
    """Return the indexes into `rows` in the current order of the rows."""
    keys = [row.key for row in rows]
    ordered = Action.objects.filter(initiative=rows[0].initiative).in_order()
    return [keys.index(key) for key in ordered.values_list("key", flat=True)]


def versions(rows: Iterable[Action]) -> list[int]:
    return [Action.objects.get(pk=row.pk).version for row in rows]


@pytest.mark.parametrize(
    ("index", "step", "order"),
    [
        (0, 1, [1, 0, 2]),
        (1, -1, [1, 0, 2]),
        (1, 1, [0, 2, 1]),
        (2, -1, [0, 2, 1]),
    ],
)
def test_a_move_writes_the_moved_row_alone(index: int, step: int, order: list[int]):
    rows = actions_at(1, 2, 3)
    move(rows[index], step)
    assert in_order(rows) == order
    expected = [1, 1, 1]
    expected[index] = 2
    assert versions(rows) == expected
    assert sum(row.history.count() for row in rows) == 4


def test_a_move_is_in_history_with_who_and_when():
    rows = actions_at(1, 2)
    move(rows[1], -1)
    row = rows[1].history.latest()
    assert (row.actor_name, row.history_date) == ("Anna", LATER)
    assert row.history_change_reason == "Flyttet op."


@pytest.mark.parametrize(("index", "step"), [(0, -1), (2, 1)])
def test_a_move_past_the_end_writes_nothing(index: int, step: int):
    rows = actions_at(1, 2, 3)
    saved = move(rows[index], step)
    assert saved.changed == ()
    assert versions(rows) == [1, 1, 1]


def test_rows_with_the_same_position_are_ordered_by_age_and_can_be_moved():
    rows = actions_at(1, 1, 1)
    assert in_order(rows) == [0, 1, 2]
    move(rows[2], -1)
    assert in_order(rows) == [0, 2, 1]


def test_where_there_is_no_room_the_siblings_are_numbered_afresh():
    rows = actions_at(1, 1, 1)
    move(rows[0], 1)
    assert in_order(rows) == [1, 0, 2]
    ordered = Action.objects.filter(initiative=rows[0].initiative).in_order()
    assert list(ordered.values_list("position", flat=True)) == [1.0, 2.0, 3.0]


def test_a_row_can_be_moved_back_and_forth_for_ever():
    rows = actions_at(1, 2, 3)
    for _ in range(15):
        for step in (1, -1):
            move(Action.objects.get(pk=rows[1].pk), step)
    assert in_order(rows) == [0, 1, 2]


def test_a_row_can_be_moved_when_others_changed_its_text():
    rows = actions_at(1, 2)
    writing.change(
        rows[0], {"title": "Ny ordlyd"}, version=1, actor=Actor("Bo"), reason="", at=LATER
    )
    move(rows[0], 1, version=1)
    assert in_order(rows) == [1, 0]
    assert Action.objects.get(pk=rows[0].pk).title == "Ny ordlyd"


def test_a_row_that_others_moved_meanwhile_is_not_moved_blindly():
    rows = actions_at(1, 2, 3, 4)
    move(rows[0], 1)
    with pytest.raises(writing.StaleVersion):
        move(rows[0], 1, version=1)


def test_a_move_without_a_version_is_refused():
    rows = actions_at(1, 2)
    siblings = Action.objects.filter(initiative=rows[0].initiative)
    with pytest.raises(writing.VersionMissing):
        writing.move(rows[0], siblings, 1, version=None, actor=ANNA, at=LATER)
    assert in_order(rows) == [0, 1]


# Archive and restore


def test_an_archived_row_stays_with_its_history():
    initiative = make_initiative()
    saved = writing.archive(initiative, version=1, actor=ANNA, reason="Udgår.", at=LATER)
    assert saved.row.is_archived
    assert saved.row.archived_at == LATER
    row = initiative.history.latest()
    assert (row.actor_name, row.history_change_reason) == ("Anna", "Udgår.")
    assert Initiative.objects.filter(pk=initiative.pk).exists()
    assert not Initiative.objects.live().filter(pk=initiative.pk).exists()


def test_a_restored_row_is_at_its_old_position():
    rows = actions_at(1, 2, 3)
    archived = writing.archive(rows[1], version=1, actor=ANNA, reason="", at=LATER)
    writing.restore(archived.row, version=2, actor=ANNA, reason="", at=LATER)
    assert in_order(rows) == [0, 1, 2]
    assert Action.objects.get(pk=rows[1].pk).archived_at is None
    assert rows[1].history.count() == 3


def test_a_live_row_cannot_be_restored_again():
    initiative = make_initiative()
    writing.restore(initiative, version=1, actor=ANNA, reason="", at=LATER)
    assert initiative.history.count() == 1
