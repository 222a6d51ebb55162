"""Check that a report's month is the first of a month in SQL that plain tools can read."""

from django.db import migrations, models

from core.first_of_month import IsFirstOfMonth


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
    ]
