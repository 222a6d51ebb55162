"""What the document says of a deadline, stored or not."""

import json
from datetime import date
from typing import Any

import pytest

import plan
from core import writing
from initiatives.sources import live
from plan import due
from tests.core.reading import hard
from tests.factories import make_initiative
from tests.initiatives.models.deadline_steps import LATER, ON, add, in_document
from tests.initiatives.steps import BO

pytestmark = pytest.mark.django_db


def test_a_dropped_deadline_is_not_overdue():
    row = add("Januar 2026")
    programme, parent = row.initiative.area.principle.programme, row.initiative

    def overdue() -> list[str]:
        document = live.build_live(programme, month=date(2026, 2, 1), on=ON).document
        found = due.select(document, lambda item, d: due.is_overdue(item, d, ON))
        return [deadline.key for deadline, _ in found]

    assert overdue() == [row.key]
    writing.archive(parent, version=parent.version, actor=BO, reason="", at=LATER)
    assert overdue() == []


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
