"""Which months a programme has a report for, and the words when there is none."""

from datetime import date

from django.db.models import Min

from core import danish
from initiatives.models import StatusUpdate
from initiatives.months import parse_month, previous_month
from principles.models import Programme
from reports.report import soft


class NoReport(Exception):
    """There is no such report. The message is the Danish sentence for the page."""


def find_month(text: str, programme: Programme) -> date:
    """The first day of the month `text` ("2026-02") that `programme` reports.

    Raises NoReport when it is no month, before the programme began or after the month it reports.
    """
    try:
        month = parse_month(text)
    except ValueError as error:
        sentence = f"»{text}« er ikke en måned. Skriv år og måned, fx 2026-02."
        raise NoReport(sentence) from error
    if not programme.starts_on.replace(day=1) <= month <= programme.reporting_month:
        raise NoReport(f"Der er ingen statusopgørelse for {soft(danish.month(month))}.")
    return month


def reported_months(programme: Programme) -> list[date]:
    """The months with drafts, newest first: from the one reported now back to the first that
    anything was judged for. One query."""
    judged = StatusUpdate.objects.judgements().filter(
        initiative__area__principle__programme=programme
    )
    first = judged.aggregate(first=Min("month"))["first"] or programme.reporting_month
    first = max(first, programme.starts_on.replace(day=1))
    months = [programme.reporting_month]
    while months[-1] > first:
        months.append(previous_month(months[-1]))
    return months


def slug(month: date) -> str:
    """`date(2026, 2, 1)` → "2026-02", as addresses and file names write it."""
    return f"{month:%Y-%m}"


def file_name(month: date, ending: str, version: str) -> str:
    """ "Status udviklingsprogram 2026-02, kladde.pdf"."""
    return f"Status udviklingsprogram {slug(month)}, {version}.{ending}"
