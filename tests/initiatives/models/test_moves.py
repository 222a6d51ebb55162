"""The moves of a deadline: what counts as one, what it requires, and concurrent saves."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from core import writing
from core.clock import COPENHAGEN
from plan import due
from tests.core.reading import hard
from tests.initiatives.models.deadline_steps import (
    LATER,
    MARCH,
    MAY,
    ON,
    WHY,
    WRITTEN,
    add,
    in_document,
    moves_of,
    revise,
)
from tests.initiatives.steps import BO, NOON

pytestmark = pytest.mark.django_db
NEXT_YEAR = datetime(2027, 2, 26, 12, tzinfo=COPENHAGEN)
MID_2026 = (date(2026, 5, 1), date(2026, 8, 31))


# What counts as a move


def test_a_new_deadline_has_the_days_of_its_wording_and_no_moves():
    row = add("Opstart 6. marts 2026. Deadline: maj 2026")
    assert (row.starts_on, row.ends_on, row.kind) == (*MAY, "month")
    assert row.opens_on == date(2026, 3, 6)
    assert not moves_of(row)


def test_other_days_are_a_move_that_keeps_the_old_wording():
    row = revise(add("Marts 2026"), wording="Medio 2026")
    (move,) = moves_of(row)
    assert (move.old_wording, move.old_starts_on, move.old_ends_on) == ("Marts 2026", *MARCH)
    assert (move.new_wording, move.new_starts_on, move.new_ends_on) == ("Medio 2026", *MID_2026)
    assert (move.old_kind, move.new_kind) == ("month", "year")
    assert (move.reason, move.cause, move.moved_on) == (WHY, "edit", ON)
    assert (move.by_name, move.by, move.recorded_at) == ("Bo Eksempel", None, LATER)
    assert move.deadline_version == row.version == 2
    assert (row.starts_on, row.ends_on, row.kind) == (*MID_2026, "year")


def test_a_move_without_a_reason_is_refused_with_both_days_and_nothing_is_written():
    row = add("Marts 2026")
    with pytest.raises(ValidationError) as refused:
        revise(row, reason="", wording="Medio 2026")
    (sentence,) = refused.value.message_dict["change_reason"]
    assert "marts 2026" in sentence.replace("\N{NO-BREAK SPACE}", " ")
    assert "medio 2026" in sentence.replace("\N{NO-BREAK SPACE}", " ")
    row.refresh_from_db()
    assert (row.wording, row.version, moves_of(row)) == ("Marts 2026", 1, [])


def test_another_wording_of_the_same_days_is_no_move():
    row = revise(add("Marts 2026"), reason="", wording="I løbet af marts måned 2026")
    assert (row.starts_on, row.ends_on) == MARCH
    assert row.version == 2
    assert not moves_of(row)


def test_a_mistake_in_writing_is_kept_as_a_correction():
    row = revise(add("Maj 2025"), "Slåfejl.", wording="Maj 2026", is_correction=True)
    (move,) = moves_of(row)
    assert (move.cause, move.old_wording, move.new_wording) == (
        "correction",
        "Maj 2025",
        "Maj 2026",
    )
    document = in_document(row)
    assert due.moved_sentence(document) == ""
    assert due.corrections(document) == (
        hard("Rettet den 26._februar_2026 fra maj_2025 til maj_2026. Begrundelse: Slåfejl."),
    )


def test_a_correction_needs_a_reason_too():
    with pytest.raises(ValidationError, match="change_reason"):
        revise(add("Maj 2025"), reason="", wording="Maj 2026", is_correction=True)


def test_days_set_by_hand_under_the_same_wording_are_a_move():
    by_hand: dict[str, Any] = {"set_by_hand": True, "starts_on": None, "ends_on": date(2026, 4, 15)}
    row = revise(add("Marts 2026"), **by_hand)
    (move,) = moves_of(row)
    assert move.old_wording == move.new_wording == row.wording == "Marts 2026"
    assert (move.new_starts_on, move.new_ends_on) == (None, date(2026, 4, 15))
    assert in_document(row).set_by_hand


def test_days_set_by_hand_are_questioned_when_the_wording_names_others():
    row = add("?", set_by_hand=True, ends_on=date(2026, 4, 15))
    with pytest.raises(ValidationError, match="Ordlyden læses som medio"):
        revise(row, wording="Medio 2026")
    row = revise(row, wording="Aftales på mødet")
    assert (row.starts_on, row.ends_on, row.kind) == (None, date(2026, 4, 15), "day")
    row = revise(row, wording="Medio 2026", set_by_hand=False)
    assert row.ends_on == date(2026, 8, 31)
    assert len(moves_of(row)) == 1


def test_days_set_by_hand_and_changed_meanwhile_are_one_conflict():
    row = add("Juni 2026")
    version = row.version
    revise(row, wording="4. kvartal 2026")
    mine = {
        "set_by_hand": True,
        "starts_on": date(2026, 6, 1),
        "ends_on": date(2026, 6, 30),
        "opens_on": None,
    }
    with pytest.raises(writing.StaleVersion) as refused:
        row.revise(mine, version=version, actor=BO, reason=WHY, at=NOON)
    named = {conflict.field for conflict in refused.value.conflicts}
    assert named == set(mine)
    assert not set(refused.value.theirs) & named


def test_a_met_deadline_is_not_moved_silently():
    row = revise(add("Marts 2026"), met_on=date(2026, 2, 20))
    with pytest.raises(ValidationError, match="opfyldt"):
        revise(row, wording="Maj 2026")
    row = revise(row, wording="Maj 2026", met_on=None)
    assert len(moves_of(row)) == 1


@pytest.mark.parametrize("year", [1, 1999, 2101, 9999])
def test_an_implausible_year_is_refused(year: int):
    with pytest.raises(ValidationError, match="årstal"):
        add("?", set_by_hand=True, ends_on=date(year, 12, 31))


def test_days_no_longer_set_by_hand_follow_the_wording_again():
    row = add("Marts 2026", set_by_hand=True, ends_on=date(2026, 4, 15))
    row = revise(row, set_by_hand=False)
    assert (row.starts_on, row.ends_on, row.kind) == (*MARCH, "month")
    assert len(moves_of(row)) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"met_on": date(2027, 2, 1)},
        {"fact": "presentation"},
        {"source_note": "Oplyst på mødet."},
        {"opens_on": date(2026, 1, 6)},
    ],
)
def test_a_wording_without_a_year_keeps_the_year_it_was_written_in(changes: dict[str, Any]):
    row = add("12. januar", at=WRITTEN)
    assert row.ends_on == date(2026, 1, 12)
    row = revise(row, reason="", at=NEXT_YEAR, **changes)
    assert row.version == 2
    assert row.ends_on == date(2026, 1, 12)
    assert not moves_of(row)


def test_the_day_it_is_written_is_copenhagens():
    new_year = datetime(2026, 12, 31, 23, 30, tzinfo=COPENHAGEN)
    row = add("I år", at=new_year + timedelta(hours=1))
    assert row.ends_on == date(2027, 12, 31)
    row = revise(add("Marts 2026"), wording="Medio 2026", at=new_year)
    assert moves_of(row)[0].moved_on == date(2026, 12, 31)


def test_a_finished_deadline_keeps_its_promise_and_needs_no_reason():
    row = revise(add("Marts 2026"), reason="", fact="completed", wording="Afsluttet")
    (move,) = moves_of(row)
    assert (move.old_starts_on, move.old_ends_on) == MARCH
    assert (row.starts_on, row.ends_on, row.kind) == (None, None, "done")
    assert due.first_line(in_document(row)) == hard("Oprindelig: marts_2026.")


@pytest.mark.parametrize("fact", ["paused", "waiting", "none"])
def test_a_promise_is_given_up_with_a_reason(fact: str):
    row = add("Marts 2026")
    with pytest.raises(ValidationError, match="har ikke længere en dato"):
        revise(row, reason="", fact=fact)
    row = revise(row, fact=fact)
    assert (row.starts_on, row.ends_on) == (None, None)
    assert moves_of(row)[0].reason == WHY


def test_a_later_date_after_a_pause_goes_on_from_the_first():
    row = revise(add("Marts 2026"), fact="paused", wording="Sat på pause")
    with pytest.raises(ValidationError, match="change_reason"):
        revise(row, reason="", fact="deadline", wording="Medio 2026")
    row = revise(row, fact="deadline", wording="Medio 2026")
    document = in_document(row)
    assert due.first_line(document) == hard("Oprindelig: marts_2026. Nu: medio_2026.")
    assert due.chain_words(document)[0] == hard("marts_2026")


def test_the_first_date_of_a_deadline_is_no_move():
    row = revise(add("?"), reason="", wording="Marts 2026")
    assert (row.starts_on, row.ends_on) == MARCH
    assert not moves_of(row)


def test_an_event_is_not_a_promise():
    row = revise(add("Konference i marts 2026", fact="event"), reason="", wording="Maj 2026")
    assert (row.starts_on, row.ends_on) == MAY
    assert not moves_of(row)


def test_a_promise_that_was_an_event_for_a_while_is_still_moved():
    row = revise(add("Marts 2026"), fact="event")
    row = revise(row, wording="Medio 2026")
    row = revise(row, fact="deadline")
    chain = due.chain_words(in_document(row))
    assert chain == (hard("marts_2026"), "ingen dato", hard("medio_2026"))


def test_a_deadline_moved_three_times_still_shows_the_first():
    row = add("Marts 2026")
    for wording in ("April 2026", "Maj 2026", "Medio 2027"):
        row = revise(row, wording=wording)
    document = in_document(row)
    assert due.chain_words(document) == tuple(
        map(hard, ("marts_2026", "april_2026", "maj_2026", "medio_2027"))
    )
    assert due.moved_sentence(document) == hard(
        "Oprindelig: marts_2026. Nu: medio_2027. "
        "Flyttet 3 gange, senest den 26._februar_2026 fordi skabelonen er forsinket."
    )


def test_moving_back_is_a_move_too():
    row = add("Marts 2026")
    for wording in ("Maj 2026", "Marts 2026"):
        row = revise(row, wording=wording)
    assert "Flyttet 2 gange" in due.first_line(in_document(row))


def test_a_wording_that_says_new_implies_an_unknown_first_deadline():
    row = add("Ny deadline: maj 2026", reason="")
    (move,) = moves_of(row)
    assert (move.old_wording, move.old_starts_on, move.old_ends_on) == ("", None, None)
    assert (move.new_starts_on, move.new_ends_on) == MAY
    assert due.first_line(in_document(row)) == "Oprindelig deadline er ikke oplyst."


# Two people at once


def test_moving_a_deadline_that_was_moved_meanwhile_writes_nothing():
    row = add("Marts 2026")
    revise(row, wording="Maj 2026", version=1)
    with pytest.raises(writing.StaleVersion):
        revise(row, wording="Medio 2026", version=1)
    row.refresh_from_db()
    assert (row.wording, row.version) == ("Maj 2026", 2)
    assert len(moves_of(row)) == 1


@pytest.mark.parametrize("version", [None, 7])
def test_without_a_known_version_nothing_moves(version: int | None):
    row = add("Marts 2026")
    with pytest.raises(writing.VersionMissing):
        revise(row, wording="Medio 2026", version=version)
    assert not moves_of(row)


def test_a_move_is_merged_with_a_change_of_another_field():
    row = add("Marts 2026")
    revise(row, reason="", source_note="Fra mødet.", version=1)
    row = revise(row, wording="Medio 2026", source_note="", version=1)
    assert (row.wording, row.source_note, row.version) == ("Medio 2026", "Fra mødet.", 3)
    assert moves_of(row)[0].deadline_version == 3


def test_saving_another_field_does_not_move_a_deadline_back():
    row = add("Marts 2026")
    revise(row, wording="Medio 2026", version=1)
    row = revise(row, reason="", wording="Marts 2026", source_note="Fra mødet.", version=1)
    assert (row.wording, row.ends_on) == ("Medio 2026", MID_2026[1])
    assert len(moves_of(row)) == 1


def test_saving_unchanged_values_writes_nothing():
    row = revise(add("Marts 2026"), reason="", wording="Marts 2026", fact="deadline")
    assert row.version == 1
