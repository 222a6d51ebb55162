"""`manage.py clean_up`: remove expired sessions, counters, and traces of mails and forms.

A timer runs it each night.
"""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts import outbox, sent_forms, throttles
from core import danish


class Command(BaseCommand):
    help = "Fjerner udløbne sessioner, gamle forsøg på login og spor af e-mails og formularer."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("clearsessions")
        now = timezone.now()
        attempts = throttles.forget_old(now)
        mails = outbox.forget_old(now)
        forms = sent_forms.forget_old(now)
        self.stdout.write(
            f"Fjernet: {danish.count(attempts, 'tæller', 'tællere')} for forsøg, "
            f"{danish.count(mails, 'spor', 'spor')} af e-mails, "
            f"{danish.count(forms, 'mærke', 'mærker')} for formularer. "
            "Udløbne sessioner er fjernet."
        )
