"""A day may be written as Danes write days, in every field of the portal."""

from datetime import date

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from core import danish
from core.typed_days import DayField, find_day

DAY = date(2026, 2, 26)


@pytest.mark.parametrize(
    "typed",
    [
        *("26-02-2026", "26/2-2026", "26.02.26", "26/02/2026", "26.2.2026", "26. 2. 2026"),
        *("2026-02-26", "26-2-26", "26. februar 2026", "26 feb 2026", "26. feb. 2026"),
        *("Torsdag den 26. februar 2026", "den 26. Februar 2026", "d. 26. februar 2026"),
        *(" 26-02-2026 ", "26.\N{NO-BREAK SPACE}februar\N{NO-BREAK SPACE}2026"),
    ],
)
def test_a_day_is_read_as_it_is_written(typed: str):
    assert find_day(typed) == DAY
    assert DayField().clean(typed) == DAY


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "snart",
        "26-02",
        "31-02-2026",
        "26. ma 2026",
        "26. maj",
        "2026",
        "0-1-2026",
        "26-13-2026",
    ],
)
def test_what_is_no_day_is_refused(typed: str):
    assert find_day(typed) is None
    with pytest.raises(forms.ValidationError):
        DayField().clean(typed)


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)))
def test_every_day_that_the_portal_writes_can_be_typed(day: date):
    for written in (danish.day(day), danish.full_day(day), day.isoformat(), f"{day:%d-%m-%y}"):
        assert find_day(written) == day
