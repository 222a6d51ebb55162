"""Read the wording of a deadline, as the fact that it states."""

from datetime import date

from deadlines import DeadlineKind, ParsedDeadline, kind_of_days, parse
from deadlines.term import Term
from plan.fact import DATED, Fact

# When one of these fields changes, the days of the deadline are determined again.
READ_AFRESH = frozenset({"wording", "set_by_hand", "starts_on", "ends_on"})
# The parser's kind for each fact without days.
STATE_KINDS: dict[str, DeadlineKind] = {
    Fact.COMPLETED: "done",
    Fact.PAUSED: "paused",
    Fact.WAITING: "waiting",
}
DEADLINE_KINDS: tuple[DeadlineKind, ...] = (
    *("day", "week", "month", "quarter", "half", "season", "year", "range"),
    *("open", "none", "paused", "waiting", "done", "ongoing"),
)


def understand(wording: str, fact: str, on: date) -> ParsedDeadline:
    """Read what `wording` means as a `fact` when it is written on the day `on`.

    A completion, pause, waiting or "ingen deadline" has no days: a day in its wording is that of
    a decision.
    """
    parsed = parse(wording, on)
    if fact in DATED:
        return parsed
    kind = STATE_KINDS.get(fact, "none")
    return ParsedDeadline(None, None, kind, opens_on=parsed.opens_on)


def kind_by_hand(term: Term, fact: str, on: date) -> DeadlineKind:
    """Find the kind of days set by hand: that of the wording, if it means the same days."""
    parsed = understand(term.wording, fact, on)
    if (parsed.start, parsed.end) == term.days:
        return parsed.kind
    if not term.has_days:
        return STATE_KINDS.get(fact, "none")
    return kind_of_days(term.starts_on, term.ends_on)


def calls_itself_new(wording: str, fact: str) -> bool:
    """Whether the wording of a deadline says that there was one before it."""
    return fact == Fact.DEADLINE and "ny deadline" in wording.casefold()
