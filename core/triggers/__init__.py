"""The triggers of the database, made from what the models declare (`core.protection`).

Django remakes a table of SQLite for most changes of a column and loses its triggers without a
word, and a list of columns written in a migration grows old. So the triggers are no migrations:
they are removed before migrations run and installed after each `migrate`, from the models as they
are then. When a migration fails, those that were removed come back (`manage.py migrate`).
"""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connections, models, transaction

from core import web_role
from core.triggers import postgresql, sqlite
from core.triggers.base import Trigger

_DATABASES: dict[str, Any] = {"sqlite": sqlite, "postgresql": postgresql}


@dataclass(frozen=True)
class Difference:
    """A trigger that is not as the models ask: "missing", "outdated", "disabled" or "unknown"."""

    trigger: str
    table: str
    what: str


def follow_migrate() -> None:
    """Let each `migrate` renew the triggers, and what the web may do, once a run."""
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
    """The triggers that the models ask for, by name, of the tables that are there."""
    there = set(connection.introspection.table_names())
    made = _DATABASES[connection.vendor].wanted(connection)
    return {trigger.name: trigger for trigger in made if there.issuperset(trigger.tables)}


def differences(connection: Any) -> list[Difference]:
    """What is not as the models ask; nobody else has a trigger on their tables."""
    asked, found = wanted(connection), installed(connection)
    protected = {trigger.table for trigger in asked.values()}
    wrong = [
        Difference(name, trigger.table, what)
        for name, trigger in asked.items()
        if (what := _what_is_wrong(trigger, found.get(name)))
    ]
    unknown = [
        Difference(name, trigger.table, "unknown")
        for name, trigger in found.items()
        if name not in asked and trigger.table in protected
    ]
    return wrong + unknown


def install(connection: Any) -> None:
    """Make the triggers what the models ask for. Those that are so already are left alone."""
    database = _DATABASES[connection.vendor]
    asked, found = wanted(connection), installed(connection)
    new = [trigger for name, trigger in asked.items() if _what_is_wrong(trigger, found.get(name))]
    names = {trigger.name for trigger in new}
    old = [
        trigger
        for name, trigger in found.items()
        if name in names or (trigger.is_ours and name not in asked)
    ]
    if not old and not new:
        return
    with transaction.atomic(connection.alias), connection.cursor() as cursor:
        for trigger in old:
            database.drop(cursor, trigger)
        for trigger in new:
            database.create(cursor, trigger)


def remove(connection: Any) -> None:
    """Take our triggers away, those of another version of the portal too."""
    asked, found = wanted(connection), installed(connection)
    with transaction.atomic(connection.alias), connection.cursor() as cursor:
        for name, trigger in found.items():
            if trigger.is_ours or name in asked:
                _DATABASES[connection.vendor].drop(cursor, trigger)


def put_back(connection: Any, before: dict[str, Trigger]) -> list[str]:
    """Make those of `before` that are gone again, as they were; the names of those that failed."""
    failed = []
    for name in before.keys() - installed(connection).keys():
        try:
            with transaction.atomic(connection.alias), connection.cursor() as cursor:
                _DATABASES[connection.vendor].create(cursor, before[name])
        except DatabaseError:
            failed.append(name)
    return sorted(failed)


def installed(connection: Any) -> dict[str, Trigger]:
    """The triggers that are there, by name, whoever made them."""
    with connection.cursor() as cursor:
        return {
            trigger.name: trigger for trigger in _DATABASES[connection.vendor].installed(cursor)
        }


def _what_is_wrong(asked: Trigger, found: Trigger | None) -> str:
    if found is None:
        return "missing"
    if not found.is_enabled:
        return "disabled"
    return "" if (found.statement, found.body) == (asked.statement, asked.body) else "outdated"
