"""What allauth asks us: nobody signs up by themselves, our limits, our outbox and our words."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string

from accounts import known_browsers, outbox, throttles
from accounts.models import User


class PortalAccountAdapter(DefaultAccountAdapter):
    """Access is created by the secretariat."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "E-mail eller adgangskode er forkert.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Also of what is no address at all, which allauth fails on."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """allauth's answers in JSON repeat what was typed, and take a link's key as it comes."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """As `core.client_address` has found it; a Unix socket has none, which is no error."""
        return str(request.META.get("REMOTE_ADDR") or "unix")

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt before the password is checked (`accounts.throttles`)."""
        email = credentials["email"].lower()
        browser = known_browsers.known_as(request, email)
        self._counted = throttles.count_login(request, email, browser)

    def _rollback_login_failed_rl_usage(self) -> None:
        """allauth calls it when the password was right."""
        throttles.take_back(self._counted)

    def set_password(self, user: User, password: str) -> None:
        """Save the password and tell the user. Raises UserChanged.

        It is hashed first: that takes long, and SQLite has one lock for all who write.
        """
        hashed = make_password(password)
        with transaction.atomic():
            user.replace_password(hashed)
            context = {"user": user}
            outbox.put(
                outbox.Kind.PASSWORD_CHANGED,
                user.email,
                "Din adgangskode er skiftet",
                render_to_string("account/email/password_changed_message.txt", context),
            )

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Whatever allauth wants to send goes the same way as every mail."""
        message = self.render_mail(template_prefix, email, {"email": email, **context})
        outbox.put(outbox.Kind.OTHER, email, str(message.subject), str(message.body))
