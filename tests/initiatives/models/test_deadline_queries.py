"""The queries about deadlines give what the document gives."""

import json
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

import plan
from core import writing
from initiatives.models import Action, Deadline, Fact, Initiative
from initiatives.sources import live
from plan import due
from plan.fact import DATED, MAY_BE_MET
from tests.core.reading import hard
from tests.factories import (
    insert_many,
    make_action,
    make_area,
    make_initiative,
    make_principle,
    make_programme,
)
from tests.initiatives.models.deadline_steps import LATER, ON, add, in_document, numbers
from tests.initiatives.steps import BO

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


# The queries and the document say the same


PAUSES = ("nothing", "initiative", "a", "archived")
DAYS_AROUND = (
    *((None, None), (ON, None), (None, ON - DAY), (None, ON), (None, ON + DAY)),
    *((ON - DAY, ON - DAY), (ON, ON), (ON + DAY, ON + DAY), (ON - 9 * DAY, ON - DAY)),
    *((ON - 9 * DAY, ON + 9 * DAY), (ON + 5 * DAY, ON + 9 * DAY), (ON + 9 * DAY, ON + 9 * DAY)),
)


def with_every_deadline(area: Any, paused: str) -> Initiative:
    """Make an initiative with every combination of fact, day met and days, paused in one way."""
    initiative = make_initiative(area)
    actions: dict[str, Action] = {name: make_action(initiative) for name in "ab"}
    rows: list[Any] = []

    def make(fact: str, **values: Any) -> None:
        number = next(numbers)
        columns = {"key": f"hver-{number}", "position": -number, "wording": "?", "version": 1}
        rows.append(Deadline(initiative=initiative, fact=fact, **columns | values))

    if paused != "nothing":
        archived = LATER if paused == "archived" else None
        make("paused", action=actions.get(paused), archived_at=archived)
    facts = [fact for fact in Fact.values if fact != "paused"]
    for fact, met, days, action in product(
        facts, (None, ON - DAY, ON + DAY), DAYS_AROUND, (None, *actions.values())
    ):
        if (met is None or fact in MAY_BE_MET) and (days == (None, None) or fact in DATED):
            make(fact, met_on=met, starts_on=days[0], ends_on=days[1], action=action)
    make("deadline", ends_on=ON - DAY, archived_at=LATER)
    insert_many(rows)
    return initiative


@pytest.fixture
def everything() -> tuple[Any, list[tuple[plan.Initiative, plan.Deadline]]]:
    """Make every possible deadline around `ON`. Return them as queryset and as document rows."""
    programme = make_programme()
    area = make_area(make_principle(programme))
    for paused in PAUSES:
        with_every_deadline(area, paused)
    gone = with_every_deadline(area, "nothing")
    writing.archive(gone, version=gone.version, actor=BO, reason="", at=LATER)
    document = live.build_live(programme, month=date(2026, 2, 1), on=ON).document
    pairs = [(item, deadline) for item in document.initiatives() for deadline in item.deadlines]
    return Deadline.objects.of(programme), pairs


def keys(deadlines: Any) -> set[str]:
    return set(deadlines.values_list("key", flat=True))


def test_both_find_the_same_overdue_and_unanswered_deadlines(everything: Any):
    rows, pairs = everything
    for on in (ON - DAY, ON, ON + DAY, ON + 2 * DAY, ON + 30 * DAY):
        overdue = {d.key for item, d in pairs if due.is_overdue(item, d, on)}
        unanswered = {d.key for item, d in pairs if due.is_unanswered(item, d, on)}
        assert keys(rows.overdue(on)) == overdue
        assert keys(rows.unanswered(on)) == unanswered
        assert bool(overdue) == bool(unanswered) == (on >= ON)
        assert not overdue & unanswered


@pytest.mark.parametrize(("before", "after"), [(0, 0), (0, 60), (1, 1), (-1, 1), (-5, 8), (30, 0)])
def test_both_find_the_same_deadlines_between_two_days(everything: Any, before: int, after: int):
    rows, pairs = everything
    first, last = ON - before * DAY, ON + after * DAY
    due_keys = {d.key for item, d in pairs if due.is_due_between(item, d, first, last)}
    assert keys(rows.due_between(first, last)) == due_keys
    assert due_keys


def test_both_have_the_same_order_with_dateless_deadlines_last(everything: Any):
    rows, pairs = everything
    ordered = list(rows.in_plan().by_due())
    in_words = sorted((deadline for _, deadline in pairs), key=due.order)
    assert [row.key for row in ordered] == [deadline.key for deadline in in_words]
    ends = [row.ends_on for row in ordered]
    assert ends == sorted(ends, key=lambda end: end or date.max)
    assert ordered[-1].starts_on is None


@pytest.mark.parametrize("fact", DATED)
def test_a_deadline_is_not_overdue_on_its_last_day(fact: str):
    row = add("26. februar 2026", fact=fact)
    mine = Deadline.objects.filter(pk=row.pk)
    assert not mine.overdue(ON).exists()
    assert not mine.unanswered(ON).exists()
    assert mine.overdue(ON + DAY).exists() == (fact == "deadline")
    assert mine.unanswered(ON + DAY).exists() == (fact == "presentation")


def test_a_dropped_deadline_is_not_overdue():
    row = add("Januar 2026")
    mine = Deadline.objects.filter(pk=row.pk)
    assert mine.overdue(ON).exists()
    parent = row.initiative
    writing.archive(parent, version=parent.version, actor=BO, reason="", at=LATER)
    assert not mine.overdue(ON).exists()


# Stated and not stated


def test_stating_no_deadline_differs_from_stating_nothing():
    stated = in_document(add("Ingen deadline", fact="none"))
    silent, _ = live.build_one(make_initiative(), month=date(2026, 2, 1))
    assert (stated.fact, stated.fact_label) == ("none", "Ingen deadline")
    assert silent.deadlines == ()


def test_the_document_keeps_days_and_moves_when_stored(moved: Any):
    programme = moved.initiative.area.principle.programme
    document = live.build_live(programme, month=date(2026, 2, 1), on=ON).document
    again = plan.PlanDocument.from_json(document.to_json())
    assert again == document
    assert json.loads(document.to_json())["schema"] == plan.SCHEMA
    ((deadline,),) = (item.deadlines for item in again.initiatives())
    assert due.first_line(deadline) == hard("Oprindelig: marts_2026. Nu: medio_2026.")
