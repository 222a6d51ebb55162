"""What a form shows when somebody else saved first: each field as loaded, as saved, as typed."""

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
    """Return the Danish name of a field of `row`, as a column head."""
    field: Field[Any, Any] = row._meta.get_field(name)
    return capitalise(str(field.verbose_name))


def with_theirs(data: Any, error: writing.StaleVersion) -> QueryDict:
    """Return the posted data with the saved value in each field that only others changed, so that
    "Brug min" overwrites nothing that the writer did not change."""
    merged = data.copy()
    for name, value in error.theirs.items():
        merged[name] = value.key if isinstance(value, Tracked) else ("" if value is None else value)
    return merged


def both_texts(saved: str, typed: str) -> str:
    """Join the saved text and the typed one below it; when they are the same, only one."""
    parts = dict.fromkeys(part for part in (normalise(saved), normalise(typed)) if part)
    return "\n\n".join(parts)


def merged_sentence(saved: writing.Saved[Any], words: Mapping[str, str], me: str) -> str:
    """Say "Bo har imens rettet titlen. Begge rettelser er gemt."; "" when nobody else wrote."""
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
    status_field: str = "",
) -> dict[str, Any]:
    """Make the context of `_conflict.html`. `show` turns a field's value into words; the value of
    `status_field` is shown as a status."""
    return {
        "version": error.row.version,
        "by": unbroken(error.by),
        "day": moment_day(error.at),
        "time": clock_time(error.at),
        "reason": error.reason.rstrip("."),
        "rows": [
            {
                "label": label(conflict.field),
                "is_status": conflict.field == status_field,
                "cells": [
                    show(conflict.field, value)
                    for value in (conflict.loaded, conflict.saved, conflict.mine)
                ],
            }
            for conflict in error.conflicts
        ],
    }
