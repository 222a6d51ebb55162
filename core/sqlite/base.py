"""The database backend `core.sqlite`: pages can be read on a full and on a read-only disk.

To open a file in WAL mode, even for reading, SQLite has to create the files `-wal` and `-shm`
beside it. Where it can't, the file is opened as immutable: without those files and without locks.
That is correct only while the write-ahead log is empty, so that the file itself is complete, and
safe only while nobody writes, which a full or a read-only disk ensures. Since the disk may become
writable at any time, such a connection lasts for one request only, and it cannot write.
"""

import sqlite3
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db.backends.sqlite3 import base

CANNOT_OPEN = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite with a second way to open the file."""

    init_commands: list[str]
    _is_immutable = False

    def connect(self) -> None:
        try:
            super().connect()
        except sqlite3.OperationalError as error:
            if not self._can_be_immutable(error):
                raise
            self._is_immutable = True
            try:
                super().connect()
            finally:
                self._is_immutable = False
            self.close_at = time.monotonic()

    def get_connection_params(self) -> dict[str, Any]:
        parameters: dict[str, Any] = super().get_connection_params()
        if self._is_immutable:
            path = quote(str(Path(parameters["database"]).absolute()))
            parameters["database"] = f"file:{path}?immutable=1"
            self.init_commands = []
        return parameters

    def _can_be_immutable(self, error: sqlite3.OperationalError) -> bool:
        code = error.sqlite_errorcode & 0xFF  # the primary code, without the extended one
        path = Path(str(self.settings_dict["NAME"]))
        log = path.with_name(f"{path.name}-wal")
        return (
            code in CANNOT_OPEN and path.is_file() and (not log.exists() or log.stat().st_size == 0)
        )
