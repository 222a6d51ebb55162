"""Addresses that fail in every way, beside the portal's own: for the tests of the error pages."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import (
    BadRequest,
    DisallowedHost,
    DisallowedRedirect,
    ObjectDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousFileOperation,
    SuspiciousMultipartForm,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
    ValidationError,
)
from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
)
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from rammeaftale import urls

handler400 = urls.handler400
handler403 = urls.handler403
handler404 = urls.handler404
handler500 = urls.handler500

# What a view may raise, and the status it is answered with.
RAISED: dict[type[Exception], int] = {
    BadRequest: 400,
    DisallowedHost: 400,
    DisallowedRedirect: 400,
    MultiPartParserError: 400,
    SuspiciousFileOperation: 400,
    SuspiciousMultipartForm: 400,
    SuspiciousOperation: 400,
    TooManyFieldsSent: 400,
    TooManyFilesSent: 400,
    UnreadablePostError: 400,
    PermissionDenied: 403,
    Http404: 404,
    RequestDataTooBig: 413,
    DataError: 500,
    DatabaseError: 500,
    IntegrityError: 500,
    MemoryError: 500,
    ObjectDoesNotExist: 500,
    OSError: 500,
    RecursionError: 500,
    RuntimeError: 500,
    ValidationError: 500,
    InterfaceError: 503,
    # Without a cause it may be a mistake of ours, such as a missing table.
    OperationalError: 500,
}
# Statuses that a view may answer with an empty body.
BLANK = (400, 401, 403, 404, 405, 409, 410, 413, 416, 418, 422, 429, 500, 502, 503, 504)


@csrf_exempt
@login_not_required
def fail(request: HttpRequest, name: str) -> HttpResponse:
    kind = next(kind for kind in RAISED if kind.__name__ == name)
    raise kind("a secret in a stack")


@login_not_required
def blank(request: HttpRequest, status: int) -> HttpResponse:
    return HttpResponse(status=status)


@login_not_required
def nothing(request: HttpRequest) -> HttpResponse:
    return None  # type: ignore[return-value]  # the mistake is the test


@login_not_required
def undrawn(request: HttpRequest) -> HttpResponse:
    return TemplateResponse(request, "findes-ikke.html")


@login_not_required
@require_POST
def button(request: HttpRequest) -> HttpResponse:
    return HttpResponse("pressed")


@csrf_exempt
@login_not_required
def read_form(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(len(request.POST)))


def answered(status: int, **headers: str) -> Callable[[HttpRequest], HttpResponse]:
    @login_not_required
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=status, headers=headers)

    return view


urlpatterns = [
    path("proeve/fejl/<str:name>/", fail),
    path("proeve/tom/<int:status>/", blank),
    path("proeve/intet/", nothing),
    path("proeve/utegnet/", undrawn),
    path("proeve/knap/", button),
    path("proeve/formular/", read_form),
    path("proeve/201/", answered(201)),
    path("proeve/204/", answered(204)),
    path("proeve/301/", answered(301, Location="/")),
    path("proeve/304/", answered(304)),
    *urls.urlpatterns,
]
