"""Every address of the portal: Danish nouns in the plural, verbs last."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path

from rammeaftale.style_guide import style_guide

# Every programme page exists with and without this prefix.
PROGRAMME_PREFIX = r"^(?:program/(?P<programme>[a-z0-9-]+)/)?"

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("konto/", include("accounts.account_urls")),
    path("", include("core.urls")),
    re_path(PROGRAMME_PREFIX, include("accounts.urls")),
    re_path(PROGRAMME_PREFIX, include("reports.urls")),
    re_path(PROGRAMME_PREFIX, include("initiatives.urls")),
]
if settings.DEMO:
    urlpatterns.append(re_path(f"{PROGRAMME_PREFIX}dele/$", style_guide, name="style-guide"))

handler400 = "core.errors.bad_request"
handler403 = "core.errors.permission_denied"
handler404 = "core.errors.page_not_found"
handler500 = "core.errors.server_error"
