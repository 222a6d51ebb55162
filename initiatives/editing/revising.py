"""Revise a row with a form: show it, save what was posted, or say why it can't be saved."""

from django.http import HttpResponse, QueryDict

from accounts.access import ProgrammeRequest
from core import clock, writing
from core.danish import capitalise
from core.texts import PlainTextField
from initiatives.editing.form_page import (
    EDITED_KINDS,
    PREVIEW,
    FormPage,
    initiative_url,
    saved_response,
)
from initiatives.editing.forms import TextForm
from initiatives.models import PlanRow
from initiatives.saving.attempt import CHOICE, KEEP_BOTH, KEEP_THEIRS, Refusal, attempt
from initiatives.saving.conflict import both_texts, merged_sentence


def revise_with(
    request: ProgrammeRequest, row: PlanRow, form_class: type[TextForm], title: str
) -> HttpResponse:
    """Show the form of the row on a page called `title`, or save it. Answers 422 to an invalid
    form, and 409 when somebody else has changed the same field."""
    today, subject = clock.today(), EDITED_KINDS[type(row)].initiative_of(row).title
    page = FormPage(request, title, subject, initiative_url(request, row), row)
    form = form_class.of(row, page.typed(), today=today)
    if request.method != "POST":
        return page.show(form)
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
