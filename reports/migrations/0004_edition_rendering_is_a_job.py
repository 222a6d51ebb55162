"""Make files as stored jobs. Editions whose files were not made under the earlier rule are queued."""

from django.db import migrations, models


def put_in_the_queue(apps, schema_editor):
    edition = apps.get_model("reports", "Edition")
    rendering = apps.get_model("reports", "EditionRendering")
    left = edition.objects.filter(rendering=None).values_list("pk", "frozen_at")
    rendering.objects.bulk_create(
        rendering(edition_id=pk, queued_at=frozen_at) for pk, frozen_at in left
    )


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_plain_first_of_month")]

    operations = [
        migrations.RenameField("editionrendering", "started_at", "queued_at"),
        migrations.AlterField(
            "editionrendering", "queued_at", models.DateTimeField(verbose_name="sat i kø")
        ),
        migrations.AddField(
            "editionrendering",
            "attempts",
            models.PositiveSmallIntegerField(default=0, verbose_name="forsøg"),
        ),
        migrations.AddField(
            "editionrendering",
            "free_from",
            models.DateTimeField(null=True, verbose_name="ledig fra"),
        ),
        migrations.AddField(
            "editionrendering",
            "error",
            models.TextField(blank=True, default="", verbose_name="seneste fejl"),
            preserve_default=False,
        ),
        migrations.RunPython(put_in_the_queue, migrations.RunPython.noop),
    ]
