"""Lay out what changed between two plan documents: by principle, area and initiative.

Every change of `diff` that is not silent stands on the page exactly once: where its node stands in
the new document, or where a removed node stood in the old one. Templates only place and escape it.
Pure: no Django, no clock.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import plan
from core import danish
from reports.comparison import diff
from reports.comparison.change_text import change_text, summary
from reports.comparison.page import (
    Both,
    ComparedArea,
    ComparedInitiative,
    ComparedPlans,
    ComparedPrinciple,
    ShownChange,
    Unchanged,
    anchor,
    changes_in,
)
from reports.comparison.parts import parts_of, status_label
from reports.comparison.plan_tree import (
    CHILDREN,
    DOCUMENT,
    PROGRAMME,
    Ref,
    take_apart,
)


def make_comparison(
    old: plan.PlanDocument,
    new: plan.PlanDocument,
    *,
    everything: bool = False,
    by_day: bool = False,
) -> ComparedPlans:
    """Lay out what changed from `old` to `new`, and with `everything` the rest of the new plan.
    `by_day` names the old plan by its day, not by its month.

    Raises ValueError when a document holds a key twice in one kind.
    """
    changes = diff.diff(old, new)
    both = Both(changes, take_apart(old), take_apart(new), {}, everything)
    without_texts = change_text(changes, with_texts=False)
    sentences = {sentence.change_id: sentence.text for sentence in without_texts}
    for change in changes.changes:
        if not change.is_silent:
            shown = ShownChange(
                anchor(change.id), sentences[change.id], tuple(parts_of(both, change))
            )
            both.shown.setdefault((change.kind, change.key), []).append(shown)
    return ComparedPlans(
        summary(changes, by_day=by_day),
        (*both.of(DOCUMENT), *both.of(PROGRAMME)),
        tuple(_present(_principle(both, ref) for ref in both.children("principle", DOCUMENT))),
    )


def _present(nodes: Iterable[Any]) -> Iterator[Any]:
    return (node for node in nodes if node is not None)


def _principle(both: Both, ref: Ref) -> ComparedPrinciple | None:
    entries = both.of(ref)
    areas = tuple(_present(_area(both, child) for child in both.children("area", ref)))
    if not (entries or areas or both.is_shown_unchanged(ref)):
        return None
    number = sum(1 for _ in changes_in(entries, areas))
    return ComparedPrinciple(
        both.title(ref), entries, areas, danish.count(number, "ændring", "ændringer")
    )


def _area(both: Both, ref: Ref) -> ComparedArea | None:
    entries = both.of(ref)
    children = both.children("initiative", ref)
    initiatives = tuple(_present(_initiative(both, child) for child in children))
    if not (entries or initiatives or both.is_shown_unchanged(ref)):
        return None
    return ComparedArea(both.title(ref), entries, initiatives)


def _initiative(both: Both, ref: Ref) -> ComparedInitiative | None:
    changes = both.of(ref)
    inside = [
        entry
        for _, kind in CHILDREN["initiative"]
        for child in both.children(kind, ref)
        for entry in both.of(child) or _unchanged(both, child)
    ]
    is_in_both = both.is_shown_unchanged(ref)
    changed = changes or any(isinstance(entry, ShownChange) for entry in inside)
    if not (changed or is_in_both):
        return None
    is_now = ref in both.after.nodes
    node = (both.after if is_now else both.before).nodes[ref]
    status = status_label(both.changes.new if is_now else both.changes.old, node.status)
    entries: list[ShownChange | Unchanged] = [*changes]
    if is_in_both and both.before.nodes[ref].status == node.status:
        entries.append(Unchanged("Status", "", status))
    entries += inside
    return ComparedInitiative(both.title(ref), status, tuple(entries) if changed else ())


def _unchanged(both: Both, ref: Ref) -> tuple[Unchanged, ...]:
    if not both.is_shown_unchanged(ref):
        return ()
    node = both.after.nodes[ref]
    if ref[0] == "action":
        return (Unchanged("Indsats", node.title),)
    return (Unchanged(node.fact_label, node.wording),)
