"""A judgement of an initiative for a month, stored once and never changed."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, ClassVar, NoReturn, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Max, Q, Subquery

from core.first_of_month import IsFirstOfMonth
from core.protection import AppendOnly
from core.texts import PlainTextField
from core.tracking import Actor, WriteRefused
from plan.status import DEVIATING, Status, Yardstick


def stands(row: str, moment: Any = None) -> tuple[str, list[Any]]:
    """Write SQL, with its parameters, for whether the judgement in `row` stands: it retracts none,
    and none retracts it. With a `moment` (adapted to the database) it is whether the judgement
    stood just before then, also if it was retracted later.

    The rule stands here only: querysets use `Stands`, and `sources/as_of.py`, which writes its
    query by hand, calls this function.
    """
    # With "retracts is null" SQLite would use the index by `retracts`, and go through every
    # judgement for each initiative.
    retracted = f"SELECT 1 FROM {StatusUpdate._meta.db_table} r WHERE r.retracts_id = {row}.id"
    sql = f"COALESCE({row}.retracts_id, 0) = 0 AND NOT EXISTS ({retracted}"
    if moment is None:
        return f"({sql}))", []
    return f"({sql} AND r.recorded_at < %s) AND {row}.recorded_at < %s)", [moment, moment]


class Stands(Func):
    """`stands` as an expression of a queryset, to filter by or to read."""

    output_field = models.BooleanField()

    def __init__(self, moment: datetime | None = None) -> None:
        super().__init__("pk")
        self.moment = moment

    def as_sql(self, compiler: Any, connection: Any, **options: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """Write the SQL for the table's alias in the query."""
        (pk,) = self.get_source_expressions()
        moment = self.moment and connection.ops.adapt_datetimefield_value(self.moment)
        return stands(compiler.quote_name_unless_alias(pk.alias), moment)


class StatusUpdateQuerySet(models.QuerySet["StatusUpdate"]):
    """Judgements. Append-only: rows are never changed or removed."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise WriteRefused("StatusUpdate is append-only.")

    update = delete = bulk_create = bulk_update = _refuse

    def judgements(self) -> Self:
        """Keep those that stand."""
        return self.filter(Stands())

    def stood_at(self, moment: datetime) -> Self:
        """Keep those that stood just before `moment`."""
        return self.filter(Stands(moment))

    def newest_first(self) -> Self:
        """Order by the sequence in which they were stored, not by the clock."""
        return self.order_by("-id")

    def with_last_recorded(self, initiative: int) -> Self:
        """Add `last_recorded_at` to each: when the newest row of `initiative` was recorded, a
        retracted one too."""
        # A maximum, because PostgreSQL may read the whole table backwards for a first row by id.
        # The initiative is a constant and not each row's own, so the database looks it up once.
        all_rows = self.model.objects.filter(initiative=initiative).values("initiative")
        last = all_rows.annotate(last=Max("recorded_at")).values("last")
        return self.annotate(last_recorded_at=Subquery(last))


class StatusUpdate(models.Model):
    """Statusvurdering: one judgement, append-only. It alone holds reason and cause."""

    shapes_the_plan = True
    INITIATIVE_PATH = "initiative"
    COUNTS_FROM = "recorded_at"

    class Cause(models.TextChoices):
        """Årsag: why the row was written."""

        EDIT = "edit", "Rettet"
        CONFIRMATION = "confirmation", "Bekræftet uændret"
        IMPORT = "import", "Indlæst"
        DECISION = "decision", "Besluttet"
        CORRECTION = "correction", "Trukket tilbage"

    initiative = models.ForeignKey(
        "initiatives.Initiative",
        models.PROTECT,
        verbose_name="initiativ",
        related_name="updates",
    )
    status_before = models.CharField(
        "status før", max_length=30, null=True, blank=True, choices=Status.choices
    )
    status_after = models.CharField("status", max_length=30, choices=Status.choices)
    reason = PlainTextField("begrundelse", blank=True)
    deviates_resources = models.BooleanField("ressourcer afviger", default=False)
    deviates_quality = models.BooleanField("kvalitet afviger", default=False)
    deviates_time = models.BooleanField("tidsplan afviger", default=False)
    month = models.DateField("måned")
    recorded_at = models.DateTimeField("registreret")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="af"
    )
    by_name = models.CharField("af (navn)", max_length=200)
    cause = models.CharField("årsag", max_length=20, choices=Cause.choices)
    initiative_version = models.PositiveIntegerField("initiativets version")
    retracts = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        related_name="retracted_by",
        verbose_name="trækker tilbage",
    )

    append_only = AppendOnly(names=("by_name",))
    objects: ClassVar[Any] = StatusUpdateQuerySet.as_manager()

    class Meta:
        verbose_name = "statusvurdering"
        verbose_name_plural = "statusvurderinger"
        indexes = [
            # The newest judgement of each initiative, read from the index alone.
            models.Index(
                fields=["initiative", "-id", "month", "status_after", "retracts"],
                name="newest_judgement",
            ),
            # Which initiatives are judged for a month, read from the index alone.
            models.Index(fields=["month", "initiative", "retracts"], name="judged_for_month"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(cause__in=["edit", "confirmation", "import", "decision", "correction"]),
                name="judgement_cause_is_known",
            ),
            models.CheckConstraint(
                condition=IsFirstOfMonth("month"), name="judgement_month_is_first_of_month"
            ),
            models.CheckConstraint(
                condition=Q(status_after__in=Status.values), name="judgement_is_one_of_the_six"
            ),
            models.CheckConstraint(
                condition=Q(status_before=None) | Q(status_before__in=Status.values),
                name="status_before_is_one_of_the_six",
            ),
            models.CheckConstraint(
                condition=Q(status_before=None)
                | Q(status_before=F("status_after"))
                | ~Q(reason=""),
                name="change_of_status_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status_after__in=[status.value for status in DEVIATING])
                | Q(deviates_resources=True)
                | Q(deviates_quality=True)
                | Q(deviates_time=True),
                name="deviation_names_what_deviates",
            ),
            models.CheckConstraint(
                condition=~Q(status_after__in=[Status.ON_TRACK.value, Status.COMPLETED.value])
                | Q(deviates_resources=False, deviates_quality=False, deviates_time=False),
                name="on_track_and_completed_deviate_in_nothing",
            ),
            models.CheckConstraint(
                condition=~Q(cause="confirmation")
                | Q(status_before__isnull=False, status_before=F("status_after"), reason=""),
                name="confirmation_changes_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.initiative}: {self.get_status_after_display()}"

    @property
    def is_confirmation(self) -> bool:
        return self.cause == self.Cause.CONFIRMATION

    @property
    def deviates(self) -> list[str]:
        """The yardsticks that deviate, as values in their order."""
        return [name for name in Yardstick.values if getattr(self, f"deviates_{name}")]

    @deviates.setter
    def deviates(self, values: Collection[str]) -> None:
        for name in Yardstick.values:
            setattr(self, f"deviates_{name}", name in values)

    def validate_rules(self, newest: "StatusUpdate | None") -> None:
        """Raise ValidationError (a dict by field of the form) when a rule is broken.

        `newest` is the judgement that stands before this one.
        """
        if self.status_after not in Status.values:
            raise ValidationError({"status": "Den valgte status findes ikke. Vælg en af de seks."})
        errors: dict[str, Any] = {}
        new = Status(self.status_after)
        if self.status_before not in (None, new) and not self.reason:
            old = Status(self.status_before).label
            errors["reason"] = f"Skriv en begrundelse. Status ændres fra »{old}« til »{new.label}«."
        elif self.status_before and newest and newest.deviates != self.deviates and not self.reason:
            errors["reason"] = "Skriv en begrundelse, når det ændres, hvad der afviger."
        if new in DEVIATING and not self.deviates:
            errors["deviates"] = "Vælg, om det er ressourcer, kvalitet eller tidsplan, der afviger."
        if new in (Status.ON_TRACK, Status.COMPLETED) and self.deviates:
            errors["deviates"] = (
                f"»{new.label}« betyder, at intet afviger. "
                "Fjern krydset, eller vælg en anden status."
            )
        if newest and newest.month > self.month:
            errors["__all__"] = "Der er allerede registreret en status for en senere måned."
        if errors:
            raise ValidationError(errors)

    def record(self, *, version: int, actor: Actor, at: datetime, after: Any = None) -> Self:
        """Store the row. It can't be stored twice. `after` is a judgement `with_last_recorded`, and
        the row is dated no earlier: two requests may reach an initiative in another order than
        that in which they were sent."""
        if not self._state.adding:
            raise WriteRefused("StatusUpdate is append-only.")
        self.initiative_version = version
        self.recorded_at = max(at, after.last_recorded_at) if after else at
        self.by, self.by_name = actor.user, actor.name
        # The related rows exist, so checking them would only cost queries.
        self.clean_fields(exclude=["initiative", "by", "retracts"])
        self.save(force_insert=True)
        return self

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise WriteRefused("StatusUpdate is append-only.")
