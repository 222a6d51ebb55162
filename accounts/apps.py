"""App configuration."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.module_loading import autodiscover_modules

from accounts import login_clock


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Brugere og adgang"

    def ready(self) -> None:
        # A module `mails` of an app says how its mails are written (`accounts.outbox.writes`).
        autodiscover_modules("mails")
        user_logged_in.connect(login_clock.note_login)
