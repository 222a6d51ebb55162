"""Tracked rows as they stood at any moment, read from their history.

Of each object the newest history row before the moment, by date and then by sequence, found by a
correlated subquery on the history table's own index (`core.tracking.History`). A foreign key is
never followed from history: it joins the row of today, and a renamed parent would change the
past. Who needs a parent asks for its id and for the parent's own state.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import BooleanField, QuerySet, Value
from django.db.models.expressions import RawSQL

from core.clock import COPENHAGEN, start_of_day
from core.tracking import Versioned

# The values of the asked fields, after the object's id.
Row = tuple[Any, ...]
Fields = Sequence[str]
# Ids of parents, by their model.
Parents = Mapping[Any, Collection[int]]


def end_of(day: date) -> datetime:
    """The moment at which `day` has ended: the next midnight in Europe/Copenhagen. What is dated
    before it happened on that day or earlier."""
    return start_of_day(day + timedelta(days=1))


def day_of(moment: datetime) -> date:
    """The last day that has begun before `moment`: `day_of(end_of(day)) == day`."""
    just_before = moment.astimezone(UTC) - datetime.resolution
    return just_before.astimezone(COPENHAGEN).date()


def state_at(
    model: type[Versioned],
    moments: Sequence[datetime],
    *,
    fields: Fields,
    under: Parents | None = None,
    **which: Any,
) -> list[list[Row]]:
    """Per moment the id and `fields` of each object as they stood before it, archived or not,
    in no order. One query for all moments.

    A foreign key is asked for as an id (`area_id`). `under` names parents: the objects are those
    that stood under one of them then (by `PROGRAMME_PATH`, under the nearest that is named),
    wherever they stand now. `which` narrows by what never changes, as id or key.
    """
    return states_at({model: fields}, moments, under=under, **which)[model]


def states_at(
    models: Mapping[type[Versioned], Fields],
    moments: Sequence[datetime],
    *,
    under: Parents | None = None,
    **which: Any,
) -> dict[type[Versioned], list[list[Row]]]:
    """`state_at` of several models, whose fields are alike place by place. One query.

    SQLite takes 500 parts: a model at a moment is one.
    """
    known = tuple(models)
    parts = [
        _standing(model, moment, under)
        .filter(**which)
        .values_list(Value(known.index(model)), Value(place), "id", *fields)
        for model, fields in models.items()
        for place, moment in enumerate(moments)
    ]
    found: dict[type[Versioned], list[list[Row]]] = {
        model: [[] for _ in moments] for model in known
    }
    # Without order_by() Django 6 asks for the order of the model, whose column is not read.
    for row in parts[0].union(*parts[1:], all=True).order_by() if parts else ():
        found[known[row[0]]][row[1]].append(row[2:])
    return found


def first_day(row: Versioned) -> date:
    """The day of the row's oldest history: nothing is known of it before. One query."""
    rows = _history(type(row)).objects.filter(id=row.pk).order_by("history_date", "history_id")
    oldest: datetime = rows.values_list("history_date", flat=True)[0]
    return oldest.astimezone(COPENHAGEN).date()


@cache
def _history(model: Any) -> Any:
    """The model of the history rows. Kept: each `model.history` makes a class of its own."""
    return model.history.model


# SQL with its parameters. Written by hand, because the ORM takes longer to put such a query
# together than the database to answer it.
Sql = tuple[str, list[Any]]


def _standing(model: type[Versioned], moment: datetime, under: Parents | None) -> QuerySet[Any]:
    """The history rows that stood just before `moment`, one for each object that was there."""
    before = connection.ops.adapt_datetimefield_value(moment)
    sql, values = _stood(model, _table(model, past=True), before, under)
    found: QuerySet[Any] = _history(model).objects.filter(
        RawSQL(sql, values, BooleanField()), history_type__in=("+", "~")
    )
    return found.order_by()


def _stood(model: Any, row: str, before: Any, under: Parents | None) -> Sql:
    """That `row`, of the model's history, is the newest of its object and stood `under` a parent.

    The table of today only lists the objects: nothing leaves it (`Versioned.delete`). By their
    ids the history table is read a row at a time, however long it is. Materialised: PostgreSQL
    would look each object up twice.
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
        stood, more = _stood(above, "s", before, under)
        ids = f"SELECT s.id FROM {_table(above, past=True)} s WHERE {stood}"
        values += more
    # With its plus the column is no way into the table: the ids of the rows are.
    return f"{newest} AND +{row}.{parent.column} IN ({ids})", values


def id_list(ids: Iterable[int]) -> str:
    """Ids for SQL's IN. Written out: as parameters thousands of them take longer than the query."""
    return ", ".join(str(int(pk)) for pk in ids) or "NULL"


def _table(model: Any, *, past: bool = False) -> str:
    table = _history(model) if past else model
    return connection.ops.quote_name(table._meta.db_table)
