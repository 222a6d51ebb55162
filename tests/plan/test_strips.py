"""Strips as values: their months, the status of each month, and where a word has room."""

from datetime import date

import pytest

from plan.status import NOT_REPORTED, STYLE_BY_VALUE
from plan.strips import are_enough, in_each, make_axis, make_one, make_strip, shown_months

OFF, ON, DONE = NOT_REPORTED, "on_track", "completed"
FEBRUARY = date(2026, 2, 1)
YEAR = shown_months(date(2020, 1, 1), FEBRUARY)


def test_the_twelve_months_up_to_the_last():
    assert (len(YEAR), YEAR[0], YEAR[-1]) == (12, date(2025, 3, 1), FEBRUARY)


def test_no_month_before_the_programme_began():
    months = shown_months(date(2025, 12, 15), FEBRUARY)
    assert months == (date(2025, 12, 1), date(2026, 1, 1), FEBRUARY)
    assert shown_months(date(2026, 5, 1), FEBRUARY) == (FEBRUARY,)


def test_each_month_shows_the_newest_judgement_up_to_it():
    judged = [
        (date(2025, 12, 1), ON),
        # A judgement of the month before that was written later.
        (date(2025, 12, 1), "not_started"),
        (FEBRUARY, DONE),
        # A judgement of a month that is not reported yet.
        (date(2026, 4, 1), "minor_deviations"),
    ]
    assert in_each(YEAR[-4:], judged) == (OFF, "not_started", "not_started", DONE)
    assert in_each(YEAR, []) == (OFF,) * 12


def test_the_months_have_short_names_and_initials():
    axis = make_axis(YEAR)
    assert axis.heads[:3] == (("mar.", "m", "0"), ("apr.", "a", "8.333"), ("maj", "m", "16.667"))
    assert axis.borders[0] == "8.333"
    assert len(axis.borders) == 11


@pytest.mark.parametrize(
    ("months", "value", "room"),
    [
        (1, OFF, ""),
        (1, DONE, ""),
        (2, OFF, "medium"),
        (2, ON, "wide"),
        (3, ON, "medium"),
        (7, ON, "medium"),
        (8, ON, "narrow"),
        (12, OFF, "narrow"),
    ],
)
def test_a_word_is_shown_where_its_run_has_room(months: int, value: str, room: str):
    other = DONE if value != DONE else ON
    statuses = [other] * (12 - months) + [value] * months
    assert make_strip(statuses, YEAR, STYLE_BY_VALUE).runs[-1].room == room


def test_a_month_not_reported_is_drawn_over_the_ticks():
    under, over = make_strip([OFF, ON, OFF, DONE] * 3, YEAR, STYLE_BY_VALUE).layers
    assert {run.status.value for run in under} == {ON, DONE}
    assert [run.status.value for run in over] == [OFF] * 6


def test_a_strip_is_hidden_below_three_months_with_a_status():
    assert make_one([(date(2026, 1, 1), ON)], YEAR) is None
    strip = make_one([(date(2025, 12, 1), ON)], YEAR)
    assert strip
    assert [(run.status.value, run.size) for run in strip.strip.runs] == [(OFF, "75"), (ON, "25")]
    assert not are_enough([])
