"""A deadline's days, and every move of them: kept, told, and never erased."""

import json
from datetime import date, datetime, timedelta
from itertools import count, product
from typing import Any

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.test import Client
from django.urls import reverse

import plan
from core import writing
from core.clock import COPENHAGEN
from core.tracking import AroundTheDoor
from initiatives.models import Action, Deadline, DeadlineMove, Fact, Initiative
from initiatives.sources import live
from initiatives.urls import urlpatterns
from plan import due
from plan.fact import DATED, MAY_BE_MET
from tests.core.reading import form_with
from tests.factories import (
    insert_many,
    make_action,
    make_area,
    make_initiative,
    make_principle,
    make_programme,
)
from tests.initiatives.steps import BO, NOON
from tests.protection import without_triggers

pytestmark = pytest.mark.django_db

ON = date(2026, 2, 26)
DAY = timedelta(days=1)
WRITTEN = datetime(2026, 1, 5, 12, tzinfo=COPENHAGEN)
LATER = datetime(2026, 2, 26, 12, tzinfo=COPENHAGEN)
NEXT_YEAR = datetime(2027, 2, 26, 12, tzinfo=COPENHAGEN)
MARCH = (date(2026, 3, 1), date(2026, 3, 31))
MAY = (date(2026, 5, 1), date(2026, 5, 31))
MID_2026 = (date(2026, 5, 1), date(2026, 8, 31))
WHY = "Skabelonen er forsinket."

_numbers = count(1)


def add(wording: str = "Marts 2026", **values: Any) -> Any:
    """A new deadline, as the portal adds it."""
    number = next(_numbers)
    given: dict[str, Any] = {"reason": "Oprettet.", "at": WRITTEN} | {
        name: values.pop(name) for name in ("reason", "at") if name in values
    }
    own = {"key": f"flyttet-{number}", "position": float(number), "wording": wording}
    if "initiative" not in values:
        own["initiative"] = make_initiative()
    return Deadline(**own | values).add(actor=BO, **given)


def revise(row: Any, reason: str = WHY, **changes: Any) -> Any:
    """The row as it stands after somebody saved `changes` to it."""
    own = ("at", "version", "is_correction")
    how = {"at": LATER, "version": Deadline.objects.get(pk=row.pk).version}
    how |= {name: changes.pop(name) for name in own if name in changes}
    return row.revise(changes, actor=BO, reason=reason, **how).row


def moves_of(row: Any) -> list[Any]:
    return list(row.moves.order_by("id"))


def in_document(row: Any) -> plan.Deadline:
    """The deadline as every screen and report has it."""
    item, _ = live.build_one(row.initiative, month=date(2026, 2, 1))
    (found,) = (deadline for deadline in item.deadlines if deadline.key == row.key)
    return found


def hard(text: str) -> str:
    """The text with "_" for the blanks that never break."""
    return text.replace("_", "\N{NO-BREAK SPACE}")


# What is a move


def test_a_new_deadline_has_the_days_of_its_wording_and_no_moves():
    row = add("Opstart 6. marts 2026. Deadline: maj 2026")
    assert (row.starts_on, row.ends_on, row.kind) == (*MAY, "month")
    assert row.opens_on == date(2026, 3, 6)
    assert not moves_of(row)


def test_other_days_are_a_move_that_keeps_what_was_said():
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


def test_days_set_by_hand_are_asked_after_when_the_wording_names_others():
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
    seen = row.version
    revise(row, wording="4. kvartal 2026")
    mine = {
        "set_by_hand": True,
        "starts_on": date(2026, 6, 1),
        "ends_on": date(2026, 6, 30),
        "opens_on": None,
    }
    with pytest.raises(writing.StaleVersion) as refused:
        row.revise(mine, version=seen, actor=BO, reason=WHY, at=NOON)
    named = {conflict.field for conflict in refused.value.conflicts}
    assert named == set(mine)
    assert not set(refused.value.theirs) & named


def test_what_is_met_is_not_moved_by_the_way():
    row = revise(add("Marts 2026"), met_on=date(2026, 2, 20))
    with pytest.raises(ValidationError, match="opfyldt"):
        revise(row, wording="Maj 2026")
    row = revise(row, wording="Maj 2026", met_on=None)
    assert len(moves_of(row)) == 1


@pytest.mark.parametrize("year", [1, 1999, 2101, 9999])
def test_a_year_no_plan_speaks_of(year: int):
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


def test_what_is_finished_keeps_its_promise_and_needs_no_reason():
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


def test_an_event_is_nobodys_promise():
    row = revise(add("Konference i marts 2026", fact="event"), reason="", wording="Maj 2026")
    assert (row.starts_on, row.ends_on) == MAY
    assert not moves_of(row)


def test_a_promise_that_passes_for_an_event_on_its_way_is_still_moved():
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


def test_a_new_deadline_that_calls_itself_new_has_left_one_that_nobody_told():
    row = add("Ny deadline: maj 2026", reason="")
    (move,) = moves_of(row)
    assert (move.old_wording, move.old_starts_on, move.old_ends_on) == ("", None, None)
    assert (move.new_starts_on, move.new_ends_on) == MAY
    assert due.first_line(in_document(row)) == "Oprindelig deadline er ikke oplyst."


# Two people at once


def test_who_moves_what_was_moved_meanwhile_is_told_and_nothing_is_written():
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


def test_a_move_meets_what_somebody_else_wrote_in_another_field():
    row = add("Marts 2026")
    revise(row, reason="", source_note="Fra mødet.", version=1)
    row = revise(row, wording="Medio 2026", source_note="", version=1)
    assert (row.wording, row.source_note, row.version) == ("Medio 2026", "Fra mødet.", 3)
    assert moves_of(row)[0].deadline_version == 3


def test_who_saves_another_field_does_not_move_a_deadline_back():
    row = add("Marts 2026")
    revise(row, wording="Medio 2026", version=1)
    row = revise(row, reason="", wording="Marts 2026", source_note="Fra mødet.", version=1)
    assert (row.wording, row.ends_on) == ("Medio 2026", MID_2026[1])
    assert len(moves_of(row)) == 1


def test_saving_what_stands_writes_nothing():
    row = revise(add("Marts 2026"), reason="", wording="Marts 2026", fact="deadline")
    assert row.version == 1


# Never erased


@pytest.fixture
def moved() -> Any:
    return revise(add("Marts 2026"), wording="Medio 2026")


def test_a_move_is_never_changed(moved: Any):
    (move,) = moves_of(moved)
    move.reason = "En anden grund."
    with pytest.raises(AroundTheDoor):
        move.save()
    with pytest.raises(AroundTheDoor):
        move.record(version=3, actor=BO, at=LATER)
    with pytest.raises(AroundTheDoor):
        DeadlineMove.objects.update(reason="En anden grund.")
    with pytest.raises(AroundTheDoor):
        DeadlineMove.objects.bulk_update([move], ["reason"])
    assert moves_of(moved)[0].reason == WHY


def test_a_move_is_never_removed(moved: Any):
    (move,) = moves_of(moved)
    with pytest.raises(AroundTheDoor):
        move.delete()
    with pytest.raises(AroundTheDoor):
        DeadlineMove.objects.all().delete()
    with pytest.raises(AroundTheDoor):
        moved.moves.all().delete()
    with pytest.raises(AroundTheDoor):
        DeadlineMove.objects.bulk_create([])
    with pytest.raises(models.ProtectedError):
        models.QuerySet(Deadline).filter(pk=moved.pk).delete()
    assert moves_of(moved) == [move]


def test_what_is_archived_and_restored_keeps_its_moves(moved: Any):
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
    # One more is added with other values, and the constraint alone refuses it.
    own = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    if "key" in own:
        own["key"] = "en-anden"
    other = type(row)(**own | {"id": None} | values)
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
def test_a_move_the_database_refuses(moved: Any, constraint: str, values: dict[str, Any]):
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
def test_a_deadline_the_database_refuses(constraint: str, values: dict[str, Any]):
    assert constraint in refused(add("Marts 2026"), **values)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("ends_on", {"set_by_hand": True, "starts_on": MAY[0], "ends_on": MARCH[1]}),
        ("met_on", {"fact": "event", "met_on": ON}),
    ],
)
def test_the_same_is_told_by_field(field: str, values: dict[str, Any]):
    with pytest.raises(ValidationError) as error:
        revise(add("Marts 2026"), **values)
    assert field in error.value.message_dict


# The queries and the document say the same

PAUSES = ("nothing", "initiative", "a", "archived")
DAYS_AROUND = (
    *((None, None), (ON, None), (None, ON - DAY), (None, ON), (None, ON + DAY)),
    *((ON - DAY, ON - DAY), (ON, ON), (ON + DAY, ON + DAY), (ON - 9 * DAY, ON - DAY)),
    *((ON - 9 * DAY, ON + 9 * DAY), (ON + 5 * DAY, ON + 9 * DAY), (ON + 9 * DAY, ON + 9 * DAY)),
)


def with_every_deadline(area: Any, paused: str) -> Initiative:
    """An initiative with two indsatser and every fact × met × days, paused in one way."""
    initiative = make_initiative(area)
    actions: dict[str, Action] = {name: make_action(initiative) for name in "ab"}
    rows: list[Any] = []

    def make(fact: str, **values: Any) -> None:
        number = next(_numbers)
        own = {"key": f"hver-{number}", "position": -number, "wording": "?", "version": 1}
        rows.append(Deadline(initiative=initiative, fact=fact, **own | values))

    if paused != "nothing":
        archived = LATER if paused == "archived" else None
        make("paused", action=actions.get(paused), archived_at=archived)
    facts = [fact for fact in Fact.values if fact != "paused"]
    for fact, met, days, action in product(
        facts, (None, ON - DAY, ON + DAY), DAYS_AROUND, (None, *actions.values())
    ):
        if (met is None or fact in MAY_BE_MET) and (days == (None, None) or fact in DATED):
            make(fact, met_on=met, starts_on=days[0], ends_on=days[1], action=action)
    make("deadline", ends_on=ON - DAY, archived_at=LATER)
    insert_many(rows)
    return initiative


@pytest.fixture
def everything() -> tuple[Any, list[tuple[plan.Initiative, plan.Deadline]]]:
    """A queryset of every deadline there can be around `ON`, and the same in the document."""
    programme = make_programme()
    area = make_area(make_principle(programme))
    for paused in PAUSES:
        with_every_deadline(area, paused)
    gone = with_every_deadline(area, "nothing")
    writing.archive(gone, version=gone.version, actor=BO, reason="", at=LATER)
    document = live.build_live(programme, month=date(2026, 2, 1), on=ON).document
    pairs = [(item, deadline) for item in document.initiatives() for deadline in item.deadlines]
    return Deadline.objects.of(programme), pairs


def keys(deadlines: Any) -> set[str]:
    return set(deadlines.values_list("key", flat=True))


def test_the_same_deadlines_are_overdue_and_unanswered(everything: Any):
    rows, pairs = everything
    for on in (ON - DAY, ON, ON + DAY, ON + 2 * DAY, ON + 30 * DAY):
        overdue = {d.key for item, d in pairs if due.is_overdue(item, d, on)}
        unanswered = {d.key for item, d in pairs if due.is_unanswered(item, d, on)}
        assert keys(rows.overdue(on)) == overdue
        assert keys(rows.unanswered(on)) == unanswered
        assert bool(overdue) == bool(unanswered) == (on >= ON)
        assert not overdue & unanswered


@pytest.mark.parametrize(("before", "after"), [(0, 0), (0, 60), (1, 1), (-1, 1), (-5, 8), (30, 0)])
def test_the_same_deadlines_fall_due_between_two_days(everything: Any, before: int, after: int):
    rows, pairs = everything
    first, last = ON - before * DAY, ON + after * DAY
    found = {d.key for item, d in pairs if due.is_due_between(item, d, first, last)}
    assert keys(rows.due_between(first, last)) == found
    assert found


def test_the_same_order_with_those_without_a_day_last(everything: Any):
    rows, pairs = everything
    ordered = list(rows.in_plan().by_due())
    in_words = sorted((deadline for _, deadline in pairs), key=due.order)
    assert [row.key for row in ordered] == [deadline.key for deadline in in_words]
    ends = [row.ends_on for row in ordered]
    assert ends == sorted(ends, key=lambda end: end or date.max)
    assert ordered[-1].starts_on is None


@pytest.mark.parametrize("fact", DATED)
def test_the_last_day_itself_is_not_too_late(fact: str):
    row = add("26. februar 2026", fact=fact)
    mine = Deadline.objects.filter(pk=row.pk)
    assert not mine.overdue(ON).exists()
    assert not mine.unanswered(ON).exists()
    assert mine.overdue(ON + DAY).exists() == (fact == "deadline")
    assert mine.unanswered(ON + DAY).exists() == (fact == "presentation")


def test_what_is_dropped_is_not_late():
    row = add("Januar 2026")
    mine = Deadline.objects.filter(pk=row.pk)
    assert mine.overdue(ON).exists()
    parent = row.initiative
    writing.archive(parent, version=parent.version, actor=BO, reason="", at=LATER)
    assert not mine.overdue(ON).exists()


# Said and not said


def test_no_deadline_said_is_not_the_same_as_nothing_said():
    said = in_document(add("Ingen deadline", fact="none"))
    silent, _ = live.build_one(make_initiative(), month=date(2026, 2, 1))
    assert (said.fact, said.fact_label) == ("none", "Ingen deadline")
    assert silent.deadlines == ()


def test_the_document_keeps_days_and_moves_when_stored(moved: Any):
    programme = moved.initiative.area.principle.programme
    document = live.build_live(programme, month=date(2026, 2, 1), on=ON).document
    again = plan.PlanDocument.from_json(document.to_json())
    assert again == document
    assert json.loads(document.to_json())["schema"] == plan.SCHEMA
    ((deadline,),) = (item.deadlines for item in again.initiatives())
    assert due.first_line(deadline) == hard("Oprindelig: marts_2026. Nu: medio_2026.")
