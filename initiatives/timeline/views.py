"""Tidslinjen: the deadlines of the plan on an axis of quarters, and as a table."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

import plan
from accounts.access import requires
from accounts.permissions import Permission
from core.texts import typed_text
from initiatives import timeline
from initiatives.dated_pages import PlanRequest, dated, plan_of
from initiatives.models import Initiative
from initiatives.sources import counting
from initiatives.status.rows import PAGE_SIZE, RowLinks
from initiatives.timeline import Window


@requires(Permission.VIEW_PLAN)
@require_safe
@dated
def timeline_page(request: PlanRequest) -> HttpResponse:
    """The address names the principle (`princip`), the first quarter (`fra`) and the page
    (`side`)."""
    today = request.as_of.today
    principle = typed_text(request.GET, "princip")
    window = Window.from_code(typed_text(request.GET, "fra"), today)
    default = Window.around(today)
    document, shown, page = (_then if request.as_of.day else _now)(request, principle)
    links = RowLinks(request.links.programme_key, request.links.day)
    page_url = request.links.to("initiatives:timeline")

    def query(first: Window, *, of: str = principle, side: int = 1) -> str:
        parts = {
            "princip": of,
            "fra": "" if first == default else first.code,
            "side": str(side) if side > 1 else "",
        }
        others = urlencode({name: value for name, value in parts.items() if value})
        return request.as_of.query(others)

    context = {
        "as_of": request.as_of,
        "page_url": page_url,
        "window": window,
        "is_default": window == default,
        "axis": timeline.axis(window, today, is_today=request.as_of.day is None),
        "principle": principle,
        "principles": [(p.key, p.title) for p in document.principles],
        "top_level": document.programme.top_level_label,
        "top_levels": document.programme.top_level_label_plural,
        "rows": timeline.rows(
            shown,
            window,
            today,
            lambda key: links.to("initiatives:initiative-detail", key=key),
        ),
        "earlier": f"?{query(window.shifted(-2), side=page.number)}",
        "later": f"?{query(window.shifted(2), side=page.number)}",
        "now": f"?{query(default, side=page.number)}",
        "query": query(window),
        "page": page,
    }
    return render(request, "initiatives/timeline/timeline.html", context)


# The document, the part of it on the page, and the page.
_Found = tuple[plan.PlanDocument, plan.PlanDocument, Page[Any]]


def _now(request: PlanRequest, principle: str) -> _Found:
    """Today only the page's own rows are read."""
    month = request.programme.reporting_month
    found = counting.find(request.programme, month=month, principle=principle)
    page = _page(request, found.values_list("pk", flat=True))
    among = Initiative.objects.filter(pk__in=list(page.object_list)).in_order()
    document = plan_of(request, among=among).document
    return document, plan.keep(document, lambda _p, _a, _item: True), page


def _then(request: PlanRequest, principle: str) -> _Found:
    document = plan_of(request).document
    own = [p for p in document.principles if principle in ("", p.key)]
    page = _page(request, [item.key for p in own for item in p.initiatives()])
    on_page = set(page.object_list)
    return document, plan.keep(document, lambda _p, _a, item: item.key in on_page), page


def _page(request: PlanRequest, found: Any) -> Page[Any]:
    return Paginator(found, PAGE_SIZE).get_page(request.GET.get("side"))
