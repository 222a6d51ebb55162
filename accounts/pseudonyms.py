"""Replacing a person's name with a pseudonym, the only change ever made to stored history.

The rows go on pointing to the user; only names and addresses are replaced.
"""

import re
from datetime import datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models, transaction

from accounts import changes
from accounts.models import OutboxMail, User
from core.protection import append_only_models
from core.tracking import Actor

PSEUDONYMISER = Actor("Pseudonymisering")


def address_of(user: User) -> str:
    """Make an address for the user that names nobody and receives no mail."""
    return f"bruger-{user.pk}@slettet.invalid"


def pseudonymise(user: User, name: str, at: datetime) -> dict[Any, int]:
    """Replace the name of `user` with `name` everywhere, and close the login.

    Returns how many rows were changed, by model. Only the owner of the tables may do this: the role
    of the web servers has no right to change history.
    """
    changed: dict[Any, int] = {}
    with transaction.atomic():
        values = {"name": name, "email": address_of(user), "is_active": False}
        earlier_names = _all_names_of(user)
        saved = changes.change_user(
            user,
            values,
            tell=False,
            version=user.version,
            actor=PSEUDONYMISER,
            reason="Pseudonymiseret.",
            at=at,
        )
        if saved.changed:
            changed[User] = 1
        new_values = {"name": name, "email": address_of(user)}
        for model, declared in append_only_models():
            number = 0
            for field in declared.names:
                # In the history of users these fields hold the user's name, not the actor's.
                is_of_user = model is User.history.model and field in new_values
                which = {"id": user.pk} if is_of_user else {_pointer(model, field): user.pk}
                value = new_values[field] if is_of_user else name
                rows: Any = models.QuerySet(model).filter(**which).exclude(**{field: value})
                # A name that nobody has filled in yet stays empty.
                number += rows.exclude(**{field: ""}).update(**{field: value})
            if number:
                changed[model] = number
        changed |= _replace_in_admin_log(user, name)
        changed |= _replace_in_mails(earlier_names - {name, address_of(user)}, name)
    return changed


def _all_names_of(user: User) -> set[str]:
    """Collect every name and address that the user has had."""
    rows: Any = User.history.filter(id=user.pk).values_list("name", "email")
    return {user.name, user.email}.union(*rows) - {""}


def _replace_in_admin_log(user: User, name: str) -> dict[Any, int]:
    """Replace the name in the log in which Django's admin stores the names of changed rows."""
    log: Any = LogEntry.objects.none()
    for rows in (User.objects.filter(pk=user.pk), user.memberships.all()):
        kind = ContentType.objects.get_for_model(rows.model)
        numbers = [str(pk) for pk in rows.values_list("pk", flat=True)]
        log |= LogEntry.objects.filter(content_type=kind, object_id__in=numbers)
    number = log.exclude(object_repr=name).update(object_repr=name)
    return {LogEntry: number} if number else {}


def _replace_in_mails(names: set[str], name: str) -> dict[Any, int]:
    """Remove the mails to the user, and write the pseudonym in the waiting mails to others."""
    number = 0
    words = re.compile("|".join(rf"\b{re.escape(word)}\b" for word in sorted(names)) or r"(?!)")
    for mail in OutboxMail.objects.select_for_update():
        if mail.recipient.lower() in names:
            mail.delete()
        elif words.search(mail.body + mail.last_error):
            mail.body = words.sub(name, mail.body)
            mail.last_error = words.sub(name, mail.last_error)[:300]
            mail.save(update_fields=["body", "last_error"])
        else:
            continue
        number += 1
    return {OutboxMail: number} if number else {}


def _pointer(model: Any, field: str) -> str:
    """Find the field that points to the user whose name is in `field`: `by` for `by_name`."""
    try:
        return str(model._meta.get_field(field.removesuffix("_name")).attname)
    except FieldDoesNotExist:
        return "history_user_id"
