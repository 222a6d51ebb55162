"""Find the deadlines that the page lists, and make its rows from them."""

from dataclasses import dataclass
from functools import partial

import plan
from accounts.permissions import Permission
from core import danish
from core.links import Links
from deadlines import naming
from initiatives.dated_pages import AsOf, PlanRequest, may_now, plan_of
from initiatives.deadline_list.day_notes import day_notes
from plan import due
from plan.status import StatusStyle, style_of

# How many rows each list shows, unless all are asked for.
MAX_ROWS = 100


@dataclass(frozen=True, slots=True)
class DueRow:
    """A row of a list: the deadline's last day with `notes` on it, its initiative and indsats, its
    wording, and its days in words. `outcome_url` leads to the form for its outcome, if it has none
    and the visitor may register it."""

    day: str
    notes: tuple[str, ...]
    title: str
    url: str
    action: str
    fact_label: str
    wording: str
    words: str
    status: StatusStyle
    outcome_url: str = ""


@dataclass(frozen=True, slots=True)
class DueList:
    """The rows of a list; `is_cut` says that there are more of them."""

    rows: list[DueRow]
    is_cut: bool


def due_lists(request: PlanRequest, *, everything: bool) -> tuple[DueList, ...]:
    """Make the three lists of the page's day: the deadlines that are overdue, those presented
    without an outcome, and those of the next 60 days. Each has at most MAX_ROWS rows, or
    all of them with `everything`."""
    document, day = plan_of(request).document, request.as_of.today
    may_edit = may_now(request, Permission.EDIT_PLAN)
    wanted = None if everything else MAX_ROWS
    lists = (
        due.select(document, is_wanted)
        for is_wanted in (
            partial(due.is_overdue, on=day),
            partial(due.is_unanswered, on=day),
            partial(due.is_due_between, first=day, last=day + due.AHEAD),
        )
    )
    return tuple(
        DueList(
            [
                _row(*pair, request.links, request.as_of, may_edit=may_edit)
                for pair in pairs[:wanted]
            ],
            wanted is not None and len(pairs) > wanted,
        )
        for pairs in lists
    )


def _row(
    deadline: plan.Deadline, item: plan.Initiative, links: Links, as_of: AsOf, *, may_edit: bool
) -> DueRow:
    outcome_url = ""
    if may_edit and due.is_unanswered(item, deadline, as_of.today):
        outcome_url = links.to("initiatives:deadline-outcome", key=deadline.key)
    term, today = deadline.term, as_of.today
    end = term.ends_on or today  # the lists hold no deadline without a last day
    actions = {action.key: action.title for action in item.actions}
    return DueRow(
        day=danish.day(end),
        notes=tuple(day_notes(term.starts_on, end, today, is_past=not as_of.is_now)),
        title=item.title,
        url=links.to("initiatives:initiative-detail", key=item.key),
        action=actions.get(deadline.action or "", ""),
        fact_label=deadline.fact_label,
        wording=term.wording,
        words=naming.words(term),
        status=style_of(item.status),
        outcome_url=outcome_url,
    )
