"""Fill a programme with invented initiatives, to measure with."""

import argparse
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock, danish
from initiatives.loading.invented import add_history, add_load, add_programme
from principles.models import Programme


class Command(BaseCommand):
    help = "Tilføjer opdigtede initiativer, til der er så mange som ønsket. Kræver DEMO=1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--initiatives", type=_number, required=True, help="Så mange skal planen have i alt."
        )
        parser.add_argument(
            "--programme",
            metavar="KEY",
            help="Programmets nøgle; oprettes, hvis det ikke findes. Uden den: standardprogrammet.",
        )
        parser.add_argument(
            "--history",
            type=_rows,
            metavar="RÆKKER",
            help="Så mange rækker skal planens historik have i alt (omtrent), til måling.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Opdigtede initiativer kræver DEMO=1. Brug dem aldrig i drift.")
        programmes = Programme.objects.live().in_order()
        programme: Programme | None = programmes.first()
        if programme is None:
            raise CommandError("Indlæs programmet først: manage.py load_programme")
        now = clock.now()
        if key := options["programme"]:
            programme = Programme.objects.filter(key=key).first() or _new(key, programme, now)
        load = add_load(programme, options["initiatives"], now)
        added = danish.count(load.added, "initiativ", "initiativer")
        total = danish.count(load.total, "initiativ", "initiativer")
        self.stdout.write(f"Oprettet: {added}. {programme} har {total}.")
        if rows := options["history"]:
            history_rows = danish.thousands(add_history(rows, clock.now()))
            self.stdout.write(f"Historikken har {history_rows} rækker.")


def _new(key: str, like: Programme, at: datetime) -> Programme:
    try:
        return add_programme(key, like, at)
    except ValidationError as error:
        raise CommandError(f"»{key}« kan ikke være en nøgle: {' '.join(error.messages)}") from error


def _number(text: str) -> int:
    """Read a number of initiatives, 0 to 10,000."""
    if not text.isdecimal() or int(text) > 10_000:
        raise argparse.ArgumentTypeError(f"»{text}« er ikke et antal mellem 0 og 10.000.")
    return int(text)


def _rows(text: str) -> int:
    """Read a number of history rows, 1 to 10,000,000."""
    if not text.isdecimal() or not 1 <= int(text) <= 10_000_000:
        raise argparse.ArgumentTypeError(f"»{text}« er ikke et antal mellem 1 og 10.000.000.")
    return int(text)
