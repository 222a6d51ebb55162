"""Put a warning aside, and take that back.

The answer to htmx is the warning as the lists show it, with a sentence. Without JavaScript the form
is a page, and the answer leads back to the initiative's page.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

import plan
from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from core import clock
from core.kept import typed_form
from initiatives.editing.form_page import editable
from initiatives.models import Dismissal, Initiative
from initiatives.saving.attempt import Outdated, Refusal, attempt
from initiatives.sources.memory import live_plan
from initiatives.warnings.forms import DismissalForm
from initiatives.warnings.shown import ShownWarning, shown_warning, warning_id
from plan.contradictions import PlanWarning, warnings_of

# The query that asks for the warning in place of its form.
CANCEL = "annuller"
GONE = "Advarslen gælder ikke længere, fordi planen er ændret. Hent siden igen."


@requires(Permission.EDIT_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def warning_dismiss(request: ProgrammeRequest, key: str, fingerprint: str) -> HttpResponse:
    """Ask why a warning is in order, then put it aside. Answers 422 without a reason, and 409 when
    the warning is not there any more."""
    initiative = editable(request, Initiative, key)
    item, warning = _find(request, key, fingerprint)
    form = DismissalForm(typed_form(request), fingerprint=fingerprint)

    def save() -> Dismissal:
        if warning is None:
            raise Outdated(GONE)
        reason = form.cleaned_data["reason"]
        actor, now = request.user.actor, clock.now()
        return Dismissal.put_aside(initiative, warning, reason=reason, actor=actor, at=now)

    if request.method != "POST" and warning is None:
        return _back(request, key, GONE, refused=True)
    if request.htmx and CANCEL in request.GET and item and warning:
        shown = {"warning": _shown(request, item, warning, None), "focus": True}
        return render(request, "initiatives/warnings/_warning.html", shown)
    if request.method != "POST":
        opened = form.as_typed() if form.is_bound else form
        return _form(request, initiative, warning, opened, status=200)
    outcome = attempt(form, save)
    if isinstance(outcome, Refusal):
        return _form(request, initiative, warning, outcome.form, status=outcome.status)
    return _answer(request, item, warning, outcome, "Advarslen er afvist.")


@requires(Permission.EDIT_PLAN)
@require_POST
def warning_reinstate(request: ProgrammeRequest, key: str, fingerprint: str) -> HttpResponse:
    """Take back that a warning was put aside, for the button "Fortryd"."""
    initiative = editable(request, Initiative, key)
    try:
        Dismissal.withdraw(initiative, fingerprint, actor=request.user.actor, at=clock.now())
    except ValidationError as error:
        return _back(request, key, " ".join(error.messages), refused=True)
    item, warning = _find(request, key, fingerprint)
    return _answer(request, item, warning, None, "Advarslen gælder igen.")


def _find(
    request: ProgrammeRequest, key: str, fingerprint: str
) -> tuple[plan.Initiative | None, PlanWarning | None]:
    """Find the initiative in the plan as it is now, and the warning with this fingerprint. Either
    is None when it is not there any more."""
    programme = request.programme
    document = live_plan(programme, month=programme.reporting_month, on=clock.today()).document
    for item in document.initiatives():
        if item.key == key:
            found = (w for w in warnings_of(item, document) if w.fingerprint == fingerprint)
            return item, next(found, None)
    return None, None


def _form(
    request: ProgrammeRequest,
    initiative: Initiative,
    warning: PlanWarning | None,
    form: DismissalForm,
    *,
    status: int,
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "initiative": initiative,
        "sentence": warning.sentence if warning else "",
        "dom": warning_id(initiative.key, form.fingerprint),
        "back_url": _back_url(request, initiative.key),
        "action": request.path,
    }
    part = "_dismissal_form" if request.htmx else "dismissal"
    return render(request, f"initiatives/warnings/{part}.html", context, status=status)


def _answer(
    request: ProgrammeRequest,
    item: plan.Initiative | None,
    warning: PlanWarning | None,
    dismissal: Dismissal | None,
    sentence: str,
) -> HttpResponse:
    """Answer after a write. A warning that is gone by now is shown no more."""
    if not (request.htmx and item and warning):
        return _back(request, item.key if item else "", sentence)
    context = {
        "warning": _shown(request, item, warning, dismissal),
        "sentence": sentence,
        "focus": True,
    }
    return render(request, "initiatives/warnings/_saved.html", context)


def _shown(
    request: ProgrammeRequest,
    item: plan.Initiative,
    warning: PlanWarning,
    dismissal: Dismissal | None,
) -> ShownWarning:
    return shown_warning(item, warning, dismissal, request.links, editable=True)


def _back(
    request: ProgrammeRequest, key: str, sentence: str, *, refused: bool = False
) -> HttpResponse:
    """Lead back to where the warning was shown, and say there what happened."""
    (messages.error if refused else messages.success)(request, sentence)
    address = _back_url(request, key)
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _back_url(request: ProgrammeRequest, key: str) -> str:
    """The page that the form was opened from, or that of the initiative."""
    came_from = request.POST.get("tilbage") or request.GET.get("tilbage", "")
    if came_from.startswith("/") and url_has_allowed_host_and_scheme(came_from, allowed_hosts=None):
        return came_from
    page = request.links.to("initiatives:initiative-detail", key=key)
    return f"{page}#advarsler"
