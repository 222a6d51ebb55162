"""Historik: who changed what in the whole programme."""

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
from reports.history.programme_history import Asked, HistoryLine, month_of_history

PAGE_SIZE = 50


@requires(Permission.VIEW_PLAN)
@require_safe
def history(request: ProgrammeRequest) -> HttpResponse:
    """A month's changes, newest first: the newest month with any, unless another is asked for."""
    asked = _asked(request)
    internal = request.user.may(Permission.VIEW_INTERNAL_NOTES, request.programme)
    found = month_of_history(request.programme, asked, internal=internal)
    asked = replace(asked, person=found.person)
    page = Paginator(found.lines, PAGE_SIZE).get_page(request.GET.get("side"))
    months = sorted({*found.months, *filter(None, [found.month])}, reverse=True)
    older = next((month for month in months if found.month and month < found.month), None)
    newer = min((month for month in months if found.month and month > found.month), default=None)
    context = {
        "asked": asked,
        "filtered": asked != Asked(),
        "month": danish.month(found.month) if found.month else "",
        "months": [
            (slug(month), danish.capitalise(danish.month(month)), month == found.month)
            for month in months
        ],
        "people": found.people,
        "kinds": ENTRY_KINDS.items(),
        "lines": [(line, _url(line, request.links)) for line in page.object_list],
        "number": danish.capitalise(danish.count(len(found.lines), "ændring", "ændringer")),
        "chosen": [word for word in (asked.person, ENTRY_KINDS.get(asked.kind)) if word],
        "bad_month": "" if asked.month else typed_text(request.GET, "maaned"),
        "copy_url": f"?{_query(asked, found.month)}&side={page.number}" if found.month else "",
        "page": page,
        "query": _query(asked, found.month),
        "older": (_query(asked, older), danish.month(older)) if older else None,
        "newer": (_query(asked, newer), danish.month(newer)) if newer else None,
    }
    return render(request, "reports/history/history.html", context)


def _asked(request: HttpRequest) -> Asked:
    """From GET parameters `person`, `art` and `maaned`; what can't be read is not asked for."""
    kind = typed_text(request.GET, "art")
    return Asked(
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


def _query(asked: Asked, month: date | None) -> str:
    parts = {
        "person": asked.person,
        "art": asked.kind,
        "maaned": slug(month) if month else "",
    }
    return urlencode({name: value for name, value in parts.items() if value})


def _url(line: HistoryLine, links: Links) -> str:
    if line.view == "initiatives:programme-detail":
        return links.to(line.view)
    return links.to(line.view, key=line.key)
