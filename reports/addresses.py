"""The names, states and addresses of editions."""

from django.http import HttpResponse
from django.shortcuts import render

from accounts.access import ProgrammeRequest
from accounts.permissions import Permission
from core import danish
from core.links import with_query
from core.months import slug
from reports.models import Edition
from reports.report.colours import to_query
from reports.report.parts import Report

NOW = "nu"


def state_words(edition: Edition, *, by: bool = False) -> str:
    """Write "Udgave 1, låst den …", with its approval and publication; `by` names who did each."""

    def named(words: str, name: str) -> str:
        return f"{words} af {danish.unbroken(name)}" if by and name else words

    locked = f"Udgave {edition.number}, låst den {danish.moment_day(edition.frozen_at)}"
    words = [named(locked, edition.frozen_by_name)]
    if edition.approved_at_meeting_on:
        approved = f"godkendt på mødet den {danish.day(edition.approved_at_meeting_on)}"
        by_whom = danish.unbroken(edition.approved_by_name) if by else ""
        words.append(f"{approved} (registreret af {by_whom})" if by_whom else approved)
    if edition.published_at:
        published = f"offentliggjort den {danish.moment_day(edition.published_at)}"
        words.append(named(published, edition.published_by_name))
    return f"{', '.join(words)}."


def compare_url(request: ProgrammeRequest, edition: Edition) -> str:
    """Return the address of the comparison with the edition before; "" without one, or when the
    visitor may not see that one."""
    before = edition.compared_with
    sees_plan = request.user.may(Permission.VIEW_PLAN, request.programme)
    if before is None or not (sees_plan or before.published_at):
        return ""
    page = request.links.to("reports:compare")
    return f"{page}?fra={edition_slug(before)}&til={edition_slug(edition)}"


def edition_slug(edition: Edition) -> str:
    """Write "2026-02-udgave-1", as the comparison's address names the edition."""
    return f"{slug(edition.report.month)}-udgave-{edition.number}"


def no_report(request: ProgrammeRequest, sentence: str) -> HttpResponse:
    """Answer 404 with the reason."""
    context = {"sentence": sentence, "list_url": request.links.to("reports:report-list")}
    return render(request, "reports/editions/no_report.html", context, status=404)


def edition_url(request: ProgrammeRequest, edition: Edition) -> str:
    """Return the address of the edition."""
    month = slug(edition.report.month)
    return request.links.to("reports:edition-detail", month=month, number=edition.number)


def edition_name(edition: Edition) -> str:
    """Write "udgave 1, januar 2026"."""
    return f"udgave {edition.number}, {danish.month(edition.report.month)}"


def colours_url(request: ProgrammeRequest, report: Report) -> str:
    """Return the address of the style sheet with the colours of the report's document."""
    page = request.links.to("reports:status-colours")
    return with_query(page, to_query(row.chip for row in report.counts))
