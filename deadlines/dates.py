"""Builders of days and weeks: "26/2-2026", "4., 5. og 6. maj", "uge 34-35".

A builder makes the units of the tokens that a pattern of the grammar matched, or None.
"""

from datetime import date

from deadlines import units
from deadlines.spans import (
    Built,
    Span,
    any_year,
    follows,
    long_year,
    short_year,
    split_after,
    with_year,
)
from deadlines.tokens import Token
from deadlines.units import Unit


def iso(span: Span) -> Built:
    year, month, day = (token.value for token in span.tokens[::2])
    further = span.after(2)
    if span.after_code == "-" and further and further.code in "12nYc" and not further.spaced:
        return None  # "2026-05-01-1234" is the number of a case
    return _one_day(day, month, long_year(year, span.reference), needs_year=True)


def _one_day(day: int, month: int, year: int | None, *, needs_year: bool = False) -> Built:
    if not (1 <= day <= 31 and 1 <= month <= 12) or (needs_year and year is None):
        return None
    return (Unit("day", month, day, year=year),)


def numeric(span: Span) -> Built:
    numbers = [token for token in span.tokens if token.code in "12Y"]
    day, month, year = numbers
    if span.has_spaced_dash():
        return None  # "2026-05-01 - 08-31"
    if year.code == "2" and _is_item(span):
        return None  # "version 2.1.26" is no date, "version 03-11-2006" may be one
    return _one_day(day.value, month.value, any_year(year, span.reference), needs_year=True)


def _is_item(span: Span) -> bool:
    """Whether this is the dotted number of a page, a paragraph, a case or the like."""
    dotted = any(token.code in "./" for token in span.tokens)
    return dotted and follows(span, "s")


def days_numeric(span: Span) -> Built:
    first, last, month, year_token = (token for token in span.tokens if token.code in "12Y")
    year = any_year(year_token, span.reference)
    end = _one_day(last.value, month.value, year, needs_year=True)
    if not end or not 1 <= first.value < last.value:
        return None
    return (Unit("day", month.value, first.value, year=year), *end)


def days_dotted(span: Span) -> Built:
    """Build the days of "23.4.-24.4.2026"."""
    first, month, last, end_month, year = (t for t in span.tokens if t.code in "12Y")
    end = _one_day(last.value, end_month.value, any_year(year, span.reference), needs_year=True)
    start = _one_day(first.value, month.value, None)
    return (*start, *end) if start and end else None


def days(span: Span) -> Built:
    head, tail = split_after(span, "Mm")
    month = head[-1].value
    numbers = [i for i, token in enumerate(head) if token.code in "12"]
    days = [head[numbers[-1]].value]
    for i in reversed(numbers[:-1]):
        # "4., 5. og 6. maj" and "1-3. maj" are days; "bilag 2 og 3. maj", "fase 2, 3. maj" are not.
        is_day = head[i + 1].code in ".-/" or (i == 0 and follows(span, "d"))
        if not is_day or not 1 <= head[i].value < days[0]:
            break
        days.insert(0, head[i].value)
    if not all(1 <= day <= 31 for day in days):
        return None
    built = [Unit("day", month, day) for day in days]
    return with_year(built, tail, span.reference)


# "3/4 årsværk" and "24/7" are no days. What may be a fraction counts as a day only after a
# preposition, a mark or an event, or before a verb.
_EVENT_ENDINGS = ("møde", "mødet", "møder", "mødes", "udkast", "høring", "workshop", "seminar")
_VERBS = frozenset({"er", "var", "blev"})


def slash(span: Span) -> Built:
    """Build the day of "15/4", without a year."""
    day, month = (token.value for token in span.tokens if token.code in "12")
    built = _one_day(day, month, None)
    if not built or follows(span, "s"):
        return None
    before, after = span.before(), span.after()
    noun_follows = after is not None and after.code in "aw" and not _is_verb(after)
    if noun_follows and (day <= month or span.after_code == "a"):
        return None  # "2/3 af tiden", "5/6 kommuner"
    if day > month and (day, month) != (24, 7):
        return built
    if before is None:
        return built if day <= month else None
    if before.code == "-" and not before.spaced and _follows_a_number(span):
        return None  # "1-2/3"
    if before.code not in "w&cn12":
        return built
    return built if before.text.endswith(_EVENT_ENDINGS) or _is_verb(before) else None


def _follows_a_number(span: Span) -> bool:
    """Whether a number stands before the hyphen: "1-2/3", but not "1/2-1/5"."""
    further, mark = span.before(2), span.before(3)
    return further is not None and further.code in "12" and not (mark and mark.code == "/")


def _is_verb(token: Token) -> bool:
    """Whether the token is a verb: "er", "sendes". A word in -es is nearly always a passive."""
    return token.text in _VERBS or (token.text.endswith("es") and len(token.text) > 5)


def dotted(span: Span) -> Built:
    """Build the day of "d. 1.6." without a year, only after "d." or "den"."""
    before, further = span.before(), span.before(2)
    if before is None or (before.code == "." and (further is None or further.code != "d")):
        return None
    day, month = (token.value for token in span.tokens if token.code in "12")
    return _one_day(day, month, None)


def day_only(span: Span) -> Built:
    """Build the day of "den 15.", with nothing more, as the next 15th."""
    day, last, after = (
        next(t.value for t in span.tokens if t.code in "12"),
        span.tokens[-1],
        span.after(),
    )
    if last.code != "." or (after is not None and after.code not in ",;)-k"):
        return None
    if not 1 <= day <= 31:
        return None
    today = span.reference
    month = Unit("day", today.month, day)
    if month.days(today.year)[0] >= today:
        return (Unit("day", today.month, day, year=today.year, inferred=True),)
    extra, index = divmod(today.month, 12)
    return (Unit("day", index + 1, day, year=today.year + extra, inferred=True),)


def weekday(span: Span) -> Built:
    before = span.before()
    week = next(token.value for token in span.tokens if token.code in "12")
    if not 1 <= week <= 53:
        return None
    head, tail = split_after(span, "U")
    if before is not None and before.code in "-/g>":  # "mandag-onsdag i uge 34"
        return with_year([Unit("week", week)], tail[1:], span.reference)
    return with_year([Unit("weekday", week, head[0].value)], tail[1:], span.reference)


def week(span: Span) -> Built:
    tokens = span.tokens
    year: int | None = None
    weeks: list[int] = []
    mark = ""
    for token in tokens:
        if token.code in "12":
            if weeks and (not mark or _is_year(mark, weeks[-1], token.value, span.reference)):
                year = short_year(token.value, span.reference)
            else:
                weeks.append(token.value)
            mark = ""
        elif weeks and token.code in "-/>&,g+":
            mark = mark or token.code
    if not all(1 <= number <= 53 for number in weeks):
        return None
    part = units.LAST_DAY if tokens[0].code == "e" else units.WHOLE
    built = [Unit("week", number, part=part) for number in weeks]
    if year is not None:
        built[-1] = built[-1].in_year(year)
        return tuple(built)
    return with_year(built, [token for token in tokens if token.code in "YRry"], span.reference)


def _is_year(mark: str, first: int, second: int, reference: date) -> bool:
    """Whether the second number is a year: "uge 34/26" is a week of 2026, "uge 34/35" are two
    weeks, and "uge 51-2" crosses New Year."""
    year = short_year(second, reference)
    if year is None or second == first + 1:
        return False
    return mark == "/" or (mark == "-" and second < first and abs(year - reference.year) <= 2)


def first_week(span: Span) -> Built:
    head, tail = split_after(span, "Mm")
    return with_year([Unit("first week", head[-1].value, head[0].value)], tail, span.reference)
