"""App configuration."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig

from core import triggers


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Kerne"

    def ready(self) -> None:
        triggers.follow_migrate()


class PortalAdminConfig(AdminConfig):
    """Django's admin with our site."""

    default_site = "core.admin.PortalAdminSite"
