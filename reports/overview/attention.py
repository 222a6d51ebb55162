"""Find what needs attention: deadlines that have passed, contradictions, what lacks a status."""

from collections.abc import Container, Iterable, Iterator
from functools import partial

import plan
from core import danish
from initiatives.status.filter import Filter
from plan import contradictions, due
from plan.contradictions import PlanWarning
from plan.status import NOT_REPORTED
from plan.words import initiatives_noun
from reports.overview.page import Addresses, Named, Warned

# A check has a line for each of its sentences, and passed deadlines one for each day, unless there
# are more than this.
MAX_LINES = 5

# The warnings that somebody has put aside: the key of the initiative and the fingerprint.
PutAside = Container[tuple[str, str]]


def warnings_of(
    document: plan.PlanDocument, to: Addresses, put_aside: PutAside = frozenset()
) -> Iterator[Warned]:
    """Yield the passed deadlines by their day, what the checks find except what is `put_aside`, the
    initiatives without a status in one line, and areas that lack treatment."""
    yield from _passed(document, to)
    yield from _contradictions(document, to, put_aside)
    silent = [
        Named(item.title, to.initiative(item.key))
        for item in document.initiatives()
        if item.status == NOT_REPORTED
    ]
    if silent:
        sentence = f"{initiatives_noun(len(silent))} har ingen status."
        yield _warned(sentence, silent, to, to.status_table(Filter(status=NOT_REPORTED)))
    areas = [
        Named(area.title, to.area(area.key))
        for _, untreated in plan.untreated_areas(document)
        for area in untreated
    ]
    if areas:
        number = danish.count(len(areas), "indsatsområde", "indsatsområder")
        sentence = f"{number} mangler behandling i Implementeringsgruppen."
        yield _warned(sentence, areas, to, f"{to.complete_page}#opmaerksomhed")


def _warned(sentence: str, rows: Iterable[Named], to: Addresses, url: str = "") -> Warned:
    """Make a warning about `rows`, each named once."""
    by_url = {row.url: row for row in reversed(list(rows))}
    rows = tuple(reversed(by_url.values()))
    named = rows[: to.max_names]
    left = len(rows) - len(named)
    more = f"og {danish.count(left, 'andet', 'andre')}" if left else ""
    return Warned(sentence, named, url, more, url or f"{to.complete_page}#opmaerksomhed")


def _contradictions(
    document: plan.PlanDocument, to: Addresses, put_aside: PutAside
) -> Iterator[Warned]:
    """Yield what the checks find and nobody has put aside: a line for each sentence, or one line
    for the check when it has many sentences."""
    for check in contradictions.CHECKS:
        lines: dict[str, dict[str, list[Named]]] = {}
        found = (
            (warning, item)
            for item in document.initiatives()
            for warning in check(item, document)
            if (item.key, warning.fingerprint) not in put_aside
        )
        for warning, item in sorted(found, key=_by_day):
            row = Named(item.title, to.initiative(item.key), to.mend(item, warning))
            lines.setdefault(warning.check, {}).setdefault(warning.sentence, []).append(row)
        for name, by_sentence in lines.items():
            yield from _lines(name, by_sentence, to)


def _by_day(found: tuple[PlanWarning, plan.Initiative]) -> str:
    """Sort presentations by their day, and leave all else in the order of the plan."""
    warning, _ = found
    return warning.facts[0] if warning.check == contradictions.WITHOUT_OUTCOME else ""


def _lines(name: str, by_sentence: dict[str, list[Named]], to: Addresses) -> Iterator[Warned]:
    shown = MAX_LINES if len(by_sentence) > MAX_LINES and to.max_names else None
    if shown and name == contradictions.WITHOUT_OUTCOME:
        number = sum(map(len, by_sentence.values()))
        yield Warned(f"{number} forelæggelser har intet registreret udfald.", (), to.unanswered)
        return
    for sentence, rows in list(by_sentence.items())[:shown]:
        yield _warned(sentence, rows, to)
    if shown:
        left = danish.count(len(by_sentence) - shown, "anden", "andre")
        yield Warned(f"Og {left} af samme art.", (), f"{to.complete_page}#opmaerksomhed")


def _passed(document: plan.PlanDocument, to: Addresses) -> Iterator[Warned]:
    """Yield the passed deadlines: a line for each day, or one line for all when there are many
    days."""
    today = document.drawn_up_on
    late = due.select(document, partial(due.is_overdue, on=today))
    by_sentence: dict[str, list[Named]] = {}
    for deadline, item in late:
        sentence = due.due_line(item, deadline, today).text
        row = Named(item.title, to.initiative(item.key))
        by_sentence.setdefault(sentence, []).append(row)
    if len(by_sentence) > MAX_LINES and to.max_names:
        number = danish.count(len(late), "deadline er overskredet", "deadlines er overskredet")
        yield _warned(f"{number}.", (), to, f"{to.deadlines}#overskredne")
        return
    for sentence, rows in by_sentence.items():
        yield _warned(sentence, rows, to)
