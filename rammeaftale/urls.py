"""Every address of the portal. Danish nouns in the plural, verbs last."""

from django.contrib import admin
from django.urls import include, path, re_path

# Every programme page exists with and without the programme's name in front.
PROGRAMME = r"^(?:program/(?P<programme>[a-z0-9-]+)/)?"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("konto/", include("accounts.account_urls")),
    path("", include("core.urls")),
    re_path(PROGRAMME, include("accounts.urls")),
    re_path(PROGRAMME, include("reports.urls")),
    re_path(PROGRAMME, include("initiatives.urls")),
]

handler400 = "core.errors.bad_request"
handler403 = "core.errors.permission_denied"
handler404 = "core.errors.page_not_found"
handler500 = "core.errors.server_error"
