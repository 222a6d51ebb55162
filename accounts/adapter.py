"""The adapter of allauth: no open sign-up, and the portal's own limits, outbox and messages."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string

from accounts import known_browsers, outbox, throttles
from accounts.models import User


class PortalAccountAdapter(DefaultAccountAdapter):
    """allauth's adapter for a portal in which the secretariat creates every user."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "E-mail eller adgangskode er forkert.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Ask allauth, and return False for a malformed URL, on which it raises ValueError."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Return False: allauth's JSON answers repeat what was typed and accept a link's key."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that `core.client_address` found; "unix" through a Unix socket."""
        return str(request.META.get("REMOTE_ADDR") or "unix")

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt before the password is checked (`accounts.throttles`)."""
        email = credentials["email"].lower()
        browser = known_browsers.browser_id(request, email)
        self._counted = throttles.count_login(request, email, browser)

    def _rollback_login_failed_rl_usage(self) -> None:
        """Take the counted attempt back: allauth calls this when the password was right."""
        throttles.take_back(self._counted)

    def set_password(self, user: User, password: str) -> None:
        """Save the password and tell the user. Raises UserChanged.

        It is hashed before the transaction begins: hashing is slow, and SQLite has a single write
        lock.
        """
        hashed = make_password(password)
        with transaction.atomic():
            user.replace_password(hashed)
            context = {"user": user}
            outbox.put(
                outbox.MailKind.PASSWORD_CHANGED,
                user.email,
                "Din adgangskode er skiftet",
                render_to_string("account/email/password_changed_message.txt", context),
            )

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put a mail of allauth in the outbox, like every other mail."""
        message = self.render_mail(template_prefix, email, {"email": email, **context})
        outbox.put(outbox.MailKind.OTHER, email, str(message.subject), str(message.body))
