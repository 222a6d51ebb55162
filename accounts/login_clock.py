"""How long a login lasts: until nobody has used it for an hour, and twelve hours in all.

The session holds the moment of the login, and a signed cookie the moment of the newest page, so
that reading a page writes nothing to the database. Without the cookie only the login counts.
"""

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

COOKIE = "aktiv"
# A page that fetches something by itself, without anybody at it, says so with this header.
UNATTENDED = "X-Unattended"
LOGGED_IN_AT = "logget_ind"
_SIGNER = signing.TimestampSigner(salt="accounts.login_clock")


def note_login(request: HttpRequest, **kwargs: Any) -> None:
    """Note the moment of a login in its session. Receives Django's signal `user_logged_in`."""
    request.session[LOGGED_IN_AT] = time.time()


def has_ended(request: HttpRequest) -> bool:
    """Whether the request's session is one of a login that has lasted too long."""
    if SESSION_KEY not in request.session:
        return False
    began = request.session.get(LOGGED_IN_AT)
    if began is None or time.time() - began > settings.SESSION_COOKIE_AGE:
        return True
    return time.time() - began > settings.SESSION_IDLE_AGE and not _is_recent(request)


def note_use(request: HttpRequest, response: HttpResponseBase) -> None:
    """Start the hour afresh, unless nobody is at the page."""
    if UNATTENDED in request.headers:
        return
    response.set_cookie(
        COOKIE,
        _SIGNER.sign(_name(request)),
        max_age=settings.SESSION_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _is_recent(request: HttpRequest) -> bool:
    """Whether the cookie is of this login, and no older than an hour."""
    cookie = request.COOKIES.get(COOKIE, "")
    try:
        return _SIGNER.unsign(cookie, max_age=settings.SESSION_IDLE_AGE) == _name(request)
    except signing.BadSignature:
        return False


def _name(request: HttpRequest) -> str:
    """Name the login, so that the cookie of one cannot prolong another."""
    return f"{request.session[SESSION_KEY]}-{request.session[LOGGED_IN_AT]}"
