"""Who is reminded before a meeting that a status misses, and the mails put in the outbox for it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

import plan
from accounts import outbox
from accounts.models import Membership
from accounts.permissions import Permission, roles_with
from core.danish import sort_key
from core.workdays import is_working_day, working_day_from
from initiatives.models import Initiative, Reminder
from plan.fact import Fact
from plan.meeting_dates import STATUS_ASKED, STATUS_DUE
from principles.models import Programme

# How many working days before the meeting people are reminded: when the statuses are asked for, two
# working days before the last day to give them, and on that day.
REMINDED = (STATUS_ASKED, STATUS_DUE + 2, STATUS_DUE)


@dataclass(frozen=True, slots=True)
class MissingStatus:
    """An initiative whose status misses. `is_lead` is the person's part in it: tovholder, or
    kontaktperson of an initiative without a tovholder."""

    key: str
    title: str
    is_lead: bool


@dataclass(frozen=True, slots=True)
class Reminded:
    """A member with the initiatives whose status misses, in the plan's order."""

    membership: Membership
    missing: tuple[MissingStatus, ...]


def reminder_days(meeting_on: date) -> list[tuple[int, date]]:
    """List the days on which people are reminded, each with its number of working days."""
    return [(number, working_day_from(meeting_on, -number)) for number in REMINDED]


def number_for(meeting_on: date, today: date) -> int | None:
    """Return the number of working days of the reminder that is due `today`, or None.

    It is due from its day until the next one's, so that a portal that stood still on the day still
    reminds; nobody is written to on a day off, on the day of the meeting, or after it.
    """
    if today >= meeting_on or not is_working_day(today):
        return None
    due = [number for number, day in reminder_days(meeting_on) if day <= today]
    return min(due, default=None)


def is_missing(item: plan.Initiative, month: date) -> bool:
    """Whether somebody is to be reminded of the status: it is not judged for `month`, and the
    initiative is not paused."""
    judged = item.judgement is not None and item.judgement.month == month
    return not judged and all(mark.kind != Fact.PAUSED for mark in item.marks)


def who_misses(
    programme: Programme, document: plan.PlanDocument
) -> tuple[list[Reminded], list[plan.Initiative]]:
    """Find the people whose status misses in the plan, by name, and the initiatives that nobody can
    be reminded of. Two queries.

    The tovholder is reminded, or the kontaktperson where there is none with access. Whoever has
    said no to reminders is found as well (`Membership.wants_reminders`).
    """
    chosen = Initiative.objects.of(programme).in_plan().exclude(lead=None, contact=None)
    people = {key: ids for key, *ids in chosen.values_list("key", "lead_id", "contact_id")}
    members = _members(programme)
    found: dict[int, list[MissingStatus]] = {}
    nobodys = []
    for item in document.initiatives():
        if not is_missing(item, document.month):
            continue
        lead_id, contact_id = people.get(item.key, (None, None))
        person = next((pk for pk in (lead_id, contact_id) if pk in members), None)
        if person is None:
            nobodys.append(item)
        else:
            missing = MissingStatus(item.key, item.title, is_lead=person == lead_id)
            found.setdefault(person, []).append(missing)
    reminded = [Reminded(members[pk], tuple(missing)) for pk, missing in found.items()]
    return sorted(reminded, key=lambda one: sort_key(str(one.membership.user))), nobodys


def put_reminders(programme: Programme, document: plan.PlanDocument, number: int) -> int:
    """Put a mail in the outbox for everybody who is to be reminded `number` working days before the
    meeting, and has not been. Returns how many."""
    reminded, _ = who_misses(programme, document)
    wanting = (one.membership for one in reminded if one.membership.wants_reminders)
    return sum(_put(membership, document.month, number) for membership in wanting)


def _put(membership: Membership, month: date, number: int) -> bool:
    """Store a reminder with its mail, unless the member has got it. Both or neither is stored."""
    which: dict[str, Any] = {"membership": membership, "month": month, "working_days": number}
    if Reminder.objects.filter(**which).exists():  # this takes no write lock on SQLite
        return False
    with transaction.atomic():
        # Two commands may run at once: the database lets one of them store it.
        reminder, is_new = Reminder.objects.get_or_create(**which)
        if is_new:
            kind = outbox.MailKind.REMINDER
            reminder.mail = outbox.put_unwritten(kind, membership.user.email)
            reminder.save(update_fields=["mail"])
    return is_new


def _members(programme: Programme) -> dict[int, Membership]:
    """Find the members who can log in and see the plan, by the id of the user."""
    rows = (
        Membership.objects.of(programme)
        .live()
        .filter(user__is_active=True, role__in=roles_with(Permission.JUDGE_OWN))
        .select_related("user")
    )
    return {row.user_id: row for row in rows}
