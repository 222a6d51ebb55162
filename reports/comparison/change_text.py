"""The changes of a diff as Danish sentences, the most important first: a draft to be edited.

Deterministic: a sentence for each change that is not silent, none without a change. The words are
plain, with ordinary blanks. A title stands as it is where it can, else in »quotes«. Pure: no
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

# What a locked sentence may hold; a longer one, of the longest texts, is cut.
LONGEST = 2000


class Importance(IntEnum):
    """The order of the sentences. That of the statuses is fixed and judges nothing."""

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
    """What is said of the change `change_id`; `text` may be two or three short sentences, together
    of at most `LONGEST` letters."""

    change_id: str
    text: str
    importance: Importance


def change_text(diff: Diff, *, with_texts: bool = True) -> tuple[Sentence, ...]:
    """One sentence for each change that is not silent: by importance, else as in the diff.

    Without `with_texts` reasons and questions are left out, for where they stand beside it. A
    reason that is the same as before stands nowhere else: it is told.
    """
    found = [
        Sentence(change.id, _cut(join(_text(diff, change, with_texts))), importance(change))
        for change in diff.changes
        if not change.is_silent
    ]
    return tuple(sorted(found, key=lambda sentence: sentence.importance))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{short(text, LONGEST - 1)}."


def summary(diff: Diff, *, by_day: bool = False) -> str:
    """ "5 ændringer siden januar 2026: 2 statusændringer, 1 flyttet deadline og 2
    tekstændringer." Silent changes are not counted. `by_day` names the day in any case."""
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
    """Where the change's sentence stands."""
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
    """ "siden januar 2026"; the day within a month; "i forhold til" what is later."""
    old, new = diff.old, diff.new
    word = (
        "i forhold til" if (old.month, old.drawn_up_on) > (new.month, new.drawn_up_on) else "siden"
    )
    if old.month != new.month and not by_day:
        return f"{word} {danish.month(old.month)}"
    return f"{word} den {danish.day(old.drawn_up_on)}"


def _noun(change: Change) -> tuple[str, str]:
    """What a change is counted as, singular and plural."""
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
        raise TypeError(f"{change.id} is no change that can be told")
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
        return f"{thing} er tilføjet{_with(_inside(change))}."
    above = named(_above(change.kind), change.path[-1])
    if change.kind == "area":
        return f"{thing} er tilføjet under {quoted(change.path[-1])}{_with(_inside(change))}."
    text = f"{thing} er tilføjet under {above}."
    if change.kind == "initiative" and node.status != NOT_REPORTED:
        text += f" Status er {_label(diff.new, node.status)}."
    return text


def _removed(diff: Diff, change: Removed) -> str:
    thing = _thing(diff, change)
    if change.kind in ("action", "deadline"):
        return f"{thing} indgår ikke længere i {named('initiativet', change.path[-1])}."
    went = _inside(change)
    if went:
        return f"{thing} indgår ikke længere i planen. Det samme gælder {went} under det."
    return f"{thing} indgår ikke længere i planen."


def _moved(diff: Diff, change: Moved) -> str:
    thing = _thing(diff, change)
    if change.kind == "principle":
        return f"{thing} har fået en anden plads i planen."
    old, new = change.old.path[-1], change.new.path[-1]
    if change.kind == "area":
        old_above, new_above = quoted(old), quoted(new)
    else:
        old_above, new_above = (named(_above(change.kind), title) for title in (old, new))
    if change.is_reordered:
        return f"{thing} har fået en anden plads under {new_above}."
    return f"{thing} er flyttet fra {old_above} til {new_above}."


def _thing(diff: Diff, change: Change) -> str:
    """ "Initiativet »X«"; an added or removed deadline is called by its wording."""
    title = change.title
    if isinstance(change, Added | Removed) and change.kind == "deadline":
        title = change.node.wording
    return named(_noun_of(diff, change), title)


def _noun_of(diff: Diff, change: Change) -> str:
    """ "Initiativet"; the top level is called what the programme calls it: "Princip"."""
    if change.kind == "principle":
        return danish.capitalise(name(diff.new.programme.top_level_label, "princip"))
    nouns = {"area": "Indsatsområdet", "initiative": "Initiativet", "action": "Indsatsen"}
    return nouns.get(change.kind, "Deadlinen")


def _above(kind: str) -> str:
    return "indsatsområdet" if kind == "initiative" else "initiativet"


def _inside(change: Added | Removed) -> str:
    """ "2 indsatsområder og 3 initiativer" of a principle or area; "" when it is empty."""
    if change.kind not in ("principle", "area"):
        return ""
    areas: Iterable[plan.Area] = change.node.areas if change.kind == "principle" else ()
    inside = change.node.initiatives
    initiatives = len(list(inside())) if change.kind == "principle" else len(inside)
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
        said = full_stop(new.reason)
        if said and with_reason:
            text += f" Ny begrundelse: {said}"
        else:
            text += " Begrundelsen er ny." if said else " Begrundelsen er taget ud."
    return text


def _deviation(deviates: Iterable[str]) -> str:
    words = danish.listed(name(word).lower() for word in deviates)
    return f"Det, der afviger, er nu: {words}." if words else "Intet er længere angivet at afvige."


def _label(document: plan.PlanDocument, value: str) -> str:
    """The status as it was called; its value when the document doesn't know it."""
    labels = (status.label for status in document.statuses if status.value == value)
    return name(next(labels, value))


# Marks and texts


def _marks(_diff: Diff, change: Edited) -> str:
    old, new = change.old.marks, change.new.marks
    came = [_mark(mark) for mark in new if all(differ(mark, known) for known in old)]
    kinds = {mark.kind for mark in new}
    went = [quoted(mark.label) for mark in old if mark.kind not in kinds]
    said = []
    if came:
        said.append(f"er nu markeret med {danish.listed(came)}")
    if went:
        said.append(f"er ikke længere markeret med {danish.listed(went)}")
    if not said:
        return f"Markeringerne af {plain(change.title)} er ændret."
    return f"{plain(change.title)} {' og '.join(said)}."


def _mark(mark: plan.Mark) -> str:
    detail = name(mark.detail, "")
    return f"{quoted(mark.label)} ({detail})" if detail else quoted(mark.label)


def _ask(_diff: Diff, change: Edited, with_question: bool) -> str:
    about = f"til Implementeringsgruppen om {plain(change.title)}"
    asked = f": {quoted(change.new.ask)}" if with_question else ""
    if not change.new.ask:
        return f"Spørgsmålet {about} stilles ikke længere."
    if not change.old.ask:
        return f"Nyt spørgsmål {about}{asked}."
    return f"Spørgsmålet {about} {'lyder nu' if with_question else 'er ændret'}{asked}."


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
