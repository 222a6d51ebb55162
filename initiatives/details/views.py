"""Show the pages of an initiative, an area, a principle and the programme."""

from collections.abc import Sequence
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
from initiatives.contacts.people import contacts_of
from initiatives.contacts.rights import may_judge
from initiatives.dated_pages import (
    PlanRequest,
    dated_row,
    history_up_to_day,
    may_now,
    plan_of,
    refresh_url,
)
from initiatives.details.lines import action_lines, deadline_lines
from initiatives.details.shown import (
    ShownInitiative,
    find_area,
    find_principle,
    shown_initiative,
)
from initiatives.history.history_page import HistoryPage, history_page
from initiatives.history.sentences import (
    area_history,
    initiative_history,
    principle_history,
    programme_history,
)
from initiatives.models import Initiative
from initiatives.sources.dismissals import put_aside
from initiatives.sources.memory import live_plan
from initiatives.sources.past import as_they_stood
from initiatives.status.cell import status_panel
from initiatives.status.filter import Filter
from initiatives.status.rows import RowLinks, rows_under_heading
from initiatives.warnings.shown import shown_warnings
from plan import strips
from plan.status import style_of
from plan.words import area_years, programme_years, report_text_from, year_number
from principles.models import ActionArea, Principle, ProgrammeYear


@requires(Permission.VIEW_PLAN)
@require_safe
@dated_row(Initiative)
def initiative_detail(request: PlanRequest, key: str) -> HttpResponse:
    """Show everything about one initiative, also when it is archived. The page of another day shows
    what the plan said then, without the internal note."""
    shown = shown_initiative(request, key)
    item, row, past = shown.item, shown.row, shown.past
    links = RowLinks(request.links.programme_key, request.links.day)
    may_edit = may_now(request, Permission.EDIT_PLAN)
    internal = may_now(request, Permission.VIEW_INTERNAL_NOTES)
    editable = may_edit and shown.in_plan
    is_today = request.as_of.is_now
    judges = is_today and may_judge(request.user, request.programme, row.lead_id)
    actions, deadlines = as_they_stood(past.actions), as_they_stood(past.deadlines)
    context = {
        "as_of": request.as_of,
        "initiative": row,
        "is_archived": row.is_archived,
        "item": item,
        "principle": shown.principle,
        "area": shown.area,
        "top_level_label": shown.top_level_label,
        "terms": row.get_terms_of_reference_display(),
        "source_note": row.source_note,
        "report_text_from": report_text_from(item, shown.month),
        "panel": status_panel(
            item,
            shown.state,
            links,
            month=shown.month,
            editable=judges and shown.in_plan,
            with_texts=editable,
        ),
        "contacts": contacts_of(row) if is_today and request.programme.uses_contacts else None,
        "warnings": shown_warnings(
            item, shown.document, put_aside(past.dismissals), request.links, editable=editable
        )
        if shown.document
        else (),
        "before": style_of(item.before.status if item.before else None),
        "actions": action_lines(item, _versions(actions), links),
        "deadlines": deadline_lines(
            item,
            _versions(deadlines),
            links,
            on=request.as_of.today,
            in_plan=shown.in_plan,
        ),
        "archived_actions": [row for row in actions if row.is_archived and may_edit],
        "archived_deadlines": [row for row in deadlines if row.is_archived and may_edit],
        "years": [year_number(number) for number in shown.area.years],
        "development": _development(shown),
        "history": _history(request, initiative_history(past, internal=internal)),
        "refresh_url": refresh_url(request),
        "editable": editable,
        "parent_archived": shown.parent_archived,
        "may_restore": may_edit and row.is_archived and not shown.parent_archived,
        "internal": internal,
    }
    return render(request, "initiatives/details/initiative.html", context)


@requires(Permission.VIEW_PLAN)
@require_safe
@dated_row(ActionArea)
def area_detail(request: PlanRequest, key: str) -> HttpResponse:
    """Show an area with its initiatives, its numbers in the years' programmes and its history."""
    areas = ActionArea.objects.of(request.programme).select_related("principle")
    area = get_object_or_404(areas, key=key)
    whole = plan_of(request)
    document = whole.document
    principle, node = find_area(request, document, key)
    shown = plan.keep(document, lambda _p, a, _i: a.key == key)
    past = history_up_to_day(request, ActionArea.history.filter(id=area.pk))
    past_years = history_up_to_day(request, ProgrammeYear.history.filter(area_id=area.pk))
    may_edit = may_now(request, Permission.EDIT_PLAN)
    context = {
        "as_of": request.as_of,
        "area": past[-1],
        "principle": principle or area.principle,
        "top_level_label": document.programme.top_level_label,
        "is_archived": past[-1].archived_at is not None,
        "in_plan": node is not None,
        "source_note": past[-1].source_note,
        "rows": rows_under_heading(whole, shown, request.links, bands=False),
        "years": _with_notes(node.years, past_years) if node else _live_years(area),
        "history": area_history(past, past_years),
        "archived": area.initiatives.exclude(archived_at=None).in_order() if may_edit else [],
        "editable": may_edit and node is not None,
    }
    return render(request, "initiatives/details/area.html", context)


@requires(Permission.VIEW_PLAN)
@require_safe
@dated_row(Principle)
def principle_detail(request: PlanRequest, key: str) -> HttpResponse:
    """Show a principle with its areas, also those without an initiative, and its history."""
    principle = get_object_or_404(Principle.objects.of(request.programme), key=key)
    whole = plan_of(request)
    document = whole.document
    node = find_principle(request, document, key)
    shown = plan.keep(document, lambda p, _a, _i: p.key == key)
    past = history_up_to_day(request, Principle.history.filter(id=principle.pk))
    untreated = [area for area in node.areas if not area.initiatives] if node else []
    table = request.links.to("initiatives:status-table")
    context = {
        "as_of": request.as_of,
        "principle": past[-1],
        "top_level_label": document.programme.top_level_label,
        "is_archived": past[-1].archived_at is not None,
        "source_note": past[-1].source_note,
        "numbers": [
            (status, number, with_query(table, Filter(key, status.value).query()))
            for status, number in plan.count_statuses(shown).by_status
        ],
        "rows": rows_under_heading(whole, shown, request.links, bands=True),
        "untreated": [(area, area_years(area)) for area in untreated],
        "history": principle_history(past),
    }
    return render(request, "initiatives/details/principle.html", context)


@requires(Permission.VIEW_PLAN)
@require_safe
def programme_detail(request: ProgrammeRequest) -> HttpResponse:
    """Show Om programmet: its purposes, the areas of each year, the municipalities, the source."""
    programme = request.programme
    month, today = programme.reporting_month, clock.today()
    document = live_plan(programme, month=month, on=today).document
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
    """Find the newest history row of each number of an area, for its note on the source. `past`
    are all history rows of the area's years, oldest first."""
    newest = {(row.year, row.number): row for row in past}
    return [newest[number.year, number.number] for number in numbers]


def _live_years(area: ActionArea) -> Any:
    """Read the years of an archived area, which is in no document."""
    return area.years.live().order_by("year", "number")


def _development(shown: ShownInitiative) -> strips.OneStrip | None:
    """Draw the Udvikling of an initiative up to the month of the page."""
    judged = [(update.month, update.status_after) for update in shown.past.judgements()]
    return strips.make_one(judged, strips.shown_months(shown.starts_on, shown.month))


def _versions(rows: Sequence[Any]) -> dict[str, int]:
    return {row.key: row.version for row in rows if not row.is_archived}
