"""Months, each represented by its first day, with their names and their form in addresses.

Pure: no Django, so that `deadlines` can import it.
"""

import re
from datetime import date, timedelta

MONTH_NAMES = (
    "januar",
    "februar",
    "marts",
    "april",
    "maj",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "december",
)
ONE_DAY = timedelta(days=1)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


def parse_month(text: str) -> date:
    """Read "2026-02" as `date(2026, 2, 1)`. Raises ValueError when it is not a month."""
    if not (match := _MONTH.fullmatch(text)):
        raise ValueError(text)
    return date(int(match[1]), int(match[2]), 1)


def previous_month(month: date) -> date:
    """Return the first day of the month before the one `month` lies in."""
    return (month.replace(day=1) - ONE_DAY).replace(day=1)


def next_month(month: date) -> date:
    """Return the first day of the month after the one `month` lies in."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def slug(month: date) -> str:
    """Write `date(2026, 2, 1)` as "2026-02", the form of addresses and file names."""
    return f"{month:%Y-%m}"
