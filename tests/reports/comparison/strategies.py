"""Random plan documents whose keys are unique per kind, and random edits of them."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from hypothesis import strategies as st

import plan
from deadlines.term import Term
from initiatives.models.fact import DEADLINE_KINDS
from plan.status import STATUS_STYLES
from tests.reports.report import documents as made

Draw = Callable[[st.SearchStrategy[Any]], Any]

VALUES = [style.value for style in STATUS_STYLES]
FACTS = ["deadline", "presentation", "completed", "paused", "waiting", "event", "none"]

titles = st.sampled_from([
    "Myndighedsbestilling", "Kontraktanalyse", "Model udviklet.", "Projekt nr. 3. Fase to",
    "Dialog om »fælles« regler", 'Den "nye" model: hvad nu?', "12. januar", "", ".", "»«",
    "To\nlinjer  og\N{NO-BREAK SPACE}blanke ", "fælles postkasse",
])  # fmt: skip
texts = titles | st.text(max_size=12)
reasons = st.sampled_from([
    "", "Den juridiske afklaring trækker ud.", "Begge leverancer er forsinket. Ny plan følger.",
    "KL har ikke svaret", "fordi det haster!", "Hvorfor ikke?", "Skabelonen er forsinket...", " . ",
    "Arbejdet venter (på KL)", "Linje et\nLinje to", "Alle er enige…",
]) | st.text(max_size=12)  # fmt: skip
days = st.dates(min_value=date(2025, 6, 1), max_value=date(2027, 1, 31))


def some(strategy: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=most).map(tuple)


judgements = st.builds(
    plan.Judgement,
    status=st.sampled_from(VALUES),
    reason=reasons,
    deviates=some(st.sampled_from(["Ressourcer", "Kvalitet", "Tidsplan"])),
    month=days,
    day=days,
    confirmed=st.booleans(),
    reason_month=st.none() | days,
)
terms = st.builds(Term, texts, st.none() | days, st.none() | days, st.sampled_from(DEADLINE_KINDS))
moves = st.builds(plan.Move, days, st.none() | terms, terms, reasons, st.booleans())
marks = st.builds(
    plan.Mark,
    st.sampled_from(["paused", "waiting", "no_terms"]),
    st.sampled_from(["På pause", "Afventer", "Intet godkendt kommissorium"]),
    texts,
)
years = st.builds(
    plan.YearNumber, st.integers(2025, 2027), st.integers(1, 20), st.none() | st.integers(1, 20)
)
styles = st.sampled_from([
    made.LABELS,
    made.LABELS[::-1],
    made.LABELS[:3],
    tuple(dataclasses.replace(label, fill="#000000") for label in made.LABELS),
    tuple(dataclasses.replace(label, meaning="Noget andet.") for label in made.LABELS),
    (dataclasses.replace(made.LABELS[0], label="Ikke begyndt"), *made.LABELS[1:]),
])  # fmt: skip
programmes = st.builds(plan.Programme, *[titles] * 5, some(texts))
# Few keys, so that two documents share many and deadlines link to actions.
KEYS = {
    "principle": "pqr",
    "area": "abcdef",
    "initiative": "ghijkl",
    "action": "mno",
    "deadline": "uvwxy",
}
NODES = {
    "principle": st.builds(plan.Principle, st.just(""), titles, st.just(())),
    "area": st.builds(plan.Area, st.just(""), titles, some(years), st.just(())),
    "initiative": st.builds(
        plan.Initiative,
        key=st.just(""),
        title=titles,
        status=st.sampled_from(VALUES),
        judgement=st.none() | judgements,
        before=st.none() | judgements,
        marks=some(marks),
        ask=reasons,
        report_text=texts,
        actions=st.just(()),
        deadlines=st.just(()),
        report_text_month=st.none() | days,
        ask_month=st.none() | days,
    ),
    "action": st.builds(plan.Action, st.just(""), titles),
    "deadline": st.builds(
        plan.Deadline,
        key=st.just(""),
        wording=texts,
        fact=st.sampled_from(FACTS),
        fact_label=st.sampled_from(["Deadline", "Ny deadline", "Afsluttet"]),
        action=st.none() | st.sampled_from(KEYS["action"]),
        starts_on=st.none() | days,
        ends_on=st.none() | days,
        kind=st.sampled_from(DEADLINE_KINDS),
        set_by_hand=st.booleans(),
        opens_on=st.none() | days,
        met_on=st.none() | days,
        moves=some(moves),
        outcome=st.sampled_from(["", "Godkendt", "Ikke godkendt"]),
        outcome_remark=reasons,
        added_month=st.none() | days,
    ),
}
frames = st.builds(
    plan.PlanDocument,
    schema=st.just(plan.SCHEMA),
    programme=programmes,
    month=days,
    drawn_up_on=days,
    banner=texts,
    statuses=styles,
    principles=st.just(()),
)
FIELDS = {
    "document": [("principle", "principles")],
    "principle": [("area", "areas")],
    "area": [("initiative", "initiatives")],
    "initiative": [("action", "actions"), ("deadline", "deadlines")],
}
PARENTS = {child: parent for parent, fields in FIELDS.items() for child, _ in fields}


@dataclass
class Branch:
    """A node of a document that can still be changed."""

    kind: str
    node: Any
    children: dict[str, list["Branch"]]

    def of(self, kind: str) -> list["Branch"]:
        """Return every node of a kind in the branch, itself included."""
        inner = [
            node
            for children_of_field in self.children.values()
            for child in children_of_field
            for node in child.of(kind)
        ]
        return [self, *inner] if self.kind == kind else inner


def grow(kind: str, node: Any) -> Branch:
    """Make a branch of a node and all its children."""
    fields = FIELDS.get(kind, [])
    children = {child: [grow(child, n) for n in getattr(node, name)] for child, name in fields}
    return Branch(kind, dataclasses.replace(node, **{name: () for _, name in fields}), children)


def cut(branch: Branch) -> Any:
    """Make a node of a branch and all its children."""
    fields = FIELDS.get(branch.kind, [])
    children = {
        name: tuple(cut(branches) for branches in branch.children[child]) for child, name in fields
    }
    return dataclasses.replace(branch.node, **children)


def make_branch(draw: Draw, kind: str, key: str) -> Branch:
    node = dataclasses.replace(draw(NODES[kind]), key=key)
    return Branch(kind, node, {child: [] for child, _ in FIELDS.get(kind, [])})


@st.composite
def random_documents(draw: Draw, least: int = 0) -> plan.PlanDocument:
    """Draw a document with at least `least` nodes of each kind. Two such documents have many keys
    in common, with different contents."""
    root = grow("document", draw(frames))
    for kind, keys in KEYS.items():
        parents = root.of(PARENTS[kind])
        if not parents:
            break
        for key in draw(st.lists(st.sampled_from(keys), unique=True, min_size=least)):
            parent = draw(st.sampled_from(parents))
            parent.children[kind].append(make_branch(draw, kind, key))
    document: plan.PlanDocument = cut(root)
    return document


@st.composite
def edited(draw: Draw, document: plan.PlanDocument) -> plan.PlanDocument:
    """Draw some edits of `document`: fields, moves, removals, new nodes, the frame."""
    root = grow("document", document)
    edits = st.sampled_from([edit_fields, edit_fields, move, move, remove, add, edit_frame])
    for number, edit in enumerate(draw(st.lists(edits, min_size=1, max_size=6))):
        edit(draw, root, number)
    after: plan.PlanDocument = cut(root)
    return after


@st.composite
def pairs(draw: Draw) -> tuple[plan.PlanDocument, plan.PlanDocument]:
    """Draw a document and an edited copy of it."""
    before = draw(random_documents(least=2))
    return before, draw(edited(before))


def any_branch(draw: Draw, root: Branch) -> Branch | None:
    kind = draw(st.sampled_from(["initiative", "deadline", "action", "area", "principle"]))
    nodes = root.of(kind)
    return draw(st.sampled_from(nodes)) if nodes else None


def edit_fields(draw: Draw, root: Branch, number: int) -> None:
    """Give some fields of a node other values."""
    branch = any_branch(draw, root)
    if branch is None:
        return
    other = draw(NODES[branch.kind])
    children = {name for _, name in FIELDS.get(branch.kind, [])}
    names = [f.name for f in dataclasses.fields(other) if f.name not in {"key", *children}]
    chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
    branch.node = dataclasses.replace(branch.node, **{n: getattr(other, n) for n in chosen})


def take(root: Branch, branch: Branch) -> None:
    """Remove a branch from its parent."""
    for parent in root.of(PARENTS[branch.kind]):
        siblings = parent.children[branch.kind]
        siblings[:] = [child for child in siblings if child is not branch]


def put(draw: Draw, root: Branch, branch: Branch) -> None:
    """Put a branch anywhere under any parent."""
    siblings = draw(st.sampled_from(root.of(PARENTS[branch.kind]))).children[branch.kind]
    siblings.insert(draw(st.integers(0, len(siblings))), branch)


def move(draw: Draw, root: Branch, number: int) -> None:
    """Give a node another place or another parent."""
    branch = any_branch(draw, root)
    if branch is not None:
        take(root, branch)
        put(draw, root, branch)


def remove(draw: Draw, root: Branch, number: int) -> None:
    """Remove a node; some of its children may move elsewhere."""
    branch = any_branch(draw, root)
    if branch is None:
        return
    take(root, branch)
    for kind, children in branch.children.items():
        for child in children:
            if root.of(PARENTS[kind]) and draw(st.booleans()):
                put(draw, root, child)


def add(draw: Draw, root: Branch, number: int) -> None:
    """Add a new node; some other nodes move into it, and some are added with it."""
    kind = draw(st.sampled_from(list(KEYS)))
    if not root.of(PARENTS[kind]):
        return
    branch = make_branch(draw, kind, f"new{number}")
    for child_kind, _ in FIELDS.get(kind, []):
        if draw(st.booleans()):
            branch.children[child_kind].append(make_branch(draw, child_kind, f"with{number}"))
        nodes = root.of(child_kind)
        if nodes and draw(st.booleans()):
            moving = draw(st.sampled_from(nodes))
            take(root, moving)
            branch.children[child_kind].append(moving)
    put(draw, root, branch)


def edit_frame(draw: Draw, root: Branch, number: int) -> None:
    """Give a field of the document or of its programme another value."""
    other = draw(frames)
    name = draw(st.sampled_from(["month", "drawn_up_on", "banner", "statuses", "programme"]))
    value = getattr(other, name)
    if name == "programme":
        fields = [f.name for f in dataclasses.fields(plan.Programme)]
        field = draw(st.sampled_from(fields))
        value = dataclasses.replace(root.node.programme, **{field: getattr(value, field)})
    root.node = dataclasses.replace(root.node, **{name: value})
