"""What was ever written of an initiative, read once: its page tells it, takes the versions of its
rows from it and, of another day, what stood then."""

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
    """The history rows of the initiative itself, of its indsatser and of its deadlines, the moves
    (`with_titles`) and the judgements with whether each `stands`; all oldest first."""

    own: list[Any]
    actions: list[Any]
    deadlines: list[Any]
    moves: list[Any]
    updates: list[Any]

    def judgements(self) -> list[StatusUpdate]:
        """Those that stand."""
        return [update for update in self.updates if update.stands]


def past_of(initiative: Initiative, moment: datetime | None = None) -> Past:
    """Read all that happened, or what had happened just before `moment`. Five queries."""
    pk = initiative.pk
    dated = {"history_date__lt": moment} if moment else {}
    recorded = {"recorded_at__lt": moment} if moment else {}
    moves = DeadlineMove.objects.filter(deadline__initiative=pk, **recorded)
    updates = StatusUpdate.objects.filter(initiative=pk, **recorded).annotate(stands=Stands(moment))
    return Past(
        own=list(Initiative.history.filter(id=pk, **dated).order_by("history_id")),
        actions=list(Action.history.filter(initiative_id=pk, **dated).order_by("history_id")),
        deadlines=list(Deadline.history.filter(initiative_id=pk, **dated).order_by("history_id")),
        moves=list(with_titles(moves).order_by("id")),
        updates=list(updates.order_by("id")),
    )


def as_they_stood(rows: Iterable[Any]) -> list[Any]:
    """The objects of history rows (oldest first) with the values of their newest row, archived or
    not, in order."""
    newest = {row.id: row for row in rows}
    return sorted((row.instance for row in newest.values()), key=lambda row: (row.position, row.pk))


def with_titles(moves: Any) -> Any:
    """A queryset of moves as `sentences.move_entry` tells them: each with the `action_title` that
    the indsats of its deadline had then, or None."""
    deadlines = Deadline.history.filter(
        id=OuterRef("deadline_id"), version=OuterRef("deadline_version")
    )
    titles = Action.history.filter(id=OuterRef("action_then")).values("title")
    then = titles.filter(history_date__lte=OuterRef("recorded_at"))
    # What was imported may be older than the indsats it belongs to.
    return moves.annotate(action_then=Subquery(deadlines.values("action_id")[:1])).annotate(
        action_title=Coalesce(
            Subquery(then.order_by("-history_date", "-history_id")[:1]),
            Subquery(titles.order_by("history_date", "history_id")[:1]),
        )
    )
