"""The plan as of any moment, from history: what the live source would have given then."""

import dataclasses
import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from core import writing
from core.clock import COPENHAGEN
from core.state_at import day_of, end_of
from initiatives import plan
from initiatives.as_of import NothingKnownYet, build_as_of, earliest
from initiatives.live import build_live
from initiatives.models import Action, Deadline, Initiative, StatusUpdate
from initiatives.months import next_month
from initiatives.status import DEVIATING, Status
from principles.models import ActionArea, Principle, Programme, ProgrammeYear, Purpose
from tests.conftest import OtherProgramme
from tests.factories import make_programme
from tests.initiatives.steps import BO, judge, the

FEBRUARY, MARCH = date(2026, 2, 1), date(2026, 3, 1)
# The real programme is loaded at the beginning of this day.
LOADED = date(2026, 2, 26)
INSTANT = timedelta(microseconds=1)
KEY = "kontraktanalyse"
LATER = datetime(2026, 3, 5, 12, tzinfo=COPENHAGEN)
BEFORE, AFTER = end_of(date(2026, 3, 4)), end_of(date(2026, 3, 5))


def now(programme: Programme, on: date = LOADED) -> plan.PlanDocument:
    """The live document, as it is kept here when something is about to change."""
    found = Programme.objects.get(pk=programme.pk)
    return build_live(found, month=found.reporting_month, on=on).document


def item(document: plan.PlanDocument, key: str = KEY) -> plan.Initiative:
    (found,) = (item for item in document.initiatives() if item.key == key)
    return found


def keys(document: plan.PlanDocument) -> list[str]:
    return [item.key for item in document.initiatives()]


def change(row: Any, at: datetime = LATER, **values: Any) -> Any:
    """Somebody changes a row, whoever did so before."""
    current = type(row).objects.get(pk=row.pk)
    saved = writing.change(
        current, values, version=current.version, actor=BO, reason="Fordi.", at=at
    )
    return saved.row


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
    row = Initiative(key="ny", title="Nyt", area=the(KEY).area, position=0)
    writing.create(row, actor=BO, reason="", at=LATER)
    before, after = build_as_of(programme, [BEFORE, AFTER])
    assert len(keys(before)) == 14
    assert set(keys(after)) - set(keys(before)) == {"ny"}


def test_the_order_is_that_of_then(programme: Programme):
    order = keys(now(programme))
    change(the(order[-1]).area, position=-1)
    change(the(order[0]), position=99)
    before, after = build_as_of(programme, [BEFORE, AFTER])
    assert keys(before) == order
    assert keys(after) == keys(now(programme)) != order


def test_a_deadline_names_its_indsats_after_that_is_archived(programme: Programme):
    row = Action.objects.get(key="myndighedsbestilling-1")
    writing.archive(row, version=row.version, actor=BO, reason="", at=LATER)
    (after,) = build_as_of(programme, [AFTER])
    assert item(after, "myndighedsbestilling").deadlines[0].action == "myndighedsbestilling-1"


def test_internal_notes_are_no_part_of_it(programme: Programme):
    change(the(KEY), internal_notes="Hemmeligord")
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
    row = the("kompetenceudvikling")
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


def test_it_begins_on_the_first_day_of_the_programmes_history(programme: Programme):
    first = earliest(programme)
    (document,) = build_as_of(programme, [end_of(first)])
    assert document.drawn_up_on == first == date(2024, 11, 30)
    with pytest.raises(NothingKnownYet) as refused:
        build_as_of(programme, [end_of(LOADED), end_of(first - timedelta(days=1))])
    assert refused.value.first_day == first


# Other programmes


def test_another_programme_is_no_part_of_it(programme: Programme, other_programme: OtherProgramme):
    (document,) = build_as_of(programme, [AFTER])
    assert "andet program" not in document.to_json().casefold()
    (other,) = build_as_of(other_programme.programme, [AFTER])
    assert keys(other) == [other_programme.initiative.key]
    assert other == now(other_programme.programme, day_of(AFTER))


def test_what_changed_programme_belongs_where_it_belonged(
    programme: Programme, other_programme: OtherProgramme
):
    change(the(KEY), area=other_programme.area)
    other = other_programme.initiative.key
    change(the(other), area=the("takstoversigt").area)
    before, after = build_as_of(programme, [BEFORE, AFTER])
    assert (KEY in keys(before), other in keys(before)) == (True, False)
    assert (KEY in keys(after), other in keys(after)) == (False, True)
    before, after = build_as_of(other_programme.programme, [BEFORE, AFTER])
    assert (keys(before), keys(after)) == ([other], [KEY])


# Whatever people do


class Walk:
    """People writing in a plan at random; what the live source says after each step is kept.

    Two programmes share it, and areas go from one to the other.
    """

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.at = datetime(2026, 1, 20, 9, tzinfo=COPENHAGEN)
        self.programmes = [make_programme(), make_programme()]
        self.kept: list[tuple[datetime, list[plan.PlanDocument]]] = []
        self.made = 0
        for programme in self.programmes:
            self.new(Purpose, programme=programme)
            self.new(Principle, programme=programme)
        for kind in (self.new_area, self.new_initiative, self.new_part):
            for _ in range(3):
                kind()
        self.keep()

    def run(self, steps: int) -> None:
        acts = [
            *[self.new_frame, self.new_area, self.new_initiative, self.new_part],
            *[self.rename, self.reorder, self.archive_or_restore, self.rehome, self.write_texts]
            * 2,
            *[self.judge] * 4,
            *[self.confirm, self.confirm, self.retract, self.revise, self.revise, self.turn_month],
        ]
        for _ in range(steps):
            self.at += self.chance.choice(
                [timedelta(), timedelta(seconds=1), timedelta(hours=2), timedelta(days=1)]
            )
            try:
                self.chance.choice(acts)()
            except ValidationError:
                continue
            self.keep()

    def keep(self) -> None:
        documents = [now(programme, self.at.date()) for programme in self.programmes]
        self.kept.append((self.at, documents))

    def then(self, moment: datetime) -> list[plan.PlanDocument]:
        """What was kept last before the moment, dated on its day."""
        (*_, documents) = (documents for at, documents in self.kept if at < moment)
        day = day_of(moment)
        return [dataclasses.replace(document, drawn_up_on=day) for document in documents]

    def moment(self) -> datetime:
        """One at which something is known: by chance, to the instant, or the end of a day."""
        first, last = self.kept[0][0], self.kept[-1][0]
        step = self.chance.choice(self.kept)[0]
        somewhere = first + (last - first) * self.chance.random()
        found = self.chance.choice([step, step + INSTANT, end_of(step.date()), somewhere])
        return max(found, first + INSTANT)

    # What people do

    def one(self, *models: Any) -> Any:
        model = self.chance.choice(models)
        parent = getattr(model, "PROGRAMME_PATH", "pk")
        found = model.objects.filter(**{f"{parent}__in": [p.pk for p in self.programmes]})
        return self.chance.choice(list(found.order_by("pk")))

    def new(self, model: Any, **values: Any) -> Any:
        self.made += 1
        values = {"position": self.chance.randint(1, 4), "title": f"Ny {self.made}"} | values
        row = model(key=f"gang-{self.made}", **values)
        return writing.create(row, actor=BO, reason="", at=self.at)

    def change(self, row: Any, **values: Any) -> None:
        change(row, self.at, **values)

    def new_frame(self) -> None:
        model = self.chance.choice([Purpose, Principle])
        self.new(model, programme=self.chance.choice(self.programmes))

    def new_area(self) -> None:
        area = self.new(ActionArea, principle=self.one(Principle))
        year = ProgrammeYear(key=f"{area.key}-2026", area=area, year=2026, number=self.made)
        writing.create(year, actor=BO, reason="", at=self.at)

    def new_initiative(self) -> None:
        self.new(Initiative, area=self.one(ActionArea))

    def new_part(self) -> None:
        action = self.new(Action, initiative=self.one(Initiative))
        self.made += 1
        Deadline(
            key=f"gang-{self.made}",
            initiative=action.initiative,
            action=self.chance.choice([action, None]),
            wording=self.chance.choice(WORDINGS),
            position=self.chance.randint(1, 4),
        ).add(actor=BO, reason="", at=self.at)

    def rename(self) -> None:
        row = self.one(Programme, Purpose, Principle, ActionArea, Initiative, Action)
        self.change(row, title=f"Omdøbt {len(self.kept)}")

    def reorder(self) -> None:
        row = self.one(Purpose, Principle, ActionArea, Initiative, Action, Deadline)
        self.change(row, position=self.chance.randint(1, 4))

    def archive_or_restore(self) -> None:
        row = self.one(Purpose, Principle, ActionArea, ProgrammeYear, Initiative, Action, Deadline)
        act = writing.restore if row.is_archived else writing.archive
        act(row, version=row.version, actor=BO, reason="", at=self.at)

    def rehome(self) -> None:
        if self.chance.random() < 0.5:
            self.change(self.one(Initiative), area=self.one(ActionArea))
        else:
            self.change(self.one(ActionArea), principle=self.one(Principle))

    def write_texts(self) -> None:
        self.change(
            self.one(Initiative),
            ask=self.chance.choice(["", f"Må vi {len(self.kept)}?"]),
            report_text=self.chance.choice(["", f"Nyt {len(self.kept)}."]),
            terms_of_reference=self.chance.choice(["unknown", "not_approved", "approved"]),
        )

    def month(self) -> date:
        found: date = max(self.programmes, key=lambda p: p.reporting_month).reporting_month
        return found

    def judge(self) -> None:
        status = self.chance.choice(Status.values)
        reason, deviates = f"Derfor {len(self.kept)}.", ["time"] if status in DEVIATING else []
        key = self.one(Initiative).key
        judge(key, status, reason, month=self.month(), deviates=deviates, at=self.at)

    def confirm(self) -> None:
        row = self.one(Initiative)
        row.confirm_unchanged(month=self.month(), version=row.version, actor=BO, at=self.at)

    def retract(self) -> None:
        self.one(Initiative).retract_confirmation(month=self.month(), actor=BO, at=self.at)

    def revise(self) -> None:
        row = self.one(Deadline)
        row.revise(
            {"wording": self.chance.choice(WORDINGS), "met_on": self.chance.choice([None, LOADED])},
            version=row.version,
            actor=BO,
            reason=f"Flyttet {len(self.kept)}.",
            at=self.at,
            is_correction=self.chance.random() < 0.3,
        )

    def turn_month(self) -> None:
        number = self.chance.randrange(2)
        row = self.programmes[number]
        self.change(row, reporting_month=next_month(row.reporting_month))
        self.programmes[number] = Programme.objects.get(pk=row.pk)


WORDINGS = (
    "Deadline: marts 2026", "Ny deadline: 3. kvartal 2026", "Udgangen af juni 2026",
    "Efteråret 2026", "Løbende",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_it_is_what_the_live_source_said_at_the_time(programme: Programme, seed: int):
    walk = Walk(seed)
    walk.run(50)
    documents = [document for _, both in walk.kept for document in both]
    assert len({document.to_json() for document in documents}) > 40
    for _ in range(13):
        moments = [walk.moment(), walk.moment()]
        then = [walk.then(moment) for moment in moments]
        for place, own in enumerate(walk.programmes):
            at_once = build_as_of(own, moments)
            assert at_once == [both[place] for both in then]
            assert at_once[:1] == build_as_of(own, moments[:1])
