"""The rights of the role that the web servers log in as on PostgreSQL (docs/drift-database.md).

One role owns the tables and migrates. The other, DATABASE_WEB_ROLE, is granted here what the pages
need, according to what the models declare. It owns nothing, so it can neither disable a trigger nor
alter a table, and to append-only tables it can only add rows.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.db.migrations.recorder import MigrationRecorder

from core.protection import AppendOnly, columns, tracked_tables

# Django writes the tables of these apps while it migrates and only reads them afterwards.
READ_ONLY_APPS = frozenset({"auth", "contenttypes"})


def grant(connection: Any, role: str) -> None:
    """Give `role` the rights that the pages need, and take any others away.

    Everything happens in one transaction, so that the running web servers are never without their
    rights.
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
        # A temporary table could hide a real one of the same name.
        cursor.execute(f"REVOKE TEMPORARY, CREATE ON DATABASE {database} FROM PUBLIC, {name(role)}")
        for table, rights in _rights(connection):
            cursor.execute(f"GRANT {rights} ON {schema}.{name(table)} TO {name(role)}")


def _rights(connection: Any) -> Iterator[tuple[str, str]]:
    """List each existing table with the rights to its rows."""
    existing = set(connection.introspection.table_names())
    tracked = {table.model for table in tracked_tables()}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table in existing and not model._meta.proxy:
            yield model._meta.db_table, _rights_to(model, tracked)
    yield MigrationRecorder.Migration._meta.db_table, "SELECT"
    for cache in settings.CACHES.values():
        if cache["BACKEND"].endswith("DatabaseCache"):
            yield cache["LOCATION"], "SELECT, INSERT, UPDATE, DELETE"


def _rights_to(model: Any, tracked: set[Any]) -> str:
    if model._meta.app_label in READ_ONLY_APPS:
        return "SELECT"
    if isinstance(declared := getattr(model, "append_only", None), AppendOnly):
        if not declared.once:
            return "SELECT, INSERT"
        fields = (*declared.once, *declared.names_filled_once)
        fillable = ", ".join(f'"{column}"' for column in columns(model, fields))
        return f"SELECT, INSERT, UPDATE ({fillable})"
    return "SELECT, INSERT, UPDATE" if model in tracked else "SELECT, INSERT, UPDATE, DELETE"
