"""Make the timeline's rows: each initiative drawn, and the same in words."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

import plan
from core.links import Links
from initiatives.sources.live import KeptDocument
from initiatives.status.rows import RowLinks
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
    """An initiative: drawn, and in words. `markup` holds the words as they were drawn."""

    key: str
    title: str
    url: str
    status: plan.StatusLabel
    drawing: Drawing
    undated: tuple[str, ...]
    twin: tuple[TwinLine, ...]
    markup: dict[str, str] = field(default_factory=dict, compare=False, repr=False)


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


class TimelineRows:
    """The rows of one plan in the window around its day, each made when it is first shown, and kept
    with the plan for all who get these `links`. What no change has touched is taken over from the
    plan before."""

    TAKES_OVER = True

    def __init__(self, whole: KeptDocument, links: Links) -> None:
        # Without the plan itself, which keeps this object.
        self._on = whole.document.drawn_up_on
        self._statuses = {status.value: status for status in whole.document.statuses}
        self._links = RowLinks(links.programme_key, links.day)
        before = whole.drawn_before(TimelineRows, links)
        self._made: dict[str, tuple[plan.Initiative, date, TimelineRow]] = (
            dict(before._made) if before else {}
        )

    def row_of(self, item: plan.Initiative, window: Window) -> TimelineRow:
        """Return the row of an initiative of the plan. In another window than the one around the
        plan's day it is drawn anew, since anybody may ask for any window."""
        made = self._made.get(item.key)
        if made is None or made[:2] != (item, self._on):
            made = self._made[item.key] = item, self._on, self._row(item)
        row = made[2]
        if window == Window.around(self._on):
            return row
        return replace(row, drawing=draw(item, window, self._on))

    def _row(self, item: plan.Initiative) -> TimelineRow:
        return TimelineRow(
            key=item.key,
            title=item.title,
            url=self._links.to("initiatives:initiative-detail", key=item.key),
            status=self._statuses[item.status],
            drawing=draw(item, Window.around(self._on), self._on),
            undated=undated(item),
            twin=tuple(_twin_line(item, deadline, self._on) for deadline in item.deadlines),
        )


def rows(
    document: plan.PlanDocument, row_of: Callable[[plan.Initiative], TimelineRow]
) -> tuple[TimelinePrinciple, ...]:
    """Place the rows of the initiatives of `document` under their principles and areas."""
    return tuple(
        TimelinePrinciple(
            principle.key,
            principle.title,
            tuple(
                TimelineArea(area.key, area.title, tuple(map(row_of, area.initiatives)))
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
