"""Find one page of the initiatives that match a filter, with the counts of the whole table.

For today the database counts and finds them, and only the page's rows are read. For another day,
or a filter by text, year or state, they are found in the whole document.
"""

import dataclasses
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator

import plan
from initiatives.dated_pages import PlanRequest, plan_of
from initiatives.models import Initiative
from initiatives.sources import counting
from initiatives.sources.live import BuiltPlan, build_live
from initiatives.status.filter import Filter
from initiatives.status.rows import ROWS_PER_PAGE


@dataclass(frozen=True, slots=True)
class PlanPage:
    """One page of a table of the plan, whichever source the plan came from.

    `whole` has every principle and area of the plan, `shown` the page's initiatives with their
    areas and principles; `page` says which page it is. `by_status` counts the initiatives that
    match the filter without its status. In the whole plan, `by_principle` counts the initiatives
    by the key of their principle, `updated` those judged for the month, and `treated` the areas
    that have any.
    """

    whole: BuiltPlan
    shown: plan.PlanDocument
    page: Page[Any]
    by_status: Counter[str]
    by_principle: Counter[str]
    updated: int
    treated: int

    @property
    def number(self) -> int:
        """How many initiatives the plan has."""
        return self.by_principle.total()


def page_of(request: PlanRequest, chosen: Filter) -> PlanPage:
    """Find the page (`side` in the address) of the initiatives that match the filter `chosen` in
    the plan of the page's day."""
    if request.as_of.is_now and not chosen.needs_document:
        return _from_tables(request, chosen)
    return _from_document(request, chosen)


def _from_tables(request: PlanRequest, chosen: Filter) -> PlanPage:
    programme, month = request.programme, request.programme.reporting_month
    tallies = counting.tally(programme, month=month)
    by_status: Counter[str] = Counter()
    by_principle: Counter[str] = Counter()
    for tally in tallies:
        by_principle[tally.principle] += tally.number
        if chosen.principle in ("", tally.principle) and not (chosen.missing and tally.judged):
            by_status[tally.status] += tally.number
    number = by_status[chosen.status] if chosen.status else by_status.total()
    page = _page(request, range(number))
    rows = counting.find(
        programme,
        month=month,
        principle=chosen.principle,
        status=chosen.status,
        missing=chosen.missing,
    )
    first = (page.number - 1) * ROWS_PER_PAGE
    ids = rows.values_list("pk", flat=True)[first : first + ROWS_PER_PAGE]
    # Selected by id, so that the newest judgements are looked up for these rows only.
    among = Initiative.objects.filter(pk__in=ids).in_order()
    whole = build_live(programme, month=month, on=request.as_of.today, among=among)
    return PlanPage(
        whole,
        plan.keep(whole.document, lambda _p, _a, _item: True),
        page,
        by_status,
        by_principle,
        updated=sum(tally.number for tally in tallies if tally.judged),
        treated=len({tally.area for tally in tallies}),
    )


def _from_document(request: PlanRequest, chosen: Filter) -> PlanPage:
    whole = plan_of(request)
    document = whole.document
    matches = chosen.apply(document)
    page = _page(request, [item.key for item in matches.initiatives()])
    on_page = set(page.object_list)
    with_any_status = dataclasses.replace(chosen, status="").apply(document)
    return PlanPage(
        whole,
        plan.keep(matches, lambda _p, _a, item: item.key in on_page),
        page,
        Counter(item.status for item in with_any_status.initiatives()),
        Counter({p.key: sum(1 for _ in p.initiatives()) for p in document.principles}),
        updated=plan.count_updated(document),
        treated=plan.treated_areas(document),
    )


def _page(request: PlanRequest, matches: Sequence[Any]) -> Page[Any]:
    return Paginator(matches, ROWS_PER_PAGE).get_page(request.GET.get("side"))
