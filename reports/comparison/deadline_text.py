"""Write what changed of a deadline as Danish sentences, for `change_text.py`. Pure."""

from datetime import date

import plan
from core import danish
from core.characters import differ
from deadlines import naming
from deadlines.term import Term
from plan import due
from plan.fact import Fact
from reports.comparison.change_words import (
    ending,
    full_stop,
    is_short,
    join,
    name,
    named,
    plain,
    quoted,
    short,
)
from reports.comparison.diff import Edited

_PREPOSITIONS = ("i ", "ved ")


def sentence(change: Edited) -> str:
    """Write the sentence about a change of a deadline's fields. Raises KeyError for another
    kind of change."""
    return _SENTENCES[change.what](change)


def _of(change: Edited) -> str:
    """Name what the deadline belongs to: "Fælles skabelon (Myndighedsbestilling)"."""
    initiative = change.path[-1]
    if change.title == initiative:
        return plain(initiative)
    return f"{plain(short(change.title, 100))} ({name(initiative)})"


def _subject(change: Edited) -> str:
    if change.new.fact == Fact.PRESENTATION:
        return f"Forelæggelsen af {_of(change)}"
    return f"Deadline for {_of(change)}"


def _when(term: Term) -> str:
    """Write the days of a term to follow "er nu" and "Før:"."""
    words = join(naming.words(term))
    for preposition in _PREPOSITIONS:
        words = words.removeprefix(preposition)
    return f"tidligst {words[4:]}" if words.startswith("fra ") else words


def _until(term: Term) -> str:
    return f"til {join(naming.named(term))}"


def _from_to(old: Term, new: Term) -> str:
    return join(naming.from_to(old, new))


def _day_words(day: date) -> str:
    return join(danish.day(day))


def _new_moves(change: Edited) -> tuple[plan.Move, ...]:
    """List the moves that were made since; none when the earlier ones are not the same."""
    old: tuple[plan.Move, ...] = change.old.moves
    new: tuple[plan.Move, ...] = change.new.moves
    return () if differ(new[: len(old)], old) else new[len(old) :]


def _reason(moves: tuple[plan.Move, ...]) -> str:
    """Write the reason of the last move, or of the last correction when nothing else moved."""
    counted = due.counted(moves) or moves
    return ending(counted[-1].reason if counted else "")


def _move(change: Edited) -> str:
    old, new, moves = change.old.term, change.new.term, _new_moves(change)
    subject, reason = _subject(change), _reason(moves)
    if not new.has_days:
        return f"{subject} har ikke længere en dato{reason} Før: {_when(old)}."
    if not old.has_days and any(move.old is None for move in moves):
        noun = "dato" if change.new.fact == Fact.PRESENTATION else "deadline"
        return f"{subject} er nu {_when(new)}{reason} Den oprindelige {noun} er ikke oplyst."
    if not old.has_days:
        return f"{subject} er fastsat {_until(new)}{reason}"
    days = f"{_from_to(old, new)}{reason}"
    if moves and all(move.is_correction for move in moves):
        return f"{subject} er rettet {days}"
    number = len(due.counted(moves))
    return f"{subject} er flyttet {f'{number} gange, ' if number > 1 else ''}{days}"


def _fact(change: Edited) -> str:
    old, new = change.old, change.new
    reason = _reason(_new_moves(change))
    day = f" den {_day_words(new.met_on)}" if new.met_on and new.met_on != old.met_on else ""
    labels = quoted(old.fact_label), quoted(new.fact_label)
    if labels[0] == labels[1]:
        return f"Arten af deadlinen for {_of(change)} er ændret{day}{reason}"
    return f"Deadlinen for {_of(change)} er ændret fra {labels[0]} til {labels[1]}{day}{reason}"


def _wording(change: Edited) -> str:
    old, new = change.old.wording, change.new.wording
    if not is_short(old, new) or quoted(old) == quoted(new):
        return f"Ordlyden af deadlinen for {_of(change)} er ændret."
    return f"Deadlinen {quoted(old)} ({name(change.path[-1])}) lyder nu: {quoted(new)}."


def _moves(change: Edited) -> str:
    moves, term = _new_moves(change), change.new.term
    number = len(due.counted(moves))
    if number > 1 and term.has_days:
        return (
            f"{_subject(change)} er flyttet {number} gange og er igen {_when(term)}{_reason(moves)}"
        )
    return f"Oplysningerne om flytning af deadlinen for {_of(change)} er ændret."


def _reading(change: Edited) -> str:
    old, new, of = change.old, change.new, _of(change)
    before, after = _when(old.term), _when(new.term)
    if old.term.has_days and not new.term.has_days:
        return f"Deadlinen for {of} har ikke længere en dato. Før: {before}."
    if before != after:
        if not old.term.has_days:
            return f"Datoen for {of} er fastsat {_until(new.term)}."
        return f"Datoen for {of} er ændret {_from_to(old.term, new.term)}."
    if old.opens_on != new.opens_on:
        if new.opens_on is None:
            return f"Opstarten af {of} har ikke længere en dato."
        return f"Opstarten af {of} er nu den {_day_words(new.opens_on)}."
    if old.set_by_hand != new.set_by_hand:
        how = "er nu angivet manuelt" if new.set_by_hand else "følger nu ordlyden"
        return f"Datoen for {of} {how}."
    return f"Oplysningerne om deadlinen for {of} er ændret."


def _met(change: Edited) -> str:
    old, new, of = change.old.met_on, change.new.met_on, _of(change)
    if change.new.outcome:
        return _outcome(change)
    if change.new.fact == Fact.PRESENTATION:
        thing, done = f"Udfaldet af forelæggelsen af {of}", "registreret"
    elif change.new.fact == Fact.COMPLETED:
        thing, done = f"Deadlinen for {of}", "afsluttet"
    else:
        thing, done = f"Deadlinen for {of}", "opfyldt"
    if new is None:
        return f"{thing} er ikke længere angivet som {done}."
    if old is None:
        return f"{thing} blev {done} den {_day_words(new)}."
    return f"{thing} er nu angivet som {done} den {_day_words(new)} mod før den {_day_words(old)}."


def _outcome(change: Edited) -> str:
    """Say what became of a presentation: "… blev »Godkendt« den …. Bemærkning: …"."""
    old, new, of = change.old, change.new, _of(change)
    remark = f" Bemærkning: {full_stop(new.outcome_remark)}" if new.outcome_remark else ""
    if (old.outcome, old.met_on) == (new.outcome, new.met_on):
        return f"Bemærkningen til udfaldet af forelæggelsen af {of} er ændret.{remark}"
    before = f" (før: {quoted(old.outcome)})" if old.outcome not in ("", new.outcome) else ""
    day = f" den {_day_words(new.met_on)}" if new.met_on else ""
    return f"Udfaldet af forelæggelsen af {of} blev {quoted(new.outcome)}{day}{before}.{remark}"


def _action(change: Edited) -> str:
    deadline = f"Deadlinen {quoted(short(change.new.wording))} ({name(change.path[-1])})"
    if not change.new_link:
        return f"{deadline} hører ikke længere til en bestemt indsats."
    return f"{deadline} hører nu til {named('indsatsen', change.new_link)}."


_SENTENCES = {
    "move": _move,
    "fact": _fact,
    "wording": _wording,
    "moves": _moves,
    "reading": _reading,
    "met": _met,
    "action": _action,
}
