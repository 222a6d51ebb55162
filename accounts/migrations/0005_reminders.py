"""Let a member say no to reminders, and store mails of that kind."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_one_address_each'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalmembership',
            name='wants_reminders',
            field=models.BooleanField(default=True, verbose_name='får påmindelser om status'),
        ),
        migrations.AddField(
            model_name='membership',
            name='wants_reminders',
            field=models.BooleanField(default=True, verbose_name='får påmindelser om status'),
        ),
        migrations.AlterField(
            model_name='outboxmail',
            name='kind',
            field=models.CharField(choices=[('reset', 'Link til ny adgangskode'), ('password_changed', 'Adgangskoden er skiftet'), ('account_changed', 'Brugeren eller adgangen er ændret'), ('reminder', 'Påmindelse om status'), ('other', 'Andet')], max_length=30, verbose_name='art'),
        ),
    ]
