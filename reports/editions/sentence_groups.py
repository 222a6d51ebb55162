"""Lay out the sentences of a change text for the form that locks them: in the order of the plan,
under the title of what they are about. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reports.comparison.page import ComparedPlans, ShownChange, Unchanged, anchor


@dataclass(frozen=True, slots=True)
class SentenceGroup:
    """The changes (ids) of one initiative. `heading` is the title of its principle.

    The changes of a principle, an area or the programme itself are a group too; those of a
    principle and of the programme have no `title` of their own.
    """

    heading: str
    title: str
    changes: tuple[str, ...]

    @property
    def about(self) -> str:
        """The title of what its sentences are about."""
        return self.title or self.heading


def sentence_groups(compared: ComparedPlans, changes: Iterable[str]) -> tuple[SentenceGroup, ...]:
    """Group `changes` as the comparison of the two plans lays them out."""
    ids = {anchor(change): change for change in changes}
    groups = []
    for heading, title, entries in _entries(compared):
        found = tuple(ids[entry.anchor] for entry in entries if entry.anchor in ids)
        if found:
            groups.append(SentenceGroup(heading, title, found))
    return tuple(groups)


def _entries(
    compared: ComparedPlans,
) -> Iterator[tuple[str, str, tuple[ShownChange | Unchanged, ...]]]:
    """Yield the heading, the title and the entries of everything that has entries of its own."""
    yield "Programmet", "", compared.frame
    for principle in compared.principles:
        yield principle.title, "", principle.entries
        for area in principle.areas:
            yield principle.title, area.title, area.entries
            for initiative in area.initiatives:
                yield principle.title, initiative.title, initiative.entries
