"""Editing the texts of the plan: edit, move, archive and restore. Never delete.

Initiatives, indsatser and deadlines share these views: their models and forms know what differs,
and `EDITED_KINDS` has the words for each.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from core import clock, writing
from core.danish import capitalise
from core.texts import PlainTextField
from initiatives.editing.form_page import (
    EDITED_KINDS,
    PREVIEW,
    FormPage,
    editable,
    initiative_url,
    saved_response,
)
from initiatives.models import PlanRow
from initiatives.saving.attempt import CHOICE, KEEP_BOTH, KEEP_THEIRS, Refusal, attempt
from initiatives.saving.conflict import both_texts, merged_sentence
from initiatives.saving.version import posted_version


@requires(Permission.EDIT_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def row_edit(request: ProgrammeRequest, kind: type[PlanRow], key: str) -> HttpResponse:
    """Edit the texts of a row. Answers 422 to an invalid form, and 409 when somebody else has
    changed the same field."""
    row, edited, today = editable(request, kind, key), EDITED_KINDS[kind], clock.today()
    subject = edited.initiative_of(row).title
    page = FormPage(request, edited.title, subject, initiative_url(request, row), row)
    if request.method != "POST":
        return page.show(edited.form.of(row, today=today))
    form = edited.form.of(row, request.POST, today=today)
    if PREVIEW in request.POST and form.has_preview:
        return page.preview(form)
    choice = request.POST.get(CHOICE)
    if choice == KEEP_THEIRS:
        return saved_response(request, row, "Den gemte tekst gælder.")
    if choice == KEEP_BOTH:
        return page.show(form.bound_to(_with_both(request, row, form.field_order)))

    def save() -> writing.Saved[PlanRow]:
        values, now = form.values(), clock.now()
        return row.revise(values, actor=request.user.actor, at=now, **form.revise_arguments())

    outcome = attempt(form, save)
    if isinstance(outcome, Refusal):
        return page.show(outcome.form, status=outcome.status, conflict=outcome.conflict)
    return saved_response(request, outcome.row, _sentence(outcome, request.user.name))


@requires(Permission.EDIT_PLAN)
@require_POST
def row_move(request: ProgrammeRequest, kind: type[PlanRow], key: str) -> HttpResponse:
    """Move the row one place up or down among its siblings (`retning` is "op" or "ned")."""
    row = editable(request, kind, key)
    step = {"op": -1, "ned": 1}.get(request.POST.get("retning", ""))
    try:
        if step is None:
            raise writing.VersionMissing(str(row))
        moved = writing.move(
            row,
            row.siblings(),
            step,
            version=posted_version(request),
            actor=request.user.actor,
            at=clock.now(),
        )
    except (writing.StaleVersion, writing.VersionMissing):
        messages.error(request, "Siden er ikke længere aktuel. Hent den igen, og flyt derefter.")
    else:
        end = "øverst" if step < 0 else "nederst"
        place = "er flyttet" if moved.changed else f"står allerede {end}"
        messages.success(request, f"{capitalise(EDITED_KINDS[kind].words.noun)} {place}.")
    return HttpResponseRedirect(initiative_url(request, row))


@requires(Permission.EDIT_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def row_archive(request: ProgrammeRequest, kind: type[PlanRow], key: str) -> HttpResponse:
    """Ask first, then take the row out of the plan."""
    row = editable(request, kind, key)
    if obstacle := row.obstacle_to_archiving():
        messages.error(request, obstacle)
        return HttpResponseRedirect(initiative_url(request, row))
    if request.method == "POST":
        return _archive_or_restore(request, row, writing.archive, "arkiveret")
    context = {
        "row": row,
        "noun": EDITED_KINDS[kind].words.noun,
        "back_url": initiative_url(request, row),
    }
    return render(request, "initiatives/editing/archive.html", context)


@requires(Permission.EDIT_PLAN)
@require_POST
def row_restore(request: ProgrammeRequest, kind: type[PlanRow], key: str) -> HttpResponse:
    """Put an archived row back where it stood."""
    row = editable(request, kind, key, archived=True)
    return _archive_or_restore(request, row, writing.restore, "gendannet")


def _archive_or_restore(
    request: ProgrammeRequest, row: PlanRow, act: Callable[..., Any], verb: str
) -> HttpResponse:
    noun = capitalise(EDITED_KINDS[type(row)].words.noun)
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
    return HttpResponseRedirect(initiative_url(request, row))


def _sentence(saved: writing.Saved[PlanRow], me: str) -> str:
    words = EDITED_KINDS[type(saved.row)].words
    done = f"{capitalise(words.noun)} er gemt." if saved.changed else "Der er ikke ændret noget."
    return f"{done} {merged_sentence(saved, words.fields, me)}".strip()


def _with_both(request: ProgrammeRequest, row: PlanRow, names: tuple[str, ...]) -> QueryDict:
    """Return the posted data with each saved text in front of the typed one, and the version of
    the newest row."""
    data = request.POST.copy()
    data["version"] = str(row.version)
    for name in names:
        if isinstance(row._meta.get_field(name), PlainTextField):
            data[name] = both_texts(getattr(row, name), data.get(name, ""))
    return data
