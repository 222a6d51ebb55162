"""The dates counted from a meeting."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workdays import is_working_day, working_days_after
from plan.meeting_dates import meeting_dates


def days_of(meeting_on: date) -> list[str]:
    return [f"{one.label} {one.day:%d-%m-%Y}" for one in meeting_dates(meeting_on).named()]


def test_the_dates_of_february_2026():
    assert days_of(date(2026, 2, 26)) == [
        "Status indhentes 05-02-2026",
        "Frist for status 16-02-2026",
        "Dagsorden udsendes 19-02-2026",
        "Møde 26-02-2026",
        "Referat udsendes 05-03-2026",
    ]


@pytest.mark.parametrize(
    ("meeting_on", "asked", "due", "agenda", "minutes"),
    [
        # Easter 2026: from skærtorsdag 2 April to 2. påskedag 6 April nobody works.
        ("2026-04-08", "2026-03-13", "2026-03-24", "2026-03-27", "2026-04-15"),
        ("2026-03-31", "2026-03-10", "2026-03-19", "2026-03-24", "2026-04-10"),
        # The same week in 2024: store bededag (26 April) is abolished, 1 and 9 May come later.
        ("2024-04-30", "2024-04-09", "2024-04-18", "2024-04-23", "2024-05-07"),
        # In 2023 store bededag was Friday 5 May.
        ("2023-05-08", "2023-04-14", "2023-04-25", "2023-04-28", "2023-05-15"),
        # Christmas 2026: closed from Thursday 24 to Sunday 27 December, and from 31 December.
        ("2027-01-05", "2026-12-09", "2026-12-18", "2026-12-23", "2027-01-12"),
        ("2026-12-22", "2026-12-01", "2026-12-10", "2026-12-15", "2027-01-04"),
        # Grundlovsdag (5 June) and 2. pinsedag (25 May) 2026.
        ("2026-06-08", "2026-05-13", "2026-05-26", "2026-05-29", "2026-06-15"),
        # A meeting on a day off is counted from as it stands: Sunday, and 24 December.
        ("2026-03-01", "2026-02-09", "2026-02-18", "2026-02-23", "2026-03-06"),
        ("2026-12-24", "2026-12-03", "2026-12-14", "2026-12-17", "2027-01-05"),
    ],
)
def test_days_off_are_not_counted(meeting_on: str, asked: str, due: str, agenda: str, minutes: str):
    dates = meeting_dates(date.fromisoformat(meeting_on))
    found = (dates.status_asked_on, dates.status_due_on, dates.agenda_sent_on)
    assert [day.isoformat() for day in found] == [asked, due, agenda]
    assert dates.minutes_sent_on.isoformat() == minutes


@given(st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 12, 31)))
def test_every_date_is_a_working_day_at_its_distance(meeting_on: date):
    dates = meeting_dates(meeting_on)
    # `working_days_after` counts up to and including the last day; a meeting counts as none here.
    before = meeting_on - timedelta(days=1)
    for day, number in (
        (dates.status_asked_on, 15),
        (dates.status_due_on, 8),
        (dates.agenda_sent_on, 5),
    ):
        assert is_working_day(day)
        assert working_days_after(day, before) == number - 1
    assert is_working_day(dates.minutes_sent_on)
    assert working_days_after(meeting_on, dates.minutes_sent_on) == 5
