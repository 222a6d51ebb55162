"""Load the real programme: create-only by key, differences listed."""

from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.danish import count
from initiatives.loading.programme_file import BadProgrammeFile, load_programme


class Command(BaseCommand):
    help = "Indlæser programmet. Rækker, der findes i forvejen, røres ikke; forskelle vises."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", nargs="?", type=Path, default=settings.BASE_DIR / "fixtures" / "programme.json"
        )
        parser.add_argument(
            "--report", action="store_true", help="vis også, hvad nogen bør se på i kilderne"
        )

        parser.add_argument(
            "--since",
            type=date.fromisoformat,
            help="et eksempel: planen har været i portalen siden denne dag (kræver DEMO=1)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["since"] and not settings.DEMO:
            raise CommandError("--since hører til et eksempel og kræver DEMO=1.")
        try:
            report = load_programme(options["file"], since=options["since"])
        except BadProgrammeFile as error:
            raise CommandError(str(error)) from error
        for model, number in report.created.items():
            names = (str(model._meta.verbose_name), str(model._meta.verbose_name_plural))
            self.stdout.write(f"Oprettet: {count(number, *names)}.")
        if report.kept:
            self.stdout.write(f"Uændret: {count(report.kept, 'række', 'rækker')} i forvejen.")
        if report.completed:
            given = count(report.completed, "deadline", "deadlines")
            self.stdout.write(f"Suppleret: {given} har fået sine datoer.")
        for sentence in report.differences:
            self.stdout.write(f"Forskel: {sentence}")
        if options["report"]:
            places = count(len(report.oddities), "sted", "steder")
            self.stdout.write(f"\nSe på {places} i kilderne:")
            for oddity in report.oddities:
                self.stdout.write(f"\n{oddity.place}\n  {oddity.note}")
