"""When a deadline falls due, and each move of it: append-only, so that no promise is lost."""

import copy
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction

from core import writing
from core.characters import differ, normalise
from core.clock import COPENHAGEN
from core.protection import Told
from core.texts import BAD_YEAR, YEARS
from core.tracking import Actor, Tracked
from deadlines import naming
from deadlines.term import Term
from initiatives.models.deadline_move import DeadlineMove
from initiatives.models.fact import READ_AFRESH, STATE_KINDS, kind_by_hand, understand
from plan.fact import DATED, MAY_BE_MET, PROMISES, Fact


class Movable(Tracked):
    """The time of a deadline and what moves it. Mixed into `Deadline`.

    `[starts_on, ends_on]` are the days the wording means, both included; None is not bounded.
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

    told = Told(
        teller="initiatives.DeadlineMove",
        row="deadline",
        version="deadline_version",
        at="recorded_at",
        # A file may tell of several at once.
        repeats=("cause", ("import",)),
    )

    class Meta:
        abstract = True

    @property
    def term(self) -> Term:
        """What it says now."""
        row: Any = self
        return Term(row.wording, row.starts_on, row.ends_on, row.kind)

    def clean_days(self) -> None:
        """Raise ValidationError (a dict by field) when the days don't fit each other or the art."""
        row: Any = self
        errors = {}
        if row.starts_on and row.ends_on and row.starts_on > row.ends_on:
            errors["ends_on"] = "Slutdatoen ligger før startdatoen."
        if row.fact not in DATED and (row.starts_on or row.ends_on):
            errors["starts_on"] = "Datoer bruges kun til »Deadline«, »Forelægges« og »Hændelse«."
        for name in ("starts_on", "ends_on", "opens_on", "met_on"):
            value = getattr(row, name)
            if value and value.year not in YEARS:
                errors[name] = BAD_YEAR
        if row.fact not in MAY_BE_MET and row.met_on:
            errors["met_on"] = (
                "»Opfyldt den« bruges kun til »Deadline«, »Forelægges« og »Afsluttet«."
            )
        if errors:
            raise ValidationError(errors)

    def set_values(self, values: Mapping[str, Any]) -> list[str]:
        """Set fields; the names of those that changed."""
        changed = [name for name, value in values.items() if differ(getattr(self, name), value)]
        for name in changed:
            setattr(self, name, values[name])
        return changed

    def take_days(self, on: date) -> list[str]:
        """Set the days from the wording as read on the day `on`, or name the kind of those set by
        hand. The fields that changed."""
        row: Any = self
        if row.set_by_hand:
            return row.set_values({"kind": kind_by_hand(row.term, row.fact, on)})
        parsed = understand(row.wording, row.fact, on)
        days = {"starts_on": parsed.start, "ends_on": parsed.end, "opens_on": parsed.opens_on}
        return row.set_values({**days, "kind": parsed.kind})

    def says_otherwise(self, before: Any, changed: Collection[str], on: date) -> str:
        """Why days set by hand may not stand: the wording was changed to name other ones. "" when
        they may; `before` is the row as it was."""
        row: Any = self
        if not row.set_by_hand or "wording" not in changed:
            return ""
        if not {"starts_on", "ends_on", "set_by_hand"}.isdisjoint(changed):
            return ""
        was = understand(before.wording, before.fact, on)
        read = understand(row.wording, row.fact, on)
        if (read.start, read.end) in ((None, None), (was.start, was.end), row.term.days):
            return ""
        said = naming.words(Term(row.wording, read.start, read.end, read.kind))
        return (
            f"Ordlyden læses som {said}, men der er angivet {naming.words(row.term)}. "
            "Ret datoerne, eller fjern krydset i »Angiv selv datoerne«."
        )

    def add(self, *, actor: Actor, reason: str, at: datetime) -> Self:
        """Store a new deadline. One that calls itself new has left an earlier one behind it,
        which nobody has told: that is a move from the unknown."""
        row: Any = self
        with transaction.atomic():
            row.take_days(_day(at))
            writing.create(row, actor=actor, reason=reason, at=at)
            if row.calls_itself_new:
                move = _move(row, None, DeadlineMove.Cause.EDIT, normalise(reason), _day(at))
                move.record(version=row.version, actor=actor, at=at)
        return self

    def set_fields(self, changes: Mapping[str, Any], on: date) -> list[str]:
        """Set fields as on the day `on`, and the days with them; unsaved. The fields that changed.

        A wording is read on the day it is written: "12. januar" stays in its year when something
        else is changed later.
        """
        row: Any = self
        was_dated = row.fact in DATED
        changed: list[str] = row.set_values(changes)
        other_sort = was_dated != (row.fact in DATED)
        if was_dated and other_sort and {"starts_on", "ends_on"}.isdisjoint(changed):
            # Days set by hand go with the art that had them; a promise of them is kept as a move.
            changed += row.set_values({"starts_on": None, "ends_on": None, "set_by_hand": False})
        if other_sort or not READ_AFRESH.isdisjoint(changed):
            changed += row.take_days(on)
        return list(dict.fromkeys(changed))

    @property
    def promise(self) -> Term:
        """What it promises: its term, without days where the fact is no promise."""
        row: Any = self
        if row.fact in PROMISES:
            return row.term
        return Term(row.wording, None, None, STATE_KINDS.get(row.fact, "none"))

    @property
    def calls_itself_new(self) -> bool:
        """Whether the wording says that there was a deadline before this one."""
        row: Any = self
        return row.fact == Fact.DEADLINE and "ny deadline" in row.wording.casefold()

    def moves_from(self, before: Term) -> bool:
        """Whether the promise `before` got other days. The first days of a deadline are no move,
        unless it was moved away from earlier ones."""
        row: Any = self
        if row.promise.days == before.days:
            return False
        return before.has_days or bool(row.moves.exists())

    def refuse_move(
        self, before: Term, reason: str, changed: Collection[str], *, is_correction: bool
    ) -> None:
        """Raise ValidationError (a dict by field) when a move is not told why, or moves what is
        met already."""
        row: Any = self
        if row.met_on and "met_on" not in changed and row.promise.has_days:
            raise ValidationError(
                {"met_on": "Deadlinen er registreret som opfyldt. Slet datoen, hvis den flyttes."}
            )
        if not reason and is_correction:
            raise ValidationError({"change_reason": "Skriv, hvad der rettes."})
        if not reason and row.fact != Fact.COMPLETED:
            why = f"Skriv, hvorfor deadlinen flyttes. {moved_words(before, row.promise)}"
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
    ) -> writing.Saved[Any]:
        """Change the row as `core.writing.change` does; its days follow its wording.

        A promise that gets other days is a move: it needs a `reason`, and what it said before is
        kept. Raises ValidationError, StaleVersion, VersionMissing.
        """
        reason = normalise(reason)
        with transaction.atomic():
            row: Any = writing.lock(type(self), self.pk)
            found = _days_as_one(row, writing.compare(row, changes, version), changes)
            if found.conflicts:
                raise writing.stale(row, found)
            seen = copy.copy(row)
            before, was_new = row.promise, row.calls_itself_new
            changed = row.set_fields(found.mine, _day(at))
            if changed:
                row.clean_days()
                if not is_correction and (unsaid := row.says_otherwise(seen, changed, _day(at))):
                    raise ValidationError({"set_by_hand": unsaid})
                move = None
                if row.moves_from(before):
                    row.refuse_move(before, reason, changed, is_correction=is_correction)
                    cause = (
                        DeadlineMove.Cause.CORRECTION if is_correction else DeadlineMove.Cause.EDIT
                    )
                    move = _move(row, before, cause, reason or "Afsluttet.", _day(at))
                elif row.calls_itself_new and not was_new and not row.moves.exists():
                    move = _move(row, None, DeadlineMove.Cause.EDIT, reason, _day(at))
                writing.store(
                    row, changed, actor=actor, reason=reason, at=at, versions=found.versions
                )
                if move:
                    move.record(version=row.version, actor=actor, at=at)
        merged = tuple(found.theirs)
        return writing.Saved(row, tuple(changed), merged, found.changed_by(merged))


def _day(at: datetime) -> date:
    return at.astimezone(COPENHAGEN).date()


def _move(
    row: Any, before: Term | None, cause: DeadlineMove.Cause, reason: str, on: date
) -> DeadlineMove:
    now = row.promise
    move = DeadlineMove(
        deadline=row,
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


def moved_words(before: Term, now: Term) -> str:
    """What a move does, in Danish: "Den flyttes fra marts 2026 til medio 2026."."""
    if not now.has_days:
        return f"Den har ikke længere en dato. Før: {naming.words(before)}."
    if not before.has_days:
        return f"Den er nu {naming.words(now)}."
    return f"Den flyttes {naming.from_to(before, now)}."


# The days of a deadline and who set them are one value: half of somebody else's is nobody's.
_ONE_VALUE = ("set_by_hand", "starts_on", "ends_on", "opens_on")


def _days_as_one(
    row: Any, found: writing.Comparison, changes: Mapping[str, Any]
) -> writing.Comparison:
    """The comparison with the days as one value: set by hand here and changed there is a
    conflict of all of them."""
    if not changes.get("set_by_hand") or not found.versions:
        return found
    loaded = found.versions[0]
    mine = any(changes[name] != getattr(loaded, name) for name in _ONE_VALUE)
    theirs = any(getattr(row, name) != getattr(loaded, name) for name in _ONE_VALUE)
    if not (mine and theirs):
        return found
    conflicts = tuple(
        writing.FieldConflict(name, getattr(loaded, name), getattr(row, name), changes[name])
        for name in _ONE_VALUE
    )
    others = tuple(c for c in found.conflicts if c.field not in _ONE_VALUE)
    rest = {name: value for name, value in found.theirs.items() if name not in _ONE_VALUE}
    return replace(found, conflicts=(*others, *conflicts), theirs=rest)
