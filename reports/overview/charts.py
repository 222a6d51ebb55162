"""Make the numbers and drawings of Overblik: stacked bars, strips of twelve months, and the trend.

Pure, as `overview.py`. Lengths are percent of the drawing, written with a point for SVG. Every
drawing has a twin, in words or as a table, made from the same values.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import plan
from core import danish
from initiatives.status.filter import Filter
from plan.status import NOT_REPORTED
from plan.strips import MonthAxis, Strip, are_enough, make_axis, make_strip, percent, span
from plan.words import initiatives_noun

# How long the drawings are in px: the bar of all initiatives in a wide and in a narrow window, the
# small bars (which are longer in a narrow one), and the height of the trend.
BAR_PX, NARROW_BAR_PX, SMALL_BAR_PX, TREND_PX = 560, 328, 280, 240
# The px that a segment needs for its number with the icon, for the icon alone, and for its number
# in the trend.
NUMBER_PX, ICON_PX, ROW_PX = 27, 14, 16
DIGIT_PX = 8

StatusTable = Callable[[Filter], str]


@dataclass(frozen=True, slots=True)
class StatusHistory:
    """The status of each initiative (by key) at the end of each of `months`, oldest first."""

    months: tuple[date, ...]
    statuses: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a bar or a column, from `start`, of `size` percent. `is_tight` says that it has no
    room for its number in a narrow window."""

    status: plan.StatusLabel
    number: int
    start: str
    size: str
    has_icon: bool
    has_number: bool
    is_tight: bool = False

    @property
    def icon_x(self) -> int:
        """Where the icon begins, in px from the middle, so that it is centred with its number."""
        return -(15 + DIGIT_PX * len(str(self.number))) // 2 if self.has_number else -6


@dataclass(frozen=True, slots=True)
class Linked:
    """A number with the address of the rows it counts; "" for none."""

    number: int
    url: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One stacked bar: its total, its segments, the same in words, and as cells of the twin."""

    title: str
    total: Linked
    segments: tuple[Segment, ...]
    words: str
    cells: tuple[Linked, ...]


@dataclass(frozen=True, slots=True)
class StatusCount:
    """A status with its number now, and before (None without a plan to compare with)."""

    status: plan.StatusLabel
    now: Linked
    before: Linked | None


@dataclass(frozen=True, slots=True)
class Numbers:
    """Status i tal. `groups` are bars on one scale: by principle, by year."""

    statuses: tuple[plan.StatusLabel, ...]
    all: Bar
    rows: tuple[StatusCount, ...]
    groups: tuple[tuple[Bar, ...], ...]

    @property
    def total_words(self) -> str:
        """The total in words: "2.000 initiativer"."""
        return initiatives_noun(self.all.total.number)

    @property
    def bars(self) -> tuple[Bar, ...]:
        """The bars of all groups: the columns of their twin."""
        return tuple(bar for group in self.groups for bar in group)

    @property
    def twin(self) -> tuple[tuple[plan.StatusLabel, tuple[tuple[str, Linked], ...]], ...]:
        """The groups as a table: each status with its number in each bar, after its title."""
        return tuple(
            (status, tuple((bar.title, bar.cells[place]) for bar in self.bars))
            for place, status in enumerate(self.statuses)
        )


@dataclass(frozen=True, slots=True)
class StripRow:
    """An initiative with its strip and the status it has now."""

    title: str
    url: str
    strip: Strip
    status: plan.StatusLabel


@dataclass(frozen=True, slots=True)
class MonthColumn:
    """One month of the trend, and its number of each status."""

    name: str
    place: str
    segments: tuple[Segment, ...]
    numbers: tuple[Linked, ...]


@dataclass(frozen=True, slots=True)
class Development:
    """Udvikling. `cut` is "100 af 2.000" when not every initiative has its strip."""

    axis: MonthAxis
    statuses: tuple[plan.StatusLabel, ...]
    principles: tuple[tuple[str, tuple[StripRow, ...]], ...]
    cut: str
    columns: tuple[MonthColumn, ...]
    words: str

    @property
    def twin(self) -> tuple[tuple[plan.StatusLabel, tuple[tuple[str, Linked], ...]], ...]:
        """The trend as a table: each status with its number in each month."""
        return tuple(
            (status, tuple((column.name, column.numbers[place]) for column in self.columns))
            for place, status in enumerate(self.statuses)
        )


# Status i tal


def make_numbers(
    document: plan.PlanDocument,
    url: StatusTable,
    before: tuple[plan.PlanDocument, StatusTable] | None = None,
) -> Numbers:
    """Count how many initiatives have each status: in all, by principle and by the year's
    programme.

    `url` gives the address of the rows behind a number; `before` is the document to compare with,
    and the addresses of its rows.
    """
    counts = plan.count_statuses(document)
    earlier = _values(plan.count_statuses(before[0])) if before else Counter()
    rows = []
    for status, number in counts.by_status:
        chosen = Filter(status=status.value)
        was = _linked(earlier[status.value], before[1](chosen)) if before else None
        rows.append(StatusCount(status, _linked(number, url(chosen)), was))
    groups = _by_principle(document), _by_year(document)
    longest = max((sum(n.values()) for group in groups for _, _, n in group), default=0)
    return Numbers(
        statuses=document.statuses,
        all=_bar(document, "", Filter(), _values(counts), counts.total, url, is_long=True),
        rows=tuple(rows),
        groups=tuple(
            tuple(_bar(document, title, chosen, n, longest, url) for title, chosen, n in group)
            for group in groups
            if group
        ),
    )


Group = list[tuple[str, Filter, Counter[str]]]


def _by_principle(document: plan.PlanDocument) -> Group:
    return [
        (
            principle.title,
            Filter(principle=principle.key),
            Counter(item.status for item in principle.initiatives()),
        )
        for principle in document.principles
        if any(principle.initiatives())
    ]


def _by_year(document: plan.PlanDocument) -> Group:
    """Count by the year's programme; an area may be in several, or in none."""
    numbers: dict[int, Counter[str]] = {}
    for principle in document.principles:
        for area in principle.areas:
            for year in {number.year for number in area.years} if area.initiatives else ():
                of_year = numbers.setdefault(year, Counter())
                of_year.update(item.status for item in area.initiatives)
    return [(f"Program {year}", Filter(year=year), n) for year, n in sorted(numbers.items())]


def _values(counts: plan.Counts) -> Counter[str]:
    return Counter({status.value: number for status, number in counts.by_status})


def _bar(
    document: plan.PlanDocument,
    title: str,
    chosen: Filter,
    numbers: Counter[str],
    scale: int,
    url: StatusTable,
    *,
    is_long: bool = False,
) -> Bar:
    def cell(status: plan.StatusLabel) -> Linked:
        narrowed = Filter(principle=chosen.principle, year=chosen.year, status=status.value)
        return _linked(numbers[status.value], url(narrowed))

    return Bar(
        title=title,
        total=_linked(numbers.total(), url(chosen)),
        segments=tuple(
            _segments(
                document.statuses,
                numbers,
                scale,
                px=BAR_PX if is_long else SMALL_BAR_PX,
                narrow_px=NARROW_BAR_PX if is_long else SMALL_BAR_PX,
            )
        ),
        words=_in_words(document.statuses, numbers),
        cells=tuple(cell(status) for status in document.statuses),
    )


def _segments(
    statuses: Iterable[plan.StatusLabel],
    numbers: Mapping[str, int],
    scale: int,
    *,
    px: int,
    narrow_px: int,
    min_px: int = NUMBER_PX,
) -> Iterator[Segment]:
    """Yield the statuses that occur, in report order, along a drawing of `px`."""
    start = 0
    for status in statuses:
        if number := numbers.get(status.value, 0):
            size = number / scale * px
            needed = min_px + DIGIT_PX * (len(str(number)) - 1) * (min_px == NUMBER_PX)
            yield Segment(
                status,
                number,
                percent(start, scale),
                percent(number, scale),
                has_icon=size >= min(ICON_PX, min_px),
                has_number=size >= needed,
                is_tight=number / scale * narrow_px < needed,
            )
            start += number


def _in_words(statuses: Iterable[plan.StatusLabel], numbers: Mapping[str, int]) -> str:
    """Write "2 Ikke iværksat, 7 Forløber efter planen"."""
    counted = ((numbers.get(status.value, 0), status.label) for status in statuses)
    return ", ".join(f"{danish.thousands(n)} {label}" for n, label in counted if n)


def _linked(number: int, url: str) -> Linked:
    return Linked(number, url if number else "")


# Udvikling


def make_development(
    document: plan.PlanDocument,
    history: StatusHistory,
    url: Callable[[str], str],
    month_url: Callable[[date, str], str],
    *,
    most: int | None = None,
) -> Development | None:
    """Make the strips of the first `most` initiatives, and the trend of all. `url` gives the
    address of an initiative (its key), `month_url` that of the rows of a month and a status.

    None with fewer than three months in which anything was judged.
    """
    months = history.months
    nothing = (NOT_REPORTED,) * len(months)
    rows = {item.key: history.statuses.get(item.key, nothing) for item in document.initiatives()}
    per_month = [Counter(statuses) for statuses in zip(*rows.values(), strict=True)]
    if not are_enough(n.total() > n[NOT_REPORTED] for n in per_month):
        return None
    shown = set(list(rows)[:most])
    labels = {status.value: status for status in document.statuses}
    part = plan.keep(document, lambda _p, _a, item: item.key in shown)
    cut = f"{danish.thousands(len(shown))} af {danish.thousands(len(rows))}"
    return Development(
        axis=make_axis(months),
        statuses=document.statuses,
        principles=tuple(
            (
                principle.title,
                tuple(
                    StripRow(
                        item.title,
                        url(item.key),
                        make_strip(rows[item.key], months, labels),
                        labels[item.status],
                    )
                    for item in principle.initiatives()
                ),
            )
            for principle in part.principles
        ),
        cut=cut if len(shown) < len(rows) else "",
        columns=tuple(
            MonthColumn(
                f"{danish.capitalise(danish.month_name(month))} {month.year}",
                percent(n, len(months)),
                tuple(
                    _segments(
                        document.statuses,
                        numbers,
                        len(rows),
                        px=TREND_PX,
                        narrow_px=TREND_PX,
                        min_px=ROW_PX,
                    )
                ),
                tuple(
                    _linked(numbers[status.value], month_url(month, status.value))
                    for status in document.statuses
                ),
            )
            for n, (month, numbers) in enumerate(zip(months, per_month, strict=True))
        ),
        words=f"{span(months[-1:])}: {_in_words(document.statuses, per_month[-1])}",
    )
