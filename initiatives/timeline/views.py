"""Show Tidslinjen: the deadlines of the plan on an axis of quarters, and as a table."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.permissions import Permission
from core.texts import typed_text
from initiatives import timeline
from initiatives.dated_pages import PlanRequest, dated
from initiatives.status.filter import Filter
from initiatives.status.page import page_of
from initiatives.timeline import Window


@requires(Permission.VIEW_PLAN)
@require_safe
@dated
def timeline_page(request: PlanRequest) -> HttpResponse:
    """Show Tidslinjen. The address names the principle (`princip`), the first quarter (`fra`) and
    the page (`side`)."""
    today = request.as_of.today
    principle = typed_text(request.GET, "princip")
    window = Window.from_code(typed_text(request.GET, "fra"), today)
    default = Window.around(today)
    plan_page = page_of(request, Filter(principle=principle))
    document, page = plan_page.whole.document, plan_page.page
    known = plan_page.whole.drawn(timeline.TimelineRows, request.links)
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
        "axis": timeline.axis(window, today, is_today=request.as_of.is_now),
        "principle": principle,
        "principles": [(p.key, p.title) for p in document.principles],
        "top_level": document.programme.top_level_label,
        "top_levels": document.programme.top_level_label_plural,
        "rows": timeline.rows(plan_page.shown, lambda item: known.row_of(item, window)),
        "earlier": f"?{query(window.shifted(-2), side=page.number)}",
        "later": f"?{query(window.shifted(2), side=page.number)}",
        "now": f"?{query(default, side=page.number)}",
        "query": query(window),
        "page": page,
    }
    return render(request, "initiatives/timeline/timeline.html", context)
