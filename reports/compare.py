"""What changed between two plan documents, laid out to be read: principle, area, initiative.

Every change of `diff` that is not silent stands here exactly once: where its node stands in the
new document, a removed one where it stood. Templates only place what is here, and escape it. Pure:
no Django, no clock.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from functools import partial
from typing import Any, ClassVar

from core import danish
from core.characters import differ, seen
from initiatives import due, plan
from reports import diff
from reports.change_text import change_text, summary
from reports.change_words import name, quoted
from reports.plan_tree import CHILDREN, DOCUMENT, PROGRAMME, Kind, Ref, Tree, take_apart, title_of
from reports.text_diff import Piece, word_diff

NOTHING = "Ikke oplyst"
# Two texts that share less of the shorter one are no longer read word by word.
SHARED = 1 / 3


def anchor(change_id: str) -> str:
    """The id of a change on the page, to be linked to as "#…": another one for each change.

    "initiative:x:status" → "aendring-initiative__x__status"; letters, digits, "-" and "_" alone.
    """
    escaped = re.sub(
        r"[^a-zA-Z0-9-]",
        lambda found: "__" if found[0] == ":" else f"_{ord(found[0]):x}_",
        change_id,
    )
    return f"aendring-{escaped}"


# What is shown under a sentence. `template` draws it


@dataclass(frozen=True, slots=True)
class StatusPart:
    """A status before and after."""

    template: ClassVar[str] = "reports/_compare_status.html"
    label: ClassVar[str] = "Status"
    was: plan.StatusLabel
    now: plan.StatusLabel


@dataclass(frozen=True, slots=True)
class ValuePart:
    """A short value before and after, in words."""

    template: ClassVar[str] = "reports/_compare_value.html"
    label: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class TextPart:
    """A text word by word."""

    template: ClassVar[str] = "reports/_compare_text.html"
    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class WholePart:
    """A text that came, went or was written anew: not read word by word. One of them may be ""."""

    template: ClassVar[str] = "reports/_compare_whole.html"
    label: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class ListPart:
    """Several values, one line for each that stayed, came or went."""

    template: ClassVar[str] = "reports/_compare_list.html"
    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A node that came or went, in full: `lines` are (label, text), then what is inside it."""

    title: str
    status: plan.StatusLabel | None
    lines: tuple[tuple[str, str], ...]
    inside: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class NodePart:
    """A node that came ("ins") or went ("del"); `label` says so in a word."""

    template: ClassVar[str] = "reports/_compare_node.html"
    label: str
    kind: str
    node: Node


Part = StatusPart | ValuePart | TextPart | WholePart | ListPart | NodePart


# The page


@dataclass(frozen=True, slots=True)
class Told:
    """A change: its sentence, and below it what was and what is. `anchor` is its id."""

    anchor: str
    sentence: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Unchanged:
    """What stands as it stood, of an initiative of which something else changed."""

    anchor: ClassVar[str] = ""
    label: str
    text: str
    status: plan.StatusLabel | None = None


@dataclass(frozen=True, slots=True)
class Initiative:
    """An initiative with its changes; without any it is one line with its `status`."""

    title: str
    status: plan.StatusLabel
    entries: tuple[Told | Unchanged, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """An area: changes of its own, then its initiatives."""

    title: str
    entries: tuple[Told, ...]
    initiatives: tuple[Initiative, ...]


@dataclass(frozen=True, slots=True)
class Principle:
    """A principle: changes of its own, then its areas. `count` says how many changes in all."""

    title: str
    entries: tuple[Told, ...]
    areas: tuple[Area, ...]
    count: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole page: a sentence, the changes of the frame, and the plan."""

    summary: str
    frame: tuple[Told, ...]
    principles: tuple[Principle, ...]

    def changes(self) -> Iterator[Told]:
        """Every change, as the page shows them."""
        yield from self.frame
        for principle in self.principles:
            yield from _changes_in(principle.entries, principle.areas)


def make_comparison(
    old: plan.PlanDocument,
    new: plan.PlanDocument,
    *,
    everything: bool = False,
    by_day: bool = False,
) -> Comparison:
    """What changed from `old` to `new`; with `everything` the rest of the new plan too. `by_day`
    calls the old one by its day, not by its month.

    ValueError when a document holds a key twice in one kind.
    """
    changes = diff.diff(old, new)
    both = _Both(changes, take_apart(old), take_apart(new), {}, everything)
    told_in_short = change_text(changes, with_texts=False)
    sentences = {sentence.change_id: sentence.text for sentence in told_in_short}
    for change in changes.changes:
        if not change.is_silent:
            told = Told(anchor(change.id), sentences[change.id], tuple(_parts(both, change)))
            both.told.setdefault((change.kind, change.key), []).append(told)
    return Comparison(
        summary(changes, by_day=by_day),
        (*both.of(DOCUMENT), *both.of(PROGRAMME)),
        tuple(_wanted(_principle(both, ref) for ref in both.children("principle", DOCUMENT))),
    )


# Laying it out


@dataclass(frozen=True, slots=True)
class _Both:
    """The two documents as trees, and what is told of each node."""

    changes: diff.Diff
    before: Tree
    after: Tree
    told: dict[Ref, list[Told]]
    everything: bool

    def of(self, ref: Ref) -> tuple[Told, ...]:
        """The changes of one node itself."""
        return tuple(self.told.get(ref, ()))

    def title(self, ref: Ref) -> str:
        """What the node is called now, or was."""
        return name((self.after if ref in self.after.nodes else self.before).nodes[ref].title)

    def is_shown_unchanged(self, ref: Ref) -> bool:
        """Whether the node stands in both documents and everything is asked for."""
        return self.everything and ref in self.before.nodes and ref in self.after.nodes

    def children(self, kind: Kind, parent: Ref) -> list[Ref]:
        """The children in the order of the new document, those removed where they stood."""
        keys = list(self.after.order.get((kind, parent[1]), ()))
        stood = self.before.order.get((kind, parent[1]), [])
        for number, key in enumerate(stood):
            if (kind, key) not in self.after.nodes:
                earlier = (other for other in reversed(stood[:number]) if other in keys)
                found = next(earlier, None)
                keys.insert(0 if found is None else keys.index(found) + 1, key)
        return [(kind, key) for key in keys]


def _wanted(found: Iterable[Any]) -> Iterator[Any]:
    return (part for part in found if part is not None)


def _principle(both: _Both, ref: Ref) -> Principle | None:
    entries = both.of(ref)
    areas = tuple(_wanted(_area(both, child) for child in both.children("area", ref)))
    if not (entries or areas or both.is_shown_unchanged(ref)):
        return None
    number = sum(1 for _ in _changes_in(entries, areas))
    return Principle(both.title(ref), entries, areas, danish.count(number, "ændring", "ændringer"))


def _area(both: _Both, ref: Ref) -> Area | None:
    entries = both.of(ref)
    found = (_initiative(both, child) for child in both.children("initiative", ref))
    initiatives = tuple(_wanted(found))
    if not (entries or initiatives or both.is_shown_unchanged(ref)):
        return None
    return Area(both.title(ref), entries, initiatives)


def _initiative(both: _Both, ref: Ref) -> Initiative | None:
    own = both.of(ref)
    inside = [
        entry
        for _, kind in CHILDREN["initiative"]
        for child in both.children(kind, ref)
        for entry in both.of(child) or _unchanged(both, child)
    ]
    is_in_both = both.is_shown_unchanged(ref)
    changed = own or any(isinstance(entry, Told) for entry in inside)
    if not (changed or is_in_both):
        return None
    is_now = ref in both.after.nodes
    node = (both.after if is_now else both.before).nodes[ref]
    status = _status(both.changes.new if is_now else both.changes.old, node.status)
    entries: list[Told | Unchanged] = [*own]
    if is_in_both and both.before.nodes[ref].status == node.status:
        entries.append(Unchanged("Status", "", status))
    entries += inside
    return Initiative(both.title(ref), status, tuple(entries) if changed else ())


def _unchanged(both: _Both, ref: Ref) -> tuple[Unchanged, ...]:
    if not both.is_shown_unchanged(ref):
        return ()
    node = both.after.nodes[ref]
    if ref[0] == "action":
        return (Unchanged("Indsats", node.title),)
    return (Unchanged(node.fact_label, node.wording),)


def _changes_in(entries: Iterable[Told], areas: Iterable[Area]) -> Iterator[Told]:
    yield from entries
    for area in areas:
        yield from area.entries
        for initiative in area.initiatives:
            yield from (entry for entry in initiative.entries if isinstance(entry, Told))


# What was and what is


def _parts(both: _Both, change: diff.Change) -> Iterator[Part]:
    if isinstance(change, diff.Added):
        yield NodePart("Tilføjet", "ins", _node(both.changes.new, change.kind, change.node))
    elif isinstance(change, diff.Removed):
        yield NodePart("Udgået", "del", _node(both.changes.old, change.kind, change.node))
    elif isinstance(change, diff.Moved):
        yield _moved(both, change)
    elif isinstance(change, diff.Edited):
        if change.what in ("status", "judgement"):
            yield from _judged(both.changes, change)
        else:
            yield from _EDITED[change.kind, change.what](change)


def _moved(both: _Both, change: diff.Moved) -> Part:
    if change.is_reordered:
        was = _after(both.before, change.kind, change.old)
        return ValuePart("Plads", was, _after(both.after, change.kind, change.new))
    return ValuePart("Står under", _path(change.old), _path(change.new))


def _after(tree: Tree, kind: Kind, place: diff.Place) -> str:
    if place.after is None:
        return "først"
    return f"efter {quoted(title_of(tree, (kind, place.after)))}"


def _path(place: diff.Place) -> str:
    return " › ".join(name(title) for title in place.path)


def _judged(changes: diff.Diff, change: diff.Edited) -> Iterator[Part]:
    """The status, what deviates and the reason; when judged, where nothing else is new."""
    old, new = change.old.judgement, change.new.judgement
    if change.what == "status":
        was, now = _status(changes.old, change.old.status), _status(changes.new, change.new.status)
        yield StatusPart(was, now)
    yield from _value("Det, der afviger", _deviates(old), _deviates(new))
    yield from _text("Begrundelse", old.reason if old else "", new.reason if new else "")


def _deviates(judgement: plan.Judgement | None) -> str:
    words = danish.listed(judgement.deviates if judgement else ())
    return danish.capitalise(words.lower()) or "Intet angivet"


def _deadline(change: diff.Edited) -> Iterator[Part]:
    """Every group of a deadline's fields: its art, its days, how it came to them, its words."""
    old: plan.Deadline = change.old
    new: plan.Deadline = change.new
    if change.what != "met":
        yield from _value("Art", old.fact_label, new.fact_label)
        yield from _value("Dato", _when(old), _when(new))
        yield from _value("Opstart", *map(_day, (old.opens_on, new.opens_on)))
        if _when(old) == _when(new):
            yield from _value("Datoer hidtil", *map(_chain, (old, new)))
        yield from _value("Datoen er", *map(_origin, (old, new)))
        yield from _text("Ordlyd", old.wording, new.wording)
    if "met_on" in change.names:
        label = "Resultat" if new.fact == "presentation" else "Opfyldt"
        yield from _value(label, *map(_day, (old.met_on, new.met_on)))


def _when(deadline: plan.Deadline) -> str:
    return danish.capitalise(due.words(deadline.term))


def _day(day: date | None) -> str:
    return danish.day(day) if day else NOTHING


def _chain(deadline: plan.Deadline) -> str:
    return danish.capitalise(", derefter ".join(due.chain_words(deadline)))


def _origin(deadline: plan.Deadline) -> str:
    return "Angivet manuelt" if deadline.set_by_hand else "Læst af ordlyden"


def _action_of(change: diff.Edited) -> Iterator[Part]:
    none = "Hele initiativet"
    yield from _value("Hører til", change.old_link or none, change.new_link or none)


def _title(change: diff.Edited, label: str = "Titel") -> Iterator[Part]:
    return _text(label, change.old.title, change.new.title)


def _field(change: diff.Edited, label: str, field: str) -> Iterator[Part]:
    return _text(label, getattr(change.old, field), getattr(change.new, field))


def _items(
    change: diff.Edited, label: str, words: Callable[[Any], Iterable[str]]
) -> Iterator[Part]:
    old, new = tuple(words(change.old)), tuple(words(change.new))
    if old != new:
        yield ListPart(label, _list_diff(old, new))


def _marks(node: plan.Initiative) -> Iterator[str]:
    return (f"{mark.label}: {mark.detail}" if mark.detail else mark.label for mark in node.marks)


def _years(node: plan.Area) -> Iterator[str]:
    for year in node.years:
        also = f" (også {year.repeated_number})" if year.repeated_number is not None else ""
        yield f"Program {year.year}: nr. {year.number}{also}"


def _purposes(node: plan.Programme) -> Iterable[str]:
    return node.purposes


def _statuses(node: plan.PlanDocument) -> Iterator[str]:
    return (f"{status.label}: {status.meaning}" for status in node.statuses)


def _top_level(change: diff.Edited) -> Iterator[Part]:
    yield from _field(change, "Øverste niveau", "top_level_label")
    yield from _field(change, "I flertal", "top_level_label_plural")


_ASK = "Til beslutning"
_TEXT = "Tekst til statusopgørelsen"
_EDITED: dict[tuple[str, str], Callable[[diff.Edited], Iterator[Part]]] = {
    **{(kind, "title"): _title for kind in ("programme", "principle", "area", "initiative")},
    ("action", "title"): partial(_title, label="Indsats"),
    ("initiative", "ask"): partial(_field, label=_ASK, field="ask"),
    ("initiative", "report_text"): partial(_field, label=_TEXT, field="report_text"),
    ("initiative", "marks"): partial(_items, label="Markering", words=_marks),
    **dict.fromkeys(
        (("deadline", what) for what in ("move", "fact", "wording", "moves", "reading", "met")),
        _deadline,
    ),
    ("deadline", "action"): _action_of,
    ("area", "years"): partial(_items, label="Programår", words=_years),
    ("document", "banner"): partial(_field, label="Bemærkning", field="banner"),
    ("document", "statuses"): partial(_items, label="Statusser", words=_statuses),
    ("programme", "authority"): partial(_field, label="Hører under", field="authority"),
    ("programme", "top_level"): _top_level,
    ("programme", "purposes"): partial(_items, label="Formål", words=_purposes),
}


def _value(label: str, was: str | None, now: str | None) -> Iterator[ValuePart]:
    if differ(was, now):
        yield ValuePart(label, was or NOTHING, now or NOTHING)


def _text(label: str, was: str, now: str) -> Iterator[TextPart | WholePart]:
    """Word by word, where there was a text and the new one is not written anew."""
    if not differ(was, now):
        return
    pieces = word_diff(was, now)
    same = sum(len(piece.text) for piece in pieces if piece.kind == "same")
    if not (was and now) or same < SHARED * min(len(was), len(now)):
        yield WholePart(label, was, now)
    else:
        yield TextPart(label, tuple(_framed(pieces)))


def _framed(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Blanks before and after what came stand outside its frame."""
    for piece in pieces:
        words = piece.text.strip()
        if piece.kind != "ins" or not words:
            yield piece
            continue
        before, _, after = piece.text.partition(words)
        around = (Piece("same", before), Piece("ins", words), Piece("same", after))
        yield from (part for part in around if part.text)


def _list_diff(old: Sequence[str], new: Sequence[str]) -> tuple[Piece, ...]:
    """Each item whole: those that went before those that came in their place."""
    found: list[Piece] = []
    alike = [seen(item) for item in old], [seen(item) for item in new]
    for what, a, b, c, d in SequenceMatcher(None, *alike, autojunk=False).get_opcodes():
        if what == "equal":
            found += (Piece("same", item) for item in old[a:b])
        else:
            found += (Piece("del", item) for item in old[a:b])
            found += (Piece("ins", item) for item in new[c:d])
    return tuple(found)


def _status(document: plan.PlanDocument, value: str) -> plan.StatusLabel:
    """The status as it was called; its value when the document doesn't know it."""
    try:
        return document.status(value)
    except KeyError:
        return plan.StatusLabel(value, name(value, NOTHING), "not-reported", "", "", "")


# A node in full


def _node(document: plan.PlanDocument, kind: Kind, node: Any) -> Node:
    status = _status(document, node.status) if kind == "initiative" else None
    lines = tuple(line for line in _lines(kind, node) if line[1])
    inside = tuple(
        _node(document, child_kind, child)
        for field, child_kind in CHILDREN.get(kind, ())
        if kind != "initiative"
        for child in getattr(node, field)
    )
    title = node.wording if kind == "deadline" else node.title
    return Node(name(title), status, lines, inside)


def _lines(kind: Kind, node: Any) -> Iterator[tuple[str, str]]:
    if kind == "area":
        yield "Programår", danish.listed(_years(node))
    elif kind == "deadline":
        yield "Art", node.fact_label
        yield "Dato", _when(node) if node.term.has_days else ""
        yield "Opstart", _day(node.opens_on) if node.opens_on else ""
    elif kind == "initiative":
        judgement = node.judgement
        yield "Det, der afviger", _deviates(judgement) if judgement and judgement.deviates else ""
        yield "Begrundelse", judgement.reason if judgement else ""
        yield "Markering", danish.listed(_marks(node))
        yield _ASK, node.ask
        yield _TEXT, node.report_text
        yield from (("Indsats", action.title) for action in node.actions)
        yield from ((deadline.fact_label, deadline.wording) for deadline in node.deadlines)
