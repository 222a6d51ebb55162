"""Change a status: in the table, on the initiative's page, and without JavaScript.

The answer to htmx is the status cell (or the head of the initiative's page), the counts and a
sentence. Without JavaScript the same view redirects to the page that the person came from.
"""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from core import clock, writing
from core.danish import month
from core.links import with_query
from core.months import previous_month
from initiatives.contacts.rights import initiative_to_judge, own_keys
from initiatives.history.sentences import INITIATIVE_WORDS
from initiatives.judging.forms import LeadStatusForm, StatusForm
from initiatives.models import Initiative, StatusSaved, StatusUpdate
from initiatives.month.rows import month_row, shown_until
from initiatives.presence.sentence import who_else
from initiatives.saving.attempt import (
    CHOICE,
    KEEP_BOTH,
    KEEP_THEIRS,
    Outdated,
    Refusal,
    attempt,
)
from initiatives.saving.conflict import both_texts, conflict_context, field_label, merged_sentence
from initiatives.saving.version import posted_version
from initiatives.sources import counting, live
from initiatives.status.cell import judgement_day, month_token, status_panel
from initiatives.status.filter import Filter
from initiatives.status.progress import count_cells, next_missing, progress, updated_sentence
from plan.status import NOT_REPORTED, STATUS_STYLES, style_of
from plan.words import reason_from

# Where the form was opened from, as its address says. The first two are pages of many rows.
FROM_TABLE, FROM_MONTH, FROM_PAGE = "tabel", "maaneden", "side"
PAGES_OF_ROWS = {FROM_TABLE: "initiatives:status-table", FROM_MONTH: "reports:month"}
NOTHING_CHANGED = (
    "Der er ikke ændret noget. Brug »Uændret«, hvis status er vurderet og ikke skal ændres."
)
MERGED_WORDS = INITIATIVE_WORDS.fields | {"status": "status"}


@requires(Permission.JUDGE_OWN)
@require_http_methods(["GET", "HEAD", "POST"])
def initiative_status(request: ProgrammeRequest, key: str) -> HttpResponse:
    """Show the form, or save the posted judgement. Answers 422 to an invalid form, and 409 when
    somebody else saved first."""
    initiative = initiative_to_judge(request, key)
    if request.method != "POST":
        return _form_response(request, initiative, _new_form(request, initiative), status=200)
    choice = request.POST.get(CHOICE)
    if choice == KEEP_THEIRS:
        return _after_save(request, initiative, f"Den gemte status for {initiative} gælder.")
    if choice == KEEP_BOTH:
        return _form_response(request, initiative, _with_both(request, initiative), status=200)
    form = _form_class(request)(request.POST, auto_id=_auto_id(initiative))
    outcome = attempt(form, lambda: _save(request, initiative, form))
    if isinstance(outcome, Refusal):
        return _form_response(
            request, initiative, outcome.form, status=outcome.status, conflict=outcome.conflict
        )
    return _after_save(request, outcome.row, _saved_sentence(outcome, request.user.name))


@requires(Permission.JUDGE_OWN)
@require_POST
def status_confirm(request: ProgrammeRequest, key: str) -> HttpResponse:
    """Record "Uændret": the status was judged and has not changed."""
    initiative = initiative_to_judge(request, key)
    refusal = _judge(
        request, initiative, partial(initiative.confirm_unchanged, version=posted_version(request))
    )
    return refusal or _after_save(
        request, initiative, f"{initiative} er bekræftet uændret.", tell_progress=True
    )


@requires(Permission.JUDGE_OWN)
@require_POST
def status_retract(request: ProgrammeRequest, key: str) -> HttpResponse:
    """Retract this month's "uændret" for the button "Fortryd"."""
    initiative = initiative_to_judge(request, key)
    refusal = _judge(request, initiative, initiative.retract_confirmation)
    return refusal or _after_save(request, initiative, "Bekræftelsen er trukket tilbage.")


def _judge(
    request: ProgrammeRequest, initiative: Initiative, judge: Callable[..., StatusUpdate]
) -> HttpResponse | None:
    """Call `judge` for the reported month. Returns None, or the answer that refuses."""
    reporting_month = request.programme.reporting_month
    try:
        _refuse_another_month(request)
        judge(month=reporting_month, actor=request.user.actor, at=clock.now())
    except Outdated as error:
        return _refused(request, initiative, str(error), status=409)
    except ValidationError as error:
        return _refused(request, initiative, " ".join(error.messages), status=422)
    except writing.VersionMissing:
        sentence = f"Status for {initiative} er ændret, siden du hentede siden. Se den igen."
        return _refused(request, initiative, sentence, status=409)
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
    request: ProgrammeRequest, initiative: Initiative, form: StatusForm
) -> StatusSaved[Initiative]:
    """Save the judgement, for `attempt`."""
    _refuse_another_month(request, "Se din tekst efter, og gem igen.")
    saved = initiative.change_status(
        **form.cleaned_data,
        month=request.programme.reporting_month,
        actor=request.user.actor,
        at=clock.now(),
    )
    if not (saved.update or saved.changed or saved.merged):
        raise ValidationError(NOTHING_CHANGED)
    return saved


def _new_form(request: ProgrammeRequest, initiative: Initiative, **changed: Any) -> StatusForm:
    """Make the form as it opens, with the initiative's status, yardsticks and texts."""
    newest = initiative.updates.judgements().newest_first().first()
    initial = {
        "version": initiative.version,
        "status": initiative.status,
        "deviates": newest.deviates if newest else [],
        "ask": initiative.ask,
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
        internal_notes=both_texts(initiative.internal_notes, post.get("internal_notes", "")),
    )


def _saved_sentence(saved: StatusSaved[Initiative], me: str) -> str:
    title = saved.row.title
    if saved.update:
        sentence = f"Status for {title} er gemt: {style_of(saved.row.status).label}."
    elif saved.changed:
        sentence = f"Teksterne for {title} er gemt."
    else:
        sentence = "Der er ikke ændret noget."
    return f"{sentence} {merged_sentence(saved, MERGED_WORDS, me)}".strip()


def _opened_from(request: ProgrammeRequest) -> str:
    came_from = request.POST.get("fra") or request.GET.get("fra") or ""
    return came_from if came_from in PAGES_OF_ROWS else FROM_PAGE


def _back_url(request: ProgrammeRequest, initiative: Initiative) -> str:
    """Return the address the person came from: the page of rows with its filter, or the
    initiative's page."""
    if _opened_from(request) == FROM_PAGE:
        return request.links.to("initiatives:initiative-detail", key=initiative.key)
    table = request.links.to(PAGES_OF_ROWS[_opened_from(request)])
    came_from = request.POST.get("tilbage") or request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()}):
        parts = urlsplit(came_from)
        if parts.path == table and parts.query:
            table = f"{table}?{parts.query}"
    return f"{table}#initiativ-{initiative.key}"


def _form_response(
    request: ProgrammeRequest,
    initiative: Initiative,
    form: StatusForm,
    *,
    status: int,
    conflict: writing.StaleVersion | None = None,
) -> HttpResponse:
    """Return the form as a row of the table, on the initiative's page, or on a separate page."""
    reporting_month = request.programme.reporting_month
    item, _state = live.build_one(initiative, month=reporting_month, with_actions=False)
    chosen = form["status"].value() or ""
    context = {
        "form": form,
        "initiative": initiative,
        "dom": f"ret-form-{initiative.key}",
        "opener": f"ret-{initiative.key}",
        "action": with_query(
            request.links.to("initiatives:initiative-status", key=initiative.key),
            month_token(reporting_month),
        ),
        "month": month(reporting_month),
        "before": item.before,
        "before_status": style_of(item.before.status if item.before else NOT_REPORTED),
        "before_day": judgement_day(item.before),
        "before_reason_from": reason_from(item.before, previous_month(reporting_month)),
        "options": [
            {
                "style": style,
                "checked": style.value == chosen,
                "last_month": item.before is not None and item.before.status == style.value,
            }
            for style in STATUS_STYLES
            if style.value != NOT_REPORTED
        ],
        "place": _opened_from(request),
        "back_url": _back_url(request, initiative),
        "terms_unknown": not initiative.has_approved_terms,
        "conflict": conflict_context(conflict, label=_label, show=_display, status_field="status")
        if conflict
        else None,
        # The version the form was loaded with, through every error; after a conflict the newest,
        # whose values the page now shows.
        "version": conflict.row.version if conflict else form["version"].value(),
        "internal": "internal_notes" in form.fields,
        "presence_url": request.links.to("initiatives:initiative-presence", key=initiative.key),
        "who_else": who_else(initiative, request.user),
        "is_htmx": bool(request.htmx),
    }
    if not request.htmx:
        template = "initiatives/status/status_form.html"
    elif context["place"] in PAGES_OF_ROWS:
        template = "initiatives/status/_status_form_row.html"
    else:
        template = "initiatives/status/_status_form.html"
    return render(request, template, context, status=status)


def _label(field: str) -> str:
    labels = {"status": "Status", "reason": "Begrundelse", "deviates": "Hvad afviger"}
    return labels.get(field) or field_label(Initiative, field)


def _display(field: str, value: Any) -> Any:
    return style_of(value) if field == "status" else value or ""


def _after_save(
    request: ProgrammeRequest,
    initiative: Initiative,
    sentence: str,
    *,
    tell_progress: bool = False,
    refused: bool = False,
) -> HttpResponse:
    """Answer after a write. `tell_progress` adds how many initiatives are updated to the sentence;
    `refused` says that nothing was written."""
    if not request.htmx:
        return _redirect_after_save(request, initiative, sentence, tell_progress=tell_progress)
    programme, links, today = request.programme, request.links, clock.today()
    reporting_month = programme.reporting_month
    item, state = live.build_one(initiative, month=reporting_month, with_actions=False)
    context: dict[str, Any] = {
        "initiative": initiative,
        "go_next": request.POST.get("gem") == "naeste",
        "refused": refused,
    }
    trigger = ""
    if _opened_from(request) == FROM_TABLE:
        chosen = _current_filter(request)
        numbers, updated, total = counting.count_live(programme, principle=chosen.principle)
        table = links.to("initiatives:status-table")
        context["progress"] = progress(updated, total, reporting_month, table)
        if chosen.missing or chosen.needs_document:
            # Only the document knows what a text matches, so the page fetches the counts again.
            trigger = "status-saved"
        else:
            labels = [(style, numbers[style.value]) for style in STATUS_STYLES]
            context["counts"] = count_cells(labels, chosen, table)
        if tell_progress:
            sentence += f" {updated_sentence(updated, total, reporting_month)}"
        template = "initiatives/status/_saved_in_table.html"
    elif _opened_from(request) == FROM_MONTH:
        trigger = "status-saved"
        context["row"] = month_row(
            item,
            state,
            links,
            document=live.document_without_rows(programme, month=reporting_month, on=today),
            until=shown_until(programme.next_meeting_on, today),
            focus=not context["go_next"],
        )
        template = "initiatives/month/_saved_in_month.html"
    else:
        trigger = "status-saved"
        template = "initiatives/status/_saved_on_page.html"
    context["sentence"] = sentence
    context["panel"] = status_panel(
        item,
        state,
        links,
        month=reporting_month,
        editable=True,
        with_texts=request.user.may(Permission.EDIT_PLAN, programme),
        focus=not context["go_next"],
    )
    response = render(request, template, context)
    if trigger:
        response["HX-Trigger"] = trigger
    return response


def _current_filter(request: ProgrammeRequest) -> Filter:
    """Read the filter of the page that htmx posted from; an empty one when its address can't be
    read."""
    try:
        query = urlsplit(request.htmx.current_url or "").query
        return Filter.from_query(QueryDict(query).dict())
    except (ValueError, SuspiciousOperation):
        return Filter()


def _redirect_after_save(
    request: ProgrammeRequest, initiative: Initiative, sentence: str, *, tell_progress: bool
) -> HttpResponse:
    programme = request.programme
    if tell_progress:
        _, updated, total = counting.count_live(programme)
        sentence += f" {updated_sentence(updated, total, programme.reporting_month)}"
    messages.success(request, sentence)
    if request.POST.get("gem") == "naeste":
        plan_now = live.build_live(programme, month=programme.reporting_month, on=clock.today())
        own = own_keys(request.user, programme)
        following = next_missing(plan_now.document, initiative.key, own)
        if following:
            url = request.links.to("initiatives:initiative-status", key=following.key)
            return HttpResponseRedirect(f"{url}?fra={_opened_from(request)}")
    return HttpResponseRedirect(_back_url(request, initiative))


def _refused(
    request: ProgrammeRequest, initiative: Initiative, sentence: str, *, status: int
) -> HttpResponse:
    """Answer a button that could not do what it says, with the sentence and the cell as it is
    now."""
    if not request.htmx:
        messages.error(request, sentence)
        return HttpResponseRedirect(_back_url(request, initiative))
    initiative.refresh_from_db()
    response = _after_save(request, initiative, sentence, refused=True)
    response.status_code = status
    return response
