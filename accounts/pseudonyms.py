"""A pseudonym in the place of a person's name: all that may ever be changed in what was written.

The rows keep pointing to the user; only what the user was called is replaced.
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
    """An address that says nothing and reaches nobody."""
    return f"bruger-{user.pk}@slettet.invalid"


def pseudonymise(user: User, name: str, at: datetime) -> dict[Any, int]:
    """Call `user` by `name` everywhere, and close the login. How many rows were changed, by model.

    Only the owner of the tables may: the web's role has no right to change history.
    """
    changed: dict[Any, int] = {}
    with transaction.atomic():
        values = {"name": name, "email": address_of(user), "is_active": False}
        was = _was_called(user)
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
        own = {"name": name, "email": address_of(user)}
        for model, declared in append_only_models():
            number = 0
            for field in declared.names:
                # A user's own history holds the name itself, not that of who wrote.
                is_own = model is User.history.model and field in own
                rows = {"id": user.pk} if is_own else {_pointer(model, field): user.pk}
                value = own[field] if is_own else name
                found: Any = models.QuerySet(model).filter(**rows).exclude(**{field: value})
                # A name that nobody has filled in yet stays empty.
                number += found.exclude(**{field: ""}).update(**{field: value})
            if number:
                changed[model] = number
        changed |= _in_the_admins_log(user, name)
        changed |= _in_mails(was - {name, address_of(user)}, name)
    return changed


def _was_called(user: User) -> set[str]:
    """Every name and address that the user has had."""
    rows: Any = User.history.filter(id=user.pk).values_list("name", "email")
    return {user.name, user.email}.union(*rows) - {""}


def _in_the_admins_log(user: User, name: str) -> dict[Any, int]:
    """Django's admin writes down what a changed row was called."""
    log: Any = LogEntry.objects.none()
    for rows in (User.objects.filter(pk=user.pk), user.memberships.all()):
        kind = ContentType.objects.get_for_model(rows.model)
        numbers = [str(pk) for pk in rows.values_list("pk", flat=True)]
        log |= LogEntry.objects.filter(content_type=kind, object_id__in=numbers)
    number = log.exclude(object_repr=name).update(object_repr=name)
    return {LogEntry: number} if number else {}


def _in_mails(called: set[str], name: str) -> dict[Any, int]:
    """Mails to the user are removed; those to others that still wait name the pseudonym."""
    number = 0
    words = re.compile("|".join(rf"\b{re.escape(word)}\b" for word in sorted(called)) or r"(?!)")
    for mail in OutboxMail.objects.select_for_update():
        if mail.recipient.lower() in called:
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
    """The field that points to the user whose name stands in `field`: `by` for `by_name`."""
    try:
        return str(model._meta.get_field(field.removesuffix("_name")).attname)
    except FieldDoesNotExist:
        return "history_user_id"
