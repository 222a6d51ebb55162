"""Read what was changed in the whole programme, a month at a time, as Danish sentences.

The history of one month takes a fixed number of queries; the whole of it is never read. Names come
from the history rows; keys, which never change, from the live rows.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, Exists, F, Max, Min, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull

from core.characters import fold, in_one_line, looks_alike
from core.clock import local_day, start_of_day
from core.danish import sort_key
from core.history import Entry, Words, row_changes
from core.months import next_month, previous_month
from core.tracking import LOADER, MENDER
from initiatives.history import sentences
from initiatives.models import (
    Action,
    Deadline,
    DeadlineMove,
    Dismissal,
    Initiative,
    StatusUpdate,
)
from initiatives.sources.past import ActionTitle
from principles.models import ActionArea, Principle, Programme, ProgrammeYear, Purpose
from principles.words import AREA_WORDS, PRINCIPLE_WORDS, PROGRAMME_WORDS, PURPOSE_WORDS, YEAR_WORDS


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """The filter in the address. "" is everybody, or every kind; no month is the newest one."""

    person: str = ""
    kind: str = ""
    month: date | None = None


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """A change with the title, at that time, of what was changed; `view` and `key` make its
    link."""

    entry: Entry
    title: str
    view: str
    key: str


@dataclass(frozen=True, slots=True)
class MonthOfHistory:
    """A month's changes, newest first. `month` is None when nothing was ever changed.

    `months` are all that can be chosen, newest first; `people` is everybody who ever changed
    something, and `person` the one who is chosen.
    """

    month: date | None
    lines: list[HistoryLine]
    months: list[date]
    people: list[str]
    person: str


@dataclass(frozen=True)
class _Source:
    """A table with history. `owner` names the column with the id of the row of `owner_model` that
    its rows belong to; "" when the line leads to the row itself."""

    model: Any
    words: Words
    view: str
    owner: str = ""
    owner_model: Any = None

    @property
    def kind(self) -> str:
        return self.words.kind

    @property
    def names(self) -> dict[str, Any]:
        """The annotations with the title and the key of what a row belongs to."""
        if not self.owner:
            return {"subject_title": F("title"), "subject_key": F("key")}
        return _subject(self.owner_model, self.owner, "history_date")


_INITIATIVE, _AREA = "initiatives:initiative-detail", "initiatives:area-detail"
_PRINCIPLE, _PROGRAMME = "initiatives:principle-detail", "initiatives:programme-detail"
_OF_INITIATIVE: dict[str, Any] = {"owner": "initiative_id", "owner_model": Initiative}
_DEADLINES = _Source(Deadline, sentences.DEADLINE_WORDS, _INITIATIVE, **_OF_INITIATIVE)
_PRINCIPLES = _Source(Principle, PRINCIPLE_WORDS, _PRINCIPLE)
_PURPOSES = _Source(Purpose, PURPOSE_WORDS, _PROGRAMME, "programme_id", Programme)
_SOURCES = (
    _Source(Initiative, sentences.INITIATIVE_WORDS, _INITIATIVE),
    _Source(Action, sentences.ACTION_WORDS, _INITIATIVE, **_OF_INITIATIVE),
    _DEADLINES,
    _Source(ActionArea, AREA_WORDS, _AREA),
    _Source(ProgrammeYear, YEAR_WORDS, _AREA, "area_id", ActionArea),
    _Source(Programme, PROGRAMME_WORDS, _PROGRAMME),
)


@dataclass(frozen=True, slots=True)
class _Slice:
    """The part of the history to read: its moments, its person, and the fields whose changes are
    hidden.

    `names` are all names of the person, None for everybody's changes.
    """

    programme: Programme
    first: datetime
    end: datetime
    names: frozenset[str] | None
    hidden: frozenset[str]

    def of(self, rows: Any, moment: str, name: str) -> Any:
        """Keep the rows of a queryset that are in the slice; `moment` and `name` are columns."""
        rows = rows.filter(**{f"{moment}__gte": self.first, f"{moment}__lt": self.end})
        return rows if self.names is None else rows.filter(**{f"{name}__in": self.names})

    def contains(self, row: Any) -> bool:
        """Whether a history row is in the slice."""
        is_by_person = self.names is None or row.actor_name in self.names
        return bool(is_by_person and self.first <= row.history_date < self.end)


def month_of_history(
    programme: Programme, chosen: HistoryFilter, *, internal: bool
) -> MonthOfHistory:
    """Read the changes of the month asked for, or of the newest one with any. Eleven queries.

    `internal` includes changes of the internal notes.
    """
    hidden = frozenset() if internal else frozenset({"internal_notes"})
    spans = _spans(programme, hidden)
    all_names = sorted({person for _, person, *_ in spans if person}, key=sort_key)
    # A name that was pasted with an invisible character is the same person.
    people = list(dict.fromkeys(map(in_one_line, all_names)))
    names = _names(all_names, chosen.person)
    person = in_one_line(next((name for name in all_names if name in names), chosen.person))
    ends = [
        (_month(first), _month(last))
        for kind, person, first, last in spans
        if chosen.kind in ("", kind) and (not chosen.person or person in names)
    ]
    newest = max((last for _, last in ends), default=None)
    month = chosen.month or newest
    months = _months(min((first for first, _ in ends), default=None), newest)
    if month is None:
        return MonthOfHistory(None, [], months, people, person)
    end = start_of_day(next_month(month))
    wanted = names if chosen.person else None
    part = _Slice(programme, start_of_day(month), end, wanted, hidden)
    lines = [line for kind, read in _READERS if chosen.kind in ("", kind) for line in read(part)]
    lines.sort(key=lambda line: (line.entry.at, line.entry.order), reverse=True)
    return MonthOfHistory(month, lines, months, people, person)


def _names(all_names: list[str], typed: str) -> frozenset[str]:
    """Find the names of the person asked for: those that look as typed, or else those that a search
    would find."""
    alike = frozenset(name for name in all_names if looks_alike(name, typed))
    return alike or frozenset(name for name in all_names if typed and fold(name) == fold(typed))


def _month(moment: datetime) -> date:
    return local_day(moment).replace(day=1)


def _months(first: date | None, last: date | None) -> list[date]:
    months: list[date] = []
    while first and last and last >= first:
        months.append(last)
        last = previous_month(last)
    return months


# Who, and from when to when


def _spans(
    programme: Programme, hidden: frozenset[str]
) -> list[tuple[str, str, datetime, datetime]]:
    """Find the first and the last change with a line, for each kind and person. One query."""
    sources = (*_SOURCES, _PRINCIPLES, _PURPOSES)
    parts = [
        _span(
            source.kind,
            _with_visible_changes(source, _rows_with_lines(source, programme), hidden),
            "actor_name",
            "history_date",
        )
        for source in sources
    ]
    updates, moves = _updates(programme), _moves(programme)
    parts.append(_span("status", updates, "by_name", "recorded_at"))
    parts.append(_span("deadline", moves, "by_name", "recorded_at"))
    dismissals = Dismissal.objects.of(programme)
    parts.append(_span("initiativ", dismissals, "by_name", "recorded_at"))
    return list(parts[0].union(*parts[1:], all=True).order_by())


def _span(kind: str, rows: Any, name: str, moment: str) -> Any:
    line_kind = Value(kind, output_field=CharField())
    rows = rows.order_by().annotate(line_kind=line_kind, person=F(name))
    spans = rows.values("line_kind", "person").annotate(first=Min(moment), last=Max(moment))
    return spans.values_list("line_kind", "person", "first", "last")


# The rows


def _rows_with_lines(source: _Source, programme: Programme) -> Any:
    """Select the history rows of the programme that have lines of their own. A row that was loaded
    with its parent has none, nor has a row that was mended, which nobody can see."""
    model = source.model
    live = (
        model.objects.filter(pk=programme.pk) if model is Programme else model.objects.of(programme)
    )
    rows = model.history.filter(id__in=live.order_by().values("pk")).order_by()
    rows = rows.exclude(actor_name=MENDER.name)
    if source.words.is_subject:
        return rows
    return rows.exclude(actor_name=LOADER.name, history_type="+")


def _updates(programme: Programme) -> Any:
    return StatusUpdate.objects.filter(initiative__area__principle__programme=programme)


def _moves(programme: Programme) -> Any:
    path = "deadline__initiative__area__principle__programme"
    return DeadlineMove.objects.filter(**{path: programme})


def _subject(model: Any, owner: str, moment: str) -> dict[str, Any]:
    """Make annotations: the title that the row with the id in `owner` had at `moment`, and its
    key."""
    versions = model.history.filter(id=OuterRef(owner))
    then = versions.filter(history_date__lte=OuterRef(moment))
    title = then.order_by("-history_date", "-history_id").values("title")[:1]
    # A row that was imported may be older than the row it belongs to.
    oldest = versions.order_by("history_date", "history_id").values("title")[:1]
    key = model.objects.filter(pk=OuterRef(owner)).order_by().values("key")[:1]
    return {
        "subject_title": Coalesce(Subquery(title), Subquery(oldest)),
        "subject_key": Subquery(key),
    }


def _earlier(source: _Source) -> Any:
    """Select the version before that of the outer query's history row."""
    earlier = source.model.history.filter(id=OuterRef("id"), version=OuterRef("version") - 1)
    return earlier.order_by()


def _with_visible_changes(source: _Source, rows: Any, hidden: frozenset[str]) -> Any:
    """Keep the history rows that differ from the version before them in a field with a line."""
    return rows.exclude(Exists(_earlier(source).filter(*_same(source, hidden))))


def _rows(source: _Source, part: _Slice) -> Any:
    """Select the history rows of the slice that have lines, each with the version before it."""
    history, earlier = source.model.history, _earlier(source)
    rows = part.of(_rows_with_lines(source, part.programme), "history_date", "actor_name")
    rows = _with_visible_changes(source, rows, part.hidden)
    before = rows.annotate(before=Subquery(earlier.values("history_id")[:1])).values("before")
    wanted = Q(history_id__in=rows.values("history_id")) | Q(history_id__in=before)
    return history.filter(wanted).order_by().annotate(**source.names)


def _same(source: _Source, hidden: frozenset[str]) -> Iterator[Q]:
    """Yield the conditions that a row has every visible value of the outer query's row. Most
    versions of an initiative have, since a judgement has a line of its own."""
    model = source.model.history.model
    names = {field.name for field in model._meta.fields}
    for name in sorted(({*source.words.fields, "archived_at", "position"} & names) - hidden):
        field = model._meta.get_field(name)
        same = Q(**{field.attname: OuterRef(field.attname)})
        if field.null:
            same |= Q(IsNull(F(field.attname), True), IsNull(OuterRef(field.attname), True))
        yield same


def _lines(
    source: _Source,
    rows: Any,
    part: _Slice,
    is_told_elsewhere: Callable[[Any, str], bool] | None = None,
) -> Iterator[HistoryLine]:
    """Yield the lines of history rows; `is_told_elsewhere` says which fields of a row another line
    mentions."""
    by_id = {row.history_id: row for row in rows}
    versions = {(row.id, row.version) for row in by_id.values()}
    for entry in row_changes(
        source.words,
        by_id.values(),
        hidden=part.hidden,
        is_told_elsewhere=is_told_elsewhere or (lambda row, name: False),
    ):
        # A row that was read only as the version before another one has no line, and neither have
        # changes since an older version than the one before.
        row = by_id[entry.order]
        follows = row.version == 1 or (row.id, row.version - 1) in versions
        if follows and part.contains(row):
            yield HistoryLine(entry, row.subject_title, source.view, row.subject_key)


Reader = Callable[[_Slice], Iterator[HistoryLine]]


def _reader(source: _Source) -> Reader:
    return lambda part: _lines(source, _rows(source, part), part)


def _principles_and_purposes(part: _Slice) -> Iterator[HistoryLine]:
    """Read two tables with the same columns in one query."""
    both = [
        _rows(source, part).annotate(table=Value(number, output_field=CharField()))
        for number, source in (("1", _PRINCIPLES), ("2", _PURPOSES))
    ]
    rows = list(both[0].union(both[1], all=True).order_by())
    for number, source in (("1", _PRINCIPLES), ("2", _PURPOSES)):
        of_table = [row for row in rows if row.table == number]
        yield from _lines(source, of_table, part)


def _deadlines(part: _Slice) -> Iterator[HistoryLine]:
    """Read the moves, and whatever else was changed in a deadline."""
    names = _subject(Initiative, "deadline__initiative_id", "recorded_at")
    rows = part.of(_moves(part.programme), "recorded_at", "by_name")
    moves = list(rows.annotate(action_title=ActionTitle(), **names))
    moved = {(move.deadline_id, move.deadline_version) for move in moves}
    for move in moves:
        entry = sentences.move_entry(move)
        yield HistoryLine(entry, move.subject_title, _INITIATIVE, move.subject_key)
    rows = list(_rows(_DEADLINES, part))
    told = sentences.told_of_deadlines(rows, moved)
    yield from _lines(_DEADLINES, rows, part, is_told_elsewhere=told)
    by_id = {row.history_id: row for row in rows}
    for entry in sentences.outcome_entries(rows):
        row = by_id[entry.order]
        if part.contains(row):
            yield HistoryLine(entry, row.subject_title, _INITIATIVE, row.subject_key)


def _judgements(part: _Slice) -> Iterator[HistoryLine]:
    names = _subject(Initiative, "initiative_id", "recorded_at")
    updates = part.of(_updates(part.programme), "recorded_at", "by_name")
    for update in updates.annotate(**names):
        entry = sentences.judgement_entry(update)
        yield HistoryLine(entry, update.subject_title, _INITIATIVE, update.subject_key)


def _dismissals(part: _Slice) -> Iterator[HistoryLine]:
    names = _subject(Initiative, "initiative_id", "recorded_at")
    rows = part.of(Dismissal.objects.of(part.programme), "recorded_at", "by_name")
    for row in rows.annotate(**names):
        entry = sentences.dismissal_entry(row)
        yield HistoryLine(entry, row.subject_title, _INITIATIVE, row.subject_key)


_READERS: tuple[tuple[str, Reader], ...] = (
    ("status", _judgements),
    ("initiativ", _dismissals),
    ("deadline", _deadlines),
    ("ramme", _principles_and_purposes),
    *((source.kind, _reader(source)) for source in _SOURCES if source is not _DEADLINES),
)
