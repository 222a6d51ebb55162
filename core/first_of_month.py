"""The rule "a month is stored as its first day", in SQL that any tool can run.

Django's `month__day=1` calls a Python function on SQLite. The `sqlite3` program does not have that
function, so it could neither check nor copy the file.
"""

from typing import Any

from django.db import models


class IsFirstOfMonth(models.Func):
    """Whether a date is the first day of its month: a condition for a constraint or a filter."""

    arity = 1
    template = "EXTRACT(DAY FROM %(expressions)s) = 1"
    output_field = models.BooleanField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Compare the last two characters: SQLite stores a date as the text "2026-02-01"."""
        template = "SUBSTR(%(expressions)s, 9) = '01'"
        return self.as_sql(compiler, connection, template=template, **context)
