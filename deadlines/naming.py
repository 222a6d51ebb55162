"""How the days of a deadline are named in a Danish sentence."""

import re
from typing import cast

from core import danish
from deadlines import Kind, ParsedDeadline, describe
from deadlines.term import Term

# What a term without days says instead of one, by its kind.
NO_DATE = "ingen dato"
_STATES = {"paused": "på pause", "waiting": "afventer", "done": "afsluttet"}


def words(term: Term) -> str:
    """The days of a term: "medio 2026", "26. februar 2026", "senest 1. juni 2026"; without days
    what it says instead: "på pause", "afsluttet", "ingen dato"."""
    return _unbroken(_described(term)) if term.has_days else _STATES.get(term.kind, NO_DATE)


def _described(term: Term) -> str:
    parsed = ParsedDeadline(term.starts_on, term.ends_on, cast("Kind", term.kind))
    return re.sub(r"\bd\. (?=\d)", "", describe(parsed))


# What stands before the words of days, and what it becomes behind "fra" and "til".
_OPENINGS = {"ved": "", "i": "", "senest": "", "inden": "før ", "fra": "tidligst "}
_OPENING = re.compile(rf"({'|'.join(_OPENINGS)}) ")
_DAY = re.compile(rf"\d+\. (?:{'|'.join(danish.MONTHS)}) \d{{4}}")
_DEFINITE = {
    "forår": "foråret",
    "sommer": "sommeren",
    "efterår": "efteråret",
    "vinter": "vinteren",
    "jul": "julen",
    "påske": "påsken",
    "pinse": "pinsen",
}
# Not in "medio forår 2026" and "før jul 2026".
_INDEFINITE = re.compile(rf"(^|af )({'|'.join(_DEFINITE)})(?= \d)")


def named(term: Term) -> str:
    """The days of a term as they stand behind "fra" and "til": "udgangen af 2026", "den 1. juni
    2028" (also for "senest 1. juni 2028"); without days "»På pause«" or "ingen dato"."""
    if not term.has_days:
        state = _STATES.get(term.kind)
        return f"»{danish.capitalise(state)}«" if state else NO_DATE
    said, opening = _described(term), ""
    if opened := _OPENING.match(said):
        opening, said = _OPENINGS[opened[1]], said[opened.end() :]
    if _DAY.fullmatch(said):
        said = f"den {said}"
    elif "–" in said:
        said = f"perioden {said}"
    said = re.sub(r"(uge \d+), ", r"\1 i ", f"{opening}{said}")
    return _unbroken(_INDEFINITE.sub(lambda word: word[1] + _DEFINITE[word[2]], said))


def from_to(old: Term | None, new: Term) -> str:
    """ "fra marts 2026 til udgangen af 2026"; the full words in quotes where those names do not
    tell the two apart ("senest 1. juni 2026" and the day itself)."""
    if old is None:
        return f"fra ikke oplyst til {named(new)}"
    before, after = named(old), named(new)
    if before == after:
        before, after = f"»{words(old)}«", f"»{words(new)}«"
    return f"fra {before} til {after}"


def _unbroken(text: str) -> str:
    """Dates whose parts stay on one line."""
    return re.sub(r" (?=\d{4}\b)|(?<=\d\.) (?=[a-zæøå])", "\N{NO-BREAK SPACE}", text)
