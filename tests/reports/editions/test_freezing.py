"""Locking a month through `freezing.freeze`: what is stored, and what it is compared with."""

import hashlib
import json
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from core.clock import COPENHAGEN
from initiatives.sources.live import build_live
from principles.models import Programme
from reports.comparison.change_text import change_text
from reports.comparison.diff import diff
from reports.editions import freezing
from reports.models import StatusReport
from tests.conftest import OtherProgramme
from tests.initiatives.steps import edit, judge, read_initiative
from tests.performance.growing import grow
from tests.query_counts import counted_queries
from tests.reports.editions.freezing_steps import (
    MEETING,
    basis_of,
    freeze,
    lock_february,
    lock_january,
)
from tests.reports.editions.steps import CORRECTION, FEBRUARY, LOCKED_AT, lock

# What is locked


def test_editions_are_numbered_within_their_month(programme: Programme):
    assert lock_january(programme).number == 1
    assert lock_february(programme).number == 1
    assert lock_february(programme, correction=CORRECTION).number == 2
    assert lock_february(programme, correction="Også en deadline.").number == 3
    assert lock_january(programme, correction=CORRECTION).number == 2
    assert StatusReport.objects.filter(programme=programme).count() == 2


def test_programmes_are_numbered_apart(programme: Programme, other_programme: OtherProgramme):
    lock_january(programme)
    lock_february(programme)
    edition_of_other = lock_february(other_programme.programme)
    assert (edition_of_other.number, edition_of_other.compared_with) == (1, None)
    assert [item.title for item in edition_of_other.plan().initiatives()] == [
        "Det andet programs initiativ"
    ]


def test_the_document_is_the_plan_as_it_stood(programme: Programme):
    edition = lock_february(programme)
    expected = build_live(programme, month=FEBRUARY, on=LOCKED_AT.date()).document
    assert edition.plan() == expected
    assert edition.document == expected.to_json()
    assert edition.schema == expected.schema
    assert len(list(edition.plan().initiatives())) == 14


def test_the_hash_is_that_of_the_canonical_document(programme: Programme):
    edition = lock_february(programme)
    edition.refresh_from_db()
    assert edition.sha256 == hashlib.sha256(edition.document.encode()).hexdigest()
    data = json.loads(edition.document)
    canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert edition.document == canonical
    assert freezing.facts(edition).code.replace(" ", "") == edition.seal[:32]


def test_the_edition_records_who_locked_it_and_when(programme: Programme, secretariat: User):
    edition = lock_february(programme, actor=secretariat.actor, meeting_on=MEETING)
    edition.refresh_from_db()
    assert edition.frozen_by == secretariat
    assert edition.frozen_by_name == "Anna Eksempel"
    assert edition.frozen_at == LOCKED_AT
    assert edition.meeting_on == MEETING
    assert edition.drawn_up_on == date(2026, 2, 26)
    assert (edition.approved_at, edition.published_at) == (None, None)


def test_the_day_is_copenhagens(programme: Programme):
    edition = lock_february(programme, at=datetime(2026, 2, 26, 23, 30, tzinfo=UTC))
    assert edition.drawn_up_on == edition.plan().drawn_up_on == date(2026, 2, 27)
    assert freezing.facts(edition).locked_on == date(2026, 2, 27)


def test_the_document_holds_no_names_of_who_edited(programme: Programme, secretariat: User):
    judge("kontraktanalyse", "minor_deviations", "Forsinket.", deviates=["time"])
    edition = lock_february(programme)
    assert secretariat.name not in edition.document
    assert "Bo Eksempel" not in edition.document


def test_internal_notes_are_not_locked(programme: Programme):
    edit(read_initiative("kontraktanalyse"), internal_notes="Kun mellem os i sekretariatet.")
    edition = lock_february(programme)
    assert "Kun mellem os" not in edition.document
    assert "Kun mellem os" not in json.dumps(edition.sentences, ensure_ascii=False)


def test_a_programme_renamed_meanwhile_is_not_locked_under_its_old_name(programme: Programme):
    """The request read its programme before the transaction began, and so it may be stale."""
    basis = basis_of(programme)
    edit(programme, title="Nyt navn")
    assert programme.title != "Nyt navn"
    with pytest.raises(freezing.PlanChanged):
        freeze(programme, basis)
    programme.refresh_from_db()
    basis = basis_of(programme)
    assert freeze(programme, basis).plan().programme.title == "Nyt navn"


def test_a_plan_changed_meanwhile_is_not_locked(programme: Programme):
    """This holds without an earlier edition too, where no sentence shows the change."""
    basis = basis_of(programme)
    judge("kontraktanalyse", "completed", reason="Afleveret.")
    with pytest.raises(freezing.PlanChanged):
        freeze(programme, basis)


# What it is compared with


def test_the_first_edition_is_compared_with_nothing(programme: Programme):
    edition = lock_february(programme)
    assert (edition.compared_with, edition.sentences) == (None, [])


def test_an_edition_is_compared_with_the_newest_one_of_an_earlier_month(programme: Programme):
    december = lock(
        programme,
        month=date(2025, 12, 1),
        at=datetime(2026, 2, 26, 9, tzinfo=COPENHAGEN),
        with_files=False,
    )
    first = lock_january(programme)
    second = lock_january(programme, correction=CORRECTION)
    february = lock_february(programme)
    assert february.compared_with == second
    # A correction is compared with the month before as well, not with what it corrects.
    assert lock_february(programme, correction=CORRECTION).compared_with == second
    assert first.compared_with == second.compared_with == december


def test_a_correction_of_an_earlier_month_looks_back_only(programme: Programme):
    january = lock_january(programme)
    lock_february(programme)
    again = lock_january(programme, correction=CORRECTION)
    assert january.compared_with is None
    assert again.compared_with is None


def test_sentences_are_those_of_the_change_text(programme: Programme):
    january = lock_january(programme)
    edition = lock_february(programme)
    expected = change_text(diff(january.plan(), edition.plan()))
    assert len(expected) > 5
    assert edition.sentences == [
        {"id": s.change_id, "proposed": s.text, "text": s.text, "taken": True} for s in expected
    ]


def test_sentences_are_locked_as_edited(programme: Programme):
    lock_january(programme)
    edition = lock_february(programme)
    (first, second, *rest) = edition.sentences
    edited = "Skrevet om, med æøå og »citat«.\nOg en linje til."
    again = lock_february(
        programme,
        correction=CORRECTION,
        wordings={second["id"]: f"  {edited.replace(chr(10), chr(13) + chr(10))}  \n"},
    )
    again.refresh_from_db()
    assert again.sentences == [first, second | {"text": edited}, *rest]
    assert freezing.facts(again).sentences[1] == edited


def test_wordings_of_other_changes_are_not_locked(programme: Programme):
    lock_january(programme)
    candidate = freezing.candidate(programme, month=FEBRUARY, on=LOCKED_AT.date())
    edition = lock_february(programme, wordings={"initiative:findes-ikke:status": "Opdigtet."})
    assert [s["id"] for s in edition.sentences] == [s.change_id for s in candidate.sentences]
    assert "Opdigtet." not in json.dumps(edition.sentences)


# What it costs


@pytest.mark.slow
def test_the_cost_of_locking_does_not_grow(programme: Programme):
    """This counts the function alone; `test_lock_page` counts the queries of the request."""
    lock_january(programme)  # to be compared with
    grow(programme, 200)
    basis = basis_of(programme)
    with CaptureQueriesContext(connection) as captured:
        freeze(programme, basis)
    assert len(counted_queries(captured)) <= 13
