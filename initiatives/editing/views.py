"""Editing the texts of the plan: edit, move, archive and restore. Never delete.

Initiatives, indsatser and deadlines share these views: their models and forms know what differs,
and `EDITED_KINDS` has the words for each.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from core import clock, writing
from core.danish import capitalise
from initiatives.editing.form_page import (
    EDITED_KINDS,
    editable,
    initiative_url,
)
from initiatives.editing.revising import revise_with
from initiatives.models import PlanRow
from initiatives.saving.version import posted_version


@requires(Permission.EDIT_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def row_edit(request: ProgrammeRequest, kind: type[PlanRow], key: str) -> HttpResponse:
    """Edit the texts of a row."""
    edited = EDITED_KINDS[kind]
    return revise_with(request, editable(request, kind, key), edited.form, edited.title)


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
