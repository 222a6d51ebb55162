"""Find the deadlines that the page lists, and make its rows from them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial

import plan
from core import danish
from core.links import Links
from deadlines import naming
from deadlines.term import Term
from initiatives.dated_pages import AsOf, PlanRequest, plan_of
from initiatives.deadline_list.day_notes import day_notes
from initiatives.models import Deadline
from initiatives.sources.nodes import fact_label
from plan import due
from plan.status import StatusStyle, style_of

# How many rows each list shows, unless all are asked for.
MAX_ROWS = 100


@dataclass(frozen=True, slots=True)
class ListedDeadline:
    """A deadline of a list with its initiative, whichever source it came from. `action` is the
    title of its indsats, or ""."""

    term: Term
    fact_label: str
    action: str
    initiative_key: str
    initiative_title: str
    status: str | None


@dataclass(frozen=True, slots=True)
class DueRow:
    """A row of a list: the deadline's last day with `notes` on it, its initiative and indsats, its
    wording, and its days in words."""

    day: str
    notes: tuple[str, ...]
    title: str
    url: str
    action: str
    fact_label: str
    wording: str
    words: str
    status: StatusStyle


@dataclass(frozen=True, slots=True)
class DueList:
    """The rows of a list; `is_cut` says that there are more of them."""

    rows: list[DueRow]
    is_cut: bool


def due_lists(request: PlanRequest, *, everything: bool) -> tuple[DueList, ...]:
    """Make the three lists of the page's day: the deadlines that are overdue, those presented
    without a result, and those of the next 60 days. Each has at most MAX_ROWS rows, or
    `everything`."""
    shown = None if everything else MAX_ROWS
    # One more row than is shown tells whether there are more.
    limit = None if shown is None else shown + 1
    find = _in_tables if request.as_of.is_now else _in_document
    return tuple(
        DueList(
            [_due_row(listed, request.links, request.as_of) for listed in deadlines[:shown]],
            shown is not None and len(deadlines) > shown,
        )
        for deadlines in find(request, request.as_of.today + due.AHEAD, limit)
    )


def _in_tables(
    request: PlanRequest, last: date, limit: int | None
) -> Iterable[list[ListedDeadline]]:
    """Read today's three lists from the tables, at most `limit` rows of each."""
    today = request.as_of.today
    rows = Deadline.objects.of(request.programme).select_related("initiative", "action").by_due()
    for matches in (rows.overdue(today), rows.unanswered(today), rows.due_between(today, last)):
        yield [_from_table(row) for row in matches[:limit]]


def _from_table(row: Deadline) -> ListedDeadline:
    action, initiative = row.action, row.initiative
    return ListedDeadline(
        term=row.term,
        fact_label=fact_label(row.fact, row.wording),
        action=action.title if action and not action.is_archived else "",
        initiative_key=initiative.key,
        initiative_title=initiative.title,
        status=initiative.status,
    )


def _in_document(
    request: PlanRequest, last: date, limit: int | None
) -> Iterable[list[ListedDeadline]]:
    """Read the three lists of another day from its document, at most `limit` rows of each."""
    document, day = plan_of(request).document, request.as_of.today
    for is_wanted in (
        partial(due.is_overdue, on=day),
        partial(due.is_unanswered, on=day),
        partial(due.is_due_between, first=day, last=last),
    ):
        yield [_from_document(*pair) for pair in due.select(document, is_wanted)[:limit]]


def _from_document(deadline: plan.Deadline, item: plan.Initiative) -> ListedDeadline:
    titles = {action.key: action.title for action in item.actions}
    return ListedDeadline(
        term=deadline.term,
        fact_label=deadline.fact_label,
        action=titles.get(deadline.action or "", ""),
        initiative_key=item.key,
        initiative_title=item.title,
        status=item.status,
    )


def _due_row(listed: ListedDeadline, links: Links, as_of: AsOf) -> DueRow:
    term, today = listed.term, as_of.today
    end = term.ends_on or today  # the lists hold no deadline without a last day
    return DueRow(
        day=danish.day(end),
        notes=tuple(day_notes(term.starts_on, end, today, is_past=not as_of.is_now)),
        title=listed.initiative_title,
        url=links.to("initiatives:initiative-detail", key=listed.initiative_key),
        action=listed.action,
        fact_label=listed.fact_label,
        wording=term.wording,
        words=naming.words(term),
        status=style_of(listed.status),
    )
