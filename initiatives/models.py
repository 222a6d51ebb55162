"""The plan: initiatives, their indsatser and deadlines, and each judgement of their status."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, NoReturn, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q

from accounts.models import User
from accounts.permissions import Permission
from core import writing
from core.texts import PlainLineField, PlainTextField
from core.tracking import Actor, AroundTheDoor, History, Tracked, TrackedQuerySet
from initiatives.status import DEVIATING, Status, Yardstick
from principles.models import ActionArea, Programme


class PlanQuerySet(TrackedQuerySet):
    """Rows of the plan, by programme and by what a user may do with them."""

    def of(self, programme: Programme) -> Self:
        """The rows that belong to `programme`."""
        return self.filter(**{self.model.PROGRAMME_PATH: programme})

    def _for(self, user: User, permission: Permission) -> Self:
        if user.is_superuser:
            return self
        programmes = user.programmes_with(permission)
        return self.filter(**{f"{self.model.PROGRAMME_PATH}__in": programmes})

    def visible_to(self, user: User) -> Self:
        """The rows in programmes whose live plan `user` may see."""
        return self._for(user, Permission.VIEW_PLAN)

    def editable_by(self, user: User) -> Self:
        """The rows in programmes whose plan `user` may edit."""
        return self._for(user, Permission.EDIT_PLAN)


class InitiativeQuerySet(PlanQuerySet):
    """Initiatives."""

    def in_plan(self) -> Self:
        """Those the plan shows: neither they nor what they stand under is archived."""
        return self.live().filter(area__archived_at=None, area__principle__archived_at=None)


class TermsOfReferenceState(models.TextChoices):
    """Kommissorium: what is known of an initiative's terms of reference."""

    UNKNOWN = "unknown", "Ikke oplyst"
    NOT_APPROVED = "not_approved", "Intet godkendt kommissorium"
    APPROVED = "approved", "Godkendt"


class Initiative(Tracked):
    """Initiativ: what is judged each month. Its status is changed by `change_status` alone."""

    PROGRAMME_PATH = "area__principle__programme"

    area = models.ForeignKey(
        ActionArea, models.PROTECT, verbose_name="indsatsområde", related_name="initiatives"
    )
    title = PlainLineField("titel")
    position = models.FloatField("plads")
    status = models.CharField(
        "status", max_length=30, null=True, choices=Status.choices, editable=False
    )
    terms_of_reference = models.CharField(
        "kommissorium",
        max_length=20,
        choices=TermsOfReferenceState.choices,
        default=TermsOfReferenceState.UNKNOWN,
    )
    ask = PlainTextField(
        "hvad skal Implementeringsgruppen tage stilling til?",
        blank=True,
        max_length=500,
        help_text="Udfyldes kun, hvis I ønsker noget af gruppen.",
    )
    report_text = PlainTextField(
        "tekst til statusopgørelsen", blank=True, help_text="Vises i statusopgørelsen."
    )
    internal_notes = PlainTextField(
        "internt notat",
        blank=True,
        help_text="Ses kun af sekretariatet og kommer aldrig med i statusopgørelsen.",
    )
    source_note = PlainTextField("note om kilden", blank=True)

    history = History()
    objects: ClassVar[Any] = InitiativeQuerySet.as_manager()

    class Meta:
        verbose_name = "initiativ"
        verbose_name_plural = "initiativer"
        ordering = ("position", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(status=None) | Q(status__in=Status.values),
                name="initiative_status_is_one_of_the_six",
            ),
            models.CheckConstraint(
                condition=Q(terms_of_reference__in=TermsOfReferenceState.values),
                name="terms_of_reference_state_is_known",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="initiative_has_a_title"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def has_approved_terms(self) -> bool:
        """Whether an approved kommissorium is known; without one the status form says so."""
        return self.terms_of_reference == TermsOfReferenceState.APPROVED

    def change_status(
        self,
        *,
        status: Status | str | None,
        month: date,
        reason: str,
        deviates: Collection[str],
        ask: str,
        internal_notes: str,
        version: int | None,
        actor: Actor,
        at: datetime,
        cause: "StatusUpdate.Cause | None" = None,
    ) -> "StatusSaved":
        """Record a judgement for `month` and what belongs to it, in one transaction.

        `status` None leaves the status as it is. `version` is the one the writer saw.
        Raises ValidationError (a dict by field), core.writing.StaleVersion when somebody
        else judged meanwhile, core.writing.VersionMissing.
        """
        if version is None:
            raise writing.VersionMissing(str(self))
        with transaction.atomic():
            row = writing.lock(type(self), self.pk)
            loaded = row.at_version(version)
            judged = status is not None and (
                status != loaded.status or bool(reason) or bool(deviates)
            )
            if judged and row._judged_since(version, status, reason, loaded):
                judged = False  # the same form sent twice
            before = {"status": row.status, "ask": row.ask, "internal_notes": row.internal_notes}
            merged = writing.merge(row, {"ask": ask, "internal_notes": internal_notes}, version)
            update = None
            if judged:
                update = StatusUpdate(
                    initiative=row,
                    status_before=row.status,
                    status_after=str(status),
                    reason=reason,
                    month=month,
                    cause=cause or StatusUpdate.Cause.EDIT,
                    **{f"deviates_{name}": name in deviates for name in Yardstick.values},
                )
                row.status = status
            changed = [name for name, value in before.items() if getattr(row, name) != value]
            if update:
                # The row gets a new version even when only the reason is new: it is the token.
                update.validate_rules()
            if update or changed:
                writing.store(row, changed, actor=actor, reason=reason, at=at)
            if update:
                update.record(version=row.version, actor=actor, at=at)
        if not judged and loaded.status != row.status:
            merged = ("status", *merged)
        by = writing.merged_by(row, version) if merged else ""
        return StatusSaved(row, update, tuple(changed), merged, by)

    def confirm_unchanged(
        self, *, month: date, version: int | None, actor: Actor, at: datetime
    ) -> "StatusUpdate":
        """Record that the status was judged and has not changed; the row stays as it is.

        Raises ValidationError when there is nothing to confirm, StaleVersion when the status
        was changed after `version`, VersionMissing.
        """
        if version is None:
            raise writing.VersionMissing(str(self))
        with transaction.atomic():
            row = writing.lock(type(self), self.pk)
            loaded = row.at_version(version)
            row._judged_since(version, loaded.status, "", loaded)  # raises
            newest = row.updates.judgements().newest_first().first()
            if row.status is None or newest is None:
                raise ValidationError("Der er ikke registreret en status, som kan bekræftes.")
            if newest.month == month and newest.is_confirmation:
                return newest
            update = row._repeat(newest, month, StatusUpdate.Cause.CONFIRMATION)
            update.validate_rules()
            return update.record(version=row.version, actor=actor, at=at)

    def retract_confirmation(self, *, month: date, actor: Actor, at: datetime) -> "StatusUpdate":
        """Take back this month's "uændret"; both rows stay. ValidationError when there is none."""
        with transaction.atomic():
            row = writing.lock(type(self), self.pk)
            newest = row.updates.judgements().newest_first().first()
            if newest is None or not newest.is_confirmation or newest.month != month:
                raise ValidationError("Der er ingen bekræftelse at trække tilbage.")
            update = row._repeat(newest, month, StatusUpdate.Cause.CORRECTION)
            update.retracts = newest
            return update.record(version=row.version, actor=actor, at=at)

    def _repeat(
        self, newest: "StatusUpdate", month: date, cause: "StatusUpdate.Cause"
    ) -> "StatusUpdate":
        """A judgement for `month` that says the same as the newest one, not yet stored."""
        return StatusUpdate(
            initiative=self,
            status_before=newest.status_after,
            status_after=newest.status_after,
            month=month,
            cause=cause,
            deviates_resources=newest.deviates_resources,
            deviates_quality=newest.deviates_quality,
            deviates_time=newest.deviates_time,
        )

    def at_version(self, version: int) -> Any:
        """The row as it was at `version` (a history row, or the row itself when it is newest).

        Raises core.writing.VersionMissing when there never was such a version.
        """
        if version == self.version:
            return self
        loaded = type(self).history.filter(id=self.pk, version=version).first()
        if loaded is None:
            raise writing.VersionMissing(str(self))
        return loaded

    def _judged_since(self, version: int, status: str | None, reason: str, loaded: Any) -> bool:
        """Whether the very judgement stands already; StaleVersion when another one does."""
        if version == self.version:
            return False
        newest = (
            self.updates.judgements()
            .filter(initiative_version__gt=version)
            .exclude(cause=StatusUpdate.Cause.CONFIRMATION)
            .newest_first()
            .first()
        )
        if newest is None:
            return False
        if newest.status_after == status and newest.reason == reason:
            return True
        known = self.updates.judgements().filter(initiative_version__lte=version)
        was = known.newest_first().first()
        raise writing.StaleVersion(
            self,
            [
                writing.FieldConflict("status", loaded.status, self.status, status),
                writing.FieldConflict("reason", was.reason if was else "", newest.reason, reason),
            ],
            by=newest.by_name,
            at=newest.recorded_at,
            reason=newest.reason,
        )


class StatusUpdateQuerySet(models.QuerySet["StatusUpdate"]):
    """Judgements. Append-only: rows are never changed or removed."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AroundTheDoor("StatusUpdate is append-only.")

    update = delete = bulk_create = bulk_update = _refuse

    def judgements(self) -> Self:
        """Those that stand: without retracted ones and the rows that retract them."""
        return self.filter(retracts=None, retracted_by=None)

    def newest_first(self) -> Self:
        """By sequence, not by clock."""
        return self.order_by("-id")


class StatusUpdate(models.Model):
    """Statusvurdering: one judgement, append-only. It alone holds reason and cause."""

    class Cause(models.TextChoices):
        """Årsag: why the row was written."""

        EDIT = "edit", "Rettet"
        CONFIRMATION = "confirmation", "Bekræftet uændret"
        IMPORT = "import", "Indlæst"
        DECISION = "decision", "Besluttet"
        CORRECTION = "correction", "Trukket tilbage"

    initiative = models.ForeignKey(
        Initiative, models.PROTECT, verbose_name="initiativ", related_name="updates"
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

    objects: ClassVar[Any] = StatusUpdateQuerySet.as_manager()

    class Meta:
        verbose_name = "statusvurdering"
        verbose_name_plural = "statusvurderinger"
        indexes = [models.Index(fields=["initiative", "-id"], name="newest_judgement")]
        constraints = [
            models.CheckConstraint(
                condition=Q(month__day=1), name="judgement_month_is_first_of_month"
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
                condition=~Q(cause="confirmation")
                | (Q(status_before=F("status_after")) & Q(reason="")),
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
        """The yardsticks that deviate, as values."""
        return [name for name in Yardstick.values if getattr(self, f"deviates_{name}")]

    def validate_rules(self) -> None:
        """Raise ValidationError (a dict by field of the form) when a rule is broken."""
        errors: dict[str, Any] = {}
        if self.status_after not in Status.values:
            raise ValidationError({"status": "Den valgte status findes ikke. Vælg en af de seks."})
        if self.status_before not in (None, self.status_after) and not self.reason:
            old, new = Status(self.status_before).label, Status(self.status_after).label
            errors["reason"] = f"Skriv en begrundelse. Status ændres fra »{old}« til »{new}«."
        if self.status_after in DEVIATING and not self.deviates:
            errors["deviates"] = "Vælg, om det er ressourcer, kvalitet eller tidsplan, der afviger."
        if self.status_after in (Status.ON_TRACK, Status.COMPLETED) and self.deviates:
            label = Status(self.status_after).label
            errors["deviates"] = (
                f"»{label}« betyder, at intet afviger. Fjern krydset, eller vælg en anden status."
            )
        newest = self.initiative.updates.judgements().newest_first().first()
        if newest and newest.month > self.month:
            errors["__all__"] = "Der er allerede registreret en status for en senere måned."
        if errors:
            raise ValidationError(errors)

    def record(self, *, version: int, actor: Actor, at: datetime) -> Self:
        """Store the row. It can't be stored twice."""
        if not self._state.adding:
            raise AroundTheDoor("StatusUpdate is append-only.")
        self.initiative_version = version
        self.recorded_at = at
        self.by, self.by_name = actor.user, actor.name
        # The relations are known to exist: looking them up again would only cost queries.
        self.clean_fields(exclude=["initiative", "by", "retracts"])
        self.save(force_insert=True)
        return self

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AroundTheDoor("StatusUpdate is append-only.")


@dataclass(frozen=True)
class StatusSaved:
    """What `change_status` did: `update` is None when no judgement was made; `merged` are the
    fields that others set meanwhile, `merged_by` the first of them."""

    initiative: Initiative
    update: StatusUpdate | None
    changed: tuple[str, ...]
    merged: tuple[str, ...]
    merged_by: str


class Action(Tracked):
    """Indsats: a piece of work within an initiative, in the words of the plan."""

    PROGRAMME_PATH = "initiative__area__principle__programme"

    initiative = models.ForeignKey(
        Initiative, models.PROTECT, verbose_name="initiativ", related_name="actions"
    )
    title = PlainTextField("indsats", max_length=1000)
    position = models.FloatField("plads")
    source_note = PlainTextField("note om kilden", blank=True)

    history = History()
    objects: ClassVar[Any] = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = "indsats"
        verbose_name_plural = "indsatser"
        ordering = ("position", "id")
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="action_has_a_title")]

    def __str__(self) -> str:
        return self.title


class Fact(models.TextChoices):
    """Art: which sort of fact a line of the Deadline column states. Only a deadline can be late."""

    DEADLINE = "deadline", "Deadline"
    PRESENTATION = "presentation", "Forelægges"
    COMPLETED = "completed", "Afsluttet"
    PAUSED = "paused", "På pause"
    WAITING = "waiting", "Afventer"
    EVENT = "event", "Hændelse"
    NONE = "none", "Ingen deadline"


class Deadline(Tracked):
    """Deadline: one wording of the Deadline column, kept exactly as the secretariat wrote it."""

    PROGRAMME_PATH = "initiative__area__principle__programme"

    initiative = models.ForeignKey(
        Initiative, models.PROTECT, verbose_name="initiativ", related_name="deadlines"
    )
    action = models.ForeignKey(
        Action,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="indsats",
        related_name="deadlines",
        help_text="Lad feltet stå tomt, når det gælder hele initiativet.",
    )
    wording = PlainTextField("ordlyd", max_length=1000, help_text="Vises, præcis som du skriver.")
    fact = models.CharField("art", max_length=20, choices=Fact.choices, default=Fact.DEADLINE)
    since = models.DateField("siden", null=True, blank=True)
    detail = PlainTextField(
        "uddybning",
        blank=True,
        max_length=300,
        help_text="Kun for pause og afventer: hvilken beslutning, eller hvad der afventes.",
    )
    position = models.FloatField("plads")
    source_note = PlainTextField("note om kilden", blank=True)

    history = History()
    objects: ClassVar[Any] = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = "deadline"
        verbose_name_plural = "deadlines"
        ordering = ("position", "id")
        constraints = [
            models.CheckConstraint(condition=~Q(wording=""), name="deadline_has_a_wording"),
            models.CheckConstraint(
                condition=Q(fact__in=Fact.values), name="deadline_fact_is_known"
            ),
            models.CheckConstraint(
                condition=Q(fact__in=["paused", "waiting"]) | (Q(since=None) & Q(detail="")),
                name="only_pause_and_waiting_have_since_and_detail",
            ),
        ]

    def __str__(self) -> str:
        return self.wording

    def clean(self) -> None:
        """A deadline's action is one of its own initiative's."""
        if self.action is not None and self.action.initiative_id != self.initiative_id:
            raise ValidationError({"action": "Vælg en indsats under det samme initiativ."})
        if self.fact not in (Fact.PAUSED, Fact.WAITING) and (self.since or self.detail):
            raise ValidationError(
                {"detail": "Uddybning og dato bruges kun til »På pause« og »Afventer«."}
            )
