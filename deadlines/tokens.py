"""Splits a wording into words, numbers and marks, each with a one-letter code.

The codes of all tokens together are the *shape* of the wording ("senest d. 1. juni 2026" has the
shape "Ld.1.MY"), and the grammar consists of regular expressions over shapes. Beside the codes of
`lexicon` there are:

    1 2 Y n   a number of one or two digits, a year, another number
    K J       Q1 … Q4, H1 and H2
    c w       a code such as K17, an unknown word
    _         a hyphen or slash that ties a word to what stands beside it ("2030-målene")
    . , : ; / - ( ) ' & % § …   themselves; `*` every other mark
"""

import re
from typing import NamedTuple

from deadlines.lexicon import fold_word, lookup

_TOKEN = re.compile(
    r"(?P<named>[qQ]\.? ?[1-4](?![^\W_])|[hH][12](?![^\W_]))"
    r"|(?P<big>[0-9]++(?:[.,][0-9]{3})++(?![0-9])|[0-9]++,[0-9]++)"
    r"|(?P<number>[0-9]++)"
    r"|(?P<word>[^\W\d_]++)"
    r"|(?P<mark>[^\s])"
)
_MARKS = frozenset(".,:;/-()'&%§?+")
_TIED = frozenset("wcs$uxvz")
_FIRST_YEAR, _LAST_YEAR = 1950, 2150


class Token(NamedTuple):
    """A word, number or mark of a wording. `value` is the number that it stands for, or 0."""

    code: str
    value: int
    text: str
    spaced: bool  # a blank stands before it
    capital: bool


class Tokens(NamedTuple):
    """All tokens of a wording, with their codes in a row as its shape."""

    shape: str
    items: list[Token]


def tokenise(text: str) -> Tokens:
    """Split a normalised wording into tokens."""
    items: list[Token] = []
    end = -1
    for match in _TOKEN.finditer(text):
        start = match.start()
        glued = start == end
        end = match.end()
        token = _token(match, not glued)
        if glued and items:
            token = _glue(items, token)
        items.append(token)
    return Tokens("".join([item.code for item in items]), items)


def _token(match: re.Match[str], spaced: bool) -> Token:
    kind, text = match.lastgroup, match[0]
    if kind == "word":
        code, value = lookup(folded := fold_word(text))
        return Token(code, value, folded, spaced, text[0].isupper())
    if kind == "mark":
        code = text if text in _MARKS else "*"
        return Token(code, 0, text, spaced, False)
    if kind == "number":
        return Token(*_number_code(text), text, spaced, False)
    if kind == "named":
        return Token("K" if text[0] in "qQ" else "J", int(text[-1]), text, spaced, False)
    return Token("n", 0, text, spaced, False)


def _number_code(digits: str) -> tuple[str, int]:
    if len(digits) <= 2:
        return ("1" if len(digits) == 1 else "2"), int(digits)
    if len(digits) == 4 and _FIRST_YEAR <= (value := int(digits)) <= _LAST_YEAR:
        return "Y", value
    return "n", 0


def _glue(items: list[Token], token: Token) -> Token:
    """Return `token` as it is read when no blank separates it from the last of `items`, which may
    change too.

    "K17" and "15a" are codes, not numbers; a known word stays a word: "2022til", "uge34".
    """
    before = items[-1]
    if token.code in "12Yn" and before.code in "wc":
        return token._replace(code="c")
    if token.code == "w" and before.code in "12Ync":
        items[-1] = before._replace(code="c")
        return token._replace(code="c")
    tied = before.code in "-/" and not before.spaced and len(items) > 1
    # "1/3-del", "EU-2026"; not "maj-juni", "26/2-2026".
    if tied and (token.code in _TIED or items[-2].code in _TIED):
        items[-1] = before._replace(code="_")
    return token
