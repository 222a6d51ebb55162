"""Change a status: in the table, on the initiative's page, and without JavaScript.

The answer to htmx is the status cell (or the head of the initiative's page), the counts and a
sentence. Without JavaScript the same view redirects to the page that the person came from.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from core import clock, writing
from core.danish import month
from core.kept import kept_form
from initiatives.contacts.rights import initiative_to_judge
from initiatives.judging.answers import (
    after_save,
    form_page,
    parts_of,
    refused_button,
    saved_sentence,
)
from initiatives.judging.forms import LeadStatusForm, StatusForm
from initiatives.judging.part_forms import PARTS_REFUSED, Parts
from initiatives.models import Initiative, StatusSaved, StatusUpdate
from initiatives.saving.attempt import (
    CHOICE,
    KEEP_BOTH,
    KEEP_THEIRS,
    Outdated,
    Refusal,
    attempt,
)
from initiatives.saving.conflict import both_texts
from initiatives.saving.version import posted_version
from initiatives.status.cell import month_token

NOTHING_CHANGED = (
    "Der er ikke ændret noget. Brug »Uændret«, hvis status er vurderet og ikke skal ændres."
)


@requires(Permission.JUDGE_OWN)
@require_http_methods(["GET", "HEAD", "POST"])
def initiative_status(request: ProgrammeRequest, key: str) -> HttpResponse:
    """Show the form, or save the posted judgement. Answers 422 to an invalid form, and 409 when
    somebody else saved first."""
    initiative = initiative_to_judge(request, key)
    if request.method != "POST":
        kept = kept_form(request)
        opened = (
            _posted_form(request, initiative, kept.data).as_typed()
            if kept
            else _new_form(request, initiative)
        )
        return form_page(request, initiative, opened, status=200)
    choice = request.POST.get(CHOICE)
    if choice == KEEP_THEIRS:
        return after_save(request, initiative, f"Den gemte status for {initiative} gælder.")
    if choice == KEEP_BOTH:
        both = _with_both(request, initiative)
        return form_page(request, initiative, both, parts=parts_of(request, initiative), status=200)
    form = _posted_form(request, initiative, request.POST)
    parts = parts_of(request, initiative)
    outcome = attempt(form, lambda: _save(request, initiative, form, parts))
    if isinstance(outcome, Refusal):
        return form_page(
            request,
            initiative,
            outcome.form,
            parts=parts,
            status=outcome.status,
            conflict=outcome.conflict,
        )
    saved, parts_changed = outcome
    sentence = saved_sentence(saved, request.user.name, parts_changed=parts_changed)
    return after_save(request, saved.row, sentence, parts_changed=parts_changed)


@requires(Permission.JUDGE_OWN)
@require_POST
def status_confirm(request: ProgrammeRequest, key: str) -> HttpResponse:
    """Record "Uændret": the status was judged and has not changed."""
    initiative = initiative_to_judge(request, key)
    refusal = _judge(
        request, initiative, partial(initiative.confirm_unchanged, version=posted_version(request))
    )
    return refusal or after_save(
        request, initiative, f"{initiative} er bekræftet uændret.", tell_progress=True
    )


@requires(Permission.JUDGE_OWN)
@require_POST
def status_retract(request: ProgrammeRequest, key: str) -> HttpResponse:
    """Retract this month's "uændret" for the button "Fortryd"."""
    initiative = initiative_to_judge(request, key)
    refusal = _judge(request, initiative, initiative.retract_confirmation)
    return refusal or after_save(request, initiative, "Bekræftelsen er trukket tilbage.")


def _judge(
    request: ProgrammeRequest, initiative: Initiative, judge: Callable[..., StatusUpdate]
) -> HttpResponse | None:
    """Call `judge` for the reported month. Returns None, or the answer that refuses."""
    reporting_month = request.programme.reporting_month
    try:
        _refuse_another_month(request)
        judge(month=reporting_month, actor=request.user.actor, at=clock.now())
    except Outdated as error:
        return refused_button(request, initiative, str(error), status=409)
    except ValidationError as error:
        return refused_button(request, initiative, " ".join(error.messages), status=422)
    except writing.VersionMissing:
        sentence = f"Status for {initiative} er ændret, siden du hentede siden. Se den igen."
        return refused_button(request, initiative, sentence, status=409)
    return None


def _form_class(request: ProgrammeRequest) -> type[StatusForm]:
    internal = request.user.may(Permission.VIEW_INTERNAL_NOTES, request.programme)
    return StatusForm if internal else LeadStatusForm


def _refuse_another_month(request: ProgrammeRequest, and_then: str = "") -> None:
    """Raise Outdated when the form or button is for another month than the one now reported.
    `and_then` tells the person what to do."""
    reporting_month = request.programme.reporting_month
    form_month = request.GET.get("maaned", "")
    if form_month and f"maaned={form_month}" != month_token(reporting_month):
        now = f"Der opgøres nu status for {month(reporting_month)}. Intet er gemt."
        raise Outdated(f"{now} {and_then}".strip())


def _save(
    request: ProgrammeRequest, initiative: Initiative, form: StatusForm, parts: Parts
) -> tuple[StatusSaved[Initiative], bool]:
    """Save the judgement with the indsatser and deadlines, for `attempt`. Returns what was saved,
    and whether an indsats or a deadline was changed."""
    _refuse_another_month(request, "Se din tekst efter, og gem igen.")
    if not parts.is_valid():
        raise ValidationError(PARTS_REFUSED)
    actor, at = request.user.actor, clock.now()
    with transaction.atomic():
        saved = initiative.change_status(
            **form.cleaned_data, month=request.programme.reporting_month, actor=actor, at=at
        )
        parts_changed = parts.save(actor=actor, at=at)
        if not (saved.update or saved.changed or saved.merged or parts_changed):
            raise ValidationError(NOTHING_CHANGED)
    return saved, parts_changed


def _posted_form(request: ProgrammeRequest, initiative: Initiative, data: QueryDict) -> StatusForm:
    return _form_class(request)(data, auto_id=_auto_id(initiative))


def _new_form(request: ProgrammeRequest, initiative: Initiative, **changed: Any) -> StatusForm:
    """Make the form as it opens, with the initiative's status, yardsticks and texts."""
    newest = initiative.updates.judgements().newest_first().first()
    initial = {
        "version": initiative.version,
        "status": initiative.status,
        "deviates": newest.deviates if newest else [],
        "ask": initiative.ask,
        "report_text": initiative.report_text,
        "internal_notes": initiative.internal_notes,
    }
    return _form_class(request)(initial=initial | changed, auto_id=_auto_id(initiative))


def _auto_id(initiative: Initiative) -> str:
    """Make the pattern of the fields' ids: several forms may be open in the table, so the ids of
    one initiative differ from those of another."""
    return f"id_%s_{initiative.key}"


def _with_both(request: ProgrammeRequest, initiative: Initiative) -> StatusForm:
    """Make the form with each saved text and the typed one below it, to be edited."""
    newest = initiative.updates.judgements().newest_first().first()
    post = request.POST
    return _new_form(
        request,
        initiative,
        status=post.get("status") or initiative.status,
        deviates=post.getlist("deviates"),
        reason=both_texts(newest.reason if newest else "", post.get("reason", "")),
        ask=both_texts(initiative.ask, post.get("ask", "")),
        report_text=both_texts(initiative.report_text, post.get("report_text", "")),
        internal_notes=both_texts(initiative.internal_notes, post.get("internal_notes", "")),
    )
