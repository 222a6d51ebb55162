"""The constraints of the frame's tables, which refuse bad values from any writer."""

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from accounts.models import Membership, User
from principles.models import ActionArea, Municipality, Programme, ProgrammeYear, Purpose
from tests.factories import insert_many, make_membership, make_programme, make_user

pytestmark = pytest.mark.django_db


def set_past_the_door(row: Any, **values: Any) -> None:
    """Write past the door: without history, version or validation."""
    models.QuerySet(type(row)).filter(pk=row.pk).update(**values)


def insert_past_the_door(row: Any) -> None:
    models.QuerySet(type(row)).bulk_create([row])


def refused(row: Any, **values: Any) -> str:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        set_past_the_door(row, **values)
    return str(error.value)


def test_a_reporting_month_begins_on_the_first(programme: Programme):
    message = refused(programme, reporting_month=date(2026, 2, 2))
    assert "reporting_month_is_first_of_month" in message


def test_a_programme_begins_before_it_reports(programme: Programme):
    message = refused(programme, starts_on=date(2026, 2, 2))
    assert "programme_starts_before_it_reports" in message


def test_the_next_meeting_is_after_the_programme_starts(programme: Programme):
    message = refused(programme, next_meeting_on=date(2023, 12, 31))
    assert "next_meeting_is_after_the_programme_starts" in message


def test_an_area_is_in_a_year_only_once(programme: Programme):
    first, second = ProgrammeYear.objects.filter(year=2025)[:2]
    # PostgreSQL names the constraint, SQLite its columns.
    message = refused(second, area=first.area)
    assert "area_is_in_a_year_once" in message or "area_id" in message


@pytest.mark.parametrize("year", [0, 1999, 2101, 20255])
def test_an_implausible_year_is_refused(programme: Programme, year: int):
    assert "programme_year_is_a_year" in refused(ProgrammeYear.objects.first(), year=year)


def test_a_repeated_number_differs_from_the_number(programme: Programme):
    row = ProgrammeYear.objects.get(repeated_number=8)
    assert "repeated_number_is_another_number" in refused(row, repeated_number=row.number)


def test_the_name_of_a_municipality_is_unique(programme: Programme):
    row = Municipality.objects.get(name="Faxe")
    message = refused(row, name="Greve")
    assert "municipality_is_named_once" in message or "name" in message


def test_two_programmes_may_have_the_same_municipality(programme: Programme):
    other = make_programme()
    insert_many([Municipality(key="greve-igen", programme=other, name="Greve", position=1)])
    assert Municipality.objects.filter(name="Greve").count() == 2


def test_a_user_has_one_membership_of_a_programme(programme: Programme, secretariat: User):
    user = make_user()
    first = make_membership(user, programme)
    second = Membership(key="igen", user=user, programme=programme, role=first.role)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_past_the_door(second)


def test_an_unknown_role_is_refused(programme: Programme, secretariat: User):
    membership = Membership.objects.get(user=secretariat)
    assert "membership_role_is_known" in refused(membership, role="konge")


def test_an_e_mail_has_one_user(secretariat: User, group: User):
    with pytest.raises(IntegrityError), transaction.atomic():
        models.QuerySet(User).filter(pk=group.pk).update(email=secretariat.email)


@pytest.mark.parametrize("model", [Programme, Purpose, ActionArea, Municipality])
def test_a_key_is_unique(programme: Programme, model: Any):
    first = model.objects.order_by("pk").first()
    double = model.objects.get(pk=first.pk)
    double.pk, double._state.adding = None, True
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_past_the_door(double)


def test_a_version_is_in_history_once(programme: Programme):
    row = programme.history.first()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_every_constraint_is_named_as_a_sentence():
    names = [
        constraint.name
        for model in apps.get_models()
        if model.__module__.split(".")[0] in {"principles", "accounts", "initiatives"}
        for constraint in model._meta.constraints
    ]
    assert len(names) > 20
    for name in names:
        assert len(name.split("_")) >= 3, name
        assert name.isascii()
        assert name == name.lower()
