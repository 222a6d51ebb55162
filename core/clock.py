"""The portal's clock. Only views and commands read it; everything else is given its day.

`DEMO_TODAY` pins the day of a demonstration; the time of day stays real.
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def now() -> datetime:
    """The present moment, aware, in Europe/Copenhagen."""
    moment = datetime.now(UTC).astimezone(COPENHAGEN)
    if settings.DEMO_TODAY is not None:
        moment = datetime.combine(settings.DEMO_TODAY, moment.time(), COPENHAGEN)
    return moment


def today() -> date:
    """The present day in Europe/Copenhagen."""
    return now().date()


def start_of_day(day: date) -> datetime:
    """Midnight at the beginning of `day` in Europe/Copenhagen, aware."""
    return datetime.combine(day, time.min, COPENHAGEN)
