"""Søg: initiatives, indsatser, deadlines and editions that a text is found in."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.core.paginator import Paginator
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from core import clock, danish
from core.texts import typed_text
from initiatives.live import build_live
from initiatives.models import Action, Deadline, Initiative
from initiatives.plan import PlanDocument
from principles.models import Programme
from reports.edition_views import page_of
from reports.freezing import edition_name
from reports.models import Edition
from reports.search import Hit, search, words_of

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class EditionHit:
    """A locked edition in which every word is found."""

    name: str
    url: str
    number: str


@requires(Permission.VIEW_EDITIONS)
@require_safe
def search_page(request: ProgrammeRequest) -> HttpResponse:
    """The plan now, and the locked editions; a reader searches the published ones alone."""
    text = typed_text(request.GET, "tekst")
    words = words_of(text)
    sees_plan = request.user.may(Permission.VIEW_PLAN, request.programme)
    hits: list[Hit] = []
    if words and sees_plan:
        hits = search(_plan_now(request), words, _by_stem(request.programme, text))
    page = Paginator(hits, PAGE_SIZE).get_page(request.GET.get("side"))
    context = {
        "text": text,
        "searched": bool(words),
        "sees_plan": sees_plan,
        "page": page,
        "query": urlencode({"tekst": text}),
        "hits": [
            (hit, request.links.to("initiatives:initiative-detail", key=hit.key))
            for hit in page.object_list
        ],
        "found": danish.capitalise(danish.count(len(hits), "initiativ", "initiativer")),
        "editions": _editions(request, words) if words else [],
    }
    return render(request, "reports/search.html", context)


def _plan_now(request: ProgrammeRequest) -> PlanDocument:
    month = request.programme.reporting_month
    return build_live(request.programme, month=month, on=clock.today()).document


def _by_stem(programme: Programme, text: str) -> frozenset[str]:
    """Keys that PostgreSQL's Danish dictionary finds: "kontrakter" for "kontrakt". One query, of a
    part for each table, for joined they are each other's product; none on SQLite, which knows no
    words."""
    if connection.vendor != "postgresql":
        return frozenset()
    query = SearchQuery(text, config="danish")
    found = [
        model.objects.of(programme)
        .live()
        .order_by()
        .annotate(words=SearchVector(*texts, config="danish"))
        .filter(words=query)
        .values_list(key, flat=True)
        for model, texts, key in (
            (Initiative, ("title", "ask", "report_text"), "key"),
            (Action, ("title",), "initiative__key"),
            (Deadline, ("wording",), "initiative__key"),
        )
    ]
    return frozenset(found[0].union(*found[1:]))


def _editions(request: ProgrammeRequest, words: tuple[str, ...]) -> list[EditionHit]:
    """The newest edition of each month in which every word stands in one initiative."""
    visible = Edition.objects.visible_to(request.user, request.programme)
    found, months = [], set()
    for edition in visible.newest_first().select_related("report"):
        if edition.report.month in months:
            continue
        months.add(edition.report.month)
        if hits := search(edition.plan(), words):
            number = danish.count(len(hits), "initiativ", "initiativer")
            name = danish.capitalise(edition_name(edition))
            found.append(EditionHit(name, page_of(request, edition), number))
    return found
