"""A warning that somebody has put aside, stored once and never changed."""

from datetime import datetime
from typing import Any, ClassVar, NoReturn, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q

from core import writing
from core.characters import normalise
from core.protection import AppendOnly
from core.texts import PlainTextField
from core.tracking import Actor, WriteRefused
from initiatives.models.initiative import Initiative
from plan.contradictions import PlanWarning
from principles.models import Programme


class DismissalQuerySet(models.QuerySet["Dismissal"]):
    """Dismissals. Append-only: rows are never changed or removed."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise WriteRefused("Dismissal is append-only.")

    update = delete = bulk_create = bulk_update = _refuse

    def of(self, programme: Programme) -> Self:
        """Keep those of the initiatives of `programme`."""
        return self.filter(initiative__area__principle__programme=programme)

    def standing(self) -> Self:
        """Keep those that put a warning aside and are not withdrawn."""
        return self.filter(withdraws=None, withdrawn_by=None)


class Dismissal(models.Model):
    """Afvist advarsel: a warning that somebody has put aside, with why; or that somebody has taken
    that back (`withdraws`). Append-only.

    `fingerprint` is that of the warning: when its facts change, it is another warning.
    """

    # It is no part of the document, but of the pages that are drawn from it and kept.
    shapes_the_plan = True
    INITIATIVE_PATH = "initiative"
    COUNTS_FROM = "recorded_at"

    initiative = models.ForeignKey(
        Initiative, models.PROTECT, verbose_name="initiativ", related_name="dismissals"
    )
    check_name = models.CharField("kontrol", max_length=50)
    fingerprint = models.CharField("aftryk", max_length=32)
    sentence = PlainTextField("advarsel", max_length=500)
    reason = PlainTextField("hvorfor er det i orden?", blank=True, max_length=500)
    recorded_at = models.DateTimeField("registreret")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="af"
    )
    by_name = models.CharField("af (navn)", max_length=200)
    withdraws = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        related_name="withdrawn_by",
        verbose_name="trækker tilbage",
    )

    append_only = AppendOnly(names=("by_name",))
    objects: ClassVar[Any] = DismissalQuerySet.as_manager()

    class Meta:
        verbose_name = "afvist advarsel"
        verbose_name_plural = "afviste advarsler"
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason="") | Q(withdraws__isnull=False),
                name="dismissal_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(sentence="") & ~Q(check_name="") & ~Q(fingerprint=""),
                name="dismissal_names_its_warning",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.initiative}: {self.sentence}"

    @classmethod
    def put_aside(
        cls,
        initiative: Initiative,
        warning: PlanWarning,
        *,
        reason: str,
        actor: Actor,
        at: datetime,
    ) -> "Dismissal":
        """Put a warning of the initiative aside, or return the row by which that has been done
        already. Raises ValidationError (a dict by field)."""
        reason = normalise(reason)
        if not reason:
            raise ValidationError({"reason": "Skriv, hvorfor det er i orden."})
        with transaction.atomic():
            row = writing.lock(Initiative, initiative.pk)
            standing = cls.objects.standing().filter(fingerprint=warning.fingerprint)
            if same := standing.filter(initiative=row).first():
                return same
            made = cls(
                initiative=row,
                check_name=warning.check,
                fingerprint=warning.fingerprint,
                sentence=warning.sentence,
                reason=reason,
            )
            return made._record(actor, at)

    @classmethod
    def withdraw(
        cls, initiative: Initiative, fingerprint: str, *, actor: Actor, at: datetime
    ) -> "Dismissal":
        """Take back that a warning was put aside; both rows stay. Raises ValidationError when
        it is not put aside."""
        with transaction.atomic():
            row = writing.lock(Initiative, initiative.pk)
            standing = cls.objects.standing().filter(initiative=row, fingerprint=fingerprint)
            before = standing.last()
            if before is None:
                raise ValidationError("Advarslen er ikke afvist. Hent siden igen.")
            made = cls(
                initiative=row,
                check_name=before.check_name,
                fingerprint=fingerprint,
                sentence=before.sentence,
                withdraws=before,
            )
            return made._record(actor, at)

    def _record(self, actor: Actor, at: datetime) -> Self:
        """Store the row, dated no earlier than the one that it takes back."""
        self.recorded_at = max(at, self.withdraws.recorded_at) if self.withdraws else at
        self.by, self.by_name = actor.user, actor.name
        self.clean_fields(exclude=["initiative", "by", "withdraws"])
        self.save()
        return self

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the row; an existing one is never written again."""
        if not self._state.adding:
            raise WriteRefused("Dismissal is append-only.")
        super().save(*args, **kwargs | {"force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise WriteRefused("Dismissal is append-only.")
