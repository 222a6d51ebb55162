"""Find what needs attention: deadlines that have passed, contradictions, what lacks a status."""

from collections.abc import Iterator, Mapping
from functools import partial

import plan
from core import danish
from initiatives.status.filter import Filter
from plan import contradictions, due
from plan.status import NOT_REPORTED
from plan.words import initiatives_noun
from reports.overview.page import Addresses, Warned

# Passed deadlines have a line for each day, unless there are more days than this.
MAX_DAYS = 5
# What is late: how it is counted, and where its rows are on the page of deadlines.
LATE = (
    (due.is_overdue, "deadline er overskredet", "deadlines er overskredet", "overskredne"),
    (
        due.is_unanswered,
        "forelæggelse har intet registreret resultat",
        "forelæggelser har intet registreret resultat",
        "uden-resultat",
    ),
)


def warnings_of(document: plan.PlanDocument, to: Addresses) -> Iterator[Warned]:
    """Yield the passed deadlines by their day, contradictions, the initiatives without a status in
    one line, and areas that lack treatment."""
    yield from _passed(document, to)
    yield from _contradictions(document, to)
    silent = {
        to.initiative(item.key): item.title
        for item in document.initiatives()
        if item.status == NOT_REPORTED
    }
    if silent:
        sentence = f"{initiatives_noun(len(silent))} har ingen status."
        yield _warned(sentence, silent, to, to.status_table(Filter(status=NOT_REPORTED)))
    areas = {
        to.area(area.key): area.title
        for _, untreated in plan.untreated_areas(document)
        for area in untreated
    }
    if areas:
        number = danish.count(len(areas), "indsatsområde", "indsatsområder")
        sentence = f"{number} mangler behandling i Implementeringsgruppen."
        yield _warned(sentence, areas, to, f"{to.complete_page}#opmaerksomhed")


def _warned(sentence: str, rows: Mapping[str, str], to: Addresses, url: str = "") -> Warned:
    """Make a warning about `rows`, which are titles by their address."""
    named = tuple((title, address) for address, title in rows.items())[: to.max_names]
    left = len(rows) - len(named)
    more = f"og {danish.count(left, 'andet', 'andre')}" if left else ""
    return Warned(sentence, named, url, more, url or f"{to.complete_page}#opmaerksomhed")


def _contradictions(document: plan.PlanDocument, to: Addresses) -> Iterator[Warned]:
    for check in contradictions.CHECKS:
        by_sentence: dict[str, dict[str, str]] = {}
        for item in document.initiatives():
            if sentence := check(item, document):
                by_sentence.setdefault(sentence, {})[to.initiative(item.key)] = item.title
        for sentence, rows in by_sentence.items():
            yield _warned(sentence, rows, to)


def _passed(document: plan.PlanDocument, to: Addresses) -> Iterator[Warned]:
    """Yield the passed deadlines, then presentations without a result: a line for each day, or one
    line for all when there are many days."""
    for is_late, one, many, anchor in LATE:
        late = due.select(document, partial(is_late, on=document.drawn_up_on))
        by_sentence: dict[str, dict[str, str]] = {}
        for deadline, item in late:
            sentence = due.due_line(item, deadline, document.drawn_up_on).text
            by_sentence.setdefault(sentence, {})[to.initiative(item.key)] = item.title
        if len(by_sentence) > MAX_DAYS and to.max_names:
            yield _warned(
                f"{danish.count(len(late), one, many)}.", {}, to, f"{to.deadlines}#{anchor}"
            )
        else:
            for sentence, rows in by_sentence.items():
                yield _warned(sentence, rows, to)
