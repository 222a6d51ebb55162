"""Show Overblik: the page that is read before the meeting."""

import dataclasses
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.permissions import Permission
from core import danish
from core.danish import soft
from core.links import with_query
from core.state_at import end_of
from initiatives.date_box import in_box, past_day, typed_day
from initiatives.dated_pages import PlanRequest, dated, plan_of
from initiatives.models import StatusUpdate
from initiatives.sources.as_of import plans_as_of
from initiatives.sources.live import BuiltPlan
from plan.document import PlanDocument
from plan.strips import in_each, shown_months
from principles.models import Programme
from reports.addresses import NOW, edition_name, edition_slug, edition_url
from reports.models import Edition
from reports.overview.charts import StatusHistory
from reports.overview.overview import make_overview
from reports.overview.page import EarlierPlan

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
    before: EarlierPlan | None
    if since.day:
        shown, before = _plans_now_and_on(since.day, request)
    else:
        shown = plan_of(request)
        before = _edition_before(shown.document.month, request)
    context = {
        "as_of": request.as_of,
        "since": since,
        "overview": make_overview(
            shown.document,
            before,
            links=request.links,
            history=statuses_by_month(request.programme, shown, request.as_of.moment),
            everything=request.GET.get("alle") == "1",
        ),
    }
    return render(request, "reports/overview/overview.html", context)


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


def _plans_now_and_on(day: date, request: PlanRequest) -> tuple[BuiltPlan, EarlierPlan]:
    """Read the plan of the page and that of an earlier day. Both come from history, which reads two
    moments in the queries of one."""
    moments = [end_of(day), end_of(request.as_of.today)]
    then, shown = plans_as_of(request.programme, moments)
    links_then = dataclasses.replace(request.links, day=day)
    table = links_then.to("initiatives:status-table")
    before = EarlierPlan(
        name=f"den {danish.day(day)}",
        document=then.document,
        column="Før",
        compare_url=_compare_url(request, day.isoformat()),
        rows_url=lambda chosen: with_query(table, chosen.query()),
        query=f"{SINCE}={day.isoformat()}",
    )
    return shown, before


def _edition_before(month: date, request: PlanRequest) -> EarlierPlan | None:
    """Find the newest edition of an earlier month, among those that existed on the day of the
    page."""
    edition = Edition.objects.of(request.programme).before(month, request.as_of.moment)
    if edition is None:
        return None
    address = edition_url(request, edition)
    return EarlierPlan(
        name=soft(edition_name(edition)),
        document=_document(edition.intact_document()),
        column="Sidst",
        compare_url=_compare_url(request, edition_slug(edition)),
        rows_url=lambda chosen: with_query(address, chosen.query()),
    )


@lru_cache(maxsize=2)
def _document(content: str) -> PlanDocument:
    """Read a locked document. It is cached, because it never changes and reading it takes most of a
    large page's time."""
    return PlanDocument.from_json(content)


def _compare_url(request: PlanRequest, before: str) -> str:
    day = request.as_of.day
    query = urlencode({"fra": before, "til": day.isoformat() if day else NOW})
    return f"{request.links.to('reports:compare')}?{query}"


def statuses_by_month(
    programme: Programme, shown: BuiltPlan, moment: datetime | None = None
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
