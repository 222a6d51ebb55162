"""History rows as Danish sentences: who changed what, from what to what, when and why.

Only the history rows are read: a foreign key followed from one would join the live row, and a
renamed area would change the past.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from operator import attrgetter
from typing import Any, NamedTuple

from core.characters import differ
from core.clock import local_day
from core.danish import day, moment_day, unbroken
from core.tracking import LOADER

# What a line of history may be about, with the Danish name that the pages' filter shows.
ENTRY_KINDS = {
    "status": "Status",
    "deadline": "Deadlines",
    "indsats": "Indsatser",
    "initiativ": "Initiativer",
    "ramme": "Program og indsatsområder",
}


# The field that names a row: the first of these that it has.
_TITLES = ("title", "wording", "name", "year")
_EMPTY = (None, "")


class Part(NamedTuple):
    """A piece of a sentence: words, or a status (with value, label and symbol) that is drawn."""

    text: str = ""
    status: Any = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of history. `order` decides between entries of the same moment; `kind` is one of
    `ENTRY_KINDS`, or "" where no page filters by it."""

    at: datetime
    order: int
    parts: tuple[Part, ...]
    kind: str = ""

    @property
    def iso(self) -> str:
        """The day for a <time> element."""
        return local_day(self.at).isoformat()

    @property
    def day(self) -> str:
        """The day in words."""
        return moment_day(self.at)

    @property
    def text(self) -> str:
        """The whole sentence, statuses as words."""
        return "".join(part.status.label if part.status else part.text for part in self.parts)


@dataclass(frozen=True)
class Words:
    """The Danish words in which the history of one model is written.

    `noun` is definite ("indsatsen"). `fields` names each field whose changes are written
    ("ordlyden"). `choices` turns stored values into words. `brief` are fields whose values are too
    long to repeat. `implied` maps a field to the field whose change it follows: when both changed,
    only the latter is written. `is_subject` says that the page is about the row itself, so that its
    title is left out. `kind` is the kind of the entries.
    """

    noun: str
    fields: dict[str, str]
    choices: dict[str, Callable[[Any], str]] = field(default_factory=dict)
    brief: frozenset[str] = frozenset()
    implied: dict[str, str] = field(default_factory=dict)
    is_subject: bool = False
    kind: str = ""


def newest_first(entries: Iterable[Entry]) -> list[Entry]:
    """Sort the entries as a page lists them."""
    return sorted(entries, key=lambda entry: (entry.at, entry.order), reverse=True)


def row_changes(
    words: Words,
    rows: Iterable[Any],
    *,
    hidden: frozenset[str] = frozenset(),
    is_told_elsewhere: Callable[[Any, str], bool] = lambda row, name: False,
) -> Iterator[Entry]:
    """Write the entries for the history rows of one model; the rows may be of several objects.

    Changes of `hidden` fields are left out, and so are those of which another entry tells:
    `is_told_elsewhere` is called with the history row and the field's name.
    """
    by_object: dict[int, list[Any]] = {}
    for row in sorted(rows, key=attrgetter("history_id")):
        by_object.setdefault(row.id, []).append(row)
    for versions in by_object.values():
        first = versions[0]
        # A row that was loaded with its parent is mentioned once, with the parent.
        if words.is_subject or first.actor_name != LOADER.name:
            yield _entry(words, first, _created(words, first))
        for before, after in pairwise(versions):
            for sentence in _differences(words, before, after, hidden, is_told_elsewhere):
                yield _entry(words, after, sentence)


def _entry(words: Words, row: Any, sentence: str) -> Entry:
    return Entry(row.history_date, row.history_id, (Part(sentence),), words.kind)


def _created(words: Words, row: Any) -> str:
    if row.actor_name == LOADER.name:
        return str(row.history_change_reason)
    verb = "oprettede" if words.is_subject else "tilføjede"
    name, when = unbroken(row.actor_name), moment_day(row.history_date)
    return f"{name} {verb} {_called(words, row)} den {when}."


def _called(words: Words, row: Any) -> str:
    return words.noun if words.is_subject else f"{words.noun} »{_title(row)}«"


def _differences(
    words: Words,
    before: Any,
    after: Any,
    hidden: frozenset[str],
    is_told_elsewhere: Callable[[Any, str], bool],
) -> Iterator[str]:
    name, when = unbroken(after.actor_name), f"den {moment_day(after.history_date)}"
    called = _called(words, after)
    why = f" Begrundelse: {after.history_change_reason}" if after.history_change_reason else ""
    if getattr(before, "archived_at", None) != getattr(after, "archived_at", None):
        verb = "arkiverede" if after.archived_at else "gendannede"
        yield f"{name} {verb} {called} {when}.{why}"
    if getattr(before, "position", None) != getattr(after, "position", None):
        yield f"{name} flyttede {called} {when}."
    if getattr(before, "status", None) != getattr(after, "status", None):
        why = ""  # the entry of the judgement has the reason
    for name_of_field, label in words.fields.items():
        # A relation is compared by its id: following it would read today's row.
        attribute = after._meta.get_field(name_of_field).attname
        old, new = getattr(before, attribute), getattr(after, attribute)
        if not differ(old, new) or name_of_field in hidden:
            continue
        if is_told_elsewhere(after, name_of_field):
            continue
        if (leader := words.implied.get(name_of_field)) and (
            differ(getattr(before, leader), getattr(after, leader))
        ):
            continue
        what = label
        if not words.is_subject:
            # The old title and the new one say which row it is.
            what += f" i {words.noun if name_of_field == _title_field(after) else called}"
        show = None if name_of_field in words.brief else words.choices.get(name_of_field, _quoted)
        yield f"{name} {_change_sentence(what, old, new, when, show)}{why}"


def _change_sentence(
    what: str, old: Any, new: Any, when: str, show: Callable[[Any], str] | None
) -> str:
    """Say what was done to a field, with the verb that fits. `show` writes its values; None leaves
    them out."""
    was_empty, is_empty = old in _EMPTY, new in _EMPTY
    is_text = show in (None, _quoted) and isinstance(new if was_empty else old, str)
    if show is None:
        verb = "rettede"
        if is_text and (was_empty or is_empty):
            verb = "skrev" if was_empty else "slettede"
        return f"{verb} {what} {when}."
    if was_empty and is_text:
        return f"skrev {what} {when}: {show(new)}{'' if new[-1] in '.?!…' else '.'}"
    if was_empty:
        return f"satte {what} til {show(new)} {when}."
    if is_empty:
        return f"{'slettede' if is_text else 'fjernede'} {what} {when} (før: {show(old)})."
    return f"rettede {what} fra {show(old)} til {show(new)} {when}."


def _quoted(value: Any) -> str:
    return f"den {day(value)}" if isinstance(value, date) else f"»{value}«"


def _title_field(row: Any) -> str:
    return next((name for name in _TITLES if hasattr(row, name)), "")


def _title(row: Any) -> str:
    name = _title_field(row)
    return str(getattr(row, name) if name else row)
