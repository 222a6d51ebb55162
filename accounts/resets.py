"""The mail with a link for choosing a new password."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import int_to_base36

from accounts.letters import Letter
from accounts.models import User

# The parameter of the address that holds the link's key. No log contains it.
PARAMETER = "link"


class ResetTokens(PasswordResetTokenGenerator):
    """A generator of tokens that last PASSWORD_RESET_TIMEOUT and end when the password or the user
    changes.

    allauth's own generator accepts every address in its table as the user's, and it writes to the
    table even when a link is only opened.
    """

    key_salt = "accounts.resets.ResetTokens"

    def _now(self) -> datetime:
        """Return the present moment in UTC: local time repeats an hour when summer time ends."""
        return datetime.now(UTC).replace(tzinfo=None)

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{user.pk}|{user.password}|{timestamp}|{user.standing}"

    def check_token(self, user: Any, token: str | None) -> bool:
        return user is not None and user.is_active and super().check_token(user, token)


def compose(email: str, site: str) -> Letter | None:
    """Write the mail with a new link for the user with that address; None without such a user.

    It goes to the stored address of the user, not to the one that was typed.
    """
    user = User.objects.filter(email=email.lower(), is_active=True).first()
    if user is None:
        return None
    key = f"{int_to_base36(user.pk)}-{ResetTokens().make_token(user)}"
    path = reverse("account_reset_password_from_key")
    context = {"password_reset_url": f"{site}{path}?{PARAMETER}={key}"}
    return Letter(
        user.email,
        render_to_string("account/email/password_reset_key_subject.txt", context).strip(),
        render_to_string("account/email/password_reset_key_message.txt", context).strip() + "\n",
    )
