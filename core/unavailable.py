"""The answer when the database fails: it says why, and keeps the text that was typed.

`core.errors.server_error` asks here about every unhandled error, whether it came from a view, the
admin, a session or the login. So no view catches these errors itself.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import psycopg
from django.db import Error, InterfaceError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.committed import has_saved
from core.unsaved import is_text


@dataclass(frozen=True)
class Reason:
    """A reason why the database failed: a heading without a full stop, and what to do.

    `is_unsure` says that a change may have been saved although no answer came.
    """

    heading: str
    advice: str
    is_unsure: bool = False

    def outcome(self, request: HttpRequest) -> str:
        """Say whether the change was saved; "" for a request that only reads."""
        if request.method != "POST":
            return ""
        if self.is_unsure or has_saved():
            return "Det er ikke sikkert, at det er gemt. Se efter, før du prøver igen."
        return "Intet er gemt."


TELL = "Sig det til dem, der driver portalen."
FULL = Reason("Disken er fuld", f"Der kan læses, men ikke gemmes. {TELL}")
READ_ONLY = Reason("Databasen kan kun læses", f"Der kan ikke gemmes lige nu. {TELL}")
BUSY = Reason("Andre er ved at gemme", "Prøv igen om lidt.")
SLOW = Reason("Databasen svarede ikke i tide", "Prøv igen om lidt.")
LOST = Reason("Der er ingen forbindelse til databasen", "Prøv igen om lidt.", is_unsure=True)

# The reasons by PostgreSQL's SQLSTATE, or by the class that it begins with.
STATES = {
    "53100": FULL,
    "25006": READ_ONLY,
    "55P03": BUSY,  # lock_timeout
    "40001": BUSY,  # serialization_failure
    "40P01": BUSY,  # deadlock_detected
    "57014": SLOW,  # statement_timeout
    "53": SLOW,  # too many connections, out of memory
    "57P": LOST,  # stopped, crashed or still starting
    "25P03": LOST,  # idle_in_transaction_session_timeout
    "08": LOST,
}
# The free space in bytes that SQLite needs to begin writing.
MIN_FREE_SPACE = 64 * 1024


def reason_of(error: BaseException | None) -> Reason | None:
    """Find out why the database failed; None when the error is of another kind."""
    if not isinstance(error, Error):
        return None
    reasons = (_reason(cause) for cause in _causes(error))
    return next((reason for reason in reasons if reason), None)


def answer(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """Answer 503 with the reason and the typed text; None when no reason is known."""
    reason = reason_of(error)
    if reason is None:
        return None
    typed = Typed.of(request)
    if request.headers.get("HX-Request") == "true":
        # The form is still there; portal.js says the sentence beside it, with "Prøv igen".
        about_text = "Det, du har skrevet, står her stadig." if typed.texts else ""
        sentences = [f"{reason.heading}.", reason.outcome(request), about_text, reason.advice]
        text = " ".join(sentence for sentence in sentences if sentence)
        response = HttpResponse(text, content_type="text/plain; charset=utf-8", status=503)
    else:
        context = {
            "heading": reason.heading,
            "outcome": reason.outcome(request),
            "advice": reason.advice,
            "typed": typed,
            "is_post": request.method == "POST",
            "address": request.get_full_path(),
        }
        response = render(request, "503_database.html", context, status=503)
    response["Retry-After"] = "30"
    response["Cache-Control"] = "no-store"
    return response


# What was typed


class Field(NamedTuple):
    """A value of a form as it was sent; `number` is its place among the texts, from 1."""

    name: str
    value: str
    number: int = 0


@dataclass(frozen=True)
class Typed:
    """The values of a form, so that it can be sent again.

    `texts` were written by a person, the `rest` are choices, versions and buttons. A form with a
    password in it (`has_secret`) is not offered to be sent again.
    """

    texts: tuple[Field, ...] = ()
    rest: tuple[Field, ...] = ()
    has_secret: bool = False

    @classmethod
    def of(cls, request: HttpRequest) -> "Typed":
        """Read the values of a POST, without passwords and tokens; none when it can't be read."""
        if request.method != "POST":
            return cls()
        try:
            sent = [(name, value) for name, values in request.POST.lists() for value in values]
        except Exception:
            # A form that can't be read can't be shown, but the page must be.
            return cls()
        texts: list[Field] = []
        rest = []
        has_secret = False
        for name, value in sent:
            if "password" in name.lower():
                has_secret = True
            elif name == "csrfmiddlewaretoken":
                continue
            elif is_text(name, value):
                texts.append(Field(name, value, len(texts) + 1))
            else:
                rest.append(Field(name, value))
        return cls(tuple(texts), tuple(rest), has_secret)


# Why


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Walk from the error to its cause, the cause of that, and so on."""
    visited: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in visited:
        visited.add(id(cause))
        yield cause
        cause = cause.__cause__ or cause.__context__


def _reason(error: BaseException) -> Reason | None:
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) and not error.sqlstate:
        return LOST
    if isinstance(error, InterfaceError) and error.__cause__ is None:
        return LOST  # Django's own error about a closed connection
    if isinstance(error, psycopg.Error):
        state = error.sqlstate or ""
        return STATES.get(state) or STATES.get(state[:3]) or STATES.get(state[:2])
    return None


def _of_sqlite(code: int) -> Reason | None:
    if code == sqlite3.SQLITE_FULL:
        return FULL
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return BUSY
    if code not in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN):
        return None
    folder = Path(str(connection.settings_dict["NAME"])).absolute().parent
    if not folder.is_dir():
        return LOST
    # On a full disk, a file that could only be opened for reading gives the error READONLY too.
    is_read_only = os.statvfs(folder).f_flag & os.ST_RDONLY
    if not is_read_only and shutil.disk_usage(folder).free < MIN_FREE_SPACE:
        return FULL
    return READ_ONLY if is_read_only or code == sqlite3.SQLITE_READONLY else LOST
