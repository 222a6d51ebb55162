"""Template filters for the report's texts: dates stay on one line without hard blanks, which would
enter the text of the PDF."""

import re
from collections.abc import Iterable

from django import template
from django.utils.html import escape, format_html, format_html_join

from core import danish
from core.danish import month_name
from core.months import MONTH_NAMES
from reports.report.parts import UpcomingRow

register = template.Library()

_MONTH = "|".join(MONTH_NAMES)
_PART_OF_YEAR = "primo|medio|ultimo|forår|sommer|efterår|vinter"
DATE = re.compile(
    rf"\b(\d{{1,2}}\. (?:{_MONTH})(?: \d{{4}})?"
    rf"|(?:{_MONTH}|{_PART_OF_YEAR}) \d{{4}}"
    r"|\d\. kvartal(?: \d{4})?)\b",
    re.IGNORECASE,
)


@register.filter
def dates(text: str) -> str:
    """Escape `text` and put each date into `<span class="date">`, which is never broken."""
    parts = DATE.split(danish.soft(text))
    if len(parts) == 1:  # most texts name no date, and this takes a tenth of the time
        return escape(parts[0])
    return format_html_join(
        "",
        "{}",
        (
            (format_html('<span class="date">{}</span>', part) if index % 2 else part,)
            for index, part in enumerate(parts)
        ),
    )


@register.filter(is_safe=True)
def soft(text: str) -> str:
    """Write `text` with ordinary blanks for hard ones."""
    return danish.soft(text)


@register.filter
def has_long_date(rows: Iterable[UpcomingRow]) -> bool:
    """Whether a day of `rows` is wider than "26. februar 2026", for which the column is made."""
    return any(len(month_name(row.on)) > len("februar") for row in rows)
