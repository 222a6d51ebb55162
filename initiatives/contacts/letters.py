"""The text of a reminder, written when it is sent: with links to what misses by then."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.template.loader import render_to_string

from accounts.letters import Letter
from accounts.models import OutboxMail
from accounts.permissions import ROLE_PERMISSIONS, Permission, Role
from core import danish
from core.links import Links
from initiatives.contacts.reminders import MissingStatus, Reminded, who_misses
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
    month = danish.month(programme.reporting_month)
    context = {
        "month": month,
        "parts": list(_parts(one, programme, links, site)),
        "due": danish.full_day(dates.status_due_on),
        "meeting": danish.full_day(meeting_on),
        "profile_url": site + links.to("accounts:profile"),
    }
    return Letter(
        one.membership.user.email,
        f"Status for {month} mangler for {initiatives_noun(len(one.missing))}",
        render_to_string("initiatives/contacts/email/reminder.txt", context).strip() + "\n",
        render_to_string("initiatives/contacts/email/reminder.html", context),
    )


@dataclass(frozen=True, slots=True)
class LetterPart:
    """The initiatives in which a person has the same part, each as its title and address, with the
    sentence before them and what the person is to do."""

    intro: str
    items: tuple[tuple[str, str], ...]
    act: str


def _parts(one: Reminded, programme: Programme, links: Links, site: str) -> Iterator[LetterPart]:
    month, email = danish.month(programme.reporting_month), programme.contact_email
    edits_plan = Permission.EDIT_PLAN in ROLE_PERMISSIONS[Role(one.membership.role)]
    for is_lead, part in ((True, "tovholder"), (False, "kontaktperson")):
        rows = [row for row in one.missing if row.is_lead is is_lead]
        if not rows:
            continue
        opened = "initiativet" if len(rows) == 1 else "hvert initiativ"
        act = f"Åbn {opened}, og ret status, eller bekræft, at den er uændret."
        if not (is_lead or edits_plan):
            act = f"Skriv til sekretariatet{f' ({email})' if email else ''}, hvad status er."
        yield LetterPart(
            f"Status for {month} mangler for {initiatives_noun(len(rows))}, som du er {part} for:",
            tuple((row.title, site + _page_of(row, links)) for row in rows),
            act,
        )


def _page_of(row: MissingStatus, links: Links) -> str:
    return links.to("initiatives:initiative-detail", key=row.key)
