"""Strips: the status of an initiative in each of the last twelve months, drawn as runs of months
with the same status. Overblik draws one for each initiative, and an initiative's page its own.

Pure. Lengths are percentages of the drawing, written with a decimal point for SVG.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import plan
from core import danish
from core.months import previous_month
from plan.status import NOT_REPORTED, STYLE_BY_VALUE, StatusStyle

MAX_MONTHS = 12
MIN_MONTHS = 3
# The least length of the strip on an initiative's page in px: in any window, in one of 768 px or
# more, and of 1280 px or more. Then the distance of a word from the start of its run, and the width
# of a letter.
MIN_STRIP_PX = {"narrow": 288, "medium": 704, "wide": 1216}
WORD_PX, LETTER_PX = 28, 7
SHORT_MONTHS = (
    *("jan.", "feb.", "mar.", "apr.", "maj", "juni"),
    *("juli", "aug.", "sep.", "okt.", "nov.", "dec."),
)

# A status as a document draws it, or as the portal draws it today.
DrawnStatus = plan.StatusLabel | StatusStyle


@dataclass(frozen=True, slots=True)
class MonthAxis:
    """The axis of strips: the first and the last month in words, the short name and the initial of
    each month with its position, and the positions of the borders between them."""

    period: str
    heads: tuple[tuple[str, str, str], ...]
    borders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive months with the same status: `start` and `size` in percent, and their names."""

    status: DrawnStatus
    start: str
    size: str
    months: str

    @property
    def is_silent(self) -> bool:
        """Whether nothing is reported; such a run covers the ticks of its months."""
        return self.status.value == NOT_REPORTED

    @property
    def room(self) -> str:
        """The smallest window in which the strip on an initiative's page has room for the word of
        this run: "narrow" (any), "medium", "wide", or "" for none."""
        needed = WORD_PX + LETTER_PX * len(self.status.label)
        share = float(self.size) / 100
        return next((name for name, px in MIN_STRIP_PX.items() if px * share >= needed), "")


@dataclass(frozen=True, slots=True)
class Strip:
    """The strip of one initiative: its runs, and the same in words."""

    runs: tuple[Run, ...]

    @property
    def words(self) -> str:
        """The runs in words: "Oktober 2025: Ikke oplyst. November–december 2025: Ikke iværksat"."""
        return ". ".join(f"{run.months}: {run.status.label}" for run in self.runs)

    @property
    def layers(self) -> tuple[list[Run], list[Run]]:
        """The runs that are drawn under the ticks of the months, and those drawn over them."""
        return (
            [run for run in self.runs if not run.is_silent],
            [run for run in self.runs if run.is_silent],
        )


@dataclass(frozen=True, slots=True)
class OneStrip:
    """The strip of one initiative together with its axis."""

    axis: MonthAxis
    strip: Strip


def shown_months(first: date, last: date) -> tuple[date, ...]:
    """List the twelve months up to `last`, oldest first, but none before the month of `first`."""
    months = [last]
    while len(months) < MAX_MONTHS and months[0] > first.replace(day=1):
        months.insert(0, previous_month(months[0]))
    return tuple(months)


def in_each(months: Iterable[date], judged: Sequence[tuple[date, str]]) -> tuple[str, ...]:
    """Find the status in each of `months`: that of the newest judgement up to it. `judged` are the
    month and the status of each judgement, oldest first."""
    return tuple(
        next((status for then, status in reversed(judged) if then <= month), NOT_REPORTED)
        for month in months
    )


def are_enough(reported: Iterable[bool]) -> bool:
    """Whether enough months have a status to draw a strip; `reported` says so for each month."""
    return sum(reported) >= MIN_MONTHS


def make_one(judged: Sequence[tuple[date, str]], months: Sequence[date]) -> OneStrip | None:
    """Make the strip of one initiative, with `judged` as in `in_each`; None when fewer than
    `MIN_MONTHS` have a status."""
    statuses = in_each(months, judged)
    if not are_enough(status != NOT_REPORTED for status in statuses):
        return None
    return OneStrip(make_axis(months), make_strip(statuses, months, STYLE_BY_VALUE))


def make_axis(months: Sequence[date]) -> MonthAxis:
    """Make the axis of `months`, oldest first."""
    return MonthAxis(
        period=span(months),
        heads=tuple(
            (SHORT_MONTHS[month.month - 1], danish.month_name(month)[0], percent(n, len(months)))
            for n, month in enumerate(months)
        ),
        borders=tuple(percent(n, len(months)) for n in range(1, len(months))),
    )


def make_strip(
    statuses: Sequence[str], months: Sequence[date], labels: Mapping[str, DrawnStatus]
) -> Strip:
    """Make the strip of the `statuses` of `months`; `labels` are the labels by status value."""
    runs = []
    for value, places in groupby(range(len(months)), key=lambda place: statuses[place]):
        run = list(places)
        runs.append(
            Run(
                labels[value],
                percent(run[0], len(months)),
                percent(len(run), len(months)),
                span(months[run[0] : run[-1] + 1]),
            )
        )
    return Strip(tuple(runs))


def span(months: Sequence[date]) -> str:
    """Write "Oktober 2025", "Oktober–december 2025", "Oktober 2025 – januar 2026"."""
    first, last = months[0], months[-1]
    if first == last:
        words = danish.month(first)
    elif first.year == last.year:
        words = f"{danish.month_name(first)}–{danish.month(last)}"
    else:
        words = f"{danish.month(first)} – {danish.month(last)}"
    return danish.capitalise(words)


def percent(part: float, whole: float) -> str:
    """Write a share as SVG has it: `percent(1, 3)` is "33.333"."""
    return f"{100 * part / whole:.3f}".rstrip("0").rstrip(".")
