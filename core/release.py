"""Which code this is: what tells the answers of one release from those of another."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings


def hash_of(root: Path) -> str:
    """Hash the portal's code, templates and static files, and the versions of its libraries. Every
    worker and every instance of one release makes the same hash."""
    digest = hashlib.sha256()
    for path in sorted(_files(root)):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files(root: Path) -> Iterator[Path]:
    yield root / "requirements.txt"
    for package in root.glob("*/__init__.py"):
        yield from package.parent.rglob("*.py")
    for folder in ("static", "templates"):
        yield from (path for path in (root / folder).rglob("*") if path.is_file())


# Made when the code is loaded: the files may be replaced before the process is.
RELEASE = hash_of(settings.BASE_DIR)
