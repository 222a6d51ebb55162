"""Short steps that the tests of the change text share."""

import dataclasses
from datetime import date
from typing import Any

import plan
from deadlines.term import Term
from reports.comparison.change_text import change_text
from reports.comparison.diff import diff
from tests.reports.report import documents

JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 1)


def sentences(a: plan.PlanDocument, b: plan.PlanDocument) -> list[str]:
    return [sentence.text for sentence in change_text(diff(a, b))]


def only(a: plan.PlanDocument, b: plan.PlanDocument) -> str:
    (text,) = sentences(a, b)
    return text


def document(title: str = "Myndighedsbestilling", **fields: Any) -> plan.PlanDocument:
    return documents.in_one_area([documents.make_initiative(title, key="x", **fields)])


MARTS = Term("Marts 2026", MARCH, date(2026, 3, 31), "month")
MEDIO = Term("Medio 2026", date(2026, 5, 1), date(2026, 8, 31), "year")
UDGANG = Term("Ved udgangen af 2026", date(2026, 12, 31), date(2026, 12, 31), "year")
SKABELON = (plan.Action("a", "Fælleskommunal skabelon for myndighedsbestilling"),)


def with_deadline(term: Term, *moves: plan.Move, **fields: Any) -> plan.PlanDocument:
    base = plan.Deadline(
        "d",
        term.wording,
        "deadline",
        "Deadline",
        "a",
        starts_on=term.starts_on,
        ends_on=term.ends_on,
        kind=term.kind,
        moves=moves,
    )
    return document(actions=SKABELON, deadlines=(dataclasses.replace(base, **fields),))


def move(
    old: Term | None, new: Term, reason: str = "", *, is_correction: bool = False
) -> plan.Move:
    return plan.Move(documents.DAY, old, new, reason, is_correction)


LATE = "Den juridiske afklaring trækker ud."


def in_areas(**areas: tuple[plan.Initiative, ...]) -> plan.PlanDocument:
    parts = (plan.Area(key, f"Område {key}", (), items) for key, items in areas.items())
    return documents.make_document([plan.Principle("p", "Fælles om kvalitet", tuple(parts))])
