"""Danish words for dates, numbers and names, without locale data or a database."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime

from core.clock import COPENHAGEN

MONTHS = (
    "januar",
    "februar",
    "marts",
    "april",
    "maj",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "december",
)
NUMBER_WORDS = ("ingen", "en", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni", "ti")

_ASCII = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa"})


def slugify(text: str, max_length: int = 50) -> str:
    """`text` as a lower-case ASCII slug with æ→ae, ø→oe, å→aa; "" when nothing is left.

    Cut at a hyphen where possible, so that no word is halved.
    """
    ascii_text = unicodedata.normalize("NFKD", text.translate(_ASCII))
    ascii_text = ascii_text.encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")
    if len(slug) > max_length:
        cut = slug[: max_length + 1].rpartition("-")[0]
        slug = cut or slug[:max_length]
    return slug


def day(value: date) -> str:
    """`date(2026, 2, 26)` → "26. februar 2026" with hard blanks, so that a date never breaks."""
    return f"{value.day}.\N{NO-BREAK SPACE}{MONTHS[value.month - 1]}\N{NO-BREAK SPACE}{value.year}"


def clock_time(value: datetime) -> str:
    """An aware moment → "kl. 14.05" in Copenhagen's time, with a hard blank."""
    return value.astimezone(COPENHAGEN).strftime("kl.\N{NO-BREAK SPACE}%H.%M")


def moment_day(value: datetime) -> str:
    """An aware moment → its day in Copenhagen, as `day` writes it."""
    return day(value.astimezone(COPENHAGEN).date())


def month(value: date) -> str:
    """`date(2026, 2, 1)` → "februar 2026" with a hard blank."""
    return f"{MONTHS[value.month - 1]}\N{NO-BREAK SPACE}{value.year}"


def month_name(value: date) -> str:
    """`date(2026, 2, 1)` → "februar"."""
    return MONTHS[value.month - 1]


def capitalise(text: str) -> str:
    """The first letter large, the rest as it was."""
    return text[:1].upper() + text[1:]


def thousands(number: int) -> str:
    """`2345` → "2.345"."""
    return f"{number:,}".replace(",", ".")


def count(number: int, singular: str, plural: str) -> str:
    """A number and its noun: "ingen initiativer", "1 initiativ", "2 initiativer"."""
    if number == 0:
        return f"ingen {plural}"
    return f"{thousands(number)} {singular if number == 1 else plural}"


def listed(words: Iterable[str], last: str = "og") -> str:
    """`["a", "b", "c"]` → "a, b og c"."""
    items = list(words)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def possessive(name: str) -> str:
    """ "Anna" → "Annas", "Jens" → "Jens'"."""
    return f"{name}'" if name[-1:].lower() in {"s", "x", "z"} else f"{name}s"


def unbroken(name: str) -> str:
    """A name whose parts stay on one line."""
    return name.replace(" ", "\N{NO-BREAK SPACE}")


# A sentence that opens with one of these, or with a definite noun, can go on after "fordi".
_OPENINGS = frozenset({
    "alle", "alt", "arbejdet", "at", "da", "den", "der", "det", "de", "dette", "disse", "efter",
    "en", "er", "et", "flere", "for", "fordi", "først", "få", "gruppen", "hvis", "i", "ikke",
    "indtil", "ingen", "man", "mange", "med", "mens", "nogle", "når", "om", "opgaven", "planen",
    "på", "som", "to", "tre", "ved", "vi",
})  # fmt: skip
_DEFINITE = re.compile(r"[a-zæøå]{3,}(en|et|erne|ene)")


def because(reason: str) -> str:
    """A reason as the end of a sentence: "fordi skabelonen er forsinket.".

    Only a single sentence that can lose its capital goes on like that; another one, or one that
    may open with a name, follows as "Begrundelse: …".
    """
    text = reason.strip()
    word = re.match(r"\w*", text.lower())
    first = word.group() if word else ""
    starts_small = text[:1].islower()
    can_go_on = starts_small or (
        text[1:2].islower() and (first in _OPENINGS or _DEFINITE.fullmatch(first))
    )
    if not can_go_on or re.search(r"[.!?:\n]\s*\S", text):
        return f"(begrundelse: {text.rstrip('.')})"
    text = text[:1].lower() + text[1:]
    return f"{'' if text.startswith('fordi ') else 'fordi '}{text.rstrip('.')}"
