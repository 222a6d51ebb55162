"""Show an edition, approve it, publish it, and hand out its files."""

from datetime import date
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
from core.months import parse_month
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
    """Show an edition from its locked document; `status` lists the rows behind a number."""
    edition = _edition(request, month, number)
    may_freeze = request.user.may(Permission.FREEZE_EDITIONS, request.programme)
    sees_plan = request.user.may(Permission.VIEW_PLAN, request.programme)
    by_format = {file.format: file for file in edition.files.defer("content")}
    job = getattr(edition, "rendering", None)
    state = rendering.state_of(job, by_format)
    if state is not State.COMPLETE and job and rendering.may_be_taken(job):
        # No process works on the files: the job was never begun, or its process was stopped.
        rendering.start_in_background()
    newer = edition.report.editions.filter(number__gt=edition.number)
    newer = newer if may_freeze else newer.visible_to(request.user, request.programme)
    document, report = _locked_report(edition)
    context: dict[str, Any] = {
        "report": report,
        "colours_url": colours_url(request, report),
        "chosen": chosen_rows(document, typed_text(request.GET, "status")),
        "whole_url": edition_url(request, edition),
        "edition": edition,
        "state": state_words(edition, by=sees_plan),
        "newest": newer.without_document().order_by("-number").first(),
        "newest_url": "",
        "downloads": [
            download(request, edition, by_format[kind.key], kind.label)
            for kind in files.FORMATS
            if kind.key in by_format
        ],
        "rendering": state.name.lower(),
        "tries_again": state is State.FAILED and job and job.attempts < rendering.MAX_ATTEMPTS,
        "may_freeze": may_freeze,
        "approve_form": ApproveForm(initial={"meeting_on": edition.meeting_on}),
        "urls": {
            name: request.links.to(f"reports:edition-{name}", month=month, number=number)
            for name in ("detail", "approve", "publish", "render")
        },
        "freeze_url": request.links.to("reports:edition-freeze", month=month),
        "compare_url": compare_url(request, edition),
        "list_url": request.links.to("reports:report-list"),
    }
    if context["newest"]:
        context["newest_url"] = request.links.to(
            "reports:edition-detail", month=month, number=context["newest"].number
        )
    name = "_edition_files" if request.htmx else "edition"
    return render(request, f"reports/editions/{name}.html", context)


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
    """Record for Godkend at which meeting the group approved the edition."""
    edition = _edition(request, month, number)
    form = ApproveForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, str(errors[0]))
        return HttpResponseRedirect(edition_url(request, edition))
    return _take_step(
        request,
        edition,
        "godkendt",
        lambda: approval.approve(
            edition,
            meeting_on=form.cleaned_data["meeting_on"],
            actor=request.user.actor,
            at=clock.now(),
        ),
    )


@requires(Permission.FREEZE_EDITIONS)
@require_POST
def edition_publish(request: ProgrammeRequest, month: str, number: int) -> HttpResponse:
    """Publish the edition for Offentliggør: from now on the forum can read it."""
    edition = _edition(request, month, number)
    return _take_step(
        request,
        edition,
        "offentliggjort",
        lambda: approval.publish(edition, actor=request.user.actor, at=clock.now()),
    )


@requires(Permission.FREEZE_EDITIONS)
@require_POST
def edition_render(request: ProgrammeRequest, month: str, number: int) -> HttpResponse:
    """Make the files that are missing, for Prøv igen."""
    edition = _edition(request, month, number)
    if not rendering.ask_again(edition, clock.now()):
        messages.error(
            request, "Filerne kunne ikke alle dannes. De filer, der var der, er uændrede."
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


def _take_step(request: ProgrammeRequest, edition: Edition, done: str, step: Any) -> HttpResponse:
    try:
        step()
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, f"Udgave {edition.number} er {done}.")
    return HttpResponseRedirect(edition_url(request, edition))
