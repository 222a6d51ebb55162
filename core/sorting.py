"""Danish sort order in the database, for lists that are not sorted in Python.

PostgreSQL has the order from ICU. Each connection to SQLite gets our own under the same name; it is
not part of the schema, so that any tool can read the file.
"""

from typing import Any

from django.db import models
from django.db.models.functions import Collate

from core.danish import sort_key

DANISH = "da-x-icu"


def danish_order(name: str) -> Collate:
    """Return the expression that orders by field `name` (or "user__name") as Danes sort."""
    return Collate(models.F(name), DANISH)


def teach_sqlite(sender: Any, connection: Any, **kwargs: Any) -> None:
    """Let a connection to SQLite, when it is created, sort by `core.danish.sort_key`."""
    if connection.vendor == "sqlite":
        connection.connection.create_collation(DANISH, _compare)


def _compare(one: str, other: str) -> int:
    key, other_key = sort_key(one), sort_key(other)
    return (key > other_key) - (key < other_key)
