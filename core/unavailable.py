"""The answer when the database can't do what was asked: why, and the typed text kept.

`core.errors.server_error` asks here for every error that reached no answer, wherever it came from:
a view, the admin, a session, the login. So no view catches these errors itself.
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
    """Why: a heading without a full stop, and what to do. `is_unsure` when the database may have
    saved a change and could not say so."""

    heading: str
    advice: str
    is_unsure: bool = False

    def outcome(self, request: HttpRequest) -> str:
        """What has become of the change; "" of a page that was only to be read."""
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

# PostgreSQL's SQLSTATE, or the class that it begins with.
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
# With less room than this SQLite can't begin to write.
NO_ROOM = 64 * 1024


def reason_of(error: BaseException | None) -> Reason | None:
    """Why the database failed; None when that is not what happened."""
    if not isinstance(error, Error):
        return None
    found = (_reason(one) for one in _chain(error))
    return next((reason for reason in found if reason), None)


def answer(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """503 with the reason and what was typed; None when the database has not failed so."""
    reason = reason_of(error)
    if reason is None:
        return None
    typed = Typed.of(request)
    if request.headers.get("HX-Request") == "true":
        # The form is still there; portal.js says the sentence beside it, with "Prøv igen".
        kept = "Det, du har skrevet, står her stadig." if typed.texts else ""
        words = [f"{reason.heading}.", reason.outcome(request), kept, reason.advice]
        sentence = " ".join(word for word in words if word)
        response = HttpResponse(sentence, content_type="text/plain; charset=utf-8", status=503)
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
    """One value of a form as it was sent; `number` counts the texts."""

    name: str
    value: str
    number: int = 0


@dataclass(frozen=True)
class Typed:
    """What was sent, to be sent once more: `texts` that a person wrote, and the `rest` (choices,
    versions, buttons). A form with a secret in it is not sent again: `has_secret`."""

    texts: tuple[Field, ...] = ()
    rest: tuple[Field, ...] = ()
    has_secret: bool = False

    @classmethod
    def of(cls, request: HttpRequest) -> "Typed":
        """Of a POST that could be read; otherwise nothing. Passwords and tokens are left out."""
        if request.method != "POST":
            return cls()
        try:
            sent = [(name, value) for name, values in request.POST.lists() for value in values]
        except Exception:
            # What can't be read can't be shown, and the page has to come all the same.
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


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, and what it came from."""
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        yield found
        found = found.__cause__ or found.__context__


def _reason(error: BaseException) -> Reason | None:
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) and not error.sqlstate:
        return LOST
    if isinstance(error, InterfaceError) and error.__cause__ is None:
        return LOST  # Django's own, of a connection that is closed
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
    # A file that could only be opened for reading because there is no room says READONLY.
    is_read_only = os.statvfs(folder).f_flag & os.ST_RDONLY
    if not is_read_only and shutil.disk_usage(folder).free < NO_ROOM:
        return FULL
    return READ_ONLY if is_read_only or code == sqlite3.SQLITE_READONLY else LOST
