"""Read the whole history of an initiative once. Its page lists it, takes the versions of its rows
from it, and on the page of another day, the values of then."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from initiatives.models import Action, Deadline, DeadlineMove, Initiative, StatusUpdate
from initiatives.models.status_update import Stands


@dataclass(frozen=True, slots=True)
class Past:
    """The history of one initiative: the history rows of itself, its indsatser and its deadlines,
    the moves (`with_titles`), and the judgements with whether each `stands`. All are oldest
    first."""

    initiative: list[Any]
    actions: list[Any]
    deadlines: list[Any]
    moves: list[Any]
    updates: list[Any]

    def judgements(self) -> list[StatusUpdate]:
        """List the judgements that stand."""
        return [update for update in self.updates if update.stands]


def past_of(pk: int, moment: datetime | None = None) -> Past:
    """Read all that happened to the initiative of this id, or what had happened just before
    `moment`. Five queries."""
    dated = {"history_date__lt": moment} if moment else {}
    recorded = {"recorded_at__lt": moment} if moment else {}
    moves = DeadlineMove.objects.filter(deadline__initiative=pk, **recorded)
    updates = StatusUpdate.objects.filter(initiative=pk, **recorded).annotate(stands=Stands(moment))
    return Past(
        initiative=list(Initiative.history.filter(id=pk, **dated).order_by("history_id")),
        actions=list(Action.history.filter(initiative_id=pk, **dated).order_by("history_id")),
        deadlines=list(Deadline.history.filter(initiative_id=pk, **dated).order_by("history_id")),
        moves=list(with_titles(moves).order_by("id")),
        updates=list(updates.order_by("id")),
    )


def as_they_stood(rows: Iterable[Any]) -> list[Any]:
    """Make each object of history rows (oldest first) with the values of its newest row, archived
    or not. They come in the plan's order."""
    newest = {row.id: row for row in rows}
    return sorted((row.instance for row in newest.values()), key=lambda row: (row.position, row.pk))


def with_titles(moves: Any) -> Any:
    """Add to a queryset of moves what `sentences.move_entry` needs: the `action_title` that the
    indsats of the deadline had then, or None."""
    deadlines = Deadline.history.filter(
        id=OuterRef("deadline_id"), version=OuterRef("deadline_version")
    )
    titles = Action.history.filter(id=OuterRef("action_then")).values("title")
    then = titles.filter(history_date__lte=OuterRef("recorded_at"))
    # A move that was imported may be older than the indsats of its deadline.
    return moves.annotate(action_then=Subquery(deadlines.values("action_id")[:1])).annotate(
        action_title=Coalesce(
            Subquery(then.order_by("-history_date", "-history_id")[:1]),
            Subquery(titles.order_by("history_date", "history_id")[:1]),
        )
    )
