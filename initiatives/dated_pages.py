"""Show the plan's pages as of another day, `?pr=2026-02-26`.

A view under `dated` asks `plan_of` for its plan and `request.as_of` for its day, and does not know
which source the plan came from. What may be done on the page, `may_now` says: of another day
nothing but reading.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.db.models import Model
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render

from accounts.access import ProgrammeRequest, View
from accounts.permissions import Permission
from core import clock, danish
from core.links import CAN_SHOW_OTHER_DAYS, PR, with_query
from core.state_at import end_of
from initiatives.date_box import TOO_EARLY, in_box, read_day, typed_day
from initiatives.sources import counting
from initiatives.sources.as_of import NothingKnownYet, earliest, plans_as_of, reporting_month
from initiatives.sources.live import LivePlan, build_live

Parameters = ParamSpec("Parameters")

NOT_IN_PLAN = "Det, siden handler om, var ikke i planen den {}. Vælg en anden dato."
# The page of another day begins with the first page of its rows.
PAGE = "side"


@dataclass(frozen=True, slots=True)
class AsOf:
    """Holds the day whose plan a page shows: None for the plan as it stands now.

    `typed` is what stands in the date box, `problem` what is wrong with the day that was asked
    for; `others` are the page's other filters, `live_url` leads to its plan of today.
    """

    day: date | None
    typed: str
    problem: str
    others: tuple[tuple[str, str], ...]
    live_url: str

    @property
    def today(self) -> date:
        """The day the page is drawn up on."""
        return self.day or clock.today()

    @property
    def is_now(self) -> bool:
        """Whether the page shows the plan as it stands now, which changes while it is read."""
        return self.day is None

    @property
    def moment(self) -> datetime | None:
        """The end of the day; None for the plan as it stands now."""
        return end_of(self.day) if self.day else None

    @property
    def is_over(self) -> bool:
        """Whether the day has ended. Of today the plan may still change."""
        return self.day is not None and self.day < clock.today()

    @property
    def words(self) -> str:
        """ "26. februar 2026"."""
        return danish.day(self.today)

    def query(self, others: str) -> str:
        """Join the page's other filters (encoded) and this day to a query."""
        this_day = f"{PR}={self.day.isoformat()}" if self.day else ""
        return "&".join(part for part in (others, this_day) if part)


class PlanRequest(ProgrammeRequest):
    """A request to a page that can show the plan of another day."""

    as_of: AsOf


class NotInPlan(Exception):
    """Says that what the page is about was not in the plan on the day."""


def dated(
    view: Callable[Concatenate[PlanRequest, Parameters], HttpResponse], *, rows: Any = None
) -> View[Parameters]:
    """Let the view be asked for the plan of another day; its links then stay with that day.

    A day that can't be shown gives the date box with a sentence. Who may not see the plan is
    left to the view. `rows` is the model of what a page of one row is about.
    """

    @wraps(view)
    def guarded(
        request: ProgrammeRequest, /, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> HttpResponse:
        asked = cast("PlanRequest", request)
        asked.as_of = _asked(request)
        if not request.user.may(Permission.VIEW_PLAN, request.programme):
            return view(asked, *args, **kwargs)
        if asked.as_of.problem:
            if rows:
                get_object_or_404(rows.objects.of(request.programme), **kwargs)
            return _no_such_day(asked, asked.as_of.problem)
        day = asked.as_of.day
        if day is None:
            return view(asked, *args, **kwargs)
        if request.GET.get(PR) != day.isoformat():
            query = asked.as_of.query(urlencode(asked.as_of.others))
            return HttpResponseRedirect(f"{request.path}?{query}")
        request.links = dataclasses.replace(request.links, day=day)
        try:
            return view(asked, *args, **kwargs)
        except NothingKnownYet as unknown:
            return _no_such_day(asked, TOO_EARLY.format(danish.day(unknown.first_day)))
        except NotInPlan:
            return _no_such_day(asked, NOT_IN_PLAN.format(danish.day(day)))

    # The decorators around it copy the mark, by which links find the views that have it.
    setattr(guarded, CAN_SHOW_OTHER_DAYS, True)
    return cast("View[Parameters]", guarded)


def dated_row(
    rows: type[Model],
) -> Callable[[Callable[[PlanRequest, str], HttpResponse]], View[[str]]]:
    """Do what `dated` does for the page of one of `rows`, by its key: a row that never was is not
    there on any day, whether or not the day can be shown."""
    return lambda view: dated(view, rows=rows)


def may_now(request: PlanRequest, permission: Permission) -> bool:
    """Whether the visitor may do on the page what takes `permission`. On the page of another day
    nobody does more than read."""
    return request.as_of.is_now and request.user.may(permission, request.programme)


def refresh_url(request: PlanRequest) -> str:
    """Return the address that shows the page anew after something was saved; "" for another day,
    which nothing changes."""
    return request.get_full_path() if request.as_of.is_now else ""


def month_of(request: PlanRequest) -> date:
    """Return the month that is or was reported on the page's day. One query, of another day."""
    moment = request.as_of.moment
    if moment is None:
        return request.programme.reporting_month
    return reporting_month(request.programme, moment)


def plan_of(
    request: PlanRequest, *, principle: str = "", area: str = "", month: date | None = None
) -> LivePlan:
    """Read the plan of the page's day, for `month` or else for the month reported then.

    It has every principle and area. A page that shows but the initiatives of one `principle` or
    `area` (its key) says so: of today's only those are read, while another day's are all there.
    """
    programme, moment = request.programme, request.as_of.moment
    if moment is None:
        month, among = month or programme.reporting_month, None
        if principle or area:
            among = counting.find(programme, month=month, principle=principle, area=area)
        return build_live(programme, month=month, on=request.as_of.today, among=among)
    (past_plan,) = plans_as_of(programme, [moment], months=[month] if month else None)
    if not any(past_plan.document.initiatives()):
        # Empty because nobody had written it down yet is not a plan without initiatives.
        first = earliest(programme)
        if request.as_of.today < first:
            raise NothingKnownYet(first)
    return past_plan


def refuse_other_days(request: PlanRequest) -> None:
    """Raise NotInPlan on the page of another day: what is not in the plan, because it is archived,
    has a page of today alone."""
    if not request.as_of.is_now:
        raise NotInPlan


def happened(request: PlanRequest, rows: Any) -> list[Any]:
    """Read those history rows of a queryset that were written by the page's day, oldest first."""
    moment = request.as_of.moment
    rows = rows.filter(history_date__lt=moment) if moment else rows
    return list(rows.order_by("history_id"))


def _asked(request: ProgrammeRequest) -> AsOf:
    typed = typed_day(request, PR)
    others = tuple(
        (name, str(value))
        for name, value in request.GET.items()
        if name not in (PR, PAGE) and value
    )
    live_url = with_query(request.path, urlencode(others))
    day, problem = read_day(typed)
    if day or not typed:
        typed = in_box(day or clock.today())
    return AsOf(None if problem else day, typed, problem, others, live_url)


def _no_such_day(request: PlanRequest, sentence: str) -> HttpResponse:
    """The date box with what is wrong, and no plan."""
    request.links = dataclasses.replace(request.links, day=None)
    context = {"as_of": dataclasses.replace(request.as_of, problem=sentence)}
    return render(request, "initiatives/no_such_day.html", context)
