"""Estimate how much of the report fits where, before anything is drawn.

Page 1 must hold its two columns whole: with one row too many the block moves to page 2, and page 1
is left empty. So the longer list gives up rows, which page 2 begins with, until the left column
fits. Measures are those of `report.css`, in points.
"""

import math
from collections.abc import Sequence
from itertools import accumulate

# Page 1 shows no more questions and changes than these, however short.
MAX_ASKS = 5
MAX_CHANGES = 6
# The width of a question and of a change, and the size of their letters.
ASK_WIDTH, CHANGE_WIDTH, SIZE = 331.0, 261.0, 9.0
# The height of the left column on page 1, under the banner of example data, origin, title and
# state.
SHEET = 440.0
BANNER = 32.0
# One line as a margin for the errors of the estimate.
RESERVE = 12.0
LINE = 11.5
ROW = 6.7  # its padding and rule
HEADING = 22.0  # with the rules of its list
CHANGES_HEADING = 57.0  # with the space above it and the head of its table
MORE = 16.0  # "Yderligere … står på side 2."
# Advances of IBM Plex Sans SemiBold in em, rounded up; of Regular about a thirtieth less.
_ADVANCES = {
    letter: advance
    for advance, letters in (
        (0.24, " "),
        (0.30, "'ijl.,"),
        (0.34, "!:;()"),
        (0.40, "ftr-"),
        (0.44, "I/"),
        (0.51, '"?szc'),
        (0.56, "Lvyxg»«Jekaåäé"),
        (0.58, "oöø§FT"),
        (0.60, "hnuü–Zbdpq0123456789+EÉ"),
        (0.66, "SYVPCXB"),
        (0.72, "RAÅKDUGOQØ&HN"),
        (0.89, "Mwæm"),
        (0.96, "WÆ%…—"),
    )
    for letter in letters
}
_OTHER_ADVANCE = 0.72
_REGULAR = 0.975

# A taller table is broken between its rows rather than moved to the next page.
MAX_UNBROKEN_ROWS = 6
MAX_UNBROKEN_LINES = 36


def lines(text: str, letters: int) -> int:
    """Count the lines of `text`, each at most `letters` long; line breaks are kept."""
    return sum(max(1, math.ceil(len(line) / letters)) for line in text.split("\n"))


def wrapped_lines(title: str, text: str, width: float) -> int:
    """Count the lines of a SemiBold title and its text after it, set in `SIZE` on a column of
    `width`; longer words are broken."""
    count, filled = 1, 0.0
    for number, paragraph in enumerate([title, *text.split("\n")]):
        if number > 1:
            count, filled = count + 1, 0.0
        for word in paragraph.split():
            needed = SIZE * sum(_ADVANCES.get(letter, _OTHER_ADVANCE) for letter in word)
            needed *= _REGULAR if number else 1
            blank = SIZE * _ADVANCES[" "] if filled else 0.0
            if filled and filled + blank + needed > width:
                count, filled, blank = count + 1, 0.0, 0.0
            filled += blank + needed
            while filled > width:
                count, filled = count + 1, filled - width
    return count


def page_one(
    asks: Sequence[tuple[str, str]],
    changes: Sequence[tuple[str, str]],
    *,
    compared: bool,
    banner: bool,
) -> tuple[int, int]:
    """Find how many questions and changes, given as title and text, page 1 has room for.

    At least one question is shown; there may be no change, when one alone would fill the page.
    """
    room = SHEET - HEADING - RESERVE + (0 if banner else BANNER)
    if compared:
        room -= CHANGES_HEADING
    ask_heights = _heights(asks[:MAX_ASKS], ASK_WIDTH)
    change_heights = _heights(changes[:MAX_CHANGES], CHANGE_WIDTH)
    taken, shown = len(ask_heights) - 1, len(change_heights) - 1
    while True:
        left = room - ask_heights[taken] - change_heights[shown]
        left -= MORE * ((taken < len(asks)) + (shown < len(changes)))
        if left >= 0 or (taken <= 1 and shown == 0):
            return taken, shown
        if shown > 1 and change_heights[shown] >= ask_heights[taken]:
            shown -= 1
        elif taken > 1:
            taken -= 1
        else:
            shown -= 1


def _heights(texts: Sequence[tuple[str, str]], width: float) -> list[float]:
    """Estimate how high the first 0, 1, 2 … rows are together."""
    rows = (wrapped_lines(*text, width) * LINE + ROW for text in texts)
    return list(accumulate(rows, initial=0.0))


def may_break(rows: Sequence[int]) -> bool:
    """Whether a table may be broken between its rows; `rows` are how many lines each has."""
    return len(rows) > MAX_UNBROKEN_ROWS or sum(rows) > MAX_UNBROKEN_LINES
