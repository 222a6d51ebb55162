"""Read the whole history of an initiative once. Its page lists it, takes the versions of its rows
from it, and on the page of another day, the values of then.

The SQL is written by hand: the ORM takes longer to build these five queries than the database
takes to answer them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models import Func

from initiatives.models import Action, Deadline, DeadlineMove, Dismissal, Initiative, StatusUpdate
from initiatives.models.status_update import stands


@dataclass(frozen=True, slots=True)
class Past:
    """The history of one initiative: the history rows of itself, its indsatser and its deadlines,
    the moves (each with its `action_title`), the judgements with whether each `stands`, and the
    `dismissals` of its warnings. All are oldest first."""

    initiative: list[Any]
    actions: list[Any]
    deadlines: list[Any]
    moves: list[Any]
    updates: list[Any]
    dismissals: Sequence[Any]

    def judgements(self) -> list[StatusUpdate]:
        """List the judgements that stand."""
        return [update for update in self.updates if update.stands]


def past_of(pk: int, moment: datetime | None = None, dismissals: Sequence[Dismissal] = ()) -> Past:
    """Read all that happened to the initiative of this id, or what had happened just before
    `moment`, with its `dismissals`, which are read for all initiatives at once. Five queries."""
    before = moment and connection.ops.adapt_datetimefield_value(moment)
    deadlines = f"SELECT id FROM {Deadline._meta.db_table} WHERE initiative_id = %s"
    stands_then, values = stands("told", before)
    history = _Reader(pk, before, "history_date", "history_id")
    records = _Reader(pk, before, "recorded_at", "id")
    return Past(
        initiative=history.read(Initiative.history.model, "told.id = %s"),
        actions=history.read(Action.history.model, "told.initiative_id = %s"),
        deadlines=history.read(Deadline.history.model, "told.initiative_id = %s"),
        moves=records.read(
            DeadlineMove,
            f"told.deadline_id IN ({deadlines})",
            f"{action_title('told')} AS action_title",
        ),
        updates=records.read(
            StatusUpdate, "told.initiative_id = %s", f"{stands_then} AS stands", values
        ),
        dismissals=dismissals,
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads what happened to an initiative, oldest first: the rows whose column `dated` lies before
    a moment (adapted to the database), or all of them."""

    pk: int
    before: Any
    dated: str
    order: str

    def read(self, model: Any, condition: str, column: str = "", values: Any = ()) -> list[Any]:
        """Read the rows of a model, called `told` in the SQL. `condition` has a place for the id of
        the initiative; `column` is one more column, with its `values`."""
        sql = f"SELECT told.*{', ' if column else ''}{column} FROM {model._meta.db_table} told"
        sql, values = f"{sql} WHERE {condition}", [*values, self.pk]
        if self.before is not None:
            sql, values = f"{sql} AND told.{self.dated} < %s", [*values, self.before]
        return list(model.objects.raw(f"{sql} ORDER BY told.{self.order}", values))


def as_they_stood(rows: Iterable[Any]) -> list[Any]:
    """Make each object of history rows (oldest first) with the values of its newest row, archived
    or not. They come in the plan's order."""
    newest = {row.id: row for row in rows}
    return sorted((row.instance for row in newest.values()), key=lambda row: (row.position, row.pk))


class ActionTitle(Func):
    """`action_title` as an expression of a queryset of moves."""

    output_field = models.CharField()

    def __init__(self) -> None:
        super().__init__("pk")

    def as_sql(self, compiler: Any, connection: Any, **options: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """Write the SQL for the table's alias in the query."""
        (pk,) = self.get_source_expressions()
        return action_title(compiler.quote_name_unless_alias(pk.alias)), []


def action_title(move: str) -> str:
    """Write SQL for the title that the indsats of the moved deadline had then, or NULL. `move` is
    the alias of the move's row. `sentences.move_entry` needs it as `action_title`."""
    deadline, action = (model.history.model._meta.db_table for model in (Deadline, Action))
    titles = (
        f"SELECT t.title FROM {action} t WHERE t.id = (SELECT d.action_id FROM {deadline} d"
        f" WHERE d.id = {move}.deadline_id AND d.version = {move}.deadline_version)"
    )
    then = f"{titles} AND t.history_date <= {move}.recorded_at"
    # A move that was imported may be older than the indsats of its deadline.
    return (
        f"COALESCE(({then} ORDER BY t.history_date DESC, t.history_id DESC LIMIT 1),"
        f" ({titles} ORDER BY t.history_date, t.history_id LIMIT 1))"
    )
