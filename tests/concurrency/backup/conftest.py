"""A backup, and a fresh database to restore it into.

What is restored lies beside the suite's own database and is served by a process of its own.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection
from django.test import Client

from principles.models import Programme
from tests.concurrency.backup.steps import Place, back_up
from tests.reports.editions.steps import lock


@pytest.fixture
def place(tmp_path: Path, transactional_db: None) -> Iterator[Place]:
    """Where a backup is restored: a file of SQLite, or an empty database on the same server."""
    if connection.vendor == "sqlite":
        file = tmp_path / "fresh.sqlite3"

        def ask_file(query: str) -> list[tuple[object, ...]]:
            with closing(sqlite3.connect(file)) as database, database:
                return database.execute(query).fetchall()

        yield Place(f"sqlite:///{file}", file.name, ask_file)
        return
    values = connection.settings_dict
    fresh = f"fresh_{os.getpid()}"
    url = f"postgres://{values['USER']}@{quote(values['HOST'], safe='')}/"

    def ask_server(query: str, database: str = fresh) -> list[tuple[object, ...]]:
        with psycopg.connect(f"{url}{database}", autocommit=True) as server:
            # As somebody who goes around the portal's triggers.
            server.execute("SET session_replication_role = replica")
            done = server.execute(query)
            return done.fetchall() if done.description else []

    ask_server(f"CREATE DATABASE {fresh}", "postgres")
    yield Place(f"{url}{fresh}", fresh, ask_server)
    ask_server(f"DROP DATABASE {fresh} WITH (FORCE)", "postgres")


@pytest.fixture
def backup(programme: Programme, tmp_path: Path) -> Path:
    """A backup of the real programme with a locked edition, its files and a session."""
    lock(programme, with_files=None)
    Client().force_login(programme.memberships.earliest("id").user)
    return back_up(tmp_path / "backups")
