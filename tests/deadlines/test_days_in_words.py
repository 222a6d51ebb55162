"""Days without a wording get the kind of what they cover, and words that mean them again."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deadlines import ParsedDeadline, describe, kind_of_days, naming, parse
from deadlines.term import Term

DAY = timedelta(days=1)
FIRST, LAST = date(2020, 1, 1), date(2035, 12, 31)
days = st.dates(min_value=FIRST, max_value=LAST)
# Any day from which the parser still takes these years for years (MAX_YEARS_BACK, MAX_YEARS_AHEAD).
references = st.dates(min_value=date(1990, 1, 1), max_value=date(2045, 12, 31))
# Whole months, quarters, half-years and years are what lies between two of these.
MONTH_STARTS = [date(year, month, 1) for year in range(2020, 2037) for month in range(1, 13)]
whole_months = st.tuples(st.sampled_from(MONTH_STARTS), st.sampled_from(MONTH_STARTS))


def words(start: date | None, end: date | None) -> str:
    return describe(ParsedDeadline(start, end, kind_of_days(start, end)))


def assert_means_itself(start: date | None, end: date | None, reference: date) -> None:
    said = words(start, end)
    again = parse(said, reference)
    assert (again.start, again.end) == (start, end), said
    shown = naming.words(Term(said, start, end, kind_of_days(start, end)))
    assert "d. " not in shown
    assert parse(shown, reference) == again, shown


@pytest.mark.parametrize(
    ("start", "end", "kind", "said"),
    [
        (date(2026, 2, 26), date(2026, 2, 26), "day", "d. 26. februar 2026"),
        (None, date(2026, 6, 1), "day", "senest d. 1. juni 2026"),
        (date(2026, 3, 6), None, "open", "fra d. 6. marts 2026"),
        (None, None, "none", "ingen deadline"),
        (date(2026, 8, 17), date(2026, 8, 23), "week", "uge 34, 2026"),
        (date(2026, 2, 1), date(2026, 2, 28), "month", "februar 2026"),
        (date(2026, 2, 11), date(2026, 2, 20), "month", "medio februar 2026"),
        (date(2026, 7, 1), date(2026, 9, 30), "quarter", "3. kvartal 2026"),
        (date(2026, 1, 1), date(2026, 6, 30), "half", "1. halvår 2026"),
        (date(2026, 3, 1), date(2026, 5, 31), "season", "forår 2026"),
        (date(2026, 1, 1), date(2026, 12, 31), "year", "2026"),
        (date(2026, 5, 1), date(2026, 8, 31), "year", "medio 2026"),
        (
            date(2026, 12, 24),  # "i jul" would be somebody's words
            date(2026, 12, 26),
            "range",
            "d. 24. december 2026 – d. 26. december 2026",
        ),
        (date(2026, 2, 3), date(2026, 4, 5), "range", "d. 3. februar 2026 – d. 5. april 2026"),
    ],
)
def test_days_have_the_kind_of_what_they_cover(
    start: date | None, end: date | None, kind: str, said: str
):
    assert (kind_of_days(start, end), words(start, end)) == (kind, said)


@given(days, references)
def test_a_day_a_limit_and_a_start_mean_themselves(day: date, reference: date):
    assert_means_itself(day, day, reference)
    assert_means_itself(None, day, reference)
    assert_means_itself(day, None, reference)


@given(days, references)
def test_a_week_means_itself(day: date, reference: date):
    monday = day - day.weekday() * DAY
    assert_means_itself(monday, monday + 6 * DAY, reference)


@given(days, days, references)
@example(date(2026, 12, 21), date(2027, 1, 10), date(2026, 2, 26))
@example(date(2026, 12, 31), date(2027, 1, 1), date(2026, 2, 26))
@example(date(2024, 2, 28), date(2024, 2, 29), date(2026, 2, 26))
def test_any_range_means_itself(one: date, other: date, reference: date):
    assert_means_itself(min(one, other), max(one, other), reference)


@given(days, st.integers(min_value=1, max_value=40), references)
def test_a_short_range_means_itself(start: date, length: int, reference: date):
    assert_means_itself(start, start + length * DAY, reference)


@given(whole_months, references)
def test_whole_months_mean_themselves(borders: tuple[date, date], reference: date):
    start, after = sorted(borders)
    if start < after:
        assert_means_itself(start, after - DAY, reference)


def test_every_third_of_a_month_means_itself():
    for first, following in pairwise(MONTH_STARTS):
        tenth, twentieth = first + 9 * DAY, first + 19 * DAY
        assert_means_itself(first, tenth, FIRST)
        assert_means_itself(tenth + DAY, twentieth, FIRST)
        assert_means_itself(twentieth + DAY, following - DAY, FIRST)


def test_nothing_means_nothing():
    assert_means_itself(None, None, FIRST)
