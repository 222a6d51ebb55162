"""Judging an initiative: the append-only judgements and what makes them.

Status is never derived and never changed by anything but `Judged.change_status`.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, ClassVar, NoReturn, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Max, Q, Subquery

from core import writing
from core.characters import normalise
from core.danish import month_name
from core.first_of_month import IsFirstOfMonth
from core.protection import AppendOnly, Told
from core.texts import PlainTextField
from core.tracking import Actor, AroundTheDoor, Tracked
from initiatives.status import DEVIATING, Status, Yardstick


class StatusUpdateQuerySet(models.QuerySet["StatusUpdate"]):
    """Judgements. Append-only: rows are never changed or removed."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AroundTheDoor("StatusUpdate is append-only.")

    update = delete = bulk_create = bulk_update = _refuse

    def judgements(self) -> Self:
        """Those that stand: without retracted ones and the rows that retract them.

        "Not above zero" says null so that SQLite takes the index by initiative; told that
        `retracts` is null it would go through every judgement for each initiative.
        """
        return self.filter(retracted_by=None).exclude(retracts__gt=0)

    def stood_at(self, moment: datetime) -> Self:
        """Those that stood just before `moment`, also what was retracted later."""
        made = self.filter(recorded_at__lt=moment).exclude(retracts__gt=0)
        return made.filter(Q(retracted_by=None) | Q(retracted_by__recorded_at__gte=moment))

    def newest_first(self) -> Self:
        """By sequence, not by clock."""
        return self.order_by("-id")

    def with_last_recorded(self, initiative: int) -> Self:
        """Each with `last_recorded_at`: the moment of the last row of `initiative`, of one that
        was taken back too."""
        # A maximum and no "first by id": PostgreSQL may walk the whole table backwards for that.
        # Named by its key, not by each row's: the database looks for it once.
        all_rows = self.model.objects.filter(initiative=initiative).values("initiative")
        last = all_rows.annotate(last=Max("recorded_at")).values("last")
        return self.annotate(last_recorded_at=Subquery(last))


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
        """Store the row. It can't be stored twice. `after` is a judgement `with_last_recorded`: two
        requests may reach an initiative in another order than they came."""
        if not self._state.adding:
            raise AroundTheDoor("StatusUpdate is append-only.")
        self.initiative_version = version
        self.recorded_at = max(at, after.last_recorded_at) if after else at
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
    fields that others set meanwhile, `merged_by` who did."""

    initiative: Any
    update: StatusUpdate | None
    changed: tuple[str, ...]
    merged: tuple[str, ...]
    merged_by: str


@dataclass(frozen=True)
class _Typed:
    """A judgement as typed, beside the one its writer saw (`seen`, None for none)."""

    status: str
    reason: str
    deviates: frozenset[str]
    seen: StatusUpdate | None

    @property
    def is_new(self) -> bool:
        """Whether it says anything but what its writer saw."""
        return bool(
            self.reason
            or self.status != (self.seen and self.seen.status_after)
            or self.deviates != _ticks(self.seen)
        )

    def is_said_by(self, update: StatusUpdate, actor: Actor) -> bool:
        """Whether `update` is this very judgement: the same form sent twice."""
        mine = (self.status, self.reason, self.deviates, actor.name)
        return mine == (update.status_after, update.reason, _ticks(update), update.by_name)

    def conflicts_with(self, update: StatusUpdate) -> list[writing.FieldConflict]:
        """What was seen, what `update` says, what was typed."""
        seen = self.seen
        columns = {
            "status": (seen and seen.status_after, update.status_after, self.status),
            "deviates": (_words(_ticks(seen)), _words(_ticks(update)), _words(self.deviates)),
            "reason": (seen.reason if seen else "", update.reason, self.reason),
        }
        return [
            writing.FieldConflict(name, *values)
            for name, values in columns.items()
            if name != "deviates" or len(set(values)) > 1
        ]


@dataclass(frozen=True)
class _Standing:
    """The newest judgement, the one a writer saw, and the newest made since (no "uændret")."""

    newest: StatusUpdate | None
    seen: StatusUpdate | None
    since: StatusUpdate | None


class Judged(Tracked):
    """What an initiative's judgements do to it. Mixed into `Initiative`."""

    told = Told(
        teller="initiatives.StatusUpdate",
        row="initiative",
        version="initiative_version",
        at="recorded_at",
        repeats=("cause", ("confirmation", "correction")),
        field="status",
        value="status_after",
    )

    class Meta:
        abstract = True

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
        cause: StatusUpdate.Cause = StatusUpdate.Cause.EDIT,
    ) -> StatusSaved:
        """Record a judgement for `month` and what belongs to it, in one transaction.

        What says nothing new is no judgement: then only the texts are saved. `version` is the
        one the writer saw. Raises ValidationError (a dict by field), core.writing.StaleVersion
        when somebody else judged or wrote the same text meanwhile, core.writing.VersionMissing.
        """
        with transaction.atomic():
            row: Any = writing.lock(type(self), self.pk)
            reason = normalise(reason)
            texts = writing.compare(row, {"ask": ask, "internal_notes": internal_notes}, version)
            row._refuse_archived()
            standing = row._standing(version)
            typed = _typed(status, reason, frozenset(deviates), standing.seen)
            if typed and standing.since and typed.is_said_by(standing.since, actor):
                return StatusSaved(row, standing.since, (), (), "")
            row._refuse_conflicts(texts, typed, standing)
            update = None
            if typed:
                update = row._judgement(standing.newest, typed.status, month, cause)
                update.reason, update.deviates = reason, typed.deviates
                update.validate_rules(standing.newest)
                row.status = typed.status
            changed = [name for name, value in texts.mine.items() if getattr(row, name) != value]
            for name in changed:
                setattr(row, name, texts.mine[name])
            if update or changed:
                # A new version even when only the reason is new: it is the token.
                writing.store(
                    row, changed, actor=actor, reason=reason, at=at, versions=texts.versions
                )
            if update:
                update.record(version=row.version, actor=actor, at=at, after=standing.newest)
        merged = (*(() if typed or not standing.since else ("status",)), *texts.theirs)
        by = texts.changed_by(merged)
        told = ("status", *changed) if update else tuple(changed)
        return StatusSaved(row, update, told, merged, by)

    def confirm_unchanged(
        self, *, month: date, version: int | None, actor: Actor, at: datetime
    ) -> StatusUpdate:
        """Record that the status was judged and has not changed; the row stays as it is.

        Raises ValidationError when there is nothing to confirm, core.writing.VersionMissing
        when the status was judged after `version`.
        """
        with transaction.atomic():
            row: Any = writing.lock(type(self), self.pk)
            row._refuse_archived()
            writing.compare(row, {}, version)  # raises when there never was such a version
            standing = row._standing(version)
            newest = standing.newest
            if standing.since:
                raise writing.VersionMissing(str(row))
            if newest is None:
                raise ValidationError("Der er ikke registreret en status, som kan bekræftes.")
            if newest.month == month and newest.is_confirmation:
                found: StatusUpdate = newest
                return found
            if newest.month == month:
                raise ValidationError(f"{row} er allerede opdateret til {month_name(month)}.")
            cause = StatusUpdate.Cause.CONFIRMATION
            update = row._judgement(newest, newest.status_after, month, cause)
            update.deviates = newest.deviates
            update.validate_rules(newest)
            return update.record(version=row.version, actor=actor, at=at, after=newest)

    def retract_confirmation(self, *, month: date, actor: Actor, at: datetime) -> StatusUpdate:
        """Take back this month's "uændret"; both rows stay. ValidationError when there is none."""
        with transaction.atomic():
            row: Any = writing.lock(type(self), self.pk)
            row._refuse_archived()
            newest = row.updates.judgements().with_last_recorded(row.pk).newest_first().first()
            if newest is None or not newest.is_confirmation or newest.month != month:
                raise ValidationError("Der er ingen bekræftelse at trække tilbage.")
            cause = StatusUpdate.Cause.CORRECTION
            update = row._judgement(newest, newest.status_after, month, cause)
            update.deviates = newest.deviates
            update.retracts = newest
            return update.record(version=row.version, actor=actor, at=at, after=newest)

    def _judgement(
        self,
        newest: StatusUpdate | None,
        status: str,
        month: date,
        cause: StatusUpdate.Cause,
    ) -> StatusUpdate:
        before = newest.status_after if newest else None
        row: Any = self
        return StatusUpdate(
            initiative=row, status_before=before, status_after=status, month=month, cause=cause
        )

    def _refuse_archived(self) -> None:
        if self.is_archived:
            raise ValidationError(f"{self} er arkiveret.")

    def _standing(self, version: int | None) -> _Standing:
        """The judgements that matter to who writes from `version`. One query."""
        updates: Any = self.updates  # type: ignore[attr-defined]
        judgements = updates.judgements().with_last_recorded(self.pk).newest_first()
        if version == self.version:
            newest = judgements.first()
            return _Standing(newest, newest, None)
        known = list(judgements)
        older = (update for update in known if update.initiative_version <= version)
        later = (
            update
            for update in known
            if update.initiative_version > version and not update.is_confirmation
        )
        return _Standing(known[0] if known else None, next(older, None), next(later, None))

    def _refuse_conflicts(
        self, texts: writing.Comparison, typed: _Typed | None, standing: _Standing
    ) -> None:
        """Raise StaleVersion for the judgement and the texts together, so that who decides
        sees all of it."""
        row: Any = self
        since, theirs = standing.since, dict(texts.theirs)
        if typed and since:
            conflicts = [*typed.conflicts_with(since), *texts.conflicts]
            raise writing.StaleVersion(
                row, conflicts, theirs, by=since.by_name, at=since.recorded_at, reason=since.reason
            )
        if texts.conflicts:
            if since:
                theirs["status"] = row.status
            raise writing.stale(row, replace(texts, theirs=theirs))


def _typed(
    status: str | None, reason: str, deviates: frozenset[str], seen: StatusUpdate | None
) -> _Typed | None:
    """The typed judgement, or None when it says nothing but what was seen."""
    if status is None:
        if reason or deviates != _ticks(seen):
            raise ValidationError({"status": "Vælg en status."})
        return None
    typed = _Typed(str(status), reason, deviates, seen)
    changed = status != (seen and seen.status_after)
    if changed and status not in DEVIATING and deviates == _ticks(seen):
        # The ticks stand as the form showed them: they belong to the status before.
        typed = replace(typed, deviates=frozenset())
    return typed if typed.is_new else None


def _ticks(update: StatusUpdate | None) -> frozenset[str]:
    return frozenset(update.deviates) if update else frozenset()


def _words(deviates: frozenset[str]) -> str:
    return ", ".join(y.label for y in Yardstick if y.value in deviates)
