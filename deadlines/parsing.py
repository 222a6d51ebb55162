"""Parses a wording: the steps listed in `deadlines`, one after the other."""

from datetime import date, datetime

from deadlines import conventions
from deadlines.combine import NOT_FOUND, ParsedDeadline, combine
from deadlines.expressions import FoundTime, find_times
from deadlines.normalise import normalise_wording
from deadlines.phrases import recode
from deadlines.tokens import tokenise


def parse(text: str, reference: date) -> ParsedDeadline:
    """Find the deadline that a Danish wording names, as read on the day `reference`.

    Never raises, and finds nothing when in doubt. It takes time linear in the length of `text`; a
    text longer than `MAX_LENGTH`, or with more than `MAX_TIMES` times, is no deadline.
    """
    if len(text) > conventions.MAX_LENGTH:
        return NOT_FOUND
    if isinstance(reference, datetime):
        reference = reference.date()
    reference = min(max(reference, conventions.MIN_REFERENCE), conventions.MAX_REFERENCE)
    wording = normalise_wording(text)
    tokens = recode(tokenise(wording))
    times: list[FoundTime] = []
    units = 0
    for time in find_times(tokens, reference):
        units += len(time.units)
        if units > conventions.MAX_TIMES:
            return NOT_FOUND
        times.append(time)
    return combine(wording, tokens, times, reference)
