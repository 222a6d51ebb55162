"""`manage.py pseudonymise`: replace a person's name wherever the portal has stored it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import ProgrammingError

from accounts.models import User
from accounts.pseudonyms import pseudonymise
from core import clock, danish


class Command(BaseCommand):
    help = (
        "Sætter et pseudonym i stedet for en brugers navn overalt, og lukker for brugerens login."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="Brugerens e-mail.")
        parser.add_argument("--name", default="Tidligere medarbejder", help="Pseudonymet.")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(f"Ingen bruger har e-mailen {options['email']}.")
        try:
            changed = pseudonymise(user, options["name"], clock.now())
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except ProgrammingError as error:
            raise CommandError(
                "Kun databasens ejer må ændre navne i historikken. "
                "Kør kommandoen med ejerens DATABASE_URL."
            ) from error
        for model, number in changed.items():
            rows = danish.count(number, "række", "rækker")
            self.stdout.write(f"{danish.capitalise(str(model._meta.verbose_name))}: {rows}.")
        user.refresh_from_db()
        if not changed:
            self.stdout.write("Navnet var erstattet i forvejen. Intet er ændret.")
            return
        self.stdout.write(
            f"Brugeren hedder nu »{user.name}«, har e-mailen {user.email} og kan ikke logge ind. "
            "Tekster, som brugeren har skrevet, er ikke ændret."
        )
