"""App configuration."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.core import checks
from django.db.backends.signals import connection_created

from core import triggers
from core.checks import proxies_are_named
from core.sorting import teach_sqlite


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Kerne"

    def ready(self) -> None:
        connection_created.connect(teach_sqlite)
        triggers.follow_migrate()
        checks.register(proxies_are_named, checks.Tags.security, deploy=True)


class PortalAdminConfig(AdminConfig):
    """Django's admin with our site."""

    default_site = "core.admin.PortalAdminSite"
