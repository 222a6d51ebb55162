"""The rights of the role that the web servers log in as on PostgreSQL (docs/drift-database.md).

One role owns the tables and migrates; the other, DATABASE_WEB_ROLE, is granted here what the pages
need, from what the models declare: it owns nothing, so it can disable no trigger and change no
table, and what is only added it may only add.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.db.migrations.recorder import MigrationRecorder

from core.protection import AppendOnly, columns, tracked_tables

# What Django writes while it migrates, and only reads afterwards.
READ_ONLY_APPS = frozenset({"auth", "contenttypes"})


def grant(connection: Any, role: str) -> None:
    """Give `role` what the pages need and nothing else, whatever it had before.

    All in one transaction: the web servers, which go on meanwhile, never meet a table between the
    right that is taken and the one that is given.
    """
    call_command("createcachetable", database=connection.alias, verbosity=0)
    name = connection.ops.quote_name
    with transaction.atomic(connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema()), quote_ident(current_database())")
        schema, database = cursor.fetchone()
        cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {name(role)}")
        cursor.execute(f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM {name(role)}")
        cursor.execute(f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {name(role)}")
        cursor.execute(f"GRANT USAGE ON SCHEMA {schema} TO {name(role)}")
        # A temporary table could stand in the way of a real one.
        cursor.execute(f"REVOKE TEMPORARY, CREATE ON DATABASE {database} FROM PUBLIC, {name(role)}")
        for table, rights in _rights(connection):
            cursor.execute(f"GRANT {rights} ON {schema}.{name(table)} TO {name(role)}")


def _rights(connection: Any) -> Iterator[tuple[str, str]]:
    """Each table that is there, with what the web may do with its rows."""
    there = set(connection.introspection.table_names())
    tracked = {table.model for table in tracked_tables()}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table in there and not model._meta.proxy:
            yield model._meta.db_table, _of(model, tracked)
    yield MigrationRecorder.Migration._meta.db_table, "SELECT"
    for cache in settings.CACHES.values():
        if cache["BACKEND"].endswith("DatabaseCache"):
            yield cache["LOCATION"], "SELECT, INSERT, UPDATE, DELETE"


def _of(model: Any, tracked: set[Any]) -> str:
    if model._meta.app_label in READ_ONLY_APPS:
        return "SELECT"
    if isinstance(declared := getattr(model, "append_only", None), AppendOnly):
        if not declared.once:
            return "SELECT, INSERT"
        fields = (*declared.once, *declared.names_filled_once)
        filled = ", ".join(f'"{column}"' for column in columns(model, fields))
        return f"SELECT, INSERT, UPDATE ({filled})"
    return "SELECT, INSERT, UPDATE" if model in tracked else "SELECT, INSERT, UPDATE, DELETE"
