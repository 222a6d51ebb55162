"""Editions: lock a month, read what was locked, approve it, publish it, hand out its files."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from core import clock, danish
from core.texts import typed_text
from initiatives import plan
from initiatives.months import parse_month
from reports import files, freezing, months, rendering
from reports.chosen_rows import chosen_rows
from reports.compare import anchor
from reports.forms import PREFIX, ApproveForm, EditionForm
from reports.models import Edition, EditionFile
from reports.rendering import State

CHANGED = (
    "Planen er ændret, siden du åbnede siden. Se sætningerne igennem igen, og lås derefter. "
    "Det, du har skrevet, står herunder."
)


@requires(Permission.FREEZE_EDITIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def edition_freeze(request: ProgrammeRequest, month: str) -> HttpResponse:
    """Lås udgave: the change text to be read and edited, the meeting, and the lock."""
    try:
        found_month = months.find_month(month, request.programme)
    except months.NoReport as error:
        return no_report(request, str(error))
    now = clock.now()
    if request.method != "POST":
        return _freeze_page(request, found_month)
    form = EditionForm.posted(request.POST)
    if not form.is_valid():
        return _freeze_page(request, found_month, form.errors, status=422)
    try:
        edition = freezing.freeze(
            request.programme,
            month=found_month,
            basis=form.cleaned_data["basis"],
            wordings=form.wordings(),
            meeting_on=form.cleaned_data["meeting_on"],
            correction=form.cleaned_data["correction"],
            actor=request.user.actor,
            at=now,
        )
    except ValidationError as error:
        return _freeze_page(request, found_month, error.message_dict, status=422)
    except freezing.PlanChanged:
        mine = _locked_by_this_form(request, found_month, form)
        if mine:
            return HttpResponseRedirect(page_of(request, mine))
        return _freeze_page(request, found_month, {"": [CHANGED]}, status=409)
    name = danish.capitalise(freezing.edition_name(edition))
    if rendering.make(edition, now, is_new=True):
        messages.success(request, f"{name} er låst.")
    else:
        messages.error(request, f"{name} er låst, men nogle af filerne kunne ikke dannes.")
    return HttpResponseRedirect(page_of(request, edition))


def _locked_by_this_form(
    request: ProgrammeRequest, month: date, form: EditionForm
) -> Edition | None:
    """The edition that this very form has locked already: it was sent twice, as it is."""
    own = Edition.objects.of(request.programme).select_related("report").without_document()
    sent = form.cleaned_data
    found: Edition | None = own.filter(
        report__month=month, frozen_by=request.user, basis=sent["basis"]
    ).first()
    if found is None or (found.meeting_on, found.correction) != (
        sent["meeting_on"],
        sent["correction"] if found.number > 1 else "",
    ):
        return None
    locked = {sentence["id"]: sentence["text"] for sentence in found.sentences}
    return found if locked == form.wordings() else None


def _freeze_page(
    request: ProgrammeRequest,
    month: date,
    errors: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """The form on what would be locked now; what was typed for a change that still stands stays."""
    candidate = freezing.candidate(request.programme, month=month, on=clock.today())
    form = EditionForm(
        request.POST if request.method == "POST" else None,
        sentences=candidate.wordings.items(),
        is_first=candidate.number == 1,
        initial={"meeting_on": candidate.corrects.meeting_on if candidate.corrects else None},
    )
    if form.is_bound:
        errors = dict(errors or {})
        if request.POST.get("basis") != candidate.basis:
            # Told with whatever else is wrong: the next time the form is sent it has the new basis.
            errors[""], status = [CHANGED], 409
        form.replace_errors(errors)
    compared_with = candidate.compared_with
    counted = plan.count_statuses(candidate.document).total
    is_live = month == request.programme.reporting_month
    compare = request.links.to("reports:compare")
    change_url = (
        f"{compare}?fra={edition_slug(compared_with)}&til=nu#" if compared_with and is_live else ""
    )
    context = {
        "form": form,
        "fields": [
            (form[name], change_url and f"{change_url}{anchor(name.removeprefix(PREFIX))}")
            for name in form.sentence_names()
        ],
        "dropped": form.dropped_sentences(),
        "basis": candidate.basis,
        "number": candidate.number,
        "month": danish.month(month),
        "compared_with": freezing.edition_name(compared_with) if compared_with else "",
        "missing": counted - plan.count_updated(candidate.document),
        "back_url": request.links.to("reports:report-month", month=months.slug(month)),
        "list_url": request.links.to("reports:report-list"),
    }
    return render(request, "reports/freeze.html", context, status=status)


@requires(Permission.VIEW_EDITIONS)
@require_safe
def edition_detail(request: ProgrammeRequest, month: str, number: int) -> HttpResponse:
    """An edition as a page, from its locked document; `status` lists the rows behind a number."""
    edition = _edition(request, month, number)
    may_freeze = request.user.may(Permission.FREEZE_EDITIONS, request.programme)
    sees_plan = request.user.may(Permission.VIEW_PLAN, request.programme)
    made = {file.format: file for file in edition.files.defer("content")}
    job = getattr(edition, "rendering", None)
    state = rendering.state_of(job, made)
    if state is not State.COMPLETE and job and rendering.may_be_taken(job):
        # Nobody is at it: it was never begun, or who had begun was stopped.
        rendering.start_in_background()
    newer = edition.report.editions.filter(number__gt=edition.number)
    newer = newer if may_freeze else newer.visible_to(request.user, request.programme)
    source = files.source_of(edition)
    context: dict[str, Any] = {
        "report": source.report,
        "chosen": chosen_rows(source.document, typed_text(request.GET, "status")),
        "whole_url": page_of(request, edition),
        "edition": edition,
        "state": state_words(edition, by=sees_plan),
        "newest": newer.without_document().order_by("-number").first(),
        "newest_url": "",
        "downloads": [
            download(request, edition, made[kind.key], kind.label)
            for kind in files.FORMATS
            if kind.key in made
        ],
        "rendering": state.name.lower(),
        "tries_again": state is State.FAILED and job and job.attempts < rendering.MOST_ATTEMPTS,
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
    template = "reports/_edition_files.html" if request.htmx else "reports/edition.html"
    return render(request, template, context)


@requires(Permission.VIEW_EDITIONS)
@require_safe
def edition_file(
    request: ProgrammeRequest, month: str, number: int, file_format: str
) -> HttpResponse:
    """One of the edition's files, as it was stored. Its bytes are hashed first, also when none are
    sent: nothing is said of a file that is not what was stored."""
    visible = Edition.objects.visible_to(request.user, request.programme)
    own = EditionFile.objects.filter(
        edition__in=visible.filter(number=number, report__month=_month(month)),
        format=file_format,
    )
    file = get_object_or_404(own)
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
    """Godkend: at which meeting the group approved the edition."""
    edition = _edition(request, month, number)
    form = ApproveForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, str(errors[0]))
        return HttpResponseRedirect(page_of(request, edition))
    return _stepped(
        request,
        edition,
        "godkendt",
        lambda: freezing.approve(
            edition,
            meeting_on=form.cleaned_data["meeting_on"],
            actor=request.user.actor,
            at=clock.now(),
        ),
    )


@requires(Permission.FREEZE_EDITIONS)
@require_POST
def edition_publish(request: ProgrammeRequest, month: str, number: int) -> HttpResponse:
    """Offentliggør: from now on the forum can read the edition."""
    edition = _edition(request, month, number)
    return _stepped(
        request,
        edition,
        "offentliggjort",
        lambda: freezing.publish(edition, actor=request.user.actor, at=clock.now()),
    )


@requires(Permission.FREEZE_EDITIONS)
@require_POST
def edition_render(request: ProgrammeRequest, month: str, number: int) -> HttpResponse:
    """Prøv igen: make the files that are missing."""
    edition = _edition(request, month, number)
    if not rendering.ask_again(edition, clock.now()):
        messages.error(
            request, "Filerne kunne ikke alle dannes. De filer, der var der, er uændrede."
        )
    return HttpResponseRedirect(page_of(request, edition))


@requires(Permission.VIEW_EDITIONS)
@require_safe
def edition_newest(request: ProgrammeRequest) -> HttpResponse:
    """The newest edition one may read; a sentence when there is none."""
    visible = Edition.objects.visible_to(request.user, request.programme)
    edition = visible.newest_first().without_document().select_related("report").first()
    if edition is None:
        return render(request, "reports/no_edition.html")
    return HttpResponseRedirect(page_of(request, edition))


# Words and addresses


def file_response(content: bytes, media_type: str, name: str) -> HttpResponse:
    """A file to keep under its name; a PDF is opened in the browser."""
    response = HttpResponse(content, content_type=media_type)
    inline = media_type == "application/pdf"
    disposition = content_disposition_header(as_attachment=not inline, filename=name)
    # Both names: `filename*` is read by every browser, `filename` by those that lack it.
    response["Content-Disposition"] = f"{disposition}; filename*=utf-8''{quote(name)}"
    return response


def state_words(edition: Edition, *, by: bool = False) -> str:
    """ "Udgave 1, låst den …", with its approval and publication; `by` names who did it."""

    def named(words: str, name: str) -> str:
        return f"{words} af {danish.unbroken(name)}" if by and name else words

    locked = f"Udgave {edition.number}, låst den {danish.moment_day(edition.frozen_at)}"
    words = [named(locked, edition.frozen_by_name)]
    if edition.approved_at_meeting_on:
        approved = f"godkendt på mødet den {danish.day(edition.approved_at_meeting_on)}"
        words.append(named(approved, edition.approved_by_name))
    if edition.published_at:
        published = f"offentliggjort den {danish.moment_day(edition.published_at)}"
        words.append(named(published, edition.published_by_name))
    return f"{', '.join(words)}."


def size_words(size: int) -> str:
    """ "82 kB"."""
    return f"{danish.thousands(max(1, round(size / 1000)))} kB"


def compare_url(request: ProgrammeRequest, edition: Edition) -> str:
    """The comparison with the edition before; "" without one."""
    before = edition.compared_with
    sees_plan = request.user.may(Permission.VIEW_PLAN, request.programme)
    if before is None or not (sees_plan or before.published_at):
        return ""
    page = request.links.to("reports:compare")
    return f"{page}?fra={edition_slug(before)}&til={edition_slug(edition)}"


def edition_slug(edition: Edition) -> str:
    """ "2026-02-udgave-1", as the comparison's address names it."""
    return f"{months.slug(edition.report.month)}-udgave-{edition.number}"


def no_report(request: ProgrammeRequest, sentence: str) -> HttpResponse:
    """404 with the reason."""
    context = {"sentence": sentence, "list_url": request.links.to("reports:report-list")}
    return render(request, "reports/no_report.html", context, status=404)


def _edition(request: ProgrammeRequest, month: str, number: int) -> Edition:
    visible = Edition.objects.visible_to(request.user, request.programme)
    known = visible.select_related("report__programme", "compared_with__report", "rendering")
    found: Edition = get_object_or_404(known, report__month=_month(month), number=number)
    return found


def _month(month: str) -> date | None:
    """A locked month stays, whatever months the programme reports by now."""
    try:
        return parse_month(month)
    except ValueError:
        return None


def page_of(request: ProgrammeRequest, edition: Edition) -> str:
    """The edition's address."""
    month = months.slug(edition.report.month)
    return request.links.to("reports:edition-detail", month=month, number=edition.number)


def download(
    request: ProgrammeRequest, edition: Edition, file: EditionFile, label: str
) -> dict[str, str]:
    """A link to one of the edition's files."""
    url = request.links.to(
        "reports:edition-file",
        month=months.slug(edition.report.month),
        number=edition.number,
        file_format=file.format,
    )
    return {"label": label, "url": url, "size": size_words(file.size), "name": file.name}


def _stepped(request: ProgrammeRequest, edition: Edition, done: str, step: Any) -> HttpResponse:
    try:
        step()
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, f"Udgave {edition.number} er {done}.")
    return HttpResponseRedirect(page_of(request, edition))
