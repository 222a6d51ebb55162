"""A move as a sentence of history, for every form of its days."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from deadlines import parse
from deadlines.term import Term
from initiatives.history.sentences import move_entry
from initiatives.models import DeadlineMove
from initiatives.models.movable import moved_words

DAY = date(2026, 2, 26)
Cause = DeadlineMove.Cause


def term(wording: str) -> Term:
    parsed = parse(wording, DAY)
    return Term(wording, parsed.start, parsed.end, parsed.kind)


def sentence_of(old: str | None, new: str, cause: str = Cause.EDIT, reason: str = "") -> str:
    move: Any = SimpleNamespace(
        pk=1,
        by_name="Anna",
        moved_on=DAY,
        recorded_at=datetime(2026, 2, 26, tzinfo=UTC),
        action_title="Skabelon",
        old_term=None if old is None else term(old),
        new_term=term(new),
        cause=cause,
        reason=reason,
    )
    return move_entry(move).text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("old", "new", "days"),
    [
        ("marts 2026", "medio 2026", "fra marts 2026 til medio 2026"),
        (
            "ved udgangen af 2026",
            "udgangen af 2027",
            "fra udgangen af 2026 til udgangen af 2027",
        ),
        (
            "senest 1. juni 2028",
            "1. juli 2028",
            "fra den 1. juni 2028 til den 1. juli 2028",
        ),
        ("opstart 6/3-2026", "2026-2027", "fra tidligst den 6. marts 2026 til perioden 2026–2027"),
        (None, "inden jul 2026", "fra ikke oplyst til før jul 2026"),
    ],
)
def test_a_move_as_a_sentence(old: str | None, new: str, days: str):
    assert sentence_of(old, new) == (
        f"Anna flyttede deadline for »Skabelon« {days} den 26. februar 2026."
    )
    assert (
        sentence_of(old, new, Cause.IMPORT)
        == f"Deadline for »Skabelon« er i kilden flyttet {days}."
    )
    assert sentence_of(old, new, Cause.CORRECTION, "Slåfejl.") == (
        f"Anna rettede deadline for »Skabelon« {days} den 26. februar 2026 (en fejl). "
        "Begrundelse: Slåfejl."
    )


def test_a_removed_date_and_an_added_date():
    assert sentence_of("ved udgangen af 2026", "på pause") == (
        "Anna fjernede datoen for »Skabelon« den 26. februar 2026 "
        "(før: ved udgangen af 2026, nu: på pause)."
    )
    assert sentence_of("på pause", "senest 1. juni 2028") == (
        "Anna satte deadline for »Skabelon« til den 1. juni 2028 den 26. februar 2026 "
        "(før: på pause)."
    )


def test_the_sentence_that_announces_a_move():
    ends, later = term("ved udgangen af 2026"), term("senest 1. juni 2028")
    sentence = moved_words(ends, later).replace("\N{NO-BREAK SPACE}", " ")
    assert sentence == "Den flyttes fra udgangen af 2026 til den 1. juni 2028."
    sentence = moved_words(ends, term("")).replace("\N{NO-BREAK SPACE}", " ")
    assert sentence == "Den har ikke længere en dato. Før: ved udgangen af 2026."
