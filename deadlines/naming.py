"""Names the days of a deadline in Danish sentences."""

import re
from typing import cast

from core import danish
from core.months import MONTH_NAMES
from deadlines import DeadlineKind, ParsedDeadline, describe
from deadlines.term import Term

# The words for a term without days, by its kind.
NO_DATE = "ingen dato"
_STATES = {"paused": "på pause", "waiting": "afventer", "done": "afsluttet"}


def words(term: Term) -> str:
    """Write the days of a term: "medio 2026", "26. februar 2026", "senest 1. juni 2026"; a term
    without days is "på pause", "afsluttet" or "ingen dato"."""
    return _unbroken(_described(term)) if term.has_days else _STATES.get(term.kind, NO_DATE)


def _described(term: Term) -> str:
    parsed = ParsedDeadline(term.starts_on, term.ends_on, cast("DeadlineKind", term.kind))
    return re.sub(r"\bd\. (?=\d)", "", describe(parsed))


# The words before the days of a term, and what they become after "fra" and "til".
_OPENINGS = {"ved": "", "i": "", "senest": "", "inden": "før ", "fra": "tidligst "}
_OPENING = re.compile(rf"({'|'.join(_OPENINGS)}) ")
_DAY = re.compile(rf"\d+\. (?:{'|'.join(MONTH_NAMES)}) \d{{4}}")
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
    """Write the days of a term as they follow "fra" and "til": "udgangen af 2026", "den 1. juni
    2028" (also for "senest 1. juni 2028"); a term without days is "»På pause«" or "ingen dato"."""
    if not term.has_days:
        state = _STATES.get(term.kind)
        return f"»{danish.capitalise(state)}«" if state else NO_DATE
    phrase, opening = _described(term), ""
    if match := _OPENING.match(phrase):
        opening, phrase = _OPENINGS[match[1]], phrase[match.end() :]
    if _DAY.fullmatch(phrase):
        phrase = f"den {phrase}"
    elif "–" in phrase:
        phrase = f"perioden {phrase}"
    phrase = re.sub(r"(uge \d+), ", r"\1 i ", f"{opening}{phrase}")
    return _unbroken(_INDEFINITE.sub(lambda word: word[1] + _DEFINITE[word[2]], phrase))


def from_to(old: Term | None, new: Term) -> str:
    """Write "fra marts 2026 til udgangen af 2026"; where both would read the same ("senest 1. juni
    2026" and that day), the full words of both in quotes."""
    if old is None:
        return f"fra ikke oplyst til {named(new)}"
    before, after = named(old), named(new)
    if before == after:
        before, after = f"»{words(old)}«", f"»{words(new)}«"
    return f"fra {before} til {after}"


def _unbroken(text: str) -> str:
    """Make the blanks of dates non-breaking, so that a date stays on one line."""
    return re.sub(r" (?=\d{4}\b)|(?<=\d\.) (?=[a-zæøå])", "\N{NO-BREAK SPACE}", text)
