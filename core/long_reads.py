"""Reads and writes that take longer than a page may, for the commands that go through every row."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def reading_all() -> Iterator[None]:
    """Let the block read for as long as it takes, while others write.

    PostgreSQL sends a million rows in batches only within a transaction. SQLite needs none, and
    its transactions take the write lock: nobody could save until everything was read.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        lift_time_limit()
        yield


def lift_time_limit() -> None:
    """Lift the time limit of this transaction's statements, COMMIT included."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
