"""Show the draft of a month, as a page and as a file."""

import logging
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from core import danish, demo
from core.etags import answer_unless_known, make_tag
from core.months import next_month, previous_month, slug
from core.texts import typed_text
from initiatives.dated_pages import PlanRequest, dated, month_of, plan_of
from initiatives.sources.live import KeptDocument
from plan.words import initiatives_noun
from reports import months
from reports.addresses import colours_url, edition_name, no_report
from reports.editions import files
from reports.editions.chosen_rows import chosen_rows
from reports.editions.responses import file_response
from reports.formats.pdf import PATIENCE, PdfError, PdfLibrariesMissing, PdfTookTooLong
from reports.locked_plans import locked_plan
from reports.models import Edition
from reports.report.parts import Earlier, Report
from reports.report.report import make_report

logger = logging.getLogger(__name__)

# Seconds after which it makes sense to ask for a PDF again.
RETRY_AFTER = "30"


def _downloads(request: ProgrammeRequest, month: date, rows: int) -> list[dict[str, str]]:
    """Make links to the files of a draft with `rows` initiatives, the PDF first."""
    return [
        {"label": kind.label, "url": _link(request, "report-file", month, file_format=kind.key)}
        for kind in files.draft_formats(rows)
    ]


def _link(request: ProgrammeRequest, name: str, month: date, **kwargs: str) -> str:
    return request.links.to(f"reports:{name}", month=slug(month), **kwargs)


@requires(Permission.VIEW_PLAN)
@require_safe
@dated
def report_month(request: PlanRequest, month: str) -> HttpResponse:
    """Show the draft of one month as a page; `status` lists the rows behind a number."""
    programme, as_of, newest = request.programme, request.as_of, month_of(request)
    try:
        first_day = months.find_month(month, programme, newest=newest, day=as_of.day)
    except months.NoReport as error:
        return no_report(request, str(error))
    listed = months.reported_months(programme, newest=newest, moment=as_of.moment)
    neighbours = [
        {
            "label": f"{direction} måned: {danish.month(neighbour)}",
            "url": _link(request, "report-month", neighbour),
        }
        for direction, neighbour in (
            ("Forrige", previous_month(first_day)),
            ("Næste", next_month(first_day)),
        )
        if neighbour in listed
    ]
    may_freeze = not as_of.day and request.user.may(Permission.FREEZE_EDITIONS, programme)
    shown = plan_of(request, month=first_day)
    report = shown.drawn(_make_report, _drawing(request, _edition_before(request, first_day)))
    context = {
        "as_of": as_of,
        "report": report,
        "colours_url": colours_url(request, report),
        "chosen": chosen_rows(shown.document, typed_text(request.GET, "status")),
        "whole_url": _link(request, "report-month", first_day),
        "freeze_url": _link(request, "edition-freeze", first_day) if may_freeze else "",
        "neighbours": neighbours,
        "downloads": _downloads(request, first_day, files.count_rows(shown.document)),
        "list_url": request.links.to("reports:report-list"),
    }
    return render(request, "reports/editions/report.html", context)


@requires(Permission.VIEW_PLAN)
@require_safe
@dated
def report_month_file(request: PlanRequest, month: str, file_format: str) -> HttpResponse:
    """Return the draft of one month as a file. Answers with a Danish page and 404 when it is too
    large for the format, and 503 when the PDF could not be made."""
    kind, day = files.DRAFT_FORMATS.get(file_format), request.as_of.day
    if kind is None:
        raise Http404
    try:
        first_day = months.find_month(month, request.programme, newest=month_of(request), day=day)
    except months.NoReport as error:
        return no_report(request, str(error))
    before = _edition_before(request, first_day)
    tag = _tag(request, first_day, before, kind)
    return answer_unless_known(request, tag, lambda: _draft_file(request, first_day, before, kind))


def _tag(request: PlanRequest, month: date, before: Edition | None, kind: files.Format) -> str:
    """Make the ETag of a draft's file from all that its bytes depend on, without the plan itself;
    "" when the plan has no revision."""
    programme, as_of = request.programme, request.as_of
    revision = getattr(programme, "revision", None)
    if not revision:
        return ""
    edition = (before.pk, before.sha256) if before else None
    of_plan = programme.pk, revision, month, as_of.day, as_of.today, as_of.is_over
    return make_tag(kind.key, demo.banner(), of_plan, edition)


def _draft_file(
    request: PlanRequest, first_day: date, before: Edition | None, kind: files.Format
) -> HttpResponse:
    """Make the answer with the file, or the page that says why there is none."""
    shown, day = plan_of(request, month=first_day), request.as_of.day
    rows = files.count_rows(shown.document)
    if kind not in files.draft_formats(rows):
        context = {
            "label": kind.label,
            "initiatives": initiatives_noun(rows),
            "most": files.MAX_ROWS_TYPESET,
            "downloads": _downloads(request, first_day, rows),
            "html_url": _link(request, "report-month", first_day),
        }
        return render(request, "reports/editions/large_draft.html", context, status=404)
    try:
        drawing = _drawing(request, before)
        # The files of a large plan would fill the memory that its pages are kept in.
        is_small = rows <= files.MAX_ROWS_TYPESET
        make = partial(shown.drawn, _make_file) if is_small else partial(_make_file, shown)
        content = make(drawing, kind)
    except PdfError as error:
        logger.error("No PDF for %s: %s", slug(first_day), error)
        context = {
            "libraries_missing": isinstance(error, PdfLibrariesMissing),
            "is_busy": isinstance(error, PdfTookTooLong),
            "html_url": _link(request, "report-month", first_day),
            "pdf_url": request.get_full_path(),
            "list_url": request.links.to("reports:report-list"),
        }
        page = render(request, "reports/editions/no_pdf.html", context, status=503)
        page["Retry-After"] = RETRY_AFTER
        return page
    name = months.file_name(first_day, kind.key, f"pr. {day}" if day else "kladde")
    return file_response(content, kind.media_type, name)


@dataclass(frozen=True, slots=True)
class _Drawing:
    """What a draft is drawn from besides the plan. With the same edition before it (its id and
    hash) it is the same, while its day lasts and when it is over."""

    edition: tuple[int, str] | None
    is_over: bool
    earlier: Earlier | None = field(compare=False)


def _edition_before(request: PlanRequest, month: date) -> Edition | None:
    """Find what the draft of the page's day is compared with: the newest edition of an earlier
    month that was locked by then."""
    editions = Edition.objects.of(request.programme).without_document()
    return editions.before(month, request.as_of.moment)


def _drawing(request: PlanRequest, before: Edition | None) -> _Drawing:
    is_over = request.as_of.is_over
    if before is None:
        return _Drawing(None, is_over, None)
    earlier = Earlier(edition_name(before), locked_plan(before).document)
    return _Drawing((before.pk, before.sha256), is_over, earlier)


def _make_report(shown: KeptDocument, drawing: _Drawing) -> Report:
    return make_report(shown.document, earlier=drawing.earlier, as_of=drawing.is_over)


def _make_file(shown: KeptDocument, drawing: _Drawing, kind: files.Format) -> bytes:
    report = shown.drawn(_make_report, drawing)
    return kind.make(files.Source(shown.document, report, patience=PATIENCE))
