"""Row counts and checksums of tables, to compare a restored database with its backup."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.cache.backends.db import BaseDatabaseCache

from core import danish


@dataclass(frozen=True)
class TableSum:
    """The number of rows in a table, and a SHA-256 of them."""

    rows: int
    sha256: str


def table_sum(rows: Iterable[bytes]) -> TableSum:
    """Count and hash a table's rows, given in their canonical form; their order does not matter."""
    digests = sorted(hashlib.sha256(row).digest() for row in rows)
    return TableSum(len(digests), hashlib.sha256(b"".join(digests)).hexdigest())


EMPTY = table_sum([])


def left_out() -> set[str]:
    """Name the tables that are empty in a backup: those of sessions and of the cache.

    Whoever finds a backup could log in with a session from it.
    """
    in_tables = (cache for cache in caches.all() if isinstance(cache, BaseDatabaseCache))
    return {Session._meta.db_table, *(vars(cache)["_table"] for cache in in_tables)}


def differences(expected: Mapping[str, TableSum], actual: Mapping[str, TableSum]) -> list[str]:
    """Write a Danish sentence for each table whose actual sum is not the expected one."""
    sentences = []
    for name in sorted(expected.keys() | actual.keys()):
        was, now = expected.get(name), actual.get(name)
        if was == now:
            continue
        if now is None:
            sentences.append(f"Tabellen {name} mangler.")
        elif was is None:
            sentences.append(f"Tabellen {name} er der ikke i backuppen.")
        elif was.rows != now.rows:
            before, after = (danish.count(s.rows, "række", "rækker") for s in (was, now))
            sentences.append(f"Tabellen {name} har {after} og skulle have {before}.")
        else:
            sentences.append(f"Tabellen {name} har andre værdier end i backuppen.")
    return sentences
