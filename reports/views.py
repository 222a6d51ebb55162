"""The pages of the monthly report: the list of months, one month, and it as PDF."""

import logging
from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from core import clock, danish
from initiatives.live import build_live
from initiatives.months import next_month, previous_month
from reports import months
from reports.pdf import PdfError, PdfLibrariesMissing
from reports.render import report_pdf
from reports.report import make_report

logger = logging.getLogger(__name__)


@requires(Permission.VIEW_EDITIONS)
@require_safe
def report_list(request: ProgrammeRequest) -> HttpResponse:
    """Every month with its draft, newest first; who may not see drafts is told there is none."""
    may_see_drafts = request.user.may(Permission.VIEW_PLAN, request.programme)
    found = months.reported_months(request.programme) if may_see_drafts else []
    drafts = [
        {
            "month": danish.capitalise(danish.month(month)),
            "html_url": request.links.to("reports:report-month", month=months.slug(month)),
            "pdf_url": request.links.to("reports:report-pdf", month=months.slug(month)),
        }
        for month in found
    ]
    return render(request, "reports/report_list.html", {"drafts": drafts})


@requires(Permission.VIEW_PLAN)
@require_safe
def report_month(request: ProgrammeRequest, month: str) -> HttpResponse:
    """The draft of one month as a page."""
    try:
        found = months.find_month(month, request.programme)
    except months.NoReport as error:
        return _no_report(request, str(error))
    listed = months.reported_months(request.programme)
    document = build_live(request.programme, month=found, on=clock.today()).document
    neighbours = [
        {
            "label": f"{direction} måned: {danish.month(neighbour)}",
            "url": request.links.to("reports:report-month", month=months.slug(neighbour)),
        }
        for direction, neighbour in (
            ("Forrige", previous_month(found)),
            ("Næste", next_month(found)),
        )
        if neighbour in listed
    ]
    context = {
        "report": make_report(document),
        "neighbours": neighbours,
        "pdf_url": request.links.to("reports:report-pdf", month=months.slug(found)),
        "list_url": request.links.to("reports:report-list"),
    }
    return render(request, "reports/report.html", context)


@requires(Permission.VIEW_PLAN)
@require_safe
def report_month_pdf(request: ProgrammeRequest, month: str) -> HttpResponse:
    """The draft of one month as PDF; 503 and a Danish page when it could not be made."""
    try:
        found = months.find_month(month, request.programme)
    except months.NoReport as error:
        return _no_report(request, str(error))
    document = build_live(request.programme, month=found, on=clock.today()).document
    try:
        content = report_pdf(document)
    except PdfError as error:
        logger.error("No PDF for %s: %s", months.slug(found), error)
        context = {
            "libraries_missing": isinstance(error, PdfLibrariesMissing),
            "html_url": request.links.to("reports:report-month", month=months.slug(found)),
            "pdf_url": request.get_full_path(),
            "list_url": request.links.to("reports:report-list"),
        }
        return render(request, "reports/no_pdf.html", context, status=503)
    response = HttpResponse(content, content_type="application/pdf")
    name = months.file_name(found, "pdf")
    # Both names: `filename*` is read by every browser, `filename` by those that lack it.
    disposition = content_disposition_header(as_attachment=False, filename=name)
    response["Content-Disposition"] = f"{disposition}; filename*=utf-8''{quote(name)}"
    response["Cache-Control"] = "private"
    return response


def _no_report(request: ProgrammeRequest, sentence: str) -> HttpResponse:
    context = {"sentence": sentence, "list_url": request.links.to("reports:report-list")}
    return render(request, "reports/no_report.html", context, status=404)
