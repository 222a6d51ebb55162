"""The triggers of PostgreSQL. Each calls a function with the same name.

Tables are named with their schema, because a temporary table of the same name would otherwise be
read instead.
"""

from collections.abc import Iterator
from typing import Any

from core.protection import (
    MAX_CHANGES,
    PLAN_WRITTEN,
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
)
from core.triggers import rules
from core.triggers.base import MARK, Trigger, name_of

# The notes of a table that is emptied: every initiative, and every day.
EVERYTHING = ["'*'", "'@'"]

_INSTALLED = """
    SELECT t.tgname, c.relname, pg_get_triggerdef(t.oid, true), p.prosrc, t.tgenabled = 'O'
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace
"""


def wanted(connection: Any) -> Iterator[Trigger]:
    """Make the triggers that the models ask for."""
    for model, declared in append_only_models():
        yield from _append_only(model, declared)
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        (schema,) = cursor.fetchone()
    for tracked in tracked_tables():
        yield from _tracked(tracked, schema)
        if tracked.change_records:
            yield from _change_records(tracked, schema)
    for table in plan_tables():
        yield from _revised(table, schema)


def installed(cursor: Any) -> Iterator[Trigger]:
    """Read every trigger of the current schema, except PostgreSQL's own for foreign keys."""
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
    # Only the owner of the table may replace a name; the web role may fill an empty one.
    names = [
        f"""(OLD."{column}" <> '' AND NEW."{column}" IS DISTINCT FROM OLD."{column}" AND NOT """
        "pg_has_role(current_user, "
        "(SELECT relowner FROM pg_catalog.pg_class WHERE oid = TG_RELID), 'USAGE'))"
        for column in columns(model, declared.names)
    ]
    return " OR ".join([*locked, *once, *names])


def _not_removed(model: Any) -> Iterator[Trigger]:
    table, name = model._meta.db_table, name_of(model)
    refuse = _raise(f"locked: a row of {table} is never removed")
    yield _trigger(f"{name}_is_not_removed", table, "BEFORE DELETE", "ROW", refuse)
    yield _trigger(f"{name}_is_not_emptied", table, "BEFORE TRUNCATE", "STATEMENT", refuse)


def _tracked(tracked: TrackedTable, schema: str) -> Iterator[Trigger]:
    table, history = tracked.table, tracked.history_table
    name, of_history = name_of(tracked.model), name_of(tracked.history)
    yield from _not_removed(tracked.model)
    no_row = rules.has_no_row(f"{schema}.{table}")
    no_order = rules.is_out_of_order(tracked, f"{schema}.{history}")
    yield _trigger(
        f"{of_history}_is_in_order",
        history,
        "BEFORE INSERT",
        "ROW",
        f"IF {no_row} THEN {_raise(f'history: {history} would tell of no row of {table}')} END IF; "
        f"IF {no_order} THEN "
        f"{_raise(f'history: a row of {history} is not the next of its object')} END IF; "
        "RETURN NEW;",
        table,
    )
    same = _is_as_its_newest_history_row(tracked, schema)
    yield _at_commit(f"{name}_is_as_its_history_says", table, same, history)
    yield _at_commit(f"{of_history}_is_as_its_row_says", history, same, table)


def _is_as_its_newest_history_row(tracked: TrackedTable, schema: str) -> str:
    """Write the block that compares a row with its newest history row when the transaction ends."""
    columns = ", ".join(f'"{column}"' for column in tracked.columns)
    history = f"{schema}.{tracked.history_table}"
    return f"""
        DECLARE current record; told record; fields text;
        BEGIN
            SELECT {columns} INTO current FROM {schema}.{tracked.table} WHERE id = NEW.id;
            SELECT {columns} INTO told {rules.newest(history, "NEW.id")};
            IF current IS NOT DISTINCT FROM told THEN RETURN NULL; END IF;
            SELECT string_agg(c.key, ', ' ORDER BY c.key) INTO fields
            FROM jsonb_each(to_jsonb(current)) c FULL JOIN jsonb_each(to_jsonb(told)) t
            ON c.key = t.key WHERE c.value IS DISTINCT FROM t.value;
            RAISE EXCEPTION 'history: row % of {tracked.table} is not as its newest history row '
                'says: %. Rows are written through core.writing.', NEW.id, fields
                USING ERRCODE = 'integrity_constraint_violation';
        END"""


def _change_records(tracked: TrackedTable, schema: str) -> Iterator[Trigger]:
    """Make the triggers that keep change records in order and ask for one at each change."""
    assert tracked.change_records
    record_table, table = tracked.record_model._meta.db_table, f"{schema}.{tracked.table}"
    wrong = rules.is_not_the_newest(tracked, f"{schema}.{record_table}", table)
    refuse = _raise(f"history: a row of {record_table} is not the next of its object")
    yield _trigger(
        f"{name_of(tracked.record_model)}_is_the_newest",
        record_table,
        "BEFORE INSERT",
        "ROW",
        f"IF {wrong} THEN {refuse} END IF; RETURN NEW;",
        tracked.table,
    )
    if tracked.change_records.field:
        yield from _field_is_recorded(tracked, schema)


def _field_is_recorded(tracked: TrackedTable, schema: str) -> Iterator[Trigger]:
    """Make the triggers that ask for a record at each change of the field, and that compare the
    newest record with the field."""
    records = tracked.change_records
    assert records
    field = tracked.model._meta.get_field(records.field).column
    record_table = tracked.record_model._meta.db_table
    row, value, version = columns(
        tracked.record_model, (records.row, records.value, records.version)
    )
    table, name = f"{schema}.{tracked.table}", name_of(tracked.record_model)
    refuse = _raise(f"history: {field} of {tracked.table} was changed without its {record_table}")
    yield _at_commit(
        f"{name_of(tracked.model)}_{field}_is_told",
        tracked.table,
        f"""BEGIN
            IF TG_OP = 'UPDATE' THEN
                IF NEW."{field}" IS NOT DISTINCT FROM OLD."{field}" THEN RETURN NULL; END IF;
            ELSIF NEW."{field}" IS NULL THEN RETURN NULL;
            END IF;
            IF NOT EXISTS (SELECT 1 FROM {schema}.{record_table} t WHERE t."{row}" = NEW.id
                AND t."{version}" = NEW.version AND t."{value}" = NEW."{field}")
            THEN {refuse} END IF;
            RETURN NULL;
        END""",
        record_table,
    )
    refuse = _raise(
        f"history: {field} of {tracked.table} is not what the newest {record_table} says"
    )
    # The "+ 0" keeps PostgreSQL from using the index of the id instead of that of the row.
    yield _at_commit(
        f"{name}_stands_in_its_row",
        record_table,
        f"""BEGIN
            IF (SELECT t."{value}" FROM {schema}.{record_table} t WHERE t."{row}" = NEW."{row}"
                ORDER BY t.id + 0 DESC LIMIT 1) IS DISTINCT FROM
                (SELECT r."{field}" FROM {table} r WHERE r.id = NEW."{row}")
            THEN {refuse} END IF;
            RETURN NULL;
        END""",
        tracked.table,
    )


def _revised(plan_table: PlanTable, schema: str) -> Iterator[Trigger]:
    """Give the plan a new revision with every write of a row that it is made of, and note what was
    written (see `PlanRevision`).

    For others the revision changes as the transaction ends. Until then no writer waits for
    another, and of two transactions the one that commits last also writes last. The transaction
    itself sees at once, by a setting of its own, that its plan is another. TRUNCATE asks no
    trigger of rows.
    """
    model, revision = plan_table.model, revision_model()._meta.db_table
    table, name = model._meta.db_table, name_of(model)
    notes = [
        f"CASE TG_OP WHEN '{other}' THEN NULL ELSE {note} END"
        for row, other in (("NEW", "DELETE"), ("OLD", "INSERT"))
        for note in _notes(plan_table, row, schema)
    ]
    if not plan_table.dated:
        otherwise = "NULL" if plan_table.initiative else "''"
        notes.append(f"CASE TG_OP WHEN 'DELETE' THEN '@' ELSE {otherwise} END")
    written = f"PERFORM set_config('{PLAN_WRITTEN}', gen_random_uuid()::text, true); RETURN NULL;"
    yield _trigger(
        f"{name}_is_a_new_plan",
        table,
        "AFTER INSERT OR DELETE OR UPDATE",
        "STATEMENT",
        written,
        revision,
    )
    yield _trigger(
        f"{name}_leaves_a_new_plan",
        table,
        "AFTER TRUNCATE",
        "STATEMENT",
        f"{_revise(schema, EVERYTHING)} {written}",
        revision,
    )
    yield _at_commit(
        f"{name}_revises_the_plan",
        table,
        f"BEGIN {_revise(schema, notes)} RETURN NULL; END",
        revision,
        events="INSERT OR DELETE OR UPDATE",
    )


def _notes(table: PlanTable, row: str, schema: str) -> Iterator[str]:
    """Write the SQL of what is noted about a written row."""
    if table.initiative:
        yield f"coalesce({sql_along(table.model, table.initiative, row, f'{schema}.')}::text, '*')"
    if table.dated:
        moment = f"{row}.\"{table.dated}\" AT TIME ZONE 'UTC'"
        yield f'to_char({moment}, \'"@"YYYY-MM-DD"T"HH24:MI:SS\')'


def _revise(schema: str, notes: list[str]) -> str:
    """Write the block that gives the plan a new token, once in each transaction, and keeps each of
    the `notes` (SQL) with it."""
    revision = f"{schema}.{revision_model()._meta.db_table}"
    return f"""
        DECLARE mine text := pg_current_xact_id() || ':%';
            fresh text := pg_current_xact_id() || ':' || left(gen_random_uuid()::text, 13);
            note text;
        BEGIN
            FOR note IN SELECT DISTINCT n FROM unnest(ARRAY[{", ".join(notes)}]) n
                WHERE n IS NOT NULL
            LOOP
                UPDATE {revision} SET
                    token = CASE WHEN token LIKE mine THEN token ELSE fresh END,
                    changes = right(changes || CASE WHEN token LIKE mine THEN token ELSE fresh END
                        || '=' || note || ' ', {MAX_CHANGES})
                WHERE token NOT LIKE mine OR strpos(changes, token || '=' || note || ' ') = 0;
            END LOOP;
        END;"""


def _raise(words: str) -> str:
    return f"RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation';"


def _trigger(name: str, table: str, event: str, level: str, act: str, *others: str) -> Trigger:
    statement = (
        f"CREATE TRIGGER {name} {event} ON {table} FOR EACH {level} EXECUTE FUNCTION {name}()"
    )
    body = f"/* {MARK} */ BEGIN {act} END"
    return Trigger(name, table, statement, body, frozenset({table, *others}))


def _at_commit(
    name: str, table: str, block: str, *others: str, events: str = "INSERT OR UPDATE"
) -> Trigger:
    """Make a trigger that runs when the transaction ends, for each row that was written."""
    statement = (
        f"CREATE CONSTRAINT TRIGGER {name} AFTER {events} ON {table} "
        f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {name}()"
    )
    return Trigger(name, table, statement, f"/* {MARK} */ {block}", frozenset({table, *others}))
