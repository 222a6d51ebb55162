"""The live source of the plan document: built from the tables in a fixed number of queries.

Seven queries whatever the size, from `values_list` rows: at 2,000 initiatives that costs a
quarter of what model instances do (PERFORMANCE, "Measured on this model").
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import (
    Count,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)

from core import demo
from core.clock import COPENHAGEN
from core.danish import day
from initiatives import plan
from initiatives.models import (
    Action,
    Deadline,
    Fact,
    Initiative,
    PlanQuerySet,
    StatusUpdate,
    TermsOfReferenceState,
)
from initiatives.months import previous_month
from initiatives.status import NOT_REPORTED, STATUS_STYLES, Yardstick
from principles.models import Principle, Programme, ProgrammeYear, Purpose


@dataclass(frozen=True, slots=True)
class RowState:
    """What an editing page needs of an initiative beside the document.

    `version` is its token; `judged_by` and `changed_from` tell of the newest judgement (the
    status before it, when it changed one).
    """

    version: int
    judged_by: str
    changed_from: str | None


@dataclass(frozen=True, slots=True)
class LivePlan:
    """The document, and the state of each initiative by key."""

    document: plan.PlanDocument
    rows: dict[str, RowState]


class _Update(NamedTuple):
    part: str
    initiative_id: int
    status_before: str | None
    status: str
    reason: str
    resources: bool
    quality: bool
    time: bool
    month: date
    recorded_at: datetime
    by_name: str
    cause: str

    @property
    def deviates(self) -> tuple[str, ...]:
        flags = (self.resources, self.quality, self.time)
        return tuple(y.label for y, flag in zip(Yardstick, flags, strict=True) if flag)


def build_live(programme: Programme, *, month: date, on: date) -> LivePlan:
    """The plan as its tables stand now, with each initiative's newest judgement up to `month`.

    `month` is the first of a month, `on` the day the document is drawn up.
    """
    updates = _updates(Initiative.objects.of(programme).in_plan(), month)
    actions = _actions(Action.objects.of(programme))
    deadlines = _deadlines(Deadline.objects.of(programme))
    years = _years(programme)
    states: dict[str, RowState] = {}
    initiatives: dict[int, list[plan.Initiative]] = defaultdict(list)
    for row in _initiatives(programme):
        item, states[row.key] = _initiative(
            row, updates.get(row.id, {}), actions.get(row.id, ()), deadlines.get(row.id, ())
        )
        initiatives[row.area_id].append(item)
    document = plan.PlanDocument(
        schema=plan.SCHEMA,
        programme=_programme(programme),
        month=month,
        drawn_up_on=on,
        banner=demo.banner(),
        statuses=tuple(plan.StatusLabel(*astuple(style)) for style in STATUS_STYLES),
        principles=_principles(programme, years, initiatives),
    )
    return LivePlan(document, states)


def build_one(
    initiative: Initiative, *, month: date, with_actions: bool = True
) -> tuple[plan.Initiative, RowState]:
    """One initiative as the document has it, archived or not. Three queries.

    The answer to a save leaves its indsatser out: two queries.
    """
    pk = initiative.pk
    updates = _updates(Initiative.objects.filter(pk=pk), month)
    deadlines = _deadlines(Deadline.objects.filter(initiative=initiative))
    actions = _actions(Action.objects.filter(initiative=initiative)) if with_actions else {}
    return _initiative(initiative, updates.get(pk, {}), actions.get(pk, ()), deadlines.get(pk, ()))


def count_live(
    programme: Programme, *, month: date, principle: str = ""
) -> tuple[dict[str, int], int, int]:
    """Initiatives per status value (under one principle, or all), and how many of all are
    judged for `month`, and all. One query; equal to the document's counts for the reporting
    month, where the current status is the newest judgement."""
    judged = StatusUpdate.objects.judgements().filter(initiative=OuterRef("pk"), month=month)
    rows = (
        Initiative.objects.of(programme)
        .in_plan()
        .order_by()
        .values_list("status", "area__principle__key")
        .annotate(number=Count("pk"), updated=Count("pk", filter=Exists(judged)))
    )
    numbers: dict[str, int] = dict.fromkeys((style.value for style in STATUS_STYLES), 0)
    updated = total = 0
    for status, key, number, judged_number in rows:
        updated += judged_number
        total += number
        if not principle or key == principle:
            numbers[status or NOT_REPORTED] += number
    return numbers, updated, total


def _initiative(
    row: Any,
    found: dict[str, "_Update"],
    actions: tuple[plan.Action, ...],
    deadlines: tuple[tuple[plan.Deadline, plan.Mark | None], ...],
) -> tuple[plan.Initiative, RowState]:
    now = found.get("now")
    changed = now is not None and now.status_before not in (None, now.status)
    state = RowState(
        version=row.version,
        judged_by=now.by_name if now else "",
        changed_from=now.status_before if now and changed else None,
    )
    item = plan.Initiative(
        key=row.key,
        title=row.title,
        status=now.status if now else NOT_REPORTED,
        judgement=_judgement(now, found.get("reason")),
        before=_judgement(found.get("before"), found.get("reason before")),
        marks=_marks(row.terms_of_reference, deadlines),
        ask=row.ask,
        report_text=row.report_text,
        actions=actions,
        deadlines=tuple(deadline for deadline, _ in deadlines),
    )
    return item, state


def _programme(programme: Programme) -> plan.Programme:
    purposes = Purpose.objects.of(programme).live().in_order().values_list("title", flat=True)
    return plan.Programme(
        key=programme.key,
        title=programme.title,
        authority=programme.authority,
        top_level_label=programme.top_level_label,
        top_level_label_plural=programme.top_level_label_plural,
        purposes=tuple(purposes),
    )


def _principles(
    programme: Programme,
    years: dict[int, tuple[plan.YearNumber, ...]],
    initiatives: dict[int, list[plan.Initiative]],
) -> tuple[plan.Principle, ...]:
    """Principles with their areas, in order, from one outer join."""
    rows = (
        Principle.objects.of(programme)
        .live()
        .annotate(area=FilteredRelation("areas", condition=Q(areas__archived_at=None)))
        .order_by("position", "id", "area__position", "area__id")
        .values_list("key", "title", "area__id", "area__key", "area__title")
    )
    areas: dict[tuple[str, str], list[plan.Area]] = {}
    for key, title, area_id, area_key, area_title in rows:
        found = areas.setdefault((key, title), [])
        if area_id is not None:
            own = tuple(initiatives.get(area_id, ()))
            found.append(plan.Area(area_key, area_title, years.get(area_id, ()), own))
    return tuple(plan.Principle(*names, tuple(found)) for names, found in areas.items())


def _initiatives(programme: Programme) -> Iterable[Any]:
    return (
        Initiative.objects.of(programme)
        .in_plan()
        .in_order()
        .values_list(
            "id",
            "key",
            "title",
            "area_id",
            "version",
            "terms_of_reference",
            "ask",
            "report_text",
            named=True,
        )
    )


def _years(programme: Programme) -> dict[int, tuple[plan.YearNumber, ...]]:
    rows = (
        ProgrammeYear.objects.of(programme)
        .live()
        .order_by("year", "number")
        .values_list("area_id", "year", "number", "repeated_number")
    )
    return _grouped((area_id, plan.YearNumber(*numbers)) for area_id, *numbers in rows)


def _actions(rows: PlanQuerySet) -> dict[int, tuple[plan.Action, ...]]:
    rows = rows.live().in_order()
    return _grouped(
        (initiative_id, plan.Action(key, title))
        for initiative_id, key, title in rows.values_list("initiative_id", "key", "title")
    )


def _deadlines(
    rows: PlanQuerySet,
) -> dict[int, tuple[tuple[plan.Deadline, plan.Mark | None], ...]]:
    """Each initiative's deadlines with the mark that each makes beside the status, or None."""
    values = (
        rows.live()
        .in_order()
        .values_list("initiative_id", "key", "wording", "fact", "action__key", "detail", "since")
    )
    return _grouped(
        (
            initiative_id,
            (
                plan.Deadline(key, wording, fact, fact_label(fact, wording), action),
                _mark(fact, detail, since),
            ),
        )
        for initiative_id, key, wording, fact, action, detail, since in values
    )


def fact_label(fact: str, wording: str) -> str:
    """The chip before a wording; a deadline that calls itself new is "Ny deadline"."""
    if fact == Fact.DEADLINE and "ny deadline" in wording.casefold():
        return "Ny deadline"
    return Fact(fact).label


def _mark(fact: str, detail: str, since: date | None) -> plan.Mark | None:
    if fact == Fact.PAUSED:
        return plan.Mark("paused", Fact.PAUSED.label, detail)
    if fact == Fact.WAITING:
        when = f"siden {day(since)}" if since else "tidspunkt ikke oplyst"
        return plan.Mark("waiting", Fact.WAITING.label, f"{detail}, {when}" if detail else when)
    return None


def _marks(
    terms_of_reference: str, deadlines: Iterable[tuple[plan.Deadline, plan.Mark | None]]
) -> tuple[plan.Mark, ...]:
    marks = [mark for _, mark in deadlines if mark]
    if terms_of_reference == TermsOfReferenceState.NOT_APPROVED:
        marks.append(plan.Mark("no_terms", TermsOfReferenceState.NOT_APPROVED.label, ""))
    return tuple(marks)


def _updates(initiatives: QuerySet[Initiative], month: date) -> dict[int, dict[str, _Update]]:
    """Per initiative id: the newest judgement ("now"), the newest with a reason ("reason"), and
    the same two a month earlier ("before", "reason before"). One query."""
    last = previous_month(month)
    parts = (
        _newest(initiatives, month, "now"),
        _newest(initiatives, month, "reason", with_reason=True),
        _newest(initiatives, last, "before"),
        _newest(initiatives, last, "reason before", with_reason=True),
    )
    found: dict[int, dict[str, _Update]] = defaultdict(dict)
    for values in parts[0].union(*parts[1:], all=True):
        update = _Update(*values)
        found[update.initiative_id][update.part] = update
    return found


def _newest(
    initiatives: QuerySet[Initiative], month: date, part: str, *, with_reason: bool = False
) -> QuerySet[StatusUpdate, Any]:
    newest = StatusUpdate.objects.judgements().filter(initiative=OuterRef("pk"), month__lte=month)
    if with_reason:
        newest = newest.exclude(reason="")
    ids = initiatives.order_by().values_list(
        Subquery(newest.newest_first().values("pk")[:1]), flat=True
    )
    return (
        StatusUpdate.objects.filter(pk__in=ids)
        .annotate(part=Value(part))
        .values_list("part", *(F(name) for name in _UPDATE_COLUMNS))
    )


_UPDATE_COLUMNS = (
    "initiative_id",
    "status_before",
    "status_after",
    "reason",
    "deviates_resources",
    "deviates_quality",
    "deviates_time",
    "month",
    "recorded_at",
    "by_name",
    "cause",
)


def _judgement(newest: _Update | None, reasoned: _Update | None) -> plan.Judgement | None:
    """A judgement with the reason that stands: a later "uændret" keeps the one before it."""
    if newest is None:
        return None
    stands = reasoned is not None and reasoned.status == newest.status
    return plan.Judgement(
        status=newest.status,
        reason=reasoned.reason if reasoned and stands else "",
        deviates=newest.deviates,
        month=newest.month,
        day=newest.recorded_at.astimezone(COPENHAGEN).date(),
        confirmed=newest.cause == StatusUpdate.Cause.CONFIRMATION,
    )


def _grouped(pairs: Iterable[tuple[int, Any]]) -> dict[int, tuple[Any, ...]]:
    groups: dict[int, list[Any]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}
