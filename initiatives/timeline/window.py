"""Five quarters and the positions of days among them, in percent of the plot's width."""

import re
from dataclasses import dataclass
from datetime import date

from core import danish
from initiatives.timeline.text import pct, text_width

QUARTERS = 5
# How far outside the plot an interval is cut off, so that its border is not seen.
BLEED = 2.0
# The narrowest bar that can be seen, in px.
MIN_BAR = 8


@dataclass(frozen=True, slots=True)
class Window:
    """Five quarters; `year` and `quarter` name the first."""

    year: int
    quarter: int

    @classmethod
    def around(cls, day: date) -> "Window":
        """Make the window from the quarter before that of `day` to the third after it."""
        return cls(day.year, danish.quarter_number(day)).shifted(-1)

    @classmethod
    def from_code(cls, code: str, on: date) -> "Window":
        """Read a window from "2025K4"; from anything else, make the one around `on`."""
        match = re.fullmatch(r"((?:19|20)[0-9]{2})K([1-4])", code.strip())
        return cls(int(match[1]), int(match[2])) if match else cls.around(on)

    def shifted(self, number: int) -> "Window":
        """Make the window `number` quarters later."""
        years, quarter = divmod(self.year * 4 + self.quarter - 1 + number, 4)
        return Window(years, quarter + 1)

    @property
    def code(self) -> str:
        """Its first quarter as the address has it: "2025K4"."""
        return f"{self.year}K{self.quarter}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.quarter * 3 - 2, 1)

    @property
    def after(self) -> date:
        """The day after its last."""
        return self.shifted(QUARTERS).first

    @property
    def words(self) -> str:
        """Its quarters in words: "4. kvartal 2025 – 4. kvartal 2026"."""
        last = self.shifted(QUARTERS - 1).first
        return f"{danish.quarter(self.first)} – {danish.quarter(last)}"

    def x(self, day: date, days: int = 0) -> float:
        """Say where `day` (or the day `days` after it) begins: 0 at the left edge, 100 at the right
        one."""
        first, after = self.first.toordinal(), self.after.toordinal()
        return (day.toordinal() + days - first) / (after - first) * 100

    def interval(self, first: date, last: date) -> tuple[float, float]:
        """Find where the days from `first` to `last` begin and end, cut off a little outside the
        plot. A short interval is made wide enough to be seen."""
        left, right = self.x(first), self.x(last, 1)
        lacking = max(pct(MIN_BAR) - (right - left), 0) / 2
        return _cut(left - lacking), _cut(right + lacking)

    def misses(self, first: date, last: date) -> str:
        """Say "before" or "after" when all the days lie there; "" when some are in the window."""
        if last < self.first:
            return "before"
        return "after" if first >= self.after else ""


def _cut(x: float) -> float:
    return min(max(x, -BLEED), 100 + BLEED)


@dataclass(frozen=True, slots=True)
class QuarterAxis:
    """The quarters of a window and today; `today` is None when it is not in the window.

    `past` is how much of the plot lies before today.
    """

    quarters: tuple[tuple[float, str], ...]
    years: tuple[tuple[float, str], ...]
    today: float | None
    today_words: str
    past: float

    @property
    def turns(self) -> tuple[float, ...]:
        """The positions within the plot where a year begins."""
        return tuple(x for x, _ in self.years if x > 0)

    @property
    def today_width(self) -> int:
        """The width of the label of today, in px."""
        return round(text_width(self.today_words, strong=True)) + 14

    @property
    def is_late(self) -> bool:
        """Whether the label of today has more room at the left."""
        return self.today is not None and self.today > 50


def axis(window: Window, on: date, *, is_today: bool = True) -> QuarterAxis:
    """Make the axis of `window`, seen on the day `on`."""
    starts = [window.shifted(number).first for number in range(QUARTERS)]
    years = [start for start in starts if start == window.first or start.month == 1]
    past = window.x(on)
    return QuarterAxis(
        quarters=tuple((window.x(day), f"{danish.quarter_number(day)}. kvartal") for day in starts),
        years=tuple((window.x(day), str(day.year)) for day in years),
        today=past if 0 <= past < 100 else None,
        today_words=f"{'I dag,' if is_today else 'Den'} {danish.day(on)}",
        past=min(max(past, 0.0), 100.0),
    )
