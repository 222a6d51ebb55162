"""Add the day of the next meeting, and whether initiatives have contacts."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('principles', '0005_changes_of_the_plan'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalprogramme',
            name='next_meeting_on',
            field=models.DateField(blank=True, help_text='Den dag, Implementeringsgruppen mødes næste gang. Fristerne regnes fra den.', null=True, verbose_name='næste møde'),
        ),
        migrations.AddField(
            model_name='historicalprogramme',
            name='uses_contacts',
            field=models.BooleanField(default=False, help_text='Så kan et initiativs tovholder rette dets status, og den, der mangler at gøre det, får en påmindelse inden mødet.', verbose_name='tovholdere er med'),
        ),
        migrations.AddField(
            model_name='programme',
            name='next_meeting_on',
            field=models.DateField(blank=True, help_text='Den dag, Implementeringsgruppen mødes næste gang. Fristerne regnes fra den.', null=True, verbose_name='næste møde'),
        ),
        migrations.AddField(
            model_name='programme',
            name='uses_contacts',
            field=models.BooleanField(default=False, help_text='Så kan et initiativs tovholder rette dets status, og den, der mangler at gøre det, får en påmindelse inden mødet.', verbose_name='tovholdere er med'),
        ),
        migrations.AddConstraint(
            model_name='programme',
            constraint=models.CheckConstraint(condition=models.Q(('next_meeting_on', None), ('next_meeting_on__gte', models.F('starts_on')), _connector='OR'), name='next_meeting_is_after_the_programme_starts'),
        ),
    ]
