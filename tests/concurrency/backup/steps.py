"""Short steps that the tests of backup and restore share."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from core.backups import DATABASE_MODULES, postgresql, sqlite
from core.backups.sums import TableSum

DUMP = DATABASE_MODULES[connection.vendor].DUMP


class Place:
    """A database that is not there yet, and manage.py on it."""

    def __init__(self, url: str, name: str, sql: Callable[[str], list[tuple[object, ...]]]) -> None:
        self.url = url
        self.name = name
        self.sql = sql

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return {
            **kept,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "TEST_DATABASE_URL": self.url,
        }

    def manage(self, *arguments: object) -> tuple[int, str]:
        """Exit code, and all it said."""
        done = subprocess.run(
            [sys.executable, "manage.py", *map(str, arguments)],
            cwd=settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr


def back_up(directory: Path, **options: object) -> Path:
    """The folder of one more backup."""
    before = set(directory.iterdir()) if directory.exists() else set()
    call_command("backup", directory, stdout=StringIO(), **options)
    (made,) = set(directory.iterdir()) - before
    return made


def refusal(*arguments: Any, **options: Any) -> str:
    with pytest.raises(CommandError) as error:
        call_command(*arguments, **options)
    assert error.value.returncode == 1
    return str(error.value)


def found_in(place: Place) -> dict[str, TableSum]:
    """The sums of the database that was restored, as the portal reads them."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(place.url.removeprefix("sqlite:///"))) as database:
            return dict(sqlite.sums(database))
    with postgresql.reading(dbname=place.name) as server:
        return dict(postgresql.sums(server))
