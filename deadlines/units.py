"""The units of time that a wording can name (a day, a third of a month, a holiday), as days."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from core.months import ONE_DAY
from deadlines import conventions
from deadlines.conventions import DeadlineKind

Interval = tuple[date, date]
Form = Literal[
    "day",
    "week",
    "weekday",
    "first week",
    "month",
    "quarter",
    "half",
    "season",
    "year",
    "year turn",
    "half turn",
    "month turn",
    "holiday",
    "school year",
    "fixed",
]

# The parts of a unit beside its thirds, which are 1, 2 and 3.
WHOLE, LAST_DAY, FIRST_HALF, SECOND_HALF = 0, 4, 5, 6

SUMMER, AUTUMN, WINTER, CHRISTMAS, EASTER, WHITSUN, NEW_YEAR = 1, 2, 3, 4, 5, 6, 7

_KINDS: dict[Form, DeadlineKind] = {
    "day": "day",
    "week": "week",
    "weekday": "day",
    "first week": "week",
    "month": "month",
    "quarter": "quarter",
    "half": "half",
    "season": "season",
    "year": "year",
    "year turn": "season",
    "half turn": "season",
    "month turn": "month",
    "holiday": "season",
    "school year": "year",
}


@dataclass(frozen=True, slots=True)
class Unit:
    """A named time. `number` is that of the month, week, quarter or the like.

    `year` is None when the wording does not name it; `inferred` says that it was counted from the
    reference day ("næste år"). A unit of the form "fixed" has its days in `interval`.
    """

    form: Form
    number: int = 0
    day: int = 0
    part: int = WHOLE
    year: int | None = None
    inferred: bool = False
    interval: Interval | None = None
    fixed_kind: DeadlineKind = "day"
    in_a_name: bool = False  # "Rammeaftale 2027-2028": a time only when there is no other

    @property
    def kind(self) -> DeadlineKind:
        return self.fixed_kind if self.form == "fixed" else _KINDS[self.form]

    def in_year(self, year: int) -> "Unit":
        return replace(self, year=year)

    def days(self, year: int) -> Interval:
        """Return the first and the last day in `year`, both included."""
        if self.interval:
            return self.interval
        whole = _DAYS[self.form](self, year)
        if self.part == LAST_DAY:
            return whole[1], whole[1]
        return whole


def last_of_month(year: int, month: int) -> date:
    return _first_of_month(year, month + 1) - ONE_DAY


def monday_of(year: int, week: int) -> date:
    """Return the Monday of an ISO week. In a year without a week 53, that is its last week."""
    try:
        return date.fromisocalendar(year, week, 1)
    except ValueError:
        return date.fromisocalendar(year, 52, 1)


def easter(year: int) -> date:
    """Compute Easter Sunday by the anonymous Gregorian algorithm (Meeus)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def _first_of_month(year: int, month: int) -> date:
    """Return the first day of a month; month 13 is January of the next year."""
    extra, month = divmod(month - 1, 12)
    return date(year + extra, month + 1, 1)


def _days_of_months(year: int, first: int, last: int) -> Interval:
    return _first_of_month(year, first), last_of_month(year, last)


def _days_of_day(unit: Unit, year: int) -> Interval:
    """Return the day; for an impossible one (30 February) the last of its month."""
    last = last_of_month(year, unit.number)
    day = last.replace(day=min(unit.day, last.day))
    return day, day


def _days_of_week(unit: Unit, year: int) -> Interval:
    monday = monday_of(year, unit.number)
    return monday, monday + 6 * ONE_DAY


def _days_of_weekday(unit: Unit, year: int) -> Interval:
    day = monday_of(year, unit.number) + (unit.day - 1) * ONE_DAY
    return day, day


def _days_of_first_week(unit: Unit, year: int) -> Interval:
    """Return the n-th week of a month (9 is the last), counted as ISO counts the weeks of a year: a
    week belongs to the month of its Thursday."""
    if unit.day == 9:
        thursday = last_of_month(year, unit.number)
        thursday -= (thursday.isoweekday() - 4) % 7 * ONE_DAY
    else:
        thursday = _first_of_month(year, unit.number)
        thursday += (4 - thursday.isoweekday()) % 7 * ONE_DAY + (unit.day - 1) * 7 * ONE_DAY
    return thursday - 3 * ONE_DAY, thursday + 3 * ONE_DAY


def _days_of_month(unit: Unit, year: int) -> Interval:
    first, last = _days_of_months(year, unit.number, unit.number)
    if unit.part in (1, 2, 3):
        from_day, to_day = conventions.THIRDS_OF_A_MONTH[unit.part - 1]
        return first.replace(day=from_day), last.replace(day=min(to_day, last.day))
    if unit.part == FIRST_HALF:
        return first, first.replace(day=conventions.HALF_OF_A_MONTH)
    if unit.part == SECOND_HALF:
        return first.replace(day=conventions.HALF_OF_A_MONTH + 1), last
    return first, last


def _block(year: int, first: int, length: int, part: int) -> Interval:
    """Return `length` months from month `first`, or a third of them."""
    if part in (1, 2, 3):
        third = length // 3
        first, length = first + (part - 1) * third, third
    return _days_of_months(year, first, first + length - 1)


def _days_of_quarter(unit: Unit, year: int) -> Interval:
    return _block(year, 3 * unit.number - 2, 3, unit.part)


def _days_of_half(unit: Unit, year: int) -> Interval:
    return _block(year, 6 * unit.number - 5, 6, unit.part)


def _days_of_season(unit: Unit, year: int) -> Interval:
    if unit.number == 4 and not conventions.WINTER_BEGINS_IN_NAMED_YEAR:
        year -= 1
    return _block(year, conventions.SEASONS[unit.number][0], 3, unit.part)


def _days_of_year(unit: Unit, year: int) -> Interval:
    if unit.part in (1, 2, 3):
        return _days_of_months(year, *conventions.THIRDS_OF_A_YEAR[unit.part - 1])
    return _days_of_months(year, 1, 12)


def _days_of_year_turn(unit: Unit, year: int) -> Interval:
    """Return the turn at the end of `year`."""
    return (
        date(year, 12, conventions.TURN_FIRST_DAY),
        date(year + 1, 1, conventions.TURN_LAST_DAY),
    )


def _days_of_half_turn(unit: Unit, year: int) -> Interval:
    """Return the turn in the middle of `year`."""
    return date(year, 6, conventions.TURN_FIRST_DAY), date(year, 7, conventions.TURN_LAST_DAY)


def _days_of_month_turn(unit: Unit, year: int) -> Interval:
    """Return the turn at the end of month `number`."""
    return (
        date(year, unit.number, conventions.TURN_FIRST_DAY),
        _first_of_month(year, unit.number + 1).replace(day=conventions.TURN_LAST_DAY),
    )


def _days_of_holiday(unit: Unit, year: int) -> Interval:
    match unit.number:
        case 1:
            return _days_of_months(
                year, conventions.SUMMER_HOLIDAY_MONTH, conventions.SUMMER_HOLIDAY_MONTH
            )
        case 2:
            return _days_of_week(Unit("week", conventions.AUTUMN_HOLIDAY_WEEK), year)
        case 3:
            first, last = conventions.WINTER_HOLIDAY_WEEKS
            return monday_of(year, first), monday_of(year, last) + 6 * ONE_DAY
        case 4:
            first, last = conventions.CHRISTMAS_DAYS
            return date(year, 12, first), date(year, 12, last)
        case 5:  # Maundy Thursday to Easter Monday
            return easter(year) - 3 * ONE_DAY, easter(year) + ONE_DAY
        case _:  # Whit Sunday and Monday
            return easter(year) + 49 * ONE_DAY, easter(year) + 50 * ONE_DAY


def _days_of_school_year(unit: Unit, year: int) -> Interval:
    return _block(year, conventions.SCHOOL_YEAR_FIRST_MONTH, 12, unit.part)


def _fixed(unit: Unit, year: int) -> Interval:
    raise LookupError("a fixed unit carries its interval")


_DAYS: dict[Form, Callable[[Unit, int], Interval]] = {
    "day": _days_of_day,
    "week": _days_of_week,
    "weekday": _days_of_weekday,
    "first week": _days_of_first_week,
    "month": _days_of_month,
    "quarter": _days_of_quarter,
    "half": _days_of_half,
    "season": _days_of_season,
    "year": _days_of_year,
    "year turn": _days_of_year_turn,
    "half turn": _days_of_half_turn,
    "month turn": _days_of_month_turn,
    "holiday": _days_of_holiday,
    "school year": _days_of_school_year,
    "fixed": _fixed,
}


Pick = Callable[[Callable[[int], Interval], date], int]


def occurrence(days: Callable[[int], Interval], reference: date) -> int:
    """Find the year of the occurrence that contains `reference`, else of the earliest one that
    ended at most `MAX_AGO` before it."""
    years = range(reference.year - 1, reference.year + 3)
    for year in years:
        first, last = days(year)
        if first <= reference <= last:
            return year
    oldest = reference - conventions.MAX_AGO
    return next((year for year in years if days(year)[1] >= oldest), reference.year)


def next_occurrence(days: Callable[[int], Interval], reference: date) -> int:
    """Find the year of the earliest occurrence that is not over: for "forventes …"."""
    years = range(reference.year - 1, reference.year + 3)
    return next((year for year in years if days(year)[1] >= reference), reference.year)


def latest_before(days: Callable[[int], Interval], reference: date) -> int:
    """Find the year of the latest occurrence that had begun by `reference`: for "siden …"."""
    years = range(reference.year + 1, reference.year - 2, -1)
    return next((year for year in years if days(year)[0] <= reference), reference.year)


def missed(days: Callable[[int], Interval], reference: date) -> int:
    """Find the year of the latest occurrence that had begun or soon would: for "skulle have …"."""
    return latest_before(days, reference + conventions.MAX_UNTIL_MISSED)


def resolve(units: tuple[Unit, ...], reference: date, pick: Pick = occurrence) -> list[Interval]:
    """Compute the days of units that are named together ("1. februar - 1. maj 2026").

    A year named once applies to all, but units that cross New Year get consecutive years.
    """
    known = next((i for i, unit in enumerate(units) if unit.year is not None), None)
    if known is None:

        def together(year: int) -> Interval:
            days = _forward(units, year)
            return min(days)[0], max(last for _, last in days)

        return _forward(units, pick(together, reference))
    year = units[known].year or reference.year
    later = _forward(units[known:], year)
    earlier: list[Interval] = []
    follower = later[0]
    for unit in reversed(units[:known]):
        days = unit.days(year)
        before = unit.days(year - 1)
        if days[0] > follower[0] and _near(before, follower):
            year, days = year - 1, before
        earlier.append(days)
        follower = days
    return earlier[::-1] + later


def _forward(units: tuple[Unit, ...], year: int) -> list[Interval]:
    intervals: list[Interval] = []
    for unit in units:
        if unit.year is not None:
            year = unit.year
        days = unit.days(year)
        if intervals and unit.year is None and days[0] < intervals[-1][0]:
            following = unit.days(year + 1)
            if _near(intervals[-1], following):
                year, days = year + 1, following
        intervals.append(days)
    return intervals


def _near(earlier: Interval, later: Interval) -> bool:
    return later[0] - earlier[0] <= conventions.MAX_OVER_NEW_YEAR
