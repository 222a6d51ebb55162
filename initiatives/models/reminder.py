"""The reminders of statuses that miss before a meeting."""

from django.db import models
from django.utils import timezone

from accounts.models import Membership, OutboxMail


class Reminder(models.Model):
    """Påmindelse: a member was reminded of the statuses that miss for a month.

    It is stored with its mail, once for each of the days on which people are reminded, so that
    nobody gets a mail twice. It outlives the trace of its mail, and is no part of the plan.
    """

    membership = models.ForeignKey(
        Membership, models.PROTECT, verbose_name="medlemskab", related_name="reminders"
    )
    month = models.DateField("måned")
    working_days = models.PositiveSmallIntegerField("arbejdsdage før mødet")
    mail = models.OneToOneField(
        OutboxMail,
        models.SET_NULL,
        verbose_name="e-mail",
        null=True,
        related_name="reminder",
    )
    created_at = models.DateTimeField("lagt i", default=timezone.now)

    class Meta:
        verbose_name = "påmindelse"
        verbose_name_plural = "påmindelser"
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "month", "working_days"],
                name="member_is_reminded_once_on_each_day",
            )
        ]

    @property
    def state(self) -> str:
        """Return what became of the mail, in Danish."""
        mail = self.mail
        if mail is None:
            return "Sporet af e-mailen er slettet"
        if mail.ended_at:
            return "Ikke sendt" if mail.last_error else "Sendt"
        return "Venter på at blive sendt"
