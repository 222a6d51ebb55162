"""Overblik as a view model: what to decide, what moved and why, whether green is green.

Pure: a plan document, the one it is compared with and the statuses of the last months in,
rows of words and links out. No database, no clock: the day is the document's own, so that the
plan as of another day gives the page of that day. The drawings are `overview_charts.py`'s work.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Generic, TypeVar

from core import danish
from core.links import Links, with_query
from initiatives import due, pages, plan
from initiatives.deadline_views import AHEAD, day_notes
from initiatives.status import NOT_REPORTED, StatusStyle
from reports import contradictions
from reports.change_words import short
from reports.months import slug
from reports.overview_charts import Development, History, Numbers, make_development, make_numbers
from reports.report import label_before, rank, standing_reason

# A list on the page stops here, and says so; a warning names so many of those it is about.
MOST_ROWS, MOST_NAMES = 50, 5
MOST_DAYS = 5
NEXT_MEETING = timedelta(days=31)
CLOSURE = "closure_recommended"
LONGEST_WHY = 160
COMPLETELY = "alle=1"
# What is late: how it is counted, and where its rows stand on the page of deadlines.
LATE = (
    (due.is_overdue, "deadline er overskredet", "deadlines er overskredet", "overskredne"),
    (
        due.is_unanswered,
        "forelæggelse har intet registreret resultat",
        "forelæggelser har intet registreret resultat",
        "uden-resultat",
    ),
)

Item = TypeVar("Item")
Label = plan.StatusLabel | StatusStyle


@dataclass(frozen=True, slots=True)
class Listed(Generic[Item]):
    """The rows of a list, at most MOST_ROWS of `total`; `url` leads to all of them."""

    rows: tuple[Item, ...]
    total: int
    url: str

    @property
    def cut(self) -> str:
        """ "50 af 230"; "" when every row is there."""
        if len(self.rows) == self.total:
            return ""
        return f"{danish.thousands(len(self.rows))} af {danish.thousands(self.total)}"


@dataclass(frozen=True, slots=True)
class Before:
    """What the plan is compared with. `name` follows "siden" ("udgave 1, januar 2026", "den 15.
    januar 2026"), `column` heads its statuses and numbers; `compare_url` leads to the difference
    word for word, and `rows_url` to the rows behind a number of its. `query` asks for it in the
    address of the page; "" for what is compared with anyway."""

    name: str
    document: plan.PlanDocument
    column: str
    compare_url: str
    rows_url: Callable[[pages.Filter], str]
    query: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """Something to be decided: the question, what it is about, and why in one line.

    `subject` is the same for two points about the same thing, of which the first is shown.
    """

    subject: str
    title: str
    url: str
    question: str
    why: str
    status: Label | None
    marks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Then → now of one initiative: a status, or (`facts`) a deadline with its chip and words.
    Without `was` it was not in the plan; without `now` it is not any more, and has no `url`."""

    title: str
    url: str
    reason: str
    was: Label | None = None
    now: Label | None = None
    facts: tuple[tuple[str, str], tuple[str, str]] | None = None


@dataclass(frozen=True, slots=True)
class Warned:
    """A sentence, and what it is said of. `url` leads to all of them where a page lists them;
    `more` are those that are not named."""

    sentence: str
    named: tuple[tuple[str, str], ...]
    url: str = ""
    more: str = ""
    more_url: str = ""


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A promise that falls due: its last day with notes on it, what it is of, and its words."""

    day: str
    notes: tuple[str, ...]
    title: str
    url: str
    action: str
    fact_label: str
    words: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The page. `before` and `changes` are None with nothing to compare with, `development` below
    three months of judgements."""

    lead: str
    is_past: bool
    points: Listed[Point]
    before: Before | None
    changes: Listed[Change] | None
    changes_words: str
    warnings: tuple[Warned, ...]
    numbers: Numbers
    upcoming: Listed[Upcoming]
    period: str
    development: Development | None


def make_overview(
    document: plan.PlanDocument,
    before: Before | None,
    *,
    links: Links,
    history: History,
    everything: bool = False,
) -> Overview:
    """Overblik of `document` on its day. `everything` cuts no list."""
    to = _Addresses(links, before.query if before else "", everything)
    today, last = document.drawn_up_on, document.drawn_up_on + AHEAD
    most = None if everything else MOST_ROWS
    changes = _changes(document, before.document, to) if before else None
    return Overview(
        lead=f"{danish.capitalise(danish.weekday(today))}\N{NO-BREAK SPACE}{today.year}",
        is_past=links.day is not None,
        points=_listed(points(document, links), most, to.complete_page),
        before=before,
        changes=_listed(changes or (), most, before.compare_url) if before else None,
        changes_words=_changes_words(changes, before),
        warnings=tuple(_warnings(document, to)),
        numbers=make_numbers(
            document,
            to.status_table,
            (before.document, before.rows_url) if before else None,
        ),
        upcoming=_listed(_upcoming(document, to, last), most, f"{to.deadlines}#kommende"),
        period=f"{danish.short_day(today)} – {danish.day(last)}",
        development=make_development(
            document,
            history,
            to.initiative,
            to.month,
            most=None if everything else pages.PAGE_SIZE,
        ),
    )


class _Addresses:
    """Addresses of the rows the page names, and how many of them a warning names."""

    def __init__(self, links: Links, own_query: str, everything: bool) -> None:
        self.most_names = None if everything else MOST_NAMES
        # All of them: that page cuts its lists too.
        self.deadlines = with_query(links.to("initiatives:deadline-list"), COMPLETELY)
        page = with_query(links.to("reports:overview"), own_query)
        self.complete_page = with_query(page, COMPLETELY)
        self.links = links
        self.rows = pages.RowLinks(links.programme_key, links.day)
        self.table = links.to("initiatives:status-table")

    def initiative(self, key: str) -> str:
        return self.rows.to("initiatives:initiative-detail", key=key)

    def area(self, key: str) -> str:
        return self.rows.to("initiatives:area-detail", key=key)

    def month(self, month: date, status: str) -> str:
        """The rows of a status in the draft of a month: its statuses as they stand."""
        draft = self.links.to("reports:report-month", month=slug(month))
        return with_query(draft, pages.Filter(status=status).query())

    def status_table(self, chosen: pages.Filter) -> str:
        return with_query(self.table, chosen.query())


def _listed(found: Iterable[Item], most: int | None, url: str) -> Listed[Item]:
    rows = tuple(found)
    return Listed(rows[:most], len(rows), url)


# Til beslutning


def closures(document: plan.PlanDocument, links: Links) -> Iterator[Point]:
    """Initiatives that are recommended for closure, with the question they ask or the plain one."""
    for item in document.initiatives():
        if item.status == CLOSURE:
            yield _point(document, item, item.ask or "Skal initiativet lukkes?", links)


def questions(document: plan.PlanDocument, links: Links) -> Iterator[Point]:
    """Initiatives with a question for the group, in the order of the report."""
    for item in plan.asks(document):
        yield _point(document, item, item.ask, links)


def presentations(document: plan.PlanDocument, links: Links) -> Iterator[Point]:
    """What is to be presented at the next meeting.

    Meetings are not in the plan yet: those that fall on one exact day, today or within the next
    31 days, stand for them. A vague one ("medio 2026") is among the deadlines alone.
    """
    today = document.drawn_up_on
    for item in document.initiatives():
        for deadline in item.deadlines:
            if _is_presented(item, deadline, today):
                said = due.due_line(item, deadline, today).text
                yield _point(document, item, said, links, why=deadline.wording)


# What gives points, in the order of the page: meetings, decisions and kommissorier add theirs.
SOURCES: tuple[Callable[[plan.PlanDocument, Links], Iterable[Point]], ...] = (
    closures,
    questions,
    presentations,
)


def points(document: plan.PlanDocument, links: Links) -> tuple[Point, ...]:
    """All that is to be decided, each subject once."""
    found: dict[str, Point] = {}
    for source in SOURCES:
        for point in source(document, links):
            found.setdefault(point.subject, point)
    return tuple(found.values())


def _point(
    document: plan.PlanDocument, item: plan.Initiative, question: str, links: Links, why: str = ""
) -> Point:
    today = document.drawn_up_on
    presented = [
        due.due_line(item, deadline, today).text
        for deadline in item.deadlines
        if _is_presented(item, deadline, today) or due.is_unanswered(item, deadline, today)
    ]
    why = why or standing_reason(item.judgement) or " ".join(presented)
    return Point(
        subject=f"initiative:{item.key}",
        title=item.title,
        url=links.to("initiatives:initiative-detail", key=item.key),
        question=question,
        why=short(why, LONGEST_WHY) if why else "",
        status=document.status(item.status),
        marks=tuple((pages.MARK_SYMBOLS[mark.kind], mark.label) for mark in item.marks),
    )


def _is_presented(item: plan.Initiative, deadline: plan.Deadline, today: date) -> bool:
    return (
        deadline.fact == "presentation"
        and deadline.starts_on == deadline.ends_on
        and due.is_due_between(item, deadline, today, today + NEXT_MEETING)
    )


# Ændret siden sidst


def _changes(
    document: plan.PlanDocument, earlier: plan.PlanDocument, to: _Addresses
) -> tuple[Change, ...]:
    """Statuses as the report orders them, with what is new in the plan; then what is gone from
    it, and deadlines that were moved."""
    before = {item.key: item for item in earlier.initiatives()}
    left = {item.key for item in document.initiatives()}
    was = {key: item.status for key, item in before.items()}
    changed = [item for item in document.initiatives() if item.status != was.get(item.key)]
    changed.sort(key=lambda item: rank(was.get(item.key, NOT_REPORTED), item.status))
    statuses = (
        Change(
            item.title,
            to.initiative(item.key),
            standing_reason(item.judgement),
            was=label_before(earlier, was[item.key]) if item.key in was else None,
            now=document.status(item.status),
        )
        for item in changed
    )
    gone = (
        Change(item.title, "", "", was=label_before(earlier, item.status))
        for key, item in before.items()
        if key not in left
    )
    moved = (
        change
        for item in document.initiatives()
        if item.key in before
        for change in _moves(item, before[item.key], earlier.drawn_up_on, to)
    )
    return (*statuses, *gone, *moved)


def _moves(
    item: plan.Initiative, before: plan.Initiative, since: date, to: _Addresses
) -> Iterator[Change]:
    """Deadlines of `item` that were moved since the day the earlier plan was drawn up."""
    stood = {deadline.key: deadline for deadline in before.deadlines}
    for deadline in item.deadlines:
        if deadline.key not in stood:
            continue
        moves = [
            move
            for move in deadline.moves[len(stood[deadline.key].moves) :]
            if move.day >= since and not move.is_correction
        ]
        old = moves[0].old if moves else None
        if not moves or (old.days if old else (None, None)) == deadline.term.days:
            continue
        then = due.words(old) if old else "ikke oplyst"
        yield Change(
            item.title,
            to.initiative(item.key),
            moves[-1].reason,
            facts=(
                (stood[deadline.key].fact_label, then),
                # A promise that has moved is new, whatever its wording calls it.
                (
                    "Ny deadline" if deadline.fact == "deadline" else deadline.fact_label,
                    # What has no day any more says why not by its kind: "På pause".
                    due.words(deadline.term) if deadline.term.has_days else "",
                ),
            ),
        )


def _changes_words(changes: tuple[Change, ...] | None, before: Before | None) -> str:
    if changes is None or before is None:
        return "Der er endnu ingen tidligere udgave at sammenligne med."
    number = danish.capitalise(danish.count(len(changes), "ændring", "ændringer"))
    return f"{number} af initiativer, status og deadlines siden {before.name}."


# Kræver opmærksomhed


def _warnings(document: plan.PlanDocument, to: _Addresses) -> Iterator[Warned]:
    """Passed deadlines by their day, contradictions, the initiatives without a status in one
    line, and areas that lack treatment."""
    yield from _passed(document, to)
    yield from _contradictions(document, to)
    silent = {
        to.initiative(item.key): item.title
        for item in document.initiatives()
        if item.status == NOT_REPORTED
    }
    if silent:
        sentence = f"{pages.initiatives_noun(len(silent))} har ingen status."
        yield _warned(sentence, silent, to, to.status_table(pages.Filter(status=NOT_REPORTED)))
    areas = {
        to.area(area.key): area.title
        for _, untreated in plan.untreated_areas(document)
        for area in untreated
    }
    if areas:
        number = danish.count(len(areas), "indsatsområde", "indsatsområder")
        sentence = f"{number} mangler behandling i Implementeringsgruppen."
        yield _warned(sentence, areas, to, f"{to.complete_page}#opmaerksomhed")


def _warned(sentence: str, rows: Mapping[str, str], to: _Addresses, url: str = "") -> Warned:
    """`rows` are titles by their address."""
    named = tuple((title, address) for address, title in rows.items())[: to.most_names]
    left = len(rows) - len(named)
    more = f"og {danish.count(left, 'andet', 'andre')}" if left else ""
    return Warned(sentence, named, url, more, url or f"{to.complete_page}#opmaerksomhed")


def _contradictions(document: plan.PlanDocument, to: _Addresses) -> Iterator[Warned]:
    for check in contradictions.CHECKS:
        found: dict[str, dict[str, str]] = {}
        for item in document.initiatives():
            if sentence := check(item, document):
                found.setdefault(sentence, {})[to.initiative(item.key)] = item.title
        for sentence, rows in found.items():
            yield _warned(sentence, rows, to)


def _passed(document: plan.PlanDocument, to: _Addresses) -> Iterator[Warned]:
    """Passed deadlines, then presentations without a result: a line for each day, or one line
    for all when there are many days."""
    for is_late, one, many, anchor in LATE:
        late = due.found_in(document, partial(is_late, on=document.drawn_up_on))
        by_sentence: dict[str, dict[str, str]] = {}
        for deadline, item in late:
            sentence = due.due_line(item, deadline, document.drawn_up_on).text
            by_sentence.setdefault(sentence, {})[to.initiative(item.key)] = item.title
        if len(by_sentence) > MOST_DAYS and to.most_names:
            yield _warned(
                f"{danish.count(len(late), one, many)}.", {}, to, f"{to.deadlines}#{anchor}"
            )
        else:
            for sentence, rows in by_sentence.items():
                yield _warned(sentence, rows, to)


# Deadlines de næste 60 dage


def _upcoming(document: plan.PlanDocument, to: _Addresses, last: date) -> Iterator[Upcoming]:
    """Open promises whose days touch those until `last`, by their last day: the same as on the
    page of deadlines."""
    today = document.drawn_up_on
    found = due.found_in(document, partial(due.is_due_between, first=today, last=last))
    for deadline, item in found:
        end = deadline.ends_on or today  # none is due without a last day
        titles = {action.key: action.title for action in item.actions}
        yield Upcoming(
            day=danish.day(end),
            notes=tuple(day_notes(deadline.starts_on, end, today, is_past=bool(to.links.day))),
            title=item.title,
            url=to.initiative(item.key),
            action=titles.get(deadline.action or "", ""),
            fact_label=deadline.fact_label,
            words=due.words(deadline.term),
        )
