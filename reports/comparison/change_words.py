"""Titles and reasons as parts of a Danish sentence, which nothing in them may break. Pure."""

import re

from core import danish

# Above this, a text is not told in full.
MOST_LETTERS = 160
_UNTITLED = "uden titel"
# Quotes inside quotes.
_INNER = str.maketrans({"»": "›", "«": "‹", "\N{LEFT DOUBLE QUOTATION MARK}": "›"} | {"”": "‹"})
# What ends like this keeps its full stop.
_ABBREVIATED = re.compile(
    r"(?:\w\.\w+|\b(?:mv|mfl|osv|etc|pct|nr|kr|mio|mia|inkl|ekskl|tlf|jf|ift|ifm|vedr))\.$",
    re.IGNORECASE,
)
# A title that can be read in a sentence without quotes.
_PLAIN = re.compile(r"(?=[A-ZÆØÅ])[^.!?:;…\"»«›‹„]{1,120}")
# What a full stop may stand behind.
_ENDS_WELL = re.compile(r"[\w)\]%»«›‹\"”]$")


def join(text: str) -> str:
    """`text` on one line with single ordinary blanks."""
    return " ".join(text.split())


def name(title: str, otherwise: str = _UNTITLED) -> str:
    """A title on one line without its full stop; `otherwise` when nothing is left."""
    text = join(title).translate(_INNER)
    if not _ABBREVIATED.search(text):
        text = text.rstrip(" .")
    return text or otherwise


def quoted(title: str) -> str:
    """ "»X«"."""
    return f"»{name(title)}«"


def named(noun: str, title: str) -> str:
    """ "initiativet »X«"."""
    return f"{noun} {quoted(title)}"


def plain(title: str) -> str:
    """A title as it stands, or in quotes when one could not tell where it ends."""
    text = name(title)
    return text if _PLAIN.fullmatch(text) else quoted(text)


def short(text: str, most: int = MOST_LETTERS) -> str:
    """`text` on one line, cut between two words to at most `most` letters, "…" included."""
    line = join(text)
    if len(line) <= most:
        return line
    cut = line[:most].rpartition(" ")[0] or line[: most - 1]
    return f"{cut.rstrip(' .,;:–-')}…"


def is_short(*texts: str) -> bool:
    """Whether each of the texts can be told in full."""
    return all(len(join(text)) <= MOST_LETTERS for text in texts)


def full_stop(text: str) -> str:
    """A text as the end of a sentence, in quotes when it ends otherwise; "" for no words."""
    line = join(text)
    if not re.search(r"\w", line):
        return ""
    line = line.rstrip(" .")
    return f"{line}." if _ENDS_WELL.search(line) else f"»{line.translate(_INNER)}«."


def ending(reason: str) -> str:
    """A reason as the rest of a sentence: ", fordi … .", ". Begrundelse: … ." or "."."""
    said = full_stop(reason)
    if not said:
        return "."
    clause = danish.because(join(reason))
    if clause.startswith("fordi ") and _ENDS_WELL.search(clause):
        return f", {clause}."
    return f". Begrundelse: {said}"
