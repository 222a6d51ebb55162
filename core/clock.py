"""The portal's clock. Only views and commands read it; everything else gets the day as an argument.

`DEMO_TODAY` fixes the day of a demonstration; the time of day stays real.
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def now() -> datetime:
    """Return the present moment, aware, in Europe/Copenhagen."""
    moment = datetime.now(UTC).astimezone(COPENHAGEN)
    if settings.DEMO_TODAY is not None:
        moment = datetime.combine(settings.DEMO_TODAY, moment.time(), COPENHAGEN)
    return moment


def today() -> date:
    """Return the present day in Europe/Copenhagen."""
    return now().date()


def local_day(moment: datetime) -> date:
    """Return the day of an aware moment in Europe/Copenhagen."""
    return moment.astimezone(COPENHAGEN).date()


def start_of_day(day: date) -> datetime:
    """Return the midnight at which `day` begins in Europe/Copenhagen, aware."""
    return datetime.combine(day, time.min, COPENHAGEN)
