"""Fit titles and reasons into a Danish sentence, so that nothing in them breaks it. Pure."""

import re

from core import danish

# A longer text is not quoted in full.
MAX_QUOTED = 160
_UNTITLED = "uden titel"
# Quotes inside quotes.
_INNER = str.maketrans({"»": "›", "«": "‹", "\N{LEFT DOUBLE QUOTATION MARK}": "›"} | {"”": "‹"})
# A text that ends like this keeps its full stop.
_ABBREVIATED = re.compile(
    r"(?:\w\.\w+|\b(?:mv|mfl|osv|etc|pct|nr|kr|mio|mia|inkl|ekskl|tlf|jf|ift|ifm|vedr))\.$",
    re.IGNORECASE,
)
# A title that can be read in a sentence without quotes.
_PLAIN = re.compile(r"(?=[A-ZÆØÅ])[^.!?:;…\"»«›‹„]{1,120}")
# The ends of texts that a full stop may follow.
_ENDS_WELL = re.compile(r"[\w)\]%»«›‹\"”]$")


def join(text: str) -> str:
    """Write `text` on one line with single ordinary blanks."""
    return " ".join(text.split())


def name(title: str, otherwise: str = _UNTITLED) -> str:
    """Write a title on one line without its full stop; `otherwise` when nothing is left."""
    text = join(title).translate(_INNER)
    if not _ABBREVIATED.search(text):
        text = text.rstrip(" .")
    return text or otherwise


def quoted(title: str) -> str:
    """Write "»X«"."""
    return f"»{name(title)}«"


def named(noun: str, title: str) -> str:
    """Write "initiativet »X«"."""
    return f"{noun} {quoted(title)}"


def plain(title: str) -> str:
    """Write a title as it stands, or in quotes when one could not tell where it ends."""
    text = name(title)
    return text if _PLAIN.fullmatch(text) else quoted(text)


def short(text: str, most: int = MAX_QUOTED) -> str:
    """Write `text` on one line, cut between two words to at most `most` letters, "…" included."""
    line = join(text)
    if len(line) <= most:
        return line
    cut = line[:most].rpartition(" ")[0] or line[: most - 1]
    return f"{cut.rstrip(' .,;:–-')}…"


def is_short(*texts: str) -> bool:
    """Whether each of the texts can be quoted in full."""
    return all(len(join(text)) <= MAX_QUOTED for text in texts)


def full_stop(text: str) -> str:
    """Write a text as the end of a sentence, in quotes when a full stop can't follow it; "" for a
    text without words."""
    line = join(text)
    if not re.search(r"\w", line):
        return ""
    line = line.rstrip(" .")
    return f"{line}." if _ENDS_WELL.search(line) else f"»{line.translate(_INNER)}«."


def ending(reason: str) -> str:
    """Write a reason as the rest of a sentence: ", fordi … .", ". Begrundelse: … ." or "."."""
    sentence = full_stop(reason)
    if not sentence:
        return "."
    clause = danish.because(join(reason))
    if clause.startswith("fordi ") and _ENDS_WELL.search(clause):
        return f", {clause}."
    return f". Begrundelse: {sentence}"
