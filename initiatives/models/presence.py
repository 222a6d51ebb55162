"""Who has the form of an initiative open."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import models

from accounts.models import User
from initiatives.models.initiative import Initiative

# An open form says so every 15 seconds (`_presence.html`). Whoever has been silent this long has
# left it: so a name is gone from a colleague's page within a minute, the next question included.
SILENT_FOR = timedelta(seconds=40)


class Presence(models.Model):
    """Tilstedeværelse: a user has the form of an initiative open, and said so at `seen_at`.

    It locks nothing and tells no history: a row is of no use after a minute, and is then removed.
    """

    initiative = models.ForeignKey(
        Initiative, models.CASCADE, verbose_name="initiativ", related_name="present"
    )
    user = models.ForeignKey(User, models.CASCADE, verbose_name="bruger", related_name="+")
    seen_at = models.DateTimeField("set")

    class Meta:
        verbose_name = "tilstedeværelse"
        verbose_name_plural = "tilstedeværelser"
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "user"], name="user_is_present_at_an_initiative_once"
            )
        ]

    @staticmethod
    def say(initiative: Initiative, user: User, at: datetime) -> None:
        """Store that `user` has the form open, and forget those who have left any form."""
        Presence.objects.filter(seen_at__lt=at - SILENT_FOR).delete()
        Presence.objects.bulk_create(
            [Presence(initiative=initiative, user=user, seen_at=at)],
            update_conflicts=True,
            unique_fields=["initiative", "user"],
            update_fields=["seen_at"],
        )

    @staticmethod
    def others(initiative: Initiative, user: User, at: datetime) -> Iterable[str]:
        """Name the colleagues of `user` who have the form open, in the order of their ids."""
        present = Presence.objects.filter(initiative=initiative, seen_at__gte=at - SILENT_FOR)
        colleagues = present.exclude(user=user).select_related("user").order_by("user_id")
        return [str(row.user) for row in colleagues]
