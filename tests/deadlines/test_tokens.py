"""A wording is split into words, numbers and marks, which give its shape."""

import pytest
from hypothesis import given

from deadlines.lexicon import fold_word, lookup
from deadlines.tokens import tokenise
from tests.deadlines.wordings import texts


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("senest d. 1. juni 2026", "Ld.1.MY"),
        ("26/2-2026", "2/1-Y"),
        ("Q3 2026, H1, Q5", "KY,J,wc"),
        ("K17", "wc"),
        ("uge34", "U2"),
        ("2022til 2023", "Y>Y"),
        ("1.250.000 kr. og 2,5 pct.", "n$.gn$."),
        ("2030-målene", "Y_w"),
        ("maj-juni", "M-M"),
        ("1/3-del", "1/1_s"),
        ("§ 107", "§n"),
        ("9999 1812", "nn"),
    ],
)
def test_a_wording_has_a_shape(text, shape):
    assert tokenise(text).shape == shape


@given(texts)
def test_the_shape_has_one_code_for_each_token(text):
    tokens = tokenise(text)
    assert len(tokens.shape) == len(tokens.items)
    assert "".join(item.code for item in tokens.items) == tokens.shape


@pytest.mark.parametrize(
    ("word", "code", "number"),
    [
        ("Foraar", "S", 1),
        ("EFTERÅRET", "S", 3),
        ("februar", "M", 2),
        ("febuar", "M", 2),
        ("Septemebr", "M", 9),
        ("decernber", "M", 12),
        ("kavrtal", "Q", 0),
        ("Ansøgningsfristen", "#", 0),
        ("projektstart", "o", 0),
        ("håndbog", "w", 0),
    ],
)
def test_a_word_is_known_in_its_spellings(word, code, number):
    assert lookup(fold_word(word)) == (code, number)


@pytest.mark.parametrize(
    "word",
    [
        "mats",
        "prio",
        "marks",
        "mars",
        "media",
        "radio",
        "parts",
        "kvartil",
        "sommetider",
        "augusta",
    ],
)
def test_a_word_that_only_looks_like_one_is_not(word):
    assert lookup(fold_word(word))[0] == "w"
