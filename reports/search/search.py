"""Search the plan document: find the initiatives with a text, and where it stands, in context.

Texts and words are compared folded (`core.characters.fold`), on both databases alike; every
word must be found somewhere in the initiative or in the title of its indsatsområde. The title of
its princip is not searched: every initiative under it would be found.
"""

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import plan
from core.characters import fold, fold_lines, fold_typed, fold_with_places, in_one_line
from initiatives.sources.live import KeptDocument

# Letters around the first hit of a text.
CONTEXT = 80
MAX_WORDS = 8
_PUNCTUATION = "\"'.,:;!?()[]"


@dataclass(frozen=True, slots=True)
class ExcerptPiece:
    """A part of an excerpt; `is_hit` says that it was searched for."""

    text: str
    is_hit: bool


@dataclass(frozen=True, slots=True)
class MatchedText:
    """A text in which something was found: what it is ("Indsats") and an excerpt."""

    label: str
    pieces: tuple[ExcerptPiece, ...]


@dataclass(frozen=True)
class Hit:
    """An initiative in which every word was found, with its texts, each after what it is
    ("Indsats"). The places of the words are looked up only when the hit is shown, since a page
    shows only some of the hits."""

    key: str
    texts: tuple[tuple[str, str], ...]
    words: tuple[str, ...]
    path: str
    status: plan.StatusLabel

    @cached_property
    def title(self) -> tuple[ExcerptPiece, ...]:
        """The title, whole."""
        title = self.texts[0][1]
        return excerpt(title, self.words, most=len(title))

    @cached_property
    def places(self) -> tuple[MatchedText, ...]:
        """The other texts in which one of the words was found."""
        return tuple(
            MatchedText(label, excerpt(text, self.words))
            for label, text in self.texts[1:]
            if _found_in(text, self.words)
        )


def words_of(text: str) -> tuple[str, ...]:
    """Split a search into its words, at most eight, folded and without the quotation marks and the
    punctuation around them; "" gives none."""
    words = (fold_typed(word.strip(_PUNCTUATION) or word) for word in fold(text).split())
    return tuple(dict.fromkeys(words))[:MAX_WORDS]


@dataclass(frozen=True, slots=True)
class _SearchedInitiative:
    """An initiative with its texts, as they are shown and, `folded`, as they are searched."""

    key: str
    texts: tuple[tuple[str, str], ...]
    folded: str
    path: str
    status: plan.StatusLabel


def search(
    kept: KeptDocument, words: tuple[str, ...], also: frozenset[str] = frozenset()
) -> list[Hit]:
    """Find the initiatives with every word in them, those with a hit in the title first. What is
    searched is kept with the plan.

    `also` are keys that another search has found: they are hits too, even without the words.
    """
    if not words:
        return []
    hits = [
        Hit(item.key, item.texts, words, item.path, item.status)
        for item in kept.drawn(_searched_initiatives)
        if item.key in also or _is_hit(item.folded, words)
    ]
    return sorted(hits, key=lambda hit: not _found_in(hit.texts[0][1], words))


def _searched_initiatives(kept: KeptDocument) -> tuple[_SearchedInitiative, ...]:
    document = kept.document
    return tuple(
        _SearchedInitiative(
            key=item.key,
            texts=(texts := tuple(_texts(area, item))),
            folded=_folded(texts),
            path=f"{principle.title} · {area.title}",
            status=document.status(item.status),
        )
        for principle in document.principles
        for area in principle.areas
        for item in area.initiatives
    )


# The title of an initiative, and its searched text, folded.
Searched = tuple[str, str]


def searched_texts(document: plan.PlanDocument) -> tuple[Searched, ...]:
    """List the title of each initiative with its searched text, folded. A text that is the same in
    several documents is one string in memory."""
    return tuple(
        (sys.intern(item.title), sys.intern(_folded(_texts(area, item))))
        for principle in document.principles
        for area in principle.areas
        for item in area.initiatives
    )


def titles_of(texts: Iterable[Searched], words: tuple[str, ...]) -> list[str]:
    """List the titles of those whose searched text has every word."""
    return [title for title, text in texts if _is_hit(text, words)]


def is_name(name: str, words: tuple[str, ...]) -> bool:
    """Whether each word is the beginning of a word in `name`, and each number one of its
    numbers."""
    parts = re.findall(r"\w+", fold(name))
    typed = re.findall(r"\w+", " ".join(words))
    return bool(typed) and all(
        word in parts or (not word.isdecimal() and any(part.startswith(word) for part in parts))
        for word in typed
    )


def excerpt(text: str, words: tuple[str, ...], most: int = 2 * CONTEXT) -> tuple[ExcerptPiece, ...]:
    """Cut `text` on one line around its first hit, with each hit as a piece; the whole text when it
    is short."""
    line = in_one_line(text)
    hits = list(_hits(line, words))
    first = hits[0] if hits else None
    start = max(0, first[0] - CONTEXT) if first and len(line) > most else 0
    end = len(line) if len(line) <= most else min(len(line), start + most)
    # Cut between words.
    if start:
        start = line.find(" ", start, first[0] if first else None) + 1 or start
    if end < len(line):
        from_hit = first[1] if first else start
        end = line.rfind(" ", from_hit, end) if " " in line[from_hit:end] else end
    pieces = [ExcerptPiece("… ", False)] if start else []
    pieces += _pieces(line, hits, start, end)
    if end < len(line):
        pieces.append(ExcerptPiece(" …", False))
    return tuple(pieces)


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
    yield "Uddybning", item.report_text
    for mark in item.marks:
        yield mark.label, mark.detail


def _folded(texts: Iterable[tuple[str, str]]) -> str:
    return fold_lines(tuple(text for _, text in texts))


def _is_hit(folded: str, words: tuple[str, ...]) -> bool:
    return all(word in folded for word in words)


def _found_in(text: str, words: tuple[str, ...]) -> bool:
    folded = fold(text)
    return any(word in folded for word in words)


def _hits(line: str, words: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Find where the words begin and end in `line`, in order and without overlap."""
    folded, places = fold_with_places(line)
    longest_first = sorted(words, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
    end = 0
    for match in pattern.finditer(folded):
        # A hit in half of a ligature is the whole of it: "ﬁ" is one character.
        start, last = max(end, places[match.start()]), places[match.end() - 1]
        if start <= last:
            end = last + 1
            while line[end : end + 1] and unicodedata.combining(line[end]):
                end += 1
            yield start, end


def _pieces(
    line: str, hits: Iterable[tuple[int, int]], start: int, end: int
) -> Iterator[ExcerptPiece]:
    """Split `line` from `start` to `end` into the hits in it and the text between them."""
    at = start
    for first, after in hits:
        if after <= start or first >= end:
            continue
        if first > at:
            yield ExcerptPiece(line[at:first], False)
        yield ExcerptPiece(line[max(first, at) : min(after, end)], True)
        at = min(after, end)
    if at < end:
        yield ExcerptPiece(line[at:end], False)
