"""Evens out a wording before it is read: blanks, dashes, markup, and what a scanner misread.

The result is only parsed, never shown or stored; the wording itself stays as it was written. Case
is kept, because a capital letter after a full stop begins a sentence.
"""

import re
import unicodedata

# Remains from word processors and PDF: soft hyphen, zero-width characters, direction marks, BOM.
_INVISIBLE = dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF))
_EVEN = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-") | dict.fromkeys("’‘´`", "'") | {"⁄": "∕"})

_ENTITY_BLANK = re.compile(r"&(?:amp;)*(?:nbsp|#160|#xa0|ensp|emsp|thinsp);", re.IGNORECASE)
_ENTITY_DASH = re.compile(r"&(?:amp;)*(?:ndash|mdash|minus|#8211|#8212);", re.IGNORECASE)
_ENTITY_AND = re.compile(r"&(?:amp;)+", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")

# A scanner reads 0 as O and 1 as l, I or |. This is mended only where nothing but a number makes
# sense.
_DIGITS = str.maketrans("OolI|", "00111")
_MONTH_OR_QUARTER = r"(?:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec|kvartal|kvt|kv\.|halv[aå])"
_MISREAD_DATE = re.compile(
    r"(?<!\w)[0-9OolI|]{1,2}([./-])[0-9OolI|]{1,2}[./-][0-9OolI|]{2,4}(?!\w)"
)
_MISREAD_YEAR = re.compile(r"(?<!\w)2[0Oo][0-9OolI|]{2}(?!\w)")
_MISREAD_DAY = re.compile(
    r"(?<!\w)(?:[0-3][OolI|]|[lI|][0-9Oo])(?=\.? ?" + _MONTH_OR_QUARTER + r"|/[0-9OolI|])",
    re.IGNORECASE,
)
_MISREAD_ORDINAL = re.compile(
    r"(?<!\w)[lI|](?=\. ?(?:kvartal|kvt|kv\.|halv[aå]))|(?<!\w)[l|](?=\. ?"
    + _MONTH_OR_QUARTER
    + ")",
)
# "2026-03-13T08:30": a day and a clock time in ISO 8601.
_COMPUTER_TIME = re.compile(r"(?<=[0-9]-[0-9]{2})T(?=[0-9]{2}:)")
# "t.o.m." and "f.o.m." are written out, so that their dots do not end a sentence.
_UP_TO, _FROM_ON = (re.compile(rf"(?<!\w){c}\.o\.m\.?(?!\w)", re.IGNORECASE) for c in "tf")
_ROMAN = re.compile(r"(?<!\w)(I{1,3}|IV)(?=\. ?(?:[Kk]v|[Hh]alv))")
_ROMAN_VALUES = {"I": "1", "II": "2", "III": "3", "IV": "4"}
_ONE_IN_A_WORD = re.compile(r"(?<=[^\W\d_])1(?=[^\W\d_])")
_NOUGHT_IN_A_WORD = re.compile(r"(?<=[^\W\d_])0(?=[^\W\d_])")


def normalise_wording(text: str) -> str:
    """Return `text` with single blanks, plain dashes, no markup, and misread digits mended.

    Normalising twice changes nothing more.
    """
    text = unicodedata.normalize("NFC", text.translate(_INVISIBLE)).translate(_EVEN)
    if "&" in text:
        text = _ENTITY_BLANK.sub(" ", text)
        text = _ENTITY_DASH.sub("-", text)
        text = _ENTITY_AND.sub("&", text)
    if "<" in text or ">" in text:
        text = _TAG.sub(" ", text)
        # Removing an inner tag could turn what is left of the outer one into a tag.
        text = text.replace("<", " ").replace(">", " ")
    text = _COMPUTER_TIME.sub(" ", " ".join(text.split()))
    text = _UP_TO.sub("til og med", text)
    text = _FROM_ON.sub("fra og med", text)
    return _mend_digits(text)


def _mend_digits(text: str) -> str:
    if text.isascii() and text.isalpha():
        return text
    text = _ROMAN.sub(lambda match: _ROMAN_VALUES[match[0]], text)
    text = _MISREAD_ORDINAL.sub("1", text)
    text = _MISREAD_DATE.sub(_as_date, text)
    text = _MISREAD_YEAR.sub(_as_digits, text)
    text = _MISREAD_DAY.sub(_as_digits, text)
    text = _ONE_IN_A_WORD.sub("l", text)
    return _NOUGHT_IN_A_WORD.sub("o", text)


def _as_digits(match: re.Match[str]) -> str:
    return match[0].translate(_DIGITS)


def _as_date(match: re.Match[str]) -> str:
    """Mend a misread date, which has more digits than letters; "ol.Il.OO" is no date."""
    digits = sum(character.isdigit() for character in match[0])
    return _as_digits(match) if digits * 2 >= len(match[0]) - 2 else match[0]
