"""Danish working days: Monday to Friday except the days on which municipalities are closed."""

from datetime import date
from functools import cache

import holidays

from core.months import ONE_DAY

# Days off in the municipalities by agreement instead of by law, as month and day. The optional days
# of the library `holidays` are these and 1 May, which is a day off in some places only.
AGREED_DAYS_OFF = {
    (6, 5): "grundlovsdag",
    (12, 24): "juleaftensdag",
    (12, 31): "nytårsaftensdag",
}


@cache
def _holidays() -> holidays.HolidayBase:
    # The object computes each year when it is first asked about it.
    return holidays.country_holidays("DK")


def is_working_day(day: date) -> bool:
    """Whether `day` is neither in a weekend, a Danish public holiday nor a day off by agreement."""
    if day.weekday() >= 5 or (day.month, day.day) in AGREED_DAYS_OFF:
        return False
    return day not in _holidays()


def last_working_day(day: date) -> date:
    """Return `day` itself if it is a working day, else the nearest one before it."""
    while not is_working_day(day):
        day -= ONE_DAY
    return day


def working_days_after(first: date, last: date) -> int:
    """Count the working days after `first`, up to and including `last`."""
    days = (first + ONE_DAY * number for number in range(1, (last - first).days + 1))
    return sum(is_working_day(day) for day in days)


def working_day_from(day: date, number: int) -> date:
    """Return the working day that is `number` working days after `day`, or before it when `number`
    is negative. `day` itself, which need not be a working day, is not counted."""
    step = ONE_DAY if number > 0 else -ONE_DAY
    for _ in range(abs(number)):
        day += step
        while not is_working_day(day):
            day += step
    return day
