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
WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
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


# Behind "z" in ASCII. "ä", "ö" and "ü" of our neighbours stand with the letters they stand for.
_LAST_LETTERS = str.maketrans({"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}", "ü": "y"})
_WORDS = re.compile(r"(\d+)|([^\W\d_]+)")

# A kind of word (number, letters), and the word itself.
SortKey = tuple[tuple[tuple[int, int, str], ...], str, str]


def sort_key(text: str) -> SortKey:
    """What a name or a title is sorted by: word for word, æ, ø and å last, "aa" as "å" (Aabenraa
    after Ørsted), numbers by their size and before letters, then accents, capitals and whatever
    else tells two texts apart."""
    even = unicodedata.normalize("NFC", text)
    words = tuple(
        (0, len(number.lstrip("0")), number.lstrip("0")) if number else (1, 0, _letters(word))
        for number, word in _WORDS.findall(even)
    )
    return words, even.casefold(), text


def _letters(word: str) -> str:
    word = word.casefold().replace("aa", "å").translate(_LAST_LETTERS)
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


def day(value: date) -> str:
    """`date(2026, 2, 26)` → "26. februar 2026" with hard blanks, so that a date never breaks."""
    return f"{value.day}.\N{NO-BREAK SPACE}{MONTHS[value.month - 1]}\N{NO-BREAK SPACE}{value.year}"


def short_day(value: date) -> str:
    """`date(2026, 5, 1)` → "1. maj", where the year is plain."""
    return f"{value.day}.\N{NO-BREAK SPACE}{MONTHS[value.month - 1]}"


def weekday(value: date) -> str:
    """`date(2026, 5, 29)` → "fredag den 29. maj"."""
    return f"{WEEKDAYS[value.weekday()]} den {short_day(value)}"


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


def quarter_number(value: date) -> int:
    """`date(2026, 7, 1)` → 3."""
    return (value.month + 2) // 3


def quarter(value: date) -> str:
    """`date(2026, 7, 1)` → "3. kvartal 2026" with hard blanks."""
    blank = "\N{NO-BREAK SPACE}"
    return f"{quarter_number(value)}.{blank}kvartal{blank}{value.year}"


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


def number_word(number: int) -> str:
    """ "to", "syv"; "11" above ten."""
    return NUMBER_WORDS[number] if number < len(NUMBER_WORDS) else thousands(number)


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


# A sentence that opens with one of these can go on after "fordi". A definite noun can too, but
# only those listed: by its ending alone "Morten" and "Folketinget" would be one.
_OPENINGS = frozenset({
    "alle", "alt", "analysen", "arbejdet", "beslutningen", "de", "den", "der", "det", "dette",
    "disse", "en", "et", "flere", "fordi", "gruppen", "høringen", "ingen", "kommunerne",
    "kontrakten", "leverandøren", "leverandørerne", "man", "mange", "materialet", "mødet", "nogle",
    "opgaven", "planen", "projektet", "rapporten", "skabelonen", "svaret", "to", "tre", "udbuddet",
    "vi",
})  # fmt: skip
# These open a clause or a phrase that "fordi" can't stand before, large or small.
_NEVER_AFTER = frozenset({
    "da", "efter", "for", "grundet", "hvis", "idet", "indtil", "med", "mens", "når", "om", "på",
    "som", "ved",
})  # fmt: skip


# With one of these after its verb, a reason would have another order of words after "fordi": "det
# er ikke klart", but "fordi det ikke er klart". And one "fordi" is enough.
_KEEPS_ITS_ORDER = re.compile(
    r"\b(?:aldrig|allerede|altid|derfor|desværre|dog|endelig|endnu|først|fortsat|heller|ikke|jo|kun|"
    r"nok|nu|også|ofte|snart|stadig|straks|vist|fordi)\b",
    re.IGNORECASE,
)
# A longer reason is a sentence of its own.
_LONGEST_CLAUSE = 120


def because(reason: str) -> str:
    """A reason as the end of a sentence, without its full stop: "fordi skabelonen er forsinket".

    Only a single sentence that can lose its capital goes on like that; another one, or one that
    may open with a name, follows as "(begrundelse: …)".
    """
    text = reason.strip()
    word = re.match(r"\w*", text.lower())
    first = word.group() if word else ""
    starts_small = text[:1].islower() and first not in _NEVER_AFTER
    can_go_on = starts_small or (text[1:2].islower() and first in _OPENINGS)
    if first != "fordi":
        can_go_on = can_go_on and not _KEEPS_ITS_ORDER.search(text)
    if not can_go_on or len(text) > _LONGEST_CLAUSE or re.search(r"[.!?:\n]\s*\S", text):
        return f"(begrundelse: {text.rstrip('.')})"
    text = text[:1].lower() + text[1:]
    return f"{'' if first == 'fordi' else 'fordi '}{text.rstrip('.')}"


def soft(text: str) -> str:
    """`text` with ordinary blanks for hard ones."""
    return text.replace("\N{NO-BREAK SPACE}", " ")
