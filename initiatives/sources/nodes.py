"""Make the nodes of the plan document from rows.

Pure: `live.py` reads the rows from the tables of today, `as_of.py` from their history.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import plan
from core import demo
from core.clock import local_day
from core.danish import day
from deadlines.term import Term
from initiatives.models import DeadlineMove, Fact, StatusUpdate, TermsOfReferenceState
from initiatives.models.fact import calls_itself_new
from plan.fact import Outcome
from plan.status import NOT_REPORTED, STATUS_STYLES, Yardstick

# Looked up once: reading a label from its enum member for each row would double the row's cost.
_YARDSTICKS = tuple(Yardstick.labels)
_FACTS: dict[str, str] = dict(Fact.choices)
_OUTCOMES: dict[str, str] = {"": "", **dict(Outcome.choices)}
_STATUSES = tuple(
    plan.StatusLabel(s.value, s.label, s.symbol, s.meaning, s.fill, s.ink) for s in STATUS_STYLES
)
# The kind of the mark for an initiative without an approved kommissorium.
NO_TERMS = "no_terms"
# The columns of a deadline's days and of a move, in the order of the document's fields.
DAY_COLUMNS = ("starts_on", "ends_on", "kind", "set_by_hand", "opens_on", "met_on")
# The columns that come after its moves in the document.
LAST_COLUMNS = ("outcome", "outcome_remark", "added_month")
_TERM = ("wording", "starts_on", "ends_on", "kind")
MOVE_COLUMNS = (
    *("moved_on", *(f"old_{name}" for name in _TERM), *(f"new_{name}" for name in _TERM)),
    *("reason", "cause"),
)

# A deadline with the mark that it makes beside the status, or None.
Marked = tuple[plan.Deadline, plan.Mark | None]


class Update(NamedTuple):
    """The columns of a judgement that the document needs."""

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


@dataclass(slots=True)
class Standing:
    """The judgements of one initiative that its document needs: the newest one, the newest one
    with a reason, and the same two as they stood a month before. None where there is none."""

    newest: Update | None = None
    reasoned: Update | None = None
    newest_before: Update | None = None
    reasoned_before: Update | None = None


def standing(
    updates: Iterable[Update], month: date, month_before: date | None = None
) -> dict[int, Standing]:
    """Find which judgements stand for `month`, and for `month_before` if given, by initiative id.
    `updates` come newest first."""
    standings: dict[int, Standing] = defaultdict(Standing)
    for update in updates:
        if update.month > month:
            continue
        standing = standings[update.initiative_id]
        standing.newest = standing.newest or update
        if update.reason:
            standing.reasoned = standing.reasoned or update
        if month_before and update.month <= month_before:
            standing.newest_before = standing.newest_before or update
            if update.reason:
                standing.reasoned_before = standing.reasoned_before or update
    return standings


def document(
    programme: plan.Programme, principles: Iterable[plan.Principle], *, month: date, on: date
) -> plan.PlanDocument:
    """Make the document of `month`, drawn up on the day `on`, with the names of the statuses."""
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
    row: Any, standing: Standing, actions: tuple[plan.Action, ...], deadlines: Sequence[Marked]
) -> plan.Initiative:
    """Make an initiative from its row, its judgements, its indsatser and its deadlines."""
    newest = standing.newest
    return plan.Initiative(
        key=row.key,
        title=row.title,
        status=newest.status_after if newest else NOT_REPORTED,
        judgement=_judgement(newest, standing.reasoned),
        before=_judgement(standing.newest_before, standing.reasoned_before),
        marks=_marks(row.terms_of_reference, deadlines),
        ask=row.ask,
        report_text=row.report_text,
        actions=actions,
        deadlines=tuple(deadline for deadline, _ in deadlines),
        report_text_month=row.report_text_month,
        ask_month=row.ask_month,
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
    last: Sequence[Any],
) -> Marked:
    """Make a deadline and its mark; `action` is a key, `days` the values of `DAY_COLUMNS`, `last`
    those of `LAST_COLUMNS`."""
    outcome, remark, added_month = last
    make: Any = plan.Deadline  # by position: a thousand of them are made for a page
    text = key, wording, fact, fact_label(fact, wording), action
    made: plan.Deadline = make(*text, *days, moves, _OUTCOMES[outcome], remark, added_month)
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
    """Make a move from the columns of `MOVE_COLUMNS`."""
    old = Term(old_wording, old_starts_on, old_ends_on, old_kind) if old_wording else None
    new = Term(new_wording, new_starts_on, new_ends_on, new_kind)
    return plan.Move(day, old, new, reason, cause == DeadlineMove.Cause.CORRECTION)


def fact_label(fact: str, wording: str) -> str:
    """Name the chip before a wording; a deadline that calls itself new is "Ny deadline"."""
    if calls_itself_new(wording, fact):
        return "Ny deadline"
    return _FACTS[fact]


def grouped(pairs: Iterable[tuple[int, Any]]) -> dict[int, tuple[Any, ...]]:
    """Group the values by the id they come with, in the order they come."""
    groups: dict[int, list[Any]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}


def _mark(fact: str, detail: str, since: date | None) -> plan.Mark | None:
    if fact == Fact.PAUSED:
        return plan.Mark(Fact.PAUSED.value, Fact.PAUSED.label, detail)
    if fact == Fact.WAITING:
        when = f"siden {day(since)}" if since else "tidspunkt ikke oplyst"
        sentence = f"{detail}, {when}" if detail else when
        return plan.Mark(Fact.WAITING.value, Fact.WAITING.label, sentence)
    return None


def _marks(terms_of_reference: str, deadlines: Iterable[Marked]) -> tuple[plan.Mark, ...]:
    marks = [mark for _, mark in deadlines if mark]
    if terms_of_reference == TermsOfReferenceState.NOT_APPROVED:
        marks.append(plan.Mark(NO_TERMS, TermsOfReferenceState.NOT_APPROVED.label, ""))
    return tuple(marks)


def _judgement(newest: Update | None, reasoned: Update | None) -> plan.Judgement | None:
    """Make a judgement with the reason that stands: a later "uændret" keeps the one before it."""
    if newest is None:
        return None
    if reasoned is not None and reasoned.status_after != newest.status_after:
        reasoned = None
    return plan.Judgement(
        status=newest.status_after,
        reason=reasoned.reason if reasoned else "",
        deviates=newest.deviates,
        month=newest.month,
        day=local_day(newest.recorded_at),
        confirmed=newest.cause == StatusUpdate.Cause.CONFIRMATION,
        reason_month=reasoned.month if reasoned else None,
    )
