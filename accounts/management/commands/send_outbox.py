"""`manage.py send_outbox`: send the waiting mails. A timer runs it every minute."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts import outbox
from core import danish


class Command(BaseCommand):
    help = "Sender de e-mails, der venter, også dem, der ikke kunne sendes første gang."

    def handle(self, *args: Any, **options: Any) -> None:
        sent = outbox.send_waiting()
        self.stdout.write(f"{danish.count(sent, 'e-mail', 'e-mails')} sendt.")
