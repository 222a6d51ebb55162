"""Which characters of a pasted text are kept, replaced, dropped or refused.

`normalise` runs once, where a text comes in; `fold` makes texts comparable for a search. Pure: no
Django, no database.
"""

import re
import unicodedata
from dataclasses import astuple, is_dataclass
from functools import lru_cache
from typing import Any

# Bullets, ticks and arrows of Word's symbol fonts (Wingdings and Symbol). A pasted text keeps the
# code in the font, but not the font's name. If both fonts use a code, the sign used in lists wins.
_SYMBOLS = {
    0xF02D: "−", 0xF04A: "☺", 0xF04B: "😐", 0xF04C: "☹", 0xF06C: "●", 0xF06E: "■", 0xF06F: "□",
    0xF070: "❐", 0xF071: "❑", 0xF072: "❒", 0xF073: "⬧", 0xF074: "⧫", 0xF075: "◆", 0xF076: "❖",
    0xF077: "⬥", 0xF09E: "·", 0xF09F: "•", 0xF0A1: "○", 0xF0A4: "◉", 0xF0A5: "◎", 0xF0A7: "▪",
    0xF0A8: "◻", 0xF0AB: "★", 0xF0AE: "→", 0xF0B7: "•", 0xF0D8: "➢", 0xF0DE: "⇒", 0xF0DF: "←",
    0xF0E0: "→", 0xF0E1: "↑", 0xF0E2: "↓", 0xF0E8: "➔", 0xF0F0: "⇨", 0xF0FB: "✗", 0xF0FC: "✓",
    0xF0FD: "☒", 0xF0FE: "☑",
}  # fmt: skip
# Characters that break a line: Word's line break and page break, and three of Unicode.
_LINE_BREAKS = "\r\x0b\x0c\x85\u2028\u2029"
# Non-breaking blanks stay non-breaking. The others are blanks of various widths; the Braille
# pattern among them has no dots.
_HARD_BLANKS = "\u2007\u202f"
_BLANKS = "\u1680\u2000-\u2006\u2008-\u200a\u205f\u2800\u3000"
# Characters without width: soft hyphens (Word's own too), zero-width characters and joiners,
# directions of writing, invisible operators, fillers, tags, variation selectors, and the object
# replacement character that stands for a picture.
_INVISIBLE = (
    "\x1f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
_JOINER, _EMOJI_STYLE = "\u200d", "\ufe0f"
_REPLACED = re.compile(f"[{_LINE_BREAKS}{_HARD_BLANKS}{_BLANKS}{_INVISIBLE}\x1e\uf000-\uf0ff]")

# What `normalise` leaves but nobody may store: control characters, surrogates, characters that
# Unicode never assigns, and private ones that only a certain font can draw.
REFUSED = re.compile(
    r"[\x00-\x08\x0e-\x1d\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ue000-\uf8ff"
    r"\U000f0000-\U0010ffff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0xF0000, 0x10000))
    + "]"
)


def normalise(text: str) -> str:
    """Return a text as it is stored.

    Letters are composed with their accents (macOS and PDF give "å" as two characters), line breaks
    are "\\n", invisible characters are dropped, and so are blanks at the end of a line or around
    the text. Normalising twice changes nothing more. The result may still hold REFUSED characters.
    """
    lines = _with_replacements(text).split("\n")
    return "\n".join(line.rstrip(" \t\xa0") for line in lines).strip()


def as_displayed(text: str) -> str:
    """Return a text as a reader sees it: every blank is kept, as an ordinary one."""
    return _with_replacements(text).replace("\xa0", " ")


def _with_replacements(text: str) -> str:
    if _REPLACED.search(text):
        text = _REPLACED.sub(_replacement, text.replace("\r\n", "\n"))
    return unicodedata.normalize("NFC", text)


def _replacement(match: re.Match[str]) -> str:
    character = match[0]
    if character in _LINE_BREAKS:
        return "\n"
    if character in _HARD_BLANKS:
        return "\xa0"
    if character == "\x1e":  # Word's non-breaking hyphen
        return "\N{NON-BREAKING HYPHEN}"
    if "\uf000" <= character <= "\uf0ff":
        return _SYMBOLS.get(ord(character), character)
    if character in (_JOINER, _EMOJI_STYLE):
        return character if _belongs_to_emoji(match.string, match.start()) else ""
    return " " if _IS_BLANK.match(character) else ""


_IS_BLANK = re.compile(f"[{_BLANKS}]")


def _belongs_to_emoji(text: str, at: int) -> bool:
    """Whether the joiner or selector at this place belongs to an emoji, as in "👩‍💻" and "❤️"."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if text[at] == _EMOJI_STYLE:
        is_keycap = after == "\N{COMBINING ENCLOSING KEYCAP}" and before.isdecimal()
        return is_keycap or _is_pictogram(before)
    if before == _EMOJI_STYLE:
        before = text[at - 2 : at - 1]
    return _is_pictogram(before) and _is_pictogram(after)


def _is_pictogram(character: str) -> bool:
    """Whether the character is a pictogram or a skin tone, and is kept."""
    if not character or _REPLACED.match(character):
        return False
    return unicodedata.category(character) == "So" or "🏻" <= character <= "🏿"


def in_one_line(text: str) -> str:
    """Normalise a text and replace each run of blanks and line breaks with one blank."""
    return " ".join(normalise(text).split())


def looks_alike(one: str, other: str) -> bool:
    """Whether two texts look the same to a reader, even if an older portal stored one of them."""
    return one == other or normalise(as_displayed(one)) == normalise(as_displayed(other))


def differ(one: Any, other: Any) -> bool:
    """Whether two values differ. Texts, also those in a tuple, differ only if a reader sees it."""
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
# All but ASCII, and "æ" and "ø", which fold to themselves. "`" is not left out: it folds to "'".
_TO_FOLD = re.compile("[^\x00-_a-\x7fæø]")
# In a word, a hyphen between two letters and an apostrophe are left out.
_HYPHEN, _APOSTROPHE = re.compile(r"-(?<=[^\W\d_]-)(?=[^\W\d_])"), re.compile(r"'(?<=\w')(?=\w)")


def fold(text: str) -> str:
    """Return a text as a search compares it.

    It is on one line, without capitals, accents and ligatures, with one sort of dash, apostrophe
    and quotation mark, with "aa" for "å", and without hyphens and apostrophes in words: "e-mail"
    is "email", "KL’s" is "kls".
    """
    return _APOSTROPHE.sub("", _HYPHEN.sub("", _folded(in_one_line(text))))


@lru_cache(maxsize=4096)
def fold_lines(texts: tuple[str, ...]) -> str:
    """Fold several texts and put each on a line. The results of the latest 4,096 calls are cached,
    because the same initiatives are searched again and again."""
    return "\n".join(map(fold, texts))


def fold_typed(text: str) -> str:
    """Fold the words that somebody searches for. A hyphen at either end is dropped ("bo-" is half
    of a word), unless nothing else is left."""
    folded = fold(text)
    return folded.strip("- ") or folded


def fold_with_places(line: str) -> tuple[str, list[int]]:
    """Fold a text of one line. Returns it with the place in `line` of each of its characters."""
    pairs = [(folded, at) for at, char in enumerate(line) for folded in _folded(char)]
    whole = "".join(char for char, _ in pairs)
    left_out = {match.start() for part in (_HYPHEN, _APOSTROPHE) for match in part.finditer(whole)}
    remaining = [pair for number, pair in enumerate(pairs) if number not in left_out]
    return "".join(char for char, _ in remaining), [at for _, at in remaining]


def _folded(line: str) -> str:
    return _TO_FOLD.sub(_fold_character, line.casefold().replace("å", "aa"))


def _fold_character(match: re.Match[str]) -> str:
    return _without_accents(match[0])


@lru_cache(maxsize=1024)
def _without_accents(character: str) -> str:
    plain = character.translate(_FOLDED)
    if plain != character:
        return plain
    # Twice: a ligature may decompose into capital letters.
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    # A lone accent decomposes into a blank and an accent; it is kept.
    return character if " " in plain else _ACCENTS.sub("", plain).translate(_FOLDED)
