"""Deadlines: those passed, those presented without a result, those of the next 60 days."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

import plan
from accounts.access import requires
from accounts.permissions import Permission
from core import danish
from core.links import Links
from deadlines import naming
from initiatives.dated_pages import PlanRequest, dated, plan_of
from initiatives.deadline_list.day_notes import day_notes
from initiatives.models import Deadline
from initiatives.sources.nodes import fact_label
from plan import due
from plan.status import StatusStyle, style_of

# Of each list, unless all is asked for.
MOST_ROWS = 100
# A deadline of a document with its initiative.
Pair = tuple[plan.Deadline, plan.Initiative]


@dataclass(frozen=True, slots=True)
class DueRow:
    """A deadline in a list: its last day with `notes` on it, what it is of, and its words."""

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
    """A list's rows; `is_cut` says that there are more of them."""

    rows: list[DueRow]
    is_cut: bool


@requires(Permission.VIEW_PLAN)
@require_safe
@dated
def deadline_list(request: PlanRequest) -> HttpResponse:
    """Overskredne, forelagt uden resultat, og de næste 60 dage."""
    today = request.as_of.today
    last = today + due.AHEAD
    overdue, unanswered, upcoming = (_then if request.as_of.day else _now)(request, today, last)
    most = None if request.GET.get("alle") == "1" else MOST_ROWS

    def listed(found: Any) -> DueList:
        rows = list(found[: most + 1] if most else found)
        is_cut = most is not None and len(rows) > most
        make = _row_then if request.as_of.day else _row
        return DueList([make(row, request.links, today) for row in rows[:most]], is_cut)

    context = {
        "as_of": request.as_of,
        "all_url": f"?{request.as_of.query('alle=1')}",
        "overdue": listed(overdue),
        "unanswered": listed(unanswered),
        "upcoming": listed(upcoming),
        "period": f"{danish.day(today)} – {danish.day(last)}",
    }
    return render(request, "initiatives/deadline_list/deadlines.html", context)


def _now(request: PlanRequest, today: date, last: date) -> tuple[Any, Any, Any]:
    """The three lists of today, of which only what is shown is read."""
    own = Deadline.objects.of(request.programme).select_related("initiative", "action").by_due()
    return own.overdue(today), own.unanswered(today), own.due_between(today, last)


def _then(request: PlanRequest, today: date, last: date) -> tuple[Any, Any, Any]:
    """The same of another day, as pairs."""
    document = plan_of(request).document
    return (
        due.found_in(document, partial(due.is_overdue, on=today)),
        due.found_in(document, partial(due.is_unanswered, on=today)),
        due.found_in(document, partial(due.is_due_between, first=today, last=last)),
    )


def _row_then(pair: Pair, links: Links, today: date) -> DueRow:
    deadline, item = pair
    end = deadline.ends_on or today
    titles = {action.key: action.title for action in item.actions}
    return DueRow(
        day=danish.day(end),
        notes=tuple(day_notes(deadline.starts_on, end, today, is_past=True)),
        title=item.title,
        url=links.to("initiatives:initiative-detail", key=item.key),
        action=titles.get(deadline.action or "", ""),
        fact_label=deadline.fact_label,
        wording=deadline.wording,
        words=naming.words(deadline.term),
        status=style_of(item.status),
    )


def _row(deadline: Deadline, links: Links, today: date) -> DueRow:
    end = deadline.ends_on or today  # the lists hold no deadline without a last day
    action = deadline.action
    return DueRow(
        day=danish.day(end),
        notes=tuple(day_notes(deadline.starts_on, end, today)),
        title=deadline.initiative.title,
        url=links.to("initiatives:initiative-detail", key=deadline.initiative.key),
        action=action.title if action and not action.is_archived else "",
        fact_label=fact_label(deadline.fact, deadline.wording),
        wording=deadline.wording,
        words=naming.words(deadline.term),
        status=style_of(deadline.initiative.status),
    )
