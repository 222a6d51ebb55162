"""Historik: what was changed in the whole programme, a month at a time, as Danish sentences.

A month is the slice that is read: the history of one month in a fixed number of queries, never
the whole of it. Names come from the history rows; keys, which never change, from the live ones.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, Exists, F, Max, Min, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull

from core.characters import fold, in_one_line, looks_alike
from core.clock import COPENHAGEN, start_of_day
from core.danish import sort_key
from core.history import Entry, Words, row_changes
from core.months import next_month, previous_month
from core.tracking import LOADER, MENDER
from initiatives.history import sentences
from initiatives.models import Action, Deadline, DeadlineMove, Initiative, StatusUpdate
from initiatives.sources.past import with_titles
from principles.models import ActionArea, Principle, Programme, ProgrammeYear, Purpose
from principles.words import AREA_WORDS, PRINCIPLE_WORDS, PROGRAMME_WORDS, PURPOSE_WORDS, YEAR_WORDS


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. "" is everybody, or every kind; no month is the newest one."""

    person: str = ""
    kind: str = ""
    month: date | None = None


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """A change and what it belongs to, as it was called then; `view` and `key` make its link."""

    entry: Entry
    title: str
    view: str
    key: str


@dataclass(frozen=True, slots=True)
class MonthOfHistory:
    """A month's changes, newest first. `month` is None when nothing was ever changed.

    `months` are those that can be asked for, newest first, without a hole; `people` everybody who
    ever changed something, and `person` the one of them who is asked for.
    """

    month: date | None
    lines: list[HistoryLine]
    months: list[date]
    people: list[str]
    person: str


@dataclass(frozen=True)
class _Source:
    """A table with history. `owner` names the column with the id of what its rows belong to, a
    row of `owner_model`; "" when a row is itself what the line leads to."""

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
        """The annotations that tell what a row belongs to."""
        if not self.owner:
            return {"subject_title": F("title"), "subject_key": F("key")}
        return _named(self.owner_model, self.owner, "history_date")


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
    """The moments and the person that are asked for, and the fields whose changes are hidden.

    `names` are all that the person wrote under, None for everybody's changes.
    """

    programme: Programme
    first: datetime
    end: datetime
    names: frozenset[str] | None
    hidden: frozenset[str]

    def of(self, rows: Any, moment: str, name: str) -> Any:
        """The rows of a queryset that lie in it, by the names of their columns."""
        rows = rows.filter(**{f"{moment}__gte": self.first, f"{moment}__lt": self.end})
        return rows if self.names is None else rows.filter(**{f"{name}__in": self.names})

    def holds(self, row: Any) -> bool:
        """Whether a history row lies in it."""
        mine = self.names is None or row.actor_name in self.names
        return bool(mine and self.first <= row.history_date < self.end)


def month_of_history(programme: Programme, asked: Asked, *, internal: bool) -> MonthOfHistory:
    """The changes of the month asked for, or of the newest one with any. Ten queries.

    `internal` includes changes of the internal notes.
    """
    hidden = frozenset() if internal else frozenset({"internal_notes"})
    spans = _spans(programme, hidden)
    known = sorted({person for _, person, *_ in spans if person}, key=sort_key)
    # A name that was pasted with an unseen character is no other person.
    people = list(dict.fromkeys(map(in_one_line, known)))
    names = _names(known, asked.person)
    person = in_one_line(next((name for name in known if name in names), asked.person))
    mine = [
        (_month(first), _month(last))
        for kind, person, first, last in spans
        if asked.kind in ("", kind) and (not asked.person or person in names)
    ]
    newest = max((last for _, last in mine), default=None)
    month = asked.month or newest
    months = _months(min((first for first, _ in mine), default=None), newest)
    if month is None:
        return MonthOfHistory(None, [], months, people, person)
    end = start_of_day(next_month(month))
    wanted = names if asked.person else None
    part = _Slice(programme, start_of_day(month), end, wanted, hidden)
    lines = [line for kind, read in _READERS if asked.kind in ("", kind) for line in read(part)]
    lines.sort(key=lambda line: (line.entry.at, line.entry.order), reverse=True)
    return MonthOfHistory(month, lines, months, people, person)


def _names(known: list[str], typed: str) -> frozenset[str]:
    """The names of who is asked for: as they are seen, or else as they are searched for."""
    alike = frozenset(name for name in known if looks_alike(name, typed))
    return alike or frozenset(name for name in known if typed and fold(name) == fold(typed))


def _month(moment: datetime) -> date:
    return moment.astimezone(COPENHAGEN).date().replace(day=1)


def _months(first: date | None, last: date | None) -> list[date]:
    found: list[date] = []
    while first and last and last >= first:
        found.append(last)
        last = previous_month(last)
    return found


# Who, and from when to when


def _spans(
    programme: Programme, hidden: frozenset[str]
) -> list[tuple[str, str, datetime, datetime]]:
    """For each kind and person the first and the last change that is told. One query."""
    sources = (*_SOURCES, _PRINCIPLES, _PURPOSES)
    parts = [
        _span(
            source.kind,
            _telling(source, _told(source, programme), hidden),
            "actor_name",
            "history_date",
        )
        for source in sources
    ]
    updates, moves = _updates(programme), _moves(programme)
    parts.append(_span("status", updates, "by_name", "recorded_at"))
    parts.append(_span("deadline", moves, "by_name", "recorded_at"))
    return list(parts[0].union(*parts[1:], all=True).order_by())


def _span(kind: str, rows: Any, name: str, moment: str) -> Any:
    told = Value(kind, output_field=CharField())
    named = rows.order_by().annotate(told_as=told, person=F(name)).values("told_as", "person")
    spans = named.annotate(first=Min(moment), last=Max(moment))
    return spans.values_list("told_as", "person", "first", "last")


# The rows


def _told(source: _Source, programme: Programme) -> Any:
    """The history rows of the programme that tell something themselves: what was loaded with its
    parent is told once, by the parent, and what was mended nobody can see."""
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


def _named(model: Any, owner: str, moment: str) -> dict[str, Any]:
    """Annotations: the title that the row with the id in `owner` had at `moment`, and its key."""
    versions = model.history.filter(id=OuterRef(owner))
    then = versions.filter(history_date__lte=OuterRef(moment))
    title = then.order_by("-history_date", "-history_id").values("title")[:1]
    # What was imported may be older than the row it belongs to.
    oldest = versions.order_by("history_date", "history_id").values("title")[:1]
    key = model.objects.filter(pk=OuterRef(owner)).order_by().values("key")[:1]
    return {
        "subject_title": Coalesce(Subquery(title), Subquery(oldest)),
        "subject_key": Subquery(key),
    }


def _earlier(source: _Source) -> Any:
    """The version before that of the outer query's history row."""
    earlier = source.model.history.filter(id=OuterRef("id"), version=OuterRef("version") - 1)
    return earlier.order_by()


def _telling(source: _Source, rows: Any, hidden: frozenset[str]) -> Any:
    """Of history rows those that differ from the version before them in what is told."""
    return rows.exclude(Exists(_earlier(source).filter(*_same(source, hidden))))


def _rows(source: _Source, part: _Slice) -> Any:
    """The history rows of the slice that tell something, each with the version before it."""
    history, earlier = source.model.history, _earlier(source)
    asked = part.of(_told(source, part.programme), "history_date", "actor_name")
    asked = _telling(source, asked, part.hidden)
    before = asked.annotate(before=Subquery(earlier.values("history_id")[:1])).values("before")
    wanted = Q(history_id__in=asked.values("history_id")) | Q(history_id__in=before)
    rows = history.filter(wanted).order_by()
    return rows.annotate(**source.names)


def _same(source: _Source, hidden: frozenset[str]) -> Iterator[Q]:
    """That a row has every told value of the row around it: most versions of an initiative have,
    since a judgement tells of itself."""
    model = source.model.history.model
    names = {field.name for field in model._meta.fields}
    for name in sorted(({*source.words.fields, "archived_at", "position"} & names) - hidden):
        field = model._meta.get_field(name)
        same = Q(**{field.attname: OuterRef(field.attname)})
        if field.null:
            same |= Q(IsNull(F(field.attname), True), IsNull(OuterRef(field.attname), True))
        yield same


ToldElsewhere = Callable[[Any, str], bool]


def _lines(
    source: _Source, rows: Any, part: _Slice, is_told_elsewhere: ToldElsewhere | None = None
) -> Iterator[HistoryLine]:
    by_id = {row.history_id: row for row in rows}
    versions = {(row.id, row.version) for row in by_id.values()}
    for entry in row_changes(
        source.words,
        by_id.values(),
        hidden=part.hidden,
        is_told_elsewhere=is_told_elsewhere or (lambda row, name: False),
    ):
        # A row read only as the version before another one is not told: nor its changes since
        # a version that is not its own forerunner.
        row = by_id[entry.order]
        follows = row.version == 1 or (row.id, row.version - 1) in versions
        if follows and part.holds(row):
            yield HistoryLine(entry, row.subject_title, source.view, row.subject_key)


Reader = Callable[[_Slice], Iterator[HistoryLine]]


def _reader(source: _Source) -> Reader:
    return lambda part: _lines(source, _rows(source, part), part)


def _principles_and_purposes(part: _Slice) -> Iterator[HistoryLine]:
    """Two tables with the same columns, in one query."""
    both = [
        _rows(source, part).annotate(table=Value(number, output_field=CharField()))
        for number, source in (("1", _PRINCIPLES), ("2", _PURPOSES))
    ]
    rows = list(both[0].union(both[1], all=True).order_by())
    for number, source in (("1", _PRINCIPLES), ("2", _PURPOSES)):
        of_table = [row for row in rows if row.table == number]
        yield from _lines(source, of_table, part)


def _deadlines(part: _Slice) -> Iterator[HistoryLine]:
    """Moves, and whatever else was changed in a deadline."""
    names = _named(Initiative, "deadline__initiative_id", "recorded_at")
    moves = part.of(_moves(part.programme), "recorded_at", "by_name")
    found = list(with_titles(moves).annotate(**names))
    moved = {(move.deadline_id, move.deadline_version) for move in found}
    for move in found:
        entry = sentences.move_entry(move)
        yield HistoryLine(entry, move.subject_title, _INITIATIVE, move.subject_key)
    yield from _lines(
        _DEADLINES,
        _rows(_DEADLINES, part),
        part,
        is_told_elsewhere=lambda row, name: (
            name in sentences.MOVED and (row.id, row.version) in moved
        ),
    )


def _judgements(part: _Slice) -> Iterator[HistoryLine]:
    names = _named(Initiative, "initiative_id", "recorded_at")
    updates = part.of(_updates(part.programme), "recorded_at", "by_name")
    for update in updates.annotate(**names):
        entry = sentences.judgement_entry(update)
        yield HistoryLine(entry, update.subject_title, _INITIATIVE, update.subject_key)


_READERS: tuple[tuple[str, Reader], ...] = (
    ("status", _judgements),
    ("deadline", _deadlines),
    ("ramme", _principles_and_purposes),
    *((source.kind, _reader(source)) for source in _SOURCES if source is not _DEADLINES),
)
