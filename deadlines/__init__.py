"""Danish deadlines: the wording is kept as it stands, the days it means are found here.

Pure: no Django, no clock, no dependency. `parse` reads a wording, `describe` writes an interval
in words that `parse` reads back, `conventions` names what is debatable. The pieces, in the order
a wording passes them:

    normalise     blanks, dashes, markup, what a scanner misread
    lexicon       which words matter, as one-letter codes
    tokens        the wording as a row of codes, its shape
    phrases       words that matter only together, as the code of one
    expressions   the times in it, by a grammar over the shape; `dates` and `periods` build them,
                  with `spans`
    units         the days that a named time covers, and its year
    context       what the words around a time make of it: a limit, a start, the deadline itself
    states        wordings without a time: paused, waiting, ongoing
    combine       one deadline out of all that
"""

from deadlines.combine import ParsedDeadline
from deadlines.conventions import Kind
from deadlines.describing import describe, kind_of_days
from deadlines.parsing import parse

__all__ = ["Kind", "ParsedDeadline", "describe", "kind_of_days", "parse"]
