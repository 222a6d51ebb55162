"""The days of a deadline, and its moves: each is an append-only row, so no promise is lost."""

import copy
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction

from core import writing
from core.characters import differ, normalise
from core.clock import local_day
from core.protection import ChangeRecords
from core.texts import BAD_YEAR, YEARS, PlainTextField
from core.tracking import Actor
from deadlines import naming
from deadlines.term import Term
from initiatives.models.deadline_move import DeadlineMove
from initiatives.models.fact import (
    READ_AFRESH,
    STATE_KINDS,
    calls_itself_new,
    kind_by_hand,
    understand,
)
from initiatives.models.plan_row import PlanRow
from plan.fact import DATED, MAY_BE_MET, PROMISES, Fact, Outcome


class Movable(PlanRow):
    """Base of `Deadline`: its wording, the days the wording means, and the methods that move it.

    `[starts_on, ends_on]` are the days the wording means, both included; None means not bounded.
    They follow the wording until somebody sets them by hand.
    """

    starts_on = models.DateField("første dag", null=True, blank=True)
    ends_on = models.DateField("sidste dag", null=True, blank=True)
    kind = models.CharField("slags", max_length=10, default="none", editable=False)
    set_by_hand = models.BooleanField("datoerne er angivet selv", default=False)
    opens_on = models.DateField("opstart", null=True, blank=True)
    met_on = models.DateField(
        "opfyldt den",
        null=True,
        blank=True,
        help_text="Dagen, hvor deadlinen blev nået, eller hvor gruppens svar forelå.",
    )
    outcome = models.CharField("udfald", max_length=30, blank=True, choices=Outcome.choices)
    outcome_remark = PlainTextField("bemærkning til udfaldet", blank=True, max_length=1000)
    added_month = models.DateField("måneden, hvor den blev skrevet", null=True, editable=False)
    wording = PlainTextField("ordlyd", max_length=1000, help_text="Vises, præcis som du skriver.")
    fact = models.CharField("art", max_length=20, choices=Fact.choices, default=Fact.DEADLINE)

    change_records = ChangeRecords(
        model="initiatives.DeadlineMove",
        row="deadline",
        version="deadline_version",
        at="recorded_at",
        # A file may contain several moves of one deadline.
        repeats=("cause", ("import",)),
    )

    class Meta:
        abstract = True

    @property
    def term(self) -> Term:
        """What it says now."""
        return Term(self.wording, self.starts_on, self.ends_on, self.kind)

    def clean_days(self) -> None:
        """Raise ValidationError (a dict by field) when the days fit neither each other nor the
        fact."""
        errors = {}
        if self.starts_on and self.ends_on and self.starts_on > self.ends_on:
            errors["ends_on"] = "Slutdatoen ligger før startdatoen."
        if self.fact not in DATED and (self.starts_on or self.ends_on):
            errors["starts_on"] = "Datoer bruges kun til »Deadline«, »Forelægges« og »Hændelse«."
        for name in ("starts_on", "ends_on", "opens_on", "met_on"):
            value = getattr(self, name)
            if value and value.year not in YEARS:
                errors[name] = BAD_YEAR
        if self.fact not in MAY_BE_MET and self.met_on:
            errors["met_on"] = (
                "»Opfyldt den« bruges kun til »Deadline«, »Forelægges« og »Afsluttet«."
            )
        if errors:
            raise ValidationError(errors)

    def set_values(self, values: Mapping[str, Any]) -> list[str]:
        """Set fields; return the names of those that changed."""
        changed = [name for name, value in values.items() if differ(getattr(self, name), value)]
        for name in changed:
            setattr(self, name, values[name])
        return changed

    def take_days(self, on: date) -> list[str]:
        """Set the days from the wording as read on the day `on`, or name the kind of those set by
        hand. Return the fields that changed."""
        if self.set_by_hand:
            return self.set_values({"kind": kind_by_hand(self.term, self.fact, on)})
        parsed = understand(self.wording, self.fact, on)
        days = {"starts_on": parsed.start, "ends_on": parsed.end, "opens_on": parsed.opens_on}
        return self.set_values({**days, "kind": parsed.kind})

    def contradiction(self, before: Self, changed: Collection[str], on: date) -> str:
        """Return a sentence when the wording was changed to mean other days than those set by
        hand, else "". `before` is the row as it was."""
        if not self.set_by_hand or "wording" not in changed:
            return ""
        if not {"starts_on", "ends_on", "set_by_hand"}.isdisjoint(changed):
            return ""
        old = understand(before.wording, before.fact, on)
        new = understand(self.wording, self.fact, on)
        if (new.start, new.end) in ((None, None), (old.start, old.end), self.term.days):
            return ""
        meaning = naming.words(Term(self.wording, new.start, new.end, new.kind))
        return (
            f"Ordlyden læses som {meaning}, men der er angivet {naming.words(self.term)}. "
            "Ret datoerne, eller fjern krydset i »Angiv selv datoerne«."
        )

    def add(self, *, actor: Actor, reason: str, at: datetime) -> Self:
        """Store the new deadline. If its wording calls it new, it replaces an earlier deadline
        that is not known, and a move from that is stored too."""
        with transaction.atomic():
            self.take_days(local_day(at))
            writing.create(self, actor=actor, reason=reason, at=at)
            if self.calls_itself_new:
                move = self._move(None, DeadlineMove.Cause.EDIT, normalise(reason), local_day(at))
                move.record(version=self.version, actor=actor, at=at)
        return self

    def set_fields(self, changes: Mapping[str, Any], on: date) -> list[str]:
        """Set fields on the day `on`, and the days with them, without saving. Return the fields
        that changed.

        A wording is read on the day it is written: "12. januar" stays in its year when something
        else is changed later.
        """
        was_dated = self.fact in DATED
        changed: list[str] = self.set_values(changes)
        is_dated = self.fact in DATED
        if was_dated and not is_dated and {"starts_on", "ends_on"}.isdisjoint(changed):
            # Days set by hand leave with the fact they belonged to; a promise is kept as a move.
            changed += self.set_values({"starts_on": None, "ends_on": None, "set_by_hand": False})
        changed += self.drop_outcome()
        if was_dated != is_dated or not READ_AFRESH.isdisjoint(changed):
            changed += self.take_days(on)
        return list(dict.fromkeys(changed))

    def drop_outcome(self) -> list[str]:
        """Let the outcome go with its day, and with the presentation that it was of. Return the
        fields that changed."""
        if self.met_on and self.fact == Fact.PRESENTATION and self.outcome:
            return []
        return self.set_values({"outcome": "", "outcome_remark": ""})

    @property
    def promise(self) -> Term:
        """What it promises: its term, without days where the fact is no promise."""
        if self.fact in PROMISES:
            return self.term
        return Term(self.wording, None, None, STATE_KINDS.get(self.fact, "none"))

    @property
    def calls_itself_new(self) -> bool:
        """Whether the wording says that there was a deadline before this one."""
        return calls_itself_new(self.wording, self.fact)

    def moves_from(self, before: Term) -> bool:
        """Whether the promise `before` got other days. The first days of a deadline are no move,
        unless it was moved away from earlier ones."""
        if self.promise.days == before.days:
            return False
        return before.has_days or self._was_moved()

    def refuse_move(
        self, before: Term, reason: str, changed: Collection[str], *, is_correction: bool
    ) -> None:
        """Raise ValidationError (a dict by field) when a move has no reason, or moves a deadline
        that is already met."""
        if self.met_on and "met_on" not in changed and self.promise.has_days:
            raise ValidationError(
                {"met_on": "Deadlinen er registreret som opfyldt. Slet datoen, hvis den flyttes."}
            )
        if not reason and is_correction:
            raise ValidationError({"change_reason": "Skriv, hvad der rettes."})
        if not reason and self.fact != Fact.COMPLETED:
            why = f"Skriv, hvorfor deadlinen flyttes. {moved_words(before, self.promise)}"
            raise ValidationError({"change_reason": why})

    def revise(
        self,
        changes: Mapping[str, Any],
        *,
        version: int | None,
        actor: Actor,
        reason: str,
        at: datetime,
        is_correction: bool = False,
        postponed_on: date | None = None,
    ) -> writing.Saved[Self]:
        """Change fields of the row; its days follow its wording.

        A promise that gets other days is a move: it needs a `reason`, and what it said before is
        kept. A presentation that was put off on the day `postponed_on` must get other days.
        Raises ValidationError, StaleVersion, VersionMissing.
        """
        reason, on = normalise(reason), local_day(at)
        with transaction.atomic():
            row = writing.lock(type(self), self.pk)
            comparison = _days_as_one(row, writing.compare(row, changes, version), changes)
            if comparison.conflicts:
                raise writing.stale(row, comparison)
            before = copy.copy(row)
            changed = row.set_fields(comparison.mine, on)
            if changed or postponed_on:
                row.clean_days()
                if not is_correction and (problem := row.contradiction(before, changed, on)):
                    raise ValidationError({"set_by_hand": problem})
                move = row._move_since(before, changed, reason, on, is_correction=is_correction)
                if postponed_on:
                    move = _decided(move, postponed_on)
                versions = comparison.versions
                writing.store(row, changed, actor=actor, reason=reason, at=at, versions=versions)
                if move:
                    move.record(version=row.version, actor=actor, at=at)
        merged = tuple(comparison.theirs)
        return writing.Saved(row, tuple(changed), merged, comparison.changed_by(merged))

    def _move_since(
        self,
        before: Self,
        changed: Collection[str],
        reason: str,
        on: date,
        *,
        is_correction: bool,
    ) -> DeadlineMove | None:
        """Make the move that the change from `before` is, without storing it; None for no move.

        Raises ValidationError as `refuse_move` does.
        """
        if self.moves_from(before.promise):
            self.refuse_move(before.promise, reason, changed, is_correction=is_correction)
            cause = DeadlineMove.Cause.CORRECTION if is_correction else DeadlineMove.Cause.EDIT
            return self._move(before.promise, cause, reason or "Afsluttet.", on)
        if self.calls_itself_new and not before.calls_itself_new and not self._was_moved():
            return self._move(None, DeadlineMove.Cause.EDIT, reason, on)
        return None

    def _was_moved(self) -> bool:
        return DeadlineMove.objects.filter(deadline=self.pk).exists()

    def _move(
        self, before: Term | None, cause: DeadlineMove.Cause, reason: str, on: date
    ) -> DeadlineMove:
        """Make a move from `before` to what is promised now, without storing it."""
        now = self.promise
        move = DeadlineMove(
            deadline_id=self.pk,
            new_wording=now.wording,
            new_starts_on=now.starts_on,
            new_ends_on=now.ends_on,
            new_kind=now.kind,
            reason=reason,
            cause=cause,
            moved_on=on,
        )
        if before:
            move.old_wording, move.old_kind = before.wording, before.kind
            move.old_starts_on, move.old_ends_on = before.days
        return move


def _decided(move: DeadlineMove | None, on: date) -> DeadlineMove:
    """Make a move one that was decided on a day. Raises ValidationError without another day."""
    if move is None or not move.new_term.has_days:
        raise ValidationError({"wording": "Skriv den nye dag. Ordlyden giver ingen anden dag."})
    move.cause, move.moved_on = DeadlineMove.Cause.DECISION, on
    return move


def moved_words(before: Term, now: Term) -> str:
    """Say what a move does, in Danish: "Den flyttes fra marts 2026 til medio 2026."."""
    if not now.has_days:
        return f"Den har ikke længere en dato. Før: {naming.words(before)}."
    if not before.has_days:
        return f"Den er nu {naming.words(now)}."
    return f"Den flyttes {naming.from_to(before, now)}."


# The days of a deadline and whether they are set by hand are one value: mixed from two people's
# changes they would be days that nobody has set.
_ONE_VALUE = ("set_by_hand", "starts_on", "ends_on", "opens_on")


def _days_as_one(
    row: Movable, comparison: writing.Comparison, changes: Mapping[str, Any]
) -> writing.Comparison:
    """Compare the days as one value: when they are set by hand here and changed by somebody else,
    all of them conflict."""
    if not changes.get("set_by_hand") or not comparison.versions:
        return comparison
    loaded = comparison.versions[0]
    mine = any(changes[name] != getattr(loaded, name) for name in _ONE_VALUE)
    theirs = any(getattr(row, name) != getattr(loaded, name) for name in _ONE_VALUE)
    if not (mine and theirs):
        return comparison
    conflicts = tuple(
        writing.FieldConflict(name, getattr(loaded, name), getattr(row, name), changes[name])
        for name in _ONE_VALUE
    )
    others = tuple(c for c in comparison.conflicts if c.field not in _ONE_VALUE)
    rest = {name: value for name, value in comparison.theirs.items() if name not in _ONE_VALUE}
    return replace(comparison, conflicts=(*others, *conflicts), theirs=rest)
