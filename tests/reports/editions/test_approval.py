"""Approving and publishing an edition through the public functions."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from principles.models import Programme
from reports.editions import approval, files
from tests.initiatives.steps import edit
from tests.reports.editions.freezing_steps import MEETING, again, lock_february, lock_with_files
from tests.reports.editions.steps import ANNA, LOCKED_AT, stored

# Approval and publication


def test_approved_then_published_once_each(programme: Programme, secretariat: User, group: User):
    edition = lock_with_files(programme)
    before = stored(edition)
    approval.approve(edition, meeting_on=MEETING, actor=secretariat.actor, at=LOCKED_AT)
    later = LOCKED_AT + timedelta(hours=1)
    approval.publish(again(edition), actor=group.actor, at=later)
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
        approval.approve(again(edition), meeting_on=MEETING, actor=ANNA, at=later)
    with pytest.raises(ValidationError, match="allerede offentliggjort"):
        approval.publish(again(edition), actor=ANNA, at=later)
    assert stored(edition) == after


def test_two_who_approve_side_by_side(programme: Programme):
    """Both have the page open; the second meets the row as it is now."""
    edition = lock_february(programme)
    mine, theirs = again(edition), again(edition)
    approval.approve(theirs, meeting_on=MEETING, actor=ANNA, at=LOCKED_AT)
    with pytest.raises(ValidationError, match="allerede godkendt"):
        approval.approve(mine, meeting_on=date(2026, 2, 1), actor=ANNA, at=LOCKED_AT)
    assert stored(edition)["approved_at_meeting_on"] == MEETING


def test_what_is_not_approved_is_not_published(programme: Programme):
    edition = lock_with_files(programme)
    with pytest.raises(ValidationError, match="skal være godkendt"):
        approval.publish(again(edition), actor=ANNA, at=LOCKED_AT)
    assert stored(edition)["published_at"] is None


def test_what_lacks_files_is_not_published(programme: Programme):
    edition = lock_february(programme)
    approval.approve(edition, meeting_on=MEETING, actor=ANNA, at=LOCKED_AT)
    with pytest.raises(ValidationError, match="mangler filer"):
        approval.publish(again(edition), actor=ANNA, at=LOCKED_AT)
    assert stored(edition)["published_at"] is None


def test_without_the_setting_one_pair_of_eyes_will_do(programme: Programme, secretariat: User):
    assert programme.needs_second_pair_of_eyes is False
    edition = lock_with_files(programme, actor=secretariat.actor)
    approval.approve(edition, meeting_on=MEETING, actor=secretariat.actor, at=LOCKED_AT)
    approval.publish(again(edition), actor=secretariat.actor, at=LOCKED_AT)
    assert stored(edition)["published_by_id"] == secretariat.pk


def test_a_second_pair_of_eyes(programme: Programme, secretariat: User, group: User):
    edit(programme, needs_second_pair_of_eyes=True)
    edition = lock_with_files(programme, actor=secretariat.actor)
    approval.approve(edition, meeting_on=MEETING, actor=secretariat.actor, at=LOCKED_AT)
    with pytest.raises(ValidationError, match="en anden end den, der har låst"):
        approval.publish(again(edition), actor=secretariat.actor, at=LOCKED_AT)
    assert stored(edition)["published_at"] is None
    approval.publish(again(edition), actor=group.actor, at=LOCKED_AT)
    assert stored(edition)["published_by_id"] == group.pk


def test_what_publication_asks_for_are_all_the_formats():
    assert {kind.key for kind in files.FORMATS} == approval.HANDED_OVER
