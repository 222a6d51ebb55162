"""`manage.py restore DIR`: put a backup in the database's place, or try it out with `--check`."""

import sqlite3
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from psycopg import Error as PostgresError

from core import danish
from core.backups import KIND_NAMES, KINDS, folders, manifest, postgresql
from core.backups.errors import BackupError
from core.backups.manifest import Manifest


class Command(BaseCommand):
    help = "Gendanner databasen fra en backup og sammenligner hver tabel med den."
    # The database may be empty, and the schema is the backup's own.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="backuppens mappe")
        parser.add_argument(
            "--check",
            action="store_true",
            help="gendan i en database, der slettes igen, uden at røre portalens",
        )
        parser.add_argument(
            "--replace",
            metavar="DATABASE",
            help="databasens navn, når det, der står i den, skal erstattes",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"].absolute()
        try:
            found = manifest.read(folder)
            kind = self._readable(found, folder)
            path = folder / kind.DUMP
            if options["check"]:
                kind.try_out(found, path)
                self.stdout.write(f"Backuppen er hel: {_held(found)} er gendannet og stemmer.")
            else:
                self._restore(found, kind, path, options["replace"])
        except BackupError as error:
            raise CommandError(f"Der er ikke gendannet. {error}") from error
        except OSError as error:
            raise CommandError(f"Der er ikke gendannet. {error}") from error
        except (DatabaseError, sqlite3.Error, PostgresError) as error:
            said = str(error).strip()
            raise CommandError(f"Der er ikke gendannet. Databasen svarer: {said}") from error

    def _readable(self, found: Manifest, folder: Path) -> ModuleType:
        """Refuse what this portal can't restore, before anything is touched."""
        if found.kind != connection.vendor:
            raise BackupError(
                f"Backuppen er af {KIND_NAMES.get(found.kind, found.kind)}, og portalens database "
                f"er {KIND_NAMES[connection.vendor]}. DATABASE_URL skal være af samme slags."
            )
        newer = found.newer_than_code()
        if newer:
            raise BackupError(
                f"Backuppen er af en nyere portal: den har {newer[0]}, som denne ikke kender. "
                "Opgradér portalen først."
            )
        found.check_files(folder)
        return KINDS[found.kind]

    def _restore(self, found: Manifest, kind: ModuleType, path: Path, replace: str | None) -> None:
        there = kind.contents()
        if there:
            self._may_replace(kind, there, replace)
            if connection.vendor == "postgresql":
                postgresql.refuse_other_tables(found)
                before, _ = folders.make(path.parent.parent, datetime.now(UTC))
                self.stdout.write(f"Det, der var, er gemt i {before}.")
        kept = kind.restore(found, path, at=datetime.now(UTC), replace=bool(there))
        self.stdout.write(f"Gendannet: {_held(found)}, og alt stemmer. Alle skal logge ind igen.")
        if kept:
            self.stdout.write(f"Det, der var, ligger ved siden af som {kept}.")
        if manifest.unapplied(found):
            self.stdout.write("Portalen er nyere end backuppen: kør manage.py migrate.")

    def _may_replace(self, kind: ModuleType, there: dict[str, int], replace: str | None) -> None:
        name = kind.name()
        if replace == name:
            return
        rows = danish.count(sum(there.values()), "række", "rækker")
        tables = danish.count(len(there), "tabel", "tabeller")
        raise BackupError(
            f"Databasen »{name}« er ikke tom: {rows} i {tables} går tabt. "
            f"Skal de erstattes, så skriv --replace {name}. Intet er ændret."
        )


def _held(found: Manifest) -> str:
    tables = danish.count(len(found.tables), "tabel", "tabeller")
    rows = danish.count(found.rows, "række", "rækker")
    return f"{tables} med {rows}"
