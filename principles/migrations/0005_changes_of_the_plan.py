from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('principles', '0004_plan_revision'),
    ]

    operations = [
        migrations.AddField(
            model_name='planrevision',
            name='changes',
            field=models.TextField(blank=True, default='', verbose_name='seneste ændringer'),
        ),
    ]
