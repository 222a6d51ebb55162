"""From rows to the nodes of the plan document. Pure: what rows there are, its sources say
(`live.py` the tables of today, `as_of.py` their history)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import plan
from core import demo
from core.clock import COPENHAGEN
from core.danish import day
from deadlines.term import Term
from initiatives.models import DeadlineMove, Fact, StatusUpdate, TermsOfReferenceState
from plan.status import NOT_REPORTED, STATUS_STYLES, Yardstick

# Read per row: a label asked of its member costs as much as the rest of the row.
_YARDSTICKS = tuple(Yardstick.labels)
_FACTS: dict[str, str] = dict(Fact.choices)
_STATUSES = tuple(
    plan.StatusLabel(s.value, s.label, s.symbol, s.meaning, s.fill, s.ink) for s in STATUS_STYLES
)
# The columns of a deadline's days and of a move, in the order of the document's fields.
DAYS = ("starts_on", "ends_on", "kind", "set_by_hand", "opens_on", "met_on")
_TERM = ("wording", "starts_on", "ends_on", "kind")
MOVE = (
    *("moved_on", *(f"old_{name}" for name in _TERM), *(f"new_{name}" for name in _TERM)),
    *("reason", "cause"),
)

# A deadline with the mark that it makes beside the status, or None.
Marked = tuple[plan.Deadline, plan.Mark | None]


class Update(NamedTuple):
    """The columns of a judgement that the document needs, under their names."""

    initiative_id: int
    status_before: str | None
    status_after: str
    reason: str
    deviates_resources: bool
    deviates_quality: bool
    deviates_time: bool
    month: date
    recorded_at: datetime
    by_name: str
    cause: str

    @property
    def deviates(self) -> tuple[str, ...]:
        flags = (self.deviates_resources, self.deviates_quality, self.deviates_time)
        return tuple(name for name, flag in zip(_YARDSTICKS, flags, strict=True) if flag)


# The judgements that matter to one initiative, by what `standing` calls them.
Updates = dict[str, Update]


def standing(updates: Iterable[Update], months: Sequence[date]) -> dict[int, Updates]:
    """Per initiative id: the newest judgement ("now"), the newest with a reason ("reason"), and
    the same two up to the second of `months` ("now before", "reason before").

    `updates` come newest first.
    """
    found: dict[int, Updates] = defaultdict(dict)
    for update in updates:
        parts = found[update.initiative_id]
        for time, until in zip(("", " before"), months, strict=False):
            if update.month <= until:
                parts.setdefault(f"now{time}", update)
                if update.reason:
                    parts.setdefault(f"reason{time}", update)
    return found


def document(
    programme: plan.Programme, principles: Iterable[plan.Principle], *, month: date, on: date
) -> plan.PlanDocument:
    """The document of `month`, drawn up on the day `on`, with the statuses as they are called."""
    return plan.PlanDocument(
        schema=plan.SCHEMA,
        programme=programme,
        month=month,
        drawn_up_on=on,
        banner=demo.banner(),
        statuses=_STATUSES,
        principles=tuple(principles),
    )


def initiative(
    row: Any, found: Mapping[str, Update], actions: tuple[plan.Action, ...], own: Sequence[Marked]
) -> plan.Initiative:
    """An initiative from its row, its judgements, its indsatser and its `own` deadlines."""
    now = found.get("now")
    return plan.Initiative(
        key=row.key,
        title=row.title,
        status=now.status_after if now else NOT_REPORTED,
        judgement=_judgement(now, found.get("reason")),
        before=_judgement(found.get("now before"), found.get("reason before")),
        marks=_marks(row.terms_of_reference, own),
        ask=row.ask,
        report_text=row.report_text,
        actions=actions,
        deadlines=tuple(deadline for deadline, _ in own),
    )


def deadline(
    key: str,
    wording: str,
    fact: str,
    action: str | None,
    detail: str,
    since: date | None,
    days: Sequence[Any],
    moves: tuple[plan.Move, ...],
) -> Marked:
    """A deadline and its mark; `action` is a key, `days` the columns of `DAYS` in order."""
    make: Any = plan.Deadline  # by position: a thousand of them are made for a page
    made: plan.Deadline = make(key, wording, fact, fact_label(fact, wording), action, *days, moves)
    return made, _mark(fact, detail, since)


def move(
    day: date,
    old_wording: str,
    old_starts_on: date | None,
    old_ends_on: date | None,
    old_kind: str,
    new_wording: str,
    new_starts_on: date | None,
    new_ends_on: date | None,
    new_kind: str,
    reason: str,
    cause: str,
) -> plan.Move:
    """A move from the columns of `MOVE`."""
    old = Term(old_wording, old_starts_on, old_ends_on, old_kind) if old_wording else None
    new = Term(new_wording, new_starts_on, new_ends_on, new_kind)
    return plan.Move(day, old, new, reason, cause == DeadlineMove.Cause.CORRECTION)


def fact_label(fact: str, wording: str) -> str:
    """The chip before a wording; a deadline that calls itself new is "Ny deadline"."""
    if fact == Fact.DEADLINE and "ny deadline" in wording.casefold():
        return "Ny deadline"
    return _FACTS[fact]


def grouped(pairs: Iterable[tuple[int, Any]]) -> dict[int, tuple[Any, ...]]:
    """The values by the id they come with, each in the order they come."""
    groups: dict[int, list[Any]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}


def _mark(fact: str, detail: str, since: date | None) -> plan.Mark | None:
    if fact == Fact.PAUSED:
        return plan.Mark("paused", Fact.PAUSED.label, detail)
    if fact == Fact.WAITING:
        when = f"siden {day(since)}" if since else "tidspunkt ikke oplyst"
        return plan.Mark("waiting", Fact.WAITING.label, f"{detail}, {when}" if detail else when)
    return None


def _marks(terms_of_reference: str, own: Iterable[Marked]) -> tuple[plan.Mark, ...]:
    marks = [mark for _, mark in own if mark]
    if terms_of_reference == TermsOfReferenceState.NOT_APPROVED:
        marks.append(plan.Mark("no_terms", TermsOfReferenceState.NOT_APPROVED.label, ""))
    return tuple(marks)


def _judgement(newest: Update | None, reasoned: Update | None) -> plan.Judgement | None:
    """A judgement with the reason that stands: a later "uændret" keeps the one before it."""
    if newest is None:
        return None
    stands = reasoned is not None and reasoned.status_after == newest.status_after
    return plan.Judgement(
        status=newest.status_after,
        reason=reasoned.reason if reasoned and stands else "",
        deviates=newest.deviates,
        month=newest.month,
        day=newest.recorded_at.astimezone(COPENHAGEN).date(),
        confirmed=newest.cause == StatusUpdate.Cause.CONFIRMATION,
    )
