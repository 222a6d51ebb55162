"""Builders of months and longer times: "medio maj", "3. kvartal", "årsskiftet 2026/27"."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from deadlines import conventions, units
from deadlines.spans import (
    Built,
    Span,
    any_year,
    follows,
    is_next,
    long_year,
    parts_of,
    split_after,
    with_year,
)
from deadlines.tokens import Token
from deadlines.units import Unit


def quarter(span: Span) -> Built:
    tokens = span.tokens
    if any(token.code == "K" for token in tokens):
        head, tail = split_after(span, "K")
        numbers = [token.value for token in head if token.code == "K"]
        if len(tail) > 1 and tail[0].code in "-/>&g," and tail[1].code == "1":  # "Q1-2"
            numbers.append(tail[1].value)
        before = [token for token in head if token.code == "Y"]
        tail = before or tail
    else:
        head, tail = split_after(span, "Q")
        numbers = [token.value for token in head if token.code in "1O"]
        if not numbers:  # "kvartal 3"
            numbers, tail = [tail[0].value], tail[1:]
    if any(token.code == "Q" and token.value for token in head):  # tertial
        thirds = [Unit("year", part=number) for number in numbers if 1 <= number <= 3]
        return with_year(thirds, tail, span.reference) if thirds else None
    return _numbered(span, "quarter", 4, numbers, head, tail)


def half(span: Span) -> Built:
    if any(token.code == "J" for token in span.tokens):
        head, tail = split_after(span, "J")
        numbers = [token.value for token in head if token.code == "J"]
        tail = [token for token in head if token.code == "Y"] or tail
        if not tail and not _may_be_heading(span):
            return None
    else:
        head, tail = split_after(span, "H")
        numbers = [token.value for token in head if token.code in "1O"]
    return _numbered(span, "half", 2, numbers, head, tail)


def _may_be_heading(span: Span) -> bool:
    """Whether "H2" without a year is a half year: only alone or after a preposition or the like."""
    alone = span.start == 0 and span.after() is None
    return alone or follows(span, "iLIBbAE>VxuP#")


def _numbered(
    span: Span,
    form: units.Form,
    last: int,
    numbers: list[int],
    head: Sequence[Token],
    tail: Sequence[Token],
) -> Built:
    numbers = [last if number == 9 else number for number in numbers]  # "sidste kvartal"
    if not all(1 <= number <= last for number in numbers):
        return None
    parts = parts_of(head)
    built = [Unit(form, number, part=part) for number in numbers for part in parts]
    return with_year(built, tail, span.reference)


def halfway(span: Span) -> Built:
    """Build the half of "første halvdel af 2026" or "anden halvdel af maj"."""
    tokens, reference = span.tokens, span.reference
    if (half := 2 if tokens[0].value == 9 else tokens[0].value) > 2:
        return None
    months = [token.value for token in tokens if token.code == "M"]
    if months:
        part = units.FIRST_HALF if half == 1 else units.SECOND_HALF
        tail = split_after(span, "M")[1]
        return with_year([Unit("month", months[0], part=part)], tail, reference)
    return with_year([Unit("half", half)], tokens[1:], reference)


def month_turn(span: Span) -> Built:
    head, tail = split_after(span, "M")
    first, second = (token.value for token in head if token.code == "M")
    if second != first % 12 + 1:
        return None
    built = with_year([Unit("month turn", first)], tail, span.reference)
    if built and first == 12 and (year := built[0].year):
        return (built[0].in_year(year - 1),)
    return built


def turn(span: Span) -> Built:
    years = [token for token in span.tokens if token.code in "Y2"]
    form: units.Form = "half turn" if span.tokens[0].value else "year turn"
    if not years:
        return (Unit(form),)
    if (year := any_year(years[0], span.reference)) is None:
        return None
    if form == "half turn":
        return (Unit(form, year=year),) if len(years) == 1 else None
    if len(years) == 1:
        # "Årsskiftet 2026" may be either end of that year: take the first that is not over.
        january = date(year, 1, conventions.TURN_LAST_DAY)
        return (Unit("year turn", year=year - 1 if span.reference <= january else year),)
    return (Unit("year turn", year=year),) if is_next(years[0], years[1]) else None


def month(span: Span) -> Built:
    head, tail = split_after(span, "Mm")
    name, parts = head[-1], parts_of(head)
    built = with_year(
        [Unit("month", name.value, part=part) for part in parts], tail, span.reference
    )
    if name.code == "m" and parts == [units.WHOLE] and not (built and built[-1].year):
        # "Jan" may be a man and "jul" Christmas: they are months only if nothing else is said.
        before, after = span.before(), span.after()
        ends_here = after is None or after.code in "-/"
        begins_here = before is None or before.code in "iL#-/" or follows(span, "#")
        return built if ends_here and begins_here else None
    return None if _is_name(span, name) or _has_impossible_day(span) else built


def _has_impossible_day(span: Span) -> bool:
    """Whether an impossible day stands before the month: "32. maj" is not May."""
    before, further = span.before(), span.before(2)
    return (
        before is not None and before.code == "." and further is not None and further.code in "12n"
    )


def _is_name(span: Span, name: Token) -> bool:
    """Whether the month is a person's name: "Maj Hansen", "August Krogh"."""
    after = span.after()
    return (
        name.capital
        and name.value in (5, 8)
        and after is not None
        and after.code == "w"
        and after.capital
        and len(span.tokens) == 1
    )


def numeric_month(span: Span) -> Built:
    """Build the month of "08/2026", "9/2026", "08-2026" or "05.2026".

    It stands alone or after a preposition or the like, never after a noun, whose number it may be
    ("sag 8/2026", "referat 3/2026").
    """
    month, mark, year = span.tokens[-3:]
    glued = not mark.spaced and not year.spaced
    is_no_paragraph = month.code == "2" or mark.code == "/"  # as "5.2026" may be
    year_number = any_year(year, span.reference)
    if not (glued and is_no_paragraph and 1 <= month.value <= 12 and year_number):
        return None
    parts = parts_of(span.tokens[:-3])
    is_time = len(span.tokens) > 3 or _stands_for_a_year(span) or _follows_a_numeric_month(span)
    if not is_time or _is_numbered(span):
        return None
    return tuple(Unit("month", month.value, part=part, year=year_number) for part in parts)


def _follows_a_numeric_month(span: Span) -> bool:
    """Whether it is the second of "06/2026 - 09/2026"."""
    before, year, mark, month = (span.before(steps) for steps in (1, 2, 3, 4))
    return (
        before is not None
        and before.code == "-"
        and year is not None
        and year.code == "Y"
        and mark is not None
        and mark.code in "./-"
        and month is not None
        and month.code in "12"
    )


def _is_numbered(span: Span) -> bool:
    """Whether it is the number of a case, a page or the like, or part of a longer number."""
    before, further = span.before(), span.before(2)
    if before is not None and before.code == "-" and not before.spaced:
        return further is None or further.code != "Y"
    steps = 1
    while steps < 4 and before is not None and before.code in ".:(":
        steps += 1
        before = span.before(steps)
    return before is not None and before.code in "sj"


def month_end(span: Span) -> Built:
    head, tail = split_after(span, "e")
    return with_year([Unit("month", head[0].value, part=units.LAST_DAY)], tail, span.reference)


def season(span: Span) -> Built:
    head, tail = split_after(span, "S")
    parts, name = parts_of(head), head[-1].value
    if name > 4:  # forsommer, sensommer
        parts, name = [1 if name == 5 else 3], 2
    built = [Unit("season", name, part=part) for part in parts]
    if head[0].code == "R" or (len(head) > 1 and head[-2].code == "R"):
        year = span.reference.year  # "næste forår" is the next one to begin
        if built[0].days(year)[0] <= span.reference:
            year += 1
        built = [Unit("season", name, part=part, year=year, inferred=True) for part in parts]
        return tuple(built)
    return with_year(built, tail, span.reference)


def winter(span: Span) -> Built:
    season = span.tokens[0].value
    first, second = (token for token in span.tokens if token.code in "Y2")
    year = long_year(first.value, span.reference)
    if season != 4 or year is None or not is_next(first, second):
        return None
    if not conventions.WINTER_BEGINS_IN_NAMED_YEAR:
        year += 1
    return (Unit("season", 4, year=year),)


def holiday(span: Span) -> Built:
    """Build a holiday. Christmas, Easter and the like need a preposition or the like before them;
    school holidays do not."""
    holiday = span.tokens[0].value
    if holiday >= units.CHRISTMAS and not follows(span, "IBEiLbZA>V"):
        return None
    if holiday == units.NEW_YEAR:
        # "Nytår 2027" is the turn that ends in that year.
        built = with_year([Unit("year turn")], span.tokens[1:], span.reference)
        year = built[0].year if built else None
        return (Unit("year turn", year=year - 1),) if year else built
    return with_year([Unit("holiday", holiday)], span.tokens[1:], span.reference)


def school_year(span: Span) -> Built:
    """Build the school years of "skoleåret 2026/27", "primo næste skoleår", "skoleårets udgang" or
    "i løbet af skoleåret"."""
    tokens, reference = span.tokens, span.reference
    parts = parts_of(tokens)
    if not any(token.code in "Y2" for token in tokens):
        before = [token.text for token in (span.before(), span.before(2)) if token]
        if not (any(token.code in "RrPpe^" for token in tokens) or "løbet" in before):
            return None
        unit = Unit("school year")
        year = units.occurrence(unit.days, reference) + any(token.code == "R" for token in tokens)
        return tuple(Unit("school year", part=part, year=year, inferred=True) for part in parts)
    built = []
    for first, second in _pairs_of_years(tokens):
        first_year = any_year(first, reference)
        if first_year is None or (second and not is_next(first, second)):
            return None
        built += [Unit("school year", part=part, year=first_year) for part in parts]
    return tuple(built)


def _pairs_of_years(tokens: Sequence[Token]) -> Iterator[tuple[Token, Token | None]]:
    """Split "2026/27 og 2027/28" into pairs of years; the second of a pair is None if missing."""
    rest = list(tokens)
    while rest:
        first = rest.pop(0)
        if first.code not in "Y2":
            continue
        second = None
        if len(rest) > 1 and rest[0].code in "-/" and rest[1].code in "Y2":
            second = rest[1]
            rest = rest[2:]
        yield first, second


def relative(span: Span) -> Built:
    """Build the time of "næste måned", "denne uge", "årets udgang" or "medio næste år"."""
    tokens, today = span.tokens, span.reference
    codes = "".join(token.code for token in tokens)
    ahead = 1 if "R" in codes else 0
    if "e" in codes and "a" not in codes.split("e")[1] and not codes.startswith("e"):
        parts = [units.LAST_DAY]
    else:
        parts = parts_of(tokens)
    years = [token for token in tokens if token.code == "Y"]
    if "y" in codes:
        year = long_year(years[0].value, today) if years else today.year + ahead
        return tuple(Unit("year", part=part, year=year, inferred=not years) for part in parts)
    if years:
        return None
    if "U" in codes:
        iso = (today + timedelta(days=7 * ahead)).isocalendar()
        form: units.Form = "week"
        number, year = iso.week, iso.year
    else:
        length, form = (
            (1, "month") if "W" in codes else (3, "quarter") if "Q" in codes else (6, "half")
        )
        extra, number = divmod((today.month - 1) // length + ahead, 12 // length)
        year, number = today.year + extra, number + 1
    return tuple(Unit(form, number, part=part, year=year, inferred=True) for part in parts)


def this_year(span: Span) -> Built:
    """Build the year of "i løbet af året", or of "i år" if the wording says nothing more: "5 sager
    i år" is no time."""
    words = [token.text for token in span.tokens]
    alone = span.start == 0 and span.after() is None
    if "løbet" in words or (alone and words == ["i", "år"]):
        return (Unit("year", year=span.reference.year, inferred=True),)
    return None


def year(span: Span) -> Built:
    """Build a year that stands alone, as a heading, or after a preposition or the like. "Budget
    2027" has no time in it."""
    tokens = span.tokens
    years = [token for token in tokens if token.code in "Y2"]
    first = any_year(years[0], span.reference)
    pair = len(years) == 2 and years[1].code == "Y"
    is_time = tokens[0].code in "Pp^ey" or _stands_for_a_year(span)
    in_a_name = not is_time and pair and _ends_a_name(span)  # "Rammeaftale 2027-2028"
    if first is None or not (is_time or in_a_name):
        return None
    built = [Unit("year", part=part, year=first, in_a_name=in_a_name) for part in parts_of(tokens)]
    if len(years) == 1:
        return tuple(built)
    slash = any(token.code == "/" for token in tokens)
    last = years[1].value if pair else 2000 + years[1].value
    if not pair and not slash and 1 <= (month := years[1].value) <= 12:
        # "2026-08" is a month; "2010-12" may be a month or three years.
        is_month = last <= first and not years[1].spaced and not _is_numbered(span)
        return (Unit("month", month, year=first),) if is_month and len(tokens) == 3 else None
    if last <= first or (slash and last != first + 1):
        return None
    return (*built, Unit("year", year=last, in_a_name=in_a_name))


def _stands_for_a_year(span: Span) -> bool:
    """Whether the words around a number make it a year, or a month of a year."""
    before, further = span.before(), span.before(2)
    if _is_counted(span):
        return False
    noun_follows = span.after_code in "wcn12" and span.after_code != ""
    if before is None:
        return not noun_follows
    if before.code == "w":
        return before.text.endswith("es") and len(before.text) > 5
    if before.code in ":(,;-/.":
        part_of_more = (
            further is not None
            and before.code in "-/."
            and (further.code == "Y" or (further.code in "12nc" and not before.spaced))
        )
        return not noun_follows and not part_of_more
    if before.code == "a":
        return further is not None and further.code in "ie"
    return before.code in "iAEZLIBXVb>dgovx@zu#NGyl<"


def _ends_a_name(span: Span) -> bool:
    before = span.before()
    return before is not None and before.code == "w" and not _is_counted(span)


def _is_counted(span: Span) -> bool:
    """Whether it counts something or is part of a code: "2000 borgere", "2016/679", "2026-1"."""
    second = span.after(2)
    if span.after_code in ("-", "/") and second is not None:
        return second.code in "nc" or (second.code == "1" and not second.spaced)
    return span.after_code in ("$", "%")
