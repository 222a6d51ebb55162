"""Editing the texts of the plan: add, edit, move, archive and restore. Never delete.

Initiatives, indsatser and deadlines share these views; `KINDS` holds what differs.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from core import clock, writing
from core.danish import capitalise
from core.texts import PlainTextField
from initiatives.editing.form_page import (
    KINDS,
    PREVIEW,
    editable,
    form_page,
    initiative_of,
    page_of,
    preview_response,
    saved_response,
)
from initiatives.editing.forms import DeadlineForm, TextForm
from initiatives.models import Action, Deadline, Initiative
from initiatives.saving.conflict import (
    STALE,
    both_texts,
    merged_sentence,
    with_theirs,
)
from initiatives.saving.version import posted_version


@requires(Permission.EDIT_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def row_edit(request: ProgrammeRequest, kind: type[Any], key: str) -> HttpResponse:
    """The texts of an initiative, an indsats or a deadline."""
    row = editable(request, kind, key)
    back = page_of(request, row)
    title, subject = KINDS[kind].title, initiative_of(row).title
    if request.method != "POST":
        return form_page(request, _form(kind, row), title, subject, back, row=row)
    form = _form(kind, row, request.POST)
    if isinstance(form, DeadlineForm) and PREVIEW in request.POST:
        return preview_response(request, form, row, title, back)
    if request.POST.get("valg") == "gemt":
        return saved_response(request, row, "Den gemte tekst gælder.")
    if request.POST.get("valg") == "begge":
        form = _form(kind, row, _with_both(request, kind, row))
        return form_page(request, form, title, subject, back, status=200, row=row)
    if not form.is_valid():
        return form_page(request, form, title, subject, back, status=422, row=row)
    try:
        saved = _change(request, row, form)
    except ValidationError as error:
        form.add_error(None, error)
        return form_page(request, form, title, subject, back, status=422, row=row)
    except writing.VersionMissing:
        form.add_error(None, STALE)
        return form_page(request, form, title, subject, back, status=409, row=row)
    except writing.StaleVersion as error:
        form = _form(kind, row, with_theirs(request.POST, error))
        return form_page(request, form, title, subject, back, status=409, conflict=error, row=row)
    return saved_response(request, saved.row, _sentence(saved, request.user.name))


@requires(Permission.EDIT_PLAN)
@require_POST
def row_move(request: ProgrammeRequest, kind: type[Any], key: str) -> HttpResponse:
    """One place up or down among its siblings (`retning` is "op" or "ned")."""
    row = editable(request, kind, key)
    step = {"op": -1, "ned": 1}.get(request.POST.get("retning", ""))
    parent = {"area": row.area} if kind is Initiative else {"initiative": row.initiative}
    siblings = kind.objects.live().filter(**parent)
    try:
        if step is None:
            raise writing.VersionMissing(str(row))
        moved = writing.move(
            row,
            siblings,
            step,
            version=posted_version(request),
            actor=request.user.actor,
            at=clock.now(),
        )
    except (writing.StaleVersion, writing.VersionMissing):
        messages.error(request, "Siden er ikke længere aktuel. Hent den igen, og flyt derefter.")
    else:
        place = (
            "er flyttet"
            if moved.changed
            else f"står allerede {'øverst' if step < 0 else 'nederst'}"
        )
        messages.success(request, f"{capitalise(KINDS[kind].noun)} {place}.")
    return HttpResponseRedirect(page_of(request, row))


@requires(Permission.EDIT_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def row_archive(request: ProgrammeRequest, kind: type[Any], key: str) -> HttpResponse:
    """Asks, then takes the row out of the plan."""
    row = editable(request, kind, key)
    if isinstance(row, Action) and row.deadlines.live().exists():
        messages.error(
            request, "Indsatsen har deadlines. Arkivér dem, eller ret, hvad de gælder, først."
        )
        return HttpResponseRedirect(page_of(request, row))
    if request.method == "POST":
        return _archive_or_restore(request, row, writing.archive, "arkiveret")
    context = {
        "row": row,
        "noun": KINDS[kind].noun,
        "initiative": initiative_of(row),
        "back_url": page_of(request, row),
    }
    return render(request, "initiatives/editing/archive.html", context)


@requires(Permission.EDIT_PLAN)
@require_POST
def row_restore(request: ProgrammeRequest, kind: type[Any], key: str) -> HttpResponse:
    """Puts an archived row back where it stood."""
    row = editable(request, kind, key, archived=True)
    return _archive_or_restore(request, row, writing.restore, "gendannet")


def _archive_or_restore(
    request: ProgrammeRequest, row: Any, act: Callable[..., Any], verb: str
) -> HttpResponse:
    noun = capitalise(KINDS[type(row)].noun)
    try:
        act(
            row,
            version=posted_version(request),
            actor=request.user.actor,
            reason="",
            at=clock.now(),
        )
    except (writing.StaleVersion, writing.VersionMissing):
        messages.error(request, "Siden er ikke længere aktuel. Hent den igen, og prøv derefter.")
    else:
        messages.success(request, f"{noun} »{row}« er {verb}.")
    return HttpResponseRedirect(page_of(request, row))


def _form(kind: type[Any], row: Any, data: Any = None) -> TextForm:
    initial = {name: getattr(row, name) for name in KINDS[kind].fields} | {"version": row.version}
    if isinstance(row, Deadline):
        initial["action"] = row.action.key if row.action else ""
        return DeadlineForm(
            data,
            initial=initial,
            initiative=row.initiative,
            action_id=row.action_id,
            today=clock.today(),
        )
    return KINDS[kind].form(data, initial=initial)


def _change(request: ProgrammeRequest, row: Any, form: TextForm) -> writing.Saved[Any]:
    """Save the form through the one door; a deadline's own way in tells of moves."""
    how = {
        "version": form.cleaned_data["version"],
        "actor": request.user.actor,
        "reason": form.cleaned_data["change_reason"],
        "at": clock.now(),
    }
    if isinstance(row, Deadline):
        correction = form.cleaned_data["is_correction"]
        return row.revise(form.values(), is_correction=correction, **how)
    return writing.change(row, form.values(), **how)


def _sentence(saved: writing.Saved[Any], me: str) -> str:
    kind = KINDS[type(saved.row)]
    told = f"{capitalise(kind.noun)} er gemt." if saved.changed else "Der er ikke ændret noget."
    return f"{told} {merged_sentence(saved, kind.words.fields, me)}".strip()


def _with_both(request: ProgrammeRequest, kind: type[Any], row: Any) -> QueryDict:
    """The posted data with the saved texts before the typed ones, made from the newest row."""
    data = request.POST.copy()
    data["version"] = str(row.version)
    for name in KINDS[kind].fields:
        if isinstance(row._meta.get_field(name), PlainTextField):
            data[name] = both_texts(getattr(row, name), data.get(name, ""))
    return data
