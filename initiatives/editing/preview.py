"""Say how a deadline would be understood, before it is saved."""

import copy
from collections.abc import Mapping
from datetime import date
from typing import Any

from initiatives.models import Deadline
from initiatives.models.fact import understand
from initiatives.models.movable import moved_words
from plan import due
from plan.fact import DATED, PROMISES

NO_WORDING = "Skriv ordlyden, så viser portalen, hvad den forstår."
NO_DAYS_BY_HAND = "Der er ikke angivet en dato."
# Is said of a promise that is overdue as soon as it is saved: perhaps another year is meant.
HAS_PASSED = "Den dag er passeret."


def understood(deadline: Deadline, *, year_from: date | None = None) -> list[str]:
    """Write sentences on the days of `deadline`. With `year_from`, the day on which the wording is
    read, one of them says which year was assumed, if any."""
    if not deadline.wording:
        return [NO_WORDING]
    meaning = due.understood(
        deadline.term,
        fact=deadline.fact,
        opens_on=deadline.opens_on,
        set_by_hand=deadline.set_by_hand,
    )
    if deadline.set_by_hand:
        return [meaning or NO_DAYS_BY_HAND]
    if not meaning and deadline.fact not in DATED:
        return [f"Arten »{deadline.get_fact_display()}« har ingen dato."]
    sentences = [meaning or due.NOTHING_FOUND]
    if year_from and meaning:
        sentences += _assumed_year(deadline, year_from)
    return sentences


def preview(row: Deadline, changes: Mapping[str, Any], on: date) -> list[str]:
    """Write sentences on what `row` would become on the day `on`; nothing is saved."""
    draft = copy.copy(row)
    before = row.promise
    changed = draft.set_fields(changes, on)
    is_read_afresh = "wording" in changed or not row.pk
    sentences = understood(draft, year_from=on if is_read_afresh else None)
    is_open = draft.fact in PROMISES and draft.met_on is None
    if is_open and draft.ends_on and draft.ends_on < on:
        sentences.append(HAS_PASSED)
    if problem := draft.contradiction(row, changed, on):
        sentences.append(problem)
    if row.pk and draft.moves_from(before):
        sentences.append(f"{moved_words(before, draft.promise)} Skriv hvorfor.")
    return sentences


def _assumed_year(deadline: Deadline, on: date) -> list[str]:
    parsed = understand(deadline.wording, deadline.fact, on)
    day = parsed.end or parsed.start
    if not (parsed.year_inferred and day):
        return []
    return [f"Årstallet står ikke i teksten. Portalen har antaget {day.year}."]
