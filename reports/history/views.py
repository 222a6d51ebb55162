"""Show Historik: who changed what in the whole programme."""

from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from core import danish
from core.history import ENTRY_KINDS
from core.links import Links
from core.months import parse_month, slug
from core.texts import typed_text
from initiatives.history.history_page import LINES_PER_PAGE
from reports.history.programme_history import HistoryFilter, HistoryLine, month_of_history


@requires(Permission.VIEW_PLAN)
@require_safe
def history(request: ProgrammeRequest) -> HttpResponse:
    """Show a month's changes, newest first: those of the newest month with any, unless another
    month is asked for."""
    chosen = _read_filter(request)
    internal = request.user.may(Permission.VIEW_INTERNAL_NOTES, request.programme)
    of_month = month_of_history(request.programme, chosen, internal=internal)
    chosen, shown = replace(chosen, person=of_month.person), of_month.month
    page = Paginator(of_month.lines, LINES_PER_PAGE).get_page(request.GET.get("side"))
    months = sorted({*of_month.months, *filter(None, [shown])}, reverse=True)
    older = next((month for month in months if shown and month < shown), None)
    newer = min((month for month in months if shown and month > shown), default=None)
    context = {
        "filter": chosen,
        "filtered": chosen != HistoryFilter(),
        "month": danish.month(shown) if shown else "",
        "months": [
            (slug(month), danish.capitalise(danish.month(month)), month == shown)
            for month in months
        ],
        "people": of_month.people,
        "kinds": ENTRY_KINDS.items(),
        "lines": [(line, _url(line, request.links)) for line in page.object_list],
        "number": danish.capitalise(danish.count(len(of_month.lines), "ændring", "ændringer")),
        "filter_words": [word for word in (chosen.person, ENTRY_KINDS.get(chosen.kind)) if word],
        "bad_month": "" if chosen.month else typed_text(request.GET, "maaned"),
        "copy_url": f"?{_query(chosen, shown)}&side={page.number}" if shown else "",
        "page": page,
        "query": _query(chosen, shown),
        "older": (_query(chosen, older), danish.month(older)) if older else None,
        "newer": (_query(chosen, newer), danish.month(newer)) if newer else None,
    }
    return render(request, "reports/history/history.html", context)


def _read_filter(request: HttpRequest) -> HistoryFilter:
    """Read the GET parameters `person`, `art` and `maaned`, and ignore those that can't be read."""
    kind = typed_text(request.GET, "art")
    return HistoryFilter(
        person=typed_text(request.GET, "person"),
        kind=kind if kind in ENTRY_KINDS else "",
        month=_month(typed_text(request.GET, "maaned")),
    )


def _month(text: str) -> date | None:
    try:
        month = parse_month(text)
    except ValueError:
        return None
    return month if 2000 <= month.year <= 2100 else None


def _query(chosen: HistoryFilter, month: date | None) -> str:
    parts = {
        "person": chosen.person,
        "art": chosen.kind,
        "maaned": slug(month) if month else "",
    }
    return urlencode({name: value for name, value in parts.items() if value})


def _url(line: HistoryLine, links: Links) -> str:
    if line.view == "initiatives:programme-detail":
        return links.to(line.view)
    return links.to(line.view, key=line.key)
