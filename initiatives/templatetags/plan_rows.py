"""The template tag of a row of the status table."""

from django import template
from django.conf import settings
from django.template.loader import render_to_string

from initiatives.status.rows import TableRow

register = template.Library()


@register.simple_tag
def plan_row(row: TableRow) -> str:
    """Draw a row of the status table, once: the markup is kept with the row, which is kept with
    its plan. While templates are written (`DEBUG`), it is drawn each time."""
    if settings.DEBUG:
        return _draw(row)
    if not row.markup:
        row.markup.append(_draw(row))
    return row.markup[0]


def _draw(row: TableRow) -> str:
    return render_to_string("initiatives/status/_plan_row.html", {"row": row})
