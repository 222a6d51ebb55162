"""Show Statustabellen and its legend."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

import plan
from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from core import danish
from initiatives.contacts.rights import own_keys
from initiatives.dated_pages import PlanRequest, dated, may_now, refresh_url
from initiatives.status.filter import Filter, filter_words
from initiatives.status.page import page_of
from initiatives.status.progress import count_cells, progress
from initiatives.status.rows import plan_rows
from plan.status import STATUS_LINE, STATUS_STYLES
from plan.words import initiatives_noun


@requires(Permission.VIEW_EDITIONS)
@require_safe
@dated
def status_table(request: PlanRequest) -> HttpResponse:
    """Show Statustabellen: the plan of the month that is or was reported, filtered by the
    address."""
    if not request.user.may(Permission.VIEW_PLAN, request.programme):
        return HttpResponseRedirect(request.links.to("reports:edition-newest"))
    chosen = Filter.from_query(request.GET)
    as_of, plan_page = request.as_of, page_of(request, chosen)
    document = plan_page.whole.document
    table_url = request.links.to("initiatives:status-table")
    editable = may_now(request, Permission.EDIT_PLAN)
    own = own_keys(request.user, request.programme) if as_of.is_now else frozenset()
    # Only the document knows what is missing or what a text matches, so the page fetches the
    # counts again after a save.
    is_fetched = chosen.missing or chosen.needs_document
    context = {
        "as_of": as_of,
        "editable": editable or own,
        "lead": _lead(document, plan_page.number, plan_page.treated),
        "counts": count_cells(
            [(status, plan_page.by_status[status.value]) for status in document.statuses],
            chosen,
            table_url,
        ),
        "progress": progress(plan_page.updated, plan_page.number, document.month, table_url),
        "filter": chosen,
        "is_filtered": bool(chosen.query()),
        "filter_words": filter_words(chosen, document),
        "query": as_of.query(chosen.query()),
        "refresh_url": refresh_url(request) if is_fetched else "",
        "table_url": table_url,
        "principles": [(p.key, p.title) for p in document.principles],
        "top_level_label": document.programme.top_level_label,
        "legend_url": request.links.to("initiatives:status-legend"),
        "rows": plan_rows(
            plan_page.whole,
            plan_page.shown,
            request.links,
            editable=editable,
            own=own,
            by_principle=plan_page.by_principle,
        ),
        "page": plan_page.page,
    }
    return render(request, "initiatives/status/status_table.html", context)


@requires(Permission.VIEW_EDITIONS)
@require_safe
def status_legend(request: ProgrammeRequest) -> HttpResponse:
    """Show Sådan læses status: the six statuses with their meanings, and "Ikke oplyst"."""
    context = {"styles": STATUS_STYLES, "line": STATUS_LINE}
    return render(request, "initiatives/status/status_legend.html", context)


def _lead(document: plan.PlanDocument, number: int, treated: int) -> str:
    """Say how much the plan has: "Februar 2026. 14 initiativer i 10 indsatsområder under 3
    principper". The sentence about an empty plan names no areas."""
    month = danish.capitalise(danish.month(document.month))
    initiatives = f"{month}. {danish.capitalise(initiatives_noun(number))}"
    if not number:
        return initiatives
    areas = danish.count(treated, "indsatsområde", "indsatsområder")
    programme = document.programme
    top = danish.count(
        len(document.principles),
        programme.top_level_label.lower(),
        programme.top_level_label_plural.lower(),
    )
    return f"{initiatives} i {areas} under {top}"
