"""Draw an initiative: each of its deadlines in lanes."""

from datetime import date
from itertools import pairwise

import plan
from core import danish
from initiatives.timeline.facts import Days, DrawnDeadline, fact_of
from initiatives.timeline.pen import ARROW, MARK, Drawing, Interval, Pen
from initiatives.timeline.text import pct
from initiatives.timeline.window import BLEED, Window


def draw(item: plan.Initiative, window: Window, on: date) -> Drawing:
    """Draw the deadlines of `item` that have days, lane under lane."""
    facts = [(d, fact_of(item, d, on)) for d in item.deadlines]
    dated = [(d, fact) for d, fact in facts if fact]
    pen = Pen(window, on)
    for deadline, fact in dated:
        _draw_fact(pen, fact, _prefix(item, deadline) if len(dated) > 1 else "")
    return Drawing(
        tuple(pen.spans),
        tuple(pen.marks),
        tuple(pen.labels),
        ". ".join(pen.spoken),
        pen.bottom + 2 if pen.bottom else 0,
    )


def _draw_fact(pen: Pen, fact: DrawnDeadline, prefix: str) -> None:
    earlier = [days for days in fact.earlier if not pen.window.misses(days.first, days.last)]
    in_one_lane = _fits_one_lane(pen.window, fact, earlier)
    outside = [days for days in fact.earlier if days not in earlier]
    boxes: list[Interval] = []
    for days in () if in_one_lane else earlier:
        pen.begin_lane()
        boxes.append(_draw_earlier(pen, days))
        if len(boxes) > 1:
            _link_down(pen, boxes[-2], boxes[-1])
        pen.label(_prefixed(prefix, days.text), boxes[-1])
    if fact.main or fact.opening or in_one_lane or outside:
        pen.begin_lane()
    if in_one_lane:
        boxes = [_draw_earlier(pen, days) for days in earlier]
        pen.spoken += [days.text for days in earlier]
    now = _draw_now(pen, fact)
    _draw_links(pen, boxes, now, in_one_lane)
    _label_now(pen, fact, now, prefix)
    for days in outside:
        before = pen.window.misses(days.first, days.last) == "before"
        pen.at_edge(_prefixed(prefix, days.full_text), before=before)


def _fits_one_lane(window: Window, fact: DrawnDeadline, earlier: list[Days]) -> bool:
    """Whether the earlier days and the present ones fit beside each other, in order, with room for
    arrows."""
    if not earlier or not fact.main or fact.opening:
        return False
    if window.misses(fact.main.first, fact.main.last):
        return False
    chain = [window.interval(days.first, days.last) for days in (*earlier, fact.main)]
    onward = all(b[0] - a[1] >= pct(ARROW) for a, b in pairwise(chain))
    back = all(a[0] - b[1] >= pct(ARROW) for a, b in pairwise(chain))
    return onward or back


def _draw_earlier(pen: Pen, days: Days) -> Interval:
    interval = pen.window.interval(days.first, days.last)
    pen.span("was", *interval)
    return interval


def _draw_now(pen: Pen, fact: DrawnDeadline) -> Interval | None:
    """Draw the opening with its line, and the bar or mark of the days now. Returns where the bar or
    mark stands."""
    window, main = pen.window, fact.main
    if fact.opening:
        _draw_opening(pen, fact.opening, main)
    if main is None or window.misses(main.first, main.last):
        return None
    if main.first == main.last:
        x = window.x(main.first)
        pen.mark(fact.mark, x)
        return x - pct(MARK), x + pct(MARK)
    interval = window.interval(main.first, main.last)
    pen.span("bar", *interval)
    return interval


def _draw_opening(pen: Pen, opening: Days, main: Days | None) -> None:
    window, start = pen.window, pen.window.x(opening.first)
    missed = window.misses(opening.first, opening.last)
    if not missed:
        pen.mark("stem", start)
    if main is None and missed != "after":
        pen.no_end()
    end = window.x(main.first) if main else 100.0
    left, right = max(start, -BLEED), min(end, 100.0)
    if left < right and right > 0:
        pen.span("line" if main else "dashes", left, right)
        if end >= 100:
            pen.mark("end", 100.0)
    if missed:
        pen.at_edge(opening.full_text, before=missed == "before")
    else:
        pen.label(opening.text, (start - pct(MARK), start + pct(MARK)))


def _label_now(pen: Pen, fact: DrawnDeadline, now: Interval | None, prefix: str) -> None:
    main = fact.main
    if main is None:
        return
    if now:
        pen.label(_prefixed(prefix, main.text), now, late=fact.is_late)
    else:
        before = pen.window.misses(main.first, main.last) == "before"
        pen.at_edge(_prefixed(prefix, main.full_text), late=fact.is_late, before=before)


def _draw_links(pen: Pen, boxes: list[Interval], now: Interval | None, in_one_lane: bool) -> None:
    """Draw the arrows from the earlier days to those of now."""
    if not boxes or now is None:
        return
    if not in_one_lane:
        _link_down(pen, boxes[-1], now)
        return
    for before, after in pairwise([*boxes, now]):
        _link(pen, before[1] if before[1] < after[0] else before[0], before, after)


def _link(pen: Pen, x: float, before: Interval, after: Interval) -> None:
    """Draw an arrow along the lane, from `x` to the nearer side of `after`."""
    if before[1] <= after[0]:
        pen.span("link", x, after[0] - pct(2))
        pen.mark("right", after[0] - pct(2))
    else:
        pen.span("link", after[1] + pct(2), x)
        pen.mark("left", after[1] + pct(2))


def _link_down(pen: Pen, before: Interval, after: Interval) -> None:
    """Draw an arrow from the lane above: straight down where the two overlap, else down and
    along."""
    left, right = max(before[0], after[0]), min(before[1], after[1])
    if left - right < pct(ARROW):
        pen.mark("down", min(max((left + right) / 2, 0.0), 100.0))
        return
    x = before[1] - pct(4) if before[1] < after[0] else before[0] + pct(4)
    pen.mark("drop", x)
    _link(pen, x, before, after)


def _prefixed(prefix: str, text: str) -> str:
    """Write "Indsats 2: medio 2026", "Indsats 2, oprindelig: marts 2026", or without a prefix
    "Medio 2026"."""
    if not prefix:
        return danish.capitalise(text)
    return f"{prefix}{',' if ': ' in text else ':'} {text[:1].lower()}{text[1:]}"


def _prefix(item: plan.Initiative, deadline: plan.Deadline) -> str:
    keys = [action.key for action in item.actions]
    if deadline.action not in keys:
        return ""
    return f"Indsats {keys.index(deadline.action) + 1}"
