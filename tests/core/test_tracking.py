"""Writes that bypass the door, and so would leave no history, are refused."""

import pytest
from django.apps import apps
from django.db.models import Index

from core.tracking import Tracked, WriteRefused, acting, current_actor_name
from initiatives.models import StatusUpdate
from plan.status import Status
from tests.factories import TESTER, make_initiative, make_principle, make_user

TRACKED = [model for model in apps.get_models() if issubclass(model, Tracked)]

pytestmark = pytest.mark.django_db


def test_every_table_of_the_plan_and_the_frame_is_tracked():
    assert {model.__name__ for model in TRACKED} == {
        "Programme",
        "Purpose",
        "Principle",
        "ActionArea",
        "ProgrammeYear",
        "Municipality",
        "Membership",
        "Initiative",
        "Action",
        "Deadline",
    }


@pytest.mark.parametrize("model", TRACKED, ids=lambda model: model.__name__)
def test_bulk_writes_are_refused(model):
    rows = model.objects.all()
    with pytest.raises(WriteRefused):
        rows.update(version=9)
    with pytest.raises(WriteRefused):
        rows.bulk_create([])
    with pytest.raises(WriteRefused):
        rows.bulk_update([], ["version"])
    with pytest.raises(WriteRefused):
        rows.delete()
    with pytest.raises(WriteRefused):
        model.objects.update(version=9)
    with pytest.raises(WriteRefused):
        model.objects.bulk_create([])


@pytest.mark.parametrize("model", TRACKED, ids=lambda model: model.__name__)
def test_a_row_is_never_deleted(model):
    row = model.objects.first()
    with pytest.raises(WriteRefused):
        row.delete()
    assert model.objects.filter(pk=row.pk).exists()


def test_related_managers_are_no_way_around():
    principle = make_principle()
    with pytest.raises(WriteRefused):
        principle.areas.all().delete()
    with pytest.raises(WriteRefused):
        principle.areas.update(version=9)


def test_a_user_is_deactivated_and_never_deleted():
    user = make_user()
    with pytest.raises(WriteRefused):
        user.delete()


def test_users_are_not_deleted_in_bulk():
    user = make_user()
    with pytest.raises(WriteRefused):
        type(user).objects.filter(pk=user.pk).delete()


def test_a_judgement_is_append_only():
    update = make_initiative(status=Status.ON_TRACK).updates.get()
    with pytest.raises(WriteRefused):
        update.delete()
    with pytest.raises(WriteRefused):
        StatusUpdate.objects.update(reason="Rettet bagefter")
    with pytest.raises(WriteRefused):
        StatusUpdate.objects.all().delete()
    with pytest.raises(WriteRefused):
        StatusUpdate.objects.bulk_create([])
    with pytest.raises(WriteRefused):
        StatusUpdate.objects.bulk_update([update], ["reason"])
    with pytest.raises(WriteRefused):
        update.record(version=2, actor=TESTER, at=update.recorded_at)


@pytest.mark.parametrize("model", TRACKED, ids=lambda model: model.__name__)
def test_history_is_found_by_its_own_index(model):
    history = model.history.model
    fields = [index.fields for index in history._meta.indexes if isinstance(index, Index)]
    assert ["id", "-history_date", "-history_id"] in fields
    uniques = [tuple(constraint.fields) for constraint in history._meta.constraints]
    assert ("id", "version") in uniques


def test_the_history_of_a_user_holds_no_password():
    user = make_user()
    names = {field.name for field in type(user).history.model._meta.fields}
    assert not names & {"password", "last_login"}


def test_history_written_outside_the_door_has_no_known_author():
    assert current_actor_name() == "Ukendt"
    with acting(TESTER):
        assert current_actor_name() == TESTER.name
    assert current_actor_name() == "Ukendt"
