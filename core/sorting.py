"""Danish order where the database sorts, for lists too long or too remote to sort in Python.

PostgreSQL knows the order from ICU. SQLite is taught ours under the same name, for each
connection: nothing of it stands in the schema, so that any tool can read the file.
"""

from typing import Any

from django.db import models
from django.db.models.functions import Collate

from core.danish import sort_key

DANISH = "da-x-icu"


def danish_order(name: str) -> Collate:
    """The field `name` (of a related row: "user__name") to be ordered by as Danes do."""
    return Collate(models.F(name), DANISH)


def teach_sqlite(sender: Any, connection: Any, **kwargs: Any) -> None:
    """Receive `connection_created`: SQLite sorts by `core.danish.sort_key`."""
    if connection.vendor == "sqlite":
        connection.connection.create_collation(DANISH, _compare)


def _compare(one: str, other: str) -> int:
    key, other_key = sort_key(one), sort_key(other)
    return (key > other_key) - (key < other_key)
