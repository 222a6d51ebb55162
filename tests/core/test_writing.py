"""The one door for writing: create and change, with who, when and why."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from core import writing
from core.tracking import Actor
from initiatives.models import Initiative
from principles.models import Principle
from tests.factories import (
    CREATED_AT,
    TESTER,
    make_initiative,
    make_principle,
    make_user,
)
from tests.protection import without_triggers

LATER = CREATED_AT + timedelta(days=1)
ANNA = Actor("Anna")

pytestmark = pytest.mark.django_db


def change(
    row: Any,
    version: int | None = None,
    reason: str = "Fordi.",
    at: datetime = LATER,
    actor: Actor = ANNA,
    **changes: Any,
) -> writing.Saved[Any]:
    token = row.version if version is None else version
    return writing.change(row, changes, version=token, actor=actor, reason=reason, at=at)


def test_a_new_row_is_version_one_with_who_when_and_why():
    principle = make_principle(title="Fælles om alt")
    (row,) = principle.history.all()
    assert principle.version == row.version == 1
    assert row.title == "Fælles om alt"
    assert (row.actor_name, row.history_user) == (TESTER.name, None)
    assert row.history_change_reason == "Oprettet i en test."
    assert row.history_date == CREATED_AT


def test_a_new_row_with_a_refused_text_is_not_stored():
    with pytest.raises(ValidationError, match="CPR-nummer"):
        make_principle(title="Borger 010190-1234")
    assert not Principle.objects.filter(title__contains="010190").exists()


def test_a_change_is_the_next_version_with_who_when_and_why():
    user = make_user("Anna Eksempel")
    principle = make_principle(title="Før")
    saved = change(principle, title="Nu", reason="Bedre ord.", actor=user.actor)
    row = principle.history.latest()
    assert saved.changed == ("title",)
    assert saved.row.version == row.version == 2
    assert (row.actor_name, row.history_user) == ("Anna Eksempel", user)
    assert (row.history_change_reason, row.history_date) == ("Bedre ord.", LATER)
    assert Principle.objects.get(pk=principle.pk).title == "Nu"


def test_a_change_that_changes_nothing_writes_nothing():
    principle = make_principle(title="Det samme")
    saved = change(principle, title="Det samme")
    assert saved.changed == ()
    assert saved.row.version == 1
    assert principle.history.count() == 1


def test_blanks_and_line_breaks_that_are_not_stored_are_no_change():
    initiative = make_initiative(report_text="En\nto")
    saved = change(initiative, report_text="En \r\nto\r\n")
    assert saved.row.version == 1
    assert initiative.history.count() == 1


def test_a_text_is_stored_as_the_field_keeps_it():
    initiative = make_initiative()
    saved = change(initiative, report_text=" En\r\nto ")
    assert saved.row.report_text == "En\nto"
    assert initiative.history.latest().report_text == "En\nto"


def test_a_refused_change_leaves_the_row_as_it_was():
    principle = make_principle(title="Før")
    with pytest.raises(ValidationError, match="usynligt tegn lige efter »Nu«"):
        change(principle, title="Nu\x00")
    assert Principle.objects.get(pk=principle.pk).title == "Før"
    assert principle.history.count() == 1


def test_only_the_named_fields_are_saved():
    principle = make_principle(title="Før", source_note="Note")
    principle.source_note = "Rettet i hukommelsen"
    change(principle, title="Nu")
    stored = Principle.objects.get(pk=principle.pk)
    assert (stored.title, stored.source_note) == ("Nu", "Note")
    assert principle.history.latest().source_note == "Note"


def test_a_change_is_never_dated_before_its_predecessor():
    principle = make_principle()
    change(principle, title="I går", at=CREATED_AT - timedelta(days=1))
    assert [row.history_date for row in principle.history.all()] == [CREATED_AT, CREATED_AT]


def test_reason_actor_and_date_do_not_stick_to_the_row():
    principle = make_principle()
    first = change(principle, title="En", reason="Første.").row
    second = change(first, title="To", reason="", actor=Actor("Bo"), at=LATER + timedelta(hours=1))
    row = second.row.history.latest()
    assert (row.actor_name, row.history_change_reason) == ("Bo", "")
    assert row.history_date == LATER + timedelta(hours=1)
    for name in ("_history_user", "_change_reason", "_history_date"):
        assert not hasattr(second.row, name)


def test_history_keeps_the_name_when_a_user_is_renamed():
    user = make_user("Anna Eksempel")
    principle = make_principle()
    change(principle, title="Nu", actor=user.actor)
    change(user, name="Anna Ny", actor=TESTER)
    assert principle.history.latest().actor_name == "Anna Eksempel"


def test_row_and_history_are_stored_together_or_not_at_all():
    principle = make_principle(title="Før")
    # The next version stands in history already: the history row is refused.
    row = principle.history.get()
    row.pk, row.version = None, 2
    with without_triggers():
        row.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        change(principle, title="Nu")
    assert Principle.objects.get(pk=principle.pk).title == "Før"


# What others did meanwhile


def test_another_field_changed_meanwhile_is_merged_and_named():
    initiative = make_initiative(title="Før", report_text="Før")
    change(initiative, report_text="Bos tekst", actor=Actor("Bo"))
    saved = change(initiative, title="Annas titel", report_text="Før")
    assert (saved.row.title, saved.row.report_text) == ("Annas titel", "Bos tekst")
    assert saved.changed == ("title",)
    assert (saved.merged, saved.merged_by) == (("report_text",), "Bo")
    assert saved.row.version == 3


def test_the_person_named_is_the_one_who_changed_the_merged_field():
    initiative = make_initiative(title="Før", report_text="Før")
    moved = change(initiative, position=7.0, actor=Actor("Clara"))
    change(moved.row, report_text="Bos tekst", actor=Actor("Bo"))
    saved = change(initiative, title="Annas titel", report_text="Før")
    assert (saved.merged, saved.merged_by) == (("report_text",), "Bo")


def test_the_same_field_changed_meanwhile_is_a_conflict():
    initiative = make_initiative(title="Før")
    change(initiative, title="Bos titel", reason="Bo ved bedst.", actor=Actor("Bo"))
    with pytest.raises(writing.StaleVersion) as stale:
        change(initiative, title="Annas titel", at=LATER + timedelta(hours=1))
    error = stale.value
    assert error.conflicts == (
        writing.FieldConflict("title", loaded="Før", saved="Bos titel", mine="Annas titel"),
    )
    assert (error.by, error.at, error.reason) == ("Bo", LATER, "Bo ved bedst.")
    assert Initiative.objects.get(pk=initiative.pk).title == "Bos titel"


def test_a_conflict_saves_none_of_the_fields():
    initiative = make_initiative(title="Før", report_text="Før")
    change(initiative, title="Bos titel", actor=Actor("Bo"))
    with pytest.raises(writing.StaleVersion):
        change(initiative, title="Annas titel", report_text="Annas tekst")
    assert Initiative.objects.get(pk=initiative.pk).report_text == "Før"
    assert initiative.history.count() == 2


def test_the_conflict_names_the_one_who_changed_that_field():
    initiative = make_initiative(title="Før", report_text="Før")
    first = change(initiative, title="Bos titel", reason="Bos grund.", actor=Actor("Bo"))
    change(first.row, report_text="Claras tekst", reason="Claras grund.", actor=Actor("Clara"))
    with pytest.raises(writing.StaleVersion) as stale:
        change(initiative, title="Annas titel")
    assert (stale.value.by, stale.value.reason) == ("Bo", "Bos grund.")


def test_two_people_who_write_the_same_do_not_conflict():
    initiative = make_initiative(title="Før")
    change(initiative, title="Ny", actor=Actor("Bo"))
    saved = change(initiative, title="Ny")
    assert saved.changed == ()
    assert saved.row.version == 2


def test_a_value_that_was_changed_and_changed_back_is_no_conflict():
    initiative = make_initiative(title="Før")
    second = change(initiative, title="Bos titel", actor=Actor("Bo")).row
    change(second, title="Før", actor=Actor("Bo"))
    assert change(initiative, title="Annas titel").row.title == "Annas titel"


def test_a_stale_version_that_changes_nothing_keeps_what_others_wrote():
    initiative = make_initiative(title="Før")
    change(initiative, title="Bos titel", actor=Actor("Bo"))
    saved = change(initiative, title="Før")
    assert saved.row.title == "Bos titel"
    assert initiative.history.count() == 2


@pytest.mark.parametrize("version", [None, 0, 7, 10**12])
def test_a_version_that_is_missing_or_never_was_is_refused(version: int | None):
    initiative = make_initiative(title="Før")
    with pytest.raises(writing.VersionMissing):
        writing.change(
            initiative, {"title": "Nu"}, version=version, actor=ANNA, reason="", at=LATER
        )
    assert initiative.history.count() == 1


def test_a_user_who_has_set_a_password_can_still_meet_a_conflict():
    # Django itself saves a password, so a user's history has several rows of one version.
    user = make_user("Anna")
    user.set_password("et-nyt-langt-kodeord")
    user.save()
    change(user, version=1, name="Bos navn", actor=Actor("Bo"))
    newest = User.objects.get(pk=user.pk)
    newest.set_password("endnu-et-langt-kodeord")
    newest.save()
    with pytest.raises(writing.StaleVersion):
        change(user, version=1, name="Annas navn")


# Keys


def test_a_key_is_made_from_the_title_and_unique():
    assert writing.new_key(Principle, "Fælles om bøtter") == "faelles-om-boetter"
    make_principle(key="faelles-om-boetter")
    key = writing.new_key(Principle, "Fælles om bøtter")
    assert key.startswith("faelles-om-boetter-")
    assert len(key) > len("faelles-om-boetter-")


def test_a_title_without_letters_still_gives_a_key():
    assert writing.new_key(Principle, "§ !?").startswith("ny")
