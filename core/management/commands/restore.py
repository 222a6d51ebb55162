"""`manage.py restore DIR`: replace the database with a backup, or try it out with `--check`."""

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
from core.backups import DATABASE_MODULES, DATABASE_NAMES, folders, manifest, postgresql
from core.backups.errors import BackupError
from core.backups.manifest import Manifest


class Command(BaseCommand):
    help = "Gendanner databasen fra en backup og sammenligner hver tabel med den."
    # The database may be empty, and the restored schema may be of another version.
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
            backup = manifest.read(folder)
            kind = self._checked_kind(backup, folder)
            path = folder / kind.DUMP
            if options["check"]:
                kind.try_out(backup, path)
                self.stdout.write(f"Backuppen er hel: {_size(backup)} er gendannet og stemmer.")
            else:
                self._restore(backup, kind, path, options["replace"])
        except BackupError as error:
            raise CommandError(f"Der er ikke gendannet. {error}") from error
        except OSError as error:
            raise CommandError(f"Der er ikke gendannet. {error}") from error
        except (DatabaseError, sqlite3.Error, PostgresError) as error:
            message = str(error).strip()
            raise CommandError(f"Der er ikke gendannet. Databasen svarer: {message}") from error

    def _checked_kind(self, backup: Manifest, folder: Path) -> ModuleType:
        """Return the module that restores the backup.

        Raises BackupError, before anything is changed, when this portal can't restore it.
        """
        if backup.kind != connection.vendor:
            raise BackupError(
                f"Backuppen er af {DATABASE_NAMES.get(backup.kind, backup.kind)}, og portalens "
                f"database er {DATABASE_NAMES[connection.vendor]}. DATABASE_URL skal være af samme "
                "slags."
            )
        newer = backup.newer_than_code()
        if newer:
            raise BackupError(
                f"Backuppen er af en nyere portal: den har {newer[0]}, som denne ikke kender. "
                "Opgradér portalen først."
            )
        backup.check_files(folder)
        return DATABASE_MODULES[backup.kind]

    def _restore(self, backup: Manifest, kind: ModuleType, path: Path, replace: str | None) -> None:
        present = kind.contents()
        if present:
            self._refuse_unless_named(kind, present, replace)
            if connection.vendor == "postgresql":
                postgresql.refuse_other_tables(backup)
                before, _ = folders.make(path.parent.parent, datetime.now(UTC))
                self.stdout.write(f"Det, der var, er gemt i {before}.")
        kept = kind.restore(backup, path, at=datetime.now(UTC), replace=bool(present))
        self.stdout.write(f"Gendannet: {_size(backup)}, og alt stemmer. Alle skal logge ind igen.")
        if kept:
            self.stdout.write(f"Det, der var, ligger ved siden af som {kept}.")
        if manifest.unapplied(backup):
            self.stdout.write("Portalen er nyere end backuppen: kør manage.py migrate.")

    def _refuse_unless_named(
        self, kind: ModuleType, present: dict[str, int], replace: str | None
    ) -> None:
        name = kind.name()
        if replace == name:
            return
        rows = danish.count(sum(present.values()), "række", "rækker")
        tables = danish.count(len(present), "tabel", "tabeller")
        raise BackupError(
            f"Databasen »{name}« er ikke tom: {rows} i {tables} går tabt. "
            f"Skal de erstattes, så skriv --replace {name}. Intet er ændret."
        )


def _size(backup: Manifest) -> str:
    tables = danish.count(len(backup.tables), "tabel", "tabeller")
    rows = danish.count(backup.rows, "række", "rækker")
    return f"{tables} med {rows}"
