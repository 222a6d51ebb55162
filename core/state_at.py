"""Tracked rows as they stood at any moment, read from their history.

A row's state is its newest history row before the moment, by date and then by number, found by a
correlated subquery on the index of the history table (`core.tracking.History`). A foreign key is
never followed from history: it would join today's row, and a renamed parent would change the past.
A caller that needs a parent asks for its id and for the parent's state.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import BooleanField, QuerySet, Value
from django.db.models.expressions import RawSQL

from core.clock import local_day, start_of_day
from core.tracking import Versioned

# An object's id, then the values of the fields that were asked for.
StateRow = tuple[Any, ...]
Fields = Sequence[str]
# Ids of parents, by their model.
Parents = Mapping[Any, Collection[int]]


def end_of(day: date) -> datetime:
    """Return the moment at which `day` ends: the next midnight in Europe/Copenhagen."""
    return start_of_day(day + timedelta(days=1))


def day_of(moment: datetime) -> date:
    """Return the last day that began before `moment`: `day_of(end_of(day)) == day`."""
    just_before = moment.astimezone(UTC) - datetime.resolution
    return local_day(just_before)


def state_at(
    model: type[Versioned],
    moments: Sequence[datetime],
    *,
    fields: Fields,
    under: Parents | None = None,
    **which: Any,
) -> list[list[StateRow]]:
    """Read the id and `fields` of each object as they were just before each moment.

    Returns a list of rows for each moment, unordered, archived objects included. One query for all
    moments. A foreign key is asked for as an id (`area_id`). `under` limits the objects to those
    that belonged to one of the given parents at the moment, wherever they belong now (parents are
    found along `PROGRAMME_PATH`). `which` filters by what never changes, such as id or key.
    """
    return states_at({model: fields}, moments, under=under, **which)[model]


def states_at(
    models: Mapping[type[Versioned], Fields],
    moments: Sequence[datetime],
    *,
    under: Parents | None = None,
    **which: Any,
) -> dict[type[Versioned], list[list[StateRow]]]:
    """Do what `state_at` does for several models in one query.

    The fields at the same index must have the same type in every model. SQLite allows 500 parts in
    a query; each model at each moment is one part.
    """
    known = tuple(models)
    parts = [
        _newest_before(model, moment, under)
        .filter(**which)
        .values_list(Value(known.index(model)), Value(place), "id", *fields)
        for model, fields in models.items()
        for place, moment in enumerate(moments)
    ]
    states: dict[type[Versioned], list[list[StateRow]]] = {
        model: [[] for _ in moments] for model in known
    }
    # Without order_by() Django 6 asks for the order of the model, whose column is not read.
    for row in parts[0].union(*parts[1:], all=True).order_by() if parts else ():
        states[known[row[0]]][row[1]].append(row[2:])
    return states


def first_day(row: Versioned) -> date:
    """Return the day of the row's oldest history: nothing is known of it before. One query."""
    rows = _history(type(row)).objects.filter(id=row.pk).order_by("history_date", "history_id")
    oldest: datetime = rows.values_list("history_date", flat=True)[0]
    return local_day(oldest)


def _history(model: Any) -> Any:
    """Return the model of the history rows."""
    return model.history.model


# SQL with its parameters. It is written by hand because the ORM takes longer to build such a query
# than the database takes to answer it.
Sql = tuple[str, list[Any]]


def _newest_before(
    model: type[Versioned], moment: datetime, under: Parents | None
) -> QuerySet[Any]:
    """Find the newest history row before `moment` of each object that existed then."""
    before = connection.ops.adapt_datetimefield_value(moment)
    sql, values = _is_newest(model, _table(model, past=True), before, under)
    rows: QuerySet[Any] = _history(model).objects.filter(
        RawSQL(sql, values, BooleanField()), history_type__in=("+", "~")
    )
    return rows.order_by()


def _is_newest(model: Any, row: str, before: Any, under: Parents | None) -> Sql:
    """Write the condition that `row`, a table of the model's history, is the newest row of its
    object and belonged to one of the parents in `under`.

    Today's table gives the ids of the objects, since no row ever leaves it (`Versioned.delete`).
    With them the history table is read one row at a time, however long it is. The query is
    MATERIALIZED because PostgreSQL would otherwise look each object up twice.
    """
    newest = (
        f"{row}.history_id IN (WITH newest AS MATERIALIZED (SELECT (SELECT h.history_id "
        f"FROM {_table(model, past=True)} h WHERE h.id = o.id AND h.history_date < %s "
        f"ORDER BY h.history_date DESC, h.history_id DESC LIMIT 1) AS history_id "
        f"FROM {_table(model)} o) SELECT history_id FROM newest)"
    )
    if under is None:
        return newest, [before]
    parent = model._meta.get_field(model.PROGRAMME_PATH.split("__")[0])
    above = parent.related_model
    values = [before]
    if above in under:
        ids = id_list(under[above])
    else:
        condition, more = _is_newest(above, "s", before, under)
        ids = f"SELECT s.id FROM {_table(above, past=True)} s WHERE {condition}"
        values += more
    # The plus keeps the database from using this column's index instead of the rows' ids.
    return f"{newest} AND +{row}.{parent.column} IN ({ids})", values


def id_list(ids: Iterable[int]) -> str:
    """Write ids for SQL's IN as literals: thousands of parameters take longer than the query."""
    return ", ".join(str(int(pk)) for pk in ids) or "NULL"


def _table(model: Any, *, past: bool = False) -> str:
    table = _history(model) if past else model
    return connection.ops.quote_name(table._meta.db_table)
