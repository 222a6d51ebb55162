"""A report's month is the first of a month, in SQL that plain tools can read.

SQLite makes the table afresh to change a constraint, and its triggers go with the old one: they
are kept here and put back.
"""

from django.db import migrations, models

from core.first_of_month import IsFirstOfMonth

_triggers = []


def keep(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT sql FROM sqlite_master WHERE type = 'trigger' "
            "AND tbl_name = 'reports_statusreport'"
        )
        _triggers[:] = [sql for (sql,) in cursor.fetchall()]


def put_back(apps, schema_editor):
    for sql in _triggers:
        schema_editor.execute(sql, params=None)
    _triggers.clear()


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_frozen_rows")]

    operations = [
        migrations.RunPython(keep, put_back),
        migrations.RemoveConstraint("statusreport", "report_month_is_first_of_month"),
        migrations.AddConstraint(
            "statusreport",
            models.CheckConstraint(
                condition=IsFirstOfMonth("month"), name="report_month_is_first_of_month"
            ),
        ),
        migrations.RunPython(put_back, keep),
    ]
