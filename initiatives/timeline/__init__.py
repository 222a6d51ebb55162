"""The timeline of a plan document: the deadlines drawn on an axis of quarters, and a table with
the same in words, called its twin.

Positions are percent of the plot's width, so that the page needs no script. Whatever is drawn
beside a position (a mark, a label) is measured in px, and laid out for the narrowest plot. From
the bottom up:

    text      how wide words are
    window    the quarters shown, where a day lies among them, and the axis
    pen       bars, marks and labels, and a free place for each label
    facts     the days of a deadline that are drawn
    drawing   an initiative's facts in their lanes
    rows      the page's rows, drawn and in words
"""

from initiatives.timeline.drawing import draw
from initiatives.timeline.facts import undated
from initiatives.timeline.pen import Drawing
from initiatives.timeline.rows import TimelineRows, rows
from initiatives.timeline.text import wrap
from initiatives.timeline.window import QuarterAxis, Window, axis

__all__ = [
    "Drawing",
    "QuarterAxis",
    "TimelineRows",
    "Window",
    "axis",
    "draw",
    "rows",
    "undated",
    "wrap",
]
