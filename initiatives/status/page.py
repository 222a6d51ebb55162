"""Find one page of the initiatives that match a filter, with the counts of the whole table."""

import dataclasses
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator

import plan
from initiatives.dated_pages import PlanRequest, plan_of
from initiatives.sources.live import BuiltPlan
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
    whole = plan_of(request)
    document = whole.document
    matches = chosen.apply(whole)
    page = _page(request, [item.key for item in matches.initiatives()])
    on_page = set(page.object_list)
    with_any_status = dataclasses.replace(chosen, status="").apply(whole)
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
