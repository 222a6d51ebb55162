"""Choose the tovholder and the kontaktperson of an initiative, and see who will be reminded."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from core import clock, danish
from initiatives.contacts.forms import ContactsForm
from initiatives.contacts.letters import letter_to
from initiatives.contacts.reminders import Reminded, reminder_days, who_misses
from initiatives.editing.form_page import editable
from initiatives.editing.revising import revise_with
from initiatives.models import Initiative, Reminder
from initiatives.sources.memory import live_plan


@requires(Permission.EDIT_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def contacts_edit(request: ProgrammeRequest, key: str) -> HttpResponse:
    """Edit the two people of an initiative. There is no such page in a programme without them."""
    initiative = editable(request, Initiative, key)
    _refuse_without_contacts(request)
    return revise_with(request, initiative, ContactsForm, "Ret tovholder og kontaktperson")


@requires(Permission.EDIT_PLAN)
@require_safe
def reminder_list(request: ProgrammeRequest) -> HttpResponse:
    """Show Påmindelser: who is reminded of what before the meeting, when, with the mail as it would
    be sent now."""
    _refuse_without_contacts(request)
    programme, today = request.programme, clock.today()
    document = live_plan(programme, month=programme.reporting_month, on=today).document
    reminded, nobodys = who_misses(programme, document)
    meeting_on = programme.next_meeting_on
    context = {
        "month": danish.month(programme.reporting_month),
        "meeting": danish.full_day(meeting_on) if meeting_on else "",
        "days": [
            (number, danish.full_day(day), day < today)
            for number, day in (reminder_days(meeting_on) if meeting_on else ())
        ],
        "people": _people(request, reminded),
        "nobodys": [
            (item.title, request.links.to("initiatives:contacts-edit", key=item.key))
            for item in nobodys
        ],
        "can_send": bool(settings.SITE_URL),
    }
    return render(request, "initiatives/contacts/reminders.html", context)


def _refuse_without_contacts(request: ProgrammeRequest) -> None:
    if not request.programme.uses_contacts:
        raise Http404


def _people(request: ProgrammeRequest, reminded: list[Reminded]) -> list[dict[str, Any]]:
    """Make what the page shows of each person: what misses, the mail, and what was sent before."""
    programme, meeting_on = request.programme, request.programme.next_meeting_on
    site = settings.SITE_URL or f"{request.scheme}://{request.get_host()}"
    earlier = Reminder.objects.filter(
        membership__programme=programme, month=programme.reporting_month
    )
    sent: dict[int, list[tuple[str, str]]] = {}
    for row in earlier.select_related("mail").order_by("created_at", "id"):
        day = danish.moment_day(row.created_at)
        sent.setdefault(row.membership_id, []).append((day, row.state))
    return [
        {
            "name": str(one.membership.user),
            "email": one.membership.user.email,
            "wants": one.membership.wants_reminders,
            "missing": [
                (row.title, request.links.to("initiatives:initiative-detail", key=row.key))
                for row in one.missing
            ],
            "letter": letter_to(one, programme, meeting_on, site) if meeting_on else None,
            "sent": sent.get(one.membership.pk, []),
        }
        for one in reminded
    ]
