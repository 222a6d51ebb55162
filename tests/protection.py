"""The protection of the database, switched off: for tests that forge, and for emptying tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import flush
from django.db import connection

from core import triggers


@contextmanager
def without_triggers() -> Iterator[None]:
    """Within the block nothing is refused, as to somebody with the key to the database."""
    triggers.remove(connection)
    try:
        yield
    finally:
        triggers.install(connection)


class EmptyTables(flush.Command):
    """The command that empties the tables after a transactional test: the triggers refuse it."""

    def handle(self, **options: Any) -> None:
        with without_triggers():
            super().handle(**options)
