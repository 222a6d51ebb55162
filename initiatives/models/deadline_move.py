"""A move of a deadline, stored once and never changed."""

from datetime import datetime
from typing import Any, ClassVar, NoReturn, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.protection import AppendOnly
from core.texts import PlainTextField
from core.tracking import Actor, WriteRefused
from deadlines.term import Term
from initiatives.models.fact import DEADLINE_KINDS


class DeadlineMoveQuerySet(models.QuerySet["DeadlineMove"]):
    """Moves. Append-only: rows are never changed or removed."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise WriteRefused("DeadlineMove is append-only.")

    update = delete = bulk_create = bulk_update = _refuse


class DeadlineMove(models.Model):
    """Flytning: what a deadline said before and after, why, when and by whom. Append-only."""

    shapes_the_plan = True
    INITIATIVE_PATH = "deadline__initiative"
    COUNTS_FROM = "recorded_at"

    class Cause(models.TextChoices):
        """Årsag: why the row was written. A correction mends a mistake in writing."""

        EDIT = "edit", "Flyttet"
        CORRECTION = "correction", "Rettet"
        IMPORT = "import", "Indlæst"
        DECISION = "decision", "Besluttet"

    deadline = models.ForeignKey(
        "initiatives.Deadline", models.PROTECT, verbose_name="deadline", related_name="moves"
    )
    old_wording = PlainTextField("ordlyd før", blank=True, max_length=1000)
    old_starts_on = models.DateField("første dag før", null=True, blank=True)
    old_ends_on = models.DateField("sidste dag før", null=True, blank=True)
    old_kind = models.CharField("slags før", max_length=10, default="none")
    new_wording = PlainTextField("ordlyd", max_length=1000)
    new_starts_on = models.DateField("første dag", null=True, blank=True)
    new_ends_on = models.DateField("sidste dag", null=True, blank=True)
    new_kind = models.CharField("slags", max_length=10, default="none")
    reason = PlainTextField("begrundelse", blank=True, max_length=500)
    cause = models.CharField("årsag", max_length=20, choices=Cause.choices)
    moved_on = models.DateField("flyttet den")
    recorded_at = models.DateTimeField("registreret")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="af"
    )
    by_name = models.CharField("af (navn)", max_length=200)
    deadline_version = models.PositiveIntegerField("deadlinens version")

    append_only = AppendOnly(names=("by_name",))
    objects: ClassVar[Any] = DeadlineMoveQuerySet.as_manager()

    class Meta:
        verbose_name = "flytning"
        verbose_name_plural = "flytninger"
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(cause__in=["edit", "correction", "import", "decision"]),
                name="move_cause_is_known",
            ),
            models.CheckConstraint(condition=~Q(new_wording=""), name="move_has_a_new_wording"),
            # A source may leave out why, and nobody knows why an unknown deadline was given up.
            models.CheckConstraint(
                condition=~Q(reason="") | Q(cause="import") | Q(old_wording=""),
                name="move_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(old_wording="") | Q(old_starts_on=None, old_ends_on=None),
                name="unknown_deadline_has_no_days",
            ),
            models.CheckConstraint(
                condition=Q(old_kind__in=DEADLINE_KINDS) & Q(new_kind__in=DEADLINE_KINDS),
                name="move_kinds_are_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deadline}: {self.moved_on}"

    @property
    def old_term(self) -> Term | None:
        """What it said before; None when that is not known."""
        if not self.old_wording:
            return None
        return Term(self.old_wording, self.old_starts_on, self.old_ends_on, self.old_kind)

    @property
    def new_term(self) -> Term:
        """What it said then."""
        return Term(self.new_wording, self.new_starts_on, self.new_ends_on, self.new_kind)

    def record(self, *, version: int, actor: Actor, at: datetime) -> Self:
        """Store the row. It can't be stored twice."""
        if not self._state.adding:
            raise WriteRefused("DeadlineMove is append-only.")
        self.deadline_version = version
        # Two requests may reach a deadline in another order than that in which they were sent.
        before = type(self).objects.filter(deadline=self.deadline_id).order_by("-recorded_at")
        self.recorded_at = max([at, *before.values_list("recorded_at", flat=True)[:1]])
        self.by, self.by_name = actor.user, actor.name
        self.clean_fields(exclude=["deadline", "by"])
        self.save()
        return self

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the row; an existing one is never written again."""
        if not self._state.adding:
            raise WriteRefused("DeadlineMove is append-only.")
        super().save(*args, **kwargs | {"force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise WriteRefused("DeadlineMove is append-only.")
