"""The rows of a report behind one of its numbers: the initiatives with one status. Pure."""

from dataclasses import dataclass

import plan
from core import danish
from core.danish import soft


@dataclass(frozen=True, slots=True)
class ChosenRows:
    """The initiatives of one status, by title in the order of the report; `count` says how many."""

    status: plan.StatusLabel
    count: str
    titles: tuple[str, ...]


def chosen_rows(document: plan.PlanDocument, value: str) -> ChosenRows | None:
    """Find the initiatives with the status `value`; None when the document has no such status."""
    try:
        status = document.status(value)
    except KeyError:
        return None
    titles = tuple(soft(item.title) for item in document.initiatives() if item.status == value)
    return ChosenRows(status, danish.count(len(titles), "initiativ", "initiativer"), titles)
