"""What reads or writes more than a page may: the commands that go through every row."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def reading_all() -> Iterator[None]:
    """Read within the block for as long as it takes, and let others write meanwhile.

    Within a transaction PostgreSQL gives a million rows a piece at a time. SQLite does so without;
    its transactions take the write lock, and nobody could save until all is read.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        lift_time_limit()
        yield


def lift_time_limit() -> None:
    """Let the statements of this transaction, COMMIT too, take longer than those of a page."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
