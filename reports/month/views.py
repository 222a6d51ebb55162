"""Show Måneden: what is left of the month, and each initiative with its status and warnings."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

import plan
from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from core import clock, danish
from core.links import with_query
from core.months import previous_month
from initiatives.month.rows import MonthRow, MonthTable, month_table, shown_until
from initiatives.sources.dismissals import dismissals, put_aside
from initiatives.sources.memory import live_plan
from plan.meeting_dates import MeetingDates, meeting_dates
from reports.models import Edition
from reports.month.steps import MonthFacts, steps

SHOW = "vis"


@dataclass(frozen=True, slots=True)
class DateLine:
    """One of the dates counted from the meeting; `note` says how near it is. `state` is "past",
    "next" for the first that is still ahead, or ""."""

    label: str
    day: str
    note: str
    state: str


@dataclass(frozen=True, slots=True)
class MeetingLines:
    """The next meeting in words, and its dates. `is_over` says that its day has passed."""

    day: str
    distance: str
    is_over: bool
    agenda: str
    dates: tuple[DateLine, ...]


# Which rows are shown, by the value of SHOW in the address.
KINDS: dict[str, tuple[str, Callable[[MonthRow], bool]]] = {
    "mangler": ("Mangler", lambda row: row.cell.is_missing),
    "advarsler": ("Advarsler", lambda row: row.is_warned),
    "": ("Alle", lambda row: True),
}


@requires(Permission.EDIT_PLAN)
@require_safe
def month(request: ProgrammeRequest) -> HttpResponse:
    """Show the month that is reported: the dates of its meeting, its steps, and a row for each
    initiative. `vis` keeps those that are missing (`mangler`) or have warnings (`advarsler`)."""
    programme, today = request.programme, clock.today()
    whole = live_plan(programme, month=programme.reporting_month, on=today)
    chosen = request.GET.get(SHOW, "")
    chosen = chosen if chosen in KINDS else ""
    until = shown_until(programme.next_meeting_on, today)
    dismissed = whole.drawn(dismissals, programme)
    aside = {key: put_aside(rows) for key, rows in dismissed.items()}
    table = month_table(whole, request.links, aside, until=until, wanted=KINDS[chosen][1])
    dates = meeting_dates(programme.next_meeting_on) if programme.next_meeting_on else None
    facts = MonthFacts(
        month=programme.reporting_month,
        today=today,
        total=table.total,
        judged=plan.count_updated(whole.document),
        warned=table.warned,
        dates=dates,
        **_editions(request),
    )
    context = {
        "month": danish.month(programme.reporting_month),
        "last_month": danish.month(previous_month(programme.reporting_month)),
        "meeting": meeting_lines(dates, today, table.missing) if dates else None,
        "steps": steps(facts, request.links.to),
        "table": table,
        "kinds": _kinds(request, table, chosen),
        "chosen": chosen,
        "url": request.links.to("reports:month"),
        "meeting_url": request.links.to("reports:month-meeting"),
    }
    return render(request, "reports/month/month.html", context)


def meeting_lines(dates: MeetingDates, today: date, missing: int) -> MeetingLines:
    """Write the dates around a meeting. `missing` initiatives have no status yet."""
    ahead = [line.day for line in dates.named() if line.day >= today]
    lines = []
    for named in dates.named():
        state = "past" if named.day < today else "next" if named.day == ahead[0] else ""
        note = "" if state == "past" else distance(named.day, today)
        if named.day == dates.status_due_on and missing and state == "past":
            note = f"{danish.thousands(missing)} mangler"
        lines.append(DateLine(named.label, danish.full_day(named.day), note, state))
    return MeetingLines(
        day=danish.full_day(dates.meeting_on),
        distance=distance(dates.meeting_on, today),
        is_over=dates.meeting_on < today,
        agenda=danish.full_day(dates.agenda_sent_on) if dates.agenda_sent_on >= today else "",
        dates=tuple(lines),
    )


def distance(day: date, today: date) -> str:
    """Say how far ahead `day` is: "i dag", "i morgen", "om 8 dage"; "" when it has passed."""
    days = (day - today).days
    if days < 0:
        return ""
    return {0: "i dag", 1: "i morgen"}.get(days, f"om {danish.thousands(days)} dage")


def _editions(request: ProgrammeRequest) -> dict[str, Any]:
    """Find the newest edition of the month and the newest month that is published. One query."""
    editions = Edition.objects.of(request.programme).without_document().select_related("report")
    newest_first = list(editions.newest_first())
    month = request.programme.reporting_month
    published = (edition.report.month for edition in newest_first if edition.published_at)
    return {
        "edition": next((e for e in newest_first if e.report.month == month), None),
        "readers_see": next(published, None),
    }


def _kinds(
    request: ProgrammeRequest, table: MonthTable, chosen: str
) -> tuple[tuple[str, int, str, bool], ...]:
    """Name each kind of rows with its number, its address, and whether it is the chosen one."""
    numbers = {"mangler": table.missing, "advarsler": table.warned, "": table.total}
    page = request.links.to("reports:month")
    return tuple(
        (label, numbers[kind], with_query(page, f"{SHOW}={kind}" if kind else ""), kind == chosen)
        for kind, (label, _) in KINDS.items()
    )
