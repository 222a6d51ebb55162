"""Compare two texts word by word: what stayed, what was deleted, what was inserted. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from core.characters import as_displayed

PieceKind = Literal["same", "del", "ins"]

# The most pairs of equal tokens that difflib may look at in one pass.
MAX_PAIRS = 60_000
_WORDS = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; `kind` is same, del or ins. `text` is never empty."""

    kind: PieceKind
    text: str


def word_diff(old: str, new: str) -> tuple[Piece, ...]:
    """Find the pieces that turn `old` into `new`, in whole words; a deletion comes before its
    insertion.

    "same" and "ins" joined give `new`, "same" and "del" give `old`, both without invisible
    characters. Texts of 10,000 characters take less than 0.2 s, whatever their words.
    """
    before, after = _WORDS.findall(as_displayed(old)), _WORDS.findall(as_displayed(new))
    start = _equal_at_start(before, after)
    end = _equal_at_start(before[start:][::-1], after[start:][::-1])
    return _merged(
        [
            ("same", "".join(before[:start])),
            *_matched(before[start : len(before) - end], after[start : len(after) - end]),
            ("same", "".join(before[len(before) - end :])),
        ]
    )


def _matched(old: list[str], new: list[str]) -> Iterator[tuple[PieceKind, str]]:
    matcher = SequenceMatcher(_weak(old, new).__contains__, old, new, autojunk=False)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            yield "same", "".join(old[old_from:old_to])
        else:
            yield "del", "".join(old[old_from:old_to])
            yield "ins", "".join(new[new_from:new_to])


def _weak(old: list[str], new: list[str]) -> set[str]:
    """Find the tokens that are matched only beside a matched word: blanks, and in long texts the
    words that are so frequent that comparing all their pairs would be slow."""
    ours, theirs = Counter(old), Counter(new)
    weak = {token for token in theirs if token.isspace()}
    pairs = {token: n * theirs[token] for token, n in ours.items() if token not in weak}
    total = sum(pairs.values())
    for token in sorted(pairs, key=lambda token: (-pairs[token], token)):
        if total <= MAX_PAIRS:
            break
        weak.add(token)
        total -= pairs[token]
    return weak


def _equal_at_start(old: Sequence[str], new: Sequence[str]) -> int:
    number = 0
    for mine, other in zip(old, new, strict=False):
        if mine != other:
            break
        number += 1
    return number


def _merged(pieces: list[tuple[PieceKind, str]]) -> tuple[Piece, ...]:
    """Merge neighbours of one kind into one piece, and drop empty ones."""
    merged: list[Piece] = []
    for kind, text in pieces:
        if text and merged and merged[-1].kind == kind:
            merged[-1] = Piece(kind, merged[-1].text + text)
        elif text:
            merged.append(Piece(kind, text))
    return tuple(merged)
