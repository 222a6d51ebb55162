"""A parser of Danish deadlines: it finds the days that a wording means.

Pure: no Django and no clock. `parse` reads a wording, `describe` writes an interval in
words that `parse` reads back, and `conventions` holds every choice that is open to debate. The
modules, in the order in which they handle a wording:

    normalise     evens out blanks, dashes, markup and what a scanner misread
    lexicon       gives the words that matter one-letter codes
    tokens        turns the wording into a row of codes, its shape
    phrases       gives words that matter only together the code of a single word
    expressions   finds the times, by a grammar over the shape; `dates` and `periods` build them
                  with `spans`
    units         computes the days that a time covers, and its year
    context       reads the words around a time: a limit, a start, the deadline itself
    states        recognises wordings without a time: paused, waiting, ongoing
    combine       makes one deadline of it all
"""

from deadlines.combine import ParsedDeadline
from deadlines.conventions import DeadlineKind
from deadlines.describing import describe, kind_of_days
from deadlines.parsing import parse

__all__ = ["DeadlineKind", "ParsedDeadline", "describe", "kind_of_days", "parse"]
