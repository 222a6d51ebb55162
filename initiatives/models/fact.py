"""How the wording of a deadline is read, for each fact that it may state."""

from datetime import date

from deadlines import DeadlineKind, ParsedDeadline, kind_of_days, parse
from deadlines.term import Term
from plan.fact import DATED, Fact

# Whoever changes one of these says when it is due.
READ_AFRESH = frozenset({"wording", "set_by_hand", "starts_on", "ends_on"})
# What a fact without days is to the parser.
STATE_KINDS: dict[str, DeadlineKind] = {
    Fact.COMPLETED: "done",
    Fact.PAUSED: "paused",
    Fact.WAITING: "waiting",
}
KINDS: tuple[DeadlineKind, ...] = (
    *("day", "week", "month", "quarter", "half", "season", "year", "range"),
    *("open", "none", "paused", "waiting", "done", "ongoing"),
)


def understand(wording: str, fact: str, on: date) -> ParsedDeadline:
    """What `wording` means as a `fact` when it is written on the day `on`.

    A completion, pause, waiting or "ingen deadline" has no days: what its words name is the day
    of a decision.
    """
    parsed = parse(wording, on)
    if fact in DATED:
        return parsed
    kind = STATE_KINDS.get(fact, "none")
    return ParsedDeadline(None, None, kind, opens_on=parsed.opens_on)


def kind_by_hand(term: Term, fact: str, on: date) -> DeadlineKind:
    """The kind of days set by hand: that of the wording where it means them too."""
    read = understand(term.wording, fact, on)
    if (read.start, read.end) == term.days:
        return read.kind
    if not term.has_days:
        return STATE_KINDS.get(fact, "none")
    return kind_of_days(term.starts_on, term.ends_on)
