"""Add an initiative, an indsats or a deadline."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from core import clock, writing
from initiatives.editing.form_page import (
    PREVIEW,
    FormPage,
    editable,
    initiative_url,
    saved_response,
)
from initiatives.editing.forms import (
    NewActionForm,
    NewDeadlineForm,
    NewInitiativeForm,
    TextForm,
)
from initiatives.models import Action, Deadline, Fact, Initiative
from initiatives.saving.attempt import Refusal, attempt
from principles.models import ActionArea


@requires(Permission.EDIT_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def initiative_add(request: ProgrammeRequest, area_key: str) -> HttpResponse:
    """Add a new initiative, last in its area."""
    areas = ActionArea.objects.of(request.programme).live().filter(principle__archived_at=None)
    area = get_object_or_404(areas, key=area_key)
    back = request.links.to("initiatives:area-detail", key=area.key)
    page = FormPage(request, "Tilføj initiativ", area.title, back)
    initial = {"terms_of_reference": "unknown"}
    form = NewInitiativeForm(page.typed(), initial=initial, sender=request.user)

    def save() -> Initiative:
        key = writing.new_key(Initiative, form.cleaned_data["title"])
        position = area.initiatives.next_position()
        row = Initiative(key=key, area=area, position=position, **form.values())
        return row.add(**_authorship(request, form))

    if request.method != "POST":
        return page.show(form)
    outcome = attempt(form, save)
    if isinstance(outcome, Refusal):
        return page.show(outcome.form, status=outcome.status)
    messages.success(request, f"Initiativet »{outcome}« er oprettet.")
    return HttpResponseRedirect(initiative_url(request, outcome))


@requires(Permission.EDIT_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def action_add(request: ProgrammeRequest, initiative_key: str) -> HttpResponse:
    """Add a new indsats, last in its initiative."""
    initiative = editable(request, Initiative, initiative_key)
    page = FormPage(
        request, "Tilføj indsats", initiative.title, initiative_url(request, initiative)
    )
    form = NewActionForm(page.typed(), sender=request.user)

    def save() -> Action:
        key = writing.new_key(Action, form.cleaned_data["title"], prefix=initiative.key[:30])
        position = initiative.actions.next_position()
        row = Action(key=key, initiative=initiative, position=position, **form.values())
        return row.add(**_authorship(request, form))

    if request.method != "POST":
        return page.show(form)
    outcome = attempt(form, save)
    if isinstance(outcome, Refusal):
        return page.show(outcome.form, status=outcome.status)
    return saved_response(request, outcome, "Indsatsen er tilføjet.")


@requires(Permission.EDIT_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def deadline_add(request: ProgrammeRequest, initiative_key: str) -> HttpResponse:
    """Add a new deadline, last in its initiative."""
    initiative = editable(request, Initiative, initiative_key)
    back, new = initiative_url(request, initiative), Deadline(initiative=initiative)
    page = FormPage(request, "Tilføj deadline", initiative.title, back, row=new)
    initial = {"fact": Fact.DEADLINE}
    form = NewDeadlineForm(
        page.typed(),
        initial=initial,
        initiative=initiative,
        today=clock.today(),
        sender=request.user,
    )

    def save() -> Deadline:
        key = writing.new_key(Deadline, "deadline", prefix=initiative.key)
        position = initiative.deadlines.next_position()
        row = Deadline(key=key, initiative=initiative, position=position, **form.values())
        return row.add(**_authorship(request, form))

    if PREVIEW in request.POST:
        return page.preview(form)
    if request.method != "POST":
        return page.show(form)
    outcome = attempt(form, save)
    if isinstance(outcome, Refusal):
        return page.show(outcome.form, status=outcome.status)
    return saved_response(request, outcome, "Deadlinen er tilføjet.")


def _authorship(request: ProgrammeRequest, form: TextForm) -> dict[str, Any]:
    """Return who adds the row, why and when, as the arguments of `add`."""
    reason = form.cleaned_data["change_reason"]
    return {"actor": request.user.actor, "reason": reason, "at": clock.now()}
