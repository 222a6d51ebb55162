"""What a database says of the dump that was made of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.backups.sums import TableSum


@dataclass(frozen=True)
class Dumped:
    """The kind and version of the database, the program that wrote the dump, the migrations
    applied, and the sums of every table at the moment of the dump."""

    kind: str
    database_version: str
    tool: str
    migrations: tuple[str, ...]
    tables: Mapping[str, TableSum]
