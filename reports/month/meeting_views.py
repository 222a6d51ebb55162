"""Set the day of the next meeting, from which the month's dates are counted back."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from core import clock, danish, writing
from core.kept import typed_form
from initiatives.editing.forms import date_field
from initiatives.saving.attempt import Refusal, attempt
from initiatives.saving.conflict import conflict_context
from initiatives.saving.version import VersionedForm


class MeetingForm(VersionedForm):
    """The form with the day of the next meeting; empty while nobody knows it."""

    next_meeting_on = date_field(
        "Næste møde i Implementeringsgruppen",
        "Fristerne regnes tilbage fra mødet. Dag-måned-år, fx 26-02-2026.",
    )


@requires(Permission.EDIT_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def month_meeting(request: ProgrammeRequest) -> HttpResponse:
    """Show the form, or save the posted day. Answers 422 to a day that can't be meant, and 409 when
    somebody else has set another day meanwhile."""
    programme = request.programme
    initial = {"version": programme.version, "next_meeting_on": programme.next_meeting_on}
    form = MeetingForm(typed_form(request), initial=initial)
    if request.method != "POST":
        return _page(request, form.as_typed() if form.is_bound else form)

    def save() -> Any:
        return writing.change(
            programme,
            {"next_meeting_on": form.cleaned_data["next_meeting_on"]},
            version=form.cleaned_data["version"],
            actor=request.user.actor,
            reason="",
            at=clock.now(),
        )

    outcome = attempt(form, save)
    if isinstance(outcome, Refusal):
        return _page(request, outcome.form, status=outcome.status, conflict=outcome.conflict)
    day = outcome.row.next_meeting_on
    if day:
        messages.success(request, f"Næste møde er {danish.full_day(day)}.")
    else:
        messages.success(request, "Dagen for næste møde er slettet.")
    return HttpResponseRedirect(request.links.to("reports:month"))


def _page(
    request: ProgrammeRequest,
    form: MeetingForm,
    *,
    status: int = 200,
    conflict: writing.StaleVersion | None = None,
) -> HttpResponse:
    context = {
        "title": "Næste møde",
        "subject": request.programme.title,
        "form": form,
        "conflict": _conflict(conflict) if conflict else None,
        "back_url": request.links.to("reports:month"),
    }
    return render(request, "initiatives/editing/text_form.html", context, status=status)


def _conflict(conflict: writing.StaleVersion) -> dict[str, Any]:
    def show(_field: str, day: date | None) -> str:
        return danish.day(day) if day else ""

    return conflict_context(conflict, label=lambda _: "Næste møde", show=show)
