"""What the page that compares two documents is made of."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

import plan
from reports.comparison import diff
from reports.comparison.change_words import name
from reports.comparison.plan_tree import (
    Kind,
    Ref,
    Tree,
)
from reports.comparison.text_diff import Piece


def anchor(change_id: str) -> str:
    """Make the id of a change on the page, which no other change has, for links to "#…".

    "initiative:x:status" → "aendring-initiative__x__status"; only letters, digits, "-" and "_".
    """
    escaped = re.sub(
        r"[^a-zA-Z0-9-]",
        lambda match: "__" if match[0] == ":" else f"_{ord(match[0]):x}_",
        change_id,
    )
    return f"aendring-{escaped}"


# What is shown under a sentence. `template` draws it.


@dataclass(frozen=True, slots=True)
class StatusPart:
    """A status before and after."""

    template: ClassVar[str] = "reports/comparison/_compare_status.html"
    label: ClassVar[str] = "Status"
    was: plan.StatusLabel
    now: plan.StatusLabel


@dataclass(frozen=True, slots=True)
class ValuePart:
    """A short value before and after, in words."""

    template: ClassVar[str] = "reports/comparison/_compare_value.html"
    label: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class TextPart:
    """A text compared word by word."""

    template: ClassVar[str] = "reports/comparison/_compare_text.html"
    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class WholePart:
    """A text that was added, removed or rewritten, shown whole before and after. `was` or `now` may
    be ""."""

    template: ClassVar[str] = "reports/comparison/_compare_whole.html"
    label: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class ListPart:
    """Several values, with a line for each that stayed, was added or was removed."""

    template: ClassVar[str] = "reports/comparison/_compare_list.html"
    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A node that was added or removed, in full: `lines` are (label, text), `inside` its
    children."""

    title: str
    status: plan.StatusLabel | None
    lines: tuple[tuple[str, str], ...]
    inside: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class NodePart:
    """A node that was added ("ins") or removed ("del"); `label` is the word for it."""

    template: ClassVar[str] = "reports/comparison/_compare_node.html"
    label: str
    kind: str
    node: Node


Part = StatusPart | ValuePart | TextPart | WholePart | ListPart | NodePart


# The page


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A change: its sentence, and under it the values before and after. `anchor` is its id."""

    anchor: str
    sentence: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Unchanged:
    """An unchanged line of an initiative of which something else changed."""

    anchor: ClassVar[str] = ""
    label: str
    text: str
    status: plan.StatusLabel | None = None


@dataclass(frozen=True, slots=True)
class ComparedInitiative:
    """An initiative with its changes; without any it is one line with its `status`."""

    title: str
    status: plan.StatusLabel
    entries: tuple[ShownChange | Unchanged, ...]


@dataclass(frozen=True, slots=True)
class ComparedArea:
    """An area: changes of its own, then its initiatives."""

    title: str
    entries: tuple[ShownChange, ...]
    initiatives: tuple[ComparedInitiative, ...]


@dataclass(frozen=True, slots=True)
class ComparedPrinciple:
    """A principle: changes of its own, then its areas. `count` says how many changes in all."""

    title: str
    entries: tuple[ShownChange, ...]
    areas: tuple[ComparedArea, ...]
    count: str


@dataclass(frozen=True, slots=True)
class ComparedPlans:
    """The whole page: a sentence, the changes of the frame, and the plan."""

    summary: str
    frame: tuple[ShownChange, ...]
    principles: tuple[ComparedPrinciple, ...]

    def changes(self) -> Iterator[ShownChange]:
        """Yield every change, in the order of the page."""
        yield from self.frame
        for principle in self.principles:
            yield from changes_in(principle.entries, principle.areas)


# Laying it out


@dataclass(frozen=True, slots=True)
class Both:
    """The two documents as trees, with the changes to show of each node."""

    changes: diff.Diff
    before: Tree
    after: Tree
    shown: dict[Ref, list[ShownChange]]
    everything: bool

    def of(self, ref: Ref) -> tuple[ShownChange, ...]:
        """Return the changes of the node itself."""
        return tuple(self.shown.get(ref, ()))

    def title(self, ref: Ref) -> str:
        """Return what the node is called now, or was called when it was removed."""
        return name((self.after if ref in self.after.nodes else self.before).nodes[ref].title)

    def is_shown_unchanged(self, ref: Ref) -> bool:
        """Whether the node stands in both documents and everything is asked for."""
        return self.everything and ref in self.before.nodes and ref in self.after.nodes

    def children(self, kind: Kind, parent: Ref) -> list[Ref]:
        """List the children in the order of the new document, with removed ones where they
        stood."""
        keys = list(self.after.order.get((kind, parent[1]), ()))
        old_keys = self.before.order.get((kind, parent[1]), [])
        for number, key in enumerate(old_keys):
            if (kind, key) not in self.after.nodes:
                earlier = (other for other in reversed(old_keys[:number]) if other in keys)
                nearest = next(earlier, None)
                keys.insert(0 if nearest is None else keys.index(nearest) + 1, key)
        return [(kind, key) for key in keys]


def changes_in(
    entries: Iterable[ShownChange], areas: Iterable[ComparedArea]
) -> Iterator[ShownChange]:
    """Yield the changes among `entries`, then those of the areas and their initiatives."""
    yield from entries
    for area in areas:
        yield from area.entries
        for initiative in area.initiatives:
            yield from (entry for entry in initiative.entries if isinstance(entry, ShownChange))
