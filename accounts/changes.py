"""Changes of users and memberships, which the person is told of by e-mail.

Every change goes through these functions; the admin decides who may change whom. The mail says
what was changed, by whom and when. It goes to the old address as well as to the new one, so that
nobody takes over an account unnoticed. An administrator may leave the mail out (`tell=False`), for
instance when access is closed during an investigation.

A change of a user ends all sessions and password links of that user (`User.standing`).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.template.loader import render_to_string

from accounts import outbox
from accounts.models import Membership, User
from core import writing
from core.danish import clock_time, moment_day
from core.tracking import Actor


def change_user(
    user: User, changes: Mapping[str, Any], *, tell: bool = True, **who: Any
) -> writing.Saved[User]:
    """Change a user as `writing.change` does. allauth's addresses of the user are removed with the
    old one."""
    with transaction.atomic():
        before = writing.lock(User, user.pk)
        saved = writing.change(user, changes, **who)
        if "email" in saved.changed:
            EmailAddress.objects.filter(user_id=user.pk).delete()
        lines = [line for name in saved.changed for line in _user_lines(name, before, saved.row)]
        if tell and lines:
            _tell({before.email, saved.row.email}, lines, actor=who["actor"], at=who["at"])
    return saved


def change_membership(
    membership: Membership, changes: Mapping[str, Any], *, tell: bool = True, **who: Any
) -> writing.Saved[Membership]:
    """Change the role of a membership, or close or reopen it, as `writing.change` does."""
    with transaction.atomic():
        before = writing.lock(Membership, membership.pk)
        saved = writing.change(membership, changes, **who)
        lines = [line for name in saved.changed for line in _access_lines(name, before, saved.row)]
        if tell and lines:
            _tell({before.user.email}, lines, actor=who["actor"], at=who["at"])
    return saved


def give_access(membership: Membership, *, tell: bool = True, **who: Any) -> Membership:
    """Store a new membership for an existing user."""
    with transaction.atomic():
        writing.create(membership, **who)
        if tell:
            role = membership.get_role_display()
            line = f"Du har fået adgang til {membership.programme.title} som {role}."
            _tell({membership.user.email}, [line], actor=who["actor"], at=who["at"])
    return membership


def _user_lines(name: str, before: User, after: User) -> list[str]:
    if name == "email":
        return [f"E-mailadressen er ændret fra {before.email} til {after.email}."]
    if name == "name":
        return [f"Navnet er ændret fra »{before.name}« til »{after.name}«."]
    if name == "is_active":
        return ["Din adgang er åbnet igen." if after.is_active else "Din adgang er lukket."]
    if name == "is_superuser":
        now = "Du er nu" if after.is_superuser else "Du er ikke længere"
        return [f"{now} driftsansvarlig."]
    return []


def _access_lines(name: str, before: Membership, after: Membership) -> list[str]:
    programme = after.programme.title
    if name == "role":
        old, new = before.get_role_display(), after.get_role_display()
        return [f"Din rolle i {programme} er ændret fra {old} til {new}."]
    if name == "archived_at":
        if after.is_archived:
            return [f"Din adgang til {programme} er lukket."]
        return [f"Din adgang til {programme} er åbnet igen."]
    return []


def _tell(addresses: set[str], lines: list[str], *, actor: Actor, at: datetime) -> None:
    context = {
        "lines": lines,
        "by": actor.name,
        "when": f"den {moment_day(at)} {clock_time(at)}",
    }
    body = render_to_string("account/email/account_changed_message.txt", context)
    for address in sorted(addresses):
        outbox.put(outbox.MailKind.ACCOUNT_CHANGED, address, "Din bruger er ændret", body)
