"""Derives from a deadline of the plan document when it is due, whether it passed, and its moves.

Pure. The queryset methods of the model `Deadline` find the same rows; a test compares the two.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import plan
from core import danish
from deadlines.naming import from_to, words
from deadlines.term import Term
from plan.fact import OPEN_ENDED, PROMISES, Fact

# How far ahead *Deadlines de næste 60 dage* and /deadlines/ look.
AHEAD = timedelta(days=60)
NOTHING_FOUND = (
    "Der er ikke fundet en dato i teksten. Den gemmes, som den er skrevet. "
    "Du kan selv angive en dato."
)
UNKNOWN_FIRST = "Oprindelig deadline er ikke oplyst."


def is_paused(item: plan.Initiative, deadline: plan.Deadline) -> bool:
    """Whether the initiative, or the indsats the deadline belongs to, is on pause."""
    return any(
        other.fact == Fact.PAUSED and other.action in (None, deadline.action)
        for other in item.deadlines
    )


def is_passed(item: plan.Initiative, deadline: plan.Deadline, on: date) -> bool:
    """Whether a promise's last day lies before `on`, and it is neither met nor on pause."""
    return (
        deadline.fact in PROMISES
        and deadline.met_on is None
        and deadline.ends_on is not None
        and deadline.ends_on < on
        and not is_paused(item, deadline)
    )


def is_overdue(item: plan.Initiative, deadline: plan.Deadline, on: date) -> bool:
    """Whether it is a deadline that has passed."""
    return deadline.fact == Fact.DEADLINE and is_passed(item, deadline, on)


def is_unanswered(item: plan.Initiative, deadline: plan.Deadline, on: date) -> bool:
    """Whether it is a presentation that has passed without a registered outcome."""
    return deadline.fact == Fact.PRESENTATION and is_passed(item, deadline, on)


def is_due_between(item: plan.Initiative, deadline: plan.Deadline, first: date, last: date) -> bool:
    """Whether the days of an open promise touch those from `first` to `last`."""
    end = deadline.ends_on
    return (
        deadline.fact in PROMISES
        and deadline.met_on is None
        and end is not None
        and end >= first
        and (deadline.starts_on or end) <= last
        and not is_paused(item, deadline)
    )


def order(deadline: plan.Deadline) -> tuple[date, date]:
    """Make a key that sorts by last day, then first day; a deadline without a day comes last."""
    return deadline.ends_on or date.max, deadline.starts_on or date.max


def next_promise(item: plan.Initiative, on: date) -> plan.Deadline | None:
    """Find the first open promise from the day `on`; if all have passed, the first of them.

    A promise is open when it is neither met nor on pause.
    """
    promises = [
        deadline
        for deadline in item.deadlines
        if deadline.fact in PROMISES
        and deadline.met_on is None
        and deadline.term.has_days
        and not is_paused(item, deadline)
    ]
    coming = [promise for promise in promises if (promise.ends_on or date.max) >= on]
    return min(coming or promises, key=order, default=None)


def select(
    document: plan.PlanDocument, wanted: Callable[[plan.Initiative, plan.Deadline], bool]
) -> list[tuple[plan.Deadline, plan.Initiative]]:
    """Select the wanted deadlines of the plan with their initiatives, by their last day."""
    pairs = [
        (deadline, item)
        for item in document.initiatives()
        for deadline in item.deadlines
        if wanted(item, deadline)
    ]
    return sorted(pairs, key=lambda pair: order(pair[0]))


@dataclass(frozen=True, slots=True)
class DueLine:
    """A sentence shown under a wording; one that `is_late` is bold and has a mark."""

    text: str
    is_late: bool = False


def lines(item: plan.Initiative, deadline: plan.Deadline, on: date) -> tuple[DueLine, ...]:
    """Write the sentences under a wording: when it is due or passed, and its first deadline."""
    due = due_line(item, deadline, on)
    began = DueLine(first_line(deadline) if deadline.moves else "")
    return tuple(line for line in (due, began) if line.text)


def due_line(item: plan.Initiative, deadline: plan.Deadline, on: date) -> DueLine:
    """Say when it is due, was met or passed; the line is empty where there is nothing to say."""
    met, end, fact = deadline.met_on, deadline.ends_on, deadline.fact
    if met and deadline.outcome:
        remark = f" Bemærkning: {deadline.outcome_remark}" if deadline.outcome_remark else ""
        return DueLine(f"{deadline.outcome} den {danish.day(met)}.{remark}")
    if met:
        words_by_fact: dict[str, str] = {
            Fact.DEADLINE: "Opfyldt",
            Fact.PRESENTATION: "Udfaldet er registreret",
        }
        return DueLine(f"{words_by_fact.get(fact, 'Afsluttet')} den {danish.day(met)}.")
    if fact in PROMISES and end:
        if is_overdue(item, deadline, on):
            return DueLine(f"Overskredet. Forfaldt den {danish.day(end)}.", is_late=True)
        if is_unanswered(item, deadline, on):
            return DueLine(f"{_presented(deadline, end)} Udfaldet er ikke registreret.")
        if end < on:
            return DueLine(f"Forfaldt den {danish.day(end)}, men er sat på pause.")
        if fact == Fact.PRESENTATION and deadline.starts_on == end:
            return DueLine(f"Forelægges den {danish.day(end)}.")
        return DueLine(f"Forfalder senest den {danish.day(end)}.")
    start = deadline.opens_on or deadline.starts_on
    if fact in OPEN_ENDED and start:
        verb = "Angivet" if deadline.set_by_hand else "Forstået"
        return DueLine(f"{verb} som opstart den {danish.day(start)}. Ingen slutdato.")
    return DueLine("")


def _presented(deadline: plan.Deadline, end: date) -> str:
    if deadline.starts_on == end:
        return f"Forelagt den {danish.day(end)}."
    return f"Skulle forelægges senest den {danish.day(end)}."


def understood(term: Term, *, fact: str, opens_on: date | None, set_by_hand: bool = False) -> str:
    """Say how a wording is understood: "Forstået som medio 2026. Forfalder senest den …"."""
    verb = "Angivet" if set_by_hand else "Forstået"
    if term.has_days:
        start, end = term.days
        if end is None and start:
            return f"{verb} som opstart den {danish.day(start)}. Ingen slutdato."
        is_day = start == end and term.kind == "day"  # no "ved udgangen af april 2026"
        sentence = f"{verb} som {'den ' if is_day else ''}{words(term)}."
        if end and not is_day:
            sentence += f" Forfalder senest den {danish.day(end)}."
        if opens_on:
            sentence += f" Opstart den {danish.day(opens_on)}."
        return sentence
    if opens_on:
        goes_on = " Ingen slutdato." if fact in OPEN_ENDED else ""
        return f"{verb} som opstart den {danish.day(opens_on)}.{goes_on}"
    return ""


# Moves


def counted(moves: Iterable[plan.Move]) -> list[plan.Move]:
    """List the moves to another day, without corrections and pauses that ended on the same day."""
    to_another_day: list[plan.Move] = []
    last: tuple[date | None, date | None] | None = None
    for move in moves:
        if move.old and move.old.has_days:
            last = move.old.days
        if move.is_correction and move.old:
            last = move.new.days
        elif move.new.has_days and move.new.days != last:
            to_another_day.append(move)
            last = move.new.days
    return to_another_day


def chain(deadline: plan.Deadline) -> tuple[Term | None, ...]:
    """List the terms that it has had, from the first to the present one; None is an unknown term.

    A corrected term is replaced, and a pause that ended on the same day is left out. A deadline
    that was never moved has one term.
    """
    if not deadline.moves:
        return (deadline.term,)
    terms: list[Term | None] = [deadline.moves[0].old]
    for move in deadline.moves:
        if move.is_correction and terms[-1] is not None:
            terms[-1] = move.new
        elif _returns(terms, move.new):
            terms.pop()
        else:
            terms.append(move.new)
    if deadline.term.has_days and terms[-1] and not terms[-1].has_days:
        terms[-1] = deadline.term
    return tuple(terms)


def _returns(terms: list[Term | None], new: Term) -> bool:
    """Whether `new` goes back to the days that stood before the last, undated term."""
    before, last = terms[-2:] if len(terms) > 1 else (None, terms[-1])
    return bool(before and last and not last.has_days and before.days == new.days)


def chain_words(deadline: plan.Deadline) -> tuple[str, ...]:
    """Write the chain in words: ("Ikke oplyst", "marts 2026", "medio 2026")."""
    return tuple(words(term) if term else "Ikke oplyst" for term in chain(deadline))


def first_line(deadline: plan.Deadline) -> str:
    """Say briefly what a moved deadline first was; "" for one that was never moved."""
    terms = chain(deadline)
    if len(terms) < 2:
        return ""
    number = len(counted(deadline.moves))
    times = f"Flyttet {number} gange." if number > 1 else ""
    return " ".join(part for part in (*_began(terms), times) if part)


def moved_sentence(deadline: plan.Deadline) -> str:
    """Write "Oprindelig: marts 2026. Nu: medio 2026. Flyttet 2 gange, senest den … fordi …"; "" for
    one that was never moved."""
    terms, moves = chain(deadline), counted(deadline.moves)
    if len(terms) < 2:
        return ""
    if not moves or (terms[0] is None and len(moves) == 1 and not moves[0].reason):
        return " ".join(_began(terms))
    parts = [*_began(terms)]
    if terms[0] is None:
        parts.append(f"Nu: {_words_now(terms)}.")
    newest = moves[-1]
    times = f"Flyttet {danish.count(len(moves), 'gang', 'gange')}"
    if newest.reason:
        times += f", senest den {danish.day(newest.day)} {danish.because(newest.reason)}"
    parts.append(times if times.endswith(".") else f"{times}.")
    return " ".join(parts)


def corrections(deadline: plan.Deadline) -> tuple[str, ...]:
    """Write a sentence for each correction of a deadline."""
    return tuple(
        f"Rettet den {danish.day(move.day)} {from_to(move.old, move.new)}. "
        f"Begrundelse: {move.reason}"
        for move in deadline.moves
        if move.is_correction
    )


def _began(terms: tuple[Term | None, ...]) -> tuple[str, ...]:
    first, now = terms[0], terms[-1]
    if first is None:
        return (UNKNOWN_FIRST,)
    began = f"Oprindelig: {words(first)}."
    return (began, f"Nu: {words(now)}.") if now and now.has_days else (began,)


def _words_now(terms: tuple[Term | None, ...]) -> str:
    now = terms[-1]
    return words(now) if now else "ikke oplyst"
