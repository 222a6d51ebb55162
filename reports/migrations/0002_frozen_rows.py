"""Triggers: what is locked can't be changed or removed, whoever writes.

An edition's approval and publication may come once each; all else of it, and every file, stays.
"""

from django.db import migrations

FROZEN = (
    "id report_id number document sha256 schema drawn_up_on meeting_on compared_with_id sentences "
    "correction basis frozen_at frozen_by_id frozen_by_name"
).split()
ONCE = "approved_at approved_by_id approved_at_meeting_on published_at published_by_id".split()
ONCE_NAMES = "approved_by_name published_by_name".split()


def _changed(differs):
    changed = [f"NEW.{name} {differs} OLD.{name}" for name in FROZEN]
    changed += [f"(OLD.{name} IS NOT NULL AND NEW.{name} {differs} OLD.{name})" for name in ONCE]
    changed += [f"(OLD.{name} <> '' AND NEW.{name} {differs} OLD.{name})" for name in ONCE_NAMES]
    return " OR ".join(changed)


SQLITE = {
    "edition_is_not_changed": f"""
        BEFORE UPDATE ON reports_edition WHEN {_changed("IS NOT")}
        BEGIN SELECT RAISE(ABORT, 'a locked edition is never changed'); END""",
    "edition_is_not_removed": """
        BEFORE DELETE ON reports_edition
        BEGIN SELECT RAISE(ABORT, 'a locked edition is never removed'); END""",
    "edition_file_is_not_changed": """
        BEFORE UPDATE ON reports_editionfile
        BEGIN SELECT RAISE(ABORT, 'a file of an edition is never changed'); END""",
    "edition_file_is_not_removed": """
        BEFORE DELETE ON reports_editionfile
        BEGIN SELECT RAISE(ABORT, 'a file of an edition is never removed'); END""",
}
POSTGRESQL = {
    "edition_is_not_changed": f"""
        BEFORE UPDATE ON reports_edition FOR EACH ROW
        WHEN ({_changed("IS DISTINCT FROM")}) EXECUTE FUNCTION refuse_frozen()""",
    "edition_is_not_removed": """
        BEFORE DELETE ON reports_edition FOR EACH ROW EXECUTE FUNCTION refuse_frozen()""",
    "edition_file_is_not_changed": """
        BEFORE UPDATE ON reports_editionfile FOR EACH ROW EXECUTE FUNCTION refuse_frozen()""",
    "edition_file_is_not_removed": """
        BEFORE DELETE ON reports_editionfile FOR EACH ROW EXECUTE FUNCTION refuse_frozen()""",
}
TABLES = {
    "edition_is_not_changed": "reports_edition",
    "edition_is_not_removed": "reports_edition",
    "edition_file_is_not_changed": "reports_editionfile",
    "edition_file_is_not_removed": "reports_editionfile",
}


def create(apps, schema_editor):
    execute = schema_editor.connection.cursor().execute
    if schema_editor.connection.vendor == "postgresql":
        execute("""
            CREATE OR REPLACE FUNCTION refuse_frozen() RETURNS trigger AS $$
            BEGIN RAISE EXCEPTION '%: what is locked is never changed or removed', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation'; END $$ LANGUAGE plpgsql""")
        statements = POSTGRESQL
    else:
        statements = SQLITE
    for name, statement in statements.items():
        execute(f"CREATE TRIGGER {name} {statement}")


def drop(apps, schema_editor):
    connection = schema_editor.connection
    for name, table in TABLES.items():
        on = f" ON {table}" if connection.vendor == "postgresql" else ""
        connection.cursor().execute(f"DROP TRIGGER IF EXISTS {name}{on}")


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
