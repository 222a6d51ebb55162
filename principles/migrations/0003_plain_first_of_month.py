"""Write the rule that a reporting month is a first of a month in SQL that any tool can run."""

from django.db import migrations, models

from core.first_of_month import IsFirstOfMonth


class Migration(migrations.Migration):
    dependencies = [("principles", "0002_second_pair_of_eyes")]

    operations = [
        migrations.RemoveConstraint("programme", "reporting_month_is_first_of_month"),
        migrations.AddConstraint(
            "programme",
            models.CheckConstraint(
                condition=IsFirstOfMonth("reporting_month"),
                name="reporting_month_is_first_of_month",
                violation_error_message="Rapporteringsmåneden skal være den første i en måned.",
            ),
        ),
    ]
