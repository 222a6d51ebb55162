"""Make the timeline's rows: each initiative drawn, and the same in words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import plan
from initiatives.timeline.drawing import draw
from initiatives.timeline.facts import undated
from initiatives.timeline.pen import Drawing
from initiatives.timeline.window import Window
from plan import due


@dataclass(frozen=True, slots=True)
class TwinLine:
    """A deadline in words. `chain` are its terms from the first on, empty if it never moved."""

    action: str
    fact_label: str
    wording: str
    lines: tuple[due.DueLine, ...]
    chain: tuple[str, ...]
    moved: str


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """An initiative: drawn, and in words."""

    key: str
    title: str
    url: str
    status: plan.StatusLabel
    drawing: Drawing
    undated: tuple[str, ...]
    twin: tuple[TwinLine, ...]


@dataclass(frozen=True, slots=True)
class TimelineArea:
    """An area's title and its rows."""

    key: str
    title: str
    rows: tuple[TimelineRow, ...]


@dataclass(frozen=True, slots=True)
class TimelinePrinciple:
    """A principle's title and its areas."""

    key: str
    title: str
    areas: tuple[TimelineArea, ...]


def rows(
    document: plan.PlanDocument, window: Window, on: date, address: Callable[[str], str]
) -> tuple[TimelinePrinciple, ...]:
    """Make the rows of the initiatives of `document`; `address` makes a link from a key."""
    statuses = {status.value: status for status in document.statuses}

    def row(item: plan.Initiative) -> TimelineRow:
        return TimelineRow(
            *(item.key, item.title, address(item.key), statuses[item.status]),
            drawing=draw(item, window, on),
            undated=undated(item),
            twin=tuple(_twin_line(item, deadline, on) for deadline in item.deadlines),
        )

    return tuple(
        TimelinePrinciple(
            principle.key,
            principle.title,
            tuple(
                TimelineArea(area.key, area.title, tuple(row(item) for item in area.initiatives))
                for area in principle.areas
                if area.initiatives
            ),
        )
        for principle in document.principles
        if any(area.initiatives for area in principle.areas)
    )


def _twin_line(item: plan.Initiative, deadline: plan.Deadline, on: date) -> TwinLine:
    titles = {action.key: action.title for action in item.actions}
    line = due.due_line(item, deadline, on)
    chain = due.chain_words(deadline)
    return TwinLine(
        action=titles.get(deadline.action, "Arkiveret indsats") if deadline.action else "",
        fact_label=deadline.fact_label,
        wording=deadline.wording,
        lines=(line,) if line.text else (),
        chain=chain if len(chain) > 1 else (),
        moved=due.moved_sentence(deadline),
    )
