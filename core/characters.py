"""What becomes of each character of a pasted text: kept, written otherwise, dropped or refused.

`normalise` is done once, where a text comes in; `fold` is what two texts are compared by when
somebody searches. Pure: no Django, no database.
"""

import re
import unicodedata
from dataclasses import astuple, is_dataclass
from functools import lru_cache
from typing import Any

# Bullets, ticks and arrows of Word's symbol fonts (Wingdings and Symbol). A pasted text keeps the
# place in the font and loses the font's name: where both have a sign, the one of lists is meant.
_TWINS = {
    0xF02D: "−", 0xF04A: "☺", 0xF04B: "😐", 0xF04C: "☹", 0xF06C: "●", 0xF06E: "■", 0xF06F: "□",
    0xF070: "❐", 0xF071: "❑", 0xF072: "❒", 0xF073: "⬧", 0xF074: "⧫", 0xF075: "◆", 0xF076: "❖",
    0xF077: "⬥", 0xF09E: "·", 0xF09F: "•", 0xF0A1: "○", 0xF0A4: "◉", 0xF0A5: "◎", 0xF0A7: "▪",
    0xF0A8: "◻", 0xF0AB: "★", 0xF0AE: "→", 0xF0B7: "•", 0xF0D8: "➢", 0xF0DE: "⇒", 0xF0DF: "←",
    0xF0E0: "→", 0xF0E1: "↑", 0xF0E2: "↓", 0xF0E8: "➔", 0xF0F0: "⇨", 0xF0FB: "✗", 0xF0FC: "✓",
    0xF0FD: "☒", 0xF0FE: "☑",
}  # fmt: skip
# What breaks a line somewhere: Word's line break and page break, and three of Unicode's own.
_LINE_BREAKS = "\r\x0b\x0c\x85\u2028\u2029"
# Hard blanks stay hard; the others are as wide as a font likes. The Braille one has no dots.
_HARD_BLANKS = "\u2007\u202f"
_BLANKS = "\u1680\u2000-\u2006\u2008-\u200a\u205f\u2800\u3000"
# Whatever takes no place: soft hyphens (Word's own too), zero-width characters, joiners of letters,
# directions of writing, invisible operators, fillers, tags, variants, and the place of a picture.
_INVISIBLE = (
    "\x1f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
_JOINER, _DRAWN = "\u200d", "\ufe0f"
_OTHERWISE = re.compile(f"[{_LINE_BREAKS}{_HARD_BLANKS}{_BLANKS}{_INVISIBLE}\x1e\uf000-\uf0ff]")

# What stays and can't be stored: controls, halves of a character, what no font but one can draw.
REFUSED = re.compile(
    r"[\x00-\x08\x0e-\x1d\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ue000-\uf8ff"
    r"\U000f0000-\U0010ffff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0xF0000, 0x10000))
    + "]"
)


def normalise(text: str) -> str:
    """A text as it is stored: each letter with its accent in one ("å" of two signs, as macOS and
    PDF give it, is "å"), line breaks as "\\n", nothing that nobody can see but blanks, none of
    those at the end of lines or around the text.

    Normalising twice changes nothing more. What it leaves may be REFUSED.
    """
    return "\n".join(line.rstrip(" \t\xa0") for line in _evened(text).split("\n")).strip()


def seen(text: str) -> str:
    """A text as anybody sees it: blanks stand where they stood, and none of them is a hard one."""
    return _evened(text).replace("\xa0", " ")


def _evened(text: str) -> str:
    if _OTHERWISE.search(text):
        text = _OTHERWISE.sub(_written, text.replace("\r\n", "\n"))
    return unicodedata.normalize("NFC", text)


def _written(found: re.Match[str]) -> str:
    character = found[0]
    if character in _LINE_BREAKS:
        return "\n"
    if character in _HARD_BLANKS:
        return "\xa0"
    if character == "\x1e":  # Word's hard hyphen
        return "\N{NON-BREAKING HYPHEN}"
    if "\uf000" <= character <= "\uf0ff":
        return _TWINS.get(ord(character), character)
    if character in (_JOINER, _DRAWN):
        return character if _is_of_an_emoji(found.string, found.start()) else ""
    return " " if _IS_BLANK.match(character) else ""


_IS_BLANK = re.compile(f"[{_BLANKS}]")


def _is_of_an_emoji(text: str, at: int) -> bool:
    """Whether the joiner or variant at this place belongs to an emoji, as in "👩‍💻" and "❤️"."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if text[at] == _DRAWN:
        is_keycap = after == "\N{COMBINING ENCLOSING KEYCAP}" and before.isdecimal()
        return is_keycap or _is_sign(before)
    if before == _DRAWN:
        before = text[at - 2 : at - 1]
    return _is_sign(before) and _is_sign(after)


def _is_sign(character: str) -> bool:
    """Whether it is a picture or a colour of skin, and stays."""
    if not character or _OTHERWISE.match(character):
        return False
    return unicodedata.category(character) == "So" or "🏻" <= character <= "🏿"


def in_one_line(text: str) -> str:
    """A text normalised, with one blank for blanks and line breaks of every kind."""
    return " ".join(normalise(text).split())


def looks_alike(one: str, other: str) -> bool:
    """Whether nobody can see a difference between two texts, stored today or long ago."""
    return one == other or normalise(seen(one)) == normalise(seen(other))


def differ(one: Any, other: Any) -> bool:
    """Whether two values differ, and where they are or hold texts, whether anybody can see it."""
    if one == other:
        return False
    if isinstance(one, str) and isinstance(other, str):
        return not looks_alike(one, other)
    if is_dataclass(one) and is_dataclass(other):
        one, other = astuple(one), astuple(other)  # type: ignore[arg-type]
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) != len(other) or any(map(differ, one, other))
    return True


# Folding

_DASHES = "‐‑‒–—―−⁃﹘﹣－"
_QUOTES = "‘’‚‛‹›´`′ʹʼ"
_DOUBLE_QUOTES = "“”„‟«»″"
_FOLDED = str.maketrans(
    dict.fromkeys(_DASHES, "-")
    | dict.fromkeys(_QUOTES, "'")
    | dict.fromkeys(_DOUBLE_QUOTES, '"')
    | {"ä": "æ", "ö": "ø", "⁄": "/"}
)
_ACCENTS = re.compile("[\u0300-\u036f]")
# All but ASCII and the two letters that fold to themselves. The grave accent stands for a quote.
_TO_FOLD = re.compile("[^\x00-_a-\x7fæø]")
# Within a word a hyphen between two letters, and an apostrophe, may be left out.
_HYPHEN, _APOSTROPHE = re.compile(r"-(?<=[^\W\d_]-)(?=[^\W\d_])"), re.compile(r"'(?<=\w')(?=\w)")


def fold(text: str) -> str:
    """A text as it is searched in and for: on one line, without capitals, accents and ligatures,
    with one sort of dash, apostrophe and quotation mark, "aa" for "å", and a word with a hyphen or
    an apostrophe as one without: "e-mail" is "email", "KL’s" is "kls"."""
    return _APOSTROPHE.sub("", _HYPHEN.sub("", _folded(in_one_line(text))))


@lru_cache(maxsize=4096)
def fold_lines(texts: tuple[str, ...]) -> str:
    """Several texts folded, each on a line. A worker keeps those of the newest 4,096 calls: the
    same initiatives are searched again and again."""
    return "\n".join(map(fold, texts))


def fold_typed(text: str) -> str:
    """What somebody searches for, folded: a hyphen at its beginning or end may be half of a word
    ("bo-"), and is left out where anything else is left."""
    folded = fold(text)
    return folded.strip("- ") or folded


def fold_with_places(line: str) -> tuple[str, list[int]]:
    """A text of one line folded, and where in `line` each character of it comes from."""
    pairs = [(folded, at) for at, char in enumerate(line) for folded in _folded(char)]
    whole = "".join(char for char, _ in pairs)
    left_out = {found.start() for part in (_HYPHEN, _APOSTROPHE) for found in part.finditer(whole)}
    kept = [pair for number, pair in enumerate(pairs) if number not in left_out]
    return "".join(char for char, _ in kept), [at for _, at in kept]


def _folded(line: str) -> str:
    return _TO_FOLD.sub(_fold_character, line.casefold().replace("å", "aa"))


def _fold_character(found: re.Match[str]) -> str:
    return _without_accents(found[0])


@lru_cache(maxsize=1024)
def _without_accents(character: str) -> str:
    plain = character.translate(_FOLDED)
    if plain != character:
        return plain
    # Twice: what a ligature is made of may have capitals of its own.
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    # An accent that stands alone is a blank with an accent there.
    return character if " " in plain else _ACCENTS.sub("", plain).translate(_FOLDED)
