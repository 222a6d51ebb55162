"""Tidslinjen: the deadlines of the plan on an axis of quarters, and as a table."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from core import clock
from initiatives import live, pages, plan, timeline
from initiatives.models import Initiative
from initiatives.timeline import Window


@requires(Permission.VIEW_PLAN)
@require_safe
def timeline_page(request: ProgrammeRequest) -> HttpResponse:
    """The address names the principle (`princip`), the first quarter (`fra`) and the page
    (`side`)."""
    programme, today = request.programme, clock.today()
    month = programme.reporting_month
    principle = request.GET.get("princip", "").strip()
    window = Window.from_code(request.GET.get("fra", ""), today)
    default = Window.around(today)
    found = live.find(programme, month=month, principle=principle).values_list("pk", flat=True)
    page = Paginator(found, pages.PAGE_SIZE).get_page(request.GET.get("side"))
    among = Initiative.objects.filter(pk__in=list(page.object_list)).in_order()
    document = live.build_live(programme, month=month, on=today, among=among).document
    links = pages.RowLinks(request.links.programme_key)
    page_url = request.links.to("initiatives:timeline")

    def query(first: Window, *, of: str = principle, side: int = 1) -> str:
        parts = {
            "princip": of,
            "fra": "" if first == default else first.code,
            "side": str(side) if side > 1 else "",
        }
        return urlencode({name: value for name, value in parts.items() if value})

    context = {
        "page_url": page_url,
        "window": window,
        "is_default": window == default,
        "axis": timeline.axis(window, today),
        "principle": principle,
        "principles": [(p.key, p.title) for p in document.principles],
        "top_level": document.programme.top_level_label,
        "top_levels": document.programme.top_level_label_plural,
        "rows": timeline.rows(
            plan.keep(document, lambda _p, _a, _item: True),
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
    return render(request, "initiatives/timeline.html", context)
