"""Writes an interval in Danish words that `parse` reads back as the same interval and kind."""

from collections.abc import Iterator
from datetime import MAXYEAR, MINYEAR, date

from core.months import MONTH_NAMES, ONE_DAY
from deadlines import units
from deadlines.combine import ParsedDeadline
from deadlines.conventions import DeadlineKind
from deadlines.units import Form, Interval, Unit

_SEASONS = ("forår", "sommer", "efterår", "vinter")
_THIRDS = {1: "primo ", 2: "medio ", 3: "ultimo ", units.LAST_DAY: "udgangen af "}
_HALVES = {units.FIRST_HALF: "første halvdel af ", units.SECOND_HALF: "anden halvdel af "}
_PARTS = {units.WHOLE: ""} | _THIRDS | _HALVES
_HOLIDAYS = {
    units.SUMMER: "sommerferien",
    units.AUTUMN: "efterårsferien",
    units.WINTER: "vinterferien",
    units.CHRISTMAS: "jul",
    units.EASTER: "påske",
    units.WHITSUN: "pinse",
}
_STATES: dict[DeadlineKind, str] = {
    "open": "snarest",
    "none": "ingen deadline",
    "paused": "sat på pause",
    "waiting": "afventer",
    "done": "afsluttet",
    "ongoing": "løbende",
}
# For each kind its forms, with the number of units in a year and the parts that have words.
_FORMS: dict[DeadlineKind, tuple[tuple[Form, int, tuple[int, ...]], ...]] = {
    "month": (
        ("month", 12, (units.WHOLE, *_THIRDS, *_HALVES)),
        ("month turn", 12, (units.WHOLE,)),
    ),
    "quarter": (("quarter", 4, (units.WHOLE, *_THIRDS)),),
    "half": (("half", 2, (units.WHOLE, *_THIRDS)),),
    "season": (
        ("season", 4, (units.WHOLE, *_THIRDS)),
        ("year turn", 1, (units.WHOLE,)),
        ("half turn", 1, (units.WHOLE,)),
        ("holiday", 6, (units.WHOLE,)),
    ),
    "year": (
        ("year", 1, (units.WHOLE, *_THIRDS)),
        ("school year", 1, (units.WHOLE, *_THIRDS)),
    ),
}


# A limit at one of these is written as the limit of the year or half year.
_TURNS = ("year turn", "half turn")
# "Senest årsskiftet" and "senest sommerferien" would be read back as another interval.
_VAGUE = (*_TURNS, "holiday")


def describe(parsed: ParsedDeadline) -> str:
    """Write `parsed` in words: "medio 2026", "3. kvartal 2026", "senest d. 1. juni 2026".

    An interval without words for its kind is written as days. Blanks are ordinary ones.
    """
    start, end, kind = parsed.start, parsed.end, parsed.kind
    if start and end:
        return _interval_words(start, end, kind)
    if start:
        return f"fra {_day_words(start)}"
    if end:
        return _limit_words(end, kind)
    return _STATES.get(kind, _STATES["none"])


def kind_of_days(start: date | None, end: date | None) -> DeadlineKind:
    """Find the kind of days that were set by hand: that of the unit they cover, or a range, a limit
    or a start."""
    if end is None:
        return "open" if start else "none"
    if start is None or start == end:
        return "day"
    if end - start == 6 * ONE_DAY and start.weekday() == 0:
        return "week"
    for kind in _FORMS:
        unit = _unit_covering(kind, start, end)
        # Four months from August are a third of a school year only if a wording says so.
        needs_wording = unit and (unit.form in _VAGUE or (unit.form == "school year" and unit.part))
        if unit and not needs_wording:
            return kind
    return "range"


def _interval_words(start: date, end: date, kind: DeadlineKind) -> str:
    if kind == "day" and start == end:
        return _day_words(start)
    if kind == "week":
        return _week_words(start, end)
    if kind == "range":
        return _range_words(start, end)
    if unit := _unit_covering(kind, start, end):
        return f"{_preposition(unit)}{_unit_words(unit)}"
    return _range_words(start, end)


def _preposition(unit: Unit) -> str:
    if unit.part == units.LAST_DAY:
        return "ved "
    return "i " if unit.form == "holiday" else ""


def _limit_words(end: date, kind: DeadlineKind) -> str:
    """Write an upper bound, of which only the end is known: "senest" the unit that ends there, or
    "inden" the one that begins after it."""
    if kind == "day":
        return f"senest {_day_words(end)}"
    if kind == "week":
        return f"senest {_week_words(end - 6 * ONE_DAY, end)}"
    for unit in _units_near(kind, end):
        if unit.part == units.WHOLE and unit.form not in _VAGUE and _days_of_unit(unit)[1] == end:
            return f"senest {_unit_words(unit)}"
    for unit in _units_near(kind, end + ONE_DAY):
        begins = unit.part == units.WHOLE and unit.form not in _TURNS
        if begins and _days_of_unit(unit)[0] == end + ONE_DAY:
            return f"inden {_unit_words(unit)}"
    for unit in _units_near(kind, end):
        if unit.form not in _TURNS and _days_of_unit(unit)[1] == end:
            return f"senest {_unit_words(unit)}"
    return f"senest {_day_words(end)}"


def _range_words(start: date, end: date) -> str:
    january, december = (start.month, start.day) == (1, 1), (end.month, end.day) == (12, 31)
    if january and december and start.year < end.year:
        return f"{start.year}–{end.year}"
    whole_months = start.day == 1 and end == units.last_of_month(end.year, end.month)
    if whole_months and (start.year, start.month) != (end.year, end.month):
        first, last = MONTH_NAMES[start.month - 1], f"{MONTH_NAMES[end.month - 1]} {end.year}"
        return f"{first} – {last}" if start.year == end.year else f"{first} {start.year} – {last}"
    return f"{_day_words(start)} – {_day_words(end)}"


def _day_words(day: date) -> str:
    return f"d. {day.day}. {MONTH_NAMES[day.month - 1]} {day.year}"


def _week_words(start: date, end: date) -> str:
    iso = end.isocalendar()
    last_day = "ved udgangen af " if start == end else ""
    return f"{last_day}uge {iso.week}, {iso.year}"


def _unit_covering(kind: DeadlineKind, start: date, end: date) -> Unit | None:
    """Find the unit of `kind` that covers exactly these days."""
    for unit in _units_near(kind, start):
        if _days_of_unit(unit) == (start, end):
            return unit
    return None


def _days_of_unit(unit: Unit) -> Interval:
    return unit.days(unit.year or 0)


def _units_near(kind: DeadlineKind, day: date) -> Iterator[Unit]:
    """List every unit of `kind` in the year of `day` and the year before."""
    years = (year for year in (day.year, day.year - 1) if MINYEAR < year < MAXYEAR)
    for year in years:
        for form, last, parts in _FORMS.get(kind, ()):
            for part in parts:
                for number in range(1, last + 1):
                    yield Unit(form, number, part=part, year=year)


def _unit_words(unit: Unit) -> str:
    number, year, part = unit.number, unit.year or 0, _PARTS[unit.part]
    match unit.form:
        case "month":
            return f"{part}{MONTH_NAMES[number - 1]} {year}"
        case "month turn":
            following = number % 12
            written_year = year + (following == 0)
            return (
                f"månedsskiftet {MONTH_NAMES[number - 1]}/{MONTH_NAMES[following]} {written_year}"
            )
        case "quarter":
            return f"{part}{number}. kvartal {year}"
        case "half":
            return f"{part}{number}. halvår {year}"
        case "season" if number == 4:
            return f"{part}vinter {year}"
        case "season":
            return f"{part}{_SEASONS[number - 1]} {year}"
        case "year turn":
            return f"årsskiftet {year}/{(year + 1) % 100:02}"
        case "half turn":
            return f"halvårsskiftet {year}"
        case "holiday":
            return f"{_HOLIDAYS[number]} {year}"
        case "school year":
            return f"{part}skoleåret {year}/{(year + 1) % 100:02}"
        case _:
            return f"{part}{year}"
