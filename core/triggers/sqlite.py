"""The triggers of SQLite.

REPLACE and UPDATE OR REPLACE remove a row with the same key without running its DELETE trigger, so
an INSERT with the key of an existing row is refused. The message begins with "unique", like that of
the constraint that would otherwise have refused it.

SQLite has no triggers that run at the end of a transaction. A row that differs from its history is
therefore not refused; `manage.py verify_history` finds it.
"""

from collections.abc import Iterator
from typing import Any

from core.protection import (
    MAX_CHANGES,
    AppendOnly,
    PlanTable,
    TrackedTable,
    append_only_models,
    columns,
    locked_columns,
    plan_tables,
    revision_model,
    sql_along,
    tracked_tables,
    unique_keys,
)
from core.triggers import rules
from core.triggers.base import MARK, Trigger, name_of


def wanted(connection: Any) -> Iterator[Trigger]:
    """Make the triggers that the models ask for."""
    for model, declared in append_only_models():
        yield from _append_only(model, declared)
    for tracked in tracked_tables():
        yield from _tracked(tracked)
    for table in plan_tables():
        yield from _revised(table)


def installed(cursor: Any) -> Iterator[Trigger]:
    """Read every trigger of the database."""
    cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
    for name, table, statement in cursor.fetchall():
        yield Trigger(name, table, statement)


def create(cursor: Any, trigger: Trigger) -> None:
    cursor.execute(trigger.statement)


def drop(cursor: Any, trigger: Trigger) -> None:
    cursor.execute(f'DROP TRIGGER "{trigger.name}"')


def _append_only(model: Any, declared: AppendOnly) -> Iterator[Trigger]:
    table, name = model._meta.db_table, name_of(model)
    changed = ""
    if declared.names or declared.once:
        changed = f"WHEN {_changed(model, declared)} "
    yield _trigger(
        f"{name}_is_not_changed",
        table,
        f'BEFORE UPDATE ON "{table}" {changed}',
        f"RAISE(ABORT, 'locked: a row of {table} is never changed')",
    )
    yield _not_removed(model)
    again = f"RAISE(ABORT, 'unique: a row of {table} is never replaced')"
    yield _not_replaced(model, "RAISE(IGNORE)" if declared.first_stays else again)


def _changed(model: Any, declared: AppendOnly) -> str:
    locked = [f'NEW."{column}" IS NOT OLD."{column}"' for column in locked_columns(model, declared)]
    once = [
        f'(OLD."{column}" IS NOT NULL AND NEW."{column}" IS NOT OLD."{column}")'
        for column in columns(model, declared.once)
    ]
    return " OR ".join([*locked, *once])


def _not_removed(model: Any) -> Trigger:
    table = model._meta.db_table
    return _trigger(
        f"{name_of(model)}_is_not_removed",
        table,
        f'BEFORE DELETE ON "{table}" ',
        f"RAISE(ABORT, 'locked: a row of {table} is never removed')",
    )


def _not_replaced(model: Any, refusal: str) -> Trigger:
    table = model._meta.db_table
    same = [
        f'EXISTS (SELECT 1 FROM "{table}" WHERE '
        + " AND ".join(f'"{column}" = NEW."{column}"' for column in key)
        + ")"
        for key in unique_keys(model)
    ]
    return _trigger(
        f"{name_of(model)}_is_not_replaced",
        table,
        f'BEFORE INSERT ON "{table}" WHEN {" OR ".join(same)} ',
        refusal,
    )


def _tracked(tracked: TrackedTable) -> Iterator[Trigger]:
    model, table, history = tracked.model, tracked.table, tracked.history_table
    yield _not_removed(model)
    yield _not_replaced(model, f"RAISE(ABORT, 'unique: a row of {table} is never replaced')")
    yield _not_pushed_out(model)
    name = name_of(tracked.history)
    yield _trigger(
        f"{name}_has_its_row",
        history,
        f'AFTER INSERT ON "{history}" WHEN {rules.has_no_row(table)} ',
        f"RAISE(ABORT, 'history: {history} would tell of no row of {table}')",
        table,
    )
    yield _trigger(
        f"{name}_is_in_order",
        history,
        f'AFTER INSERT ON "{history}" WHEN {rules.is_out_of_order(tracked, history)} ',
        f"RAISE(ABORT, 'history: a row of {history} is not the next of its object')",
    )
    if tracked.change_records:
        record_table = tracked.record_model._meta.db_table
        wrong = rules.is_not_the_newest(tracked, record_table, table)
        yield _trigger(
            f"{name_of(tracked.record_model)}_is_the_newest",
            record_table,
            f'AFTER INSERT ON "{record_table}" WHEN {wrong} ',
            f"RAISE(ABORT, 'history: a row of {record_table} is not the next of its object')",
            table,
        )


def _not_pushed_out(model: Any) -> Trigger:
    """Refuse to give a row the key of another one, which UPDATE OR REPLACE would remove."""
    table = model._meta.db_table
    keys = unique_keys(model)
    of = ", ".join(dict.fromkeys(f'"{column}"' for key in keys for column in key))
    same = [
        f'EXISTS (SELECT 1 FROM "{table}" o WHERE o.id <> OLD.id AND '
        + " AND ".join(f'o."{column}" = NEW."{column}"' for column in key)
        + ")"
        for key in keys
    ]
    return _trigger(
        f"{name_of(model)}_is_not_pushed_out",
        table,
        f'BEFORE UPDATE OF {of} ON "{table}" WHEN {" OR ".join(same)} ',
        f"RAISE(ABORT, 'unique: a row of {table} would take the key of another: {of}')",
    )


def _revised(plan_table: PlanTable) -> Iterator[Trigger]:
    """Give the plan a new revision with every write of a row that it is made of, and note what was
    written (see `PlanRevision`).

    It is written in the writer's transaction, beside which SQLite lets nobody write.
    """
    model, revision = plan_table.model, revision_model()._meta.db_table
    table, name = model._meta.db_table, name_of(model)
    for event, rows in (("insert", ["NEW"]), ("update", ["NEW", "OLD"]), ("delete", ["OLD"])):
        notes = [note for row in rows for note in _notes(plan_table, row)]
        if event == "delete" and not plan_table.dated:
            notes.append("'@'")
        noted = " || ".join(f"token || '=' || {note} || ' '" for note in notes or ["''"])
        yield _trigger(
            f"{name}_revises_the_plan_on_{event}",
            table,
            f'AFTER {event.upper()} ON "{table}" ',
            f'UPDATE "{revision}" SET token = hex(randomblob(8)); '
            f'UPDATE "{revision}" SET changes = substr(changes || {noted}, -{MAX_CHANGES})',
            revision,
        )


def _notes(table: PlanTable, row: str) -> Iterator[str]:
    """Write the SQL of what is noted about a written row."""
    if table.initiative:
        yield f"coalesce({sql_along(table.model, table.initiative, row)}, '*')"
    if table.dated:
        yield f"'@' || replace(substr({row}.\"{table.dated}\", 1, 19), ' ', 'T')"


def _trigger(name: str, table: str, when: str, act: str, *others: str) -> Trigger:
    """`act` is a statement, or an expression to be evaluated."""
    statement = act if act.startswith("UPDATE") else f"SELECT {act}"
    statement = f"CREATE TRIGGER {name} {when}BEGIN {statement}; /* {MARK} */ END"
    return Trigger(name, table, statement, tables=frozenset({table, *others}))
