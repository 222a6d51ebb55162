"""Initiatives, indsatser and deadlines are added, revised and archived in the same way."""

import ast
from typing import Any

import pytest

from core import writing
from initiatives.models import Action, Deadline, Initiative, PlanRow
from tests.factories import make_action, make_area, make_deadline, make_initiative
from tests.initiatives.steps import BO, NOON
from tests.test_project import trees

pytestmark = pytest.mark.django_db

TEXT = {Initiative: "title", Action: "title", Deadline: "wording"}


def new_row(model: Any, parent: Any, key: str) -> PlanRow:
    above = {model.PARENTS[0]: parent}
    row: PlanRow = model(key=key, position=1, **{TEXT[model]: "Marts 2026"}, **above)
    return row


def archive(row: PlanRow) -> None:
    writing.archive(row, version=row.version, actor=BO, reason="", at=NOON)


def parent_of(model: type[PlanRow]) -> Any:
    return make_area() if model is Initiative else make_initiative()


@pytest.mark.parametrize("model", [Initiative, Action, Deadline])
def test_a_row_is_added_and_revised_with_who_when_and_why(model: Any):
    row = new_row(model, parent_of(model), "ny").add(actor=BO, reason="Aftalt.", at=NOON)
    changes = {TEXT[model]: "April 2026"}
    saved = row.revise(changes, version=1, actor=BO, reason="Rettet.", at=NOON)
    assert (saved.row.version, saved.changed[0]) == (2, TEXT[model])
    history = model.history.filter(id=row.pk).order_by("version")
    assert [(past.history_change_reason, past.actor_name) for past in history] == [
        ("Aftalt.", "Bo Eksempel"),
        ("Rettet.", "Bo Eksempel"),
    ]


@pytest.mark.parametrize("model", [Initiative, Action, Deadline])
def test_siblings_have_the_same_parent_and_are_in_the_plan(model: Any):
    parent = parent_of(model)
    first, second, gone = (new_row(model, parent, f"ny-{number}") for number in range(3))
    for row in (first, second, gone, new_row(model, parent_of(model), "andetsteds")):
        row.add(actor=BO, reason="", at=NOON)
    archive(gone)
    assert set(first.siblings()) == {first, second}


def test_an_indsats_with_a_deadline_is_not_archived():
    action = make_action()
    assert action.obstacle_to_archiving() == ""
    deadline = make_deadline(action.initiative, action=action)
    assert "Indsatsen har deadlines." in action.obstacle_to_archiving()
    assert deadline.obstacle_to_archiving() == action.initiative.obstacle_to_archiving() == ""
    archive(deadline)
    assert action.obstacle_to_archiving() == ""


def test_no_view_asks_which_kind_of_row_it_has():
    """The differences between the kinds are in their models and forms."""
    kinds = {"Initiative", "Action", "Deadline"}
    kinds |= {f"{kind}Form" for kind in kinds}
    asked = [
        f"{name}:{node.lineno}"
        for name, tree in trees()
        if name.startswith("initiatives/editing/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "isinstance"
        and ast.unparse(node.args[1]) in kinds
    ]
    assert asked == []
