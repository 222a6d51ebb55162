"""A report's month is the first of a month, in SQL that plain tools can read.

SQLite makes the table afresh to change a constraint, and its triggers go with the old one.
"""

import importlib

from django.db import migrations, models

from core.first_of_month import IsFirstOfMonth

_frozen_rows = importlib.import_module("reports.migrations.0002_frozen_rows")


def create_again(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    for name, statement in _frozen_rows._sqlite():
        if " ON reports_statusreport " in statement:
            schema_editor.connection.cursor().execute(f"CREATE TRIGGER {name} {statement}")


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_frozen_rows")]

    operations = [
        migrations.RemoveConstraint("statusreport", "report_month_is_first_of_month"),
        migrations.AddConstraint(
            "statusreport",
            models.CheckConstraint(
                condition=IsFirstOfMonth("month"), name="report_month_is_first_of_month"
            ),
        ),
        migrations.RunPython(create_again, migrations.RunPython.noop),
    ]
