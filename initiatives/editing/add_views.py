"""Add an initiative, an indsats or a deadline."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from core import clock, writing
from initiatives.editing.form_page import (
    PREVIEW,
    editable,
    form_page,
    page_of,
    posted_data,
    preview_response,
    saved_response,
)
from initiatives.editing.forms import ActionForm, DeadlineForm, InitiativeForm, TextForm
from initiatives.models import Action, Deadline, Fact, Initiative
from principles.models import ActionArea


@requires(Permission.EDIT_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def initiative_add(request: ProgrammeRequest, area_key: str) -> HttpResponse:
    """A new initiative, last in its area."""
    areas = ActionArea.objects.of(request.programme).live().filter(principle__archived_at=None)
    area = get_object_or_404(areas, key=area_key)
    form = InitiativeForm(posted_data(request), initial={"terms_of_reference": "unknown"})
    back = request.links.to("initiatives:area-detail", key=area.key)
    if request.method == "POST" and form.is_valid():
        key = writing.new_key(Initiative, form.cleaned_data["title"])
        row = Initiative(key=key, area=area, position=_last(area.initiatives), **form.values())
        if _create(request, form, row):
            messages.success(request, f"Initiativet »{row}« er oprettet.")
            url = request.links.to("initiatives:initiative-detail", key=row.key)
            return HttpResponseRedirect(url)
    return form_page(request, form, "Tilføj initiativ", area.title, back)


@requires(Permission.EDIT_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def action_add(request: ProgrammeRequest, initiative_key: str) -> HttpResponse:
    """A new indsats, last in its initiative."""
    initiative = _parent(request, initiative_key)
    form = ActionForm(posted_data(request))
    if request.method == "POST" and form.is_valid():
        key = writing.new_key(Action, form.cleaned_data["title"], prefix=initiative.key[:30])
        row = Action(
            key=key, initiative=initiative, position=_last(initiative.actions), **form.values()
        )
        if _create(request, form, row):
            return saved_response(request, row, "Indsatsen er tilføjet.")
    return form_page(
        request, form, "Tilføj indsats", initiative.title, page_of(request, initiative)
    )


@requires(Permission.EDIT_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def deadline_add(request: ProgrammeRequest, initiative_key: str) -> HttpResponse:
    """A new deadline, last in its initiative."""
    initiative = _parent(request, initiative_key)
    form = DeadlineForm(
        posted_data(request),
        initiative=initiative,
        today=clock.today(),
        initial={"fact": Fact.DEADLINE},
    )
    back = page_of(request, initiative)
    row = Deadline(initiative=initiative)
    if PREVIEW in request.POST:
        return preview_response(request, form, row, "Tilføj deadline", back)
    if request.method == "POST" and form.is_valid():
        key = writing.new_key(Deadline, "deadline", prefix=initiative.key)
        row = Deadline(
            key=key, initiative=initiative, position=_last(initiative.deadlines), **form.values()
        )
        if _create(request, form, row):
            return saved_response(request, row, "Deadlinen er tilføjet.")
    return form_page(request, form, "Tilføj deadline", initiative.title, back, row=row)


def _parent(request: ProgrammeRequest, key: str) -> Initiative:
    found: Initiative = editable(request, Initiative, key)
    return found


def _last(siblings: Any) -> float:
    newest = siblings.order_by("-position").values_list("position", flat=True).first()
    return float(newest or 0) + 1


def _create(request: ProgrammeRequest, form: TextForm, row: Any) -> bool:
    """Store a new row; False with the form's errors when the model refuses it."""
    how = {
        "actor": request.user.actor,
        "reason": form.cleaned_data["change_reason"],
        "at": clock.now(),
    }
    try:
        if isinstance(row, Deadline):
            row.add(**how)
        else:
            writing.create(row, **how)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True
