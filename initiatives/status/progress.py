"""The head of Statustabellen: how many initiatives have each status, and how many are updated."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import plan
from core import danish
from core.links import with_query
from initiatives.status.filter import Filter
from plan.status import StatusStyle
from plan.words import initiatives_noun


@dataclass(frozen=True, slots=True)
class CountCell:
    """One cell of the status filter: how many initiatives have the status, and its link."""

    status: StatusStyle | plan.StatusLabel
    number: int
    url: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How many initiatives are judged for the month."""

    updated: int
    total: int
    month: date
    missing_url: str

    @property
    def sentence(self) -> str:
        """How many are updated: "9 af 14 opdateret til marts", or the sentence that all are."""
        month = danish.month_name(self.month)
        if self.updated == self.total > 1:
            return updated_sentence(self.updated, self.total, self.month)
        return f"{self.updated} af {self.total} opdateret til {month}"

    @property
    def missing(self) -> str:
        """The text of the link to those not updated; "" when there are none."""
        number = self.total - self.updated
        return f"Ikke opdateret til {danish.month_name(self.month)}: {number}" if number else ""

    @property
    def ticks(self) -> list[bool]:
        """One tick for each initiative, the updated ones first. Empty above 40 initiatives, where
        the page draws a plain bar instead."""
        if self.total > 40:
            return []
        return [index < self.updated for index in range(self.total)]


def updated_sentence(updated: int, total: int, month: date) -> str:
    """Say "9 af 14 initiativer er opdateret til marts.", or that all are."""
    name = danish.month_name(month)
    if updated == total > 1:
        return f"Alle {total} initiativer er opdateret til {name}."
    return f"{updated} af {initiatives_noun(total)} er opdateret til {name}."


def count_cells(
    numbers: Iterable[tuple[StatusStyle | plan.StatusLabel, int]], chosen: Filter, table_url: str
) -> tuple[CountCell, ...]:
    """Make the seven cells. Each number is how many rows its link shows; the chosen cell links
    back to all."""
    return tuple(
        CountCell(
            status,
            number,
            with_query(
                table_url,
                chosen.query(status="" if chosen.status == status.value else status.value),
            ),
            chosen.status == status.value,
        )
        for status, number in numbers
    )


def progress(updated: int, total: int, month: date, table_url: str) -> Progress:
    """Make the progress of the month over all initiatives, with the link to those not updated."""
    return Progress(updated, total, month, with_query(table_url, Filter(missing=True).query()))


def next_missing(
    document: plan.PlanDocument, after: str, among: frozenset[str] = frozenset()
) -> plan.Initiative | None:
    """Find the next initiative in the table that is not updated, after the one with the key
    `after`; only one with a key in `among`, when there are any."""
    items = [item for item in document.initiatives() if not among or item.key in among]
    start = next((index for index, item in enumerate(items) if item.key == after), -1) + 1
    for item in items[start:] + items[:start]:
        judged = item.judgement is not None and item.judgement.month == document.month
        if not judged and item.key != after:
            return item
    return None
