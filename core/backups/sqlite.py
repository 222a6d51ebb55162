"""Backup and restore of SQLite with `VACUUM INTO`, through Django's own connection.

`VACUUM INTO` copies the database as it is at one moment, while others write. Copying the file
instead gave corrupt and incomplete copies.
"""

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from django.db import connection

from core.backups.dumped import Dumped
from core.backups.errors import BackupError, from_os_error
from core.backups.manifest import Manifest, sync_folder
from core.backups.sums import TableSum, left_out, table_sum

DUMP = "portal.sqlite3"


def name() -> str:
    """Return the name of the database's file."""
    return _file().name


def dump(path: Path) -> Dumped:
    """Write a copy of the database into `path`, and read the sums of its tables from that copy.

    The tables of sessions and of the cache are emptied in it.
    """
    path.touch(mode=0o600)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(path)])
    with closing(sqlite3.connect(path, isolation_level=None)) as copy:
        # Deleted rows are overwritten, so that they cannot be read from the file's free pages.
        copy.execute("PRAGMA secure_delete = ON")
        for table in left_out() & set(_tables(copy)):
            copy.execute(f"DELETE FROM {_quoted(table)}")
        _check(copy, path)
        migrations = [
            f"{app}.{name}"
            for app, name in copy.execute("SELECT app, name FROM django_migrations ORDER BY id")
        ]
        return Dumped(
            kind="sqlite",
            database_version=sqlite3.sqlite_version,
            tool=f"SQLite {sqlite3.sqlite_version}",
            migrations=tuple(migrations),
            tables=sums(copy),
        )


def contents() -> dict[str, int]:
    """Count the rows in each table of the portal's database; {} when there is no database."""
    path = _file()
    if not path.exists() or not path.stat().st_size:
        return {}
    try:
        with closing(sqlite3.connect(path)) as database:
            counts = {
                table: database.execute(f"SELECT COUNT(*) FROM {_quoted(table)}").fetchone()[0]
                for table in _tables(database)
            }
    except sqlite3.DatabaseError as error:
        raise BackupError(
            f"{path} kan ikke læses som en database ({error}). Flyt filen og dens »-wal« og »-shm« "
            "til en anden mappe, og gendan igen."
        ) from error
    return counts


def restore(manifest: Manifest, path: Path, *, at: datetime, replace: bool) -> str:
    """Replace the portal's file with the dump, after checking that it is what was backed up.

    The old file is kept beside the new one. Returns its name there, or "".
    """
    target = _file()
    beside = target.with_name(f"{target.name}.restoring")
    connection.close()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        owner = (target if target.exists() else target.parent).stat()
        _copy(path, beside)
        with closing(sqlite3.connect(beside)) as copy:
            _check(copy, path)
            manifest.compare(sums(copy), "Den gendannede database")
        os.chown(beside, owner.st_uid, owner.st_gid)
        kept = _set_aside(target, at) if target.exists() and replace else ""
        _refuse_companions(target)
        beside.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise from_os_error(error, target) from error
    finally:
        beside.unlink(missing_ok=True)
    return kept


def try_out(manifest: Manifest, path: Path) -> None:
    """Restore the dump into a throw-away file and compare every table."""
    with tempfile.TemporaryDirectory(prefix="portal-restore-") as folder:
        copied = Path(folder) / DUMP
        try:
            _copy(path, copied)
        except OSError as error:
            raise from_os_error(error, copied) from error
        with closing(sqlite3.connect(copied)) as copy:
            _check(copy, path)
            manifest.compare(sums(copy), "Den gendannede database")


def _file() -> Path:
    return Path(str(connection.settings_dict["NAME"]))


def _set_aside(target: Path, at: datetime) -> str:
    """Keep the portal's file under another name, with its write-ahead log merged into it.

    SQLite leaves WAL mode only when nobody else has the file open, so this also refuses a restore
    while the portal runs.
    """
    try:
        with closing(sqlite3.connect(target, timeout=1, isolation_level=None)) as database:
            database.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        raise BackupError(
            f"{target} er i brug ({error}). Stop portalen, og gendan igen. Intet er ændret."
        ) from error
    kept = target.with_name(f"{target.name}.before-{at:%Y-%m-%dT%H%M%SZ}")
    # A hard link now and `replace` later: the database is never missing.
    kept.hardlink_to(target)
    return kept.name


def _refuse_companions(target: Path) -> None:
    """Raise BackupError when another database left a log that SQLite would replay into this one."""
    for ending in ("-wal", "-journal"):
        log = target.with_name(f"{target.name}{ending}")
        if log.exists() and log.stat().st_size:
            raise BackupError(
                f"{log} ligger her endnu og hører til en anden database. Flyt den til en anden "
                "mappe, og gendan igen. Intet er ændret."
            )


def _copy(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    target.touch(mode=0o600)
    shutil.copyfile(source, target)
    with target.open("rb") as file:
        os.fsync(file.fileno())


def _check(database: sqlite3.Connection, path: Path) -> None:
    """Raise BackupError unless SQLite finds the file intact."""
    try:
        results = [row[0] for row in database.execute("PRAGMA integrity_check")]
        orphans = database.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{path} er ikke en hel database: {error}.") from error
    if results != ["ok"]:
        raise BackupError(f"{path} er ikke en hel database: {results[0]}")
    if orphans:
        raise BackupError(f"{path} har rækker, der peger på noget, som ikke findes: {orphans[0]}.")


def _tables(database: sqlite3.Connection) -> list[str]:
    """List every table with data, `sqlite_sequence` too: it holds each table's next number."""
    listed = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
    names = [name for (name,) in database.execute(listed)]
    return [name for name in names if not name.startswith("sqlite_stat")]


def sums(database: sqlite3.Connection) -> dict[str, TableSum]:
    # Damaged text should show as a wrong sum, not as an error of the decoder.
    database.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    return {table: table_sum(_rows(database, table)) for table in _tables(database)}


def _rows(database: sqlite3.Connection, table: str) -> Iterator[bytes]:
    """Read each row as JSON of its stored values."""
    for row in database.execute(f"SELECT * FROM {_quoted(table)}"):
        yield json.dumps(row, default=lambda value: {"bytes": value.hex()}).encode()


def _quoted(table: str) -> str:
    return '"' + table.replace('"', '""') + '"'
