"""Small middleware of our own: a number on every request, a limit on its size, login first."""

import secrets
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from core import errors
from core.request_id import request_id

GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Gives each request a short number, so that a user's screenshot finds its log line."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request_id.set(secrets.token_hex(4))
        try:
            response = self.get_response(request)
            if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content:
                response = errors.method_not_allowed(request, response)
            response["X-Request-ID"] = request_id.get()
            return response
        finally:
            request_id.reset(token)


class RequestSizeMiddleware:
    """Answers 413 before an over-large body is read, and 400 to an unknown encoding."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            size = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            size = 0
        if size > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return errors.too_large(request)
        try:
            # Django decodes even the address with it, and fails on what is no text encoding.
            "".encode(
                request.content_params.get("charset", "utf-8")
                if request.content_params
                else "utf-8"
            )
        except LookupError:
            return errors.bad_request(request)
        return self.get_response(request)


class PortalLoginRequiredMiddleware(LoginRequiredMiddleware):
    """Login first, and then back to the page one was on: a form's own address is none.

    An htmx request is told to go there as a whole page, not inside a row.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        is_htmx = request.headers.get("HX-Request") == "true"
        if not is_htmx and request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        page = request.headers.get("HX-Current-URL" if is_htmx else "Referer", "")
        if not url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()}):
            page = "/"
        parts = urlsplit(page)
        following = urlunsplit(("", "", parts.path, parts.query, ""))
        login = redirect_to_login(following, self.get_login_url(view_func))
        return HttpResponseClientRedirect(login["Location"]) if is_htmx else login
