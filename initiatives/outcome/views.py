"""Register what became of a presentation."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.views.decorators.http import require_http_methods

from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from core import clock, writing
from initiatives.editing.form_page import FormPage, editable, initiative_url, saved_response
from initiatives.history.sentences import DEADLINE_WORDS
from initiatives.models import Deadline, Fact
from initiatives.outcome.forms import OutcomeForm
from initiatives.saving.attempt import CHOICE, KEEP_BOTH, KEEP_THEIRS, Refusal, attempt
from initiatives.saving.conflict import both_texts, merged_sentence


@requires(Permission.EDIT_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def deadline_outcome(request: ProgrammeRequest, key: str) -> HttpResponse:
    """Show the form, or store the outcome as the deadline's answer. One that is put off is moved
    and stays open. Answers 422 to an invalid form, and 409 when somebody else saved first."""
    row = editable(request, Deadline, key)
    if row.fact != Fact.PRESENTATION:
        raise Http404
    page = FormPage(
        request, "Registrér udfald", row.initiative.title, initiative_url(request, row), row
    )
    today = clock.today()
    if request.method != "POST":
        return page.show(OutcomeForm.of(row, page.typed(), today=today))
    form = OutcomeForm.of(row, request.POST, today=today)
    choice = request.POST.get(CHOICE)
    if choice == KEEP_THEIRS:
        return saved_response(request, row, "Det gemte udfald gælder.")
    if choice == KEEP_BOTH:
        return page.show(form.bound_to(_with_both(request, row)))

    def save() -> writing.Saved[Deadline]:
        actor, now = request.user.actor, clock.now()
        try:
            return row.revise(form.values(), actor=actor, at=now, **form.revise_arguments())
        except ValidationError as error:
            raise form.as_own(error) from error

    outcome = attempt(form, save)
    if isinstance(outcome, Refusal):
        return page.show(outcome.form, status=outcome.status, conflict=outcome.conflict)
    return saved_response(request, outcome.row, _sentence(outcome, form, request.user.name))


def _sentence(saved: writing.Saved[Deadline], form: OutcomeForm, me: str) -> str:
    if not saved.changed:
        done = "Der er ikke ændret noget."
    elif form.is_postponed:
        done = "Det er registreret, at forelæggelsen er udsat."
    else:
        done = f"Udfaldet er registreret: {saved.row.get_outcome_display()}."
    return f"{done} {merged_sentence(saved, DEADLINE_WORDS.fields, me)}".strip()


def _with_both(request: ProgrammeRequest, row: Deadline) -> QueryDict:
    """Return the posted data with each saved text in front of the typed one, and the version of
    the newest row."""
    data = request.POST.copy()
    data["version"] = str(row.version)
    for name in ("outcome_remark", "wording"):
        data[name] = both_texts(getattr(row, name), data.get(name, ""))
    return data
