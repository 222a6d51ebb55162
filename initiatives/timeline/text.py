"""Estimate how wide words are and where lines break, which the server can't measure."""

import re
from collections.abc import Callable

# The width of the narrowest plot, in px: what fits here fits everywhere.
PLOT = 640
# Widths of IBM Plex Sans 400 at 14 px, rounded up; 600 is a little wider.
_WIDTHS = {
    letter: width
    for width, letters in (
        (3.4, " \N{NO-BREAK SPACE}"),
        (3.8, "ijl.,"),
        (5.1, "!:;()ftr"),
        (5.6, "/-I"),
        (7.0, "sz?cvyL"),
        (7.5, "xJgkaå"),
        (8.0, "eoFhnuøT"),
        (8.4, "bdpqSZEY0123456789\N{EN DASH}"),
    )
    for letter in letters
}
_WIDE, _WIDEST = 10.0, 12.2
_STRONG = 1.06


def text_width(text: str, *, strong: bool = False) -> float:
    """Estimate how many px a label takes, never too few."""
    letters = (_WIDTHS.get(x, _WIDE if x.isupper() and x not in "MWÆ" else _WIDEST) for x in text)
    return sum(letters) * (_STRONG if strong else 1)


def pct(px: float) -> float:
    """Turn `px` into percent of the narrowest plot."""
    return px / PLOT * 100


def wrap(text: str, room: float, *, strong: bool = False) -> list[str]:
    """Break `text` into lines of `room` px. A date is broken only if it does not fit otherwise."""

    def fits(line: str) -> bool:
        return text_width(line, strong=strong) <= room

    for blank in (r" ", r"[ \N{NO-BREAK SPACE}]"):
        lines = _wrapped(re.split(blank, text), fits)
        if all(fits(line) for line in lines):
            break
    return lines


def _wrapped(words: list[str], fits: Callable[[str], bool]) -> list[str]:
    lines = words[:1]
    for word in words[1:]:
        longer = f"{lines[-1]} {word}"
        if fits(longer):
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
