"""Forms that create a row: the same form sent twice is one act.

Each form is shown with a token of its own. A double click, a resend after a timeout, and Back and
"Gem" send the same token again; the row that the first one created is then the answer to all.
"""

import hashlib
import json
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.http import QueryDict

from accounts.models import SentForm, User

Row = TypeVar("Row", bound=models.Model)

# The name of the hidden field with the token.
TOKEN = "formular"
MAX_TOKEN_LENGTH = 40
# Fields in which two sendings of one form may differ.
NOT_TYPED = frozenset({"csrfmiddlewaretoken", TOKEN})
# How long a page may stay open, or wait in the browser's history, and still be recognised.
KEPT_FOR = timedelta(days=30)


class SentBefore(Exception):
    """The form has created `row` already, and now holds other values: that is another act."""

    def __init__(self, row: models.Model) -> None:
        super().__init__(str(row))
        self.row = row


def new_token() -> str:
    """Make the token of a form that is shown."""
    return secrets.token_urlsafe(16)


def once(user: User, data: QueryDict, create: Callable[[], Row]) -> Row:
    """Return the row that `create` makes, or the one it made when the form was sent before.

    The token is stored first, in the same transaction: a second sending waits for the first, and
    when the first fails its token is gone with it. A form without a token is created each time.
    Raises SentBefore, and whatever `create` raises.
    """
    token = data.get(TOKEN, "")[:MAX_TOKEN_LENGTH]
    if not token:
        return create()
    digest = _digest(data)
    with transaction.atomic():
        sent = SentForm(user=user, token=token, digest=digest)
        try:
            with transaction.atomic():
                sent.save(force_insert=True)
        except IntegrityError:
            return _first_row(user, token, digest)
        row = create()
        sent.model, sent.row_id = row._meta.label_lower, row.pk
        sent.save(update_fields=["model", "row_id"])
    return row


def forget_old(at: datetime) -> int:
    """Remove what was sent so long ago that no page with the token is open. Returns how many."""
    removed, _ = SentForm.objects.filter(sent_at__lt=at - KEPT_FOR).delete()
    return removed


def _first_row(user: User, token: str, digest: str) -> Row:  # type: ignore[type-var]
    sent = SentForm.objects.get(user=user, token=token)
    row: Row = apps.get_model(sent.model)._default_manager.get(pk=sent.row_id)
    if sent.digest != digest:
        raise SentBefore(row)
    return row


def _digest(data: QueryDict) -> str:
    """Hash what was typed and chosen."""
    typed = sorted((name, values) for name, values in data.lists() if name not in NOT_TYPED)
    return hashlib.sha256(json.dumps(typed).encode()).hexdigest()
