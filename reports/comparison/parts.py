"""Make the parts of a comparison, for each kind of change."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from difflib import SequenceMatcher
from functools import partial
from typing import Any

import plan
from core import danish
from core.characters import as_displayed, differ
from deadlines import naming
from plan import due
from plan.fact import Fact
from reports.comparison import diff
from reports.comparison.change_words import name, quoted
from reports.comparison.page import (
    Both,
    ListPart,
    Node,
    NodePart,
    Part,
    StatusPart,
    TextPart,
    ValuePart,
    WholePart,
)
from reports.comparison.plan_tree import (
    CHILDREN,
    Kind,
    Tree,
    title_of,
)
from reports.comparison.text_diff import Piece, word_diff

NOTHING = "Ikke oplyst"
# Texts are compared word by word when they share at least this much of the shorter one.
MIN_SHARED = 1 / 3


# Before and after


def parts_of(both: Both, change: diff.Change) -> Iterator[Part]:
    """Yield what is shown under the sentence of a change."""
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


def _moved(both: Both, change: diff.Moved) -> Part:
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
    """Yield the status, what deviates and the reason, as far as they changed."""
    old, new = change.old.judgement, change.new.judgement
    if change.what == "status":
        was, now = (
            status_label(changes.old, change.old.status),
            status_label(changes.new, change.new.status),
        )
        yield StatusPart(was, now)
    yield from _value("Det, der afviger", _deviates(old), _deviates(new))
    yield from _text("Begrundelse", old.reason if old else "", new.reason if new else "")


def _deviates(judgement: plan.Judgement | None) -> str:
    words = danish.listed(judgement.deviates if judgement else ())
    return danish.capitalise(words.lower()) or "Intet angivet"


def _deadline(change: diff.Edited) -> Iterator[Part]:
    """Yield what changed of a deadline: its fact, its days and where they come from, its
    wording."""
    old: plan.Deadline = change.old
    new: plan.Deadline = change.new
    if change.what != "met":
        yield from _value("Art", old.fact_label, new.fact_label)
        yield from _value("Dato", _when(old), _when(new))
        yield from _value("Opstart", *map(_day_or_nothing, (old.opens_on, new.opens_on)))
        if _when(old) == _when(new):
            yield from _value("Datoer hidtil", *map(_chain, (old, new)))
        yield from _value("Datoen er", *map(_origin, (old, new)))
        yield from _text("Ordlyd", old.wording, new.wording)
    if "met_on" in change.names:
        label = "Udfaldet forelå" if new.fact == Fact.PRESENTATION else "Opfyldt"
        yield from _value(label, *map(_day_or_nothing, (old.met_on, new.met_on)))
        yield from _value("Udfald", old.outcome or NOTHING, new.outcome or NOTHING)
        yield from _text("Bemærkning til udfaldet", old.outcome_remark, new.outcome_remark)


def _when(deadline: plan.Deadline) -> str:
    return danish.capitalise(naming.words(deadline.term))


def _day_or_nothing(day: date | None) -> str:
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
_TEXT = "Uddybning"
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
    """Yield the texts compared word by word, or whole when one is empty or the new one is
    rewritten."""
    if not differ(was, now):
        return
    pieces = word_diff(was, now)
    same = sum(len(piece.text) for piece in pieces if piece.kind == "same")
    if not (was and now) or same < MIN_SHARED * min(len(was), len(now)):
        yield WholePart(label, was, now)
    else:
        yield TextPart(label, tuple(_framed(pieces)))


def _framed(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Put the blanks around an inserted text outside its frame."""
    for piece in pieces:
        words = piece.text.strip()
        if piece.kind != "ins" or not words:
            yield piece
            continue
        before, _, after = piece.text.partition(words)
        around = (Piece("same", before), Piece("ins", words), Piece("same", after))
        yield from (part for part in around if part.text)


def _list_diff(old: Sequence[str], new: Sequence[str]) -> tuple[Piece, ...]:
    """Compare whole items: removed ones come before those that took their place."""
    pieces: list[Piece] = []
    visible = [as_displayed(item) for item in old], [as_displayed(item) for item in new]
    for what, a, b, c, d in SequenceMatcher(None, *visible, autojunk=False).get_opcodes():
        if what == "equal":
            pieces += (Piece("same", item) for item in old[a:b])
        else:
            pieces += (Piece("del", item) for item in old[a:b])
            pieces += (Piece("ins", item) for item in new[c:d])
    return tuple(pieces)


def status_label(document: plan.PlanDocument, value: str) -> plan.StatusLabel:
    """Return the status as the document calls it; named by its value when the document doesn't
    know it."""
    try:
        return document.status(value)
    except KeyError:
        return plan.StatusLabel(value, name(value, NOTHING), "not-reported", "", "", "")


# A node in full


def _node(document: plan.PlanDocument, kind: Kind, node: Any) -> Node:
    status = status_label(document, node.status) if kind == "initiative" else None
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
        yield "Opstart", danish.day(node.opens_on) if node.opens_on else ""
    elif kind == "initiative":
        judgement = node.judgement
        yield "Det, der afviger", _deviates(judgement) if judgement and judgement.deviates else ""
        yield "Begrundelse", judgement.reason if judgement else ""
        yield "Markering", danish.listed(_marks(node))
        yield _ASK, node.ask
        yield _TEXT, node.report_text
        yield from (("Indsats", action.title) for action in node.actions)
        yield from ((deadline.fact_label, deadline.wording) for deadline in node.deadlines)
