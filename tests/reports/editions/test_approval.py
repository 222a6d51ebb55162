"""Approving and publishing an edition through the public functions."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from principles.models import Programme
from reports.editions import approval, files
from tests.initiatives.steps import edit
from tests.reports.editions.freezing_steps import (
    MEETING,
    fresh_copy,
    lock_february,
    lock_with_files,
)
from tests.reports.editions.steps import ANNA, LOCKED_AT, stored

# Approval and publication


def test_an_edition_is_approved_once_and_then_published_once(
    programme: Programme, secretariat: User, group: User
):
    edition = lock_with_files(programme)
    before = stored(edition)
    approval.approve(edition, meeting_on=MEETING, actor=secretariat.actor, at=LOCKED_AT)
    later = LOCKED_AT + timedelta(hours=1)
    approval.publish(fresh_copy(edition), actor=group.actor, at=later)
    after = stored(edition)
    changed = {name for name in after if after[name] != before[name]}
    assert {name: after[name] for name in changed} == {
        "approved_at": LOCKED_AT,
        "approved_by_id": secretariat.pk,
        "approved_by_name": secretariat.name,
        "approved_at_meeting_on": MEETING,
        "published_at": later,
        "published_by_id": group.pk,
        "published_by_name": group.name,
    }
    with pytest.raises(ValidationError, match="allerede godkendt"):
        approval.approve(fresh_copy(edition), meeting_on=MEETING, actor=ANNA, at=later)
    with pytest.raises(ValidationError, match="allerede offentliggjort"):
        approval.publish(fresh_copy(edition), actor=ANNA, at=later)
    assert stored(edition) == after


def test_two_people_approve_at_once(programme: Programme):
    """Both have the page open, and the second post finds the approved row."""
    edition = lock_february(programme)
    mine, theirs = fresh_copy(edition), fresh_copy(edition)
    approval.approve(theirs, meeting_on=MEETING, actor=ANNA, at=LOCKED_AT)
    with pytest.raises(ValidationError, match="allerede godkendt"):
        approval.approve(mine, meeting_on=date(2026, 2, 1), actor=ANNA, at=LOCKED_AT)
    assert stored(edition)["approved_at_meeting_on"] == MEETING


def test_an_unapproved_edition_is_not_published(programme: Programme):
    edition = lock_with_files(programme)
    with pytest.raises(ValidationError, match="skal være godkendt"):
        approval.publish(fresh_copy(edition), actor=ANNA, at=LOCKED_AT)
    assert stored(edition)["published_at"] is None


def test_an_edition_that_lacks_files_is_not_published(programme: Programme):
    edition = lock_february(programme)
    approval.approve(edition, meeting_on=MEETING, actor=ANNA, at=LOCKED_AT)
    with pytest.raises(ValidationError, match="mangler filer"):
        approval.publish(fresh_copy(edition), actor=ANNA, at=LOCKED_AT)
    assert stored(edition)["published_at"] is None


def test_without_the_setting_one_person_is_enough(programme: Programme, secretariat: User):
    assert programme.needs_second_pair_of_eyes is False
    edition = lock_with_files(programme, actor=secretariat.actor)
    approval.approve(edition, meeting_on=MEETING, actor=secretariat.actor, at=LOCKED_AT)
    approval.publish(fresh_copy(edition), actor=secretariat.actor, at=LOCKED_AT)
    assert stored(edition)["published_by_id"] == secretariat.pk


def test_with_the_setting_another_person_must_publish(
    programme: Programme, secretariat: User, group: User
):
    edit(programme, needs_second_pair_of_eyes=True)
    edition = lock_with_files(programme, actor=secretariat.actor)
    approval.approve(edition, meeting_on=MEETING, actor=secretariat.actor, at=LOCKED_AT)
    with pytest.raises(ValidationError, match="Du har selv låst udgaven"):
        approval.publish(fresh_copy(edition), actor=secretariat.actor, at=LOCKED_AT)
    assert stored(edition)["published_at"] is None
    approval.publish(fresh_copy(edition), actor=group.actor, at=LOCKED_AT)
    assert stored(edition)["published_by_id"] == group.pk


def test_publication_requires_all_formats():
    assert {kind.key for kind in files.FORMATS} == approval.HANDED_OVER
