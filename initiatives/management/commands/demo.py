"""Add the demo: three users and invented judgements."""

import os
import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core import clock
from initiatives.loading.demo import load_demo
from principles.models import Programme


class Command(BaseCommand):
    help = "Tilføjer eksempeldata: tre brugere og opdigtede vurderinger. Kræver DEMO=1."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Eksempeldata kræver DEMO=1. Brug dem aldrig i drift.")
        programme = Programme.objects.live().in_order().first()
        if programme is None:
            raise CommandError("Indlæs programmet først: manage.py load_programme")
        password = os.environ.get("DEMO_PASSWORD") or secrets.token_urlsafe(9)
        users = load_demo(
            settings.BASE_DIR / "fixtures" / "demo.json",
            programme,
            password,
            clock.start_of_day(clock.today()),
        )
        if users is None:
            self.stdout.write("Eksempeldata findes i forvejen.")
            return
        for user in users:
            self.stdout.write(f"Bruger: {user.email}  adgangskode: {password}")
