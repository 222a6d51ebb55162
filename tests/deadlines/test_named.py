"""The days of a deadline in words read well after "fra" and "til", whatever their form."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.danish import soft
from deadlines import DeadlineKind, kind_of_days, naming, parse
from deadlines.describing import _FORMS
from deadlines.term import Term
from deadlines.units import Unit

REFERENCE = date(2026, 2, 26)
DAY = timedelta(days=1)
STATES: tuple[DeadlineKind, ...] = ("open", "none", "paused", "waiting", "done", "ongoing")
# Words that may not follow "fra" or "til" directly.
NO_NOUN = r"(?:ved|i|på|senest|inden|fra|til|d\.|\d+\. (?!kvartal|halvår)[a-z]+ \d{4})\b"
days = st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 12, 31))


def read(wording: str) -> Term:
    parsed = parse(wording, REFERENCE)
    return Term(wording, parsed.start, parsed.end, parsed.kind)


@pytest.mark.parametrize(
    ("wording", "named"),
    [
        ("26/2-2026", "den 26. februar 2026"),
        ("senest d. 1. juni 2028", "den 1. juni 2028"),
        ("ved udgangen af 2026", "udgangen af 2026"),
        ("ved udgangen af april 2026", "udgangen af april 2026"),
        ("udgangen af uge 34, 2026", "udgangen af uge 34 i 2026"),
        ("senest uge 33, 2026", "uge 33 i 2026"),
        ("senest september 2026", "september 2026"),
        ("senest medio 2026", "medio 2026"),
        ("inden sommerferien 2026", "før sommerferien 2026"),
        ("i efterårsferien 2026", "efterårsferien 2026"),
        ("i julen 2026", "julen 2026"),
        ("inden jul 2026", "før jul 2026"),
        ("fra d. 6. marts 2026", "tidligst den 6. marts 2026"),
        ("foråret 2026", "foråret 2026"),
        ("udgangen af vinteren 2026", "udgangen af vinteren 2026"),
        ("medio sommer 2026", "medio sommer 2026"),
        ("3. kvartal 2026", "3. kvartal 2026"),
        ("1/2 - 1/5 2026", "perioden 1. februar 2026 – 1. maj 2026"),
        ("maj-juni 2026", "perioden maj – juni 2026"),
        ("2026-2027", "perioden 2026–2027"),
        ("årsskiftet 2026/2027", "årsskiftet 2026/27"),
        ("2026", "2026"),
        ("halvårsskiftet 2026", "halvårsskiftet 2026"),
        ("inden halvårsskiftet 2026", "1. halvår 2026"),
        ("i skoleåret 2026/27", "skoleåret 2026/27"),
        ("udgangen af skoleåret 2026/27", "udgangen af skoleåret 2026/27"),
        ("08/2026", "august 2026"),
        ("sat på pause", "»På pause«"),
        ("afventer KL", "»Afventer«"),
        ("gennemført", "»Afsluttet«"),
        ("snarest", "ingen dato"),
        ("", "ingen dato"),
    ],
)
def test_days_after_from_and_to(wording: str, named: str):
    assert soft(naming.named(read(wording))) == named


def test_from_to():
    old, new = read("ved udgangen af 2026"), read("senest 1. juni 2028")
    assert soft(naming.from_to(old, new)) == "fra udgangen af 2026 til den 1. juni 2028"
    assert soft(naming.from_to(None, new)) == "fra ikke oplyst til den 1. juni 2028"


def test_from_to_distinguishes_a_limit_from_its_day():
    assert soft(naming.from_to(read("senest 1. juni 2028"), read("1. juni 2028"))) == (
        "fra »senest 1. juni 2028« til »1. juni 2028«"
    )


@pytest.mark.parametrize("kind", STATES)
def test_every_state(kind: DeadlineKind):
    assert re.fullmatch(r"»[A-Z].+«|ingen dato", naming.named(Term("", None, None, kind)))


def assert_stands_well(start: date | None, end: date | None, kind: DeadlineKind) -> None:
    """Check that the name is a noun and still means the last day, or the first if none is last."""
    term = Term("", start, end, kind)
    name = naming.named(term)
    assert not re.match(NO_NOUN, soft(name)), name
    assert "senest" not in name
    again = parse(name, REFERENCE)
    if again.kind == "none":  # "julen 2026" alone means no day
        again = parse(f"i {name}", REFERENCE)
    assert again.end == end, name
    assert again.start == start or start is None, name


@given(
    st.sampled_from([(kind, form) for kind, forms in _FORMS.items() for form in forms]),
    st.data(),
    st.integers(min_value=2020, max_value=2035),
)
def test_every_unit_and_its_limits(kind_and_form, data, year):
    kind, (form, last, parts) = kind_and_form
    part = data.draw(st.sampled_from(parts))
    unit = Unit(form, data.draw(st.integers(min_value=1, max_value=last)), part=part)
    start, end = unit.days(year)
    assert_stands_well(start, end, kind)
    assert_stands_well(None, end, kind)
    assert_stands_well(None, start - DAY, kind)


@given(days)
def test_every_day_and_week(day: date):
    sunday = day - day.weekday() * DAY + 6 * DAY
    assert_stands_well(day, day, "day")
    assert_stands_well(None, day, "day")
    assert_stands_well(day, None, "open")
    assert_stands_well(sunday - 6 * DAY, sunday, "week")
    assert_stands_well(None, sunday, "week")
    assert_stands_well(sunday, sunday, "week")


@given(days, st.integers(min_value=1, max_value=1200))
def test_every_range(start: date, length: int):
    end = start + length * DAY
    assert_stands_well(start, end, "range")
    assert_stands_well(start, end, kind_of_days(start, end))
