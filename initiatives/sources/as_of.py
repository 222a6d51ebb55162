"""The second source of the plan document: the plan as of any past moment, read from history.

What `live.build_live` would have given then, in seven queries whatever the size and however many
moments; for the page of one initiative in three. Parents are found by their ids among the rows of
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
from core.clock import COPENHAGEN
from core.months import previous_month
from core.state_at import StateRow, day_of, first_day, id_list, state_at, states_at
from core.tracking import Versioned
from initiatives.models import Action, Deadline, DeadlineMove, Initiative, StatusUpdate
from initiatives.models.status_update import Stands, stands
from initiatives.sources import nodes
from initiatives.sources.live import NOT_JUDGED, LivePlan, row_state
from initiatives.sources.past import Past, as_they_stood
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
    # The last are those of `nodes.DAY_COLUMNS`, in its order.
    starts_on: date | None
    ends_on: date | None
    kind: str
    set_by_hand: bool
    opens_on: date | None
    met_on: date | None


def _asked(row: Any, parent: str = "") -> list[str]:
    """The fields to ask history for; the id comes unasked."""
    return [parent if name == "parent" else name for name in row._fields[1:]]


_NAMED: dict[type[Versioned], Sequence[str]] = {
    Purpose: _asked(_NamedRow, "programme_id"),
    Principle: _asked(_NamedRow, "programme_id"),
    ActionArea: _asked(_NamedRow, "principle_id"),
    Action: _asked(_NamedRow, "initiative_id"),
}


def build_as_of(
    programme: Programme, moments: Sequence[datetime], *, months: Sequence[date] | None = None
) -> list[plan.PlanDocument]:
    """The documents of `plans_as_of`."""
    return [found.document for found in plans_as_of(programme, moments, months=months)]


def plans_as_of(
    programme: Programme, moments: Sequence[datetime], *, months: Sequence[date] | None = None
) -> list[LivePlan]:
    """The plan just before each of `moments`; as of a day is at `core.state_at.end_of(day)`.

    Each document is of the month that was reported then, or of its own of `months` (the first of
    each). Raises NothingKnownYet when a moment lies before the programme's history.
    """
    programmes = _programmes(programme, moments)
    months = months or [row.reporting_month for row in programmes]
    times = [
        _Time(moment, (month, previous_month(month)))
        for moment, month in zip(moments, months, strict=True)
    ]
    own: dict[Any, Collection[int]] = {Programme: [programme.pk]}
    years = state_at(ProgrammeYear, moments, fields=_asked(_YearRow), under=own)
    initiatives = state_at(Initiative, moments, fields=_asked(_InitiativeRow, "area_id"), under=own)
    # What stands under an initiative asks no more where that stood.
    own[Initiative] = {pk for rows in initiatives for pk, *_ in rows}
    named = states_at(_NAMED, moments, under=own)
    deadlines = state_at(Deadline, moments, fields=_asked(_DeadlineRow, "initiative_id"), under=own)
    moves, updates = _moves(moments), _updates(times, own[Initiative])
    return [
        _Plan(
            time,
            programmes[place],
            {model: _rows(_NamedRow, found[place]) for model, found in named.items()},
            _rows(_YearRow, years[place]),
            _rows(_InitiativeRow, initiatives[place]),
            _rows(_DeadlineRow, deadlines[place]),
            nodes.grouped(move.at_deadline for move in moves if move.recorded_at < time.moment),
            nodes.standing((made.update for made in updates if made.stood[place]), *time.months),
        ).whole()
        for place, time in enumerate(times)
    ]


def build_one_as_of(programme: Programme, past: Past, moment: datetime) -> LivePlan:
    """The plan just before `moment` with no other initiative than the one whose `past` up to then
    is read already. Three queries.

    Raises NothingKnownYet as `build_as_of` does.
    """
    (row,) = _programmes(programme, [moment])
    time = _Time(moment, (row.reporting_month, previous_month(row.reporting_month)))
    frame = {model: fields for model, fields in _NAMED.items() if model is not Action}
    own = {Programme: [programme.pk]}
    named = states_at(frame, [moment], under=own)
    (years,) = state_at(ProgrammeYear, [moment], fields=_asked(_YearRow), under=own)
    return _Plan(
        time,
        row,
        {
            **{model: _rows(_NamedRow, found) for model, (found,) in named.items()},
            Action: _stood(_NamedRow, past.actions, "initiative_id"),
        },
        _rows(_YearRow, years),
        _stood(_InitiativeRow, past.own, "area_id"),
        _stood(_DeadlineRow, past.deadlines, "initiative_id"),
        nodes.grouped((move.deadline_id, _values(move, nodes.MOVE_COLUMNS)) for move in past.moves),
        nodes.standing(
            (
                nodes.Update._make(_values(update, nodes.Update._fields))
                for update in reversed(past.judgements())
            ),
            *time.months,
        ),
    ).whole()


def reporting_month(programme: Programme, moment: datetime) -> date:
    """The month that was reported just before `moment`. One query. Raises NothingKnownYet."""
    return _programmes(programme, [moment])[0].reporting_month


def earliest(programme: Programme) -> date:
    """The first day that the plan has an initiative; of a plan without any, that of the programme.
    Nothing is known of it before. One query, or two."""
    versions = Initiative.history.filter(id=OuterRef("pk")).order_by("history_date", "history_id")
    own = Initiative.objects.of(programme).annotate(
        first=Subquery(versions.values("history_date")[:1])
    )
    first: datetime | None = own.aggregate(found=Min("first"))["found"]
    return first.astimezone(COPENHAGEN).date() if first else first_day(programme)


@dataclass(frozen=True)
class _Time:
    """A moment, and the months its document tells of: its own and the one before."""

    moment: datetime
    months: tuple[date, date]


@dataclass(frozen=True)
class _Plan:
    """The programme's rows as they stood at one moment, to be put together.

    `moves` come by deadline id, `updates` by initiative id; both may be others' too.
    """

    time: _Time
    programme: _ProgrammeRow
    named: dict[type[Versioned], list[_NamedRow]]
    years: list[_YearRow]
    initiatives: list[_InitiativeRow]
    deadlines: list[_DeadlineRow]
    moves: dict[int, tuple[StateRow, ...]]
    updates: dict[int, nodes.Standing]

    def whole(self) -> LivePlan:
        """The document, and who judged what in it; nothing has a version then."""
        states = {
            row.key: row_state(self.updates.get(row.id, NOT_JUDGED)) for row in self.initiatives
        }
        return LivePlan(self.document(), states, self.programme.starts_on)

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
        """The areas under `principles`, by their ids."""
        areas = _under(principles, self.named[ActionArea])
        initiatives = nodes.grouped(self._initiatives(areas))
        years = nodes.grouped(
            (row.area_id, plan.YearNumber(row.year, row.number, row.repeated_number))
            for row in sorted(self.years, key=lambda row: (row.year, row.number))
            if row.archived_at is None
        )
        for row in areas:
            own = initiatives.get(row.id, ())
            yield row.parent, plan.Area(row.key, row.title, years.get(row.id, ()), own)

    def _initiatives(self, areas: list[_NamedRow]) -> Iterator[tuple[int, plan.Initiative]]:
        """The initiatives under `areas`, by their ids."""
        initiatives = _under(areas, self.initiatives)
        actions = nodes.grouped(
            (row.parent, plan.Action(row.key, row.title))
            for row in _under(initiatives, self.named[Action])
        )
        deadlines = nodes.grouped(self._deadlines(initiatives))
        for row in initiatives:
            standing = self.updates.get(row.id, NOT_JUDGED)
            own = actions.get(row.id, ()), deadlines.get(row.id, ())
            yield row.parent, nodes.initiative(row, standing, *own)

    def _deadlines(self, initiatives: list[_InitiativeRow]) -> Iterator[tuple[int, nodes.Marked]]:
        """The deadlines of `initiatives`, by their ids."""
        # A deadline names its indsats after that is archived.
        keys: dict[int | None, str] = {row.id: row.key for row in self.named[Action]}
        for row in _under(initiatives, self.deadlines):
            moves = tuple(nodes.move(*move) for move in self.moves.get(row.id, ()))
            columns = row.key, row.wording, row.fact, keys.get(row.action_id), row.detail, row.since
            yield row.parent, nodes.deadline(*columns, row[-len(nodes.DAY_COLUMNS) :], moves)


class _Move(NamedTuple):
    """When a move was recorded, and the id of its deadline with the move's columns."""

    recorded_at: datetime
    at_deadline: tuple[int, StateRow]


class _Made(NamedTuple):
    """A judgement, and of each moment whether it stood then."""

    update: nodes.Update
    stood: Sequence[bool]


def _programmes(programme: Programme, moments: Sequence[datetime]) -> list[_ProgrammeRow]:
    found = state_at(Programme, moments, fields=_asked(_ProgrammeRow), id=programme.pk)
    if not all(found):
        raise NothingKnownYet(earliest(programme))
    return [_ProgrammeRow._make(row) for (row,) in found]


def _moves(moments: Sequence[datetime]) -> list[_Move]:
    """Every move recorded before the last of `moments`, oldest first."""
    rows = DeadlineMove.objects.filter(recorded_at__lt=max(moments)).order_by("id")
    columns = rows.values_list("recorded_at", "deadline_id", *nodes.MOVE_COLUMNS)
    return [_Move(at, (deadline, tuple(move))) for at, deadline, *move in columns]


def _updates(times: Sequence[_Time], initiatives: Collection[int]) -> list[_Made]:
    """The judgements of `initiatives` (ids) that the documents of `times` may need, newest first.

    One query. They are looked up by initiative: most of those ever made are of no interest.
    """
    if not initiatives:
        return []
    newest = [_newest(time.moment, month) for time in times for month in time.months]
    sql = " UNION ".join(sql for sql, _ in newest)
    table, listed = Initiative._meta.db_table, id_list(initiatives)
    own = f"WITH own AS (SELECT id FROM {table} WHERE id IN ({listed})) {sql}"
    ids = RawSQL(own, [value for _, values in newest for value in values])
    rows = StatusUpdate.objects.filter(pk__in=ids).newest_first()
    stood = [Stands(time.moment) for time in times]
    columns = rows.values_list(*stood, *nodes.Update._fields)
    return [_Made(nodes.Update._make(row[len(times) :]), row[: len(times)]) for row in columns]


def _newest(moment: datetime, month: date) -> tuple[str, list[Any]]:
    """SQL for the ids of the newest judgement up to `month` of each of our `own` initiatives, and
    of the newest with a reason, of those that stood at `moment`.

    Written by hand for the reason that `core.state_at` has.
    """
    ops = connection.ops
    stood, moments = stands("u", ops.adapt_datetimefield_value(moment))
    newest = (
        f"SELECT (SELECT u.id FROM {StatusUpdate._meta.db_table} u "
        f"WHERE u.initiative_id = own.id AND u.month <= %s AND {stood} AND {{wanted}} "
        f"ORDER BY u.id DESC LIMIT 1) FROM own"
    )
    values = [ops.adapt_datefield_value(month), *moments]
    wanted = "1 = 1", "u.reason <> ''"
    return " UNION ".join(newest.format(wanted=own) for own in wanted), values * len(wanted)


def _rows(kind: type[Any], rows: Iterable[StateRow]) -> list[Any]:
    return [kind._make(row) for row in rows]


def _stood(kind: type[Any], rows: Iterable[Any], parent: str) -> list[Any]:
    """The newest of history rows (oldest first) as rows of a `kind`."""
    fields = ["id", *_asked(kind, parent)]
    return [kind._make(_values(row, fields)) for row in as_they_stood(rows)]


def _values(row: Any, names: Iterable[str]) -> StateRow:
    return tuple(getattr(row, name) for name in names)


def _under(parents: Iterable[Any], rows: Iterable[Any]) -> list[Any]:
    """The rows that stand under `parents` and were not archived, by position and then by age."""
    ids = {parent.id for parent in parents}
    own = (row for row in rows if row.parent in ids and row.archived_at is None)
    return sorted(own, key=lambda row: (row.position, row.id))
