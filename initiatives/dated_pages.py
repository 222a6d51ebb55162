"""Show the plan's pages as of another day, `?pr=2026-02-26`.

A view under `dated` asks `plan_of` for its plan and `request.as_of` for its day, and does not know
which source the plan came from. `may_now` says what may be done on the page: on the page of
another day, nothing but reading.
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
from initiatives.sources.as_of import NothingKnownYet, earliest, reporting_month
from initiatives.sources.live import BuiltPlan
from initiatives.sources.memory import live_plan, plan_as_of

Parameters = ParamSpec("Parameters")

NOT_IN_PLAN = "Det, siden handler om, var ikke i planen den {}. Vælg en anden dato."
# The parameter for a page of rows. The links to another day leave it out.
PAGE = "side"


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day whose plan a page shows. `day` is None for the plan as it stands now.

    `typed` is the text in the date box, `problem` a sentence about what is wrong with it;
    `others` are the page's other filters, `live_url` leads to the same page of today.
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
        """Whether the day has ended. The plan of today may still change."""
        return self.day is not None and self.day < clock.today()

    @property
    def words(self) -> str:
        """The day in Danish: "26. februar 2026"."""
        return danish.day(self.today)

    def query(self, others: str) -> str:
        """Make the query of an address from the page's other filters (encoded) and this day."""
        this_day = f"{PR}={self.day.isoformat()}" if self.day else ""
        return "&".join(part for part in (others, this_day) if part)


class PlanRequest(ProgrammeRequest):
    """A request to a page that can show the plan of another day."""

    as_of: AsOf


class NotInPlan(Exception):
    """What the page is about was not in the plan on the day."""


def dated(
    view: Callable[Concatenate[PlanRequest, Parameters], HttpResponse], *, rows: Any = None
) -> View[Parameters]:
    """Let the view show the plan of another day; the links of its page then keep that day.

    A day that can't be shown gives the date box with a sentence. A visitor who may not see the
    plan is left to the view. `rows` is the model of the row that the page is about, if any.
    """

    @wraps(view)
    def guarded(
        request: ProgrammeRequest, /, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> HttpResponse:
        plan_request = cast("PlanRequest", request)
        as_of = plan_request.as_of = _read_as_of(request)
        if not request.user.may(Permission.VIEW_PLAN, request.programme):
            return view(plan_request, *args, **kwargs)

        def no_such_day(problem: str) -> HttpResponse:
            if rows:
                get_object_or_404(rows.objects.of(request.programme), **kwargs)
            return _no_such_day(plan_request, problem)

        if as_of.problem:
            return no_such_day(as_of.problem)
        day = as_of.day
        if day is None:
            return view(plan_request, *args, **kwargs)
        if request.GET.get(PR) != day.isoformat():
            query = as_of.query(urlencode(as_of.others))
            return HttpResponseRedirect(f"{request.path}?{query}")
        request.links = dataclasses.replace(request.links, day=day)
        try:
            return view(plan_request, *args, **kwargs)
        except NothingKnownYet as unknown:
            return no_such_day(TOO_EARLY.format(danish.day(unknown.first_day)))
        except NotInPlan:
            return no_such_day(NOT_IN_PLAN.format(danish.day(day)))

    # Links look for this mark on the views; the decorators around this one copy it.
    setattr(guarded, CAN_SHOW_OTHER_DAYS, True)
    return cast("View[Parameters]", guarded)


def dated_row(
    rows: type[Model],
) -> Callable[[Callable[[PlanRequest, str], HttpResponse]], View[[str]]]:
    """Do what `dated` does, for a page about one row. A key that no row ever had gives 404, even
    when the day can't be shown."""
    return lambda view: dated(view, rows=rows)


def may_now(request: PlanRequest, permission: Permission) -> bool:
    """Whether the visitor may do on the page what requires `permission`. Nobody may do more than
    read on the page of another day."""
    return request.as_of.is_now and request.user.may(permission, request.programme)


def refresh_url(request: PlanRequest) -> str:
    """Return the address that shows the page again after something was saved; "" on the page of
    another day, where nothing is saved."""
    return request.get_full_path() if request.as_of.is_now else ""


def month_of(request: PlanRequest) -> date:
    """Return the month that is or was reported on the page's day. Takes one query on the page of
    another day."""
    moment = request.as_of.moment
    if moment is None:
        return request.programme.reporting_month
    return reporting_month(request.programme, moment)


def plan_of(request: PlanRequest, *, month: date | None = None) -> BuiltPlan:
    """Return the plan of the page's day, for `month` or else for the month reported then."""
    programme, day = request.programme, request.as_of.day
    if day is None:
        month = month or programme.reporting_month
        return live_plan(programme, month=month, on=request.as_of.today)
    past_plan = plan_as_of(programme, day, month=month)
    if not any(past_plan.document.initiatives()):
        # A plan that nobody had written down yet is not a plan without initiatives.
        first = earliest(programme)
        if request.as_of.today < first:
            raise NothingKnownYet(first)
    return past_plan


def refuse_other_days(request: PlanRequest) -> None:
    """Raise NotInPlan on the page of another day. Call it for what is archived: it has a page of
    today only."""
    if not request.as_of.is_now:
        raise NotInPlan


def history_up_to_day(request: PlanRequest, rows: Any) -> list[Any]:
    """Read the history rows of a queryset that were written by the end of the page's day, oldest
    first."""
    moment = request.as_of.moment
    rows = rows.filter(history_date__lt=moment) if moment else rows
    return list(rows.order_by("history_id"))


def _read_as_of(request: ProgrammeRequest) -> AsOf:
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
    """Show the date box with what is wrong, and no plan."""
    request.links = dataclasses.replace(request.links, day=None)
    context = {"as_of": dataclasses.replace(request.as_of, problem=sentence)}
    return render(request, "initiatives/no_such_day.html", context)
