"""Middleware that completes every response, refuses malformed requests and asks for a login."""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware

from core import committed, errors, kept
from core.request_id import current_request_id
from core.unsaved import page_of_form, typed_texts

GetResponse = Callable[[HttpRequest], HttpResponseBase]

SAFE = ("GET", "HEAD")
METHODS = (*SAFE, "POST")
# The names of UTF-8, and of ASCII, which is part of it.
UTF_8 = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})


class AnswerMiddleware:
    """Middleware that completes every response, wherever it was made, with headers and a page.

    It is first in the chain, so that no response escapes it. It writes the security headers of
    Django's middleware and django-csp as well: responses of Whitenoise, and refusals, do not pass
    the places where those stand.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.writers: list[Any] = [
            CSPMiddleware(get_response),
            XFrameOptionsMiddleware(get_response),
            SecurityMiddleware(get_response),
        ]

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        committed.begin()
        response = errors.with_error_page(request, self.get_response(request))
        for writer in self.writers:
            response = writer.process_response(request, response)
        # No other site, and no other portal on the same domain, may embed a page or a file.
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # No cache may store pages of the plan. A file that may be stored sets the header itself.
        response.headers.setdefault("Cache-Control", "no-store, private")
        response["X-Request-ID"] = current_request_id()
        if response.status_code == HTTPStatus.NOT_MODIFIED:
            # It would be the length of what the browser has, and Django has written 0.
            del response.headers["Content-Length"]
        elif isinstance(response, HttpResponse) and not response.streaming:
            response.headers.setdefault("Content-Length", str(len(response.content)))
            if request.method == "HEAD":
                response.content = b""
        return response


class RefusingMiddleware:
    """Middleware that refuses what no page of the portal accepts, before anything reads it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in METHODS:
            response = errors.page(request, 405)
            response["Allow"] = ", ".join(METHODS)
            return response
        size = request.META.get("CONTENT_LENGTH") or "0"
        if not re.fullmatch("[0-9]{1,15}", size) or not is_readable(request):
            return errors.page(request, 400)
        if int(size) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return errors.page(request, 413)
        return self.get_response(request)


def is_readable(request: HttpRequest) -> bool:
    """Whether the request is in UTF-8 and has no NUL character, which PostgreSQL cannot store."""
    charset = (request.content_params or {}).get("charset", "utf-8")
    query = request.META.get("QUERY_STRING", "")
    cookies = "".join(f"{name}{value}" for name, value in request.COOKIES.items())
    return charset.lower() in UTF_8 and "\0" not in request.path_info + unquote(query) + cookies


class ReadingSessionMiddleware(SessionMiddleware):
    """Middleware for sessions that a GET never writes, so that pages can be read on a full disk.

    Django and allauth change a session even during a GET, for instance when they empty it because
    the password was changed elsewhere. Such a change lasts only until the request is answered.
    """

    def __init__(self, get_response: GetResponse) -> None:
        super().__init__(get_response)
        # The class keeps its name because sessions are signed with it.
        name = self.SessionStore.__qualname__
        self.ReadingStore = type(name, (ReadOnlyStore, self.SessionStore), {})

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        if request.method in SAFE:
            request.session = self.ReadingStore(request.session.session_key)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.method in SAFE and hasattr(request, "session"):
            request.session.modified = False
        elif hasattr(request, "session"):
            kept.forget_when_saved(request, response)
        return super().process_response(request, response)


class ReadOnlyStore:
    """A session store that leaves the stored session alone."""

    def save(self, must_create: bool = False) -> None:
        pass

    def delete(self, session_key: str | None = None) -> None:
        pass


class PortalLoginRequiredMiddleware(LoginRequiredMiddleware):
    """Middleware that sends everybody without a login to log in, and then back to where they were.

    After a POST that is the page the form stood on, and what somebody had written goes with them.
    htmx gets 401, so that every form stays on its page; portal.js says what to do.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        is_htmx = request.headers.get("HX-Request") == "true"
        if not is_htmx and request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        login = redirect_to_login(page_of_form(request), self.get_login_url(view_func))
        if is_htmx or typed_texts(request):
            return errors.logged_out(request, login["Location"])
        return login
