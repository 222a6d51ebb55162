"""The days that a named time covers, and its year when none is written."""

from datetime import date

import pytest

from deadlines import units
from deadlines.units import Unit, easter, missed, occurrence, resolve


def days(first: str, last: str) -> units.Interval:
    return date.fromisoformat(first), date.fromisoformat(last)


@pytest.mark.parametrize(
    ("unit", "first", "last"),
    [
        (Unit("month", 2, part=3), "2028-02-21", "2028-02-29"),
        (Unit("month", 5, part=units.FIRST_HALF), "2028-05-01", "2028-05-15"),
        (Unit("month", 12, part=units.LAST_DAY), "2028-12-31", "2028-12-31"),
        (Unit("quarter", 3, part=2), "2028-08-01", "2028-08-31"),
        (Unit("half", 2), "2028-07-01", "2028-12-31"),
        (Unit("year", part=2), "2028-05-01", "2028-08-31"),
        (Unit("season", 4), "2028-12-01", "2029-02-28"),
        (Unit("year turn"), "2028-12-21", "2029-01-10"),
        (Unit("month turn", 12), "2028-12-21", "2029-01-10"),
        (Unit("half turn"), "2028-06-21", "2028-07-10"),
        (Unit("school year"), "2028-08-01", "2029-07-31"),
        (Unit("school year", part=2), "2028-12-01", "2029-03-31"),
        (Unit("school year", part=units.LAST_DAY), "2029-07-31", "2029-07-31"),
        (Unit("holiday", units.SUMMER), "2028-07-01", "2028-07-31"),
        (Unit("holiday", units.EASTER), "2028-04-13", "2028-04-17"),
        (Unit("week", 1), "2028-01-03", "2028-01-09"),
        (Unit("week", 53), "2028-12-25", "2028-12-31"),
        (Unit("weekday", 10, 3), "2028-03-08", "2028-03-08"),
        (Unit("first week", 3, 1), "2028-02-28", "2028-03-05"),
        (Unit("first week", 3, 9), "2028-03-27", "2028-04-02"),
        (Unit("day", 2, 30), "2028-02-29", "2028-02-29"),
    ],
)
def test_a_unit_covers_its_days_in_2028(unit, first, last):
    assert unit.days(2028) == days(first, last)


@pytest.mark.parametrize("sunday", ["2008-03-23", "2025-04-20", "2026-04-05", "2038-04-25"])
def test_easter_is_when_the_calendar_says(sunday):
    assert easter(int(sunday[:4])) == date.fromisoformat(sunday)


@pytest.mark.parametrize(
    ("unit", "reference", "year"),
    [
        (Unit("day", 1, 12), "2026-02-26", 2026),
        (Unit("day", 11, 1), "2026-02-26", 2026),
        (Unit("month", 11), "2026-02-26", 2025),
        (Unit("season", 1), "2026-12-01", 2027),
        (Unit("season", 4), "2026-01-15", 2025),
        (Unit("week", 1), "2025-12-30", 2026),
    ],
)
def test_a_missing_year_is_the_nearest_that_is_not_long_ago(unit, reference, year):
    assert occurrence(unit.days, date.fromisoformat(reference)) == year


def test_a_time_may_end_92_days_ago_and_no_more():
    unit = Unit("day", 3, 1)
    assert occurrence(unit.days, date(2026, 6, 1)) == 2026
    assert occurrence(unit.days, date(2026, 6, 2)) == 2027


@pytest.mark.parametrize(("month", "year"), [(2, 2026), (1, 2026), (6, 2025), (3, 2026), (4, 2025)])
def test_a_missed_time_has_begun_or_is_about_to_begin(month, year):
    assert missed(Unit("month", month).days, date(2026, 2, 26)) == year


def test_a_year_said_once_holds_for_both():
    pair = (Unit("day", 2, 1), Unit("day", 5, 1, year=2026))
    assert resolve(pair, date(2020, 1, 1)) == [
        days("2026-02-01", "2026-02-01"),
        days("2026-05-01", "2026-05-01"),
    ]


def test_a_pair_may_go_over_new_year():
    autumn, spring = Unit("month", 11), Unit("month", 2)
    named = resolve((autumn, Unit("month", 2, year=2027)), date(2020, 1, 1))
    assert named[0] == days("2026-11-01", "2026-11-30")
    inferred = resolve((autumn, spring), date(2026, 9, 1))
    assert inferred == [days("2026-11-01", "2026-11-30"), days("2027-02-01", "2027-02-28")]


def test_a_pair_in_the_wrong_order_is_not_a_year_long():
    days = resolve((Unit("day", 5, 10), Unit("day", 5, 3)), date(2026, 5, 1))
    assert {first.year for first, _ in days} == {2026}
