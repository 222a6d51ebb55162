"""What a form says when somebody else was first: as loaded, saved now, mine."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Field
from django.http import QueryDict

from core import writing
from core.characters import normalise
from core.danish import capitalise, clock_time, listed, moment_day, unbroken
from core.tracking import Tracked

STALE = "Siden er ikke længere aktuel. Hent den igen, og gem derefter. Din tekst står herunder."


def field_label(row: Any, name: str) -> str:
    """The Danish name of a field of `row`, as a column head."""
    field: Field[Any, Any] = row._meta.get_field(name)
    return capitalise(str(field.verbose_name))


def with_theirs(data: Any, error: writing.StaleVersion) -> QueryDict:
    """The posted data with the saved value in each field that only others changed, so that
    "Brug min" overwrites nothing the writer left alone."""
    kept = data.copy()
    for name, value in error.theirs.items():
        kept[name] = value.key if isinstance(value, Tracked) else ("" if value is None else value)
    return kept


def both_texts(saved: str, typed: str) -> str:
    """The saved text and the typed one below each other; once when they are the same."""
    parts = dict.fromkeys(part for part in (normalise(saved), normalise(typed)) if part)
    return "\n\n".join(parts)


def merged_sentence(saved: writing.Saved[Any], words: Mapping[str, str], me: str) -> str:
    """ "Bo har imens rettet titlen. Begge rettelser er gemt."; "" when nobody else wrote."""
    if not saved.merged:
        return ""
    by = "Du" if saved.merged_by == me else saved.merged_by
    sentence = f"{by} har imens rettet {listed(words[name] for name in saved.merged)}."
    return f"{sentence} Begge rettelser er gemt." if saved.changed else sentence


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
        "reason": error.reason.rstrip("."),
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
