from django.db import migrations


def remove_further_addresses(apps, schema_editor):
    """Empty allauth's table of addresses, which no longer gives access and would only mislead."""
    apps.get_model('account', 'EmailAddress').objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ('account', '0009_emailaddress_unique_primary_email'),
        ('accounts', '0003_outbox_and_attempts'),
    ]

    operations = [
        migrations.RunPython(remove_further_addresses, migrations.RunPython.noop),
    ]
