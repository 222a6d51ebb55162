"""Browsers that have logged in before: a signed cookie each ("device cookies", OWASP).

It says that this browser has logged in as a user, and gives such a browser a counter of its own
(`accounts.throttles`): whoever guesses at an account can slow it, but never lock its owner out.
It opens nothing by itself. The user stands in it as a number, so that the browser
stays known when the address is changed.
"""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from accounts.models import User

COOKIE = "kendt_browser"
# Only the account pages read it (rammeaftale.urls).
PATH = "/konto/"
KEPT = 180 * 24 * 60 * 60
# People who share a browser; the ones who have not logged in for longest give way.
MOST = 5
_SALT = "accounts.known_browsers"


def known_as(request: HttpRequest, email: str) -> str | None:
    """The browser's own name when the user with that address has logged in with it before.

    Whether anybody is looked up depends on the browser alone, so the time tells nobody whose
    address is known.
    """
    known = _read(request)
    if not known:
        return None
    number = User.objects.filter(email=email.lower()).values_list("pk", flat=True).first()
    return known.get(str(number))


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Let the browser be known from now on: `user` has just proved who they are. It gets a new
    name, and with it a counter that stands at nought."""
    known = _read(request)
    known.pop(str(user.pk), None)
    newest = [*known.items(), (str(user.pk), secrets.token_urlsafe(12))][-MOST:]
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
