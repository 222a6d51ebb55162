"""Writes an interval in Danish words that `parse` reads back as the same interval and kind."""

from collections.abc import Iterator
from datetime import MAXYEAR, MINYEAR, date

from deadlines import units
from deadlines.combine import ParsedDeadline
from deadlines.conventions import Kind
from deadlines.units import ONE_DAY, Form, Interval, Unit

_MONTHS = (
    *("januar", "februar", "marts", "april", "maj", "juni"),
    *("juli", "august", "september", "oktober", "november", "december"),
)
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
_STATES: dict[Kind, str] = {
    "open": "snarest",
    "none": "ingen deadline",
    "paused": "sat på pause",
    "waiting": "afventer",
    "done": "afsluttet",
    "ongoing": "løbende",
}
# For each kind its forms, with the number of units in a year and the parts that have words.
_FORMS: dict[Kind, tuple[tuple[Form, int, tuple[int, ...]], ...]] = {
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
        return _interval(start, end, kind)
    if start:
        return f"fra {_day(start)}"
    if end:
        return _limit(end, kind)
    return _STATES.get(kind, _STATES["none"])


def kind_of_days(start: date | None, end: date | None) -> Kind:
    """Find the kind of days that were set by hand: that of the unit they cover, or a range, a limit
    or a start."""
    if end is None:
        return "open" if start else "none"
    if start is None or start == end:
        return "day"
    if end - start == 6 * ONE_DAY and start.weekday() == 0:
        return "week"
    for kind in _FORMS:
        unit = _unit(kind, start, end)
        # Four months from August are a third of a school year only if a wording says so.
        needs_wording = unit and (unit.form in _VAGUE or (unit.form == "school year" and unit.part))
        if unit and not needs_wording:
            return kind
    return "range"


def _interval(start: date, end: date, kind: Kind) -> str:
    if kind == "day" and start == end:
        return _day(start)
    if kind == "week":
        return _week(start, end)
    if kind == "range":
        return _range(start, end)
    if unit := _unit(kind, start, end):
        return f"{_preposition(unit)}{_words(unit)}"
    return _range(start, end)


def _preposition(unit: Unit) -> str:
    if unit.part == units.LAST_DAY:
        return "ved "
    return "i " if unit.form == "holiday" else ""


def _limit(end: date, kind: Kind) -> str:
    """Write an upper bound, of which only the end is known: "senest" the unit that ends there, or
    "inden" the one that begins after it."""
    if kind == "day":
        return f"senest {_day(end)}"
    if kind == "week":
        return f"senest {_week(end - 6 * ONE_DAY, end)}"
    for unit in _units_near(kind, end):
        if unit.part == units.WHOLE and unit.form not in _VAGUE and _days(unit)[1] == end:
            return f"senest {_words(unit)}"
    for unit in _units_near(kind, end + ONE_DAY):
        begins = unit.part == units.WHOLE and unit.form not in _TURNS
        if begins and _days(unit)[0] == end + ONE_DAY:
            return f"inden {_words(unit)}"
    for unit in _units_near(kind, end):
        if unit.form not in _TURNS and _days(unit)[1] == end:
            return f"senest {_words(unit)}"
    return f"senest {_day(end)}"


def _range(start: date, end: date) -> str:
    january, december = (start.month, start.day) == (1, 1), (end.month, end.day) == (12, 31)
    if january and december and start.year < end.year:
        return f"{start.year}–{end.year}"
    whole_months = start.day == 1 and end == units.last_of_month(end.year, end.month)
    if whole_months and (start.year, start.month) != (end.year, end.month):
        first, last = _MONTHS[start.month - 1], f"{_MONTHS[end.month - 1]} {end.year}"
        return f"{first} – {last}" if start.year == end.year else f"{first} {start.year} – {last}"
    return f"{_day(start)} – {_day(end)}"


def _day(day: date) -> str:
    return f"d. {day.day}. {_MONTHS[day.month - 1]} {day.year}"


def _week(start: date, end: date) -> str:
    iso = end.isocalendar()
    last_day = "ved udgangen af " if start == end else ""
    return f"{last_day}uge {iso.week}, {iso.year}"


def _unit(kind: Kind, start: date, end: date) -> Unit | None:
    """Find the unit of `kind` that covers exactly these days."""
    for unit in _units_near(kind, start):
        if _days(unit) == (start, end):
            return unit
    return None


def _days(unit: Unit) -> Interval:
    return unit.days(unit.year or 0)


def _units_near(kind: Kind, day: date) -> Iterator[Unit]:
    """List every unit of `kind` in the year of `day` and the year before."""
    years = (year for year in (day.year, day.year - 1) if MINYEAR < year < MAXYEAR)
    for year in years:
        for form, last, parts in _FORMS.get(kind, ()):
            for part in parts:
                for number in range(1, last + 1):
                    yield Unit(form, number, part=part, year=year)


def _words(unit: Unit) -> str:
    number, year, part = unit.number, unit.year or 0, _PARTS[unit.part]
    match unit.form:
        case "month":
            return f"{part}{_MONTHS[number - 1]} {year}"
        case "month turn":
            following = number % 12
            written_year = year + (following == 0)
            return f"månedsskiftet {_MONTHS[number - 1]}/{_MONTHS[following]} {written_year}"
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
