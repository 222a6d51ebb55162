"""The pen that draws a row and finds a free place for each label. Heights are px from the top."""

import dataclasses
from dataclasses import dataclass, field
from datetime import date

from initiatives.timeline.text import PLOT, pct, text_width, wrap
from initiatives.timeline.window import Window

LANE, LINE = 26, 20
# Half the width of a mark, the room between a mark and its label, and the room an arrow needs.
MARK, GAP, ARROW = 5, 6, 18
# A line of text needs this much room: the longest word is "Overskredet:".
MIN_ROOM = 104


@dataclass(frozen=True, slots=True)
class PlotSpan:
    """A line from `left` to `right`, with its middle at the height `y`. Its `kind` is bar, was
    (a dashed bar: earlier days), line, dashes (a line without end) or link (the shaft of an arrow
    to the days after a move)."""

    kind: str
    left: float
    right: float
    y: int

    @property
    def top(self) -> int:
        """The upper edge of a bar."""
        return self.y - 8

    @property
    def width(self) -> float:
        """Its length in percent of the plot."""
        return self.right - self.left


@dataclass(frozen=True, slots=True)
class PlotMark:
    """A sign at `x`. Its `kind` is pin, beam, stem, drop, an arrow to the right, left or down, or
    end: the arrow at the plot's right edge."""

    kind: str
    x: float
    y: int


@dataclass(frozen=True, slots=True)
class PlotLabel:
    """Lines of text that start (or end, by `anchor`) `dx` px from `x`.

    `is_past` says that they stand on the ground of the past, `is_over` that they interrupt a line.
    """

    lines: tuple[str, ...]
    x: float
    dx: int
    anchor: str
    y: int
    is_late: bool = False
    is_past: bool = False
    is_over: bool = False

    @property
    def interval(self) -> tuple[float, float]:
        """Where it begins and ends in the narrowest plot, in percent."""
        width = pct(max(text_width(line, strong=self.is_late) for line in self.lines))
        at = self.x + pct(self.dx)
        return (at, at + width) if self.anchor == "start" else (at - width, at)

    @property
    def placed(self) -> tuple[tuple[int, str], ...]:
        """Each line with the height of its baseline."""
        return tuple((self.y + 5 + LINE * number, line) for number, line in enumerate(self.lines))


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that is drawn of one initiative. `spoken` says it in words; `height` is 0 when nothing is
    drawn. `markup` holds the row that it was drawn in."""

    spans: tuple[PlotSpan, ...]
    marks: tuple[PlotMark, ...]
    labels: tuple[PlotLabel, ...]
    spoken: str
    height: int
    markup: dict[str, str] = field(default_factory=dict, compare=False, repr=False)


Interval = tuple[float, float]


class Pen:
    """Draws lane under lane, and finds a free place for each label."""

    def __init__(self, window: Window, on: date) -> None:
        self.window, self.on = window, on
        self.past = window.x(on)
        self.spans: list[PlotSpan] = []
        self.marks: list[PlotMark] = []
        self.labels: list[PlotLabel] = []
        self.spoken: list[str] = []
        self.taken: list[Interval] = []
        self.y = self.bottom = 0

    def begin_lane(self) -> None:
        """Begin an empty lane under all that is drawn."""
        self.y, self.taken = self.bottom + LANE // 2, []
        self.bottom += LANE

    def span(self, kind: str, left: float, right: float) -> None:
        """Draw from `left` to `right` in the lane."""
        self.spans.append(PlotSpan(kind, left, right, self.y))
        self.taken.append((left, right))

    def mark(self, kind: str, x: float) -> None:
        """Draw at `x` in the lane."""
        self.marks.append(PlotMark(kind, x, self.y))
        self.taken.append((x - pct(MARK), x + pct(MARK)))

    def label(self, text: str, beside: Interval, *, late: bool = False) -> None:
        """Write a label at the left of days in the past and at the right of others. Without room
        there it goes to the other side, or else to separate lines."""
        places = [(beside[0], -GAP, "end"), (beside[1], GAP, "start")]
        if beside[1] > self.past:
            places.reverse()
        self._put(text, f"! {text}" if late else text, places, beside[0], late=late)

    def at_edge(self, text: str, *, late: bool = False, before: bool) -> None:
        """Write a label at the edge of the plot beyond which its days lie."""
        x, dx, anchor = (0.0, GAP // 2, "start") if before else (100.0, -GAP // 2, "end")
        label = f"! {text}" if late else text
        label = f"← {label}" if before else f"{label} →"
        self._put(text, label, [(x, dx, anchor)], x, late=late)

    def no_end(self) -> None:
        """Write on top of a line that it has no end."""
        text = "Ingen slutdato"
        self._put(text, text, [(100.0, -30, "end")], 100.0, over=True)

    def _put(
        self,
        spoken: str,
        text: str,
        places: list[tuple[float, int, str]],
        near: float,
        *,
        late: bool = False,
        over: bool = False,
    ) -> None:
        candidates = (PlotLabel((text,), *place, self.y, late, is_over=over) for place in places)
        label = next((label for label in candidates if self._is_free(label.interval)), None)
        if label is None:
            label = self._on_separate_lines(text, near, late)
        else:
            self.taken.append(label.interval)
        is_past = label.interval[1] <= self.past
        self.labels.append(dataclasses.replace(label, is_past=is_past))
        self.spoken.append(spoken)

    def _is_free(self, wanted: Interval) -> bool:
        """Whether the interval lies within the plot, does not cross today and covers nothing."""
        left, right = wanted
        inside = left >= 0 and right <= 100
        across = left - 0.5 < self.past < right + 0.5
        return inside and not across and not any(a < right and left < b for a, b in self.taken)

    def _on_separate_lines(self, text: str, near: float, late: bool) -> PlotLabel:
        left, right = self._ground(near)
        room = (right - left) / 100 * PLOT - GAP
        lines = tuple(wrap(text, room, strong=late))
        width = pct(max(text_width(line, strong=late) for line in lines))
        at = min(max(near, left + pct(GAP / 2)), max(right - pct(GAP / 2) - width, left))
        # The first line stands in the lane itself while the lane is empty.
        y = self.bottom + LINE // 2 - 2 if self.taken else self.y
        self.bottom += LINE * (len(lines) - (not self.taken))
        self.taken.append((at, at + width))
        return PlotLabel(lines, at, 0, "start", y, late)

    def _ground(self, near: float) -> Interval:
        """Choose the part of the plot before or after today: the one that `near` lies in if it has
        room, else the wider one."""
        today = min(max(self.past, 0.0), 100.0)
        sides = [side for side in ((0.0, today), (today, 100.0)) if side[1] > side[0]]
        nearest = sides[0] if near < today else sides[-1]
        if nearest[1] - nearest[0] >= pct(MIN_ROOM):
            return nearest
        return max(sides, key=lambda side: side[1] - side[0])
