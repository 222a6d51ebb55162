"""Show Overblik: the page that is read before the meeting."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

import plan
from accounts.access import requires
from accounts.permissions import Permission
from core import danish
from core.danish import soft
from core.links import Links, with_query
from initiatives.date_box import in_box, past_day, typed_day
from initiatives.dated_pages import PlanRequest, dated, may_now, plan_of
from initiatives.models import Dismissal, StatusUpdate
from initiatives.sources.dismissals import dismissals, put_aside
from initiatives.sources.live import BuiltPlan, KeptDocument
from initiatives.sources.memory import plan_as_of
from plan.strips import in_each, shown_months
from plan.words import initiatives_noun
from principles.models import Programme
from reports.addresses import NOW, edition_name, edition_slug, edition_url
from reports.locked_plans import locked_plan
from reports.models import Edition
from reports.overview.charts import StatusHistory
from reports.overview.overview import make_overview
from reports.overview.page import EarlierPlan, Overview

SINCE = "siden"
NOT_EARLIER = "Vælg en dato før den {}."


@dataclass(frozen=True, slots=True)
class Since:
    """The day whose plan is compared with. `day` is None for the last edition. `typed` is the text
    in its date box, `problem` says what is wrong with it; `others` are the page's other filters,
    and `edition_url` leads to the page compared with the last edition."""

    day: date | None
    typed: str
    problem: str
    others: tuple[tuple[str, str], ...]
    edition_url: str


@requires(Permission.VIEW_EDITIONS)
@require_safe
@dated
def overview(request: PlanRequest) -> HttpResponse:
    """Show what to decide, what changed and why, and what needs attention. `siden` is a day to
    compare with instead of the last edition; `alle=1` shows every row.

    A reader is redirected to the newest published edition.
    """
    if not request.user.may(Permission.VIEW_PLAN, request.programme):
        return HttpResponseRedirect(request.links.to("reports:edition-newest"))
    since = _since(request)
    if since.day and request.GET[SINCE] != since.day.isoformat():
        query = urlencode([*since.others, (SINCE, since.day.isoformat())])
        return HttpResponseRedirect(f"{request.path}?{query}")
    shown = plan_of(request)
    history = shown.drawn(statuses_by_month, request.programme, request.as_of.moment)
    dismissed = shown.drawn(dismissals, request.programme, request.as_of.moment)
    may_edit = may_now(request, Permission.EDIT_PLAN)
    drawing = _Drawing(request.links, request.GET.get("alle") == "1", may_edit, history, dismissed)
    if since.day:
        page = _make_page(shown, replace(drawing, before=_plan_of(since.day, request)))
    else:
        edition = _edition_before(shown.document.month, request)
        earlier = _earlier_plan(edition, request) if edition else None
        locked = (edition.pk, edition.sha256) if edition else None
        page = shown.drawn(_make_page, replace(drawing, edition=locked, before=earlier))
    context = {
        "as_of": request.as_of,
        "since": since,
        "overview": page,
        "missing": _missing(shown) if may_edit else "",
    }
    return render(request, "reports/overview/overview.html", context)


@dataclass(frozen=True, slots=True)
class _Drawing:
    """What Overblik of a plan is drawn from besides the plan. The same links, length, right to edit
    and edition (its id and hash) give the same page."""

    links: Links
    everything: bool
    may_edit: bool
    history: StatusHistory = field(compare=False)
    dismissed: Mapping[str, Sequence[Dismissal]] = field(compare=False)
    edition: tuple[int, str] | None = None
    before: EarlierPlan | None = field(default=None, compare=False)


def _missing(shown: KeptDocument) -> str:
    """Write "4 initiativer mangler"; "" when all are judged for the month."""
    total = plan.count_statuses(shown.document).total
    number = total - plan.count_updated(shown.document)
    return f"{initiatives_noun(number)} mangler" if number else ""


def _make_page(shown: KeptDocument, drawing: _Drawing) -> Overview:
    return make_overview(
        shown.document,
        drawing.before,
        links=drawing.links,
        history=drawing.history,
        everything=drawing.everything,
        may_edit=drawing.may_edit,
        put_aside={
            (key, fingerprint)
            for key, rows in drawing.dismissed.items()
            for fingerprint in put_aside(rows)
        },
    )


def _since(request: PlanRequest) -> Since:
    """Read the day of `siden` in the address, which must lie before the day of the page."""
    typed = typed_day(request, SINCE)
    day, problem = past_day(request.programme, typed) if typed else (None, "")
    if day and not problem and day >= request.as_of.today:
        problem = NOT_EARLIER.format(request.as_of.words)
    parts = {name: str(value) for name, value in request.GET.items() if name != SINCE and value}
    return Since(
        day=None if problem else day,
        typed=in_box(day) if day else typed,
        problem=problem,
        others=tuple(parts.items()),
        edition_url=with_query(request.path, urlencode(parts)),
    )


def _plan_of(day: date, request: PlanRequest) -> EarlierPlan:
    """The plan of an earlier day."""
    then = plan_as_of(request.programme, day)
    links_then = replace(request.links, day=day)
    table = links_then.to("initiatives:status-table")
    return EarlierPlan(
        name=f"den {danish.day(day)}",
        document=then.document,
        column="Før",
        compare_url=_compare_url(request, day.isoformat()),
        rows_url=lambda chosen: with_query(table, chosen.query()),
        query=f"{SINCE}={day.isoformat()}",
    )


def _edition_before(month: date, request: PlanRequest) -> Edition | None:
    """Find the newest edition of an earlier month, among those that existed on the day of the
    page."""
    editions = Edition.objects.of(request.programme).without_document()
    return editions.before(month, request.as_of.moment)


def _earlier_plan(edition: Edition, request: PlanRequest) -> EarlierPlan:
    address = edition_url(request, edition)
    return EarlierPlan(
        name=soft(edition_name(edition)),
        document=locked_plan(edition).document,
        column="Sidst",
        compare_url=_compare_url(request, edition_slug(edition)),
        rows_url=lambda chosen: with_query(address, chosen.query()),
    )


def _compare_url(request: PlanRequest, before: str) -> str:
    day = request.as_of.day
    query = urlencode({"fra": before, "til": day.isoformat() if day else NOW})
    return f"{request.links.to('reports:compare')}?{query}"


def statuses_by_month(
    shown: BuiltPlan, programme: Programme, moment: datetime | None = None
) -> StatusHistory:
    """Find the newest judgement of each initiative up to each of the last twelve months of the plan
    shown, among those that stand now or stood at `moment`. One query."""
    last = shown.document.month
    months = shown_months(shown.starts_on, last)
    updates = StatusUpdate.objects
    judgements = updates.stood_at(moment) if moment else updates.judgements()
    of_programme = judgements.filter(initiative__area__principle__programme=programme)
    rows = of_programme.filter(month__lte=last).order_by("id")
    judged: dict[str, list[tuple[date, str]]] = defaultdict(list)
    for key, month, status in rows.values_list("initiative__key", "month", "status_after"):
        judged[key].append((month, status))
    return StatusHistory(months, {key: in_each(months, rows) for key, rows in judged.items()})
