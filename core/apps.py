"""App configuration."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Kerne"


class PortalAdminConfig(AdminConfig):
    """Django's admin with our site."""

    default_site = "core.admin.PortalAdminSite"
