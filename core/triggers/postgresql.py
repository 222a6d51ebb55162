"""The triggers of PostgreSQL. Each has a function of its own, by the same name.

Tables are named with their schema: who may create a temporary table could otherwise put one of
the same name in the way.
"""

from collections.abc import Iterator
from typing import Any

from core.protection import AppendOnly, append_only_models, columns, locked_columns
from core.triggers.base import MARK, Trigger, name_of

_INSTALLED = """
    SELECT t.tgname, c.relname, pg_get_triggerdef(t.oid, true), p.prosrc, t.tgenabled = 'O'
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace
"""


def wanted(connection: Any) -> Iterator[Trigger]:
    """The triggers that the models ask for."""
    for model, declared in append_only_models():
        yield from _append_only(model, declared)


def installed(cursor: Any) -> Iterator[Trigger]:
    """Every trigger of the database's schema, but those of its constraints."""
    cursor.execute(_INSTALLED)
    for name, table, statement, body, is_enabled in cursor.fetchall():
        yield Trigger(name, table, statement, body, is_enabled=is_enabled)


def create(cursor: Any, trigger: Trigger) -> None:
    cursor.execute(
        f"CREATE OR REPLACE FUNCTION {trigger.name}() RETURNS trigger LANGUAGE plpgsql "
        f"AS $body${trigger.body}$body$"
    )
    cursor.execute(trigger.statement)


def drop(cursor: Any, trigger: Trigger) -> None:
    cursor.execute(f'DROP TRIGGER "{trigger.name}" ON "{trigger.table}"')
    if trigger.is_ours:
        cursor.execute(f'DROP FUNCTION "{trigger.name}"()')


def _append_only(model: Any, declared: AppendOnly) -> Iterator[Trigger]:
    table, name = model._meta.db_table, name_of(model)
    refuse = f"{_raise(f'locked: a row of {table} is never changed')}"
    if declared.names or declared.once:
        refuse = f"IF {_changed(model, declared)} THEN {refuse} END IF; RETURN NEW;"
    yield _trigger(f"{name}_is_not_changed", table, "BEFORE UPDATE", "ROW", refuse)
    yield from _not_removed(model)


def _changed(model: Any, declared: AppendOnly) -> str:
    locked = [
        f'NEW."{column}" IS DISTINCT FROM OLD."{column}"'
        for column in locked_columns(model, declared)
    ]
    once = [
        f'(OLD."{column}" IS NOT NULL AND NEW."{column}" IS DISTINCT FROM OLD."{column}")'
        for column in columns(model, declared.once)
    ]
    return " OR ".join([*locked, *once])


def _not_removed(model: Any) -> Iterator[Trigger]:
    table, name = model._meta.db_table, name_of(model)
    refuse = _raise(f"locked: a row of {table} is never removed")
    yield _trigger(f"{name}_is_not_removed", table, "BEFORE DELETE", "ROW", refuse)
    yield _trigger(f"{name}_is_not_emptied", table, "BEFORE TRUNCATE", "STATEMENT", refuse)


def _raise(words: str) -> str:
    return f"RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation';"


def _trigger(name: str, table: str, event: str, level: str, act: str) -> Trigger:
    statement = (
        f"CREATE TRIGGER {name} {event} ON {table} FOR EACH {level} EXECUTE FUNCTION {name}()"
    )
    return Trigger(name, table, statement, f"/* {MARK} */ BEGIN {act} END", frozenset({table}))
