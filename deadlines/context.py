"""Reads the words around a time: they make it a limit, a start, the deadline or an old plan."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from deadlines import conventions
from deadlines.expressions import FoundTime
from deadlines.tokens import Tokens
from deadlines.units import Unit

Bound = Literal["", "upto", "inden", "before", "from", "since", "after"]
TimeLabel = Literal["", "deadline", "new deadline", "new", "old", "opening", "dropped"]

_MARK = re.compile(r"[.;?*]")
# How many tokens before a time are looked at.
_MAX_TOKENS_BEFORE = 24

# Between two times that belong together ("1. maj - 3. juni", "maj til og med juni", "maj, juni").
_JOINT = re.compile(r"[.,)]?(?:([-/&+g])|V?(>)(?:gi)?)[(dDia.]{0,4}")
_COMMA = re.compile(r",[dDia.]{0,4}")

# Words that may stand between a preposition and its time: "fra og med mandag den …".
_FILL = r"[idDafxuW.'(:\-]{0,6}$"
_LATEST = re.compile(r"L[^,;:()]{0,12}$|L:?[idD.]{0,5}$")
_UNTIL = re.compile(rf"(?:V[>=]|>gi|b)(?:gi)?{_FILL}")
_TO = re.compile(r">[idD.]{0,5}$")
_INDEN = re.compile(r"I(?!f)[^,;:()]{0,8}$")
_BEFORE = re.compile(rf"B{_FILL}")
_NOT_BEFORE = re.compile(rf"~[oiw]{{0,4}}B{_FILL}|X[^,;:()]{{0,6}}$")
_FROM = re.compile(rf"A(?:gi)?{_FILL}")
_AFTER = re.compile(rf"E{_FILL}")
_SINCE = re.compile(r"Z[^,;:()]{0,4}$")

# A start, but not "starter senest", which is a limit, nor "igangsat, og rapporten forventes".
_OPENING = re.compile(r"[o^](?!.*g.*[x@])[^;<z#LIB]{0,10}$")
_OPENS_AFTER = re.compile(r"(?:[x@][wid]{0,3})?o")
# "Kan ikke begynde i 2025", "begynder ikke i 2025": no start in that time.
_NO_OPENING = re.compile(r"(?:~o|o[^;<z#L~,]{0,4}~)[^;<z#LB]{0,8}$")
# "Uge 19 (6. maj)": the same time, named twice.
_APPOSITION = re.compile(r"[,\-]?\(?[dDi.]{0,4}$")
_NEW = re.compile(r"N(?:[#vx:id>.(A]|w:){0,4}$")
_OLD = re.compile(r"G[^;#]{0,8}$")
_MOVED = re.compile(r"v[^;]{0,8}$")
# "Jf. beslutning af …", "lov nr. 1089 af 3. marts": the time of another decision.
_CITED = re.compile(r"j[^;:#]*$|s\.?[12nYc]a[d.]{0,3}$")
# "14 dage efter 1. maj": a time that would have to be counted from another.
_OFFSET = re.compile(rf"[12nO]w?[qUWy][BEI]{_FILL}")
_LABEL_AFTER = re.compile(r"[(:xw\-]{0,2}(#|o\))")
_PLANNED = re.compile(r"(?<!\|)x[^;:#]{0,10}$")
_MISSED = re.compile(r"![^;:#]{0,10}$")
_ONWARDS = re.compile(r"\.?g?l|gV(?!>)")
_AT_THE_LATEST = re.compile(r"\(?L(?![id>]*[12YMP])")


@dataclass(frozen=True, slots=True)
class LabelledTime:
    """A time in the wording, with what the words around it say about it."""

    units: tuple[Unit, ...]
    start: int
    end: int
    bound: Bound = ""
    label: TimeLabel = ""
    expected: Literal["", "ahead", "missed"] = ""


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of a wording, by the indexes of the tokens that end them."""

    breaks: list[int]
    length: int

    def first(self, index: int) -> int:
        """Return the index of the first token in the sentence of token `index`."""
        place = bisect_left(self.breaks, index)
        return self.breaks[place - 1] + 1 if place else 0

    def end(self, index: int) -> int:
        place = bisect_left(self.breaks, index)
        return self.breaks[place] if place < len(self.breaks) else self.length


def sentences(tokens: Tokens) -> Sentences:
    """Find where the sentences end: at a semicolon, or at a full stop before a capital letter, but
    not after an abbreviation ("d. 1.", "4. kv. Kvartal")."""
    breaks = []
    shape, items = tokens.shape, tokens.items
    for match in _MARK.finditer(shape):
        index = match.start()
        if shape[index] == "?" != items[index].text:  # "når" has that code too
            continue
        if shape[index] == ";":
            breaks.append(index)
            continue
        if not 0 < index < len(shape) - 1 or not items[index + 1].capital:
            continue
        before, after = items[index - 1], items[index + 1]
        short = before.code in "dijksmPk$" or (before.code in "wQ" and len(before.text) < 4)
        ordinal = before.code in "12" and after.code in "MmQHS"
        if not (short or ordinal):
            breaks.append(index)
    return Sentences(breaks, len(shape))


def label_times(tokens: Tokens, parts: Sentences, times: Sequence[FoundTime]) -> list[LabelledTime]:
    """Join and label the times of a wording, in their order."""
    named = _join(tokens, times)
    labelled: list[LabelledTime] = []
    for number, item in enumerate(named):
        first = max(parts.first(item.start), item.start - _MAX_TOKENS_BEFORE)
        last = labelled[-1] if labelled else None
        same_sentence = last is not None and last.end > parts.first(item.start)
        gap = tokens.shape[max(first, last.end if last else 0) : item.start]
        label = _label_of_gap(gap, item)
        if last and last.label.endswith("deadline"):
            label = _after_a_deadline(label, last, gap, same_sentence)
        following = named[number + 1] if number + 1 < len(named) else None
        after = tokens.shape[item.end : item.end + 4]
        scope = tokens.shape.find(")", item.end) if after[:1] == "(" else parts.end(item.end)
        alone = following is None or following.start > scope
        if not label and alone and (match := _LABEL_AFTER.match(after)):
            label = "deadline" if match[1] == "#" else "opening"
        item = _with_new_time_only(gap, item)
        bound = _bound(gap, after, item, label)
        if not label and (_starts_what_follows(tokens, item, bound) or _repeats(last, gap)):
            label = "opening"
        expected = _expected(gap, item)
        labelled.append(LabelledTime(item.units, item.start, item.end, bound, label, expected))
    return labelled


def _starts_what_follows(tokens: Tokens, item: LabelledTime, bound: Bound) -> bool:
    """Whether a verb of starting follows: "den 1. maj går arbejdet i gang", "i maj forventes det
    igangsat". A noun does not count: "12. januar opstart" is a heading for that day."""
    match = _OPENS_AFTER.match(tokens.shape, item.end)
    return not bound and match is not None and tokens.items[match.end() - 1].value == 1


def _repeats(last: LabelledTime | None, gap: str) -> bool:
    return last is not None and last.label == "opening" and bool(_APPOSITION.fullmatch(gap))


def _expected(gap: str, item: LabelledTime) -> Literal["", "ahead", "missed"]:
    """Say whether a time without a year lies ahead, because it is expected, or was missed."""
    if "!" in gap and _MISSED.search(gap):
        return "missed"
    is_long = item.units[-1].form in conventions.PLANS_LIE_AHEAD
    return "ahead" if is_long and _PLANNED.search(gap) else ""


def _after_a_deadline(
    label: TimeLabel, last: LabelledTime, gap: str, same_sentence: bool
) -> TimeLabel:
    """Return the label of a time that follows a deadline: "Deadline 15/12, udsat til 15/1".

    In the next sentence it is a new deadline only when that begins with "udsat" or the like.
    """
    if label == "new" and (same_sentence or gap.startswith("v")):
        return "new deadline"
    return label or (last.label if same_sentence else "")


def _join(tokens: Tokens, times: Sequence[FoundTime]) -> list[LabelledTime]:
    """Join the times that belong together: "1. februar – 1. maj 2026"."""
    joined: list[LabelledTime] = []
    for item in times:
        following = LabelledTime(item.units, item.start, item.end)
        if joined:
            last = joined[-1]
            gap = tokens.shape[last.end : item.start]
            comma = _COMMA.fullmatch(gap) and last.units[-1].form == following.units[0].form
            if comma or _JOINT.fullmatch(gap):
                joined[-1] = replace(last, units=last.units + following.units, end=following.end)
                continue
        joined.append(following)
    return joined


def _label_of_gap(gap: str, item: LabelledTime) -> TimeLabel:
    """Find the label that the words before a time give it; the last such word decides."""
    if not gap:
        return ""
    if _CITED.search(gap) or _OFFSET.search(gap) or _NO_OPENING.search(gap):
        return "dropped"
    mark = gap.rfind("#")
    if mark >= 0 and gap.rfind("o") < mark and "~" not in (gap[max(0, mark - 2) : mark + 3]):
        before = gap[max(0, mark - 3) : mark]
        if "G" in before:
            return "old"
        return "new deadline" if "N" in before or _NEW.search(gap) else "deadline"
    if _OPENING.search(gap):
        pair_of_days = len(item.units) > 1 and item.units[0].kind == "day"
        return "" if pair_of_days else "opening"
    if _NEW.search(gap):
        return "new"
    if _OLD.search(gap):
        return "old"
    return "new" if _MOVED.search(gap) and "~" not in gap else ""


def _with_new_time_only(gap: str, item: LabelledTime) -> LabelledTime:
    """Keep only the second time of "udskydes fra A til B"."""
    if len(item.units) > 1 and _MOVED.search(gap) and _FROM.search(gap):
        first, last = item.units[0], item.units[-1]
        if last.year is None and first.year is not None:
            last = last.in_year(first.year)
        return replace(item, units=(last,))
    return item


def _bound(gap: str, after: str, item: LabelledTime, label: TimeLabel) -> Bound:
    single = len(item.units) == 1
    if _ONWARDS.match(after):
        return "from"
    if not gap:
        return "upto" if _AT_THE_LATEST.match(after) else ""
    if _NOT_BEFORE.search(gap):
        return "from"
    if _LATEST.search(gap) or _UNTIL.search(gap):
        return "upto"
    if _INDEN.search(gap):
        return "inden"
    if _BEFORE.search(gap):
        return "before"
    if _AFTER.search(gap):
        return "after"
    if _SINCE.search(gap):
        return "since"
    if single and _FROM.search(gap) and not _MOVED.search(gap):
        return "from"
    is_limit = conventions.UNTIL_A_DAY_IS_A_LIMIT and single and item.units[0].kind == "day"
    if is_limit and _TO.search(gap) and not re.search(r"[vx#]", gap):
        return "upto"
    return "upto" if _AT_THE_LATEST.match(after) else ""
