"""An interval in Danish words."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadlines import ParsedDeadline, describe, kind_of_days, parse
from deadlines.describing import _FORMS
from deadlines.units import LAST_DAY, Unit

REFERENCE = date(2026, 2, 26)
DAY = timedelta(days=1)
days = st.dates(min_value=date(2005, 1, 1), max_value=date(2070, 12, 31))
FORMS = [(kind, form) for kind, forms in _FORMS.items() for form in forms]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Medio 2026", "medio 2026"),
        ("3. kvt. 26", "3. kvartal 2026"),
        ("uge 34/26", "uge 34, 2026"),
        ("26/2-2026", "d. 26. februar 2026"),
        ("Marts", "marts 2026"),
        ("foråret 2026", "forår 2026"),
        ("H1 2026", "1. halvår 2026"),
        ("i løbet af 2026", "2026"),
        ("Opstart 6/3", "fra d. 6. marts 2026"),
        ("1/2 - 1/5", "d. 1. februar 2026 – d. 1. maj 2026"),
        ("maj-juni", "maj – juni 2026"),
        ("nov. 2026 - feb. 2027", "november 2026 – februar 2027"),
        ("2024-26", "2024–2026"),
        ("senest 1. juni", "senest d. 1. juni 2026"),
        ("inden uge 34", "senest uge 33, 2026"),
        ("inden oktober", "senest september 2026"),
        ("inden sommerferien", "inden sommerferien 2026"),
        ("Inden påske", "inden påske 2026"),
        ("ved udgangen af april", "ved udgangen af april 2026"),
        ("årsskiftet 2026/2027", "årsskiftet 2026/27"),
        ("halvårsskiftet", "halvårsskiftet 2026"),
        ("inden halvårsskiftet", "senest 1. halvår 2026"),
        ("primo skoleåret 2026/27", "primo skoleåret 2026/27"),
        ("ved skoleårets udgang", "ved udgangen af skoleåret 2025/26"),
        ("uge 7+8", "d. 9. februar 2026 – d. 22. februar 2026"),
        ("08/2026", "august 2026"),
        ("går i gang i maj", "fra d. 1. maj 2026"),
        ("hurtigst muligt", "snarest"),
        ("sat i bero", "sat på pause"),
        ("venter på KL", "afventer"),
        ("gennemført", "afsluttet"),
        ("I gang", "løbende"),
        ("?", "ingen deadline"),
    ],
)
def test_an_interval_has_words(text, words):
    assert describe(parse(text, REFERENCE)) == words


def same_again(parsed: ParsedDeadline) -> bool:
    again = parse(describe(parsed), parsed.end or parsed.start or REFERENCE)
    return (again.start, again.end, again.kind) == (parsed.start, parsed.end, parsed.kind)


@given(st.sampled_from(FORMS), st.data(), st.integers(min_value=2005, max_value=2070))
def test_every_unit_is_read_back(kind_and_form, data, year):
    kind, (form, last, parts) = kind_and_form
    part = data.draw(st.sampled_from(parts))
    unit = Unit(form, data.draw(st.integers(min_value=1, max_value=last)), part=part)
    start, end = unit.days(year)
    assert same_again(ParsedDeadline(start, end, kind))
    if form not in ("year turn", "half turn"):  # their limits are those of the year and the half
        assert same_again(ParsedDeadline(None, end, kind))
        if part != LAST_DAY:
            assert same_again(ParsedDeadline(None, start - DAY, kind))


@given(days)
def test_every_day_and_week_is_read_back(day):
    monday = day - day.weekday() * DAY
    sunday = monday + 6 * DAY
    assert same_again(ParsedDeadline(day, day, "day"))
    assert same_again(ParsedDeadline(None, day, "day"))
    assert same_again(ParsedDeadline(day, None, "open"))
    assert same_again(ParsedDeadline(monday, sunday, "week"))
    assert same_again(ParsedDeadline(None, sunday, "week"))
    assert same_again(ParsedDeadline(sunday, sunday, "week"))


def test_four_months_from_august_are_no_third_of_a_school_year():
    assert kind_of_days(date(2026, 8, 1), date(2026, 11, 30)) == "range"
    assert kind_of_days(date(2026, 8, 1), date(2027, 7, 31)) == "year"


@given(days, st.integers(min_value=1, max_value=3000))
def test_every_range_is_read_back(start, length):
    assert same_again(ParsedDeadline(start, start + length * DAY, "range"))


@pytest.mark.parametrize("kind", ["open", "none", "paused", "waiting", "done", "ongoing"])
def test_every_state_is_read_back(kind):
    assert same_again(ParsedDeadline(None, None, kind))
