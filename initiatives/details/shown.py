"""Find what the page of an initiative or an area shows on its day.

That is what the plan of that day has. An archived initiative has a page of today only, which shows
its rows as the tables have them.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.shortcuts import get_object_or_404

import plan
from initiatives.dated_pages import NotInPlan, PlanRequest, plan_of, refuse_other_days
from initiatives.models import Initiative
from initiatives.sources import live
from initiatives.sources.dismissals import dismissals
from initiatives.sources.live import RowState
from initiatives.sources.past import Past, as_they_stood, past_of


@dataclass(frozen=True, slots=True)
class ShownInitiative:
    """An initiative on the page's day, with its area and principle.

    `row` is its row, or its newest history row up to the day; `past` is its history up to the
    day. `month` is the month reported then, `starts_on` the day the programme begins. `document` is
    the plan of the day, None if the initiative is not in it.
    """

    item: plan.Initiative
    state: RowState
    row: Any
    past: Past
    principle: plan.Principle
    area: plan.Area
    top_level_label: str
    month: date
    starts_on: date
    parent_archived: bool
    document: plan.PlanDocument | None = None

    @property
    def in_plan(self) -> bool:
        """Whether neither it nor its area or principle is archived."""
        return not self.row.is_archived and not self.parent_archived


def shown_initiative(request: PlanRequest, key: str) -> ShownInitiative:
    """Read what the page of an initiative shows. Raises Http404, NotInPlan and NothingKnownYet."""
    whole = plan_of(request)
    document = whole.document
    try:
        principle, area, item = _find_initiative(document, key)
    except NotInPlan:
        return _not_in_plan(request, key)
    state = whole.rows[key]
    moment = request.as_of.moment
    rows = whole.drawn(dismissals, request.programme, moment).get(key, ())
    past = past_of(state.id, moment, rows)
    return ShownInitiative(
        item,
        state,
        as_they_stood(past.initiative)[0],
        past,
        principle,
        area,
        document.programme.top_level_label,
        document.month,
        whole.starts_on,
        parent_archived=False,
        document=document,
    )


def _not_in_plan(request: PlanRequest, key: str) -> ShownInitiative:
    """Read an initiative that is archived, or stands under what is. Raises Http404, NotInPlan."""
    programme = request.programme
    visible = Initiative.objects.of(programme).visible_to(request.user)
    row = get_object_or_404(visible.select_related("area__principle"), key=key)
    refuse_other_days(request)
    item, state = live.build_one(row, month=programme.reporting_month)
    area, principle = row.area, row.area.principle
    years = area.years.live().order_by("year", "number")
    numbers = years.values_list("year", "number", "repeated_number")
    return ShownInitiative(
        item,
        state,
        row,
        past_of(row.pk, dismissals=list(row.dismissals.order_by("id"))),
        plan.Principle(principle.key, principle.title, ()),
        plan.Area(area.key, area.title, tuple(plan.YearNumber(*n) for n in numbers), ()),
        programme.top_level_label,
        programme.reporting_month,
        programme.starts_on,
        parent_archived=area.is_archived or principle.is_archived,
    )


def _find_initiative(
    document: plan.PlanDocument, key: str
) -> tuple[plan.Principle, plan.Area, plan.Initiative]:
    """Find the initiative of this key, under its principle and area. Raises NotInPlan."""
    for principle in document.principles:
        for area in principle.areas:
            for item in area.initiatives:
                if item.key == key:
                    return principle, area, item
    raise NotInPlan


def find_principle(
    request: PlanRequest, document: plan.PlanDocument, key: str
) -> plan.Principle | None:
    """Find the principle of this key; None when it is archived today. Raises NotInPlan."""
    for principle in document.principles:
        if principle.key == key:
            return principle
    refuse_other_days(request)
    return None


def find_area(
    request: PlanRequest, document: plan.PlanDocument, key: str
) -> tuple[plan.Principle, plan.Area] | tuple[None, None]:
    """Find the area of this key and its principle; two Nones when either is archived today. Raises
    NotInPlan."""
    for principle in document.principles:
        for area in principle.areas:
            if area.key == key:
                return principle, area
    refuse_other_days(request)
    return None, None
