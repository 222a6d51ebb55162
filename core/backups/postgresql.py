"""Backup and restore of PostgreSQL with `pg_dump -Fc` and `pg_restore`, in one exported snapshot.

Both programs get the connection from DATABASE_URL, the password too, through libpq's environment
variables, so that nothing of it shows on a command line.
"""

import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from django.db import connection
from psycopg import sql
from psycopg.pq import Conninfo

from core.backups.dumped import Dumped
from core.backups.errors import BackupError
from core.backups.manifest import Manifest
from core.backups.sums import EMPTY, TableSum, left_out, table_sum

DUMP = "portal.dump"
DEBIAN_FOLDER = Path("/usr/lib/postgresql")
# With these, values are written the same way whatever the server's settings are, and no time limit
# ends the reading.
READING = """
    SET TIME ZONE 'UTC'; SET datestyle = 'ISO, YMD'; SET intervalstyle = 'iso_8601';
    SET bytea_output = 'hex'; SET extra_float_digits = 1; SET statement_timeout = 0;
    SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0
"""


def name() -> str:
    """Return the name of the portal's database."""
    return _parameters()["dbname"]


def dump(path: Path) -> Dumped:
    """Write a dump into `path`, and read the sums of its tables in the same snapshot.

    The tables of sessions and of the cache are dumped empty.
    """
    program = _program("pg_dump")
    with reading() as server:
        _refuse_older(program, server.info.server_version)
        server.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        server.read_only = True
        (snapshot,) = _one(server, "SELECT pg_export_snapshot()")
        without = [f'--exclude-table-data="{table}"' for table in sorted(left_out())]
        _run(
            program,
            *("--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={path}"),
            *without,
            "--no-password",
        )
        path.chmod(0o600)
        with path.open("rb") as file:
            os.fsync(file.fileno())
        migrations = server.execute("SELECT app, name FROM django_migrations ORDER BY id")
        return Dumped(
            kind="postgresql",
            database_version=_version_words(server.info.server_version),
            tool=_version_line(program),
            migrations=tuple(f"{app}.{name}" for app, name in migrations.fetchall()),
            tables=sums(server),
        )


def contents() -> dict[str, int]:
    """Count the rows in each table of the portal's database; {} when it has no tables."""
    with reading() as server:
        return {table: _count(server, table) for table in _tables(server)}


def restore(manifest: Manifest, path: Path, *, at: datetime, replace: bool) -> str:
    """Put the dump into the portal's database in one transaction, and compare every table.

    With `replace` the present tables are dropped in the same transaction. Returns "": no file is
    kept, unlike on SQLite.
    """
    connection.close()
    if replace:
        refuse_other_tables(manifest)
    instead = ["--clean", "--if-exists"] if replace else []
    _restore_into(name(), path, *instead)
    with reading() as server:
        manifest.compare(sums(server), "Den gendannede database")
    return ""


def try_out(manifest: Manifest, path: Path) -> None:
    """Restore the dump into a throw-away database on the same server and compare every table."""
    throwaway = f"{name()[:40]}_check_{secrets.token_hex(4)}"
    database = sql.Identifier(throwaway)
    with psycopg.connect(**_parameters(), autocommit=True) as server:
        server.execute("SET statement_timeout = 0")
        try:
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(database))
        except psycopg.errors.InsufficientPrivilege as error:
            raise BackupError(
                f"Rollen {server.info.user} må ikke oprette en database at prøve i. "
                f"Giv den lov: ALTER ROLE {server.info.user} CREATEDB."
            ) from error
        try:
            # The roles that the dump names need not exist on a server that only tries it out.
            _restore_into(throwaway, path, "--no-privileges")
            with reading(dbname=throwaway) as restored:
                manifest.compare(sums(restored), "Den gendannede database")
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(database))


# The programs


def _program(program: str) -> str:
    """Find the program on PATH, else the newest among those Debian installs with its servers."""
    on_path = shutil.which(program)
    if on_path:
        return on_path
    paths = [path for path in DEBIAN_FOLDER.glob(f"*/bin/{program}") if path.exists()]
    if not paths:
        raise BackupError(f"{program} findes ikke. Installér pakken postgresql-client.")
    return str(max(paths, key=lambda path: float(path.parts[-3])))


def _version_line(program: str) -> str:
    """Ask the program for its version: "pg_dump (PostgreSQL) 15.8"."""
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return done.stdout.strip().split(" (Debian")[0]


def _major(version_line: str) -> int:
    match = re.search(r"\) (\d+)", version_line)
    return int(match[1]) if match else 0


def _refuse_older(program: str, server_version: int) -> None:
    """Raise BackupError when the dump program is older than the server, which it can't read."""
    version_line, server = _version_line(program), server_version // 10_000
    if _major(version_line) < server:
        raise BackupError(
            f"{version_line} er ældre end databasen, som er PostgreSQL {server}. "
            f"Installér pakken postgresql-client-{server}."
        )


def _run(program: str, *arguments: str) -> None:
    """Run the program against the portal's server. Raises BackupError with what it wrote."""
    done = subprocess.run(
        [program, *arguments],
        env=_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        umask=0o077,
    )
    if done.returncode == 0:
        return
    message = done.stderr.strip()
    if "No space left on device" in message:
        raise BackupError(f"Disken er fuld. {message}")
    role = re.search(r'role "(.+?)" does not exist', message)
    if role:
        raise BackupError(
            f"Rollen »{role[1]}« findes ikke på serveren. Opret den som i docs/drift.md, og "
            "gendan igen. Intet er ændret."
        )
    raise BackupError(f"{Path(program).name} mislykkedes: {message}")


def _restore_into(database: str, path: Path, *arguments: str) -> None:
    program = _program("pg_restore")
    _run(
        program,
        *("--single-transaction", "--exit-on-error", "--no-owner", "--no-password"),
        *arguments,
        f"--dbname={database}",
        str(path),
    )
    with psycopg.connect(**_parameters(dbname=database), autocommit=True) as server:
        # Without statistics the first queries would be planned as if every table were empty.
        server.execute("SET statement_timeout = 0")
        server.execute("ANALYZE")


def refuse_other_tables(manifest: Manifest) -> None:
    """Raise BackupError when the database has tables that the backup does not: they would stay
    among the restored ones."""
    with reading() as server:
        others = sorted(set(_tables(server)) - set(manifest.tables))
    if others:
        raise BackupError(
            f"Databasen »{name()}« har tabeller, som backuppen ikke kender: {', '.join(others)}. "
            "Gendan i en ny, tom database i stedet. Intet er ændret."
        )


# The server


def _libpq_parameters() -> dict[str, str]:
    """Map the name of each parameter of libpq to the environment variable it is read from."""
    return {
        option.keyword.decode(): option.envvar.decode() if option.envvar else ""
        for option in Conninfo.get_defaults()
    }


def _parameters(**instead: str) -> dict[str, Any]:
    """Return libpq's parameters of the portal's connection; `instead` replaces some of them."""
    known = _libpq_parameters()
    parameters = {**connection.get_connection_params(), **instead}
    return {name: str(value) for name, value in parameters.items() if name in known}


def _environment() -> dict[str, str]:
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name in ("PATH", "HOME") or name.startswith("PG")
    }
    variables = _libpq_parameters()
    of_portal = {variables[name]: value for name, value in _parameters().items() if variables[name]}
    return {**inherited, **of_portal, "LC_ALL": "C.UTF-8"}


@contextmanager
def reading(**instead: str) -> Iterator[psycopg.Connection[Any]]:
    """Open a second connection without time limits; its first query begins a transaction."""
    with psycopg.connect(**_parameters(**instead)) as server:
        server.execute(READING)
        server.commit()
        yield server


def _one(server: psycopg.Connection[Any], query: sql.Composed | LiteralString) -> tuple[Any, ...]:
    row: tuple[Any, ...] | None = server.execute(query).fetchone()
    assert row is not None
    return row


def _tables(server: psycopg.Connection[Any]) -> list[str]:
    listed = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1"
    return [name for (name,) in server.execute(listed).fetchall()]


def _count(server: psycopg.Connection[Any], table: str) -> int:
    query = sql.SQL("SELECT COUNT(*) FROM {}").format(sql.Identifier(table))
    return int(_one(server, query)[0])


def sums(server: psycopg.Connection[Any]) -> dict[str, TableSum]:
    """Sum every table. The tables that a backup leaves out are summed as empty."""
    without = left_out()
    return {
        table: EMPTY if table in without else table_sum(_rows(server, table))
        for table in _tables(server)
    }


def _rows(server: psycopg.Connection[Any], table: str) -> Iterator[bytes]:
    """Read each row as COPY writes it, one message for each row."""
    query = sql.SQL("COPY (SELECT * FROM {}) TO STDOUT").format(sql.Identifier(table))
    with server.cursor() as cursor, cursor.copy(query) as rows:
        for row in rows:
            yield bytes(row)


def _version_words(version: int) -> str:
    return f"{version // 10_000}.{version % 10_000}"
