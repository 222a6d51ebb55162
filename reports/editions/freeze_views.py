"""Show the page that locks a month."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

import plan
from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from core import clock, danish
from core.kept import kept_form
from core.months import slug
from reports import months
from reports.addresses import edition_name, edition_slug, edition_url, no_report
from reports.comparison.page import anchor
from reports.editions import freezing, rendering
from reports.editions.forms import PREFIX, EditionForm
from reports.models import Edition

CHANGED = (
    "Planen er ændret, siden du åbnede siden. Se sætningerne igennem igen, og lås derefter. "
    "Det, du har skrevet, står herunder."
)


@requires(Permission.FREEZE_EDITIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def edition_freeze(request: ProgrammeRequest, month: str) -> HttpResponse:
    """Show Lås udgave, with the change text to be read and edited and the meeting; lock the month
    when the form is posted."""
    try:
        first_day = months.find_month(month, request.programme)
    except months.NoReport as error:
        return no_report(request, str(error))
    now = clock.now()
    if request.method != "POST":
        return _freeze_page(request, first_day)
    form = EditionForm.posted(request.POST)
    if not form.is_valid():
        return _freeze_page(request, first_day, form.errors, status=422)
    try:
        edition = freezing.freeze(
            request.programme,
            month=first_day,
            basis=form.cleaned_data["basis"],
            wordings=form.wordings(),
            meeting_on=form.cleaned_data["meeting_on"],
            correction=form.cleaned_data["correction"],
            actor=request.user.actor,
            at=now,
        )
    except ValidationError as error:
        return _freeze_page(request, first_day, error.message_dict, status=422)
    except freezing.PlanChanged:
        locked = _locked_by_this_form(request, first_day, form)
        if locked:
            return HttpResponseRedirect(edition_url(request, locked))
        return _freeze_page(request, first_day, {"": [CHANGED]}, status=409)
    name = danish.capitalise(edition_name(edition))
    if rendering.make(edition, now, is_new=True):
        messages.success(request, f"{name} er låst.")
    else:
        messages.error(request, f"{name} er låst, men nogle af filerne kunne ikke dannes.")
    return HttpResponseRedirect(edition_url(request, edition))


def _locked_by_this_form(
    request: ProgrammeRequest, month: date, form: EditionForm
) -> Edition | None:
    """Find the edition that this same form has locked already, because it was sent twice."""
    editions = Edition.objects.of(request.programme).select_related("report").without_document()
    sent = form.cleaned_data
    edition: Edition | None = editions.filter(
        report__month=month, frozen_by=request.user, basis=sent["basis"]
    ).first()
    if edition is None or (edition.meeting_on, edition.correction) != (
        sent["meeting_on"],
        sent["correction"] if edition.number > 1 else "",
    ):
        return None
    locked = {sentence["id"]: sentence["text"] for sentence in edition.sentences}
    return edition if locked == form.wordings() else None


def _freeze_page(
    request: ProgrammeRequest,
    month: date,
    errors: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Show the form for what would be locked now. What was typed for a change that is still there
    is kept."""
    candidate = freezing.candidate(request.programme, month=month, on=clock.today())
    kept = kept_form(request)
    typed = kept.data if kept else request.POST
    form = EditionForm(
        typed if kept or request.method == "POST" else None,
        sentences=candidate.wordings.items(),
        is_first=candidate.number == 1,
        initial={"meeting_on": candidate.corrects.meeting_on if candidate.corrects else None},
    )
    if form.is_bound:
        errors = dict(errors or {})
        if typed.get("basis") != candidate.basis:
            # Said beside any other error, because the form is sent with the new basis next time.
            errors[""], status = [CHANGED], 200 if kept else 409
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
        "compared_with": edition_name(compared_with) if compared_with else "",
        "missing": counted - plan.count_updated(candidate.document),
        "back_url": request.links.to("reports:report-month", month=slug(month)),
        "list_url": request.links.to("reports:report-list"),
    }
    return render(request, "reports/editions/freeze.html", context, status=status)
