"""Counts and sums of tables, so that a restored database can be compared with the one it was."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.cache.backends.db import BaseDatabaseCache

from core import danish


@dataclass(frozen=True)
class TableSum:
    """How many rows a table has, and a SHA-256 over them."""

    rows: int
    sha256: str


def table_sum(rows: Iterable[bytes]) -> TableSum:
    """The sum of a table's rows, each in its canonical form; their order does not matter."""
    digests = sorted(hashlib.sha256(row).digest() for row in rows)
    return TableSum(len(digests), hashlib.sha256(b"".join(digests)).hexdigest())


EMPTY = table_sum([])


def left_out() -> set[str]:
    """The tables that a backup holds empty: a session in it would be a login for whoever finds
    it, and a cache is no data."""
    kept = (cache for cache in caches.all() if isinstance(cache, BaseDatabaseCache))
    return {Session._meta.db_table, *(vars(cache)["_table"] for cache in kept)}


def differences(expected: Mapping[str, TableSum], found: Mapping[str, TableSum]) -> list[str]:
    """A sentence for each table that is not what it was."""
    said = []
    for name in sorted(expected.keys() | found.keys()):
        was, now = expected.get(name), found.get(name)
        if was == now:
            continue
        if now is None:
            said.append(f"Tabellen {name} mangler.")
        elif was is None:
            said.append(f"Tabellen {name} er der ikke i backuppen.")
        elif was.rows != now.rows:
            before, after = (danish.count(s.rows, "række", "rækker") for s in (was, now))
            said.append(f"Tabellen {name} har {after} og skulle have {before}.")
        else:
            said.append(f"Tabellen {name} har andre værdier end i backuppen.")
    return said
