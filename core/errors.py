"""The Danish error pages: what happened, what to do, and the number that finds the log line.

Each status has its words in one table. A page is drawn by a template; when even that fails, the
same words are sent without one. What a person had written is shown, so that it can be copied.
"""

import logging
import sys
from http import HTTPStatus
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from django.middleware.csrf import (
    REASON_INSECURE_REFERER,
    REASON_NO_CSRF_COOKIE,
    REASON_NO_REFERER,
)
from django.shortcuts import render
from django.utils.html import format_html

from core import unavailable
from core.request_id import current_request_id
from core.unsaved import page_of, typed_texts

logger = logging.getLogger(__name__)


class Words(NamedTuple):
    """What a page says: its heading, which is its title too, and what the reader can do."""

    heading: str
    advice: str


WORDS = {
    400: Words("Forespørgslen kunne ikke læses", "Gå tilbage, og prøv igen."),
    403: Words(
        "Du har ikke adgang til denne side",
        "Skal du bruge den, så skriv til sekretariatet.",
    ),
    404: Words(
        "Siden findes ikke",
        "Adressen kan være forkert, eller du har ikke adgang til indholdet.",
    ),
    405: Words("Siden kan ikke åbnes direkte", "Gå tilbage, og brug knappen."),
    413: Words(
        "Det, du sendte, fylder for meget",
        "Du kan højst sende {limit} MB ad gangen. Gå tilbage, og send mindre.",
    ),
    416: Words("Filen har ikke den del, der blev bedt om", "Hent hele filen igen."),
    # Of nginx, when one address asks for too many pages at once.
    429: Words("For mange forespørgsler", "Vent et øjeblik, og prøv igen."),
    500: Words(
        "Der er sket en fejl hos os",
        "Det, du har gemt, er bevaret. Prøv igen om lidt.",
    ),
    # Shown by nginx when no instance answers (manage.py render_error_pages).
    502: Words(
        "Portalen svarer ikke lige nu",
        "Vent et minut, og prøv igen. Var du ved at gemme, så se efter, om det kom med. "
        "Det, der er gemt, er bevaret.",
    ),
    503: Words(
        "Der er ingen forbindelse til databasen",
        "Prøv igen om lidt.",
    ),
}
# Seconds until it is worth trying again, for programs that ask.
RETRY_AFTER = {503: "30"}
# A page in the portal's own frame, with its menu, reads the database.
WITH_MENU = frozenset({403, 404})

BARE = """<!doctype html>
<html lang="da">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{heading} – Udviklingsprogrammet</title>
</head>
<body>
<main>
<h1>{heading}</h1>
<p>{advice}</p>
<p><a href="/">Gå til forsiden</a></p>
<p>Fejlnummer: {number}</p>
</main>
</body>
</html>
"""


# The handlers Django and allauth ask for


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request could not be read; 413 when that is because of its size."""
    return page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: signed in, but not allowed."""
    return page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form without a valid token. The page stood open too long, somebody logged in or out
    in another window, the browser sends no cookies, or another site made the form."""
    # A browser that sends no Referer, or a proxy that forgot to say https, is no stranger.
    foreign = reason not in (REASON_NO_REFERER, REASON_INSECURE_REFERER) and reason.startswith(
        ("Origin checking failed", "Referer checking failed")
    )
    context = {
        "foreign": foreign,
        "no_cookies": reason == REASON_NO_CSRF_COOKIE,
        "texts": [] if foreign else typed_texts(request),
        "page_url": "/" if foreign else page_of(request),
    }
    page = render(request, "403_csrf.html", context, status=403)
    # portal.js says another sentence than for a page one may not see, and sends nothing again.
    page["X-Form-Refused"] = "token"
    return page


def logged_out(request: HttpRequest, login_url: str) -> HttpResponse:
    """401: the login ended while somebody wrote; the text is handed back."""
    context = {"texts": typed_texts(request), "login_url": login_url}
    return render(request, "401.html", context, status=401)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not there, or not there for this user."""
    return page(request, 404)


def too_many_attempts(request: HttpRequest, minutes: int, *, at_login: bool) -> HttpResponse:
    """429: a limit is reached, and when one may try again. It says nothing of what was tried."""
    context = {"minutes": minutes, "at_login": at_login}
    page = render(request, "429.html", context, status=429)
    page["Retry-After"] = str(minutes * 60)
    return page


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. What the database refuses says why, and 400 is said to a client that went
    away in the middle."""
    error = sys.exc_info()[1]
    try:
        found = unavailable.answer(request, error)
    except Exception:
        logger.exception("The page for 503 could not be drawn.")
        found = bare_page(503)
    if found:
        return found
    return page(request, 400 if isinstance(error, UnreadablePostError) else 500)


# Pages


def page(request: HttpRequest, status: int) -> HttpResponse:
    """The page of a status; without a template when that fails too."""
    heading, advice = words_of(status)
    context = {
        "frame": "base.html" if status in WITH_MENU else "error_base.html",
        "heading": heading,
        "advice": advice,
        "texts": typed_texts(request),
    }
    try:
        response = render(request, "error.html", context, status=status)
    except Exception:
        logger.exception("The page for %s could not be drawn.", status)
        response = bare_page(status)
    if status in RETRY_AFTER:
        response["Retry-After"] = RETRY_AFTER[status]
    return response


def bare_page(status: int) -> HttpResponse:
    """The page of a status, made of nothing that can fail."""
    heading, advice = words_of(status)
    words = {"heading": heading, "advice": advice, "number": current_request_id()}
    return HttpResponse(format_html(BARE, **words), status=status)


def words_of(status: int) -> Words:
    """The words of a status, or of its class (4xx, 5xx) when it has none of its own."""
    heading, advice = WORDS.get(status) or WORDS[400 if status < 500 else 500]
    return Words(heading, advice.format(limit=settings.MAX_REQUEST_MEGABYTES))


def in_words(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The response, with a page in place of an empty error: Django's and Whitenoise's are blank."""
    if response.status_code < HTTPStatus.BAD_REQUEST:
        return response
    # A file is streamed, a page is not; no error is a file.
    if isinstance(response, HttpResponse) and not response.streaming and response.content:
        return response
    found = page(request, response.status_code)
    for name, value in response.items():
        if name not in ("Content-Type", "Content-Length"):
            found.headers.setdefault(name, value)
    found.cookies = response.cookies
    return found
