"""Makes one deadline of the times and words of a wording.

The first of these that the wording has decides: a time labelled "deadline", paused, "ingen
deadline", waiting, done, dates, ongoing.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from core.months import ONE_DAY
from deadlines import conventions, states, units
from deadlines.context import LabelledTime, Sentences, TimeLabel, label_times, sentences
from deadlines.conventions import DeadlineKind
from deadlines.expressions import FoundTime
from deadlines.tokens import Tokens


@dataclass(frozen=True, slots=True)
class ParsedDeadline:
    """The days on which a wording says that something is due, from `start` to `end`, both included.

    None means that there is no bound on that side. `year_inferred` says that the year is not in the
    text, and `opens_on` is the day of an "Opstart …" beside the deadline.
    """

    start: date | None
    end: date | None
    kind: DeadlineKind
    year_inferred: bool = False
    opens_on: date | None = None


NOT_FOUND = ParsedDeadline(None, None, "none")


@dataclass(frozen=True, slots=True)
class DatedTime:
    """A time in the wording as days, both included; None means no bound on that side."""

    start: date | None
    end: date | None
    kind: DeadlineKind
    inferred: bool


def combine(
    text: str, tokens: Tokens, times: Sequence[FoundTime], reference: date
) -> ParsedDeadline:
    """Find the deadline of a normalised wording among the times found in it."""
    parts = sentences(tokens)
    named = _share_years(_without_names(label_times(tokens, parts, times)), reference)
    labelled: defaultdict[TimeLabel, list[LabelledTime]] = defaultdict(list)
    for item in named:
        labelled[item.label].append(item)
    openings = _precise(labelled["opening"], reference)
    opened = [dated.start for dated in _all_dated(openings, reference) if dated.start]
    opens_on = min(opened, default=None)

    deadlines = labelled["new deadline"] or labelled["deadline"]
    lowered = text.lower().replace("aa", "å")
    if not deadlines:
        state = states.state(lowered) or _done(tokens, parts, named, reference)
        if state:
            return ParsedDeadline(None, None, state, opens_on=opens_on)
    if chosen := deadlines or labelled["new"] or labelled[""] or labelled["old"]:
        return _result(chosen, reference, opens_on)
    if openings:
        return _result([_from(item) for item in openings], reference, None)
    return ParsedDeadline(None, None, states.timeless(lowered), opens_on=opens_on)


def _precise(openings: list[LabelledTime], reference: date) -> list[LabelledTime]:
    """Leave out every time that contains another one: "starter uge 35 (26. august)"."""
    if len(openings) < 2:
        return openings
    times = _all_dated((replace(item, bound="") for item in openings), reference)
    return [
        item for item, time in zip(openings, times, strict=True) if not _holds_another(time, times)
    ]


def _from(item: LabelledTime) -> LabelledTime:
    return item if item.bound == "after" else replace(item, bound="from")


# States

# Words of planning, except in "som planlagt afsluttet" and "ønsket og godkendt".
_PLAN = re.compile(r"(?<!\|)[x@](?!g)|[IB]")
_DENIED = re.compile(r"[~?]")
# "Færdig senest 12. februar" is a promise; "senest godkendt den …" is not.
_UNTIL_THEN = re.compile(r"[^,;.:(]{0,6}L[>id.]{0,5}")


def _done(
    tokens: Tokens, parts: Sentences, named: Sequence[LabelledTime], reference: date
) -> DeadlineKind | None:
    """Return "done" for "afsluttet" and "godkendt den 20. januar", otherwise None.

    "Forventes afsluttet", "skulle have været afsluttet" and "ikke afsluttet" are not done, nor is
    "afsluttet december 2026" in February, which is a plan.
    """
    shape, position = tokens.shape, -1
    plans: set[tuple[int, bool]] = set()
    while (position := shape.find("z", position + 1)) >= 0:
        first, end = parts.first(position), parts.end(position)
        if _is_planned(tokens, max(first, position - 16), position):
            continue
        adjective = tokens.items[position].text.startswith("færdig")
        if (first, adjective) in plans:
            continue
        here = [item for item in named if first <= item.start < end]
        if not any(
            _lies_ahead(item, reference, adjective) or _is_until(shape, position, item)
            for item in here
        ):
            return None if any(_is_limit_ahead(item, reference) for item in named) else "done"
        plans.add((first, adjective))
    return None


def _is_planned(tokens: Tokens, first: int, position: int) -> bool:
    """Whether the words before "afsluttet" say that it is planned, or deny it."""
    shape, items = tokens.shape, tokens.items
    if _DENIED.search(shape, first, position):
        return True
    for index in range(position - 1, first - 1, -1):
        text = items[index].text
        # "Skulle være afsluttet i maj, men blev afsluttet i juni": the plan ends at "men".
        is_new_clause = index > 0 and shape[index - 1] in "g,"
        if text in ("men", "blev") or (text == "er" and is_new_clause):
            first = index
            break
    return _PLAN.search(shape, first, position) is not None


def _is_until(shape: str, position: int, item: LabelledTime) -> bool:
    return 0 < item.start - position < 14 and bool(
        _UNTIL_THEN.fullmatch(shape, position + 1, item.start)
    )


def _is_limit_ahead(item: LabelledTime, reference: date) -> bool:
    """Whether the time is a limit not yet over: "Godkendt. Implementeres senest 1. september"."""
    if item.bound not in ("upto", "inden", "before"):
        return False
    end = _dated(item, reference).end
    return end is not None and end >= reference


def _lies_ahead(item: LabelledTime, reference: date, adjective: bool) -> bool:
    dated = _dated(item, reference)
    if adjective:
        return dated.end is None or dated.end >= reference
    return not dated.inferred and (dated.start or dated.end or reference) > reference


# Days


def _without_names(named: list[LabelledTime]) -> list[LabelledTime]:
    """Leave out the years in a name ("Rammeaftale 2027-2028") if there is any other time."""
    times = [item for item in named if not item.units[0].in_a_name]
    return times or named


def _share_years(named: list[LabelledTime], reference: date) -> list[LabelledTime]:
    """Give a time without a year that of the wider time it lies in: "Juni 2026: 25/6"."""
    dated = [item for item in named if any(unit.year is not None for unit in item.units)]
    if not dated or len(dated) == len(named):
        return named
    wider: list[units.Interval] = []
    for item in dated:
        days = units.resolve(item.units, reference)
        wider.append((days[0][0], days[-1][1]))
    return [item if item in dated else _share(item, wider, reference) for item in named]


def _share(item: LabelledTime, wider: Sequence[units.Interval], reference: date) -> LabelledTime:
    for first, last in wider:
        with_year = (item.units[0].in_year(first.year), *item.units[1:])
        days = units.resolve(with_year, reference)
        if first <= days[0][0] and days[-1][1] <= last:
            return replace(item, units=with_year)
    return item


def _dated(item: LabelledTime, reference: date) -> DatedTime:
    """Compute the days of one time, within the limits that the words around it set."""
    pick = units.occurrence
    if item.bound == "since":
        pick = units.latest_before
    elif item.expected:
        pick = units.next_occurrence if item.expected == "ahead" else units.missed
    days = units.resolve(item.units, reference, pick)
    inferred = any(unit.inferred for unit in item.units)
    inferred = inferred or all(unit.year is None for unit in item.units)
    kind: DeadlineKind = item.units[-1].kind
    start, end = min(first for first, _ in days), max(last for _, last in days)
    if len(days) > 1:
        inner = [pair for pair in days if _lies_in(pair, days)]
        if inner:
            # "Juni 2026 - 25/6": the more precise of the two times counts.
            start, end = inner[0]
            kind = item.units[days.index(inner[0])].kind
        elif len(set(days)) > 1:
            kind = "range"
    return _bounded(item, start, end, kind, inferred)


def _lies_in(pair: units.Interval, others: Iterable[units.Interval]) -> bool:
    return any(other != pair and other[0] <= pair[0] and pair[1] <= other[1] for other in others)


def _bounded(
    item: LabelledTime, start: date, end: date, kind: DeadlineKind, inferred: bool
) -> DatedTime:
    last = item.units[-1]
    limit: DeadlineKind = last.kind if kind == "range" else kind
    if last.form in ("year turn", "half turn") and item.bound:
        # A limit counts from the turn itself, not from the ten days on either side of it.
        return _at_turn(item, end.replace(day=1) - ONE_DAY, inferred)
    if item.bound == "upto" or (item.bound == "inden" and _includes_itself(last)):
        return DatedTime(None, end, limit, inferred)
    if item.bound in ("inden", "before"):
        if last.part == units.LAST_DAY:  # "før udgangen af maj"
            return DatedTime(None, end, limit, inferred)
        return DatedTime(None, start - ONE_DAY, limit, inferred)
    if item.bound in ("from", "since"):
        return DatedTime(start, None, "open", inferred)
    if item.bound == "after":
        return DatedTime(end + ONE_DAY, None, "open", inferred)
    return DatedTime(start, end, kind, inferred)


def _at_turn(item: LabelledTime, last: date, inferred: bool) -> DatedTime:
    if item.bound in ("upto", "inden", "before"):
        kind: DeadlineKind = "year" if last.month == 12 else "half"
        return DatedTime(None, last, kind, inferred)
    return DatedTime(last + ONE_DAY, None, "open", inferred)


def _includes_itself(unit: units.Unit) -> bool:
    """Whether a limit with "inden" includes the time that it names."""
    if unit.kind == "day":
        return conventions.BEFORE_INCLUDES_THE_DAY
    return unit.part != units.WHOLE and conventions.BEFORE_INCLUDES_THE_THIRD


def _all_dated(named: Iterable[LabelledTime], reference: date) -> list[DatedTime]:
    return [_dated(item, reference) for item in named]


def _result(
    named: Sequence[LabelledTime], reference: date, opens_on: date | None
) -> ParsedDeadline:
    """Combine the times: a wider time around a precise one is dropped, others make a range."""
    if any(not item.bound for item in named):
        # "Det første møde efter sommerferien den 17/9" is that day.
        named = [item for item in named if not _is_background(item)]
    times = list(dict.fromkeys(_all_dated(named, reference)))
    times = [time for time in times if not _holds_another(time, times)]
    inferred = any(time.inferred for time in times)
    if len(times) == 1:
        only = times[0]
        return ParsedDeadline(only.start, only.end, only.kind, inferred, opens_on)
    starts = [time.start for time in times if time.start]
    ends = [time.end for time in times if time.end]
    start = min(starts, default=None)
    if not ends:
        return ParsedDeadline(start, None, "open", inferred, opens_on)
    end = max(ends)
    if start is None or start > end:
        latest = max((time for time in times if time.end), key=lambda time: time.end or date.min)
        return ParsedDeadline(latest.start, end, latest.kind, inferred, opens_on)
    # "1. maj, senest 1. maj" is one day.
    whole = [time.kind for time in times if (time.start, time.end) == (start, end)]
    kind: DeadlineKind = whole[0] if whole else "day" if start == end else "range"
    return ParsedDeadline(start, end, kind, inferred, opens_on)


def _is_background(item: LabelledTime) -> bool:
    vague = item.units[-1].kind == "season"
    return vague and item.bound == "after"


def _holds_another(time: DatedTime, times: Sequence[DatedTime]) -> bool:
    if time.start is None or time.end is None:
        return False
    days = (time.start, time.end)
    return any(
        other.start
        and other.end
        and (other.start, other.end) != days
        and _lies_in((other.start, other.end), [days])
        for other in times
    )
