"""Facts about a dump, as the database that wrote it reports them."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.backups.sums import TableSum


@dataclass(frozen=True)
class Dumped:
    """A dump: the kind and version of its database, the program that wrote it, the migrations
    applied, and the sums of every table at the moment of the dump."""

    kind: str
    database_version: str
    tool: str
    migrations: tuple[str, ...]
    tables: Mapping[str, TableSum]
