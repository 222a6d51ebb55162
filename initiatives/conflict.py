"""What a form says when somebody else was first: as loaded, saved now, mine."""

from collections.abc import Callable
from typing import Any

from django.db.models import Field
from django.http import HttpRequest

from core import writing
from core.danish import capitalise, clock_time, moment_day, unbroken

STALE = "Siden er ikke længere aktuel. Hent den igen, og gem derefter. Din tekst står herunder."


def posted_version(request: HttpRequest) -> int | None:
    """The version a button or form was made from; None when it is missing or no number."""
    value = request.POST.get("version", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


def field_label(row: Any, name: str) -> str:
    """The Danish name of a field of `row`, as a column head."""
    field: Field[Any, Any] = row._meta.get_field(name)
    return capitalise(str(field.verbose_name))


def conflict_context(
    error: writing.StaleVersion,
    *,
    label: Callable[[str], str],
    show: Callable[[str, Any], Any],
    drawn: str = "",
) -> dict[str, Any]:
    """The context of `_conflict.html`. `show` turns a field's value into words; the field
    named `drawn` is shown as a status."""
    return {
        "version": error.row.version,
        "by": unbroken(error.by),
        "day": moment_day(error.at),
        "time": clock_time(error.at),
        "reason": error.reason,
        "rows": [
            {
                "label": label(conflict.field),
                "is_status": conflict.field == drawn,
                "cells": [
                    show(conflict.field, value)
                    for value in (conflict.loaded, conflict.saved, conflict.mine)
                ],
            }
            for conflict in error.conflicts
        ],
    }
