"""Find what is drawn of a deadline: its days now and before, with their labels."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import plan
from core import danish
from deadlines import naming
from plan import due
from plan.fact import OPEN_ENDED, PROMISES, Fact


@dataclass(frozen=True, slots=True)
class Days:
    """Days to draw, with their label within the plot (`text`) and at its edges (`full_text`)."""

    first: date
    last: date
    text: str
    full_text: str


@dataclass(frozen=True, slots=True)
class DrawnDeadline:
    """What is drawn of a deadline: the opening, the days now (`main`), and the earlier ones.

    `mark` is how a single day is drawn: as a pin or a beam.
    """

    opening: Days | None
    main: Days | None
    mark: str
    is_late: bool
    earlier: tuple[Days, ...]


def undated(item: plan.Initiative) -> tuple[str, ...]:
    """Count the facts that name no day: ("Afsluttet (2)", "Ingen deadline")."""
    numbers = Counter(d.fact_label for d in item.deadlines if not has_days(d))
    if not item.deadlines:
        return ("Deadline ikke oplyst",)
    return tuple(f"{label} ({n})" if n > 1 else label for label, n in numbers.items())


def has_days(deadline: plan.Deadline) -> bool:
    """Whether the deadline names a day now. The opening of a completed or paused one does not
    count."""
    completed = deadline.fact == Fact.COMPLETED and deadline.met_on
    opens = deadline.opens_on and deadline.fact in OPEN_ENDED
    return deadline.term.has_days or bool(opens or completed)


def fact_of(item: plan.Initiative, deadline: plan.Deadline, on: date) -> DrawnDeadline | None:
    """Find what is drawn of `deadline` on the day `on`; None when it never had a day."""
    earlier = tuple(_earlier(deadline))
    if not has_days(deadline) and not earlier:
        return None
    opens = deadline.opens_on or (None if deadline.ends_on else deadline.starts_on)
    return DrawnDeadline(
        opening=_one_day("Opstart", opens) if opens and deadline.fact in OPEN_ENDED else None,
        main=_main(item, deadline, on),
        mark="pin" if deadline.fact in PROMISES else "beam",
        is_late=due.is_overdue(item, deadline, on),
        earlier=earlier,
    )


def _main(item: plan.Initiative, deadline: plan.Deadline, on: date) -> Days | None:
    if deadline.fact == Fact.COMPLETED and deadline.met_on:
        return _one_day("Afsluttet", deadline.met_on)
    end = deadline.ends_on or (deadline.starts_on if deadline.fact == Fact.EVENT else None)
    if end is None:
        return None
    start = deadline.starts_on or end
    full = naming.words(deadline.term) if deadline.ends_on else danish.day(end)
    brief = danish.short_day(end) if start == deadline.starts_on == end else full
    if deadline.fact == Fact.DEADLINE:
        brief = full
    return Days(start, end, _label(item, deadline, on, brief), _label(item, deadline, on, full))


def _one_day(verb: str, day: date) -> Days:
    return Days(day, day, f"{verb} {danish.short_day(day)}", f"{verb} {danish.day(day)}")


def _label(item: plan.Initiative, deadline: plan.Deadline, on: date, when: str) -> str:
    """Write the label of the days that a deadline has now; `when` is the days in words."""
    if deadline.fact == Fact.EVENT:
        return f"Hændelse {when}"
    if deadline.fact == Fact.PRESENTATION:
        return f"{_presenting(deadline, on)} {when}"
    if due.is_overdue(item, deadline, on):
        return f"Overskredet: {when}"
    if deadline.met_on:
        return f"{when}, opfyldt"
    return when


def _presenting(deadline: plan.Deadline, on: date) -> str:
    end = deadline.ends_on
    if deadline.met_on or (end and end < on and deadline.starts_on == end):
        return "Forelagt"
    return "Skulle forelægges" if end and end < on else "Forelægges"


def _earlier(deadline: plan.Deadline) -> Iterator[Days]:
    """List the days that the deadline had before, from the first on."""
    for number, term in enumerate(due.chain(deadline)):
        if term is None or not term.has_days or term.days == deadline.term.days:
            continue
        first, last = term.starts_on or term.ends_on, term.ends_on or term.starts_on
        if first and last:
            text = f"{'Tidligere' if number else 'Oprindelig'}: {naming.words(term)}"
            yield Days(first, last, text, text)
