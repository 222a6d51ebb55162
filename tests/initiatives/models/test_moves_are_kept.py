"""The moves of a deadline are never changed or removed."""

from typing import Any

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.test import Client
from django.urls import reverse

from core import writing
from core.tracking import WriteRefused
from initiatives.models import Deadline, DeadlineMove
from initiatives.urls import urlpatterns
from plan import due
from tests.core.reading import form_with, hard
from tests.initiatives.models.deadline_steps import (
    LATER,
    MARCH,
    MAY,
    ON,
    WHY,
    add,
    in_document,
    moves_of,
    revise,
)
from tests.initiatives.steps import BO
from tests.protection import without_triggers

pytestmark = pytest.mark.django_db


# Never erased


def test_a_move_is_never_changed(moved: Any):
    (move,) = moves_of(moved)
    move.reason = "En anden grund."
    with pytest.raises(WriteRefused):
        move.save()
    with pytest.raises(WriteRefused):
        move.record(version=3, actor=BO, at=LATER)
    with pytest.raises(WriteRefused):
        DeadlineMove.objects.update(reason="En anden grund.")
    with pytest.raises(WriteRefused):
        DeadlineMove.objects.bulk_update([move], ["reason"])
    assert moves_of(moved)[0].reason == WHY


def test_a_move_is_never_removed(moved: Any):
    (move,) = moves_of(moved)
    with pytest.raises(WriteRefused):
        move.delete()
    with pytest.raises(WriteRefused):
        DeadlineMove.objects.all().delete()
    with pytest.raises(WriteRefused):
        moved.moves.all().delete()
    with pytest.raises(WriteRefused):
        DeadlineMove.objects.bulk_create([])
    with pytest.raises(models.ProtectedError):
        models.QuerySet(Deadline).filter(pk=moved.pk).delete()
    assert moves_of(moved) == [move]


def test_an_archived_and_restored_deadline_keeps_its_moves(moved: Any):
    before = list(DeadlineMove.objects.values())
    archived = writing.archive(
        moved, version=moved.version, actor=BO, reason="Udgår.", at=LATER
    ).row
    assert list(DeadlineMove.objects.values()) == before
    writing.restore(archived, version=archived.version, actor=BO, reason="", at=LATER)
    assert list(DeadlineMove.objects.values()) == before
    assert due.first_line(in_document(moved)) == hard("Oprindelig: marts_2026. Nu: medio_2026.")


def test_no_admin_page_writes_a_move():
    registered: Any = admin.site._registry.values()
    assert DeadlineMove not in {page.model for page in registered}
    assert DeadlineMove not in {inline.model for page in registered for inline in page.inlines}


def test_no_address_of_the_portal_erases_a_move(secretariat_client: Client):
    row = Deadline.objects.get(key="kontraktanalyse-d1")
    revise(row, wording="Marts 2026", fact="deadline")
    add(initiative=row.initiative, position=row.position + 1)
    before = list(DeadlineMove.objects.values())
    assert sum(move["deadline_id"] == row.pk for move in before) == 1
    form = form_with(secretariat_client.get("/deadlines/kontraktanalyse-d1/ret/"), "version")
    names = [url.name for url in urlpatterns if "<plankind:kind>/<slug:key>" in str(url.pattern)]
    assert set(names) >= {"row-edit", "row-move", "row-archive", "row-restore"}
    for name in names:
        stands = Deadline.objects.get(pk=row.pk)
        path = reverse(f"initiatives:{name}", kwargs={"kind": Deadline, "key": row.key})
        typed = form.filled(wording="Maj 2027", change_reason="Ny plan.", retning="ned")
        response = secretariat_client.post(path, typed | {"version": stands.version})
        now = Deadline.objects.get(pk=row.pk)
        assert (response.status_code, now.version) == (302, stands.version + 1), name
        assert list(DeadlineMove.objects.values())[: len(before)] == before, name


# What the database refuses


def refused(row: Any, **values: Any) -> str:
    # Add an altered copy, which only the constraint can refuse.
    columns = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    if "key" in columns:
        columns["key"] = "en-anden"
    other = type(row)(**columns | {"id": None} | values)
    with without_triggers(), pytest.raises(IntegrityError) as error, transaction.atomic():
        models.QuerySet(type(row)).bulk_create([other])
    return str(error.value)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("move_cause_is_known", {"cause": "måske"}),
        ("move_has_a_new_wording", {"new_wording": ""}),
        ("move_has_a_reason", {"reason": ""}),
        ("unknown_deadline_has_no_days", {"old_wording": ""}),
        ("move_kinds_are_known", {"old_kind": "måske"}),
        ("move_kinds_are_known", {"new_kind": "måske"}),
    ],
)
def test_the_database_refuses_an_inconsistent_move(
    moved: Any, constraint: str, values: dict[str, Any]
):
    (move,) = moves_of(moved)
    assert constraint in refused(move, **values)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("deadline_kind_is_known", {"kind": "måske"}),
        ("deadline_starts_before_it_ends", {"starts_on": MAY[0], "ends_on": MARCH[1]}),
        *(("only_dated_facts_have_days", {"fact": fact}) for fact in ("completed", "none")),
        *(("only_dated_facts_have_days", {"fact": fact}) for fact in ("paused", "waiting")),
        ("only_promises_and_completions_are_met", {"fact": "event", "met_on": ON}),
        (
            "only_promises_and_completions_are_met",
            {"fact": "none", "starts_on": None, "ends_on": None, "met_on": ON},
        ),
    ],
)
def test_the_database_refuses_an_inconsistent_deadline(constraint: str, values: dict[str, Any]):
    assert constraint in refused(add("Marts 2026"), **values)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("ends_on", {"set_by_hand": True, "starts_on": MAY[0], "ends_on": MARCH[1]}),
        ("met_on", {"fact": "event", "met_on": ON}),
    ],
)
def test_validation_refuses_the_same_by_field(field: str, values: dict[str, Any]):
    with pytest.raises(ValidationError) as error:
        revise(add("Marts 2026"), **values)
    assert field in error.value.message_dict
