"""Show an edition, approve it, publish it, and hand out its files."""

from datetime import date
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_POST, require_safe

from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from core import clock
from core.months import parse_month, slug
from core.texts import typed_text
from initiatives.sources import memory
from plan.document import PlanDocument
from reports.addresses import colours_url, compare_url, edition_url, state_words
from reports.editions import approval, files, rendering
from reports.editions.chosen_rows import chosen_rows
from reports.editions.forms import ApproveForm
from reports.editions.rendering import State
from reports.editions.responses import download, file_response
from reports.locked_plans import locked_plan
from reports.models import Edition, EditionFile
from reports.report.parts import Report


@requires(Permission.VIEW_EDITIONS)
@require_safe
def edition_detail(request: ProgrammeRequest, month: str, number: int) -> HttpResponse:
    """Show an edition from its locked document; `status` lists the rows behind a number. htmx gets
    its files, or 204 while they are those that the page shows (`vist`)."""
    edition = _edition(request, month, number)
    if not request.htmx:
        return _edition_page(request, edition)
    edition.refuse_damage()
    context = _files_context(request, edition)
    if request.GET.get("vist") == context["shown"]:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return render(request, "reports/editions/_edition_files_came.html", context)


def _files_context(request: ProgrammeRequest, edition: Edition) -> dict[str, Any]:
    """Describe the files of an edition, and how far the missing ones have come."""
    by_format = {file.format: file for file in edition.files.defer("content")}
    job = getattr(edition, "rendering", None)
    state = rendering.state_of(job, by_format)
    if state is not State.COMPLETE and job and rendering.may_be_taken(job):
        # No process works on the files: the job was never begun, or its process was stopped.
        rendering.start_in_background()
    tries_again = bool(state is State.FAILED and job and job.attempts < rendering.MAX_ATTEMPTS)
    return {
        "downloads": [
            download(request, edition, by_format[kind.key], kind.label)
            for kind in files.FORMATS
            if kind.key in by_format
        ],
        "rendering": state.name.lower(),
        "tries_again": tries_again,
        "are_to_come": tries_again or state in (State.QUEUED, State.UNDER_WAY),
        "shown": f"{state.name.lower()}-{len(by_format)}",
        "may_freeze": request.user.may(Permission.FREEZE_EDITIONS, request.programme),
        "urls": {
            name: request.links.to(
                f"reports:edition-{name}", month=slug(edition.report.month), number=edition.number
            )
            for name in ("detail", "approve", "publish", "render")
        },
    }


def _edition_page(
    request: ProgrammeRequest,
    edition: Edition,
    approve_form: ApproveForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = _files_context(request, edition)
    sees_plan = request.user.may(Permission.VIEW_PLAN, request.programme)
    newer = edition.report.editions.filter(number__gt=edition.number)
    if not context["may_freeze"]:
        newer = newer.visible_to(request.user, request.programme)
    newest = newer.without_document().order_by("-number").first()
    document, report = _locked_report(edition)
    month = slug(edition.report.month)
    context |= {
        "report": report,
        "colours_url": colours_url(request, report),
        "chosen": chosen_rows(document, typed_text(request.GET, "status")),
        "whole_url": edition_url(request, edition),
        "edition": edition,
        "state": state_words(edition, by=sees_plan),
        "next_step": approval.next_step(edition) if sees_plan and not newest else "",
        "newest": newest,
        "newest_url": "",
        "approve_form": approve_form or ApproveForm(initial={"meeting_on": edition.meeting_on}),
        "freeze_url": request.links.to("reports:edition-freeze", month=month),
        "compare_url": compare_url(request, edition),
        "list_url": request.links.to("reports:report-list"),
    }
    if newest:
        context["newest_url"] = request.links.to(
            "reports:edition-detail", month=month, number=newest.number
        )
    return render(request, "reports/editions/edition.html", context, status=status)


@requires(Permission.VIEW_EDITIONS)
@require_safe
def edition_file(
    request: ProgrammeRequest, month: str, number: int, file_format: str
) -> HttpResponse:
    """Return one of the edition's files as it was stored. Its bytes are hashed first, also for an
    answer without them: a damaged file is never called unchanged."""
    visible = Edition.objects.visible_to(request.user, request.programme)
    matching = EditionFile.objects.filter(
        edition__in=visible.filter(number=number, report__month=_month(month)),
        format=file_format,
    )
    file = get_object_or_404(matching)
    content = file.intact_content()
    etag = f'"{file.sha256}"'
    unchanged = get_conditional_response(request, etag=etag)
    if isinstance(unchanged, HttpResponseNotModified):
        unchanged["ETag"] = etag
        unchanged["Cache-Control"] = "private, no-cache"
        return unchanged
    response = file_response(content, file.media_type, file.name)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response


@requires(Permission.FREEZE_EDITIONS)
@require_POST
def edition_approve(request: ProgrammeRequest, month: str, number: int) -> HttpResponse:
    """Record for Godkend at which meeting the group approved the edition. Answers 422 with the page
    to a day that can't be meant."""
    edition = _edition(request, month, number)
    form = ApproveForm(request.POST)

    def save() -> None:
        approval.approve(
            edition,
            meeting_on=form.cleaned_data["meeting_on"],
            actor=request.user.actor,
            at=clock.now(),
        )

    try:
        # First of all: with nothing to approve, the page has no place for the errors of the form.
        approval.refuse_approval(edition)
        if form.is_valid():
            save()
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            messages.error(request, error.messages[0])
            return HttpResponseRedirect(edition_url(request, edition))
        form.add_error(None, error)
    if form.errors:
        return _edition_page(request, edition, form, status=422)
    messages.success(request, approval.next_step(_edition(request, month, number)))
    return HttpResponseRedirect(edition_url(request, edition))


@requires(Permission.FREEZE_EDITIONS)
@require_POST
def edition_publish(request: ProgrammeRequest, month: str, number: int) -> HttpResponse:
    """Publish the edition for Offentliggør: from now on the forum can read it."""
    edition = _edition(request, month, number)
    try:
        approval.publish(edition, actor=request.user.actor, at=clock.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, f"Udgave {edition.number} er offentliggjort.")
    return HttpResponseRedirect(edition_url(request, edition))


@requires(Permission.FREEZE_EDITIONS)
@require_POST
def edition_render(request: ProgrammeRequest, month: str, number: int) -> HttpResponse:
    """Make the files that are missing, for Prøv igen."""
    edition = _edition(request, month, number)
    if not rendering.ask_again(edition, clock.now()):
        messages.error(
            request,
            "Nogle af filerne kunne ikke dannes. De øvrige er uændrede. Tryk »Prøv igen«.",
        )
    return HttpResponseRedirect(edition_url(request, edition))


@requires(Permission.VIEW_EDITIONS)
@require_safe
def edition_newest(request: ProgrammeRequest) -> HttpResponse:
    """Redirect to the newest edition that the visitor may read; say so when there is none."""
    visible = Edition.objects.visible_to(request.user, request.programme)
    edition = visible.newest_first().without_document().select_related("report").first()
    if edition is None:
        return render(request, "reports/editions/no_edition.html")
    return HttpResponseRedirect(edition_url(request, edition))


def _edition(request: ProgrammeRequest, month: str, number: int) -> Edition:
    visible = Edition.objects.visible_to(request.user, request.programme)
    editions = visible.select_related("report__programme", "compared_with__report", "rendering")
    edition: Edition = get_object_or_404(editions, report__month=_month(month), number=number)
    return edition


def _locked_report(edition: Edition) -> tuple[PlanDocument, Report]:
    """Return the locked document and its report, from memory where they are there. Raises Damaged
    when what is stored is not what was locked."""
    edition.refuse_damage()
    locked = locked_plan(edition)
    key = "report", edition.pk, edition.seal
    report: Report | None = memory.find(key)
    if report is None:
        report = files.source_of(edition, locked.document).report
        memory.keep(key, report, memory.size_of(locked.document))
    return locked.document, report


def _month(month: str) -> date | None:
    """Read any month, also one that the programme does not report any more: its editions stay."""
    try:
        return parse_month(month)
    except ValueError:
        return None
