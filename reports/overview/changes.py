"""Find what has changed since the plan that Overblik compares with."""

from collections.abc import Iterator
from datetime import date

import plan
from core import danish
from deadlines import naming
from plan.fact import Fact
from plan.status import NOT_REPORTED
from reports.overview.page import Addresses, EarlierPlan, OverviewChange
from reports.report.report import label_before, rank, standing_reason


def changes_since(
    document: plan.PlanDocument, earlier: plan.PlanDocument, to: Addresses
) -> tuple[OverviewChange, ...]:
    """List the changed statuses as the report orders them, with what is new in the plan; then what
    is gone from it, and deadlines that were moved."""
    before = {item.key: item for item in earlier.initiatives()}
    still_there = {item.key for item in document.initiatives()}
    was = {key: item.status for key, item in before.items()}
    changed = [item for item in document.initiatives() if item.status != was.get(item.key)]
    changed.sort(key=lambda item: rank(was.get(item.key, NOT_REPORTED), item.status))
    statuses = (
        OverviewChange(
            item.title,
            to.initiative(item.key),
            standing_reason(item.judgement, document.month),
            was=label_before(earlier, was[item.key]) if item.key in was else None,
            now=document.status(item.status),
        )
        for item in changed
    )
    gone = (
        OverviewChange(item.title, "", "", was=label_before(earlier, item.status))
        for key, item in before.items()
        if key not in still_there
    )
    moved = (
        change
        for item in document.initiatives()
        if item.key in before
        for change in _moves(item, before[item.key], earlier.drawn_up_on, to)
    )
    return (*statuses, *gone, *moved)


def _moves(
    item: plan.Initiative, before: plan.Initiative, since: date, to: Addresses
) -> Iterator[OverviewChange]:
    """Yield the deadlines of `item` that were moved since the day the earlier plan was drawn up."""
    earlier = {deadline.key: deadline for deadline in before.deadlines}
    for deadline in item.deadlines:
        if deadline.key not in earlier:
            continue
        moves = [
            move
            for move in deadline.moves[len(earlier[deadline.key].moves) :]
            if move.day >= since and not move.is_correction
        ]
        old = moves[0].old if moves else None
        if not moves or (old.days if old else (None, None)) == deadline.term.days:
            continue
        then = naming.words(old) if old else "ikke oplyst"
        yield OverviewChange(
            item.title,
            to.initiative(item.key),
            moves[-1].reason,
            facts=(
                (earlier[deadline.key].fact_label, then),
                # A promise that has moved is new, whatever its wording calls it.
                (
                    "Ny deadline" if deadline.fact == Fact.DEADLINE else deadline.fact_label,
                    # The chip of a deadline without days says why it has none: "På pause".
                    naming.words(deadline.term) if deadline.term.has_days else "",
                ),
            ),
        )


def changes_words(changes: tuple[OverviewChange, ...] | None, before: EarlierPlan | None) -> str:
    """Say how many changes there are, and since when."""
    if changes is None or before is None:
        return "Der er endnu ingen tidligere udgave at sammenligne med."
    number = danish.capitalise(danish.count(len(changes), "ændring", "ændringer"))
    return f"{number} af initiativer, status og deadlines siden {before.name}."
