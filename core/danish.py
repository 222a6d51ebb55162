"""Danish words for dates, numbers and names, without locale data or a database."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime

from core.clock import COPENHAGEN, local_day
from core.months import MONTH_NAMES

WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
NUMBER_WORDS = ("ingen", "en", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni", "ti")

_ASCII = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa"})


def slugify(text: str, max_length: int = 50) -> str:
    """Write `text` as a lower-case ASCII slug with æ→ae, ø→oe, å→aa; "" when nothing is left.

    It is cut at a hyphen where possible, so that no word is halved.
    """
    ascii_text = unicodedata.normalize("NFKD", text.translate(_ASCII))
    ascii_text = ascii_text.encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")
    if len(slug) > max_length:
        cut = slug[: max_length + 1].rpartition("-")[0]
        slug = cut or slug[:max_length]
    return slug


# The last letters of the alphabet become the characters after "z" in ASCII. The Swedish and German
# "ä", "ö" and "ü" are sorted as the Danish letters that they correspond to.
_LAST_LETTERS = str.maketrans({"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}", "ü": "y"})
_WORDS = re.compile(r"(\d+)|([^\W\d_]+)")

# A kind of word (number, letters), and the word itself.
SortKey = tuple[tuple[tuple[int, int, str], ...], str, str]


def sort_key(text: str) -> SortKey:
    """Make the key that a name or a title is sorted by.

    Names are compared word for word: æ, ø and å come last, "aa" counts as "å" (Aabenraa after
    Ørsted), numbers are ordered by size and before letters. Between texts that are equal so far,
    accents, capitals and the remaining characters decide.
    """
    composed = unicodedata.normalize("NFC", text)
    words = tuple(
        (0, len(number.lstrip("0")), number.lstrip("0")) if number else (1, 0, _letters(word))
        for number, word in _WORDS.findall(composed)
    )
    return words, composed.casefold(), text


def _letters(word: str) -> str:
    word = word.casefold().replace("aa", "å").translate(_LAST_LETTERS)
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


def day(value: date) -> str:
    """Write `date(2026, 2, 26)` as "26. februar 2026", with blanks that never break."""
    return f"{short_day(value)}\N{NO-BREAK SPACE}{value.year}"


def short_day(value: date) -> str:
    """Write `date(2026, 5, 1)` as "1. maj", for a place where the year is obvious."""
    return f"{value.day}.\N{NO-BREAK SPACE}{MONTH_NAMES[value.month - 1]}"


def weekday(value: date) -> str:
    """Write `date(2026, 5, 29)` as "fredag den 29. maj"."""
    return f"{WEEKDAYS[value.weekday()]} den {short_day(value)}"


def full_day(value: date) -> str:
    """Write `date(2026, 5, 29)` as "fredag den 29. maj 2026"."""
    return f"{weekday(value)}\N{NO-BREAK SPACE}{value.year}"


def clock_time(value: datetime) -> str:
    """Write an aware moment as "kl. 14.05" in Copenhagen's time, with a blank that never breaks."""
    return value.astimezone(COPENHAGEN).strftime("kl.\N{NO-BREAK SPACE}%H.%M")


def moment_day(value: datetime) -> str:
    """Write the day of an aware moment in Copenhagen, as `day` does."""
    return day(local_day(value))


def month(value: date) -> str:
    """Write `date(2026, 2, 1)` as "februar 2026", with a blank that never breaks."""
    return f"{MONTH_NAMES[value.month - 1]}\N{NO-BREAK SPACE}{value.year}"


def month_name(value: date) -> str:
    """Write the month of `date(2026, 2, 1)` as "februar"."""
    return MONTH_NAMES[value.month - 1]


def quarter_number(value: date) -> int:
    """Return the number of the quarter: 3 for `date(2026, 7, 1)`."""
    return (value.month + 2) // 3


def quarter(value: date) -> str:
    """Write `date(2026, 7, 1)` as "3. kvartal 2026", with blanks that never break."""
    blank = "\N{NO-BREAK SPACE}"
    return f"{quarter_number(value)}.{blank}kvartal{blank}{value.year}"


def capitalise(text: str) -> str:
    """Write the first letter as a capital and leave the rest as it is."""
    return text[:1].upper() + text[1:]


def thousands(number: int) -> str:
    """Write `2345` as "2.345"."""
    return f"{number:,}".replace(",", ".")


def count(number: int, singular: str, plural: str) -> str:
    """Write a number and its noun: "ingen initiativer", "1 initiativ", "2 initiativer"."""
    if number == 0:
        return f"ingen {plural}"
    return f"{thousands(number)} {singular if number == 1 else plural}"


def number_word(number: int) -> str:
    """Write a number in letters up to ten ("to", "syv"), and in figures above ("11")."""
    return NUMBER_WORDS[number] if number < len(NUMBER_WORDS) else thousands(number)


def listed(words: Iterable[str], last: str = "og") -> str:
    """Write `["a", "b", "c"]` as "a, b og c"."""
    items = list(words)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def possessive(name: str) -> str:
    """Write the genitive of a name: "Annas", "Jens'"."""
    return f"{name}'" if name[-1:].lower() in {"s", "x", "z"} else f"{name}s"


def unbroken(name: str) -> str:
    """Write a name with blanks that never break, so that its parts stay on one line."""
    return name.replace(" ", "\N{NO-BREAK SPACE}")


# A sentence that opens with one of these words can follow "fordi" in lower case. Definite nouns are
# listed one by one: judged by the ending alone, "Morten" and "Folketinget" would be among them.
_OPENINGS = frozenset({
    "alle", "alt", "analysen", "arbejdet", "beslutningen", "de", "den", "der", "det", "dette",
    "disse", "en", "et", "flere", "fordi", "gruppen", "høringen", "ingen", "kommunerne",
    "kontrakten", "leverandøren", "leverandørerne", "man", "mange", "materialet", "mødet", "nogle",
    "opgaven", "planen", "projektet", "rapporten", "skabelonen", "svaret", "to", "tre", "udbuddet",
    "vi",
})  # fmt: skip
# These words open a clause or a phrase that cannot follow "fordi", with or without a capital.
_NEVER_AFTER = frozenset({
    "da", "efter", "for", "grundet", "hvis", "idet", "indtil", "med", "mens", "når", "om", "på",
    "som", "ved",
})  # fmt: skip


# A reason with one of these adverbs would need another word order after "fordi": "det er ikke
# klart", but "fordi det ikke er klart". A reason with "fordi" in it needs no second one.
_CANNOT_FOLLOW_FORDI = re.compile(
    r"\b(?:aldrig|allerede|altid|derfor|desværre|dog|endelig|endnu|først|fortsat|heller|ikke|jo|kun|"
    r"nok|nu|også|ofte|snart|stadig|straks|vist|fordi)\b",
    re.IGNORECASE,
)
# A longer reason becomes a sentence of its own.
_MAX_CLAUSE_LENGTH = 120


def because(reason: str) -> str:
    """Write a reason as the end of a sentence: "fordi skabelonen er forsinket", without full stop.

    Only a single sentence whose first word can lose its capital is written like that. Any other,
    such as one that may open with a name, becomes "(begrundelse: …)".
    """
    text = reason.strip()
    word = re.match(r"\w*", text.lower())
    first = word.group() if word else ""
    starts_small = text[:1].islower() and first not in _NEVER_AFTER
    can_go_on = starts_small or (text[1:2].islower() and first in _OPENINGS)
    if first != "fordi":
        can_go_on = can_go_on and not _CANNOT_FOLLOW_FORDI.search(text)
    if not can_go_on or len(text) > _MAX_CLAUSE_LENGTH or re.search(r"[.!?:\n]\s*\S", text):
        return f"(begrundelse: {text.rstrip('.')})"
    text = text[:1].lower() + text[1:]
    return f"{'' if first == 'fordi' else 'fordi '}{text.rstrip('.')}"


def soft(text: str) -> str:
    """Replace the non-breaking blanks of `text` with ordinary ones."""
    return text.replace("\N{NO-BREAK SPACE}", " ")
