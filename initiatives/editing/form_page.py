"""The page of a form that adds or edits a row, and what every such view asks first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render

from accounts.access import ProgrammeRequest
from core import clock, writing
from core.danish import day
from core.history import Words
from initiatives.editing.forms import ActionForm, DeadlineForm, InitiativeForm, TextForm
from initiatives.editing.preview import preview, understood
from initiatives.history.sentences import ACTION_WORDS, DEADLINE_WORDS, INITIATIVE_WORDS
from initiatives.models import Action, Deadline, Fact, Initiative, TermsOfReferenceState
from initiatives.saving.conflict import (
    conflict_context,
    field_label,
)


@dataclass(frozen=True)
class Kind:
    """What the shared views need to know of one model."""

    noun: str
    title: str
    form: Callable[..., TextForm]
    fields: tuple[str, ...]
    words: Words


# The name of the button that shows what a deadline is understood as.
PREVIEW = "forhaandsvis"

KINDS: dict[type[Any], Kind] = {
    Initiative: Kind(
        "initiativet",
        "Ret tekster",
        InitiativeForm,
        ("title", "report_text", "ask", "internal_notes", "terms_of_reference"),
        INITIATIVE_WORDS,
    ),
    Action: Kind("indsatsen", "Ret indsats", ActionForm, ("title",), ACTION_WORDS),
    Deadline: Kind(
        "deadlinen",
        "Ret deadline",
        DeadlineForm,
        (
            *("wording", "fact", "action", "since", "detail", "met_on"),
            *("set_by_hand", "starts_on", "ends_on", "opens_on"),
        ),
        DEADLINE_WORDS,
    ),
}


def editable(
    request: ProgrammeRequest, kind: type[Any], key: str, *, archived: bool = False
) -> Any:
    rows = kind.objects.of(request.programme).editable_by(request.user).under_live()
    rows = rows.exclude(archived_at=None) if archived else rows.live()
    return get_object_or_404(rows, key=key)


def posted_data(request: ProgrammeRequest) -> Any:
    """The form's data; an empty form is a form too."""
    return request.POST if request.method == "POST" else None


def initiative_of(row: Any) -> Initiative:
    found: Initiative = row if isinstance(row, Initiative) else row.initiative
    return found


def page_of(request: ProgrammeRequest, row: Any) -> str:
    return request.links.to("initiatives:initiative-detail", key=initiative_of(row).key)


def saved_response(request: ProgrammeRequest, row: Any, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return HttpResponseRedirect(page_of(request, row))


def form_page(
    request: ProgrammeRequest,
    form: TextForm,
    title: str,
    subject: str,
    back_url: str,
    *,
    row: Any = None,
    status: int | None = None,
    conflict: writing.StaleVersion | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "row": row,
        "title": title,
        "subject": subject,
        "back_url": back_url,
        "conflict": conflict_context(
            conflict, label=lambda name: field_label(conflict.row, name), show=_shown
        )
        if conflict
        else None,
    }
    if status is None:
        status = 422 if form.errors else 200
    template = "initiatives/editing/text_form.html"
    if isinstance(form, DeadlineForm):
        template = "initiatives/editing/deadline_form.html"
        context["understood"] = _understood(form, row)
    return render(request, template, context, status=status)


def preview_response(
    request: ProgrammeRequest, form: DeadlineForm, row: Deadline, title: str, back_url: str
) -> HttpResponse:
    """What is typed so far, and what it is understood as; nothing is saved, nothing is refused."""
    understood = _understood(form, row)
    if request.htmx:
        return render(request, "initiatives/editing/_understood.html", {"understood": understood})
    context = {
        "form": form.as_typed(),
        "row": row,
        "title": title,
        "subject": row.initiative.title,
        "back_url": back_url,
        "understood": understood,
    }
    return render(request, "initiatives/editing/deadline_form.html", context)


def _understood(form: DeadlineForm, row: Deadline) -> list[str]:
    if not form.is_bound:
        return understood(row) if row.pk else []
    form.is_valid()
    return form.day_errors() or preview(row, form.usable_values(), clock.today())


def _shown(field: str, value: Any) -> str:
    if isinstance(value, date):
        return day(value)
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    if field == "fact":
        return str(Fact(value).label)
    if field == "terms_of_reference":
        return str(TermsOfReferenceState(value).label)
    return "" if value is None else str(value)
