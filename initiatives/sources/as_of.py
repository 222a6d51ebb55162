"""The second source of the plan document: the plan as of any past moment, read from history.

What `live.build_live` would have given then, in seven queries whatever the size and however many
moments. Parents are found by their ids among the rows of
the same moment, so that a row belongs where it belonged then.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Min, OuterRef, Subquery
from django.db.models.expressions import RawSQL

import plan
from core.clock import local_day
from core.months import previous_month
from core.state_at import StateRow, day_of, first_day, id_list, state_at, states_at
from core.tracking import Versioned
from initiatives.models import Action, Deadline, DeadlineMove, Initiative, StatusUpdate
from initiatives.models.status_update import Stands, stands
from initiatives.sources import nodes
from initiatives.sources.live import NOT_JUDGED, BuiltPlan, row_state
from principles.models import ActionArea, Principle, Programme, ProgrammeYear, Purpose


class NothingKnownYet(Exception):
    """The plan was not in the portal at that moment: it is known from `first_day`."""

    def __init__(self, first_day: date) -> None:
        super().__init__(f"Nothing is known before {first_day}.")
        self.first_day = first_day


class _ProgrammeRow(NamedTuple):
    id: int
    reporting_month: date
    starts_on: date
    key: str
    title: str
    authority: str
    top_level_label: str
    top_level_label_plural: str


class _NamedRow(NamedTuple):
    """What purposes, principles, areas and indsatser have in common; `parent` is an id."""

    id: int
    position: float
    archived_at: datetime | None
    parent: int
    key: str
    title: str


class _YearRow(NamedTuple):
    id: int
    archived_at: datetime | None
    area_id: int
    year: int
    number: int
    repeated_number: int | None


class _InitiativeRow(NamedTuple):
    id: int
    position: float
    archived_at: datetime | None
    parent: int
    key: str
    title: str
    terms_of_reference: str
    ask: str
    report_text: str
    report_text_month: date | None
    ask_month: date | None


class _DeadlineRow(NamedTuple):
    id: int
    position: float
    archived_at: datetime | None
    parent: int
    key: str
    wording: str
    fact: str
    action_id: int | None
    detail: str
    since: date | None
    # The last are those of `nodes.DAY_COLUMNS` and `nodes.LAST_COLUMNS`, in their order.
    starts_on: date | None
    ends_on: date | None
    kind: str
    set_by_hand: bool
    opens_on: date | None
    met_on: date | None
    outcome: str
    outcome_remark: str
    added_month: date | None


def _fields(row: Any, parent: str = "") -> list[str]:
    """List the fields that `state_at` reads for a `row`: all but the id, which it adds."""
    return [parent if name == "parent" else name for name in row._fields[1:]]


# The columns at the end of a `_DeadlineRow`.
_END = *nodes.DAY_COLUMNS, *nodes.LAST_COLUMNS
_NAMED: dict[type[Versioned], Sequence[str]] = {
    Purpose: _fields(_NamedRow, "programme_id"),
    Principle: _fields(_NamedRow, "programme_id"),
    ActionArea: _fields(_NamedRow, "principle_id"),
    Action: _fields(_NamedRow, "initiative_id"),
}


def build_as_of(
    programme: Programme, moments: Sequence[datetime], *, months: Sequence[date] | None = None
) -> list[plan.PlanDocument]:
    """Build the documents of `plans_as_of`."""
    return [built.document for built in plans_as_of(programme, moments, months=months)]


def plans_as_of(
    programme: Programme, moments: Sequence[datetime], *, months: Sequence[date] | None = None
) -> list[BuiltPlan]:
    """Build the plan as it stood just before each of `moments`; the moment of a day is
    `core.state_at.end_of(day)`.

    Each document is of the month that was reported then, or of the one in `months` (firsts of
    months) at the same place. Raises NothingKnownYet when a moment lies before the programme's
    history.
    """
    programmes = _programmes(programme, moments)
    months = months or [row.reporting_month for row in programmes]
    times = [
        _Time(moment, (month, previous_month(month)))
        for moment, month in zip(moments, months, strict=True)
    ]
    scope: dict[Any, Collection[int]] = {Programme: [programme.pk]}
    years = state_at(ProgrammeYear, moments, fields=_fields(_YearRow), under=scope)
    fields = _fields(_InitiativeRow, "area_id")
    initiatives = state_at(Initiative, moments, fields=fields, under=scope)
    # Rows under an initiative are found by its id, without asking where the initiative stood.
    scope[Initiative] = {pk for rows in initiatives for pk, *_ in rows}
    named = states_at(_NAMED, moments, under=scope)
    fields = _fields(_DeadlineRow, "initiative_id")
    deadlines = state_at(Deadline, moments, fields=fields, under=scope)
    moves, updates = _moves(moments), _updates(times, scope[Initiative])
    return [
        _Plan(
            time,
            programmes[place],
            {model: _rows(_NamedRow, states[place]) for model, states in named.items()},
            _rows(_YearRow, years[place]),
            _rows(_InitiativeRow, initiatives[place]),
            _rows(_DeadlineRow, deadlines[place]),
            nodes.grouped(move.of_deadline for move in moves if move.recorded_at < time.moment),
            nodes.standing((made.update for made in updates if made.stood[place]), *time.months),
        ).build()
        for place, time in enumerate(times)
    ]


def reporting_month(programme: Programme, moment: datetime) -> date:
    """Find the month that was reported just before `moment`. One query. Raises NothingKnownYet."""
    return _programmes(programme, [moment])[0].reporting_month


def earliest(programme: Programme) -> date:
    """Find the first day on which anything is known of the plan: that of its first initiative, or
    of the programme when it has none. One query, or two."""
    versions = Initiative.history.filter(id=OuterRef("pk")).order_by("history_date", "history_id")
    initiatives = Initiative.objects.of(programme).annotate(
        first=Subquery(versions.values("history_date")[:1])
    )
    first: datetime | None = initiatives.aggregate(earliest=Min("first"))["earliest"]
    return local_day(first) if first else first_day(programme)


@dataclass(frozen=True)
class _Time:
    """A moment, with the months that its document speaks of: the reported one and the one
    before."""

    moment: datetime
    months: tuple[date, date]


@dataclass(frozen=True)
class _Plan:
    """The rows of a programme as they stood at one moment, from which the document is built.

    `moves` are by deadline id, `updates` by initiative id; both may hold other programmes' too.
    """

    time: _Time
    programme: _ProgrammeRow
    named: dict[type[Versioned], list[_NamedRow]]
    years: list[_YearRow]
    initiatives: list[_InitiativeRow]
    deadlines: list[_DeadlineRow]
    moves: dict[int, tuple[StateRow, ...]]
    updates: dict[int, nodes.Standing]

    def build(self) -> BuiltPlan:
        """Build the document and the state of its initiatives, which have no version then."""
        states = {
            row.key: row_state(self.updates.get(row.id, NOT_JUDGED), row.id)
            for row in self.initiatives
        }
        return BuiltPlan(self.document(), states, self.programme.starts_on)

    def document(self) -> plan.PlanDocument:
        root = (self.programme,)
        principles = _under(root, self.named[Principle])
        areas = nodes.grouped(self._areas(principles))
        return nodes.document(
            plan.Programme(
                *self.programme[3:],
                purposes=tuple(row.title for row in _under(root, self.named[Purpose])),
            ),
            (plan.Principle(row.key, row.title, areas.get(row.id, ())) for row in principles),
            month=self.time.months[0],
            on=day_of(self.time.moment),
        )

    def _areas(self, principles: list[_NamedRow]) -> Iterator[tuple[int, plan.Area]]:
        """Yield the areas under `principles`, each with the id of its principle."""
        areas = _under(principles, self.named[ActionArea])
        initiatives = nodes.grouped(self._initiatives(areas))
        years = nodes.grouped(
            (row.area_id, plan.YearNumber(row.year, row.number, row.repeated_number))
            for row in sorted(self.years, key=lambda row: (row.year, row.number))
            if row.archived_at is None
        )
        for row in areas:
            in_area = initiatives.get(row.id, ())
            yield row.parent, plan.Area(row.key, row.title, years.get(row.id, ()), in_area)

    def _initiatives(self, areas: list[_NamedRow]) -> Iterator[tuple[int, plan.Initiative]]:
        """Yield the initiatives under `areas`, each with the id of its area."""
        initiatives = _under(areas, self.initiatives)
        actions = nodes.grouped(
            (row.parent, plan.Action(row.key, row.title))
            for row in _under(initiatives, self.named[Action])
        )
        deadlines = nodes.grouped(self._deadlines(initiatives))
        for row in initiatives:
            standing = self.updates.get(row.id, NOT_JUDGED)
            children = actions.get(row.id, ()), deadlines.get(row.id, ())
            yield row.parent, nodes.initiative(row, standing, *children)

    def _deadlines(self, initiatives: list[_InitiativeRow]) -> Iterator[tuple[int, nodes.Marked]]:
        """Yield the deadlines of `initiatives`, each with the id of its initiative."""
        # A deadline still names its indsats when that is archived.
        keys: dict[int | None, str] = {row.id: row.key for row in self.named[Action]}
        for row in _under(initiatives, self.deadlines):
            moves = tuple(nodes.move(*move) for move in self.moves.get(row.id, ()))
            columns = row.key, row.wording, row.fact, keys.get(row.action_id), row.detail, row.since
            days, last = row[-len(_END) : -len(nodes.LAST_COLUMNS)], row[-len(nodes.LAST_COLUMNS) :]
            yield row.parent, nodes.deadline(*columns, days, moves, last)


class _Move(NamedTuple):
    """When a move was recorded, and the id of its deadline with the move's columns."""

    recorded_at: datetime
    of_deadline: tuple[int, StateRow]


class _UpdateAtMoments(NamedTuple):
    """A judgement, with whether it stood at each of the moments."""

    update: nodes.Update
    stood: Sequence[bool]


def _programmes(programme: Programme, moments: Sequence[datetime]) -> list[_ProgrammeRow]:
    states = state_at(Programme, moments, fields=_fields(_ProgrammeRow), id=programme.pk)
    if not all(states):
        raise NothingKnownYet(earliest(programme))
    return [_ProgrammeRow._make(row) for (row,) in states]


def _moves(moments: Sequence[datetime]) -> list[_Move]:
    """Read every move recorded before the last of `moments`, oldest first."""
    rows = DeadlineMove.objects.filter(recorded_at__lt=max(moments)).order_by("id")
    columns = rows.values_list("recorded_at", "deadline_id", *nodes.MOVE_COLUMNS)
    return [_Move(at, (deadline, tuple(move))) for at, deadline, *move in columns]


def _updates(times: Sequence[_Time], initiatives: Collection[int]) -> list[_UpdateAtMoments]:
    """Read the judgements of `initiatives` (ids) that the documents of `times` may need, newest
    first.

    One query. It looks them up by initiative, because most judgements ever made are not needed.
    """
    if not initiatives:
        return []
    newest = [_newest_sql(time.moment, month) for time in times for month in time.months]
    sql = " UNION ".join(sql for sql, _ in newest)
    table, listed = Initiative._meta.db_table, id_list(initiatives)
    with_initiatives = f"WITH wanted AS (SELECT id FROM {table} WHERE id IN ({listed})) {sql}"
    ids = RawSQL(with_initiatives, [value for _, values in newest for value in values])
    rows = StatusUpdate.objects.filter(pk__in=ids).newest_first()
    stood = [Stands(time.moment) for time in times]
    columns = rows.values_list(*stood, *nodes.Update._fields)
    return [
        _UpdateAtMoments(nodes.Update._make(row[len(times) :]), row[: len(times)])
        for row in columns
    ]


def _newest_sql(moment: datetime, month: date) -> tuple[str, list[Any]]:
    """Write SQL for the ids of two judgements of each `wanted` initiative: the newest up to
    `month`, and the newest with a reason, among those that stood at `moment`.

    It is written by hand for the same reason as in `core.state_at`.
    """
    ops = connection.ops
    stood, moments = stands("u", ops.adapt_datetimefield_value(moment))
    newest = (
        f"SELECT (SELECT u.id FROM {StatusUpdate._meta.db_table} u "
        f"WHERE u.initiative_id = wanted.id AND u.month <= %s AND {stood} AND {{condition}} "
        f"ORDER BY u.id DESC LIMIT 1) FROM wanted"
    )
    values = [ops.adapt_datefield_value(month), *moments]
    conditions = "1 = 1", "u.reason <> ''"
    sql = " UNION ".join(newest.format(condition=condition) for condition in conditions)
    return sql, values * len(conditions)


def _rows(row_type: type[Any], rows: Iterable[StateRow]) -> list[Any]:
    return [row_type._make(row) for row in rows]


def _under(parents: Iterable[Any], rows: Iterable[Any]) -> list[Any]:
    """List the rows under `parents` that were not archived, by position and then by id."""
    ids = {parent.id for parent in parents}
    children = (row for row in rows if row.parent in ids and row.archived_at is None)
    return sorted(children, key=lambda row: (row.position, row.id))
