"""Finds the times that a wording names, by a grammar over its shape (see `tokens`).

`_GRAMMAR` holds one pattern for each way of writing a time. Its builder makes units of the tokens,
or None when they make no sense ("45/99") or leave any doubt. Every repetition in a pattern is
bounded, so that the search is linear in the length of the wording.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from deadlines import dates, periods
from deadlines.spans import Built, Span
from deadlines.tokens import Tokens
from deadlines.units import Unit


@dataclass(frozen=True, slots=True)
class FoundTime:
    """A time in a wording: its units, and the range [start, end) of its tokens."""

    units: tuple[Unit, ...]
    start: int
    end: int


# A two-digit year may stand here: not before a noun, a sum, a clock time or the next date.
_SHORT = r"2(?![w$%McQHUJKS12nY*_'q])(?![.:/,][12nY])"
# What follows a month, quarter …: "2026", ", 2026", "i 2026", "(2026)", "'26", "26", "næste år".
_YEAR = rf"(?:W?\.?(?:[.,]?[ai]{{0,2}}y?\(?Y(?![_%$])|'2|{_SHORT}|>?i?Ry|i?ry|iy))?"
_SLASHED_YEAR = rf"(?:[-/](?:Y|{_SHORT})|{_YEAR})"
_TIED_YEAR = rf"(?:[-/]Y(?![_%$.:/-])|{_YEAR})"
# A part of a unit ("primo", "udgangen af"). "Start i maj" is no part of May.
_PART = r"(?:(?:(?:[Pp]|\^(?!\.?i))(?:[-/g>][Pp])?|e)\.?[aid]{0,2})?"
_JOINT = r"(?:[-/>&+]|,g?|g)"
_SCHOOL_YEAR = r"(?:Y[-/](?:Y|2(?![.:/]))|2[-/]2(?![.:/])|Y)"
_CLOCK = r"[12](?:[.:][12])?"
# "Uge 34, 35 og 36". A number after a comma may count something else: "uge 34, 26 deltagere".
_NEXT_WEEK = r"(?:[-/>&]|>gi|,?g|[,+](?!\.?[12][wcq$%y]))U?\.?[12](?!\.?[MmQHOU]|/(?!Y)|:)"
_ORDINAL = r"(?:1|O)\.?"
# The end of a date: a version, a case number or a clock time would go on with a figure.
_DATE_ENDS = r"(?!-n|[./][12nY]|_)"
_TWO_DIGITS = r"2(?!-[12nY]|:)"

_Builder = Callable[[Span], Built]


_GRAMMAR: dict[str, tuple[_Builder | None, str]] = {
    "clock": (
        None,
        r"k\.?[12](?:[.:][12])?(?:[-g>](?:k\.?)?[12](?:[.:][12])?)?|[12]:2(?::2)?(?:-[12]:2)?",
    ),
    "iso": (dates.iso, rf"Y[-/.]2[-/.]2{_DATE_ENDS}"),
    "days_numeric": (dates.days_numeric, rf"[12]\.?-[12][./][12](?:[./-]{{1,2}}(?:Y|{_SHORT})|Y)"),
    "days_dotted": (
        dates.days_dotted,
        rf"[12]\.[12]\.?-[12]\.[12](?:[./-]{{1,2}}(?:Y|{_SHORT})|Y)",
    ),
    "numeric": (
        dates.numeric,
        (
            rf"[12][./][12](?:[./-]{{1,2}}'?(?:Y|{_TWO_DIGITS})|,?'?Y|'2){_DATE_ENDS}"
            rf"|[12]-[12][-/.](?:Y|{_TWO_DIGITS}){_DATE_ENDS}"
        ),
    ),
    "weekday": (dates.weekday, rf"D\.?i?U\.?[12]{_YEAR}"),
    "week": (
        dates.week,
        (
            rf"(?:ea?)?U\.?[12](?:{_NEXT_WEEK}){{0,9}}\.?{_SLASHED_YEAR}"
            r"|Y[-,/:]?U\.?[12]"
        ),
    ),
    "first_week": (dates.first_week, rf"OUi?a?[Mm]{_YEAR}"),
    "days": (dates.days, rf"[12]\.?(?:{_JOINT}[Dd.]{{0,4}}[12]\.?){{0,9}}[Mm]{_TIED_YEAR}"),
    "slash": (dates.slash, r"[12]/[12]\.?(?![12nY/$%_wc]|-_)|[12]/[12](?=w)"),
    "dotted": (dates.dotted, r"(?<=[dLIBb#.])[12]\.[12]\.?(?![12nY/$%_c:yqw])"),
    "quarter": (
        periods.quarter,
        (
            rf"{_PART}d?(?:{_ORDINAL}{_JOINT}){{0,3}}{_ORDINAL}-?Q\.?{_YEAR}|{_PART}Q1(?!\.){_YEAR}"
            rf"|{_PART}Y[-/,:]?K(?:{_JOINT}K)?"
            rf"|{_PART}K(?:{_JOINT}(?:K|1(?!\.?[MmQH12])))?{_SLASHED_YEAR}"
        ),
    ),
    "half": (
        periods.half,
        (
            rf"{_PART}d?(?:{_ORDINAL}{_JOINT}){{0,1}}{_ORDINAL}-?H{_YEAR}"
            rf"|{_PART}J(?:{_JOINT}J)?{_SLASHED_YEAR}|Y[-/,:]?J"
        ),
    ),
    "numeric_month": (
        periods.numeric_month,
        rf"{_PART}[12][./-]Y(?![%$]|-[12n](?![./-]Y)){_DATE_ENDS}",
    ),
    "halfway": (periods.halfway, rf"Oh[aid]{{0,2}}(?:M{_YEAR}|y?Y|>?[iRr]?y)"),
    "month_turn": (periods.month_turn, rf"t[iad]{{0,2}}M[-/g]M{_YEAR}"),
    "turn": (periods.turn, rf"T\.?i?y?(?:Y(?:[-/](?:Y|2))?|2[-/]2|'2|{_SHORT})?"),
    "month_end": (periods.month_end, rf"MW?e{_YEAR}"),
    "month": (periods.month, rf"{_PART}[Mm]\.?{_TIED_YEAR}"),
    "winter": (periods.winter, r"S[.,]?i?y?Y[-/](?:Y|2)(?![./:])"),
    "season": (periods.season, rf"{_PART}R?S{_YEAR}"),
    "holiday": (periods.holiday, rf"F{_YEAR}"),
    "school_year": (
        periods.school_year,
        (
            rf"{_PART}[Rr]?C(?:[e^p]?i?{_SCHOOL_YEAR}(?:{_JOINT}C?{_SCHOOL_YEAR}){{0,3}}"
            r"|[e^p])?"
        ),
    ),
    "relative": (
        periods.relative,
        (
            rf"{_PART}(?:>?[Rr](?:W|y|Q|H|U))|(?:[Pp]\.?[aid]{{0,2}}|ea)[Wy](?![12Y])"
            r"|[WyUQ]e(?:a?Y)?"
        ),
    ),
    "this_year": (periods.this_year, r"ia?y|iy"),
    "year": (periods.year, (rf"{_PART}y?Y(?:[-/](?:Y|2(?![.:/])))?|[Pp^]\.?[ai]?(?:'2|{_SHORT})")),
    "day_only": (dates.day_only, rf"d\.?[12]\.(?!{_JOINT}?[Dd.]{{0,2}}[12])"),
}
_PATTERN = re.compile("|".join(f"(?P<{name}>{pattern})" for name, (_, pattern) in _GRAMMAR.items()))


def find_times(tokens: Tokens, reference: date) -> Iterator[FoundTime]:
    """Find the times of a wording, from left to right."""
    position, shape = 0, tokens.shape
    while match := _PATTERN.search(shape, position):
        builder = _GRAMMAR[match.lastgroup or ""][0]
        span = Span(tokens.items, match.start(), match.end(), reference)
        if builder is None:
            position = span.end
        elif not _is_tied(span) and (built := builder(span)):
            yield FoundTime(built, span.start, span.end)
            position = span.end
        else:
            # The match made no sense as a whole, but a part of it may still be a time.
            position = span.start + 1


def _is_tied(span: Span) -> bool:
    """Whether it is part of a longer code or word: "27.12.12-G01", "EU-2026", "2030-målene"."""
    before, after = span.before(), span.after()
    if after is not None and after.code == "_":
        return True
    if after is not None and after.code == "n" and len(after.text) == 4:
        return True  # "5. juni 1849"
    if before is None:
        return False
    if before.code in "_§":
        return True
    first = span.tokens[0]
    further = span.before(2)
    return (
        first.code in "12Y"
        and not first.spaced
        and before.code in "./"
        and not before.spaced
        and further is not None
        and (further.code in "12nc" or (further.code == "Y" and span.is_number))
    )
