"""From a wording to its deadline, one piece after the other."""

from datetime import date, datetime

from deadlines import conventions
from deadlines.combine import NOTHING, ParsedDeadline, combine
from deadlines.expressions import Found, find
from deadlines.normalise import normalise
from deadlines.phrases import recode
from deadlines.tokens import tokenise


def parse(text: str, reference: date) -> ParsedDeadline:
    """The deadline that a Danish wording names, read on the day `reference`.

    Never raises, and finds nothing when in doubt. Linear in the length of `text`; longer than
    `MAX_LENGTH`, or with more than `MAX_TIMES` times, it is no deadline.
    """
    if len(text) > conventions.MAX_LENGTH:
        return NOTHING
    if isinstance(reference, datetime):
        reference = reference.date()
    reference = min(max(reference, conventions.FIRST_REFERENCE), conventions.LAST_REFERENCE)
    even = normalise(text)
    tokens = recode(tokenise(even))
    found: list[Found] = []
    named = 0
    for item in find(tokens, reference):
        named += len(item.units)
        if named > conventions.MAX_TIMES:
            return NOTHING
        found.append(item)
    return combine(even, tokens, found, reference)
