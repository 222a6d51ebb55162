"""Browsers that have logged in before, remembered in a signed cookie ("device cookies", OWASP).

The cookie says which users have logged in with the browser, and gives each of them a separate
counter of attempts (`accounts.throttles`): somebody who guesses at an account can slow it down but
never lock its owner out. The cookie alone gives no access. It names users by id, so that the
browser stays known when an address is changed.
"""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from accounts.models import User

COOKIE = "kendt_browser"
# Only the account pages read the cookie (rammeaftale.urls).
PATH = "/konto/"
# Seconds until the cookie expires: 180 days.
MAX_AGE = 180 * 24 * 60 * 60
# How many people who share a browser are remembered; those who logged in longest ago are dropped.
MAX_USERS = 5
_SALT = "accounts.known_browsers"


def browser_id(request: HttpRequest, email: str) -> str | None:
    """Return the browser's id for the user with that address, if they have logged in with it.

    Whether the database is asked depends on the browser alone, so that the time of the answer does
    not reveal which addresses exist.
    """
    known = _read(request)
    if not known:
        return None
    number = User.objects.filter(email=email.lower()).values_list("pk", flat=True).first()
    return known.get(str(number))


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Remember the browser for `user`, who has just proved who they are. It gets a new id, and with
    it a counter that starts at zero."""
    known = _read(request)
    known.pop(str(user.pk), None)
    newest = [*known.items(), (str(user.pk), secrets.token_urlsafe(12))][-MAX_USERS:]
    response.set_cookie(
        COOKIE,
        signing.dumps(dict(newest), salt=_SALT),
        max_age=MAX_AGE,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> dict[str, str]:
    try:
        return dict(signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=MAX_AGE))
    except (signing.BadSignature, TypeError, ValueError):
        return {}
