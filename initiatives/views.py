"""The pages of the plan: the status table, an initiative, an area, a principle, the legend."""

import dataclasses
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from core import clock, danish
from core.history import Entry
from core.links import with_query
from initiatives import live, pages, plan, strips
from initiatives.as_of import build_one_as_of
from initiatives.dated_pages import (
    NotInPlan,
    PlanRequest,
    dated,
    dated_row,
    find_area,
    find_initiative,
    happened,
    plan_of,
)
from initiatives.history_page import HistoryPage, history_page
from initiatives.models import Initiative
from initiatives.past import Past, as_they_stood, past_of
from initiatives.sentences import (
    area_history,
    initiative_history,
    principle_history,
    programme_history,
)
from initiatives.status import STATUS_LINE, STATUS_STYLES, StatusStyle, style_of
from principles.models import ActionArea, Principle, ProgrammeYear


@requires(Permission.VIEW_EDITIONS)
@require_safe
@dated
def status_table(request: PlanRequest) -> HttpResponse:
    """Statustabellen: the plan of the month that is or was reported, filtered by the address."""
    if not request.user.may(Permission.VIEW_PLAN, request.programme):
        return HttpResponseRedirect(request.links.to("reports:edition-newest"))
    chosen = pages.Filter.from_query(request.GET)
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
        "counts": pages.count_cells(found.numbers, chosen, table_url),
        "progress": pages.progress(
            found.updated,
            found.totals.total(),
            document.month,
            table_url,
        ),
        "filter": chosen,
        "is_filtered": bool(chosen.query()),
        "filter_words": pages.filter_words(chosen, document),
        "query": as_of.query(chosen.query()),
        "refresh_url": request.get_full_path()
        if not as_of.day and (chosen.missing or chosen.needs_document)
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
            totals=found.totals,
        ),
        "page": found.page,
    }
    return render(request, "initiatives/status_table.html", context)


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


def _searched(request: PlanRequest, chosen: pages.Filter) -> _Found:
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
        totals=Counter(pages.principle_totals(whole)),
        updated=plan.count_updated(whole),
        treated=plan.treated_areas(whole),
    )


def _listed(request: PlanRequest, chosen: pages.Filter) -> _Found:
    """Without them: the database counts, and only the page's own rows are read."""
    month = request.programme.reporting_month
    tallies = live.tally(request.programme, month=month)
    counts: Counter[str] = Counter()
    for tally in tallies:
        if chosen.principle in ("", tally.principle) and not (chosen.missing and tally.judged):
            counts[tally.status] += tally.number
    number = counts[chosen.status] if chosen.status else counts.total()
    page = _page(request, range(number))
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


@requires(Permission.VIEW_PLAN)
@require_safe
@dated_row(Initiative)
def initiative_detail(request: PlanRequest, key: str) -> HttpResponse:
    """Everything about one initiative, archived or not; of another day what the plan said then."""
    visible = Initiative.objects.of(request.programme).visible_to(request.user)
    initiative = get_object_or_404(visible.select_related("area__principle"), key=key)
    past = past_of(initiative)
    if moment := request.as_of.moment:
        return _initiative_then(request, key, past.until(moment), moment)
    editable = request.user.may(Permission.EDIT_PLAN, request.programme)
    internal = request.user.may(Permission.VIEW_INTERNAL_NOTES, request.programme)
    month = request.programme.reporting_month
    item, state = live.build_one(initiative, month=month)
    area = initiative.area
    parent_archived = area.is_archived or area.principle.is_archived
    in_plan = not initiative.is_archived and not parent_archived
    usable = editable and in_plan
    actions, deadlines = as_they_stood(past.actions), as_they_stood(past.deadlines)
    context = {
        "as_of": request.as_of,
        "initiative": initiative,
        "is_archived": initiative.is_archived,
        "item": item,
        "principle": area.principle,
        "area": area,
        "top_level_label": request.programme.top_level_label,
        "terms": initiative.get_terms_of_reference_display(),
        "source_note": initiative.source_note,
        "panel": pages.status_panel(item, state, request.links, month=month, editable=usable),
        "before": style_of(item.before.status if item.before else None),
        "actions": pages.action_lines(item, _versions(actions), request.links),
        "deadlines": pages.deadline_lines(
            item,
            _versions(deadlines),
            request.links,
            on=request.as_of.today,
            in_plan=in_plan,
        ),
        "archived_actions": [row for row in actions if row.is_archived and editable],
        "archived_deadlines": [row for row in deadlines if row.is_archived and editable],
        "years": [pages.year_number(year) for year in area.years.live().order_by("year", "number")],
        "development": _development(past, request.programme.starts_on, month),
        "history": _history(request, initiative_history(past, internal=internal)),
        "refresh_url": request.get_full_path(),
        "editable": usable,
        "parent_archived": parent_archived,
        "may_restore": editable and initiative.is_archived and not parent_archived,
        "internal": internal,
    }
    return render(request, "initiatives/initiative.html", context)


def _initiative_then(request: PlanRequest, key: str, past: Past, moment: datetime) -> HttpResponse:
    """The page of another day, which ends at `moment`, as `past` does: for reading, without the
    internal note."""
    whole = build_one_as_of(request.programme, past, moment)
    document = whole.document
    principle, area, item = find_initiative(document, key)
    state = whole.rows[key]
    links, today = request.links, request.as_of.today
    [then] = as_they_stood(past.own)
    readable = {action.key: 0 for action in item.actions}
    readable |= {deadline.key: 0 for deadline in item.deadlines}
    context = {
        "as_of": request.as_of,
        "item": item,
        "principle": principle,
        "area": area,
        "top_level_label": document.programme.top_level_label,
        "terms": then.get_terms_of_reference_display(),
        "source_note": then.source_note,
        "panel": pages.status_panel(item, state, links, month=document.month, editable=False),
        "before": style_of(item.before.status if item.before else None),
        "actions": pages.action_lines(item, readable, links),
        "deadlines": pages.deadline_lines(item, readable, links, on=today, in_plan=True),
        "years": [pages.year_number(number) for number in area.years],
        "development": _development(past, whole.starts_on, document.month),
        "history": _history(request, initiative_history(past, internal=False)),
    }
    return render(request, "initiatives/initiative.html", context)


@requires(Permission.VIEW_PLAN)
@require_safe
@dated_row(ActionArea)
def area_detail(request: PlanRequest, key: str) -> HttpResponse:
    """An area with its initiatives, its numbers in the years' programmes and its history."""
    areas = ActionArea.objects.of(request.programme).select_related("principle")
    area = get_object_or_404(areas, key=key)
    day = request.as_of.day
    editable = not day and request.user.may(Permission.EDIT_PLAN, request.programme)
    own = live.find(request.programme, month=request.programme.reporting_month, area=key)
    live_plan = plan_of(request, among=own)
    document = live_plan.document
    principle: Any = area.principle
    shown_area: Any = area
    if day:
        principle, shown_area = find_area(document, key)
    shown = plan.keep(document, lambda _p, a, _i: a.key == key)
    past = happened(request, ActionArea.history.filter(id=area.pk))
    years = happened(request, ProgrammeYear.history.filter(area_id=area.pk))
    archived = area.initiatives.exclude(archived_at=None).in_order() if editable else []
    context = {
        "as_of": request.as_of,
        "area": shown_area,
        "principle": principle,
        "top_level_label": document.programme.top_level_label,
        "is_archived": not day and area.is_archived,
        "source_note": past[-1].source_note,
        "rows": pages.own_rows(live_plan, shown, request.links, bands=False),
        "years": _with_notes(shown_area.years, years)
        if day
        else area.years.live().order_by("year", "number"),
        "history": area_history(past, years),
        "archived": archived,
        "parent_archived": not day and area.principle.is_archived,
        "editable": editable and not area.is_archived and not area.principle.is_archived,
    }
    return render(request, "initiatives/area.html", context)


@requires(Permission.VIEW_PLAN)
@require_safe
@dated_row(Principle)
def principle_detail(request: PlanRequest, key: str) -> HttpResponse:
    """A principle with its areas, also those without an initiative, and its history."""
    principle = get_object_or_404(Principle.objects.of(request.programme), key=key)
    own = live.find(request.programme, month=request.programme.reporting_month, principle=key)
    live_plan = plan_of(request, among=own)
    day = request.as_of.day
    node = next((p for p in live_plan.document.principles if p.key == key), None)
    if day and node is None:
        raise NotInPlan
    shown = plan.keep(live_plan.document, lambda p, _a, _i: p.key == key)
    past = happened(request, Principle.history.filter(id=principle.pk))
    untreated = [area for area in node.areas if not area.initiatives] if node else []
    table = request.links.to("initiatives:status-table")
    context = {
        "as_of": request.as_of,
        "principle": node if day else principle,
        "top_level_label": live_plan.document.programme.top_level_label,
        "is_archived": not day and principle.is_archived,
        "source_note": past[-1].source_note,
        "numbers": [
            (status, number, with_query(table, pages.Filter(key, status.value).query()))
            for status, number in plan.count_statuses(shown).by_status
        ],
        "rows": pages.own_rows(live_plan, shown, request.links, bands=True),
        "untreated": [(area, pages.area_years(area)) for area in untreated],
        "history": principle_history(past),
    }
    return render(request, "initiatives/principle.html", context)


@requires(Permission.VIEW_PLAN)
@require_safe
def programme_detail(request: ProgrammeRequest) -> HttpResponse:
    """Om programmet: its purposes, the areas of each year, the municipalities, the source."""
    programme = request.programme
    month, today = programme.reporting_month, clock.today()
    document = live.build_live(programme, month=month, on=today).document
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
        "municipalities": sorted(
            programme.municipalities.live(),
            key=lambda row: (row.position, danish.sort_key(row.name)),
        ),
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


def _page(request: ProgrammeRequest, found: Sequence[Any]) -> Page[Any]:
    return Paginator(found, pages.PAGE_SIZE).get_page(request.GET.get("side"))


def _history(request: PlanRequest, entries: Sequence[Entry]) -> HistoryPage:
    return history_page(entries, request.GET, request.path, request.as_of)


def _with_notes(numbers: Sequence[plan.YearNumber], past: Sequence[Any]) -> list[Any]:
    """The history rows (`past`, oldest first) of an area's numbers, which have the notes too."""
    newest = {(row.year, row.number): row for row in past}
    return [newest[number.year, number.number] for number in numbers]


def _development(past: Past, first: date, month: date) -> strips.OneStrip | None:
    """Udvikling of an initiative up to `month`, in a programme that begins in `first`."""
    judged = [(update.month, update.status_after) for update in past.judgements()]
    return strips.make_one(judged, strips.shown_months(first, month))


def _totals(tallies: list[live.Tally]) -> Counter[str]:
    """How many initiatives each principle has, by key."""
    totals: Counter[str] = Counter()
    for tally in tallies:
        totals[tally.principle] += tally.number
    return totals


def _versions(rows: Sequence[Any]) -> dict[str, int]:
    return {row.key: row.version for row in rows if not row.is_archived}


def _lead(document: plan.PlanDocument, number: int, treated: int) -> str:
    """ "Februar 2026. 14 initiativer i 10 indsatsområder under 3 principper"; what is empty
    stands in no area."""
    month = danish.capitalise(danish.month(document.month))
    initiatives = f"{month}. {danish.capitalise(pages.initiatives_noun(number))}"
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
