"""Take a plan document apart into its nodes, and put it together again. Pure; for `diff.py`."""

import dataclasses
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import plan

Kind = Literal["document", "programme", "principle", "area", "initiative", "action", "deadline"]
Ref = tuple[Kind, str]

# The key of the document and of its programme: there is one of each.
ROOT = "plan"
DOCUMENT: Ref = ("document", ROOT)
PROGRAMME: Ref = ("programme", ROOT)

# The fields of each kind that hold children, and the kind of the children.
CHILDREN: dict[Kind, tuple[tuple[str, Kind], ...]] = {
    "document": (("principles", "principle"),),
    "principle": (("areas", "area"),),
    "area": (("initiatives", "initiative"),),
    "initiative": (("actions", "action"), ("deadlines", "deadline")),
}
PARENTS: dict[Kind, Kind] = {
    child: parent for parent, fields in CHILDREN.items() for _, child in fields
}


@dataclass(slots=True)
class Tree:
    """A document's nodes without their children, in the order of the document; each node's
    parent; and the keys of each parent's children of one kind, in order."""

    nodes: dict[Ref, Any] = field(default_factory=dict)
    parents: dict[Ref, str] = field(default_factory=dict)
    order: dict[Ref, list[str]] = field(default_factory=lambda: defaultdict(list))

    def parent_of(self, ref: Ref) -> Ref:
        """Return the node above; the document is above its programme and itself."""
        kind = ref[0]
        return (PARENTS[kind], self.parents[ref]) if kind in PARENTS else DOCUMENT

    def siblings(self, ref: Ref) -> list[str]:
        """Return the keys of the parent's children of the same kind, the node itself included."""
        return self.order[ref[0], self.parents[ref]]


def take_apart(document: plan.PlanDocument) -> Tree:
    """Take a document apart. Raises ValueError when it holds a key twice in one kind."""
    tree = Tree()
    tree.nodes[DOCUMENT] = dataclasses.replace(document, principles=())
    tree.nodes[PROGRAMME] = document.programme
    _plant_children(tree, "document", ROOT, document)
    return tree


def plant(tree: Tree, kind: Kind, key: str, node: Any) -> None:
    """Add a node and its descendants. Raises ValueError when one of them is there already."""
    if (kind, key) in tree.nodes:
        raise ValueError(f"{kind} {key!r} is there twice")
    children = CHILDREN.get(kind, ())
    alone = dataclasses.replace(node, **{name: () for name, _ in children}) if children else node
    tree.nodes[kind, key] = alone
    _plant_children(tree, kind, key, node)


def _plant_children(tree: Tree, kind: Kind, key: str, node: Any) -> None:
    for name, child_kind in CHILDREN.get(kind, ()):
        for child in getattr(node, name):
            plant(tree, child_kind, child.key, child)
            tree.parents[child_kind, child.key] = key
            tree.order[child_kind, key].append(child.key)


def put_together(tree: Tree, ref: Ref, wanted: Callable[[Ref], bool] = lambda _: True) -> Any:
    """Put a node together with its descendants, leaving out each child that is not `wanted` with
    everything in it."""
    kind, key = ref
    children = {
        name: tuple(
            put_together(tree, (child_kind, child), wanted)
            for child in tree.order.get((child_kind, key), ())
            if wanted((child_kind, child))
        )
        for name, child_kind in CHILDREN.get(kind, ())
    }
    return dataclasses.replace(tree.nodes[ref], **children) if children else tree.nodes[ref]


# What a node is called


def path_of(tree: Tree, ref: Ref) -> tuple[str, ...]:
    """List the titles of the nodes above it, the outermost first."""
    path: list[str] = []
    while (ref := tree.parent_of(ref)) != DOCUMENT:
        path.insert(0, tree.nodes[ref].title)
    return tuple(path)


def title_of(tree: Tree, ref: Ref) -> str:
    """Return the title of a node; the document has that of its programme."""
    if ref in (DOCUMENT, PROGRAMME):
        title: str = tree.nodes[PROGRAMME].title
        return title
    if ref[0] == "deadline":
        return _deadline_title(tree, ref)
    return str(tree.nodes[ref].title)


def _deadline_title(tree: Tree, ref: Ref) -> str:
    """Return the title of its indsats, or of its initiative when it has none; its wording when
    another deadline of the initiative would get the same title."""
    deadline = tree.nodes[ref]
    links = [tree.nodes["deadline", key].action for key in tree.siblings(ref)]
    if links.count(deadline.action) > 1:
        return str(deadline.wording)
    return link_of(tree, ref) or str(tree.nodes[tree.parent_of(ref)].title)


def link_of(tree: Tree, ref: Ref) -> str:
    """Return the title of the indsats that a deadline names; "" when the document has none such."""
    action = tree.nodes.get(("action", tree.nodes[ref].action))
    return action.title if action else ""
