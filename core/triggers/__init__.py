"""The triggers of the database, made from what the models declare (`core.protection`).

On SQLite Django recreates a table for most changes of a column and silently loses its triggers, and
a list of columns in a migration becomes outdated. Therefore triggers are not made by migrations:
they are removed before migrations run and installed after each `migrate`, from the models as they
are then. When a migration fails, the removed triggers are put back (`manage.py migrate`).
"""

import secrets
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connections, models, transaction

from core import web_role
from core.protection import revision_model
from core.triggers import postgresql, sqlite
from core.triggers.base import Trigger

_DATABASES: dict[str, Any] = {"sqlite": sqlite, "postgresql": postgresql}


@dataclass(frozen=True)
class Difference:
    """A trigger that differs from what the models ask for.

    `what` is "missing", "outdated", "disabled" or "unknown".
    """

    trigger: str
    table: str
    what: str


def follow_migrate() -> None:
    """Let each run of `migrate` renew the triggers and the rights of the web servers' role."""
    with_models = [config for config in apps.get_app_configs() if config.models_module]
    models.signals.pre_migrate.connect(_before_migrations, sender=with_models[0])
    models.signals.post_migrate.connect(_after_migrations, sender=with_models[-1])


def _before_migrations(*, using: str, plan: list[Any], **kwargs: Any) -> None:
    if plan:
        remove(connections[using])


def _after_migrations(*, using: str, **kwargs: Any) -> None:
    connection = connections[using]
    install(connection)
    if settings.DATABASE_WEB_ROLE and connection.vendor == "postgresql":
        web_role.grant(connection, settings.DATABASE_WEB_ROLE)


def wanted(connection: Any) -> dict[str, Trigger]:
    """Return the triggers that the models ask for, by name; only those of existing tables."""
    existing = set(connection.introspection.table_names())
    triggers = _DATABASES[connection.vendor].wanted(connection)
    return {trigger.name: trigger for trigger in triggers if existing.issuperset(trigger.tables)}


def differences(connection: Any) -> list[Difference]:
    """Compare the installed triggers with those that the models ask for.

    Every other trigger on one of their tables is "unknown".
    """
    asked, present = wanted(connection), installed(connection)
    protected = {trigger.table for trigger in asked.values()}
    wrong = [
        Difference(name, trigger.table, what)
        for name, trigger in asked.items()
        if (what := _what_is_wrong(trigger, present.get(name)))
    ]
    unknown = [
        Difference(name, trigger.table, "unknown")
        for name, trigger in present.items()
        if name not in asked and trigger.table in protected
    ]
    return wrong + unknown


def install(connection: Any) -> None:
    """Install the triggers that the models ask for, unless they are right already."""
    database = _DATABASES[connection.vendor]
    asked, present = wanted(connection), installed(connection)
    new = [trigger for name, trigger in asked.items() if _what_is_wrong(trigger, present.get(name))]
    names = {trigger.name for trigger in new}
    old = [
        trigger
        for name, trigger in present.items()
        if name in names or (trigger.is_ours and name not in asked)
    ]
    with transaction.atomic(connection.alias), connection.cursor() as cursor:
        for trigger in old:
            database.drop(cursor, trigger)
        for trigger in new:
            database.create(cursor, trigger)
        _revise_plan(connection)


def _revise_plan(connection: Any) -> None:
    """Give the plan a new revision, since no trigger saw what was written before."""
    if _has_revision(connection):
        revisions = revision_model().objects.using(connection.alias)
        unknown = {"token": secrets.token_hex(16), "changes": ""}
        revisions.update_or_create(pk=1, defaults=unknown)


def _has_revision(connection: Any) -> bool:
    return revision_model()._meta.db_table in connection.introspection.table_names()


def remove(connection: Any) -> None:
    """Remove our triggers, also those of another version of the portal.

    The plan has no revision as long as they are gone, so that no worker shows one from memory.
    """
    asked, present = wanted(connection), installed(connection)
    with transaction.atomic(connection.alias), connection.cursor() as cursor:
        if _has_revision(connection):
            revision_model().objects.using(connection.alias).all().delete()
        for name, trigger in present.items():
            if trigger.is_ours or name in asked:
                _DATABASES[connection.vendor].drop(cursor, trigger)


def put_back(connection: Any, before: dict[str, Trigger]) -> list[str]:
    """Create again the triggers of `before` that are missing. Returns the names of those that could
    not be created."""
    failed = []
    for name in before.keys() - installed(connection).keys():
        try:
            with transaction.atomic(connection.alias), connection.cursor() as cursor:
                _DATABASES[connection.vendor].create(cursor, before[name])
        except DatabaseError:
            failed.append(name)
    if not failed:
        _revise_plan(connection)
    return sorted(failed)


def installed(connection: Any) -> dict[str, Trigger]:
    """Return every trigger of the database by name, whoever made it."""
    with connection.cursor() as cursor:
        return {
            trigger.name: trigger for trigger in _DATABASES[connection.vendor].installed(cursor)
        }


def _what_is_wrong(asked: Trigger, present: Trigger | None) -> str:
    if present is None:
        return "missing"
    if not present.is_enabled:
        return "disabled"
    is_same = (present.statement, present.body) == (asked.statement, asked.body)
    return "" if is_same else "outdated"
