"""Checks of the settings, for `manage.py check --deploy`."""

from typing import Any

from django.conf import settings
from django.core.checks import Error


def proxies_are_named(**_: Any) -> list[Error]:
    """Report an error when the portal is behind a proxy and TRUSTED_PROXIES is empty.

    It would then believe X-Forwarded-Proto from everybody and know no client's address: all users
    would count as one, and somebody who guesses passwords would slow them all.
    """
    if not settings.SECURE_PROXY_SSL_HEADER or settings.TRUSTED_PROXIES:
        return []
    return [
        Error(
            "BEHIND_PROXY is set, but TRUSTED_PROXIES names no proxy.",
            hint="Set TRUSTED_PROXIES to the addresses of the proxies, or to their number.",
            id="core.E001",
        )
    ]
