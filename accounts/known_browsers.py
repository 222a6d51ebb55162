"""Browsers that have logged in before: a signed cookie each ("device cookies", OWASP).

It says that this browser has logged in with an address, and gives such a browser a counter of its
own (`accounts.throttles`): who guesses at an account can slow it, but never lock its owner out.
It opens nothing by itself. The address stands in it as a keyed hash.
"""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

COOKIE = "kendt_browser"
# Only the account pages read it (rammeaftale.urls).
PATH = "/konto/"
KEPT = 180 * 24 * 60 * 60
# People who share a browser; the ones who have not logged in for longest give way.
MOST = 5
_SALT = "accounts.known_browsers"


def known_as(request: HttpRequest, email: str) -> str | None:
    """The browser's own name when it has logged in with `email` before."""
    return _read(request).get(_mark(email))


def remember(request: HttpRequest, response: HttpResponse, email: str) -> None:
    """Let the browser be known from now on: `email` has just proved who it is. It gets a new name,
    and with it a counter that stands at nought."""
    known = _read(request)
    known.pop(_mark(email), None)
    newest = [*known.items(), (_mark(email), secrets.token_urlsafe(12))][-MOST:]
    response.set_cookie(
        COOKIE,
        signing.dumps(dict(newest), salt=_SALT),
        max_age=KEPT,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> dict[str, str]:
    try:
        return dict(signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=KEPT))
    except (signing.BadSignature, TypeError, ValueError):
        return {}


def _mark(email: str) -> str:
    return salted_hmac(_SALT, email.lower(), algorithm="sha256").hexdigest()[:20]
