"""The pages of the plan: the status table, an initiative, an area, a principle, the legend."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

import plan
from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from core import clock, danish
from core.history import Entry
from core.links import with_query
from initiatives.dated_pages import (
    NotInPlan,
    PlanRequest,
    dated_row,
    find_area,
    find_initiative,
    happened,
    plan_of,
)
from initiatives.details.lines import action_lines, deadline_lines
from initiatives.history.history_page import HistoryPage, history_page
from initiatives.history.sentences import (
    area_history,
    initiative_history,
    principle_history,
    programme_history,
)
from initiatives.models import Initiative
from initiatives.sources import counting, live
from initiatives.sources.as_of import build_one_as_of
from initiatives.sources.past import Past, as_they_stood, past_of
from initiatives.status.cell import status_panel
from initiatives.status.filter import Filter
from initiatives.status.rows import own_rows
from plan import strips
from plan.status import style_of
from plan.words import area_years, programme_years, year_number
from principles.models import ActionArea, Principle, ProgrammeYear


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
        "panel": status_panel(item, state, request.links, month=month, editable=usable),
        "before": style_of(item.before.status if item.before else None),
        "actions": action_lines(item, _versions(actions), request.links),
        "deadlines": deadline_lines(
            item,
            _versions(deadlines),
            request.links,
            on=request.as_of.today,
            in_plan=in_plan,
        ),
        "archived_actions": [row for row in actions if row.is_archived and editable],
        "archived_deadlines": [row for row in deadlines if row.is_archived and editable],
        "years": [year_number(year) for year in area.years.live().order_by("year", "number")],
        "development": _development(past, request.programme.starts_on, month),
        "history": _history(request, initiative_history(past, internal=internal)),
        "refresh_url": request.get_full_path(),
        "editable": usable,
        "parent_archived": parent_archived,
        "may_restore": editable and initiative.is_archived and not parent_archived,
        "internal": internal,
    }
    return render(request, "initiatives/details/initiative.html", context)


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
        "panel": status_panel(item, state, links, month=document.month, editable=False),
        "before": style_of(item.before.status if item.before else None),
        "actions": action_lines(item, readable, links),
        "deadlines": deadline_lines(item, readable, links, on=today, in_plan=True),
        "years": [year_number(number) for number in area.years],
        "development": _development(past, whole.starts_on, document.month),
        "history": _history(request, initiative_history(past, internal=False)),
    }
    return render(request, "initiatives/details/initiative.html", context)


@requires(Permission.VIEW_PLAN)
@require_safe
@dated_row(ActionArea)
def area_detail(request: PlanRequest, key: str) -> HttpResponse:
    """An area with its initiatives, its numbers in the years' programmes and its history."""
    areas = ActionArea.objects.of(request.programme).select_related("principle")
    area = get_object_or_404(areas, key=key)
    day = request.as_of.day
    editable = not day and request.user.may(Permission.EDIT_PLAN, request.programme)
    own = counting.find(request.programme, month=request.programme.reporting_month, area=key)
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
        "rows": own_rows(live_plan, shown, request.links, bands=False),
        "years": _with_notes(shown_area.years, years)
        if day
        else area.years.live().order_by("year", "number"),
        "history": area_history(past, years),
        "archived": archived,
        "parent_archived": not day and area.principle.is_archived,
        "editable": editable and not area.is_archived and not area.principle.is_archived,
    }
    return render(request, "initiatives/details/area.html", context)


@requires(Permission.VIEW_PLAN)
@require_safe
@dated_row(Principle)
def principle_detail(request: PlanRequest, key: str) -> HttpResponse:
    """A principle with its areas, also those without an initiative, and its history."""
    principle = get_object_or_404(Principle.objects.of(request.programme), key=key)
    own = counting.find(request.programme, month=request.programme.reporting_month, principle=key)
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
            (status, number, with_query(table, Filter(key, status.value).query()))
            for status, number in plan.count_statuses(shown).by_status
        ],
        "rows": own_rows(live_plan, shown, request.links, bands=True),
        "untreated": [(area, area_years(area)) for area in untreated],
        "history": principle_history(past),
    }
    return render(request, "initiatives/details/principle.html", context)


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
        "years": programme_years(document),
        "principles": [
            (
                principle.title,
                request.links.to("initiatives:principle-detail", key=principle.key),
                [
                    (
                        area.title,
                        request.links.to("initiatives:area-detail", key=area.key),
                        area_years(area),
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
    return render(request, "initiatives/details/programme.html", context)


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


def _versions(rows: Sequence[Any]) -> dict[str, int]:
    return {row.key: row.version for row in rows if not row.is_archived}
