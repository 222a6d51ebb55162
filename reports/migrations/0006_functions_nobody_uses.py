"""Drop the functions that the triggers of locked rows once shared: each has its own now."""

from django.db import migrations


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in ("refuse_frozen", "refuse_emptying"):
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}()")


class Migration(migrations.Migration):
    dependencies = [("reports", "0005_chain")]

    operations = [migrations.RunPython(drop, migrations.RunPython.noop)]
