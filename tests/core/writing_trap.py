"""A database that refuses writes, for tests of code that only reads."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

# Statements that write, or take the lock for writing. In a test Django opens a savepoint where a
# request would begin a transaction, and on SQLite that transaction takes the write lock.
WRITING = re.compile(
    r"\s*(INSERT|UPDATE|DELETE|REPLACE|MERGE|TRUNCATE|CREATE|ALTER|DROP|SAVEPOINT|BEGIN)\b"
    r"|.*\bFOR (NO KEY )?UPDATE\b|.*\bnextval\b",
    re.IGNORECASE | re.DOTALL,
)


@contextmanager
def nothing_is_written() -> Iterator[list[str]]:
    """Let the database refuse every write, and yield the list of attempts."""
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
            # PostgreSQL undoes the setting with the savepoint, also when a statement failed.
            transaction.set_rollback(True)
    finally:
        if is_sqlite:
            run("PRAGMA query_only = OFF")


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
