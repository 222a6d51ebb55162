"""Read a day as people write it: 26-02-2026, 26/2-2026, 26.02.26, "26. februar 2026"."""

import re
from datetime import date, datetime
from typing import Any

from django import forms

from core.months import MONTH_NAMES
from core.texts import BAD_DATE

# The longest of them: "onsdag den 26. september 2026".
MAX_TYPED = 40
_YEAR = r"([0-9]{4}|[0-9]{2})"
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_NUMBERS = re.compile(rf"([0-9]{{1,2}})\s?[-./]\s?([0-9]{{1,2}})\s?[-./]\s?{_YEAR}")
_WORDS = re.compile(
    rf"(?:[^\W\d_]+dag\s)?(?:den\s|d\.\s?)?([0-9]{{1,2}})\.?\s?([^\W\d_]+)\.?\s{_YEAR}"
)
# How a month's name may be cut: "feb", "sept".
_SHORTEST = 3


def find_day(typed: str) -> date | None:
    """Return the day that was written, or None. Two digits of a year are those of this century."""
    text = " ".join(typed.casefold().split())
    if parts := _ISO.fullmatch(text):
        year, month, day = parts[1], int(parts[2]), parts[3]
    elif parts := _NUMBERS.fullmatch(text):
        day, month, year = parts[1], int(parts[2]), parts[3]
    elif parts := _WORDS.fullmatch(text):
        day, month, year = parts[1], _month(parts[2]), parts[3]
    else:
        return None
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, int(day))
    except ValueError:
        return None


def _month(name: str) -> int:
    """Return the number of a month by its name, which may be cut; 0 for any other word."""
    matches = [n for n, month in enumerate(MONTH_NAMES, start=1) if month.startswith(name)]
    return matches[0] if len(name) >= _SHORTEST and matches else 0


class DayField(forms.DateField):
    """A form field for a day, typed as people write it."""

    default_error_messages = {"invalid": BAD_DATE}

    def to_python(self, value: Any) -> date | None:
        """Return the day. Raises ValidationError for what is no day."""
        if value in self.empty_values or isinstance(value, date | datetime):
            return super().to_python(value)
        day = find_day(str(value))
        if day is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day
