"""Find the days that a text names, in the forms people write them.

`deadlines` reads what one wording means as a whole; a reason tells of several days, and only those
that are written out as days count here.
"""

import re
from collections.abc import Iterator
from datetime import date

from core.months import MONTH_NAMES

_ABBREVIATIONS = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7} | {
    "aug": 8,
    "sep": 9,
    "sept": 9,
    "okt": 10,
    "nov": 11,
    "dec": 12,
}
_MONTHS = {name: number for number, name in enumerate(MONTH_NAMES, 1)} | _ABBREVIATIONS
_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
# "20. januar 2026", "20 jan.", "26-02-2026", "26/2-26", "26.2.2026", "2026-02-26", "den 26/2".
_DAY = re.compile(
    rf"(?<!\d)(?<!\d[.,])(?P<named_day>\d{{1,2}})\.?\s*(?P<name>{_NAMES})\b\.?"
    r"(?:\s+(?P<named_year>\d{4})\b)?"
    r"|(?<![\d.,/-])(?:(?P<iso_year>\d{4})-(?P<iso_month>\d{2})-(?P<iso_day>\d{2})"
    r"|(?P<day>\d{1,2})[./-](?P<month>\d{1,2})[./-](?P<year>\d{4}|\d{2})"
    r"|(?:(?<=\bden )|(?<=\bd\. )|(?<=\bpr\. ))(?P<short_day>\d{1,2})/(?P<short_month>\d{1,2})"
    r")(?![\d/-])",
    re.IGNORECASE,
)
# "Version 2.1.26" and "afsnit 3.1.12" are no days.
_NUMBERED = re.compile(
    r"(?:version|afsnit|punkt|pkt\.|bilag|nr\.|§|sag|kapitel)\s*$", re.IGNORECASE
)


def named_days(text: str, near: date) -> Iterator[date]:
    """Yield the days that `text` names, in its order. A day without a year is the one nearest to
    the day `near`."""
    for match in _DAY.finditer(text):
        if _NUMBERED.search(text[: match.start()]):
            continue
        found = _day(match, near)
        if found:
            yield found


def _day(match: re.Match[str], near: date) -> date | None:
    part = match.groupdict()
    if part["name"]:
        month, day = _MONTHS[part["name"].lower()], part["named_day"]
        return _of_year(part["named_year"], month, int(day), near)
    if part["iso_year"]:
        return _of_year(part["iso_year"], int(part["iso_month"]), int(part["iso_day"]), near)
    if part["short_day"]:
        return _of_year(None, int(part["short_month"]), int(part["short_day"]), near)
    year = part["year"] if len(part["year"]) == 4 else f"20{part['year']}"
    return _of_year(year, int(part["month"]), int(part["day"]), near)


def _of_year(year: str | None, month: int, day: int, near: date) -> date | None:
    """Make the day; None if there is no such day. Without a year it is the one nearest to
    `near`."""
    years = [int(year)] if year else [near.year - 1, near.year, near.year + 1]
    days = [made for number in years if (made := _make(number, month, day))]
    return min(days, key=lambda made: abs(made - near), default=None)


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
