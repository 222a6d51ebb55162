"""Answer the form that judges an initiative: show it, and what was saved, where it was opened."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

import plan
from accounts.access import ProgrammeRequest
from accounts.permissions import Permission
from core import clock, writing
from core.danish import month
from core.kept import typed_form
from core.links import with_query
from core.months import previous_month
from initiatives.contacts.rights import own_keys
from initiatives.history.sentences import INITIATIVE_WORDS
from initiatives.judging.forms import StatusForm
from initiatives.judging.part_forms import Parts
from initiatives.models import Dismissal, Initiative, StatusSaved
from initiatives.month.rows import month_row, shown_until
from initiatives.presence.sentence import who_else
from initiatives.saving.conflict import conflict_context, field_label, merged_sentence
from initiatives.sources import counting, live
from initiatives.sources.dismissals import put_aside
from initiatives.status.cell import judgement_day, month_token, status_panel
from initiatives.status.filter import Filter
from initiatives.status.progress import count_cells, next_missing, progress, updated_sentence
from plan.status import NOT_REPORTED, STATUS_STYLES, style_of
from plan.words import reason_from

# Where the form was opened from, as its address says. The first two are pages of many rows.
FROM_TABLE, FROM_MONTH, FROM_PAGE = "tabel", "maaneden", "side"
PAGES_OF_ROWS = {FROM_TABLE: "initiatives:status-table", FROM_MONTH: "reports:month"}
MERGED_WORDS = INITIATIVE_WORDS.fields | {"status": "status"}


def parts_of(request: ProgrammeRequest, initiative: Initiative) -> Parts:
    """Make the forms of the indsatser and deadlines, as posted, as kept through a login or as they
    open; none for a tovholder, who may set the status alone."""
    may_edit = request.user.may(Permission.EDIT_PLAN, request.programme)
    typed = typed_form(request)
    return Parts(initiative if may_edit else None, typed, auto_id=f"id_%s_{initiative.key}")


def saved_sentence(saved: StatusSaved[Initiative], me: str, *, parts_changed: bool) -> str:
    title = saved.row.title
    if saved.update:
        sentence = f"Status for {title} er gemt: {style_of(saved.row.status).label}."
    elif saved.changed or parts_changed:
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


def form_page(
    request: ProgrammeRequest,
    initiative: Initiative,
    form: StatusForm,
    *,
    parts: Parts | None = None,
    status: int,
    conflict: writing.StaleVersion | None = None,
) -> HttpResponse:
    """Return the form as a row of the table, on the initiative's page, or on a separate page."""
    reporting_month = request.programme.reporting_month
    item, _state = live.build_one(initiative, month=reporting_month, with_actions=False)
    chosen = form["status"].value() or ""
    context = {
        "form": form,
        "parts": parts or parts_of(request, initiative),
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
        "confirm_url": _confirm_url(request, item),
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


def _confirm_url(request: ProgrammeRequest, item: plan.Initiative) -> str:
    """Return the address of "Bekræft uændret"; "" where there is nothing to confirm."""
    reporting_month = request.programme.reporting_month
    if item.judgement is None or item.judgement.month == reporting_month:
        return ""
    address = request.links.to("initiatives:status-confirm", key=item.key)
    return with_query(address, month_token(reporting_month))


def _label(field: str) -> str:
    labels = {"status": "Status", "reason": "Begrundelse", "deviates": "Hvad afviger"}
    return labels.get(field) or field_label(Initiative, field)


def _display(field: str, value: Any) -> Any:
    return style_of(value) if field == "status" else value or ""


def after_save(
    request: ProgrammeRequest,
    initiative: Initiative,
    sentence: str,
    *,
    tell_progress: bool = False,
    refused: bool = False,
    parts_changed: bool = False,
) -> HttpResponse:
    """Answer after a write. `tell_progress` adds how many initiatives are updated to the sentence;
    `refused` says that nothing was written, `parts_changed` that an indsats or a deadline was."""
    if not request.htmx:
        return _redirect_after_save(request, initiative, sentence, tell_progress=tell_progress)
    if parts_changed and _opened_from(request) != FROM_MONTH:
        # The page shows them in other places than the status, so it is loaded again.
        messages.success(request, sentence)
        return HttpResponse(headers={"HX-Refresh": "true"})
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
            put_aside(Dismissal.objects.filter(initiative=initiative).order_by("id")),
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


def refused_button(
    request: ProgrammeRequest, initiative: Initiative, sentence: str, *, status: int
) -> HttpResponse:
    """Answer a button that could not do what it says, with the sentence and the cell as it is
    now."""
    if not request.htmx:
        messages.error(request, sentence)
        return HttpResponseRedirect(_back_url(request, initiative))
    initiative.refresh_from_db()
    response = after_save(request, initiative, sentence, refused=True)
    response.status_code = status
    return response
