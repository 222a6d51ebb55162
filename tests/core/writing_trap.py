"""A database that refuses to be written, for tests of what only reads."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

# What writes, or takes the lock of somebody who is going to. Django marks its own statements with
# a savepoint where a request would begin a transaction: on SQLite that takes the write lock.
WRITING = re.compile(
    r"\s*(INSERT|UPDATE|DELETE|REPLACE|MERGE|TRUNCATE|CREATE|ALTER|DROP|SAVEPOINT|BEGIN)\b"
    r"|.*\bFOR (NO KEY )?UPDATE\b|.*\bnextval\b",
    re.IGNORECASE | re.DOTALL,
)


@contextmanager
def nothing_is_written() -> Iterator[list[str]]:
    """Every write is refused by the database, and the attempt is in the list."""
    attempts: list[str] = []

    def watch(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        if WRITING.match(sql):
            attempts.append(sql)
        return execute(sql, *arguments)

    is_sqlite = connection.vendor == "sqlite"
    try:
        with transaction.atomic():
            run("PRAGMA query_only = ON" if is_sqlite else "SET TRANSACTION READ ONLY")
            with connection.execute_wrapper(watch):
                yield attempts
            # PostgreSQL forgets it with the savepoint, and with it a statement that failed.
            transaction.set_rollback(True)
    finally:
        if is_sqlite:
            run("PRAGMA query_only = OFF")


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
