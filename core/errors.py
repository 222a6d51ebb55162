"""The Danish error pages."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.request_id import current_request_id


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request could not be read."""
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: signed in, but not allowed."""
    return render(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form without a valid token; in practice a page that stood open too long."""
    return render(request, "403_csrf.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not there, or not there for this user."""
    return render(request, "404.html", status=404)


def method_not_allowed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """405: an address of a button, asked for as a page; Django's own answer is blank."""
    page = render(request, "405.html", status=405)
    page["Allow"] = response["Allow"]
    return page


def too_large(request: HttpRequest) -> HttpResponse:
    """413: the request is larger than the portal takes."""
    context = {"limit": settings.MAX_REQUEST_MEGABYTES}
    return render(request, "413.html", context, status=413)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; the number finds the log line."""
    return render(request, "500.html", {"error_id": current_request_id()}, status=500)
