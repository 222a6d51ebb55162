"""Show Søg: the initiatives, indsatser, deadlines and editions in which a text is found."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
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
from initiatives.models import Action, Deadline, Initiative
from initiatives.sources import memory
from initiatives.sources.live import BuiltPlan
from initiatives.sources.memory import live_plan
from principles.models import Programme
from reports.addresses import edition_name, edition_url
from reports.models import Edition
from reports.search.search import (
    Hit,
    Searched,
    is_name,
    search,
    searched_texts,
    titles_of,
    words_of,
)

HITS_PER_PAGE = 50
# Words by which every edition can be found, besides its name.
EDITION_WORDS = "statusopgørelsen statusopgørelser for"
# How many initiatives are named under an edition.
MAX_NAMED = 4


@dataclass(frozen=True, slots=True)
class EditionHit:
    """A locked edition. `number` says in how many initiatives the words were found and `titles` in
    which; both are "" when only its name matches."""

    name: str
    url: str
    number: str
    titles: str


@requires(Permission.VIEW_EDITIONS)
@require_safe
def search_page(request: ProgrammeRequest) -> HttpResponse:
    """Search the plan now and the locked editions; a reader searches only the published ones."""
    text = typed_text(request.GET, "tekst")
    words = words_of(text)
    sees_plan = request.user.may(Permission.VIEW_PLAN, request.programme)
    hits: list[Hit] = []
    if words and sees_plan:
        hits = search(_plan_now(request), words, _by_stem(request.programme, text))
    page = Paginator(hits, HITS_PER_PAGE).get_page(request.GET.get("side"))
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
        "number": danish.capitalise(danish.count(len(hits), "initiativ", "initiativer")),
        "editions": _editions(request, words) if words else [],
    }
    return render(request, "reports/search/search.html", context)


def _plan_now(request: ProgrammeRequest) -> BuiltPlan:
    month = request.programme.reporting_month
    return live_plan(request.programme, month=month, on=clock.today())


def _by_stem(programme: Programme, text: str) -> frozenset[str]:
    """Find the keys that PostgreSQL's Danish dictionary finds: "kontrakter" for "kontrakt". One
    query, with a part for each table, since a join would give the product of their rows. Empty on
    SQLite, which has no dictionary."""
    if connection.vendor != "postgresql":
        return frozenset()
    query = SearchQuery(text, config="danish")
    parts = [
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
    return frozenset(parts[0].union(*parts[1:]))


def _editions(request: ProgrammeRequest, words: tuple[str, ...]) -> list[EditionHit]:
    """Find the newest edition of each month in which one initiative has every word, and the
    editions whose name matches. One query, and another when not all of them are cached."""
    visible = Edition.objects.visible_to(request.user, request.programme)
    editions = list(visible.newest_first().without_document().select_related("report"))
    newest: dict[date, Edition] = {}
    for edition in editions:
        newest.setdefault(edition.report.month, edition)
    texts = _texts_of(newest.values())
    hits = []
    for edition in editions:
        titles = titles_of(texts.get(edition.pk, ()), words)
        name = edition_name(edition)
        if titles or is_name(f"{EDITION_WORDS} {name}", words):
            counted = danish.count(len(titles), "initiativ", "initiativer") if titles else ""
            url = edition_url(request, edition)
            hits.append(EditionHit(danish.capitalise(name), url, counted, _first_of(titles)))
    return hits


def _first_of(titles: list[str]) -> str:
    """Write "A", "A og B", "A, B og 4 andre"."""
    shown = titles if len(titles) <= MAX_NAMED else titles[: MAX_NAMED - 1]
    others = len(titles) - len(shown)
    return danish.listed([*shown, *([f"{danish.thousands(others)} andre"] if others else [])])


def _texts_of(editions: Iterable[Edition]) -> dict[int, tuple[Searched, ...]]:
    """What is searched of each edition, by its id. A worker reads a document once."""

    def key(edition: Edition) -> tuple[str, int, str]:
        return "searched", edition.pk, edition.sha256

    texts = {edition.pk: memory.find(key(edition)) for edition in editions}
    unread = [pk for pk, kept in texts.items() if kept is None]
    for edition in Edition.objects.filter(pk__in=unread).iterator(chunk_size=1):
        searched = searched_texts(edition.plan())
        # Much smaller than documents: what is the same in several editions is there once.
        size = 1 + len(searched) // 20
        texts[edition.pk] = memory.keep(key(edition), searched, size)
    return texts
