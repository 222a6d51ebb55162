"""The plan document of today from the live tables, and the counts after a save."""

import random
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

import plan
from core import writing
from core.clock import local_day
from core.tracking import Actor
from initiatives.models import Action, Deadline, Initiative, StatusUpdate
from initiatives.sources.counting import count_live
from initiatives.sources.live import build_live, build_one
from plan.status import DEVIATING, NOT_REPORTED, Status
from principles.models import ActionArea, Principle, Programme, Purpose
from tests.conftest import OtherProgramme
from tests.factories import insert_many, make_area, make_deadline, make_initiative, make_principle
from tests.initiatives.steps import BO, NOON, edit, judge, read_initiative, updates
from tests.protection import without_triggers

JANUARY, FEBRUARY, MARCH = (date(2026, month, 1) for month in (1, 2, 3))
DAY = date(2026, 2, 26)


def document(programme: Programme, month: date = FEBRUARY) -> plan.PlanDocument:
    return build_live(programme, month=month, on=DAY).document


def item(programme: Programme, key: str, month: date = FEBRUARY) -> plan.Initiative:
    (match,) = (item for item in document(programme, month).initiatives() if item.key == key)
    return match


# What the document holds


def test_the_check_sums_of_the_programme(programme: Programme):
    built = document(programme)
    assert [len(principle.areas) for principle in built.principles] == [4, 5, 4]
    assert [len(list(p.initiatives())) for p in built.principles] == [6, 5, 3]
    items = list(built.initiatives())
    assert sum(len(item.actions) for item in items) == 24
    assert sum(len(item.deadlines) for item in items) == 22
    assert len(built.programme.purposes) == 3
    assert [area.key for _, areas in plan.untreated_areas(built) for area in areas] == [
        "x",
        "y",
        "z",
    ]


def test_the_document_says_when_and_for_what_month_it_was_made(programme: Programme):
    built = document(programme)
    assert (built.month, built.drawn_up_on) == (FEBRUARY, DAY)
    assert built.banner.startswith("Status, begrundelser og brugere er opdigtede")


def test_years_are_membership_with_the_sources_two_numbers(programme: Programme):
    areas = {area.key: area for p in document(programme).principles for area in p.areas}
    assert areas["j"].years == (plan.YearNumber(2025, 3, 8),)
    assert areas["e"].years == (plan.YearNumber(2026, 4, None),)


def test_a_judgement_has_its_reason_and_month(programme: Programme):
    judgement = item(programme, "leverandoerliste").judgement
    assert judgement is not None
    update = updates("leverandoerliste")[-1]
    assert judgement == plan.Judgement(
        status="major_deviations",
        reason=update.reason,
        deviates=("Tidsplan",),
        month=FEBRUARY,
        day=local_day(update.recorded_at),
        confirmed=False,
        reason_month=FEBRUARY,
    )


def test_a_confirmation_keeps_the_reason_that_stands(programme: Programme):
    judgement = item(programme, "kontraktanalyse").judgement
    reasons = [update.reason for update in updates("kontraktanalyse") if update.reason]
    assert judgement is not None
    assert judgement.confirmed
    assert judgement.reason == reasons[-1]
    assert judgement.month == FEBRUARY
    assert judgement.reason_month == date(2025, 12, 1)


def test_a_reason_for_another_status_does_not_count(programme: Programme):
    first = judge("kontraktanalyse", "completed", "Færdig.")
    with without_triggers():
        models.QuerySet(StatusUpdate).filter(initiative=first, reason="Færdig.").update(
            status_before=None, reason=""
        )
    judgement = item(programme, "kontraktanalyse").judgement
    assert judgement is not None
    assert (judgement.status, judgement.reason) == ("completed", "")


def test_an_initiative_without_a_judgement_is_ikke_oplyst(programme: Programme):
    initiative = item(programme, "ommaerkning-og-nedlukning")
    assert (initiative.status, initiative.judgement, initiative.before) == (
        NOT_REPORTED,
        None,
        None,
    )


def test_deadlines_keep_their_wording_chip_and_indsats(programme: Programme):
    first, second = item(programme, "myndighedsbestilling").deadlines
    assert first.wording == (
        "Juridisk og skematisk overblik over skal og bør i myndighedsbestilling – forsinket. "
        "Ny deadline: marts 2026"
    )
    assert (first.fact, first.fact_label) == ("deadline", "Ny deadline")
    assert (first.action, second.action) == ("myndighedsbestilling-1", "myndighedsbestilling-2")


def test_marks_are_beside_the_status(programme: Programme):
    marks = {entry.key: entry.marks for entry in document(programme).initiatives() if entry.marks}
    assert marks["leverandoerliste"] == (
        plan.Mark("paused", "På pause", "jf. Implementeringsgruppens beslutning 20. januar 2026"),
    )
    assert [mark.label for mark in marks["kvalitetsmodel"]] == [
        "Afventer",
        "Intet godkendt kommissorium",
    ]
    (waiting,) = marks["takstoversigt"]
    assert waiting.detail.endswith(", tidspunkt ikke oplyst")


def test_a_mark_of_waiting_says_since_when(programme: Programme):
    make_deadline(
        read_initiative("kontraktanalyse"),
        fact="waiting",
        detail="svar fra KL",
        since=date(2026, 1, 5),
    )
    (mark,) = item(programme, "kontraktanalyse").marks
    assert mark.detail.replace("\N{NO-BREAK SPACE}", " ") == "svar fra KL, siden 5. januar 2026"


def test_internal_notes_are_not_in_the_document(programme: Programme):
    edit(read_initiative("kontraktanalyse"), internal_notes="Hemmeligord")
    built = build_live(programme, month=FEBRUARY, on=DAY)
    assert "Hemmeligord" not in built.document.to_json()
    assert "Hemmeligord" not in repr(built.rows)


def test_versions_and_names_are_beside_the_document(programme: Programme):
    built = build_live(programme, month=FEBRUARY, on=DAY)
    state = built.rows["leverandoerliste"]
    assert state.version == read_initiative("leverandoerliste").version
    assert (state.judged_by, state.changed_from) == ("Anna Eksempel", "minor_deviations")
    assert "Anna Eksempel" not in built.document.to_json()


def test_the_document_survives_json(programme: Programme):
    built = document(programme)
    assert plan.PlanDocument.from_json(built.to_json()) == built


def test_another_programme_is_not_in_the_document(
    programme: Programme, other_programme: OtherProgramme
):
    assert "andet program" not in document(programme).to_json().casefold()
    keys = [entry.key for entry in document(other_programme.programme).initiatives()]
    assert keys == [other_programme.initiative.key]


# Order and archive


def test_order_is_position_then_age(programme: Programme):
    principle = make_principle(programme, position=0.5)
    area = make_area(principle, position=3)
    first, second, third = (make_initiative(area, position=position) for position in (2, 1, 1))
    built = document(programme)
    assert built.principles[0].key == principle.key
    assert [entry.key for entry in built.principles[0].areas[0].initiatives] == [
        second.key,
        third.key,
        first.key,
    ]


@pytest.mark.parametrize(
    ("model", "key", "text"),
    [
        (Principle, "botilbud", '"botilbud"'),
        (ActionArea, "a", "Vi anvender udelukkende"),
        (Initiative, "kontraktanalyse", '"kontraktanalyse"'),
        (Action, "kontraktanalyse-1", '"kontraktanalyse-1"'),
        (Deadline, "kontraktanalyse-d1", '"kontraktanalyse-d1"'),
        (Purpose, "styrke-konkurrencen", "Styrke konkurrencen"),
    ],
)
def test_archived_rows_are_left_out(programme: Programme, model, key: str, text: str):
    assert text in document(programme).to_json()
    row = model.objects.get(key=key)
    writing.archive(row, version=row.version, actor=BO, reason="", at=NOON)
    assert text not in document(programme).to_json()


def test_a_deadline_of_an_archived_indsats_stays(programme: Programme):
    row = Action.objects.get(key="myndighedsbestilling-1")
    writing.archive(row, version=row.version, actor=BO, reason="", at=NOON)
    assert len(item(programme, "myndighedsbestilling").deadlines) == 2


# Months


def test_month_m_shows_the_newest_judgement_up_to_m(programme: Programme):
    statuses = {
        month: item(programme, "leverandoerliste", month).status
        for month in (date(2025, 9, 1), date(2025, 10, 1), date(2025, 12, 1), FEBRUARY, MARCH)
    }
    assert list(statuses.values()) == [
        NOT_REPORTED,
        "on_track",
        "minor_deviations",
        "major_deviations",
        "major_deviations",
    ]


def test_the_month_before_is_beside_the_month(programme: Programme):
    initiative = item(programme, "leverandoerliste")
    assert initiative.before is not None
    assert (initiative.before.status, initiative.before.month) == ("minor_deviations", JANUARY)
    in_october = item(programme, "leverandoerliste", date(2025, 10, 1))
    assert in_october.before is None


def test_the_newest_of_a_month_is_the_last_recorded(programme: Programme):
    judge("kontraktanalyse", "completed", "Først.")
    judge("kontraktanalyse", "on_track", "Siden.", at=NOON - timedelta(days=3))
    assert item(programme, "kontraktanalyse").status == "on_track"


def test_a_retracted_confirmation_does_not_count(programme: Programme):
    row = read_initiative("kompetenceudvikling")
    row.confirm_unchanged(month=FEBRUARY, version=row.version, actor=BO, at=NOON)
    assert plan.count_updated(document(programme)) == 11
    row.retract_confirmation(month=FEBRUARY, actor=BO, at=NOON)
    judgement = item(programme, "kompetenceudvikling").judgement
    assert judgement is not None
    assert (judgement.month, judgement.confirmed) == (JANUARY, False)
    assert plan.count_updated(document(programme)) == 10


def test_one_initiative_alone_is_as_in_the_document(programme: Programme):
    built = build_live(programme, month=FEBRUARY, on=DAY)
    for entry in built.document.initiatives():
        alone, state = build_one(read_initiative(entry.key), month=FEBRUARY)
        assert alone == entry
        assert state == built.rows[entry.key]


# What it costs


def fill(programme: Programme, number: int, seed: int = 1) -> None:
    """Insert initiatives in random states, past the door, since their history does not matter."""
    chance = random.Random(seed)
    areas = list(ActionArea.objects.of(programme))
    rows: list[Any] = [
        Initiative(
            key=f"tilfaeldig-{seed}-{n}",
            title=f"Tilfældig {n}",
            area=chance.choice(areas),
            position=chance.randint(1, 5),
            version=1,
            status=chance.choice([None, *Status.values]),
            archived_at=chance.choice([None, None, None, NOON]),
        )
        for n in range(number)
    ]
    with without_triggers():  # random, and so in no order
        insert_many(rows)
        models.QuerySet(StatusUpdate).bulk_create(random_judgements(rows, chance))


def random_judgements(rows: list[Any], chance: random.Random) -> list[Any]:
    """Yield one to three judgements of each row that has a status; the newest one stands."""
    judgements: list[Any] = []
    for row in rows:
        if row.status is None:
            continue
        months = sorted(chance.sample([date(2025, 12, 1), JANUARY, FEBRUARY], chance.randint(1, 3)))
        for month in months:
            last = month == months[-1]
            status = row.status if last else chance.choice(Status.values)
            judgements.append(
                StatusUpdate(
                    initiative=row,
                    status_before=None,
                    status_after=status,
                    deviates_time=status in DEVIATING,
                    month=month,
                    recorded_at=NOON,
                    by_name="Bo",
                    cause="edit",
                    initiative_version=1,
                )
            )
    return judgements


def under(built: plan.PlanDocument, key: str) -> plan.PlanDocument:
    """Return the document with one principle's initiatives, or with all."""
    return plan.keep(built, lambda principle, _area, _item: not key or principle.key == key)


def cost(programme: Programme) -> int:
    with CaptureQueriesContext(connection) as captured:
        build_live(programme, month=FEBRUARY, on=DAY)
    return len(captured.captured_queries)


def test_the_document_takes_the_same_queries_whatever_its_size(programme: Programme):
    small = cost(programme)
    fill(programme, 80)
    assert cost(programme) == small <= 8


@pytest.mark.parametrize("seed", range(6))
def test_counts_after_a_save_are_those_of_the_document(programme: Programme, seed: int):
    fill(programme, 25, seed)
    chance = random.Random(seed)
    for area in ActionArea.objects.of(programme):
        if chance.random() < 0.2:
            edit(area, actor=Actor("Bo"), archived_at=NOON)
    built = document(programme)
    everything = plan.count_statuses(built)
    for principle in ["", *(p.key for p in built.principles), "findes-ikke"]:
        numbers, updated, total = count_live(programme, principle=principle)
        expected = plan.count_statuses(under(built, principle)).by_status
        assert numbers == {status.value: number for status, number in expected}
        assert (updated, total) == (plan.count_updated(built), everything.total)


def test_counts_after_a_save_take_one_query(programme: Programme):
    with CaptureQueriesContext(connection) as captured:
        count_live(programme)
    selects = [q for q in captured.captured_queries if re.match("SELECT", q["sql"])]
    assert len(selects) == 1
