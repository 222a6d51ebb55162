"""The tokens of one time in a wording, and the functions that its builders share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from deadlines import conventions, units
from deadlines.tokens import Token
from deadlines.units import Unit

Built = tuple[Unit, ...] | None


@dataclass(frozen=True, slots=True)
class Span:
    """The tokens of one match, and their place among all tokens of the wording."""

    items: list[Token]
    start: int
    end: int
    reference: date

    @property
    def tokens(self) -> Sequence[Token]:
        return self.items[self.start : self.end]

    @property
    def after_code(self) -> str:
        """The code of the token after these; "" at the end."""
        after = self.after()
        return after.code if after else ""

    @property
    def is_number(self) -> bool:
        """Whether there are figures only, without a word such as "kvartal"."""
        return all(token.code in "12Y./-" for token in self.tokens)

    def has_spaced_dash(self) -> bool:
        """Whether it has a dash with blanks around it, which stands between two times."""
        tokens = self.tokens
        return any(
            token.code == "-" and token.spaced and following.spaced
            for token, following in pairwise(tokens)
        )

    def before(self, steps: int = 1) -> Token | None:
        index = self.start - steps
        return self.items[index] if index >= 0 else None

    def after(self, steps: int = 1) -> Token | None:
        index = self.end + steps - 1
        return self.items[index] if index < len(self.items) else None


def short_year(value: int, reference: date) -> int | None:
    """Return the year that two digits stand for; None when it is too far from `reference`."""
    year = 2000 + value
    ahead = year - reference.year
    near = -conventions.MAX_SHORT_YEARS_BACK <= ahead <= conventions.MAX_SHORT_YEARS_AHEAD
    return year if near else None


def long_year(value: int, reference: date) -> int | None:
    """Return a year of four digits; None when it is too far from `reference`."""
    ahead = value - reference.year
    return value if -conventions.MAX_YEARS_BACK <= ahead <= conventions.MAX_YEARS_AHEAD else None


def any_year(token: Token, reference: date) -> int | None:
    """Return the year of a token with two or four digits; None when it is too far away."""
    read = long_year if token.code == "Y" else short_year
    return read(token.value, reference)


def with_year(built: list[Unit], tail: Sequence[Token], reference: date) -> Built:
    """Give the last of the units the year that `tail` names, if any."""
    year, inferred = None, False
    for token in tail:
        if token.code in "Y2":
            # "5. juni 1849", "3. maj 98": too far away for a deadline, so no time at all.
            if (year := any_year(token, reference)) is None:
                return None
            inferred = False
        elif token.code == "y" and year is None:
            codes = {other.code for other in tail}
            year, inferred = reference.year + ("R" in codes), True
    if year is not None:
        last = built[-1]
        built[-1] = Unit(last.form, last.number, last.day, last.part, year, inferred)
    return tuple(built)


def split_after(span: Span, anchors: str) -> tuple[Sequence[Token], Sequence[Token]]:
    """Split the tokens after the last one whose code is in `anchors`."""
    tokens = span.tokens
    cut = max(i for i, token in enumerate(tokens) if token.code in anchors) + 1
    return tokens[:cut], tokens[cut:]


def parts_of(tokens: Sequence[Token]) -> list[int]:
    """List the parts that the tokens name, such as thirds; [0] for the whole of a unit."""
    parts = [
        {"e": units.LAST_DAY, "^": 1}.get(token.code, token.value)
        for token in tokens
        if token.code in "Ppe^"
    ]
    return parts or [units.WHOLE]


def follows(span: Span, codes: str) -> bool:
    """Whether a token with one of `codes` stands before the span, past a full stop or colon."""
    before = span.before()
    if before is not None and before.code in ".:":
        before = span.before(2)
    return before is not None and before.code in codes


def is_next(first: Token, second: Token) -> bool:
    """Whether the second year follows the first, as in 2026/27 and 2026/2027."""
    return second.value == (first.value + 1 if second.code == "Y" else (first.value + 1) % 100)
