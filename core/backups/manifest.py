"""The manifest: what a backup holds, with checksums of its files, its tables and itself."""

import hashlib
import json
import os
import subprocess
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from core import danish
from core.backups.errors import BackupError
from core.backups.sums import TableSum, differences

FILE_NAME = "manifest.json"
FORMAT = 1


@dataclass(frozen=True)
class FileSum:
    """The size of a file in bytes, and its SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """A backup's description: its portal and database, when it was made, and what it holds.

    `tool` is the program that wrote the dump. `migrations` are those applied, as "app.name".
    """

    made_at: datetime
    portal_version: str
    portal_commit: str
    kind: str
    database_version: str
    tool: str
    migrations: tuple[str, ...]
    tables: Mapping[str, TableSum]
    files: Mapping[str, FileSum]
    format: int = FORMAT

    @property
    def rows(self) -> int:
        """The number of rows in all its tables."""
        return sum(table.rows for table in self.tables.values())

    @property
    def size(self) -> int:
        """The size of its files in bytes."""
        return sum(file.size for file in self.files.values())

    def write(self, folder: Path) -> None:
        """Write it into the backup's folder, with a checksum of itself."""
        content: Any = {**asdict(self), "made_at": self.made_at.isoformat()}
        content = json.loads(json.dumps(content))
        whole = {"manifest": content, "sha256": _sum_of_content(content)}
        with (folder / FILE_NAME).open("x", encoding="utf-8") as file:
            json.dump(whole, file, indent=1, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())

    def check_files(self, folder: Path) -> None:
        """Raise BackupError when a file of the backup is missing or has been altered."""
        for name, expected in self.files.items():
            path = folder / name
            if not path.is_file():
                raise BackupError(f"Filen {path} mangler. Backuppen er ikke hel.")
            size = path.stat().st_size
            if size != expected.size:
                raise BackupError(
                    f"Filen {path} fylder {danish.thousands(size)} byte og skulle fylde "
                    f"{danish.thousands(expected.size)}. Backuppen er ikke hel."
                )
            if file_sum(path) != expected:
                raise BackupError(f"Filen {path} er ændret, siden backuppen blev taget.")

    def compare(self, tables: Mapping[str, TableSum], what: str) -> None:
        """Raise BackupError, naming the tables, when `tables` are not those that were backed up.

        `what` begins the sentence: the Danish name of the database that was compared.
        """
        sentences = differences(self.tables, tables)
        if sentences:
            raise BackupError(" ".join([f"{what} svarer ikke til backuppen.", *sentences]))

    def newer_than_code(self) -> list[str]:
        """List the migrations it was made with that this portal does not know."""
        known = {".".join(key) for key in _loader().disk_migrations}
        return [name for name in self.migrations if name not in known]


def read(folder: Path) -> Manifest:
    """Read the manifest in `folder`. Raises BackupError when there is none or it was altered."""
    path = folder / FILE_NAME
    try:
        whole = json.loads(path.read_text("utf-8"))
        content = whole["manifest"]
        if whole["sha256"] != _sum_of_content(content):
            raise BackupError(f"{path} er ændret, siden backuppen blev taget.")
        if content["format"] != FORMAT:
            raise BackupError(f"{path} er skrevet af en nyere portal. Opgradér portalen først.")
        return _manifest(content)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise BackupError(f"{folder} er ikke en backup: {FILE_NAME} mangler.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupError(f"{path} kan ikke læses. Den er ændret eller ikke hel.") from error


def sync_folder(folder: Path) -> None:
    """Wait until the names of the folder's files are on the disk; fsync of a file is not enough."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def file_sum(path: Path) -> FileSum:
    """Measure the size and the SHA-256 of a file."""
    with path.open("rb") as file:
        return FileSum(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def portal_version() -> str:
    """Read the portal's version from pyproject.toml; "" when the file is missing."""
    path = settings.BASE_DIR / "pyproject.toml"
    if not path.exists():
        return ""
    version: str = tomllib.loads(path.read_text("utf-8"))["project"]["version"]
    return version


def portal_commit() -> str:
    """Ask git for the commit that is checked out; "" when git cannot say.

    In production another user owns the folder, and git reads it only when told that it is safe.
    """
    folder = str(settings.BASE_DIR)
    try:
        done = subprocess.run(
            ["git", "-c", f"safe.directory={folder}", "-C", folder, "rev-parse", "HEAD"],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def unapplied(manifest: Manifest) -> int:
    """Count the migrations of this portal that the backup was made without."""
    known = {".".join(key) for key in _loader().disk_migrations}
    return len(known - set(manifest.migrations))


def _loader() -> MigrationLoader:
    # Without a connection the loader reads the code alone.
    return MigrationLoader(None)


def _sum_of_content(content: Any) -> str:
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _manifest(content: Mapping[str, Any]) -> Manifest:
    return Manifest(
        **{
            **content,
            "made_at": datetime.fromisoformat(content["made_at"]),
            "migrations": tuple(content["migrations"]),
            "tables": {name: TableSum(**value) for name, value in content["tables"].items()},
            "files": {name: FileSum(**value) for name, value in content["files"].items()},
        }
    )
