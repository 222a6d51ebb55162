"""Add the people of an initiative, the reminders they get, and who has a form open."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_reminders'),
        ('initiatives', '0005_month_of_the_report_text'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalinitiative',
            name='contact',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='kontaktperson'),
        ),
        migrations.AddField(
            model_name='historicalinitiative',
            name='lead',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='tovholder'),
        ),
        migrations.AddField(
            model_name='initiative',
            name='contact',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='initiatives_known', to=settings.AUTH_USER_MODEL, verbose_name='kontaktperson'),
        ),
        migrations.AddField(
            model_name='initiative',
            name='lead',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='initiatives_led', to=settings.AUTH_USER_MODEL, verbose_name='tovholder'),
        ),
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_at', models.DateTimeField(verbose_name='set')),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='present', to='initiatives.initiative', verbose_name='initiativ')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='bruger')),
            ],
            options={
                'verbose_name': 'tilstedeværelse',
                'verbose_name_plural': 'tilstedeværelser',
                'constraints': [models.UniqueConstraint(fields=('initiative', 'user'), name='user_is_present_at_an_initiative_once')],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(verbose_name='måned')),
                ('working_days', models.PositiveSmallIntegerField(verbose_name='arbejdsdage før mødet')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='lagt i')),
                ('mail', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reminder', to='accounts.outboxmail', verbose_name='e-mail')),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='accounts.membership', verbose_name='medlemskab')),
            ],
            options={
                'verbose_name': 'påmindelse',
                'verbose_name_plural': 'påmindelser',
                'constraints': [models.UniqueConstraint(fields=('membership', 'month', 'working_days'), name='member_is_reminded_once_on_each_day')],
            },
        ),
    ]
