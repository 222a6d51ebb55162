"""The live source of the plan document: built from the tables in a fixed number of queries.

It takes six queries whatever the size, and reads `values_list` rows: at 2,000 initiatives that
costs a quarter of what model instances do. Where it is known which initiatives have changed since
an earlier plan, the others are taken over from it, with one query more.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.db.models import FilteredRelation, OuterRef, Q, Subquery

import plan
from core.months import previous_month
from initiatives.models import (
    Action,
    Deadline,
    Initiative,
    PlanQuerySet,
    StatusUpdate,
)
from initiatives.sources import nodes
from principles.models import Principle, Programme, Purpose
from principles.revision import Writes

T = TypeVar("T")

# The models of what stands under an initiative.
_PARTS: tuple[Any, ...] = (Action, Deadline)
# Stands for the judgements of an initiative that has none.
NOT_JUDGED = nodes.Standing()


@dataclass(frozen=True, slots=True)
class RowState:
    """What an editing page needs of an initiative besides the document.

    `id` is that of its row, `version` its token; `judged_by` and `changed_from` tell of the newest
    judgement (the status before it, when it changed one).
    """

    id: int
    version: int
    judged_by: str
    changed_from: str | None


@dataclass(frozen=True, slots=True)
class KeptDocument:
    """A document with what has been drawn from it, kept in memory together."""

    document: plan.PlanDocument
    _drawn: dict[tuple[Hashable, ...], Any] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    _drawn_before: dict[tuple[Hashable, ...], Any] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def drawn(self, draw: Callable[..., T], *arguments: Hashable) -> T:
        """Return `draw(self, *arguments)`, drawn once. `draw` has a name, and no argument is what
        somebody has typed: all that is ever drawn is kept."""
        key = draw, *arguments
        if key not in self._drawn:
            self._drawn[key] = draw(self, *arguments)
        drawn: T = self._drawn[key]
        return drawn

    def drawn_before(self, draw: Callable[..., T], *arguments: Hashable) -> T | None:
        """Return what was drawn so from the plan before the last change, if it is known: most of
        it may still be right. `draw` has the mark `TAKES_OVER`."""
        return self._drawn_before.get((draw, *arguments))

    def follow(self, before: "KeptDocument") -> None:
        """Take over what was drawn from the plan before the last change, as far as it is asked
        for by `drawn_before`: files and pages would take room twice."""
        self._drawn_before.update(
            (key, drawn)
            for key, drawn in before._drawn.items()
            if getattr(key[0], "TAKES_OVER", False)
        )


@dataclass(frozen=True, slots=True)
class BuiltPlan(KeptDocument):
    """The document, the state of each initiative by key, and when the programme begins."""

    rows: dict[str, RowState]
    starts_on: date


# The key of an initiative's area, the initiative, and its state.
_Made = tuple[str, plan.Initiative, RowState]
# The initiatives of each area, by its key.
InAreas = dict[str, list[plan.Initiative]]


def build_live(
    programme: Programme,
    before: BuiltPlan | None = None,
    writes: Writes | None = None,
    *,
    month: date,
    on: date,
) -> BuiltPlan:
    """Build the plan as its tables stand now, with each initiative's newest judgement up to
    `month`.

    `month` is the first of a month, `on` the day the document is drawn up. `before` is a plan of
    the same month, and `writes` are all that was written since. Pages take their plan from
    `memory.live_plan`.
    """
    if before is None or writes is None or writes.initiatives is None:
        before = None
        made = _initiatives(month, *(m.objects.of(programme) for m in (Initiative, *_PARTS)))
    else:
        made = _initiatives_after(programme, month, before, writes.initiatives)
    states: dict[str, RowState] = {}
    in_area: InAreas = defaultdict(list)
    for area, item, state in made.values():
        in_area[area].append(item)
        states[item.key] = state
    if before and writes and not writes.change_the_frame:
        named, principles = before.document.programme, _refilled(before.document, in_area)
    else:
        named = _programme(programme, _purposes(programme))
        principles = _principles(programme, in_area)
    document = nodes.document(named, principles, month=month, on=on)
    return BuiltPlan(document, states, programme.starts_on)


def _refilled(document: plan.PlanDocument, in_area: InAreas) -> tuple[plan.Principle, ...]:
    """Give the areas of the document other initiatives."""
    return tuple(
        dataclasses.replace(
            principle,
            areas=tuple(
                dataclasses.replace(area, initiatives=tuple(in_area.get(area.key, ())))
                for area in principle.areas
            ),
        )
        for principle in document.principles
    )


def _initiatives(
    month: date, initiatives: PlanQuerySet, actions: PlanQuerySet, deadlines: PlanQuerySet
) -> dict[int, _Made]:
    """Make the initiatives by id, in the plan's order, with what stands under them. Four queries.

    The rows that come under none of the initiatives are left out.
    """
    months = [month, previous_month(month)]
    rows, judgements = _rows(initiatives, months)
    updates = _updates(judgements, months)
    actions_of, deadlines_of = _actions(actions), _deadlines(deadlines)
    return {
        row.id: (
            row.area__key,
            *_initiative(
                row,
                updates.get(row.id, NOT_JUDGED),
                actions_of.get(row.id, ()),
                deadlines_of.get(row.id, ()),
            ),
        )
        for row in rows
    }


def _initiatives_after(
    programme: Programme, month: date, before: BuiltPlan, changed: Collection[int]
) -> dict[int, _Made]:
    """Make the initiatives as `_initiatives` does: the `changed` ones anew, the others from the
    plan `before`. Five queries."""
    places = _in_order(Initiative.objects.of(programme)).values_list("id", "area__key")
    kept = {
        state.id: (item, state)
        for item in before.document.initiatives()
        if (state := before.rows[item.key]).id not in changed
    }
    areas = dict(places)
    missing = [pk for pk in areas if pk not in kept]
    parts = (model.objects.filter(initiative__in=missing) for model in _PARTS)
    made = _initiatives(month, Initiative.objects.filter(pk__in=missing), *parts)
    return {pk: (area_id, *kept[pk]) if pk in kept else made[pk] for pk, area_id in areas.items()}


def document_without_rows(programme: Programme, *, month: date, on: date) -> plan.PlanDocument:
    """Make the document of a month without its principles and purposes, for what only asks about
    one initiative. No query."""
    return nodes.document(_programme(programme, ()), (), month=month, on=on)


def build_one(
    initiative: Initiative, *, month: date, with_actions: bool = True
) -> tuple[plan.Initiative, RowState]:
    """Build one initiative as the document has it, archived or not. Three queries.

    The answer to a save needs no indsatser: without them it takes two queries.
    """
    pk = initiative.pk
    months = [month, previous_month(month)]
    row = Initiative.objects.filter(pk=pk).order_by()
    newest = [row.values_list(newest, flat=True) for newest in _newest_ids(months)]
    updates = _updates(newest[0].union(*newest[1:]), months)
    deadlines = _deadlines(Deadline.objects.filter(initiative=initiative))
    actions = _actions(Action.objects.filter(initiative=initiative)) if with_actions else {}
    standing = updates.get(pk, NOT_JUDGED)
    return _initiative(initiative, standing, actions.get(pk, ()), deadlines.get(pk, ()))


def _initiative(
    row: Any,
    standing: nodes.Standing,
    actions: tuple[plan.Action, ...],
    deadlines: tuple[nodes.Marked, ...],
) -> tuple[plan.Initiative, RowState]:
    return nodes.initiative(row, standing, actions, deadlines), row_state(
        standing, row.id, row.version
    )


def row_state(standing: nodes.Standing, pk: int, version: int = 0) -> RowState:
    """Make the state of an initiative by its judgements; of another day it has no version."""
    newest = standing.newest
    changed = newest is not None and newest.status_before not in (None, newest.status_after)
    return RowState(
        id=pk,
        version=version,
        judged_by=newest.by_name if newest else "",
        changed_from=newest.status_before if newest and changed else None,
    )


def _purposes(programme: Programme) -> Iterable[str]:
    titles: Iterable[str] = (
        Purpose.objects.of(programme).live().in_order().values_list("title", flat=True)
    )
    return titles


def _programme(programme: Programme, purposes: Iterable[str]) -> plan.Programme:
    return plan.Programme(
        key=programme.key,
        title=programme.title,
        authority=programme.authority,
        top_level_label=programme.top_level_label,
        top_level_label_plural=programme.top_level_label_plural,
        purposes=tuple(purposes),
    )


def _principles(programme: Programme, in_area: InAreas) -> tuple[plan.Principle, ...]:
    """Build the principles with their areas and the areas' years, in order, from one outer join:
    an area comes once for each of its years."""
    area_order = "area__position", "area__id"
    year = [f"area__years__{name}" for name in ("year", "number", "repeated_number", "archived_at")]
    rows = (
        Principle.objects.of(programme)
        .live()
        .annotate(area=FilteredRelation("areas", condition=Q(areas__archived_at=None)))
        .order_by("position", "id", *area_order, *year[:2])
        .values_list("key", "title", "area__id", "area__key", "area__title", *year)
    )
    principles: dict[tuple[str, str], dict[int, plan.Area]] = {}
    for key, title, area_id, area_key, area_title, *numbers, archived_at in rows:
        areas = principles.setdefault((key, title), {})
        if area_id is None:
            continue
        initiatives = tuple(in_area.get(area_key, ()))
        area = areas.setdefault(area_id, plan.Area(area_key, area_title, (), initiatives))
        if numbers[0] is not None and archived_at is None:
            years = (*area.years, plan.YearNumber(*numbers))
            areas[area_id] = dataclasses.replace(area, years=years)
    return tuple(
        plan.Principle(*names, tuple(areas.values())) for names, areas in principles.items()
    )


def _in_order(initiatives: PlanQuerySet) -> PlanQuerySet:
    """Keep the initiatives of the plan, in its order."""
    parents = "area__principle", "area"
    order = [f"{parent}__{name}" for parent in parents for name in ("position", "id")]
    return initiatives.in_plan().order_by(*order, "position", "id")


def _rows(initiatives: PlanQuerySet, months: list[date]) -> tuple[list[Any], set[int]]:
    """The rows of the initiatives in the plan's order, and the ids of the judgements they need."""
    columns = "id", "key", "title", "area__key", "version"
    texts = "terms_of_reference", "ask", "report_text", "report_text_month", "ask_month"
    newest = _newest_ids(months)
    rows = list(_in_order(initiatives).values_list(*columns, *texts, *newest, named=True))
    return rows, {pk for row in rows for pk in row[-len(newest) :] if pk}


def _actions(rows: PlanQuerySet) -> dict[int, tuple[plan.Action, ...]]:
    rows = rows.live().in_order()
    return nodes.grouped(
        (initiative_id, plan.Action(key, title))
        for initiative_id, key, title in rows.values_list("initiative_id", "key", "title")
    )


def _deadlines(rows: PlanQuerySet) -> dict[int, tuple[nodes.Marked, ...]]:
    """Build the deadlines of each initiative, each with the mark it makes beside the status, or
    None.

    One query: a deadline comes once for each of its moves.
    """
    columns = "initiative_id", "key", "wording", "fact", "action__key", "detail", "since"
    move = [f"moves__{name}" for name in nodes.MOVE_COLUMNS]
    order = "position", "id", "moves__id"
    columns_of_days = *nodes.DAY_COLUMNS, *nodes.LAST_COLUMNS
    values = rows.live().order_by(*order).values_list(*columns, *columns_of_days, *move)
    by_key: dict[str, tuple[int, nodes.Marked]] = {}
    for initiative_id, key, wording, fact, action, detail, since, *rest in values:
        days, rest = rest[: len(nodes.DAY_COLUMNS)], rest[len(nodes.DAY_COLUMNS) :]
        last, moved = rest[: len(nodes.LAST_COLUMNS)], rest[len(nodes.LAST_COLUMNS) :]
        moves = (nodes.move(*moved),) if moved[0] else ()
        if key in by_key:
            pk, (deadline, mark) = by_key[key]
            moves = (*deadline.moves, *moves)
            by_key[key] = pk, (dataclasses.replace(deadline, moves=moves), mark)
            continue
        marked = nodes.deadline(key, wording, fact, action, detail, since, days, moves, last)
        by_key[key] = initiative_id, marked
    return nodes.grouped(by_key.values())


def _newest_ids(months: list[date]) -> list[Subquery]:
    """For each month the ids of an initiative's newest judgement up to it, and of the newest
    with a reason."""
    judgements = StatusUpdate.objects.judgements().filter(initiative=OuterRef("pk")).newest_first()
    judged = [judgements.filter(month__lte=month) for month in months]
    with_reason = [judgements.exclude(reason="") for judgements in judged]
    return [Subquery(judgements.values("pk")[:1]) for judgements in judged + with_reason]


def _updates(ids: Any, months: list[date]) -> dict[int, nodes.Standing]:
    """Read the judgements of each initiative, as `nodes.standing` gives them. One query.

    `ids` are those of `_newest_ids`, as a set or a queryset.
    """
    judgements = StatusUpdate.objects.filter(pk__in=ids).newest_first()
    rows = judgements.values_list(*nodes.Update._fields)
    return nodes.standing(map(nodes.Update._make, rows), *months)
