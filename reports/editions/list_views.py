"""Show the archive: one row for each month, with its newest edition."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from core import clock, danish
from core.months import slug
from initiatives.sources.live import BuiltPlan, KeptDocument
from initiatives.sources.memory import live_plan
from reports import months
from reports.addresses import NOW, edition_slug, edition_url, state_words
from reports.comparison.diff import diff
from reports.editions import files
from reports.editions.responses import download
from reports.locked_plans import locked_plan
from reports.models import Edition, EditionFile


@dataclass(frozen=True, slots=True)
class Draft:
    """The plan of a month that can still be locked. `differs` is how far it is from the newest
    edition ("3 rettelser siden udgave 1"), with the address that shows it; "" where there is no
    edition. `lock` ("Lås udgave 2") has no address for those who may not lock."""

    url: str
    lock: str
    lock_url: str
    differs: str = ""
    differs_url: str = ""


@dataclass(frozen=True, slots=True)
class Earlier:
    """An edition that a newer one of its month has replaced. `state` goes on behind its name."""

    name: str
    url: str
    state: str


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month: its newest edition and the draft beside it, or the draft alone. `about` names the
    row in the text of its links."""

    name: str
    about: str
    month: str
    url: str
    state: str
    correction: str
    downloads: Sequence[dict[str, str]]
    draft: Draft | None
    earlier: tuple[Earlier, ...]


@requires(Permission.VIEW_EDITIONS)
@require_safe
def report_list(request: ProgrammeRequest) -> HttpResponse:
    """Show the months, newest first. A visitor who may not see the plan sees only the published
    editions."""
    visible = Edition.objects.visible_to(request.user, request.programme).without_document()
    files_without_content = Prefetch("files", EditionFile.objects.defer("content"))
    editions = visible.select_related("report").prefetch_related(files_without_content)
    by_month = {
        month: list(group)
        for month, group in groupby(editions.newest_first(), lambda edition: edition.report.month)
    }
    programme = request.programme
    sees_plan = request.user.may(Permission.VIEW_PLAN, programme)
    live, listed = None, set(by_month)
    if sees_plan:
        live = live_plan(programme, month=programme.reporting_month, on=clock.today())
        listed |= set(months.reported_months(programme))
    rows = [
        _row(request, month, by_month.get(month, ()), live)
        for month in sorted(listed, reverse=True)
    ]
    context = {
        "rows": rows,
        "compare_url": request.links.to("reports:compare") if rows else "",
        "compare_words": f"Sammenlign {'udgaver eller dage' if sees_plan else 'to udgaver'}",
    }
    return render(request, "reports/editions/report_list.html", context)


def _row(
    request: ProgrammeRequest, month: date, editions: Sequence[Edition], live: BuiltPlan | None
) -> MonthRow:
    """Make the row of a month with these editions, the newest first. `live` is the plan of the
    month that is reported; None for a visitor who may not see it."""
    words = danish.month(month)
    if live and not editions:
        draft = Draft(_month_url(request, "report-month", month), *_lock(request, month, 1))
        return MonthRow(
            name=f"{danish.capitalise(words)}, kladde",
            about=f"kladden for {words}",
            month=words,
            url=draft.url,
            state="Kan stadig ændre sig.",
            correction="",
            downloads=_draft_downloads(request, month, live),
            draft=draft,
            earlier=(),
        )
    newest, *earlier = editions
    return MonthRow(
        name=f"{danish.capitalise(words)}, udgave {newest.number}",
        about=f"statusopgørelsen for {words}, udgave {newest.number}",
        month=words,
        url=edition_url(request, newest),
        state=state_words(newest, by=bool(live)),
        correction=newest.correction,
        downloads=_edition_downloads(request, newest),
        draft=_next_draft(request, newest, live) if live else None,
        earlier=tuple(_earlier(request, edition, by=bool(live)) for edition in earlier),
    )


def _earlier(request: ProgrammeRequest, edition: Edition, *, by: bool) -> Earlier:
    name = f"Udgave {edition.number}"
    state = state_words(edition, by=by).removeprefix(name)
    return Earlier(name, edition_url(request, edition), state)


@dataclass(frozen=True, slots=True)
class _Since:
    """An edition to count changes from. It is the same with the same id and hash."""

    edition: int
    sha256: str
    locked: KeptDocument = field(compare=False)


def _next_draft(request: ProgrammeRequest, newest: Edition, live: BuiltPlan) -> Draft | None:
    """Make the draft beside the month's newest edition; None when the two say the same, or the
    month is over: it is corrected from its newest edition."""
    month = newest.report.month
    if month != request.programme.reporting_month:
        return None
    number = live.drawn(_count_changes, _Since(newest.pk, newest.sha256, locked_plan(newest)))
    if not number:
        return None
    corrections = danish.count(number, "rettelse", "rettelser")
    return Draft(
        _month_url(request, "report-month", month),
        *_lock(request, month, newest.number + 1),
        f"{corrections} siden udgave {newest.number}",
        f"{request.links.to('reports:compare')}?fra={edition_slug(newest)}&til={NOW}",
    )


def _count_changes(live: KeptDocument, since: _Since) -> int:
    """Count the changes that somebody can see."""
    changes = diff(since.locked.document, live.document).changes
    return sum(not change.is_silent for change in changes)


def _lock(request: ProgrammeRequest, month: date, number: int) -> tuple[str, str]:
    """Make the link that locks the month as edition `number`: its words and its address."""
    may_freeze = request.user.may(Permission.FREEZE_EDITIONS, request.programme)
    url = _month_url(request, "edition-freeze", month) if may_freeze else ""
    return f"Lås udgave {number}", url


def _draft_downloads(
    request: ProgrammeRequest, month: date, live: BuiltPlan
) -> list[dict[str, str]]:
    """Link to the draft in the first format that a draft of its size has."""
    kind = files.draft_formats(files.count_rows(live.document))[0]
    url = request.links.to("reports:report-file", month=slug(month), file_format=kind.key)
    return [{"label": kind.label, "url": url}]


def _edition_downloads(request: ProgrammeRequest, edition: Edition) -> list[dict[str, str]]:
    by_format: dict[str, Any] = {file.format: file for file in edition.files.all()}
    return [
        download(request, edition, by_format[kind.key], kind.label)
        for kind in files.FORMATS
        if kind.key in by_format
    ]


def _month_url(request: ProgrammeRequest, name: str, month: date) -> str:
    return request.links.to(f"reports:{name}", month=slug(month))
