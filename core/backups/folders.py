"""The folders of backups. Each is filled under a temporary name and renamed once it is complete."""

import os
import re
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.db import DatabaseError, connection
from psycopg import Error as PostgresError

from core.backups import DATABASE_MODULES, manifest
from core.backups.errors import BackupError, from_os_error
from core.backups.manifest import Manifest, sync_folder

# The second at which the backup began, in UTC: local time repeats an hour in autumn.
FOLDER_NAME_FORMAT = "%Y-%m-%dT%H%M%SZ"
FOLDER_NAME = re.compile(r"\d{4}-\d\d-\d\dT\d{6}Z")
UNFINISHED = ".unfinished-"
A_DAY = 24 * 60 * 60


def make(directory: Path, at: datetime) -> tuple[Path, Manifest]:
    """Back up the portal's database into a new folder of `directory`, which is made if missing.

    The folder has a temporary name until it is complete, and a failed backup leaves no folder.
    Raises BackupError.
    """
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        _remove_leftovers(directory)
        unfinished = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=directory))
    except OSError as error:
        raise from_os_error(error, directory) from error
    finished = directory / at.strftime(FOLDER_NAME_FORMAT)
    try:
        with _for_the_owner_alone():
            written = _fill(unfinished, at)
        if finished.exists():
            raise BackupError(f"{finished} findes i forvejen. Intet er ændret.")
        unfinished.rename(finished)
        sync_folder(directory)
    except OSError as error:
        raise from_os_error(error, directory) from error
    except (DatabaseError, sqlite3.Error, PostgresError) as error:
        raise _from_database_error(error, directory) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return finished, written


@contextmanager
def _for_the_owner_alone() -> Iterator[None]:
    """Let only the owner read what is written within the block."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def _fill(folder: Path, at: datetime) -> Manifest:
    kind = DATABASE_MODULES[connection.vendor]
    path = folder / kind.DUMP
    dumped = kind.dump(path)
    with path.open("rb") as file:
        os.fsync(file.fileno())
    written = Manifest(
        made_at=at,
        portal_version=manifest.portal_version(),
        portal_commit=manifest.portal_commit(),
        kind=dumped.kind,
        database_version=dumped.database_version,
        tool=dumped.tool,
        migrations=dumped.migrations,
        tables=dumped.tables,
        files={kind.DUMP: manifest.file_sum(path)},
    )
    written.write(folder)
    return written


def remove_older(directory: Path, keep: int) -> tuple[list[str], list[str]]:
    """Remove all complete backups but the newest `keep`.

    Returns the names of those removed, and of the incomplete ones, which are left for somebody to
    look at.
    """
    whole: list[Path] = []
    broken: list[Path] = []
    for folder in sorted(path for path in directory.iterdir() if FOLDER_NAME.fullmatch(path.name)):
        (whole if _is_whole(folder) else broken).append(folder)
    older = whole[: -max(keep, 1)]
    for folder in older:
        # Renamed first: a backup that is half removed must not look complete.
        doomed = folder.with_name(f"{UNFINISHED}{folder.name}")
        folder.rename(doomed)
        shutil.rmtree(doomed)
    return [folder.name for folder in older], [folder.name for folder in broken]


def _is_whole(folder: Path) -> bool:
    try:
        manifest.read(folder).check_files(folder)
    except (BackupError, OSError):
        return False
    return True


def _remove_leftovers(directory: Path) -> None:
    """Remove what killed backups left behind: unfinished folders older than a day."""
    for path in directory.glob(f"{UNFINISHED}*"):
        if path.stat().st_mtime < time.time() - A_DAY:
            shutil.rmtree(path, ignore_errors=True)


def _from_database_error(error: Exception, directory: Path) -> BackupError:
    if shutil.disk_usage(directory).free < 64 * 1024 or "full" in str(error):
        return BackupError(f"Disken er fuld: {directory}.")
    return BackupError(f"Databasen kan ikke læses: {str(error).strip()}")
