"""An address that fails, beside the portal's own: for the tests of the error pages."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import path

from rammeaftale import urls

handler400 = urls.handler400
handler403 = urls.handler403
handler404 = urls.handler404
handler500 = urls.handler500


@login_not_required
def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a secret in a stack")


@login_not_required
def refuse(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("a secret reason")


@login_not_required
def suspect(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation("a secret suspicion")


@login_not_required
def read_form(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(len(request.POST)))


urlpatterns = [
    path("proeve/fejl/", fail),
    path("proeve/afvist/", refuse),
    path("proeve/mistaenkt/", suspect),
    path("proeve/formular/", read_form),
    *urls.urlpatterns,
]
