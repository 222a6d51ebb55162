"""The plan's pages as of another day, `?pr=2026-02-26`: which day, its document, and no such day.

A view under `dated` asks `plan_of` for its document and `request.as_of` for its day; nothing on
its page may be edited then.
"""

import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.db.models import Model
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render

import plan
from accounts.access import ProgrammeRequest, View
from accounts.permissions import Permission
from core import clock, danish
from core.links import PR, with_query
from core.state_at import end_of
from core.texts import BAD_DATE, typed_text
from initiatives.sources.as_of import NothingKnownYet, earliest, plans_as_of, reporting_month
from initiatives.sources.live import LivePlan, build_live
from principles.models import Programme

Parameters = ParamSpec("Parameters")

IN_THE_FUTURE = "Datoen ligger i fremtiden. Vælg en dato til og med i dag."
TOO_EARLY = "Planen har ingen oplysninger før den {}. Vælg en senere dato."
NOT_IN_PLAN = "Det, siden handler om, var ikke i planen den {}. Vælg en anden dato."
# The page of another day begins with the first page of its rows.
PAGE = "side"
# A date box takes no more.
MOST_LETTERS = 20


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day a page shows the plan of: None for the plan as it stands now.

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
    def moment(self) -> datetime | None:
        """The end of the day."""
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
        """The page's query for its other filters (encoded) and this day."""
        own = f"{PR}={self.day.isoformat()}" if self.day else ""
        return "&".join(part for part in (others, own) if part)


class PlanRequest(ProgrammeRequest):
    """A request to a page that can show the plan of another day."""

    as_of: AsOf


class NotInPlan(Exception):
    """What the page is about was not in the plan on the day."""


def dated(
    view: Callable[Concatenate[PlanRequest, Parameters], HttpResponse], *, rows: Any = None
) -> View[Parameters]:
    """The view may be asked for the plan of another day; its links then stay with that day.

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

    return cast("View[Parameters]", guarded)


def dated_row(
    rows: type[Model],
) -> Callable[[Callable[[PlanRequest, str], HttpResponse]], View[[str]]]:
    """`dated` for the page of one of `rows`, by its key: one that never was is not there on any
    day, whether or not the day can be shown."""
    return lambda view: dated(view, rows=rows)


def month_of(request: PlanRequest) -> date:
    """The month that is or was reported on the page's day. One query, of another day."""
    moment = request.as_of.moment
    if moment is None:
        return request.programme.reporting_month
    return reporting_month(request.programme, moment)


def plan_of(request: PlanRequest, among: Any = None, *, month: date | None = None) -> LivePlan:
    """The plan of the page's day, for `month` or else for the month reported then. `among` narrows
    that of today as `build_live` does; that of another day is whole.
    """
    programme, moment = request.programme, request.as_of.moment
    if moment is None:
        month = month or programme.reporting_month
        return build_live(programme, month=month, on=request.as_of.today, among=among)
    (found,) = plans_as_of(programme, [moment], months=[month] if month else None)
    if not any(found.document.initiatives()):
        # Empty because nobody had written it down yet is not a plan without initiatives.
        first = earliest(programme)
        if request.as_of.today < first:
            raise NothingKnownYet(first)
    return found


def find_area(document: plan.PlanDocument, key: str) -> tuple[plan.Principle, plan.Area]:
    """The area of this key, under its principle. NotInPlan when it is not there."""
    for principle in document.principles:
        for area in principle.areas:
            if area.key == key:
                return principle, area
    raise NotInPlan


def find_initiative(
    document: plan.PlanDocument, key: str
) -> tuple[plan.Principle, plan.Area, plan.Initiative]:
    """The initiative of this key, under its principle and area. NotInPlan when it is not there."""
    for principle in document.principles:
        for area in principle.areas:
            for item in area.initiatives:
                if item.key == key:
                    return principle, area, item
    raise NotInPlan


def happened(request: PlanRequest, rows: Any) -> list[Any]:
    """Of a queryset of history rows those written by the page's day, oldest first."""
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


def typed_day(request: ProgrammeRequest, name: str) -> str:
    """What stands in a date box of the address."""
    return typed_text(request.GET, name)[:MOST_LETTERS]


def read_day(typed: str) -> tuple[date | None, str]:
    """The day that was typed, and the sentence about what is wrong with it. Nothing is no day."""
    day = find_day(typed)
    if typed and day is None:
        return None, BAD_DATE
    return day, IN_THE_FUTURE if day and day > clock.today() else ""


def past_day(programme: Programme, typed: str) -> tuple[date | None, str]:
    """`read_day`, where a day before all that is known of the programme is wrong too. One query."""
    day, problem = read_day(typed)
    if day and not problem and day < (first := earliest(programme)):
        problem = TOO_EARLY.format(danish.day(first))
    return day, problem


def find_day(typed: str) -> date | None:
    """A day as an address or a person writes it: 2026-02-26, 26-02-2026, 26.2.2026."""
    if found := re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", typed):
        year, month, day = map(int, found.groups())
    elif found := re.fullmatch(r"([0-9]{1,2})[-./] ?([0-9]{1,2})[-./] ?([0-9]{4})", typed):
        day, month, year = map(int, found.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def in_box(day: date) -> str:
    """ "26-02-2026", as the date boxes have it."""
    return f"{day.day:02}-{day.month:02}-{day.year:04}"


def _no_such_day(request: PlanRequest, sentence: str) -> HttpResponse:
    """The date box with what is wrong, and no plan."""
    request.links = dataclasses.replace(request.links, day=None)
    context = {"as_of": dataclasses.replace(request.as_of, problem=sentence)}
    return render(request, "initiatives/no_such_day.html", context)
