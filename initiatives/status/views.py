"""Statustabellen and its legend."""

import dataclasses
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

import plan
from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from core import danish
from initiatives.dated_pages import (
    PlanRequest,
    dated,
    plan_of,
)
from initiatives.models import Initiative
from initiatives.sources import counting, live
from initiatives.status.filter import Filter, filter_words
from initiatives.status.progress import count_cells, progress
from initiatives.status.rows import PAGE_SIZE, plan_rows, principle_totals
from plan.status import STATUS_LINE, STATUS_STYLES, StatusStyle
from plan.words import initiatives_noun


@requires(Permission.VIEW_EDITIONS)
@require_safe
@dated
def status_table(request: PlanRequest) -> HttpResponse:
    """Statustabellen: the plan of the month that is or was reported, filtered by the address."""
    if not request.user.may(Permission.VIEW_PLAN, request.programme):
        return HttpResponseRedirect(request.links.to("reports:edition-newest"))
    chosen = Filter.from_query(request.GET)
    as_of = request.as_of
    is_searched = as_of.day or chosen.needs_document
    found = (_searched if is_searched else _listed)(request, chosen)
    document = found.source.document
    table_url = request.links.to("initiatives:status-table")
    editable = not as_of.day and request.user.may(Permission.EDIT_PLAN, request.programme)
    context = {
        "as_of": as_of,
        "editable": editable,
        "lead": _lead(document, found.totals.total(), found.treated),
        "counts": count_cells(found.numbers, chosen, table_url),
        "progress": progress(
            found.updated,
            found.totals.total(),
            document.month,
            table_url,
        ),
        "filter": chosen,
        "is_filtered": bool(chosen.query()),
        "filter_words": filter_words(chosen, document),
        "query": as_of.query(chosen.query()),
        "refresh_url": request.get_full_path()
        if not as_of.day and (chosen.missing or chosen.needs_document)
        else "",
        "table_url": table_url,
        "principles": [(p.key, p.title) for p in document.principles],
        "top_level_label": document.programme.top_level_label,
        "legend_url": request.links.to("initiatives:status-legend"),
        "rows": plan_rows(
            found.source,
            found.shown,
            request.links,
            editable=editable,
            totals=found.totals,
        ),
        "page": found.page,
    }
    return render(request, "initiatives/status/status_table.html", context)


@dataclass(frozen=True)
class _Found:
    """What a filter found: the plan the page is made from, the part of it on the page, the
    page, and the numbers of the status cells.

    Of the whole plan the number of initiatives by principle (its key), how many are judged for
    the month, and the number of areas with an initiative.
    """

    source: live.LivePlan
    shown: plan.PlanDocument
    page: Page[Any]
    numbers: Sequence[tuple[StatusStyle | plan.StatusLabel, int]]
    totals: Counter[str]
    updated: int
    treated: int


def _searched(request: PlanRequest, chosen: Filter) -> _Found:
    """By text, year or state, or of another day: only the whole document can be searched."""
    live_plan = plan_of(request)
    whole = live_plan.document
    document = chosen.apply(whole)
    page = _page(request, [item.key for item in document.initiatives()])
    on_page = set(page.object_list)
    shown = plan.keep(document, lambda _p, _a, item: item.key in on_page)
    all_statuses = dataclasses.replace(chosen, status="").apply(whole)
    return _Found(
        live_plan,
        shown,
        page,
        plan.count_statuses(all_statuses).by_status,
        totals=Counter(principle_totals(whole)),
        updated=plan.count_updated(whole),
        treated=plan.treated_areas(whole),
    )


def _listed(request: PlanRequest, chosen: Filter) -> _Found:
    """Without them: the database counts, and only the page's own rows are read."""
    month = request.programme.reporting_month
    tallies = counting.tally(request.programme, month=month)
    counts: Counter[str] = Counter()
    for tally in tallies:
        if chosen.principle in ("", tally.principle) and not (chosen.missing and tally.judged):
            counts[tally.status] += tally.number
    number = counts[chosen.status] if chosen.status else counts.total()
    page = _page(request, range(number))
    rows = counting.find(
        request.programme,
        month=month,
        principle=chosen.principle,
        status=chosen.status,
        missing=chosen.missing,
    )
    first = (page.number - 1) * PAGE_SIZE
    ids = rows.values_list("pk", flat=True)[first : first + PAGE_SIZE]
    # Asked for by id, so that the newest judgements are looked up for these rows alone.
    on_page = Initiative.objects.filter(pk__in=ids).in_order()
    live_plan = plan_of(request, among=on_page)
    return _Found(
        live_plan,
        plan.keep(live_plan.document, lambda _p, _a, _item: True),
        page,
        [(style, counts[style.value]) for style in STATUS_STYLES],
        totals=_totals(tallies),
        updated=sum(tally.number for tally in tallies if tally.judged),
        treated=len({tally.area for tally in tallies}),
    )


@requires(Permission.VIEW_EDITIONS)
@require_safe
def status_legend(request: ProgrammeRequest) -> HttpResponse:
    """Sådan læses status: the six statuses with their meanings, and "Ikke oplyst"."""
    context = {"styles": STATUS_STYLES, "line": STATUS_LINE}
    return render(request, "initiatives/status/status_legend.html", context)


def _page(request: ProgrammeRequest, found: Sequence[Any]) -> Page[Any]:
    return Paginator(found, PAGE_SIZE).get_page(request.GET.get("side"))


def _totals(tallies: list[counting.Tally]) -> Counter[str]:
    """How many initiatives each principle has, by key."""
    totals: Counter[str] = Counter()
    for tally in tallies:
        totals[tally.principle] += tally.number
    return totals


def _lead(document: plan.PlanDocument, number: int, treated: int) -> str:
    """ "Februar 2026. 14 initiativer i 10 indsatsområder under 3 principper"; what is empty
    stands in no area."""
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
