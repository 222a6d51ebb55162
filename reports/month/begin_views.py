"""Begin the next month, or go back to the one before while nothing is judged for this one."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from core import clock, danish
from core.kept import typed_form
from core.months import next_month, parse_month, slug
from core.texts import CHANGE_REASON, typed_text
from initiatives.models import Initiative
from initiatives.saving.attempt import Refusal, attempt
from initiatives.saving.version import VersionedForm
from reports.models import Edition

GOING_BACK = "Hvorfor går du tilbage til {}?"


class BeginMonthForm(VersionedForm):
    """The form that begins a month. `question` asks for a reason where one is needed."""

    reason = CHANGE_REASON.formfield(
        help_text="Står i historikken.", widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, question: str, **made_with: Any) -> None:
        super().__init__(data, **made_with)
        self._made_with["question"] = question
        if question:
            self.fields["reason"].label = question
            self.fields["reason"].required = True
        else:
            del self.fields["reason"]


@requires(Permission.FREEZE_EDITIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def month_begin(request: ProgrammeRequest) -> HttpResponse:
    """Ask whether to begin the month of the address (`maaned=2026-03`; the next one without it),
    saying what happens and what is missing, and begin it when the form is posted. Answers 422 to
    a month that can't be begun, and 409 when somebody else has changed the programme."""
    programme = request.programme
    month = _wanted_month(request)
    is_locked = _locked_edition(request) is not None
    question = question_before(month, programme.reporting_month, is_locked, clock.today())
    initial = {"version": programme.version}
    form = BeginMonthForm(typed_form(request), question=question, initial=initial)
    if request.method != "POST":
        return _page(request, form.as_typed() if form.is_bound else form, month)

    def begin() -> Any:
        try:
            return programme.begin_month(
                month,
                version=form.cleaned_data["version"],
                actor=request.user.actor,
                reason=form.cleaned_data.get("reason", ""),
                at=clock.now(),
            )
        except ValidationError as error:
            # The form has no field for the month, which stands in the address.
            raise ValidationError(error.messages) from error

    outcome = attempt(form, begin)
    if isinstance(outcome, Refusal):
        return _page(request, outcome.form, month, status=outcome.status)
    if outcome.changed:
        name = danish.capitalise(danish.month(month))
        messages.success(request, f"{name} er begyndt.")
    return HttpResponseRedirect(request.links.to("reports:month"))


def question_before(month: date, present: date, is_locked: bool, today: date) -> str:
    """Ask why `month` is begun, if that is unusual: when the `present` month is not over or not
    locked, and when `month` lies before it. "" when nothing is unusual."""
    if month < present:
        return GOING_BACK.format(danish.month_name(month))
    lacking = [
        *(["slut"] if today < next_month(present) else []),
        *(["låst"] if not is_locked else []),
    ]
    if month == present or not lacking:
        return ""
    words = f"hverken {' eller '.join(lacking)}" if len(lacking) == 2 else f"ikke {lacking[0]}"
    name = danish.capitalise(danish.month_name(present))
    return f"{name} er {words}. Hvorfor begynder du på {danish.month_name(month)} nu?"


def _wanted_month(request: ProgrammeRequest) -> date:
    try:
        return parse_month(typed_text(request.GET, "maaned"))
    except ValueError:
        return next_month(request.programme.reporting_month)


def _locked_edition(request: ProgrammeRequest) -> Edition | None:
    """The newest edition of the month that is reported, if there is any."""
    editions = Edition.objects.of(request.programme).without_document()
    present = editions.filter(report__month=request.programme.reporting_month)
    newest: Edition | None = present.newest_first().first()
    return newest


def _page(
    request: ProgrammeRequest, form: BeginMonthForm, month: date, *, status: int = 200
) -> HttpResponse:
    present = request.programme.reporting_month
    edition = _locked_edition(request)
    number = Initiative.objects.of(request.programme).in_plan().count()
    context = {
        "form": form,
        "month": danish.month(month),
        "short_month": danish.month_name(month),
        "is_back": month < present,
        "number": number,
        "present": danish.capitalise(danish.month_name(present)),
        "edition": edition,
        "action": f"{request.path}?maaned={slug(month)}",
        "back_url": request.links.to("reports:month"),
    }
    return render(request, "reports/month/begin.html", context, status=status)
