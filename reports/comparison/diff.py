"""Find what changed from one plan document to another, every change exactly once, and apply it.

The two may be any documents: an edition, the live plan, the plan as of a moment.
`apply(diff(a, b), a)` is `b`. Nodes are matched by kind and key, which a document holds once. Pure:
no Django, no clock. `change_text.py` says the changes in Danish, `text_diff.py` compares two texts
word by word, `plan_tree.py` takes documents apart.

A node that was added or removed is one change, with everything inside it that was added or removed
too. A node that is in both documents is moved instead, wherever it went. Fields that people change
together are one change: a status and its judgement, a deadline's wording, days and moves.
"""

import dataclasses
import json
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import plan
from core.characters import differ
from plan.fact import PROMISES
from reports.comparison.plan_tree import (
    CHILDREN,
    DOCUMENT,
    PARENTS,
    PROGRAMME,
    Kind,
    Ref,
    Tree,
    link_of,
    path_of,
    plant,
    put_together,
    take_apart,
    title_of,
)

# Book-keeping of the document, which needs no sentence.
_SILENT = frozenset({
    ("document", "schema"), ("document", "month"), ("document", "drawn_up_on"),
    ("programme", "key"), ("initiative", "before"),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node stands: under `parent` (a key) right after its sibling `after` (a key; None
    for the first). `path` are the titles of the nodes above it, the outermost first."""

    parent: str
    after: str | None
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one node. `title` and `path` (principle, area, initiative) are for display, as
    they are after the change, or were before a removal.

    A deadline's title is its indsats, else its initiative, else its wording.
    """

    kind: Kind
    key: str
    title: str
    path: tuple[str, ...]

    @property
    def what(self) -> str:
        """One of added, removed and moved, or the name of the group of fields."""
        return type(self).__name__.lower()

    @property
    def id(self) -> str:
        """An id that the same change of the same node always has:
        "initiative:kontraktanalyse:status"."""
        return f"{self.kind}:{self.key}:{self.what}"

    @property
    def is_silent(self) -> bool:
        """Whether it is book-keeping without a sentence: the schema, the programme's key, the
        month, the day it was drawn up, the judgement a month before. `apply` restores it."""
        return (self.kind, self.what) in _SILENT


@dataclass(frozen=True, slots=True)
class Added(Change):
    """A node was added. `node` (of `plan`) holds the descendants that were added with it."""

    node: Any
    place: Place


@dataclass(frozen=True, slots=True)
class Removed(Change):
    """A node was removed from the plan; the document can't tell whether it was archived or deleted.
    `node` holds the descendants that were removed with it."""

    node: Any
    place: Place


@dataclass(frozen=True, slots=True)
class Moved(Change):
    """A node has another parent, or another place among the siblings that stayed."""

    old: Place
    new: Place

    @property
    def is_reordered(self) -> bool:
        """Whether the parent is the same."""
        return self.old.parent == self.new.parent


@dataclass(frozen=True, slots=True)
class Edited(Change):
    """The fields `names` of a node differ. `old` and `new` are the node (of `plan`) before and
    after, without its children; the values of its other fields are not applied.

    `old_link` and `new_link` are the titles of the indsatser that the `group` "action" names by
    key.
    """

    group: str
    names: tuple[str, ...]
    old: Any
    new: Any
    old_link: str = ""
    new_link: str = ""

    @property
    def what(self) -> str:
        """The name of the group of fields."""
        return self.group

    @property
    def is_silent(self) -> bool:
        """Whether it is book-keeping, a difference that nobody can see, a status that was judged
        again and found unchanged, or the same text or deadline for another month."""
        # super() would fail: a dataclass with slots is another class than the one written here.
        silent: bool = Change.is_silent.fget(self)  # type: ignore[attr-defined]
        return silent or not self.values() or self._is_same_judgement() or self._is_same_text()

    def _is_same_text(self) -> bool:
        old, new = (getattr(node, self.group, "") for node in (self.old, self.new))
        return self.group in ("report_text", "ask", "added") and not differ(old, new)

    def _is_same_judgement(self) -> bool:
        if self.group != "judgement" or not (self.old.judgement and self.new.judgement):
            return False
        old, new = (
            (judgement.status, judgement.reason, judgement.deviates)
            for judgement in (self.old.judgement, self.new.judgement)
        )
        return not differ(old, new)

    def values(self) -> tuple[tuple[str, Any, Any], ...]:
        """List each field with a visible difference, with its value before and after."""
        pairs = ((name, getattr(self.old, name), getattr(self.new, name)) for name in self.names)
        return tuple((name, old, new) for name, old, new in pairs if differ(old, new))


@dataclass(frozen=True, slots=True)
class Diff:
    """Every change from one document to another: those of the frame, then those in the order of
    the new document, then the removals. `apply` needs this order.

    `old` and `new` are the two documents without their principles: months, labels, programme.
    """

    old: plan.PlanDocument
    new: plan.PlanDocument
    changes: tuple[Change, ...]

    def to_json(self) -> str:
        """Write canonical JSON for programs to read. It is never read back: a diff is made from its
        documents."""
        changes = [
            {"id": c.id, "what": c.what, "is_silent": c.is_silent} | dataclasses.asdict(c)
            for c in self.changes
        ]
        return json.dumps(
            {
                "old": dataclasses.asdict(self.old),
                "new": dataclasses.asdict(self.new),
                "changes": changes,
            },
            default=date.isoformat,
            ensure_ascii=False,
            separators=(",", ":"),
            sort_keys=True,
        )


def diff(a: plan.PlanDocument, b: plan.PlanDocument) -> Diff:
    """Find what changed from `a` to `b`. Raises ValueError when a document holds a key twice in one
    kind."""
    old, new = take_apart(a), take_apart(b)
    staying = _staying(old, new)
    changes: list[Change] = []
    for ref in new.nodes:
        if ref not in old.nodes:
            if new.parent_of(ref) in old.nodes:
                changes.append(_added(old, new, ref))
            continue
        if ref not in staying:
            changes.append(Moved(*_heading(new, ref), _place(old, ref), _place(new, ref)))
        if old.nodes[ref] != new.nodes[ref]:
            changes += _edits(old, new, ref)
    for ref in old.nodes:
        if ref not in new.nodes and old.parent_of(ref) in new.nodes:
            changes.append(_removed(old, new, ref))
    return Diff(old.nodes[DOCUMENT], new.nodes[DOCUMENT], tuple(changes))


def apply(changes: Diff, document: plan.PlanDocument) -> plan.PlanDocument:
    """Make the changes in `document`: `apply(diff(a, b), a) == b`.

    Raises ValueError when a change does not fit the document: what it changes or names is not
    there.
    """
    tree = take_apart(document)
    for change in changes.changes:
        if isinstance(change, Removed | Moved):
            _detach(tree, change)
    for change in changes.changes:
        if isinstance(change, Added):
            plant(tree, change.kind, change.key, change.node)
            _attach(tree, change, change.place)
        elif isinstance(change, Moved):
            _attach(tree, change, change.new)
        elif isinstance(change, Edited):
            _edit(tree, change)
    whole: plan.PlanDocument = put_together(tree, DOCUMENT)
    return dataclasses.replace(whole, programme=tree.nodes[PROGRAMME])


# Finding the changes


def _staying(old: Tree, new: Tree) -> set[Ref]:
    """Find the nodes that need no move: among the children that a parent has in both documents, as
    many as possible that stand in the same order."""
    staying = {DOCUMENT, PROGRAMME}
    for (kind, parent), keys in new.order.items():
        before = old.order.get((kind, parent), ())
        rank = {key: number for number, key in enumerate(before)}
        common = [key for key in keys if key in rank]
        in_order = _longest_increasing([rank[key] for key in common])
        staying |= {(kind, before[number]) for number in in_order}
    return staying


def _longest_increasing(numbers: list[int]) -> list[int]:
    """Find the longest increasing subsequence of distinct numbers; deterministic."""
    ends: list[int] = []
    previous: dict[int, int | None] = {}
    for number in numbers:
        length = bisect_left(ends, number)
        previous[number] = ends[length - 1] if length else None
        ends[length : length + 1] = [number]
    backwards: list[int] = []
    last = ends[-1] if ends else None
    while last is not None:
        backwards.append(last)
        last = previous[last]
    return backwards[::-1]


def _added(old: Tree, new: Tree, ref: Ref) -> Added:
    node = put_together(new, ref, lambda child: child not in old.nodes)
    return Added(*_heading(new, ref), node, _place(new, ref))


def _removed(old: Tree, new: Tree, ref: Ref) -> Removed:
    node = put_together(old, ref, lambda child: child not in new.nodes)
    return Removed(*_heading(old, ref), node, _place(old, ref))


def _edits(old: Tree, new: Tree, ref: Ref) -> Iterator[Edited]:
    before, after = old.nodes[ref], new.nodes[ref]
    for group, names in groups(ref[0], before, after):
        if any(getattr(before, name) != getattr(after, name) for name in names):
            links = (link_of(old, ref), link_of(new, ref)) if group == "action" else ("", "")
            yield Edited(*_heading(new, ref), group, names, before, after, *links)


def _place(tree: Tree, ref: Ref) -> Place:
    siblings = tree.siblings(ref)
    number = siblings.index(ref[1])
    after = siblings[number - 1] if number else None
    return Place(tree.parents[ref], after, path_of(tree, ref))


def _heading(tree: Tree, ref: Ref) -> tuple[Kind, str, str, tuple[str, ...]]:
    """Make the first fields of a change: kind, key, title and path."""
    return *ref, title_of(tree, ref), path_of(tree, ref)


# Fields that are changed together

_GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "document": {
        name: (name,) for name in ("schema", "month", "drawn_up_on", "banner", "statuses")
    },
    "programme": {
        "key": ("key",),
        "title": ("title",),
        "authority": ("authority",),
        "top_level": ("top_level_label", "top_level_label_plural"),
        "purposes": ("purposes",),
    },
    "principle": {"title": ("title",)},
    "area": {"title": ("title",), "years": ("years",)},
    "initiative": {name: (name,) for name in ("title", "before", "marks")}
    | {name: (name, f"{name}_month") for name in ("ask", "report_text")},
    "action": {"title": ("title",)},
    "deadline": {"action": ("action",), "added": ("added_month",)},
}
# The fields for what a deadline says, in words and days, and for its moves.
_TERM_FIELDS = (
    *("wording", "fact", "fact_label", "starts_on", "ends_on", "kind"),
    *("set_by_hand", "opens_on", "moves"),
)

# The fields for when it was met, and a presentation's outcome.
_MET_FIELDS = ("met_on", "outcome", "outcome_remark")


def groups(kind: str, old: Any, new: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the name and the fields of each group. Together they are every field of a node but its
    key and children, each once."""
    if kind == "initiative":
        name = "status" if old.status != new.status else "judgement"
        yield name, ("status", "judgement")
    if kind == "deadline":
        group = _deadline_group(old, new)
        if group == "fact":
            yield group, (*_TERM_FIELDS, *_MET_FIELDS)
        else:
            yield group, _TERM_FIELDS
            yield "met", _MET_FIELDS
    yield from _GROUPS[kind].items()


def _deadline_group(old: plan.Deadline, new: plan.Deadline) -> str:
    """Name the group by what changed most: move (a promise has other days), fact, wording, moves
    (it was moved there and back again), or reading (only days, kind or start, and no promise
    has other days)."""
    is_promise = old.fact in PROMISES and new.fact in PROMISES
    if is_promise and old.term.days != new.term.days:
        return "move"
    for name in ("fact", "wording", "moves"):
        if differ(getattr(old, name), getattr(new, name)):
            return name
    return "reading"


# Making the changes


def _detach(tree: Tree, change: Removed | Moved) -> None:
    ref = change.kind, change.key
    if ref not in tree.nodes:
        raise ValueError(f"{change.id}: there is no such node")
    tree.siblings(ref).remove(change.key)
    if isinstance(change, Removed):
        _forget(tree, change.kind, change.node)


def _forget(tree: Tree, kind: Kind, node: Any) -> None:
    """Remove a node from the tree's nodes, with the descendants that are removed with it."""
    if tree.nodes.pop((kind, node.key), None) is None:
        raise ValueError(f"{kind} {node.key!r} is not there")
    for name, child_kind in CHILDREN.get(kind, ()):
        for child in getattr(node, name):
            _forget(tree, child_kind, child)


def _attach(tree: Tree, change: Change, place: Place) -> None:
    if (PARENTS[change.kind], place.parent) not in tree.nodes:
        raise ValueError(f"{change.id}: its parent is not there")
    siblings = tree.order[change.kind, place.parent]
    if place.after is not None and place.after not in siblings:
        raise ValueError(f"{change.id}: the sibling before it is not there")
    number = 0 if place.after is None else siblings.index(place.after) + 1
    siblings.insert(number, change.key)
    tree.parents[change.kind, change.key] = place.parent


def _edit(tree: Tree, change: Edited) -> None:
    ref = change.kind, change.key
    values = {name: getattr(change.new, name) for name in change.names}
    node = tree.nodes.get(ref)
    if node is None or any(getattr(node, n) != getattr(change.old, n) for n in change.names):
        raise ValueError(f"{change.id}: the document says something else")
    tree.nodes[ref] = dataclasses.replace(node, **values)
