"""The plan as of any moment, from history: what the live source would have given then."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest

import plan
from core import writing
from core.state_at import day_of, end_of
from initiatives.models import Action, Deadline, Initiative, StatusUpdate
from initiatives.sources.as_of import NothingKnownYet, build_as_of, earliest
from initiatives.sources.live import build_live
from principles.models import ActionArea, Principle, Programme, ProgrammeYear, Purpose
from tests.conftest import OtherProgramme
from tests.draws import draws
from tests.factories import CREATED_AT, make_programme
from tests.initiatives.sources.walk import INSTANT, LATER, LOADED, Walk, change, now, try_walks
from tests.initiatives.steps import BO, judge, read_initiative

FEBRUARY, MARCH = date(2026, 2, 1), date(2026, 3, 1)
KEY = "kontraktanalyse"
BEFORE, AFTER = end_of(date(2026, 3, 4)), end_of(date(2026, 3, 5))


def item(document: plan.PlanDocument, key: str = KEY) -> plan.Initiative:
    (found,) = (item for item in document.initiatives() if item.key == key)
    return found


def keys(document: plan.PlanDocument) -> list[str]:
    return [item.key for item in document.initiatives()]


# As it was then


def test_as_of_today_it_is_the_live_document(programme: Programme):
    assert build_as_of(programme, [end_of(LOADED)]) == [now(programme)]


@pytest.mark.parametrize(
    ("model", "key", "field"),
    [
        (Programme, "udviklingsprogrammet", "title"),
        (Purpose, "styrke-konkurrencen", "title"),
        (Principle, "botilbud", "title"),
        (ActionArea, "a", "title"),
        (Initiative, KEY, "title"),
        (Initiative, KEY, "ask"),
        (Initiative, KEY, "report_text"),
        (Action, f"{KEY}-1", "title"),
    ],
)
def test_what_was_renamed_is_called_what_it_was_called(programme: Programme, model, key, field):
    values: dict[str, Any] = {field: "Et helt nyt navn"}
    change(model.objects.get(key=key), **values)
    before, after = build_as_of(programme, [BEFORE, AFTER])
    assert "Et helt nyt navn" not in before.to_json()
    assert "Et helt nyt navn" in after.to_json()


@pytest.mark.parametrize(
    ("model", "key"),
    [
        (Purpose, "styrke-konkurrencen"),
        (Principle, "botilbud"),
        (ActionArea, "a"),
        (ProgrammeYear, "j-2025"),
        (Initiative, KEY),
        (Action, f"{KEY}-1"),
        (Deadline, f"{KEY}-d1"),
    ],
)
def test_what_was_archived_later_is_there_and_what_is_restored_was_not(
    programme: Programme, model, key
):
    row = model.objects.get(key=key)
    whole = now(programme)
    writing.archive(row, version=row.version, actor=BO, reason="", at=LATER)
    without = now(programme)
    writing.restore(row, version=row.version + 1, actor=BO, reason="", at=AFTER)
    moments = [BEFORE, AFTER, AFTER + INSTANT]
    assert [of.principles for of in build_as_of(programme, moments)] == [
        whole.principles,
        without.principles,
        whole.principles,
    ]
    assert whole != without


def test_what_was_added_later_is_not_there(programme: Programme):
    row = Initiative(key="ny", title="Nyt", area=read_initiative(KEY).area, position=0)
    writing.create(row, actor=BO, reason="", at=LATER)
    before, after = build_as_of(programme, [BEFORE, AFTER])
    assert len(keys(before)) == 14
    assert set(keys(after)) - set(keys(before)) == {"ny"}


def test_the_order_is_that_of_then(programme: Programme):
    order = keys(now(programme))
    change(read_initiative(order[-1]).area, position=-1)
    change(read_initiative(order[0]), position=99)
    before, after = build_as_of(programme, [BEFORE, AFTER])
    assert keys(before) == order
    assert keys(after) == keys(now(programme)) != order


def test_a_deadline_names_its_indsats_after_that_is_archived(programme: Programme):
    row = Action.objects.get(key="myndighedsbestilling-1")
    writing.archive(row, version=row.version, actor=BO, reason="", at=LATER)
    (after,) = build_as_of(programme, [AFTER])
    assert item(after, "myndighedsbestilling").deadlines[0].action == "myndighedsbestilling-1"


def test_internal_notes_are_no_part_of_it(programme: Programme):
    change(read_initiative(KEY), internal_notes="Hemmeligord")
    assert "Hemmeligord" not in build_as_of(programme, [AFTER])[0].to_json()


# Judgements and moves


def test_an_initiative_has_the_judgement_of_then(programme: Programme):
    was = item(now(programme))
    judge(KEY, "completed", reason="Afleveret.", at=LATER)
    before, after = build_as_of(programme, [BEFORE, AFTER])
    assert item(before) == was
    assert (item(after).status, item(after).judgement) != (was.status, was.judgement)
    assert item(after) == item(now(programme))


def test_a_confirmation_that_was_taken_back_later_still_stood(programme: Programme):
    row = read_initiative("kompetenceudvikling")
    row.confirm_unchanged(month=FEBRUARY, version=row.version, actor=BO, at=BEFORE - INSTANT)
    row.retract_confirmation(month=FEBRUARY, actor=BO, at=AFTER - INSTANT)
    moments = [end_of(LOADED), BEFORE, AFTER]
    assert [plan.count_updated(document) for document in build_as_of(programme, moments)] == [
        10,
        11,
        10,
    ]


def test_what_is_judged_of_an_initiative_before_it_is_in_the_plan_waits_for_it(
    programme: Programme,
):
    assert StatusUpdate.objects.earliest("recorded_at").recorded_at < end_of(date(2026, 2, 24))
    before, after = build_as_of(programme, [end_of(date(2026, 2, 25)), end_of(LOADED)])
    assert (keys(before), len(keys(after))) == ([], 14)


def test_a_move_is_told_from_the_moment_it_was_recorded(programme: Programme):
    deadline = Deadline.objects.get(key="myndighedsbestilling-d1")
    deadline.revise(
        {"wording": "Deadline: udgangen af juni 2026"},
        version=deadline.version, actor=BO, reason="Mødet er flyttet.", at=LATER,
    )  # fmt: skip
    before, after = (
        item(document, "myndighedsbestilling").deadlines[0]
        for document in build_as_of(programme, [BEFORE, AFTER])
    )
    assert before.wording.endswith("marts 2026")
    assert after.wording.endswith("juni 2026")
    assert [move.reason for move in after.moves[len(before.moves) :]] == ["Mødet er flyttet."]


# Months and days


def test_the_month_is_the_one_that_was_reported(programme: Programme):
    change(programme, reporting_month=MARCH)
    before, after = build_as_of(programme, [BEFORE, AFTER])
    assert (before.month, before.drawn_up_on) == (FEBRUARY, date(2026, 3, 4))
    assert (after.month, after.drawn_up_on) == (MARCH, date(2026, 3, 5))
    assert item(after).before == item(before).judgement


def test_a_month_of_ones_own(programme: Programme):
    october = date(2025, 10, 1)
    (document,) = build_as_of(programme, [end_of(LOADED)], months=[october])
    assert document == build_live(programme, month=october, on=LOADED).document


def test_it_is_known_from_the_first_day_with_an_initiative(programme: Programme):
    (document,) = build_as_of(programme, [end_of(earliest(programme))])
    assert document.drawn_up_on == earliest(programme) == LOADED
    assert len(keys(document)) == 14
    (empty,) = build_as_of(programme, [end_of(LOADED - timedelta(days=1))])
    assert keys(empty) == []


def test_of_a_plan_without_initiatives_the_programme_is_known(programme: Programme):
    assert earliest(make_programme()) == CREATED_AT.date()


def test_before_the_programme_there_is_nothing(programme: Programme):
    with pytest.raises(NothingKnownYet) as refused:
        build_as_of(programme, [end_of(LOADED), end_of(date(2024, 11, 29))])
    assert refused.value.first_day == LOADED


# Other programmes


def test_another_programme_is_no_part_of_it(programme: Programme, other_programme: OtherProgramme):
    (document,) = build_as_of(programme, [AFTER])
    assert "andet program" not in document.to_json().casefold()
    (other,) = build_as_of(other_programme.programme, [AFTER])
    assert keys(other) == [other_programme.initiative.key]
    assert other == now(other_programme.programme, day_of(AFTER))


def test_what_changed_programme_belongs_where_it_belonged(
    programme: Programme, other_programme: OtherProgramme, monkeypatch: pytest.MonkeyPatch
):
    # The door refuses it now; history is read as it stands.
    monkeypatch.setattr(writing, "refuse_another_programme", lambda *_: None)
    change(read_initiative(KEY), area=other_programme.area)
    other = other_programme.initiative.key
    change(read_initiative(other), area=read_initiative("takstoversigt").area)
    before, after = build_as_of(programme, [BEFORE, AFTER])
    assert (KEY in keys(before), other in keys(before)) == (True, False)
    assert (KEY in keys(after), other in keys(after)) == (False, True)
    before, after = build_as_of(other_programme.programme, [BEFORE, AFTER])
    assert (keys(before), keys(after)) == ([other], [KEY])


# Whatever people do


@pytest.mark.slow
def test_it_is_what_the_live_source_said_at_the_time(programme: Programme):
    compared: set[tuple[datetime, str]] = set()

    def walk(chance: Random) -> None:
        people = Walk(chance)
        people.run(20)
        for _ in range(5):
            moments = [people.moment(), people.moment()]
            then = [people.then(moment) for moment in moments]
            for place, own in enumerate(people.programmes):
                at_once = build_as_of(own, moments)
                assert at_once == [both[place] for both in then]
                assert at_once[:1] == build_as_of(own, moments[:1])
            compared.update((at, both[0].to_json()) for at, both in zip(moments, then, strict=True))

    walks = draws(20, 6)
    try_walks(walks, walk)
    assert len(compared) > 5 * walks
