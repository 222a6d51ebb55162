"""Judge an initiative: each judgement is an append-only row.

The status is never derived, and only `Judged.change_status` changes it.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models, transaction

from core import writing
from core.characters import normalise
from core.danish import month_name
from core.protection import ChangeRecords
from core.texts import PlainTextField
from core.tracking import Actor
from initiatives.models.plan_row import PlanRow
from initiatives.models.status_update import StatusUpdate, StatusUpdateQuerySet
from plan.status import DEVIATING, Status, Yardstick


@dataclass(frozen=True)
class StatusSaved(writing.Saved[writing.Row]):
    """What `change_status` did; `update` is None when no judgement was made."""

    update: StatusUpdate | None = None


@dataclass(frozen=True)
class _TypedJudgement:
    """A judgement as typed, with the one that the form was `loaded` with (None for none)."""

    status: str
    reason: str
    deviates: frozenset[str]
    loaded: StatusUpdate | None

    @property
    def is_new(self) -> bool:
        """Whether it says anything that the form was not loaded with."""
        return bool(
            self.reason
            or self.status != (self.loaded and self.loaded.status_after)
            or self.deviates != _ticks(self.loaded)
        )

    def is_repeated_by(self, update: StatusUpdate, actor: Actor) -> bool:
        """Whether `update` is this same judgement, because the form was sent twice."""
        mine = (self.status, self.reason, self.deviates, actor.name)
        return mine == (update.status_after, update.reason, _ticks(update), update.by_name)

    def conflicts_with(self, update: StatusUpdate) -> list[writing.FieldConflict]:
        """List the fields of the form: as loaded, as `update` says, and as typed."""
        loaded = self.loaded
        columns = {
            "status": (loaded and loaded.status_after, update.status_after, self.status),
            "deviates": (_words(_ticks(loaded)), _words(_ticks(update)), _words(self.deviates)),
            "reason": (loaded.reason if loaded else "", update.reason, self.reason),
        }
        return [
            writing.FieldConflict(name, *values)
            for name, values in columns.items()
            if name != "deviates" or len(set(values)) > 1
        ]


@dataclass(frozen=True)
class _JudgementsSince:
    """The newest judgement, the one that a form was `loaded` with, and the newest made `since`
    then (an "uændret" does not count)."""

    newest: StatusUpdate | None
    loaded: StatusUpdate | None
    since: StatusUpdate | None


class Judged(PlanRow):
    """Base of `Initiative`: its status, the methods that judge it, and the texts saved with a
    judgement."""

    status = models.CharField(
        "status", max_length=30, null=True, choices=Status.choices, editable=False
    )
    ask = PlainTextField(
        "hvad skal Implementeringsgruppen tage stilling til?",
        blank=True,
        max_length=500,
        help_text="Udfyldes kun, hvis I ønsker noget af gruppen.",
    )
    internal_notes = PlainTextField(
        "internt notat",
        blank=True,
        help_text="Ses kun af sekretariatet og kommer aldrig med i statusopgørelsen.",
    )

    report_text = PlainTextField(
        "uddybning",
        blank=True,
        help_text="Vises under begrundelsen i statusopgørelsen, til den rettes.",
    )
    report_text_month = models.DateField("uddybningens måned", null=True, editable=False)
    ask_month = models.DateField("spørgsmålets måned", null=True, editable=False)

    change_records = ChangeRecords(
        model="initiatives.StatusUpdate",
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
        internal_notes: str | None,
        report_text: str | None = None,
        version: int | None,
        actor: Actor,
        at: datetime,
        cause: StatusUpdate.Cause = StatusUpdate.Cause.EDIT,
    ) -> StatusSaved[Self]:
        """Record a judgement for `month` and the texts that belong to it, in one transaction.

        When it says nothing new, no judgement is made and only the texts are saved.
        `internal_notes` and `report_text` are None from a writer who does not see them. `version`
        is the one the writer saw. Raises ValidationError (a dict by field),
        core.writing.StaleVersion when somebody else judged or wrote the same text meanwhile,
        core.writing.VersionMissing.
        """
        with transaction.atomic():
            row = writing.lock(type(self), self.pk)
            reason = normalise(reason)
            written = {"ask": ask, "internal_notes": internal_notes, "report_text": report_text}
            texts = writing.compare(
                row, {name: text for name, text in written.items() if text is not None}, version
            )
            row._refuse_archived()
            judged = row._judgements_since(version)
            typed = _typed_judgement(status, reason, frozenset(deviates), judged.loaded)
            if typed and judged.since and typed.is_repeated_by(judged.since, actor):
                return StatusSaved(row, (), update=judged.since)
            row._refuse_conflicts(texts, typed, judged)
            update = None
            if typed:
                update = row._judgement(judged.newest, typed.status, month, cause)
                update.reason, update.deviates = reason, typed.deviates
                update.validate_rules(judged.newest)
                row.status = typed.status
            changed = [name for name, value in texts.mine.items() if getattr(row, name) != value]
            for name in changed:
                setattr(row, name, texts.mine[name])
            row.date_texts(changed, month)
            if update or changed:
                # Open forms compare versions, so a new reason alone makes a new version too.
                writing.store(
                    row, changed, actor=actor, reason=reason, at=at, versions=texts.versions
                )
            if update:
                update.record(version=row.version, actor=actor, at=at, after=judged.newest)
        merged = (*(() if typed or not judged.since else ("status",)), *texts.theirs)
        fields = ("status", *changed) if update else tuple(changed)
        return StatusSaved(row, fields, merged, texts.changed_by(merged), update)

    def date_texts(self, changed: Collection[str], month: date) -> None:
        """Note that the report text and the question, if there is one, are written for `month`,
        each if it is among the `changed` fields."""
        if "report_text" in changed:
            self.report_text_month = month if self.report_text else None
        if "ask" in changed:
            self.ask_month = month if self.ask else None

    def confirm_unchanged(
        self, *, month: date, version: int | None, actor: Actor, at: datetime
    ) -> StatusUpdate:
        """Record that the status was judged and has not changed; the row stays as it is.

        Raises ValidationError when there is nothing to confirm, core.writing.VersionMissing
        when the status was judged after `version`.
        """
        with transaction.atomic():
            row = writing.lock(type(self), self.pk)
            row._refuse_archived()
            writing.compare(row, {}, version)  # raises when there never was such a version
            judged = row._judgements_since(version)
            newest = judged.newest
            if judged.since:
                raise writing.VersionMissing(str(row))
            if newest is None:
                raise ValidationError("Der er ikke registreret en status, som kan bekræftes.")
            if newest.month == month and newest.is_confirmation:
                return newest
            if newest.month == month:
                raise ValidationError(f"{row} er allerede opdateret til {month_name(month)}.")
            cause = StatusUpdate.Cause.CONFIRMATION
            update = row._judgement(newest, newest.status_after, month, cause)
            update.deviates = newest.deviates
            update.validate_rules(newest)
            return update.record(version=row.version, actor=actor, at=at, after=newest)

    def retract_confirmation(self, *, month: date, actor: Actor, at: datetime) -> StatusUpdate:
        """Retract this month's "uændret"; both rows stay. Raises ValidationError without one."""
        with transaction.atomic():
            row = writing.lock(type(self), self.pk)
            row._refuse_archived()
            newest = row._judgements().first()
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
        """Make a judgement that follows the `newest` one, without storing it."""
        return StatusUpdate(
            initiative_id=self.pk,
            status_before=newest.status_after if newest else None,
            status_after=status,
            month=month,
            cause=cause,
        )

    def _judgements(self) -> StatusUpdateQuerySet:
        """Select the judgements that stand, newest first, `with_last_recorded`."""
        updates: StatusUpdateQuerySet = StatusUpdate.objects.filter(initiative=self.pk)
        return updates.judgements().with_last_recorded(self.pk).newest_first()

    def _refuse_archived(self) -> None:
        if self.is_archived:
            raise ValidationError(f"{self} er arkiveret.")

    def _judgements_since(self, version: int | None) -> _JudgementsSince:
        """Find the judgements that matter to a form loaded with `version`. One query."""
        judgements = self._judgements()
        if version == self.version:
            newest = judgements.first()
            return _JudgementsSince(newest, newest, None)
        assert version is not None  # `writing.compare` has refused a missing one
        updates = list(judgements)
        older = (update for update in updates if update.initiative_version <= version)
        later = (
            update
            for update in updates
            if update.initiative_version > version and not update.is_confirmation
        )
        newest = updates[0] if updates else None
        return _JudgementsSince(newest, next(older, None), next(later, None))

    def _refuse_conflicts(
        self, texts: writing.Comparison, typed: _TypedJudgement | None, judged: _JudgementsSince
    ) -> None:
        """Raise StaleVersion for the judgement and the texts together, so that the writer sees
        all of it at once."""
        since, theirs = judged.since, dict(texts.theirs)
        if typed and since:
            conflicts = [*typed.conflicts_with(since), *texts.conflicts]
            raise writing.StaleVersion(
                self, conflicts, theirs, by=since.by_name, at=since.recorded_at, reason=since.reason
            )
        if texts.conflicts:
            if since:
                theirs["status"] = self.status
            raise writing.stale(self, replace(texts, theirs=theirs))


def _typed_judgement(
    status: str | None, reason: str, deviates: frozenset[str], loaded: StatusUpdate | None
) -> _TypedJudgement | None:
    """Make the typed judgement; None when it says nothing that the form was not loaded with."""
    if status is None:
        if reason or deviates != _ticks(loaded):
            raise ValidationError({"status": "Vælg en status."})
        return None
    typed = _TypedJudgement(str(status), reason, deviates, loaded)
    changed = status != (loaded and loaded.status_after)
    if changed and status not in DEVIATING and deviates == _ticks(loaded):
        # The ticks are as the form was loaded with them: they belong to the status before.
        typed = replace(typed, deviates=frozenset())
    return typed if typed.is_new else None


def _ticks(update: StatusUpdate | None) -> frozenset[str]:
    return frozenset(update.deviates) if update else frozenset()


def _words(deviates: frozenset[str]) -> str:
    return ", ".join(y.label for y in Yardstick if y.value in deviates)
