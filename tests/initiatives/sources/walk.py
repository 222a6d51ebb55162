"""People writing in a plan at random, and what the live source said after each step."""

import dataclasses
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis.strategies import randoms

import plan
from core import writing
from core.clock import COPENHAGEN
from core.months import next_month
from core.state_at import day_of, end_of
from initiatives.models import Action, Deadline, Initiative
from initiatives.sources.live import build_live
from plan.status import DEVIATING, Status
from principles.models import ActionArea, Principle, Programme, ProgrammeYear, Purpose
from tests.factories import make_programme
from tests.initiatives.steps import BO, judge

# The real programme is loaded at the beginning of this day.
LOADED = date(2026, 2, 26)
LATER = datetime(2026, 3, 5, 12, tzinfo=COPENHAGEN)
INSTANT = timedelta(microseconds=1)
WORDINGS = (
    "Deadline: marts 2026", "Ny deadline: 3. kvartal 2026", "Udgangen af juni 2026",
    "Efteråret 2026", "Løbende",
)  # fmt: skip


def now(programme: Programme, on: date = LOADED) -> plan.PlanDocument:
    """The live document, as it is kept when something is about to change."""
    found = Programme.objects.get(pk=programme.pk)
    return build_live(found, month=found.reporting_month, on=on).document


def change(row: Any, at: datetime = LATER, **values: Any) -> Any:
    """Somebody changes a row, whoever did so before."""
    current = type(row).objects.get(pk=row.pk)
    saved = writing.change(
        current, values, version=current.version, actor=BO, reason="Fordi.", at=at
    )
    return saved.row


def try_walks(number: int, walk: Callable[[random.Random], None]) -> None:
    """`walk` with so many sources of chance; nothing of it is left in the database.

    The shortest that fails takes minutes to find: pytest itself looks for it, `make test` does not.
    """
    profile = settings.get_profile(settings.get_current_profile_name())
    phases = [Phase.generate] if profile.derandomize else profile.phases

    @settings(max_examples=number, phases=phases, suppress_health_check=list(HealthCheck))
    @given(randoms(use_true_random=False))
    def walks(chance: random.Random) -> None:
        with _rolled_back():
            walk(chance)

    walks()


@contextmanager
def _rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Walk:
    """People writing in a plan at random; what the live source says after each step is kept.

    Two programmes share it, and each reports months of its own.
    """

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
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
        """So many acts, each some time after the one before."""
        pauses = [timedelta(), timedelta(seconds=1), timedelta(hours=2), timedelta(days=1)]
        for _ in range(steps):
            self.at += self.chance.choice(pauses)
            self.act()

    def act(self) -> None:
        """Somebody does something; what can't be done leaves nothing."""
        acts = [
            *[self.new_frame, self.new_area, self.new_initiative, self.new_part],
            *[self.rename, self.reorder, self.archive_or_restore, self.rehome, self.write_texts]
            * 2,
            *[self.judge] * 4,
            *[self.confirm, self.confirm, self.retract, self.revise, self.revise, self.turn_month],
        ]
        act = self.chance.choice(acts)
        try:
            act()
        except ValidationError:
            return
        note(f"{self.at:%-d.%-m. %H.%M} {act.__name__}")
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

    def one(self, *models: Any, beside: Any = None) -> Any:
        """A row of one of `models`, of the same programme as `beside` when that is given."""
        model = self.chance.choice(models)
        path = getattr(model, "PROGRAMME_PATH", "pk")
        programmes = [attrgetter(path.replace("__", "."))(beside)] if beside else self.programmes
        found = model.objects.filter(**{f"{path}__in": [p.pk for p in programmes]})
        return self.chance.choice(list(found.order_by("pk")))

    def new(self, model: Any, **values: Any) -> Any:
        self.made += 1
        values = {"position": self.chance.randint(1, 4), "title": f"Ny {self.made}"} | values
        row = model(key=f"gang-{self.made}", **values)
        return writing.create(row, actor=BO, reason="", at=self.at)

    def change(self, row: Any, **values: Any) -> None:
        note(f"{row.key}: {values}")
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
        note(f"{row.key}: {act.__name__}")
        act(row, version=row.version, actor=BO, reason="", at=self.at)

    def rehome(self) -> None:
        if self.chance.random() < 0.5:
            initiative = self.one(Initiative)
            self.change(initiative, area=self.one(ActionArea, beside=initiative.area))
        else:
            area = self.one(ActionArea)
            self.change(area, principle=self.one(Principle, beside=area.principle))

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
        for row in self.chance.sample(self.programmes, k=1):
            self.change(row, reporting_month=next_month(row.reporting_month))
        self.programmes = [Programme.objects.get(pk=row.pk) for row in self.programmes]
