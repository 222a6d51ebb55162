"""What allauth asks us: nobody signs up by themselves, and our words for what went wrong."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from core.tracking import acting


class PortalAccountAdapter(DefaultAccountAdapter):
    """Access is created by the secretariat."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "E-mail eller adgangskode er forkert.",
        "too_many_login_attempts": "For mange forsøg. Vent 15 minutter, og prøv igen.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Also of what is no address at all, which allauth fails on."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def set_password(self, user: Any, password: str) -> None:
        """Save the password alone: the rest of the user may have changed since it was read."""
        user.set_password(password)
        with acting(user.actor):
            user.save(update_fields=["password"])
