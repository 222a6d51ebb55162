"""What happens to each character of a pasted text, and how two texts are compared."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.characters import (
    REFUSED,
    as_displayed,
    differ,
    fold,
    fold_typed,
    fold_with_places,
    in_one_line,
    looks_alike,
    normalise,
)

ODD = "\u200b\u200d\ufe0f\u20e3\ufffc\u2800\uf0b7\uf0fc\u030a\u0301\xa0\u202f\u2028\x0b\r\x1e\u3164"
text = st.text(
    st.characters() | st.sampled_from(f"{ODD}\xad\n❤👩💻🏽1aåäAﬁ’–- ") | st.sampled_from("aAbå-' "),
    max_size=12,
)


def is_unseen(character: str) -> bool:
    """Whether Unicode says that a character takes no place when no font draws it, or that it
    formats the text around it. Some such signs of Arabic are drawn."""
    is_drawn = character in "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2"
    is_drawn |= character in "\U000110bd\U000110cd" or "\U00013430" <= character <= "\U0001345f"
    others = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
    return (unicodedata.category(character) == "Cf" and not is_drawn) or character in others


# What comes in


@pytest.mark.parametrize(
    ("pasted", "stored"),
    [
        ("\uf0b7\tFørste punkt", "•\tFørste punkt"),
        ("\uf0a7 A\n\uf0d8 B\n\uf0fc C\n\uf0a8 D\n\uf076 E", "▪ A\n➢ B\n✓ C\n◻ D\n❖ E"),
        ("før\uf0e0efter", "før→efter"),
        ("En\x0bto\x0ctre\u2028fire\u2029fem\x85seks", "En\nto\ntre\nfire\nfem\nseks"),
        ("En\r\nto\rtre", "En\nto\ntre"),
        ("kontrakt\xadanalyse", "kontraktanalyse"),
        ("Word\x1fs bløde og hår\x1ede", "Words bløde og hår‑de"),
        ("a\u200bb\u200cc\u200dd\u2060e\ufefff\u180eg", "abcdefg"),
        ("\u202emodsat\u202c \u200f\u2066her\u2069\u061c", "modsat her"),
        ("a\u3164\u115f\uffa0\u2061\u034f\U000e0041b", "ab"),
        ("a\u2003b\u3000c\u2800d\u1680e\u205ff", "a b c d e f"),
        ("26.\u202fmaj\u20072026", "26.\xa0maj\xa02026"),
        ("Se \ufffcbilledet", "Se billedet"),
        ("A\u200b\u030alborg", "Ålborg"),
        # Characters that belong to an emoji are kept.
        (
            "👩\u200d💻 ❤\ufe0f 1\ufe0f\u20e3 👍🏽 👩🏽\u200d🚒 🏳\ufe0f\u200d🌈",
            "👩\u200d💻 ❤\ufe0f 1\ufe0f\u20e3 👍🏽 👩🏽\u200d🚒 🏳\ufe0f\u200d🌈",
        ),
        ("e\ufe0f a\u200d❤ 👩\u200d", "e a❤ 👩"),
    ],
)
def test_a_pasted_text_is_stored_as_it_looks(pasted: str, stored: str):
    assert normalise(pasted) == stored
    assert looks_alike(pasted, stored)


@pytest.mark.slow
def test_no_invisible_character_is_stored():
    kept = [
        f"U+{code:04X}"
        for code in range(sys.maxunicode + 1)
        if is_unseen(chr(code)) and chr(code) in normalise(f"a{chr(code)}b")
    ]
    assert kept == []


@pytest.mark.slow
def test_a_control_or_private_character_is_known_or_refused():
    for code in range(sys.maxunicode + 1):
        if unicodedata.category(chr(code)) in ("Cc", "Cs", "Co", "Zl", "Zp"):
            stored = normalise(f"a{chr(code)}b")
            assert REFUSED.search(stored) or (chr(code) in "\t\n") or chr(code) not in stored


@given(text)
def test_normalising_twice_changes_nothing_more(written: str):
    once = normalise(written)
    assert normalise(once) == once
    assert looks_alike(written, once)
    assert as_displayed(as_displayed(written)) == as_displayed(written)


# Invisible differences


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        ("a\xadb", "ab", False),
        ("26.\xa0maj", "26. maj", False),
        ("ab", "a b", True),
        (("a\xad", ("b",)), ("a", ("b",)), False),
        (("a",), ("a", "b"), True),
        (1, 2, True),
        (None, "", True),
        ("", None, True),
    ],
)
def test_two_values_differ_only_where_it_is_visible(one: object, other: object, differs: bool):
    assert differ(one, other) is differs


# Search


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Aabenraa", "åbenrå"),
        ("AArhus", "Århus"),
        ("2026–2027", "2026-2027"),
        ("bo- og døgntilbud", "bo‑ og døgntilbud"),
        ("e-mail", "email"),
        ("it-system", "itsystem"),
        ("KL’s", "KL's"),
        ("KL´s", "KLs"),
        ("“citat”", "»citat«"),
        ("‘citat’", "'citat'"),
        ("ﬁnansiering af ﬂytning", "finansiering af flytning"),
        ("kontrakt\xadanalyse", "kontraktanalyse"),
        ("kontrakt\u200banalyse", "KONTRAKTANALYSE"),
        ("26.\xa0maj", "26. maj"),
        ("udvide\nprojektet", "udvide projektet"),
        ("idé", "ide"),
        ("Malmö", "malmø"),
        ("ＡＢＣ", "abc"),
        ("Straße", "strasse"),
        ("½", "1/2"),
    ],
)
def test_texts_that_look_or_sound_alike_are_found(one: str, other: str):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ø", "o"),
        ("æ", "ae"),
        ("å", "a"),
        ("3-4", "34"),
        ("bo - tilbud", "botilbud"),
        ("ja", "nej"),
    ],
)
def test_another_word_is_not_found(one: str, other: str):
    assert fold(one) != fold(other)


@pytest.mark.parametrize(("typed", "folded"), [("bo-", "bo"), ("-tilbud", "tilbud"), ("–", "-")])
def test_half_a_word_is_searched_for_without_its_hyphen(typed: str, folded: str):
    assert fold_typed(typed) == folded


@given(text)
def test_a_text_is_found_as_it_was_pasted_and_as_it_is_stored(written: str):
    assert fold(normalise(written)) == fold(written)
    folded, places = fold_with_places(in_one_line(written))
    assert folded == fold(written)
    assert len(places) == len(folded)
    assert places == sorted(places)
