"""The template tag of a row of the status table."""

from functools import lru_cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string

from initiatives.status.rows import TableRow

register = template.Library()

# The rows whose markup a worker caches, at about 4 kB each.
MAX_CACHED_ROWS = 2000


@register.simple_tag
def plan_row(row: TableRow) -> str:
    """Draw a row of the status table.

    Most rows are the same from one request to the next, and drawing them takes half of the
    table's time, so the markup is cached by the row's values. Under `DEBUG` it is not, so that
    an edited template shows at once.
    """
    return _draw(row) if settings.DEBUG else _cached_row(row)


def _draw(row: TableRow) -> str:
    return render_to_string("initiatives/status/_plan_row.html", {"row": row})


_cached_row = lru_cache(maxsize=MAX_CACHED_ROWS)(_draw)
