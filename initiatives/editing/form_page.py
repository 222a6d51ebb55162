"""The page of a form that adds or edits a row, and the first steps that its views share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render

from accounts.access import ProgrammeRequest
from core import writing
from core.danish import day
from core.history import Words
from core.kept import kept_form, typed_form
from initiatives.editing.forms import ActionForm, DeadlineForm, InitiativeForm, TextForm
from initiatives.history.sentences import ACTION_WORDS, DEADLINE_WORDS, INITIATIVE_WORDS
from initiatives.models import Action, Deadline, Fact, Initiative, PlanRow, TermsOfReferenceState
from initiatives.saving.conflict import conflict_context, field_label

Row = TypeVar("Row", bound=PlanRow)

# The name of the button that shows what a deadline is understood as.
PREVIEW = "forhaandsvis"


@dataclass(frozen=True)
class EditedKind:
    """What the shared views need to know of one kind of row; `initiative_of` gives the initiative
    whose page shows a row."""

    title: str
    form: type[TextForm]
    words: Words
    initiative_of: Callable[[Any], Initiative]


EDITED_KINDS: dict[type[PlanRow], EditedKind] = {
    Initiative: EditedKind("Ret tekster", InitiativeForm, INITIATIVE_WORDS, lambda row: row),
    Action: EditedKind("Ret indsats", ActionForm, ACTION_WORDS, attrgetter("initiative")),
    Deadline: EditedKind("Ret deadline", DeadlineForm, DEADLINE_WORDS, attrgetter("initiative")),
}


def editable(
    request: ProgrammeRequest, model: type[Row], key: str, *, archived: bool = False
) -> Row:
    """Return the row that the user may edit, or raise Http404."""
    rows = model.objects.of(request.programme).editable_by(request.user).under_live()
    rows = rows.exclude(archived_at=None) if archived else rows.live()
    row: Row = get_object_or_404(rows, key=key)
    return row


def initiative_url(request: ProgrammeRequest, row: PlanRow) -> str:
    """Return the address of the initiative's page that shows the row."""
    key = EDITED_KINDS[type(row)].initiative_of(row).key
    return request.links.to("initiatives:initiative-detail", key=key)


def saved_response(request: ProgrammeRequest, row: PlanRow, sentence: str) -> HttpResponse:
    """Redirect to the page that shows the row, and say there what was saved."""
    messages.success(request, sentence)
    return HttpResponseRedirect(initiative_url(request, row))


@dataclass(frozen=True)
class FormPage:
    """The page of one form: `subject` is what the row belongs to, `row` the one that is edited
    (or the new deadline; None for other new rows)."""

    request: ProgrammeRequest
    title: str
    subject: str
    back_url: str
    row: Any = None

    def typed(self) -> Any:
        """Return what was posted, or kept from before a login; None when the form is only
        opened."""
        return typed_form(self.request)

    def show(
        self,
        form: TextForm,
        *,
        status: int = 200,
        conflict: writing.StaleVersion | None = None,
    ) -> HttpResponse:
        """Return the page with the form, and with both versions when there is a conflict."""
        both = None
        if conflict:
            stale = conflict.row
            both = conflict_context(
                conflict, label=lambda n: field_label(stale, n), show=_value_words
            )
        if kept_form(self.request):
            form = form.as_typed()
        context = self._context(form) | {
            "conflict": both,
            "understood": form.understood(self.row),
        }
        return render(self.request, form.template, context, status=status)

    def preview(self, form: TextForm) -> HttpResponse:
        """Return the page with what is typed so far and how it is understood. Nothing is saved or
        refused."""
        understood = form.understood(self.row)
        if self.request.htmx:
            part = "initiatives/editing/_understood.html"
            return render(self.request, part, {"understood": understood})
        context = self._context(form.as_typed()) | {"understood": understood}
        return render(self.request, form.template, context)

    def _context(self, form: TextForm) -> dict[str, Any]:
        return {
            "form": form,
            "row": self.row,
            "title": self.title,
            "subject": self.subject,
            "back_url": self.back_url,
        }


def _value_words(field: str, value: Any) -> str:
    """Write a field's value in words, for the table of a conflict."""
    if isinstance(value, date):
        return day(value)
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    if field == "fact":
        return str(Fact(value).label)
    if field == "terms_of_reference":
        return str(TermsOfReferenceState(value).label)
    return "" if value is None else str(value)
