"""Triggers: what is locked can't be changed or removed, whoever writes.

An edition's approval and publication may come once each; all else of it, every file, and the month
they belong to stay. Only the name of who locked it may be replaced by a pseudonym.
"""

from django.db import migrations

FROZEN = (
    "id report_id number document sha256 schema drawn_up_on meeting_on compared_with_id sentences "
    "correction basis seal frozen_at frozen_by_id"
).split()
ONCE = "approved_at approved_by_id approved_at_meeting_on published_at published_by_id".split()


def _changed(differs):
    changed = [f"NEW.{name} {differs} OLD.{name}" for name in FROZEN]
    changed += [f"(OLD.{name} IS NOT NULL AND NEW.{name} {differs} OLD.{name})" for name in ONCE]
    return " OR ".join(changed)


TABLES = {
    "edition": "reports_edition",
    "edition_file": "reports_editionfile",
    "status_report": "reports_statusreport",
}


def _sqlite():
    """Name → the rest of CREATE TRIGGER. REPLACE would go around a trigger on DELETE."""
    for name, table in TABLES.items():
        changed = f"WHEN {_changed('IS NOT')}" if name == "edition" else ""
        refuse = f"BEGIN SELECT RAISE(ABORT, 'what is locked is never changed: {table}'); END"
        yield f"{name}_is_not_changed", f"BEFORE UPDATE ON {table} {changed} {refuse}"
        yield f"{name}_is_not_removed", f"BEFORE DELETE ON {table} {refuse}"
        stands = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {_same_as_new(name)})"
        # A file that is there already is left as it is; INSERT OR IGNORE comes this way too.
        keep = "BEGIN SELECT RAISE(IGNORE); END" if name == "edition_file" else ""
        again = "BEGIN SELECT RAISE(ABORT, 'unique: what is locked is never replaced'); END"
        yield f"{name}_is_not_replaced", f"BEFORE INSERT ON {table} {stands} {keep or again}"


def _same_as_new(name):
    key = {
        "edition": "report_id = NEW.report_id AND number = NEW.number",
        "edition_file": "edition_id = NEW.edition_id AND format = NEW.format",
        "status_report": "programme_id = NEW.programme_id AND month = NEW.month",
    }[name]
    return f"id = NEW.id OR ({key})"


def _postgresql():
    for name, table in TABLES.items():
        changed = f"WHEN ({_changed('IS DISTINCT FROM')})" if name == "edition" else ""
        run = "EXECUTE FUNCTION refuse_frozen()"
        yield f"{name}_is_not_changed", f"BEFORE UPDATE ON {table} FOR EACH ROW {changed} {run}"
        yield f"{name}_is_not_removed", f"BEFORE DELETE ON {table} FOR EACH ROW {run}"
        run = "EXECUTE FUNCTION refuse_emptying()"
        yield f"{name}_is_not_emptied", f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {run}"


def create(apps, schema_editor):
    execute = schema_editor.connection.cursor().execute
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    if on_postgresql:
        execute("""
            CREATE OR REPLACE FUNCTION refuse_frozen() RETURNS trigger AS $$
            BEGIN RAISE EXCEPTION '%: what is locked is never changed or removed', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation'; END $$ LANGUAGE plpgsql""")
        execute("""
            CREATE OR REPLACE FUNCTION refuse_emptying() RETURNS trigger AS $$
            DECLARE is_filled boolean;
            BEGIN
                EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', TG_TABLE_NAME) INTO is_filled;
                IF is_filled THEN RAISE EXCEPTION '%: what is locked is never removed',
                TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END IF;
                RETURN NULL;
            END $$ LANGUAGE plpgsql""")
    for name, statement in _postgresql() if on_postgresql else _sqlite():
        execute(f"CREATE TRIGGER {name} {statement}")


def drop(apps, schema_editor):
    execute = schema_editor.connection.cursor().execute
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    for name, statement in _postgresql() if on_postgresql else _sqlite():
        table = statement.split(" ON ", 1)[1].split()[0]
        execute(f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if on_postgresql else ""))


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
