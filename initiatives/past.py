"""What was ever written of an initiative."""

from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from initiatives.models import Action, Deadline


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
