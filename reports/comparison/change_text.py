"""Write the changes of a diff as Danish sentences, the most important first: a draft to be edited.

Deterministic: there is one sentence for each change that is not silent. The text is plain, with
ordinary blanks. A title stands without quotes where it can be read so, else in »quotes«. Pure: no
Django, no clock.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum

import plan
from core import danish
from core.characters import differ
from plan.status import NOT_REPORTED, Status
from reports.comparison import deadline_text, frame_text
from reports.comparison.change_words import (
    ending,
    full_stop,
    is_short,
    join,
    name,
    named,
    plain,
    quoted,
    short,
)
from reports.comparison.diff import Added, Change, Diff, Edited, Moved, Removed

# The letters that a locked sentence may have; a longer one is cut.
MAX_SENTENCE = 2000


class Importance(IntEnum):
    """The order of the sentences. The order of the statuses among them is fixed, not a verdict."""

    CLOSURE_RECOMMENDED = 0
    MAJOR_DEVIATIONS = 1
    MINOR_DEVIATIONS = 2
    NOT_STARTED = 3
    ON_TRACK = 4
    COMPLETED = 5
    NOT_REPORTED = 6
    FIRST_STATUS = 7
    NEW_REASON = 8
    DEADLINE_MOVE = 9
    ASK = 10
    MARK = 11
    INITIATIVE = 12
    DEADLINE = 13
    ACTION = 14
    TEXT = 15
    AREA = 16
    FRAME = 17


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is said of the change `change_id`. `text` may be two or three short sentences, of at
    most `MAX_SENTENCE` letters together."""

    change_id: str
    text: str
    importance: Importance


def change_text(diff: Diff, *, with_texts: bool = True) -> tuple[Sentence, ...]:
    """Write one sentence for each change that is not silent, by importance and then in the order of
    the diff.

    Without `with_texts` reasons and questions are left out, for a page that shows them beside the
    sentence. A reason that has not changed is not shown there, and so stays in the sentence.
    """
    sentences = [
        Sentence(change.id, _cut(join(_text(diff, change, with_texts))), importance(change))
        for change in diff.changes
        if not change.is_silent
    ]
    return tuple(sorted(sentences, key=lambda sentence: sentence.importance))


def _cut(text: str) -> str:
    return text if len(text) <= MAX_SENTENCE else f"{short(text, MAX_SENTENCE - 1)}."


def summary(diff: Diff, *, by_day: bool = False) -> str:
    """Write "5 ændringer siden januar 2026: 2 statusændringer, 1 flyttet deadline og 2
    tekstændringer." Silent changes are not counted. `by_day` always names the day."""
    changes = sorted((c for c in diff.changes if not c.is_silent), key=importance)
    number = danish.count(len(changes), "ændring", "ændringer")
    since = join(_since(diff, by_day=by_day))
    if not changes:
        return f"{danish.capitalise(number)} {since}."
    numbers: dict[tuple[str, str], int] = {}
    for change in changes:
        noun = _noun(change)
        numbers[noun] = numbers.get(noun, 0) + 1
    parts = (danish.count(n, *noun) for noun, n in numbers.items())
    return f"{number} {since}: {danish.listed(parts)}."


def importance(change: Change) -> Importance:
    """Find the place of the change's sentence."""
    if isinstance(change, Edited) and change.what == "status":
        if change.new.status == Status.CLOSURE_RECOMMENDED:
            return Importance.CLOSURE_RECOMMENDED
        if change.old.status == NOT_REPORTED:
            return Importance.FIRST_STATUS
        return Importance.__members__.get(change.new.status.upper(), Importance.NOT_REPORTED)
    if isinstance(change, Edited) and change.what == "judgement":
        return Importance.NEW_REASON
    return _IMPORTANCE.get((change.kind, change.what), _IMPORTANCE_OF_KIND[change.kind])


_IMPORTANCE_OF_KIND = {
    "document": Importance.FRAME,
    "programme": Importance.FRAME,
    "principle": Importance.AREA,
    "area": Importance.AREA,
    "initiative": Importance.INITIATIVE,
    "action": Importance.ACTION,
    "deadline": Importance.DEADLINE,
}
_IMPORTANCE = {
    ("deadline", "move"): Importance.DEADLINE_MOVE,
    ("initiative", "ask"): Importance.ASK,
    ("initiative", "marks"): Importance.MARK,
    ("initiative", "title"): Importance.TEXT,
    ("initiative", "report_text"): Importance.TEXT,
}

# Counting


def _since(diff: Diff, *, by_day: bool = False) -> str:
    """Write "siden januar 2026", with the day when both plans are of one month; "i forhold til"
    when the old plan is the later one."""
    old, new = diff.old, diff.new
    word = (
        "i forhold til" if (old.month, old.drawn_up_on) > (new.month, new.drawn_up_on) else "siden"
    )
    if old.month != new.month and not by_day:
        return f"{word} {danish.month(old.month)}"
    return f"{word} den {danish.day(old.drawn_up_on)}"


def _noun(change: Change) -> tuple[str, str]:
    """Return the noun that a change is counted by, singular and plural."""
    noun = _NOUNS.get((change.kind, change.what)) or _NOUNS_OF_IMPORTANCE.get(importance(change))
    if noun:
        return noun
    one, many, is_neuter = _THINGS[change.kind]
    if isinstance(change, Added):
        return f"{'nyt' if is_neuter else 'ny'} {one}", f"nye {many}"
    if isinstance(change, Removed):
        return f"udgået {one}", f"udgåede {many}"
    if isinstance(change, Moved):
        word = "omplaceret" if change.kind == "deadline" else "flyttet"
        return f"{word} {one}", f"{word[:-1]}de {many}"
    return f"ændret {one}", f"ændrede {many}"


_STATUS_CHANGE = "statusændring", "statusændringer"
_TEXT_CHANGE = "tekstændring", "tekstændringer"
_NOUNS = {
    ("initiative", "status"): _STATUS_CHANGE,
    ("initiative", "ask"): ("ændret spørgsmål", "ændrede spørgsmål"),
    ("initiative", "marks"): ("ændret markering", "ændrede markeringer"),
    ("initiative", "title"): _TEXT_CHANGE,
    ("initiative", "report_text"): _TEXT_CHANGE,
    ("action", "title"): _TEXT_CHANGE,
    ("deadline", "wording"): _TEXT_CHANGE,
    ("deadline", "move"): ("flyttet deadline", "flyttede deadlines"),
}
_NOUNS_OF_IMPORTANCE = {
    Importance.NEW_REASON: ("fornyet vurdering", "fornyede vurderinger"),
    Importance.AREA: ("ændring af inddelingen", "ændringer af inddelingen"),
    Importance.FRAME: ("ændring af rammen", "ændringer af rammen"),
}
_THINGS = {
    "initiative": ("initiativ", "initiativer", True),
    "action": ("indsats", "indsatser", False),
    "deadline": ("deadline", "deadlines", False),
}

# Sentences: each function gives the words of one change.


def _text(diff: Diff, change: Change, with_texts: bool) -> str:
    if isinstance(change, Added):
        return _added(diff, change)
    if isinstance(change, Removed):
        return _removed(diff, change)
    if isinstance(change, Moved):
        return _moved(diff, change)
    if not isinstance(change, Edited):
        raise TypeError(f"{change.id} is no kind of change that has a sentence")
    if change.kind == "deadline":
        return deadline_text.sentence(change)
    if frame := frame_text.SENTENCES.get((change.kind, change.what)):
        return frame(change)
    if change.what in _WITH_TEXTS:
        return _WITH_TEXTS[change.what](diff, change, with_texts)
    return _EDITED[change.kind, change.what](diff, change)


def _added(diff: Diff, change: Added) -> str:
    node, thing = change.node, _thing(diff, change)
    if change.kind == "principle":
        return f"{thing} er tilføjet{_with(_contents(change))}."
    parent = named(_parent_noun(change.kind), change.path[-1])
    if change.kind == "area":
        return f"{thing} er tilføjet under {quoted(change.path[-1])}{_with(_contents(change))}."
    text = f"{thing} er tilføjet under {parent}."
    if change.kind == "initiative" and node.status != NOT_REPORTED:
        text += f" Status er {_label(diff.new, node.status)}."
    return text


def _removed(diff: Diff, change: Removed) -> str:
    thing = _thing(diff, change)
    if change.kind in ("action", "deadline"):
        return f"{thing} indgår ikke længere i {named('initiativet', change.path[-1])}."
    contents = _contents(change)
    if contents:
        return f"{thing} indgår ikke længere i planen. Det samme gælder {contents} under det."
    return f"{thing} indgår ikke længere i planen."


def _moved(diff: Diff, change: Moved) -> str:
    thing = _thing(diff, change)
    if change.kind == "principle":
        return f"{thing} har fået en anden plads i planen."
    old, new = change.old.path[-1], change.new.path[-1]
    if change.kind == "area":
        old_parent, new_parent = quoted(old), quoted(new)
    else:
        old_parent, new_parent = (named(_parent_noun(change.kind), title) for title in (old, new))
    if change.is_reordered:
        return f"{thing} har fået en anden plads under {new_parent}."
    return f"{thing} er flyttet fra {old_parent} til {new_parent}."


def _thing(diff: Diff, change: Change) -> str:
    """Write "Initiativet »X«"; an added or removed deadline is named by its wording."""
    title = change.title
    if isinstance(change, Added | Removed) and change.kind == "deadline":
        title = change.node.wording
    return named(_noun_of(diff, change), title)


def _noun_of(diff: Diff, change: Change) -> str:
    """Write "Initiativet"; for the top level, the programme's word for it: "Princip"."""
    if change.kind == "principle":
        return danish.capitalise(name(diff.new.programme.top_level_label, "princip"))
    nouns = {"area": "Indsatsområdet", "initiative": "Initiativet", "action": "Indsatsen"}
    return nouns.get(change.kind, "Deadlinen")


def _parent_noun(kind: str) -> str:
    return "indsatsområdet" if kind == "initiative" else "initiativet"


def _contents(change: Added | Removed) -> str:
    """Write "2 indsatsområder og 3 initiativer" of a principle or area; "" when it is empty."""
    if change.kind not in ("principle", "area"):
        return ""
    areas: Iterable[plan.Area] = change.node.areas if change.kind == "principle" else ()
    children = change.node.initiatives
    initiatives = len(list(children())) if change.kind == "principle" else len(children)
    counts = (
        (len(tuple(areas)), "indsatsområde", "indsatsområder"),
        (initiatives, "initiativ", "initiativer"),
    )
    return danish.listed(danish.count(*count) for count in counts if count[0])


def _with(words: str) -> str:
    return f" med {words}" if words else ""


# Status


def _status(diff: Diff, change: Edited, with_reason: bool) -> str:
    old, new = change.old, change.new
    was, now = (node.judgement.reason if node.judgement else "" for node in (old, new))
    reason = ending(now if with_reason or not differ(now, was) else "")
    label = _label(diff.new, new.status)
    if old.status == NOT_REPORTED:
        return f"{plain(change.title)} er vurderet for første gang: {label}{reason}"
    before = _label(diff.old, old.status)
    return f"{plain(change.title)} er ændret fra {before} til {label}{reason}"


def _judgement(diff: Diff, change: Edited, with_reason: bool) -> str:
    old, new = change.old.judgement, change.new.judgement
    label = _label(diff.new, change.new.status)
    if new is None:
        return f"Vurderingen af {plain(change.title)} er taget tilbage. Status er {label}."
    text = f"Status for {plain(change.title)} er fortsat {label}."
    if old is None:
        return f"{text} Den er vurderet igen."
    if old.deviates != new.deviates:
        text += f" {_deviation(new.deviates)}"
    if differ(old.reason, new.reason):
        reason = full_stop(new.reason)
        if reason and with_reason:
            text += f" Ny begrundelse: {reason}"
        else:
            text += " Begrundelsen er ny." if reason else " Begrundelsen er taget ud."
    return text


def _deviation(deviates: Iterable[str]) -> str:
    words = danish.listed(name(word).lower() for word in deviates)
    return f"Det, der afviger, er nu: {words}." if words else "Intet er længere angivet at afvige."


def _label(document: plan.PlanDocument, value: str) -> str:
    """Return what the document calls the status; its value when the document doesn't know it."""
    labels = (status.label for status in document.statuses if status.value == value)
    return name(next(labels, value))


# Marks and texts


def _marks(_diff: Diff, change: Edited) -> str:
    old, new = change.old.marks, change.new.marks
    added = [_mark(mark) for mark in new if all(differ(mark, earlier) for earlier in old)]
    kinds = {mark.kind for mark in new}
    removed = [quoted(mark.label) for mark in old if mark.kind not in kinds]
    clauses = []
    if added:
        clauses.append(f"er nu markeret med {danish.listed(added)}")
    if removed:
        clauses.append(f"er ikke længere markeret med {danish.listed(removed)}")
    if not clauses:
        return f"Markeringerne af {plain(change.title)} er ændret."
    return f"{plain(change.title)} {' og '.join(clauses)}."


def _mark(mark: plan.Mark) -> str:
    detail = name(mark.detail, "")
    return f"{quoted(mark.label)} ({detail})" if detail else quoted(mark.label)


def _ask(_diff: Diff, change: Edited, with_question: bool) -> str:
    about = f"til Implementeringsgruppen om {plain(change.title)}"
    question = f": {quoted(change.new.ask)}" if with_question else ""
    if not change.new.ask:
        return f"Spørgsmålet {about} stilles ikke længere."
    if not change.old.ask:
        return f"Nyt spørgsmål {about}{question}."
    return f"Spørgsmålet {about} {'lyder nu' if with_question else 'er ændret'}{question}."


def _report_text(_diff: Diff, change: Edited) -> str:
    title = plain(change.title)
    if not change.old.report_text:
        return f"{title} har fået en tekst i statusopgørelsen."
    verb = "ændret" if change.new.report_text else "fjernet"
    return f"Teksten om {title} i statusopgørelsen er {verb}."


def _title(diff: Diff, change: Edited) -> str:
    old, new, noun = change.old.title, change.new.title, _noun_of(diff, change)
    under = f" under {plain(change.path[-1])}" if change.kind == "action" else ""
    if quoted(old) == quoted(new):
        return f"{noun} {quoted(new)}{under} er skrevet på en anden måde."
    if not is_short(old, new):
        return f"{noun} {quoted(short(old))}{under} har fået en ny ordlyd."
    return f"{noun} {quoted(old)}{under} hedder nu {quoted(new)}."


_WITH_TEXTS: dict[str, Callable[[Diff, Edited, bool], str]] = {
    "status": _status,
    "judgement": _judgement,
    "ask": _ask,
}
_EDITED: dict[tuple[str, str], Callable[[Diff, Edited], str]] = {
    ("initiative", "marks"): _marks,
    ("initiative", "report_text"): _report_text,
    ("principle", "title"): _title,
    ("area", "title"): _title,
    ("initiative", "title"): _title,
    ("action", "title"): _title,
}
