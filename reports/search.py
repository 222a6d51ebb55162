"""Searching the plan document: which initiatives a text is found in, and where, in context.

Pure. Letters are compared casefolded, so that "økonomi" finds "Økonomi" on both databases; every
word must be found somewhere in the initiative or in the title of its indsatsområde. The title of
its princip is not searched: every initiative under it would be found.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from initiatives import plan

# Letters around the first hit of a text.
CONTEXT = 80
MOST_WORDS = 8
_AROUND = "»«\"'“”„‘’.,:;!?()[]…"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an excerpt; `is_hit` is what was searched for."""

    text: str
    is_hit: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A text in which something was found: what it is ("Indsats") and an excerpt."""

    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """An initiative in which every word was found."""

    key: str
    title: tuple[Piece, ...]
    path: str
    status: plan.StatusLabel
    places: tuple[Place, ...]


def words_of(text: str) -> tuple[str, ...]:
    """The words of a search, at most eight, casefolded and without the quotation marks and the
    punctuation around them; "" gives none."""
    typed = (word.strip(_AROUND) or word for word in text.casefold().split())
    return tuple(dict.fromkeys(typed))[:MOST_WORDS]


def search(
    document: plan.PlanDocument, words: tuple[str, ...], also: frozenset[str] = frozenset()
) -> list[Hit]:
    """The initiatives in which every word is found, those with a hit in the title first.

    `also` are keys that another search has found: they are hits whatever their letters say.
    """
    if not words:
        return []
    hits = [
        (not _found_in(item.title, words), hit)
        for principle in document.principles
        for area in principle.areas
        for item in area.initiatives
        if (hit := _hit(document, principle, area, item, words, item.key in also))
    ]
    return [hit for _, hit in sorted(hits, key=lambda pair: pair[0])]


Searched = tuple[str, str]


def searched_texts(document: plan.PlanDocument) -> tuple[Searched, ...]:
    """The title of each initiative, and what is searched of it, casefolded. What is the same in
    other documents is one string in memory."""
    return tuple(
        (sys.intern(item.title), sys.intern(_folded(_texts(area, item))))
        for principle in document.principles
        for area in principle.areas
        for item in area.initiatives
    )


def titles_of(texts: Iterable[Searched], words: tuple[str, ...]) -> list[str]:
    """The titles of those in whose searched text every word is found."""
    return [title for title, text in texts if _is_hit(text, words)]


def is_name(name: str, words: tuple[str, ...]) -> bool:
    """Whether each word is the beginning of one in `name`, and each number one of its numbers."""
    parts = re.findall(r"\w+", name.casefold())
    typed = re.findall(r"\w+", " ".join(words))
    return bool(typed) and all(
        word in parts or (not word.isdecimal() and any(part.startswith(word) for part in parts))
        for word in typed
    )


def excerpt(text: str, words: tuple[str, ...], most: int = 2 * CONTEXT) -> tuple[Piece, ...]:
    """`text` around its first hit, with each hit told apart; the whole text when it is short."""
    line = " ".join(text.split())
    pattern = _pattern(words)
    first = pattern.search(line)
    start = max(0, first.start() - CONTEXT) if first and len(line) > most else 0
    end = len(line) if len(line) <= most else min(len(line), start + most)
    # Cut between words.
    if start:
        start = line.find(" ", start, first.start() if first else None) + 1 or start
    if end < len(line):
        from_hit = first.end() if first else start
        end = line.rfind(" ", from_hit, end) if " " in line[from_hit:end] else end
    shown = line[start:end]
    pieces = [Piece("… ", False)] if start else []
    pieces += _pieces(shown, pattern)
    if end < len(line):
        pieces.append(Piece(" …", False))
    return tuple(pieces)


def _hit(
    document: plan.PlanDocument,
    principle: plan.Principle,
    area: plan.Area,
    item: plan.Initiative,
    words: tuple[str, ...],
    is_known: bool,
) -> Hit | None:
    texts = list(_texts(area, item))
    if not is_known and not _is_hit(_folded(texts), words):
        return None
    places = tuple(
        Place(label, excerpt(text, words))
        for label, text in texts
        if label != "Titel" and _found_in(text, words)
    )
    return Hit(
        key=item.key,
        title=tuple(_pieces(item.title, _pattern(words))),
        path=f"{principle.title} · {area.title}",
        status=document.status(item.status),
        places=places,
    )


def _texts(area: plan.Area, item: plan.Initiative) -> Iterator[tuple[str, str]]:
    yield "Titel", item.title
    yield "Indsatsområde", area.title
    for action in item.actions:
        yield "Indsats", action.title
    for deadline in item.deadlines:
        yield deadline.fact_label, deadline.wording
    if item.judgement:
        yield "Begrundelse", item.judgement.reason
    yield "Til Implementeringsgruppen", item.ask
    yield "Tekst til statusopgørelsen", item.report_text
    for mark in item.marks:
        yield mark.label, mark.detail


def _folded(texts: Iterable[tuple[str, str]]) -> str:
    return "\n".join(text for _, text in texts).casefold()


def _is_hit(folded: str, words: tuple[str, ...]) -> bool:
    return all(word in folded for word in words)


def _found_in(text: str, words: tuple[str, ...]) -> bool:
    folded = text.casefold()
    return any(word in folded for word in words)


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)", re.IGNORECASE)


def _pieces(text: str, pattern: re.Pattern[str]) -> Iterator[Piece]:
    at = 0
    for found in pattern.finditer(text):
        if found.start() > at:
            yield Piece(text[at : found.start()], False)
        yield Piece(found.group(), True)
        at = found.end()
    if at < len(text):
        yield Piece(text[at:], False)
