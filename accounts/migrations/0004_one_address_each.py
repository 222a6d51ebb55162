from django.db import migrations


def remove_further_addresses(apps, schema_editor):
    """allauth's table of addresses opens nothing any more; what it still holds would only mislead."""
    apps.get_model('account', 'EmailAddress').objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ('account', '0009_emailaddress_unique_primary_email'),
        ('accounts', '0003_outbox_and_attempts'),
    ]

    operations = [
        migrations.RunPython(remove_further_addresses, migrations.RunPython.noop),
    ]
