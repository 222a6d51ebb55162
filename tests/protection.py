"""Who the tests are to the database, and how they get around its protection.

On PostgreSQL the rows are loaded by the owner of the tables; after that every connection is the
web's role, as in production. What forges or empties tables becomes the owner for a moment.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.core.management.commands import flush
from django.db import connection, models, transaction
from django.db.backends.signals import connection_created

from core import triggers


def be_the_web(*, connection: Any, **kwargs: Any) -> None:
    """Make a connection that of the web's role, for all it can tell."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET SESSION AUTHORIZATION {settings.DATABASE_WEB_ROLE}")


@contextmanager
def everyone_is_the_web() -> Iterator[None]:
    """Within the block every new connection is the web's role. Only PostgreSQL has roles."""
    if not settings.DATABASE_WEB_ROLE:
        yield
        return
    connection.close()
    connection_created.connect(be_the_web)
    try:
        yield
    finally:
        connection_created.disconnect(be_the_web)
        connection.close()


def _is_the_web() -> bool:
    if not settings.DATABASE_WEB_ROLE:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user")
        return bool(cursor.fetchone() == (settings.DATABASE_WEB_ROLE,))


@contextmanager
def as_owner() -> Iterator[None]:
    """Within the block this connection owns the tables, as when the portal is migrated."""
    if not _is_the_web():
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("RESET SESSION AUTHORIZATION")
    try:
        yield
    finally:
        if connection.is_usable() and not connection.needs_rollback:
            be_the_web(connection=connection)


@contextmanager
def without_triggers() -> Iterator[None]:
    """Within the block nothing is refused, as to somebody with the key to the database."""
    with as_owner():
        if connection.vendor == "sqlite":
            triggers.remove(connection)
            try:
                yield
            finally:
                triggers.install(connection)
            return
        with connection.cursor() as cursor:
            # What was written before is held to its rules now, not with what is forged.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            if connection.is_usable() and not connection.needs_rollback:
                with connection.cursor() as cursor:
                    cursor.execute("SET session_replication_role = origin")


@contextmanager
def unprotected() -> Iterator[None]:
    """Within the block no connection meets a trigger: the control of a race."""
    with as_owner():
        triggers.remove(connection)
    try:
        yield
    finally:
        with as_owner():
            triggers.install(connection)


class AsItBegan(flush.Command):
    """The command that Django runs after each test that commits: it does not empty the tables but
    makes them what they were when the run began, ids included."""

    pages: ClassVar[sqlite3.Connection | None] = None
    rows: ClassVar[dict[type[Any], list[Any]]] = {}

    @classmethod
    def keep(cls) -> None:
        """Keep all rows as they are now."""
        connection.ensure_connection()
        if connection.vendor == "sqlite":
            cls.pages = sqlite3.connect(":memory:", check_same_thread=False)
            connection.connection.backup(cls.pages)
        else:
            cls.rows = {
                model: list(models.QuerySet(model).order_by("pk"))
                for model in apps.get_models(include_auto_created=True)
            }

    def handle(self, **options: Any) -> None:
        if self.pages:
            connection.ensure_connection()
            self.pages.backup(connection.connection)
            return
        with without_triggers(), transaction.atomic():
            super().handle(**options | {"inhibit_post_migrate": True})
            # Plain querysets: the tracked ones refuse to write rows in bulk, and rightly.
            for model, rows in self.rows.items():
                models.QuerySet(model).bulk_create(rows)
            with connection.cursor() as cursor:
                for sql in connection.ops.sequence_reset_sql(no_style(), list(self.rows)):
                    cursor.execute(sql)
