"""Words that have a meaning only together."""

import pytest
from hypothesis import given

from deadlines.phrases import recode
from deadlines.tokens import tokenise
from tests.deadlines.wordings import texts


def coded(text: str) -> dict[str, str]:
    return {token.text: token.code for token in recode(tokenise(text)).items}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("går i gang", "går"),
        ("gik arbejdet i gang", "gik"),
        ("er sat i gang", "sat"),
        ("sættes den 4. maj i gang", "sættes"),
        ("sættes i værk", "sættes"),
        ("skydes i gang", "skydes"),
        ("kommunerne skal alle i gang", "skal"),
        ("tager vi fat", "tager"),
        ("tages der hul på", "tages"),
        ("tager sin begyndelse", "tager"),
        ("med start", "start"),
        ("forventet start", "start"),
    ],
)
def test_words_that_start_something(text, word):
    assert coded(text)[word] == "o"


@pytest.mark.parametrize(
    "text",
    [
        "går i stå",
        "næste gang",
        "tages op",
        "tager kontakt",
        "sat til 1. maj, og arbejdet er i gang",
        "sat til 1. maj. Arbejdet i gang",
        "i start maj",
    ],
)
def test_words_that_start_nothing(text):
    assert "o" not in coded(text).values()


@pytest.mark.parametrize(
    ("text", "word", "code"),
    [
        ("skulle rapporten have været afsluttet", "have", "!"),
        ("burde have ligget klar", "have", "!"),
        ("skulle være blevet godkendt", "blevet", "!"),
        ("alle skulle have en plan", "have", "w"),
        ("skal have været afsluttet", "have", "w"),
        ("er blevet godkendt", "blevet", "w"),
        ("planen var at", "at", "@"),
        ("det er meningen, at", "at", "x"),
        ("sat til at være færdig", "at", "x"),
        ("vi ved, at", "at", "w"),
        ("var oprindeligt planlagt", "planlagt", "@"),
        ("er planlagt", "planlagt", "x"),
    ],
)
def test_words_that_promise(text, word, code):
    assert coded(text)[word] == code


@given(texts)
def test_the_shape_still_has_one_code_for_each_token(text):
    tokens = recode(tokenise(text))
    assert "".join(item.code for item in tokens.items) == tokens.shape
    assert [item.text for item in tokens.items] == [item.text for item in tokenise(text).items]
