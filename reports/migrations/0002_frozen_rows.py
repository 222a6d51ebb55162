"""Once made the triggers of what is locked; `core.triggers` makes them after each `migrate` now."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]

    operations = []
