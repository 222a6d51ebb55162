"""Make the lines of the lists of indsatser and deadlines on an initiative's page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import plan
from core.links import Links
from plan import due
from plan.fact import Fact

# Is shown instead of the number of an archived indsats.
ARCHIVED = "arkiveret"


@dataclass(frozen=True, slots=True)
class DetailLine:
    """An indsats or a deadline on an initiative's page, with the addresses that edit it.

    `number` is that of the indsats, or of the indsats a deadline belongs to ("" for none).
    `deadline` is None for an indsats.
    """

    key: str
    text: str
    number: str
    deadline: "DeadlineParts | None"
    version: int
    edit_url: str
    move_url: str
    archive_url: str
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class DeadlineParts:
    """A deadline on its initiative's page: how it is understood, whether it is due, and its terms
    from the first to the newest (`earlier` and `now` are empty if it never moved). `outcome_act` is
    the link to the form for a presentation's outcome, "" before its day."""

    fact_label: str
    understood: str
    state: due.DueLine
    earlier: tuple[str, ...]
    now: str
    sentences: tuple[str, ...]
    outcome_act: str


def deadline_parts(
    item: plan.Initiative, deadline: plan.Deadline, on: date, *, in_plan: bool
) -> DeadlineParts:
    """Make what the page of `item` shows of a deadline on the day `on`. Nothing is due of an
    initiative that is not in the plan."""
    understood = due.understood(
        deadline.term,
        fact=deadline.fact,
        opens_on=deadline.opens_on,
        set_by_hand=deadline.set_by_hand,
    )
    state = due.due_line(item, deadline, on) if in_plan else due.DueLine("")
    chain = due.chain_words(deadline)
    moved = (due.moved_sentence(deadline), *due.corrections(deadline))
    return DeadlineParts(
        fact_label=deadline.fact_label,
        understood=understood,
        # What is understood already says when it is due.
        state=due.DueLine("") if state.text in understood else state,
        earlier=chain[:-1],
        now=chain[-1] if len(chain) > 1 else "",
        sentences=tuple(sentence for sentence in moved if sentence),
        outcome_act=_outcome_act(deadline, on) if in_plan else "",
    )


def _outcome_act(deadline: plan.Deadline, on: date) -> str:
    if deadline.fact != Fact.PRESENTATION:
        return ""
    if deadline.met_on:
        return "Ret udfald" if deadline.outcome else "Registrér udfald"
    return "Registrér udfald" if deadline.ends_on and deadline.ends_on <= on else ""


def action_lines(
    item: plan.Initiative, versions: Mapping[str, int], links: Links
) -> tuple[DetailLine, ...]:
    """Make the numbered lines of the indsatser of an initiative."""
    texts = [(action.key, action.title, str(n), None) for n, action in enumerate(item.actions, 1)]
    return _lines("indsatser", texts, versions, links)


def deadline_lines(
    item: plan.Initiative, versions: Mapping[str, int], links: Links, *, on: date, in_plan: bool
) -> tuple[DetailLine, ...]:
    """Make the lines of the deadlines of an initiative, with the number of the indsats of each."""
    numbers = {action.key: str(n) for n, action in enumerate(item.actions, 1)}
    texts = [
        (
            d.key,
            d.wording,
            numbers.get(d.action, ARCHIVED) if d.action else "",
            deadline_parts(item, d, on, in_plan=in_plan),
        )
        for d in item.deadlines
    ]
    return _lines("deadlines", texts, versions, links)


def _lines(
    kind: str,
    texts: Sequence[tuple[str, str, str, DeadlineParts | None]],
    versions: Mapping[str, int],
    links: Links,
) -> tuple[DetailLine, ...]:
    def url(act: str, key: str) -> str:
        return links.to(f"initiatives:row-{act}", kind=kind, key=key)

    # What was archived while the page was read has no version any more.
    texts = [text for text in texts if text[0] in versions]
    return tuple(
        DetailLine(
            key=key,
            text=text,
            number=number,
            deadline=deadline,
            version=versions[key],
            edit_url=url("edit", key),
            move_url=url("move", key),
            archive_url=url("archive", key),
            is_first=index == 0,
            is_last=index == len(texts) - 1,
        )
        for index, (key, text, number, deadline) in enumerate(texts)
    )
