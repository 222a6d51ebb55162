"""When a deadline falls due, and each move of it: append-only, so that no promise is lost."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar, NoReturn, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q

from core import writing
from core.clock import COPENHAGEN
from core.texts import PlainTextField
from core.tracking import Actor, AroundTheDoor, Tracked
from initiatives.deadlines import Kind, ParsedDeadline, describe, kind_of_days, parse
from initiatives.plan import Term


class Fact(models.TextChoices):
    """Art: which sort of fact a line of the Deadline column states. Only a deadline can be late."""

    DEADLINE = "deadline", "Deadline"
    PRESENTATION = "presentation", "Forelægges"
    COMPLETED = "completed", "Afsluttet"
    PAUSED = "paused", "På pause"
    WAITING = "waiting", "Afventer"
    EVENT = "event", "Hændelse"
    NONE = "none", "Ingen deadline"


# What somebody has promised for a day; a move is told of these alone.
PROMISES = (Fact.DEADLINE, Fact.PRESENTATION)
# The facts that take place at a time. The others say something instead of naming one.
DATED = (*PROMISES, Fact.EVENT)
MAY_BE_MET = (*PROMISES, Fact.COMPLETED)
# What a fact without days is to the parser.
_STATE_KINDS: dict[str, Kind] = {
    Fact.COMPLETED: "done",
    Fact.PAUSED: "paused",
    Fact.WAITING: "waiting",
}
KINDS: tuple[Kind, ...] = (
    *("day", "week", "month", "quarter", "half", "season", "year", "range"),
    *("open", "none", "paused", "waiting", "done", "ongoing"),
)


def understand(wording: str, fact: str, on: date) -> ParsedDeadline:
    """What `wording` means as a `fact` when it is written on the day `on`.

    A completion, pause, waiting or "ingen deadline" has no days: what its words name is the day
    of a decision.
    """
    parsed = parse(wording, on)
    if fact in DATED:
        return parsed
    kind = _STATE_KINDS.get(fact, "none")
    return ParsedDeadline(None, None, kind, opens_on=parsed.opens_on)


class DeadlineMoveQuerySet(models.QuerySet["DeadlineMove"]):
    """Moves. Append-only: rows are never changed or removed."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AroundTheDoor("DeadlineMove is append-only.")

    update = delete = bulk_create = bulk_update = _refuse


class DeadlineMove(models.Model):
    """Flytning: what a deadline said before and after, why, when and by whom. Append-only."""

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
            # The source may not say why, and nobody knows why an unknown deadline was left.
            models.CheckConstraint(
                condition=~Q(reason="") | Q(cause="import") | Q(old_wording=""),
                name="move_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(old_wording="") | Q(old_starts_on=None, old_ends_on=None),
                name="unknown_deadline_has_no_days",
            ),
            models.CheckConstraint(
                condition=Q(old_kind__in=KINDS) & Q(new_kind__in=KINDS), name="move_kinds_are_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deadline}: {self.moved_on}"

    def record(self, *, version: int, actor: Actor, at: datetime) -> Self:
        """Store the row. It can't be stored twice."""
        if not self._state.adding:
            raise AroundTheDoor("DeadlineMove is append-only.")
        self.deadline_version = version
        self.recorded_at = at
        self.by, self.by_name = actor.user, actor.name
        self.clean_fields(exclude=["deadline", "by"])
        self.save(force_insert=True)
        return self

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AroundTheDoor("DeadlineMove is append-only.")


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
        if row.fact not in MAY_BE_MET and row.met_on:
            errors["met_on"] = (
                "»Opfyldt den« bruges kun til »Deadline«, »Forelægges« og »Afsluttet«."
            )
        if errors:
            raise ValidationError(errors)

    def take_days(self, on: date) -> tuple[str, ...]:
        """Set the days from the wording as read on the day `on`, or name the kind of those set by
        hand. The fields that were set."""
        row: Any = self
        if row.set_by_hand:
            row.kind = _kind_by_hand(row.term, row.fact, on)
            return ("kind",)
        parsed = understand(row.wording, row.fact, on)
        row.starts_on, row.ends_on, row.kind = parsed.start, parsed.end, parsed.kind
        row.opens_on = parsed.opens_on
        return ("starts_on", "ends_on", "kind", "opens_on")

    def add(self, *, actor: Actor, reason: str, at: datetime) -> Self:
        """Store a new deadline. One that calls itself new has left an earlier one behind it,
        which nobody has told: that is a move from the unknown."""
        row: Any = self
        with transaction.atomic():
            row.take_days(_day(at))
            writing.create(row, actor=actor, reason=reason, at=at)
            if row.fact == Fact.DEADLINE and "ny deadline" in row.wording.casefold():
                move = _move(row, None, DeadlineMove.Cause.EDIT, reason, _day(at))
                move.record(version=row.version, actor=actor, at=at)
        return self

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
        with transaction.atomic():
            row: Any = writing.lock(type(self), self.pk)
            found = writing.compare(row, changes, version)
            if found.conflicts:
                raise writing.stale(row, found)
            before, fact_before = row.term, row.fact
            changed = [name for name, value in found.mine.items() if getattr(row, name) != value]
            for name in changed:
                setattr(row, name, found.mine[name])
            if changed:
                if _says_other_days(changed, fact_before, row.fact):
                    changed += row.take_days(_day(at))
                move = None
                if _is_move(row, before, fact_before):
                    if not reason and row.fact != Fact.COMPLETED:
                        raise ValidationError({"change_reason": _why(before, row.term)})
                    cause = DeadlineMove.Cause
                    move = _move(
                        row,
                        before,
                        cause.CORRECTION if is_correction else cause.EDIT,
                        reason or "Afsluttet.",
                        _day(at),
                    )
                writing.store(
                    row, changed, actor=actor, reason=reason, at=at, versions=found.versions
                )
                if move:
                    move.record(version=row.version, actor=actor, at=at)
        merged = tuple(found.theirs)
        return writing.Saved(row, tuple(changed), merged, found.changed_by(merged))


def _day(at: datetime) -> date:
    return at.astimezone(COPENHAGEN).date()


def _says_other_days(changed: list[str], fact_before: str, fact: str) -> bool:
    """Whether the days must be read afresh: a wording is read on the day it is written, so that
    "12. januar" stays in its year when something else is changed later."""
    other_sort = (fact_before in DATED) != (fact in DATED)
    return other_sort or not {"wording", "set_by_hand", "starts_on", "ends_on"}.isdisjoint(changed)


def _is_move(row: Any, before: Term, fact_before: str) -> bool:
    """Whether a promise got other days. The first days of a deadline are no move, unless it was
    moved away from earlier ones."""
    if row.term.days == before.days:
        return False
    if before.has_days:
        return fact_before in PROMISES
    return row.fact in PROMISES and bool(row.moves.exists())


def _move(
    row: Any, before: Term | None, cause: DeadlineMove.Cause, reason: str, on: date
) -> DeadlineMove:
    now = row.term
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


def _why(before: Term, now: Term) -> str:
    old, new = (_words(term) for term in (before, now))
    return f"Skriv, hvorfor deadlinen flyttes. Den flyttes fra {old} til {new}."


def _words(term: Term) -> str:
    if not term.has_days:
        return "ingen dato"
    return describe(ParsedDeadline(term.starts_on, term.ends_on, term.kind))  # type: ignore[arg-type]


def _kind_by_hand(term: Term, fact: str, on: date) -> Kind:
    """The kind of days set by hand: that of the wording where it means them too."""
    read = understand(term.wording, fact, on)
    if (read.start, read.end) == term.days:
        return read.kind
    if not term.has_days:
        return _STATE_KINDS.get(fact, "none")
    return kind_of_days(term.starts_on, term.ends_on)
