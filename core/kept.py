"""What somebody typed into a form that could not be saved, on its way through a login and back.

A browser with JavaScript keeps a draft itself (static/js/drafts.js). For every other one the form
travels: sealed (signed) in the page "Du er logget ud" and in the login form, and after the login in
the session of the same user, from where the page of the form takes it. Nothing is stored for
somebody who is not logged in. A form is kept for whoever it was shown to, and only when the portal
itself has sent it, so that no other site can fill in a form for its victim.
"""

import time
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils.crypto import salted_hmac

from core.unsaved import is_secret, is_text, typed_texts

# The hidden field that says whom a form was shown to, and the one with the sealed form.
WRITER, SEALED = "af", "bevaret"
# The key of the session.
KEPT = "bevaret"
# The cookie that names the form which has just been saved.
SAVED = "gemt"
# How many letters a form may have. The longest text of the plan has 10,000.
MAX_LENGTH = 100_000
# Seconds: as long as a login may last.
MAX_AGE = 12 * 60 * 60
_SALT = "core.kept"


class Kept(NamedTuple):
    """A form that was not saved: its address, its fields, whom it was shown to, and when it came,
    in seconds."""

    path: str
    fields: Sequence[Sequence[str]]
    writer: str
    at: float

    @classmethod
    def of(cls, request: HttpRequest) -> "Kept | None":
        """Read the posted form, or the one that travels with a login; None when there is nothing
        to keep, or it is too long, or it is not known to be ours."""
        try:
            posted = request.POST
        except Exception:
            # A form that can't be read can't be kept, but the page must be answered.
            return None
        if sealed := posted.get(SEALED):
            return cls._unsealed(sealed)
        writer = posted.get(WRITER, "")
        if not writer or not typed_texts(request) or not _is_from_portal(request):
            return None
        fields = [
            (name, value)
            for name, values in posted.lists()
            for value in values
            if not is_secret(name) and name != WRITER
        ]
        if sum(len(name) + len(value) for name, value in fields) > MAX_LENGTH:
            return None
        return cls(request.path, fields, writer, time.time())

    @classmethod
    def _unsealed(cls, sealed: str) -> "Kept | None":
        try:
            return cls(*signing.loads(sealed, salt=_SALT, max_age=MAX_AGE))
        except (signing.BadSignature, TypeError, ValueError):
            return None

    def sealed(self) -> str:
        """Sign the form, as the value of a hidden field."""
        return signing.dumps(tuple(self), salt=_SALT, compress=True)

    def give_to(self, request: HttpRequest) -> bool:
        """Put the form into the session, if it was shown to the user who is logged in now."""
        user: Any = request.user
        if not user.is_authenticated or self.writer != writer_key(user):
            return False
        request.session[KEPT] = tuple(self)
        return True

    def texts(self) -> list[str]:
        """List the texts among the fields, as they are shown to be read."""
        return [value for name, value in self.fields if is_text(name, value)]

    @property
    def data(self) -> QueryDict:
        """The fields as if they had been posted."""
        query = QueryDict(mutable=True)
        for name, value in self.fields:
            query.appendlist(name, value)
        return query

    @property
    def moment(self) -> datetime:
        """The moment at which the form came."""
        return datetime.fromtimestamp(self.at, UTC)


def writer_key(user: Any) -> str:
    """Name the user in the pages and forms that are shown to them."""
    return str(user.pk)


def draft_keys_of(user: Any) -> list[str]:
    """Make the keys with which a browser encrypts and reads the user's drafts: the first one is
    today's, the others are of secrets that are being replaced. They live in the user's pages."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = (
        salted_hmac("core.kept.draft", str(user.pk), secret=secret, algorithm="sha256").digest()
        for secret in secrets
    )
    return [b64encode(digest).decode() for digest in digests]


def kept_form(request: HttpRequest) -> Kept | None:
    """Return the form of this address that was typed before the login; None when there is none."""
    stored = request.session.get(KEPT)
    if not stored or request.method == "POST":
        return None
    kept = Kept(*stored)
    return kept if kept.path == request.path else None


def typed_form(request: HttpRequest) -> QueryDict | None:
    """Return what was posted, or kept from before a login; None when the form is only opened."""
    if request.method == "POST":
        return request.POST
    kept = kept_form(request)
    return kept.data if kept else None


def forget_when_saved(request: HttpRequest, response: HttpResponseBase) -> None:
    """Drop the kept form when the form of its address has been taken, and tell drafts.js to drop
    its draft after a redirect, which no script sees."""
    if response.status_code >= HTTPStatus.BAD_REQUEST or request.method != "POST":
        return
    if response.status_code == HTTPStatus.FOUND and WRITER in request.POST:
        response.set_cookie(
            SAVED,
            quote(request.path, safe=""),
            max_age=60,
            secure=request.is_secure(),
            samesite="Lax",
        )
    stored = request.session.get(KEPT)
    if stored and Kept(*stored).path == request.path:
        del request.session[KEPT]


def _is_from_portal(request: HttpRequest) -> bool:
    """Whether a page of the portal has sent the form: every browser says so of a POST."""
    sender = request.headers.get("Origin") or request.headers.get("Referer", "")
    try:
        parts = urlsplit(sender)
    except ValueError:
        return False
    return (parts.scheme, parts.netloc) == (request.scheme, request.get_host())
