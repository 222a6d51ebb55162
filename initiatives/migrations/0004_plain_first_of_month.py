"""Check that a judgement's month is the first of a month in SQL that plain tools can read."""

from django.db import migrations, models

from core.first_of_month import IsFirstOfMonth


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0003_indexes_of_the_status_table")]

    operations = [
        migrations.RemoveConstraint("statusupdate", "judgement_month_is_first_of_month"),
        migrations.AddConstraint(
            "statusupdate",
            models.CheckConstraint(
                condition=IsFirstOfMonth("month"), name="judgement_month_is_first_of_month"
            ),
        ),
    ]
