"""Does nothing any more: `core.triggers` now makes the triggers of locked rows after `migrate`."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]

    operations = []
