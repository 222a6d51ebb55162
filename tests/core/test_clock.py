"""The portal's clock: Copenhagen's, and pinned in a demonstration."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from core import clock, demo
from tests.test_project import CODE, name_of

MINUTE = timedelta(minutes=1)


def test_without_a_demo_day_the_clock_is_the_real_one(settings):
    settings.DEMO_TODAY = None
    with time_machine.travel(datetime(2026, 3, 5, 8, 0, tzinfo=UTC), tick=False):
        assert clock.now() == datetime(2026, 3, 5, 8, 0, tzinfo=UTC)
        assert clock.today() == date(2026, 3, 5)


def test_the_day_begins_at_midnight_in_copenhagen(settings):
    settings.DEMO_TODAY = None
    with time_machine.travel(datetime(2026, 2, 25, 22, 59, 59, tzinfo=UTC), tick=False):
        assert clock.today() == date(2026, 2, 25)
    with time_machine.travel(datetime(2026, 2, 25, 23, 0, tzinfo=UTC), tick=False):
        assert clock.today() == date(2026, 2, 26)


def test_summer_time_moves_midnight(settings):
    settings.DEMO_TODAY = None
    with time_machine.travel(datetime(2026, 6, 30, 22, 0, tzinfo=UTC), tick=False):
        assert clock.today() == date(2026, 7, 1)


def test_a_demo_stands_on_its_day_and_keeps_the_time(settings):
    settings.DEMO_TODAY = date(2026, 2, 26)
    with time_machine.travel(datetime(2027, 1, 10, 13, 5, tzinfo=UTC), tick=False):
        assert clock.today() == date(2026, 2, 26)
        assert clock.now() == datetime(2026, 2, 26, 14, 5, tzinfo=clock.COPENHAGEN)


def test_moments_are_aware(settings):
    for day in (None, date(2026, 2, 26)):
        settings.DEMO_TODAY = day
        assert clock.now().utcoffset() is not None


def test_the_day_of_a_moment_is_that_of_copenhagen():
    before_midnight = [(2, 25, 22), (6, 30, 21), (12, 31, 22)]
    for month, day, hour in before_midnight:
        moment = datetime(2026, month, day, hour, 59, tzinfo=UTC)
        assert clock.local_day(moment) == date(2026, month, day)
        assert clock.local_day(moment + MINUTE) == date(2026, month, day) + timedelta(days=1)


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_nobody_else_turns_a_moment_into_a_day(path: Path):
    if name_of(path) != "core/clock.py":
        by_hand = r"astimezone\([^)]*\)\.date\(|localdate"
        assert not re.search(by_hand, path.read_text("utf-8"))


def test_a_day_is_an_hour_short_when_summer_time_begins():
    begins = clock.start_of_day(date(2026, 3, 29)).astimezone(UTC)
    ends = clock.start_of_day(date(2026, 3, 30)).astimezone(UTC)
    assert ends - begins == timedelta(hours=23)


def test_the_banner_names_the_demo_day(settings):
    settings.DEMO_TODAY = date(2026, 2, 26)
    assert demo.banner().replace("\N{NO-BREAK SPACE}", " ") == (
        "Status, begrundelser og brugere er opdigtede og siger intet om de rigtige initiativer. "
        "Titler, indsatser og deadlines er fra statusopgørelsen for februar 2026. "
        "Dags dato er sat til 26. februar 2026."
    )


def test_real_data_has_no_banner(settings):
    settings.DEMO_TODAY = None
    assert demo.banner() == ""
