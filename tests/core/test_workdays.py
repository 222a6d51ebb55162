"""Danish working days."""

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workdays import (
    AGREED_DAYS_OFF,
    is_working_day,
    last_working_day,
    working_days_after,
)

days = st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 12, 31))


@pytest.mark.parametrize(
    ("day", "is_one"),
    [
        (date(2026, 2, 26), True),
        (date(2026, 2, 28), False),  # Saturday
        (date(2026, 4, 2), False),  # skærtorsdag
        (date(2026, 4, 6), False),  # 2. påskedag
        (date(2023, 5, 5), False),  # store bededag, the last one
        (date(2024, 4, 26), True),  # no longer a holiday
        (date(2026, 12, 25), False),
        (date(2026, 6, 5), False),  # grundlovsdag, by agreement
        (date(2026, 12, 24), False),  # juleaftensdag, by agreement
        (date(2026, 12, 31), False),  # nytårsaftensdag, by agreement
        (date(2026, 12, 23), True),
        (date(2026, 12, 30), True),
        (date(2026, 5, 1), True),  # a Friday: not agreed in general
        (date(2026, 5, 14), False),  # Kristi himmelfartsdag
        (date(2026, 5, 15), True),  # the day after: people take it off, the town hall need not
    ],
)
def test_a_working_day(day: date, is_one: bool):
    assert is_working_day(day) is is_one


def test_the_last_working_day_of_easter():
    assert last_working_day(date(2026, 4, 6)) == date(2026, 4, 1)
    assert last_working_day(date(2026, 4, 7)) == date(2026, 4, 7)


def test_the_last_working_day_of_christmas_and_of_the_year():
    assert last_working_day(date(2026, 12, 27)) == date(2026, 12, 23)
    assert last_working_day(date(2026, 12, 31)) == date(2026, 12, 30)
    assert last_working_day(date(2026, 6, 7)) == date(2026, 6, 4)


def test_the_days_off_by_agreement_are_the_optional_ones_but_the_first_of_may():
    optional = holidays.country_holidays("DK", years=2026, categories="optional")
    assert {(day.month, day.day) for day in optional} == {*AGREED_DAYS_OFF, (5, 1)}


def test_working_days_until_a_deadline():
    assert working_days_after(date(2026, 12, 18), date(2027, 1, 4)) == 7
    assert working_days_after(date(2026, 3, 31), date(2026, 4, 7)) == 2
    assert working_days_after(date(2026, 4, 7), date(2026, 4, 7)) == 0


@given(days, st.integers(min_value=0, max_value=400))
def test_the_days_of_a_period_add_up(first: date, number: int):
    last = first + timedelta(days=number)
    middle = first + timedelta(days=number // 2)
    whole = working_days_after(first, last)
    assert whole == working_days_after(first, middle) + working_days_after(middle, last)
    assert whole <= number
