"""Show the page that locks a month."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

import plan
from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from core import clock, danish
from core.kept import kept_form
from core.months import slug
from reports import months
from reports.addresses import NOW, edition_name, edition_slug, edition_url, no_report
from reports.comparison.compare import make_comparison
from reports.comparison.page import anchor
from reports.editions import approval, freezing, rendering
from reports.editions.forms import PREFIX, EditionForm, Proposal
from reports.editions.sentence_groups import SentenceGroup, sentence_groups
from reports.locked_plans import locked_plan
from reports.models import Edition

CHANGED = (
    "Planen er ændret, siden du åbnede siden. Se sætningerne igennem igen, og lås derefter. "
    "Det, du har skrevet, står herunder."
)


@requires(Permission.FREEZE_EDITIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def edition_freeze(request: ProgrammeRequest, month: str) -> HttpResponse:
    """Show Lås udgave, with the change text to be read and edited and the meeting; lock the month
    when the form is posted."""
    try:
        first_day = months.find_month(month, request.programme)
    except months.NoReport as error:
        return no_report(request, str(error))
    now = clock.now()
    if request.method != "POST":
        return _freeze_page(request, first_day)
    form = EditionForm.posted(request.POST)
    if not form.is_valid():
        return _freeze_page(request, first_day, form.errors, status=422)
    try:
        edition = freezing.freeze(
            request.programme,
            month=first_day,
            basis=form.cleaned_data["basis"],
            wordings=form.wordings(),
            left_out=form.left_out(),
            meeting_on=form.cleaned_data["meeting_on"],
            correction=form.cleaned_data["correction"],
            actor=request.user.actor,
            at=now,
        )
    except ValidationError as error:
        return _freeze_page(request, first_day, error.message_dict, status=422)
    except freezing.PlanChanged:
        locked = _locked_by_this_form(request, first_day, form)
        if locked:
            return HttpResponseRedirect(edition_url(request, locked))
        return _freeze_page(request, first_day, {"": [CHANGED]}, status=409)
    if rendering.make(edition, now, is_new=True):
        messages.success(request, approval.next_step(edition))
    else:
        name = danish.capitalise(edition_name(edition))
        messages.error(request, f"{name} er låst, men nogle af filerne kunne ikke dannes.")
    return HttpResponseRedirect(edition_url(request, edition))


def _locked_by_this_form(
    request: ProgrammeRequest, month: date, form: EditionForm
) -> Edition | None:
    """Find the edition that this same form has locked already, because it was sent twice."""
    editions = Edition.objects.of(request.programme).select_related("report").without_document()
    sent = form.cleaned_data
    edition: Edition | None = editions.filter(
        report__month=month, frozen_by=request.user, basis=sent["basis"]
    ).first()
    if edition is None or (edition.meeting_on, edition.correction) != (
        sent["meeting_on"],
        sent["correction"] if edition.number > 1 else "",
    ):
        return None
    locked = {s["id"]: s["text"] for s in edition.sentences if freezing.is_taken(s)}
    without = form.left_out()
    taken = {change: text for change, text in form.wordings().items() if change not in without}
    return edition if locked == taken else None


def _freeze_page(
    request: ProgrammeRequest,
    month: date,
    errors: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Show the form for what would be locked now. What was typed for a change that is still there
    is kept."""
    candidate = freezing.candidate(request.programme, month=month, on=clock.today())
    groups = _groups(candidate)
    kept = kept_form(request)
    typed = kept.data if kept else request.POST
    form = EditionForm(
        typed if kept or request.method == "POST" else None,
        proposals=_proposals(candidate, groups),
        is_first=candidate.number == 1,
        initial={"meeting_on": _meeting_on(request, candidate)},
    )
    if form.is_bound:
        errors = dict(errors or {})
        if typed.get("basis") != candidate.basis:
            # Said beside any other error, because the form is sent with the new basis next time.
            errors[""], status = [CHANGED], 200 if kept else 409
        form.replace_errors(errors)
    compared_with, not_judged = candidate.compared_with, plan.not_updated(candidate.document)
    context = {
        "form": form,
        "sentences": _sentences(form, groups, _changes_url(request, candidate)),
        "dropped": form.dropped_sentences(),
        "basis": candidate.basis,
        "number": candidate.number,
        "month": danish.month(month),
        "compared_with": edition_name(compared_with) if compared_with else "",
        "not_judged_count": danish.count(len(not_judged), "initiativ", "initiativer"),
        "not_judged": [
            (item.title, request.links.to("initiatives:initiative-detail", key=item.key))
            for item in not_judged
        ],
        "back_url": request.links.to("reports:report-month", month=slug(month)),
        "list_url": request.links.to("reports:report-list"),
    }
    return render(request, "reports/editions/freeze.html", context, status=status)


@dataclass(frozen=True, slots=True)
class ShownSentence:
    """A sentence in the form: its field, its tick, and the address of its change (or "")."""

    heading: str
    title: str
    about: str
    number: int
    change: str
    field: BoundField
    is_taken: bool
    change_url: str


def _groups(candidate: freezing.Candidate) -> tuple[SentenceGroup, ...]:
    before = candidate.compared_with
    if before is None:
        return ()
    compared = make_comparison(locked_plan(before).document, candidate.document)
    return sentence_groups(compared, candidate.wordings)


def _proposals(
    candidate: freezing.Candidate, groups: Iterable[SentenceGroup]
) -> Iterator[Proposal]:
    """Yield what the form opens with, in the order of its groups."""
    wordings, left_out = candidate.wordings, candidate.left_out
    for group in groups:
        for change in group.changes:
            yield Proposal(change, wordings[change], group.about, change not in left_out)


def _sentences(
    form: EditionForm, groups: Iterable[SentenceGroup], changes_url: str
) -> list[ShownSentence]:
    lines = [(group, change) for group in groups for change in group.changes]
    return [
        ShownSentence(
            heading=group.heading,
            title=group.title,
            about=group.about,
            number=number,
            change=change,
            field=form[f"{PREFIX}{change}"],
            is_taken=form.is_taken(change),
            change_url=changes_url and f"{changes_url}{anchor(change)}",
        )
        for number, (group, change) in enumerate(lines, start=1)
    ]


def _changes_url(request: ProgrammeRequest, candidate: freezing.Candidate) -> str:
    """Return the address of the comparison that shows the changes, up to their ids; "" when no page
    compares the plan of the month."""
    before = candidate.compared_with
    if before is None or candidate.document.month != request.programme.reporting_month:
        return ""
    return f"{request.links.to('reports:compare')}?fra={edition_slug(before)}&til={NOW}#"


def _meeting_on(request: ProgrammeRequest, candidate: freezing.Candidate) -> date | None:
    """Propose the meeting: that of the edition that is corrected, else the programme's next one."""
    if candidate.corrects:
        return candidate.corrects.meeting_on
    is_now = candidate.document.month == request.programme.reporting_month
    return request.programme.next_meeting_on if is_now else None
