"""The Danish error pages: what happened, what to do, and the number that finds the log line.

One table holds the words of each status. A template renders the page; when even that fails, the
same words are sent without one. A page shows what the person had written, so that it can be copied.
"""

import logging
import sys
from http import HTTPStatus
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from django.middleware.csrf import (
    REASON_INSECURE_REFERER,
    REASON_NO_CSRF_COOKIE,
    REASON_NO_REFERER,
    get_token,
)
from django.shortcuts import render
from django.utils.html import format_html

from core import unavailable
from core.kept import Kept
from core.request_id import current_request_id
from core.unsaved import page_of_form, typed_texts

logger = logging.getLogger(__name__)


class ErrorText(NamedTuple):
    """The text of an error page: its heading, which is also its title, and what one can do."""

    heading: str
    advice: str


ERROR_TEXTS = {
    400: ErrorText("Forespørgslen kunne ikke læses", "Gå tilbage, og prøv igen."),
    403: ErrorText(
        "Du har ikke adgang til denne side",
        "Skal du bruge den, så skriv til sekretariatet.",
    ),
    404: ErrorText(
        "Siden findes ikke",
        "Adressen kan være forkert, eller du har ikke adgang til indholdet.",
    ),
    405: ErrorText("Siden kan ikke åbnes direkte", "Gå tilbage, og brug knappen."),
    413: ErrorText(
        "Det, du sendte, fylder for meget",
        "Du kan højst sende {limit} MB ad gangen. Gå tilbage, og send mindre.",
    ),
    416: ErrorText("Filen har ikke den del, der blev bedt om", "Hent hele filen igen."),
    # Sent by nginx when one address asks for too many pages at once.
    429: ErrorText("For mange forespørgsler", "Vent et øjeblik, og prøv igen."),
    500: ErrorText(
        "Der er sket en fejl hos os",
        "Det, du har gemt, er bevaret. Prøv igen om lidt.",
    ),
    # Sent by nginx when no instance answers (manage.py render_error_pages).
    502: ErrorText(
        "Portalen svarer ikke lige nu",
        "Vent et minut, og prøv igen. Var du ved at gemme, så se efter, om det kom med. "
        "Det, der er gemt, er bevaret.",
    ),
    503: ErrorText(
        "Der er ingen forbindelse til databasen",
        "Prøv igen om lidt.",
    ),
}
# Seconds until a program should try again.
RETRY_AFTER = {503: "30"}
# Only these pages have the portal's menu, which reads the database.
WITH_MENU = frozenset({403, 404})

BARE_PAGE = """<!doctype html>
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


# The handlers that Django and our middleware call


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400 for a request that could not be read; 413 when it is too large."""
    return page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403 to a user who is logged in but not allowed."""
    return page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 to a form without a valid token.

    The page was open for too long, somebody logged in or out in another window, the browser sends
    no cookies, or another site made the form.
    """
    # A missing Referer, or a proxy that did not say https, is no sign of another site.
    foreign = reason not in (REASON_NO_REFERER, REASON_INSECURE_REFERER) and reason.startswith(
        ("Origin checking failed", "Referer checking failed")
    )
    kept = None if foreign else Kept.of(request)
    if kept and not request.user.is_authenticated:
        return logged_out(request, redirect_to_login(page_of_form(request))["Location"])
    is_kept = bool(kept and kept.give_to(request))
    context = {
        "foreign": foreign,
        "no_cookies": reason == REASON_NO_CSRF_COOKIE,
        "is_kept": is_kept,
        "texts": [] if foreign else typed_texts(request),
        "page_url": "/" if foreign else page_of_form(request),
    }
    page = render(request, "403_csrf.html", context, status=403)
    # Tells portal.js to show the sentence about forms, and not to send the form again.
    page["X-Form-Refused"] = "token"
    if is_kept:
        # The form is of the user who is logged in: portal.js sends it again with this one.
        page["X-Form-Token"] = get_token(request)
    return page


def logged_out(request: HttpRequest, login_url: str) -> HttpResponse:
    """Answer 401 with the text that somebody was writing when the login ended. It goes through the
    login and back, if it can; if not, it is shown to be copied."""
    kept = Kept.of(request)
    context = {
        "texts": kept.texts() if kept else typed_texts(request),
        "sealed": kept.sealed() if kept else "",
        "login_url": login_url,
    }
    page = render(request, "401.html", context, status=401)
    # For portal.js, which leaves the form where it is.
    page["X-Login"] = login_url
    return page


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404: the page does not exist, or not for this user."""
    return page(request, 404)


def too_many_attempts(request: HttpRequest, minutes: int, *, at_login: bool) -> HttpResponse:
    """Answer 429 with the time to wait. The page does not reveal what was tried."""
    context = {"minutes": minutes, "at_login": at_login}
    page = render(request, "429.html", context, status=429)
    page["Retry-After"] = str(minutes * 60)
    return page


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 for an error in the portal.

    When the database failed the answer is 503 with the reason, and when the client went away while
    it was sending, 400.
    """
    error = sys.exc_info()[1]
    try:
        response = unavailable.answer(request, error)
    except Exception:
        logger.exception("The page for 503 could not be drawn.")
        response = bare_page(503)
    if response:
        return response
    return page(request, 400 if isinstance(error, UnreadablePostError) else 500)


# Pages


def page(request: HttpRequest, status: int) -> HttpResponse:
    """Render the page of a status; the bare page when the template fails."""
    heading, advice = text_of(status)
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
    """Make the page of a status without a template, so that nothing can fail."""
    heading, advice = text_of(status)
    words = {"heading": heading, "advice": advice, "number": current_request_id()}
    return HttpResponse(format_html(BARE_PAGE, **words), status=status)


def text_of(status: int) -> ErrorText:
    """Return the words of a status, or those of 400 or 500 for a status without its own."""
    heading, advice = ERROR_TEXTS.get(status) or ERROR_TEXTS[400 if status < 500 else 500]
    return ErrorText(heading, advice.format(limit=settings.MAX_REQUEST_MEGABYTES))


def with_error_page(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Replace an empty error response, such as Django's and Whitenoise's, with its Danish page."""
    if response.status_code < HTTPStatus.BAD_REQUEST:
        return response
    # An error with content has its page already; an empty or a streamed one gets a page here.
    if isinstance(response, HttpResponse) and not response.streaming and response.content:
        return response
    with_words = page(request, response.status_code)
    for name, value in response.items():
        if name not in ("Content-Type", "Content-Length"):
            with_words.headers.setdefault(name, value)
    with_words.cookies = response.cookies
    return with_words
