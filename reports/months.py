"""Which months a programme has a report for, and the words when there is none."""

from datetime import date, datetime

from django.db.models import Min

from core import danish
from core.danish import soft
from core.months import parse_month, previous_month, slug
from initiatives.models import StatusUpdate
from principles.models import Programme


class NoReport(Exception):
    """There is no such report. The message is the Danish sentence for the page."""


def find_month(
    text: str, programme: Programme, *, newest: date | None = None, day: date | None = None
) -> date:
    """Find the first day of the month `text` ("2026-02") that `programme` reports, or could report
    on the past day `day`, when `newest` was the month it reported.

    Raises NoReport when it is no month, before the programme began or after the month it reports.
    """
    try:
        month = parse_month(text)
    except ValueError as error:
        sentence = f"»{text}« er ikke en måned. Skriv år og måned, fx 2026-02."
        raise NoReport(sentence) from error
    if not programme.starts_on.replace(day=1) <= month <= (newest or programme.reporting_month):
        name = soft(danish.month(month))
        if day is None:
            raise NoReport(f"Der er ingen statusopgørelse for {name}.")
        then = soft(danish.day(day))
        raise NoReport(f"Den {then} var der ingen statusopgørelse for {name}.")
    return month


def reported_months(
    programme: Programme, *, newest: date | None = None, moment: datetime | None = None
) -> list[date]:
    """List the months with drafts, newest first: from the one reported now back to the first that
    anything was judged for. With `moment` they are those that existed then, back from `newest`.
    One query."""
    judgements = StatusUpdate.objects.judgements()
    if moment is not None:
        judgements = StatusUpdate.objects.stood_at(moment)
    newest = newest or programme.reporting_month
    judged = judgements.filter(initiative__area__principle__programme=programme)
    first = judged.aggregate(first=Min("month"))["first"] or newest
    first = max(first, programme.starts_on.replace(day=1))
    months = [newest]
    while months[-1] > first:
        months.append(previous_month(months[-1]))
    return months


def file_name(month: date, ending: str, version: str) -> str:
    """Write "Status udviklingsprogram 2026-02, kladde.pdf"."""
    return f"Status udviklingsprogram {slug(month)}, {version}.{ending}"
