"""Danish working days: Monday to Friday without the days on which municipalities are closed."""

from datetime import date, timedelta
from functools import cache

import holidays

ONE_DAY = timedelta(days=1)
# Days off in the municipalities by agreement and not by law, as month and day. The optional days
# of `holidays` are these and 1 May, which is agreed in some places only.
AGREED_DAYS_OFF = {
    (6, 5): "grundlovsdag",
    (12, 24): "juleaftensdag",
    (12, 31): "nytårsaftensdag",
}


@cache
def _holidays() -> holidays.HolidayBase:
    # Fills itself a year at a time as it is asked.
    return holidays.country_holidays("DK")


def is_working_day(day: date) -> bool:
    """Whether `day` is neither in a weekend, a Danish public holiday nor a day off by agreement."""
    if day.weekday() >= 5 or (day.month, day.day) in AGREED_DAYS_OFF:
        return False
    return day not in _holidays()


def last_working_day(day: date) -> date:
    """`day` itself, or the nearest working day before it."""
    while not is_working_day(day):
        day -= ONE_DAY
    return day


def working_days_after(first: date, last: date) -> int:
    """How many working days lie after `first`, up to and including `last`."""
    days = (first + ONE_DAY * number for number in range(1, (last - first).days + 1))
    return sum(is_working_day(day) for day in days)
