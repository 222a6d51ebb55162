"""Overblik: the page that is read before the meeting."""

from collections import defaultdict
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from initiatives.dated_pages import PlanRequest, dated, plan_of
from initiatives.models import StatusUpdate
from initiatives.months import previous_month
from initiatives.plan import PlanDocument
from initiatives.status import NOT_REPORTED
from principles.models import Programme
from reports.compare_views import NOW
from reports.edition_views import edition_slug
from reports.freezing import edition_name
from reports.models import Edition
from reports.overview import make_overview
from reports.overview_charts import History
from reports.report import Earlier, soft

MONTHS = 12


@requires(Permission.VIEW_EDITIONS)
@require_safe
@dated
def overview(request: PlanRequest) -> HttpResponse:
    """What to decide, what moved and why, whether green is green. `alle=1` cuts no list.

    A reader is sent to the newest published edition.
    """
    if not request.user.may(Permission.VIEW_PLAN, request.programme):
        return HttpResponseRedirect(request.links.to("reports:edition-newest"))
    programme, moment = request.programme, request.as_of.moment
    document = plan_of(request).document
    edition = _edition_before(programme, document.month, moment)
    # The comparison knows editions and the plan of today.
    compare_url = _compare_url(request, edition) if edition and not moment else ""
    context = {
        "as_of": request.as_of,
        "overview": make_overview(
            document,
            _earlier(edition_name(edition), edition.document) if edition else None,
            links=request.links,
            history=statuses_by_month(programme, document.month, moment),
            compare_url=compare_url,
            everything=request.GET.get("alle") == "1",
        ),
    }
    return render(request, "reports/overview.html", context)


def _edition_before(programme: Programme, month: date, moment: datetime | None) -> Edition | None:
    """The newest edition of a month before `month`, of those there were at `moment`."""
    own = Edition.objects.of(programme).filter(report__month__lt=month)
    if moment is not None:
        own = own.filter(frozen_at__lt=moment)
    found: Edition | None = own.select_related("report").newest_first().first()
    return found


@lru_cache(maxsize=2)
def _earlier(name: str, document: str) -> Earlier:
    """A locked document never changes, and reading it takes most of a large page's time: kept."""
    return Earlier(soft(name), PlanDocument.from_json(document))


def _compare_url(request: ProgrammeRequest, edition: Edition) -> str:
    query = urlencode({"fra": edition_slug(edition), "til": NOW})
    return f"{request.links.to('reports:compare')}?{query}"


def statuses_by_month(programme: Programme, last: date, moment: datetime | None = None) -> History:
    """The newest judgement of each initiative up to each of twelve months, as they stand now or
    stood at `moment`. One query."""
    months = [last]
    while len(months) < MONTHS:
        months.insert(0, previous_month(months[0]))
    judgements = StatusUpdate.objects.judgements()
    if moment is not None:
        judgements = StatusUpdate.objects.stood_at(moment)
    rows = (
        judgements.filter(initiative__area__principle__programme=programme, month__lte=last)
        .order_by("id")
        .values_list("initiative__key", "month", "status_after")
    )
    judged: dict[str, list[tuple[date, str]]] = defaultdict(list)
    for key, month, status in rows:
        judged[key].append((month, status))
    statuses = {
        key: tuple(
            next((status for own, status in reversed(found) if own <= month), NOT_REPORTED)
            for month in months
        )
        for key, found in judged.items()
    }
    return History(tuple(months), statuses)
