"""A pseudonym in the place of a person's name: all that may ever be changed in what was written.

The rows keep pointing to the user; only what the user was called is replaced.
"""

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import FieldDoesNotExist
from django.db import models, transaction

from accounts.models import User
from core import writing
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
        saved = writing.change(
            user,
            values,
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
        addresses, _ = EmailAddress.objects.filter(user=user).delete()
        if addresses:
            changed[EmailAddress] = addresses
    return changed


def _pointer(model: Any, field: str) -> str:
    """The field that points to the user whose name stands in `field`: `by` for `by_name`."""
    try:
        return str(model._meta.get_field(field.removesuffix("_name")).attname)
    except FieldDoesNotExist:
        return "history_user_id"
