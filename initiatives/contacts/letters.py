"""The text of a reminder, written when it is sent: with links to what misses by then."""

from datetime import date

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.template.loader import render_to_string

from accounts.letters import Letter
from accounts.models import OutboxMail
from core import danish
from core.links import Links
from initiatives.contacts.reminders import Reminded, who_misses
from initiatives.models import Reminder
from initiatives.sources.live import build_live
from plan.meeting_dates import meeting_dates
from plan.words import initiatives_noun
from principles.models import Programme


def write_reminder(mail: OutboxMail) -> Letter | None:
    """Write the mail of a reminder; None when nothing misses any more, or nobody wants it.

    Raises ImproperlyConfigured without an address of the portal, which the links begin with.
    """
    found = Reminder.objects.select_related("membership__programme")
    reminder = found.filter(mail=mail).first()
    if reminder is None:
        return None
    programme = reminder.membership.programme
    if programme.is_archived or not programme.uses_contacts or not programme.next_meeting_on:
        return None
    if programme.reporting_month != reminder.month:
        return None
    document = build_live(programme, month=reminder.month, on=reminder.month).document
    reminded, _ = who_misses(programme, document)
    for one in reminded:
        if one.membership.pk == reminder.membership_id and one.membership.wants_reminders:
            return letter_to(one, programme, programme.next_meeting_on, site_url())
    return None


def site_url() -> str:
    """Return the address of the portal. Raises ImproperlyConfigured when it is not set."""
    if not settings.SITE_URL:
        raise ImproperlyConfigured("SITE_URL is not set: mails can't link to the portal.")
    return str(settings.SITE_URL)


def letter_to(one: Reminded, programme: Programme, meeting_on: date, site: str) -> Letter:
    """Write the mail to a member about what misses. `site` is the beginning of its links."""
    links, dates = Links(programme.key), meeting_dates(meeting_on)
    items = [
        (row.is_lead, row.title, site + links.to("initiatives:initiative-detail", key=row.key))
        for row in one.missing
    ]
    context = {
        "month": danish.month(programme.reporting_month),
        "led": [(title, url) for is_lead, title, url in items if is_lead],
        "known": [(title, url) for is_lead, title, url in items if not is_lead],
        "due": _weekday(dates.status_due_on),
        "meeting": _weekday(meeting_on),
        "contact_email": programme.contact_email,
        "profile_url": site + links.to("accounts:profile"),
    }
    month, number = context["month"], initiatives_noun(len(items))
    return Letter(
        one.membership.user.email,
        f"Status for {month} mangler for {number}",
        render_to_string("initiatives/contacts/email/reminder.txt", context).strip() + "\n",
        render_to_string("initiatives/contacts/email/reminder.html", context),
    )


def _weekday(day: date) -> str:
    return f"{danish.weekday(day)}\N{NO-BREAK SPACE}{day.year}"
