"""Checks of the settings, for `manage.py check --deploy`."""

from typing import Any

from django.conf import settings
from django.core.checks import Error


def proxies_are_named(**_: Any) -> list[Error]:
    """Find a portal that believes every client's X-Forwarded-Proto, and knows no client's address:
    all users then count as one, and one who guesses passwords slows them all."""
    if not settings.SECURE_PROXY_SSL_HEADER or settings.TRUSTED_PROXIES:
        return []
    return [
        Error(
            "BEHIND_PROXY is set, but TRUSTED_PROXIES names no proxy.",
            hint="Set TRUSTED_PROXIES to the addresses of the proxies, or to their number.",
            id="core.E001",
        )
    ]
