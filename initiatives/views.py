"""The pages of the plan: the status table, an initiative, an area, a principle, the legend."""

import dataclasses
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from core import clock, danish
from initiatives import live, pages, plan
from initiatives.models import Initiative
from initiatives.sentences import (
    area_history,
    initiative_history,
    principle_history,
    programme_history,
)
from initiatives.status import STATUS_LINE, STATUS_STYLES, StatusStyle, style_of
from principles.models import ActionArea, Principle


@requires(Permission.VIEW_EDITIONS)
@require_safe
def status_table(request: ProgrammeRequest) -> HttpResponse:
    """Statustabellen: the plan of the reporting month, live, filtered by the address."""
    if not request.user.may(Permission.VIEW_PLAN, request.programme):
        return HttpResponseRedirect(request.links.to("reports:edition-newest"))
    chosen = pages.Filter.from_query(request.GET)
    month = request.programme.reporting_month
    tallies = live.tally(request.programme, month=month)
    found = (_searched if chosen.text or chosen.year else _listed)(request, chosen, tallies)
    document = found.source.document
    table_url = request.links.to("initiatives:status-table")
    editable = request.user.may(Permission.EDIT_PLAN, request.programme)
    context = {
        "editable": editable,
        "lead": _lead(document, tallies),
        "counts": pages.count_cells(found.numbers, chosen, table_url),
        "progress": pages.progress(
            sum(tally.number for tally in tallies if tally.judged),
            sum(tally.number for tally in tallies),
            month,
            chosen,
            table_url,
        ),
        "filter": chosen,
        "query": chosen.query(),
        "refresh_url": request.get_full_path()
        if chosen.text or chosen.missing or chosen.year
        else "",
        "table_url": table_url,
        "principles": [(p.key, p.title) for p in document.principles],
        "top_level_label": document.programme.top_level_label,
        "legend_url": request.links.to("initiatives:status-legend"),
        "rows": pages.plan_rows(
            found.source,
            found.shown,
            request.links,
            editable=editable,
            totals=_totals(tallies),
        ),
        "page": found.page,
    }
    return render(request, "initiatives/status_table.html", context)


@dataclass(frozen=True)
class _Found:
    """What a filter found: the plan the page is made from, the part of it on the page, the
    page, and the numbers of the status cells."""

    source: live.LivePlan
    shown: plan.PlanDocument
    page: Page[Any]
    numbers: Sequence[tuple[StatusStyle | plan.StatusLabel, int]]


def _searched(request: ProgrammeRequest, chosen: pages.Filter, _: list[live.Tally]) -> _Found:
    """By text or year: only the whole document can be searched."""
    live_plan = _live_plan(request)
    document = chosen.apply(live_plan.document)
    page = _page(request, [item.key for item in document.initiatives()])
    on_page = set(page.object_list)
    shown = plan.keep(document, lambda _p, _a, item: item.key in on_page)
    all_statuses = dataclasses.replace(chosen, status="").apply(live_plan.document)
    return _Found(live_plan, shown, page, plan.count_statuses(all_statuses).by_status)


def _listed(request: ProgrammeRequest, chosen: pages.Filter, tallies: list[live.Tally]) -> _Found:
    """Without them: the database counts, and only the page's own rows are read."""
    counts: Counter[str] = Counter()
    for tally in tallies:
        if chosen.principle in ("", tally.principle) and not (chosen.missing and tally.judged):
            counts[tally.status] += tally.number
    number = counts[chosen.status] if chosen.status else counts.total()
    page = _page(request, range(number))
    month = request.programme.reporting_month
    rows = live.find(
        request.programme,
        month=month,
        principle=chosen.principle,
        status=chosen.status,
        missing=chosen.missing,
    )
    first = (page.number - 1) * pages.PAGE_SIZE
    ids = rows.values_list("pk", flat=True)[first : first + pages.PAGE_SIZE]
    # Asked for by id, so that the newest judgements are looked up for these rows alone.
    on_page = Initiative.objects.filter(pk__in=list(ids)).in_order()
    live_plan = _live_plan(request, among=on_page)
    shown = plan.keep(live_plan.document, lambda _p, _a, _item: True)
    return _Found(live_plan, shown, page, [(style, counts[style.value]) for style in STATUS_STYLES])


@requires(Permission.VIEW_PLAN)
@require_safe
def initiative_detail(request: ProgrammeRequest, key: str) -> HttpResponse:
    """Everything about one initiative, archived or not."""
    visible = Initiative.objects.of(request.programme).visible_to(request.user)
    initiative = get_object_or_404(visible.select_related("area__principle"), key=key)
    editable = request.user.may(Permission.EDIT_PLAN, request.programme)
    internal = request.user.may(Permission.VIEW_INTERNAL_NOTES, request.programme)
    month = request.programme.reporting_month
    item, state = live.build_one(initiative, month=month)
    area = initiative.area
    parent_archived = area.is_archived or area.principle.is_archived
    in_plan = not initiative.is_archived and not parent_archived
    usable = editable and in_plan
    context = {
        "initiative": initiative,
        "item": item,
        "panel": pages.status_panel(item, state, request.links, month=month, editable=usable),
        "before": style_of(item.before.status if item.before else None),
        "actions": pages.action_lines(item, _versions(initiative.actions), request.links),
        "deadlines": pages.deadline_lines(
            item,
            _versions(initiative.deadlines),
            request.links,
            on=clock.today(),
            in_plan=in_plan,
        ),
        "archived_actions": initiative.actions.exclude(archived_at=None) if editable else [],
        "archived_deadlines": initiative.deadlines.exclude(archived_at=None) if editable else [],
        "years": [str(year) for year in initiative.area.years.live().order_by("year")],
        "history": initiative_history(initiative, internal=internal),
        "editable": usable,
        "parent_archived": parent_archived,
        "may_restore": editable and initiative.is_archived and not parent_archived,
        "internal": internal,
    }
    return render(request, "initiatives/initiative.html", context)


@requires(Permission.VIEW_PLAN)
@require_safe
def area_detail(request: ProgrammeRequest, key: str) -> HttpResponse:
    """An area with its initiatives, its numbers in the years' programmes and its history."""
    areas = ActionArea.objects.of(request.programme).select_related("principle")
    area = get_object_or_404(areas, key=key)
    editable = request.user.may(Permission.EDIT_PLAN, request.programme)
    own = live.find(request.programme, month=request.programme.reporting_month, area=key)
    live_plan = _live_plan(request, among=own)
    shown = plan.keep(live_plan.document, lambda _p, a, _i: a.key == key)
    archived = area.initiatives.exclude(archived_at=None).in_order() if editable else []
    context = {
        "area": area,
        "rows": pages.own_rows(live_plan, shown, request.links, bands=False),
        "years": area.years.live().order_by("year", "number"),
        "history": area_history(area),
        "archived": archived,
        "parent_archived": area.principle.is_archived,
        "editable": editable and not area.is_archived and not area.principle.is_archived,
    }
    return render(request, "initiatives/area.html", context)


@requires(Permission.VIEW_PLAN)
@require_safe
def principle_detail(request: ProgrammeRequest, key: str) -> HttpResponse:
    """A principle with its areas, also those without an initiative, and its history."""
    principle = get_object_or_404(Principle.objects.of(request.programme), key=key)
    own = live.find(request.programme, month=request.programme.reporting_month, principle=key)
    live_plan = _live_plan(request, among=own)
    node = next((p for p in live_plan.document.principles if p.key == key), None)
    shown = plan.keep(live_plan.document, lambda p, _a, _i: p.key == key)
    untreated = [area for area in node.areas if not area.initiatives] if node else []
    context = {
        "principle": principle,
        "numbers": plan.count_statuses(shown).by_status,
        "rows": pages.own_rows(live_plan, shown, request.links, bands=True),
        "untreated": [(area, pages.area_years(area)) for area in untreated],
        "history": principle_history(principle),
    }
    return render(request, "initiatives/principle.html", context)


@requires(Permission.VIEW_PLAN)
@require_safe
def programme_detail(request: ProgrammeRequest) -> HttpResponse:
    """Om programmet: its purposes, the areas of each year, the municipalities, the source."""
    programme = request.programme
    document = _live_plan(request).document
    context = {
        "programme": programme,
        "purposes": document.programme.purposes,
        "years": pages.programme_years(document),
        "principles": [
            (
                principle.title,
                request.links.to("initiatives:principle-detail", key=principle.key),
                [
                    (
                        area.title,
                        request.links.to("initiatives:area-detail", key=area.key),
                        pages.area_years(area),
                    )
                    for area in principle.areas
                ],
            )
            for principle in document.principles
        ],
        "municipalities": programme.municipalities.live().in_order(),
        "history": programme_history(programme),
    }
    return render(request, "initiatives/programme.html", context)


@requires(Permission.VIEW_EDITIONS)
@require_safe
def status_legend(request: ProgrammeRequest) -> HttpResponse:
    """Sådan læses status: the six statuses with their meanings, and "Ikke oplyst"."""
    context = {"styles": STATUS_STYLES, "line": STATUS_LINE}
    return render(request, "initiatives/status_legend.html", context)


@requires(Permission.EDIT_PLAN)
@require_safe
def components(request: ProgrammeRequest) -> HttpResponse:
    """Delene: every part and state the screens are built from."""
    marks = [
        {"symbol": "paused", "label": "På pause"},
        {"symbol": "waiting", "label": "Afventer"},
        {"symbol": "no-terms", "label": "Intet godkendt kommissorium"},
    ]
    return render(request, "components.html", {"statuses": STATUS_STYLES, "marks": marks})


def _live_plan(request: ProgrammeRequest, among: Any = None) -> live.LivePlan:
    month = request.programme.reporting_month
    return live.build_live(request.programme, month=month, on=clock.today(), among=among)


def _page(request: ProgrammeRequest, found: Sequence[Any]) -> Page[Any]:
    return Paginator(found, pages.PAGE_SIZE).get_page(request.GET.get("side"))


def _totals(tallies: list[live.Tally]) -> Counter[str]:
    """How many initiatives each principle has, by key."""
    totals: Counter[str] = Counter()
    for tally in tallies:
        totals[tally.principle] += tally.number
    return totals


def _versions(rows: Any) -> dict[str, int]:
    return dict(rows.live().values_list("key", "version"))


def _lead(document: plan.PlanDocument, tallies: list[live.Tally]) -> str:
    """ "Februar 2026. 14 initiativer i 10 indsatsområder under 3 principper"."""
    initiatives = pages.initiatives_noun(sum(tally.number for tally in tallies))
    treated = len({tally.area for tally in tallies})
    areas = danish.count(treated, "indsatsområde", "indsatsområder")
    programme = document.programme
    top = danish.count(
        len(document.principles),
        programme.top_level_label.lower(),
        programme.top_level_label_plural.lower(),
    )
    month = danish.capitalise(danish.month(document.month))
    return f"{month}. {danish.capitalise(initiatives)} i {areas} under {top}"
