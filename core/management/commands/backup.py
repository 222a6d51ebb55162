"""`manage.py backup DIR`: back up the whole database into a new folder under DIR."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import danish
from core.backups import folders
from core.backups.errors import BackupError


class Command(BaseCommand):
    help = "Tager en backup af hele databasen i en ny mappe under DIR."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path, metavar="DIR", help="mappen med backupper")
        parser.add_argument(
            "--keep", type=int, metavar="N", help="behold de nyeste N hele backupper, slet de ældre"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        keep: int | None = options["keep"]
        if keep is not None and keep < 1:
            raise CommandError("--keep skal være mindst 1: den nyeste backup slettes aldrig.")
        directory: Path = options["directory"].absolute()
        try:
            folder, made = folders.make(directory, datetime.now(UTC))
        except BackupError as error:
            raise CommandError(f"Der blev ikke taget backup. {error}") from error
        tables = danish.count(len(made.tables), "tabel", "tabeller")
        rows = danish.count(made.rows, "række", "rækker")
        self.stdout.write(
            f"{folder}: {tables}, {rows}, {danish.thousands(made.size)} byte.\n"
            "Backuppen rummer personoplysninger og adgangskodernes hash. Opbevar den som "
            "portalens database. Sessioner er ikke med."
        )
        if keep is not None:
            removed, broken = folders.remove_older(directory, keep)
            if removed:
                self.stdout.write(f"Slettet: {', '.join(removed)}.")
            if broken:
                self.stdout.write(f"Ikke hele, og derfor ikke slettet: {', '.join(broken)}.")
