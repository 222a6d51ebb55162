"""Read and hash the log of the portal: alike on both databases, a batch of rows at a time.

The log is the append-only tables (`core.protection`), history among them. Names are left out, since
a pseudonym may replace them, and so are bytes, whose hashes are included.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from django.db import connection, models

from core.protection import append_only_models
from reports.models import Edition, StatusReport

# These have seals of their own, or are named in them.
SEALED = (Edition, StatusReport)
# PostgreSQL gives out ids before rows are committed: a row may appear below the newest id that an
# edition has read. Such an id is kept open for the next editions; no transaction lasts a day.
OPEN_FOR = timedelta(days=1)
CHUNK = 2000

_TYPES = {
    models.FloatField: "double precision",
    models.BooleanField: "bigint",
    models.IntegerField: "bigint",
    models.ForeignKey: "bigint",
    models.CharField: "text",
    models.TextField: "text",
    models.DateField: "text",
}
# How a value becomes the same on both databases, by the kind of its field.
_POSTGRESQL = {
    "BooleanField": '"{0}"::int',
    "DateField": "to_char(\"{0}\", 'YYYY-MM-DD')",
    "DateTimeField": "to_char(\"{0}\" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
}
_SQLITE = {
    "DateTimeField": 'CASE WHEN instr("{0}", \'.\') THEN "{0}" ELSE "{0}" || \'.000000\' END'
}
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True)
class Table:
    """A table of the log, with the columns that are hashed."""

    model: Any
    columns: tuple[str, ...]

    @property
    def name(self) -> str:
        return str(self.model._meta.db_table)

    @property
    def key(self) -> str:
        return str(self.model._meta.pk.column)

    def slots(self) -> list[tuple[str, str]]:
        """List the type that each column is read as, and the SQL that reads it."""
        fields = {field.column: field for field in self.model._meta.concrete_fields}
        return [(_type(fields[column]), _sql(fields[column])) for column in self.columns]


def _type(field: Any) -> str:
    for kind, name in _TYPES.items():
        if isinstance(field, kind):
            return name
    raise TypeError(f"Say how {field} is hashed alike on both databases.")


def _sql(field: Any) -> str:
    expressions = _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE
    return expressions.get(field.get_internal_type(), '"{0}"').format(field.column)


def tables() -> list[Table]:
    """List the tables of the log as the models have them now, sorted by name."""
    log = [
        Table(model, _columns(model, declared.names))
        for model, declared in append_only_models()
        if model not in SEALED
    ]
    return sorted(log, key=lambda table: table.name)


def _columns(model: Any, left_out: Iterable[str]) -> tuple[str, ...]:
    return tuple(
        sorted(
            field.column
            for field in model._meta.concrete_fields
            if field.name not in left_out and not isinstance(field, models.BinaryField)
        )
    )


# What an edition keeps of a table


@dataclass
class TableMark:
    """How far a table of the log had come when an edition was locked, kept as JSON in its link.

    `open` are ranges of ids up to `newest` that were not visible: first, last, and since when.
    """

    newest: int = 0
    rows: int = 0
    sha256: str = ""
    columns: list[str] = field(default_factory=list)
    open: list[list[Any]] = field(default_factory=list)

    def is_open(self, pk: int) -> bool:
        return any(first <= pk <= last for first, last, _ in self.open)


@dataclass
class Reading:
    """A table of the log while it is read, in the order of its ids."""

    before: TableMark
    columns: tuple[str, ...]
    pick: Any
    digest: Any = field(default_factory=hashlib.sha256)
    newest: int = 0
    rows: int = 0
    last: int = 0
    appeared: list[int] = field(default_factory=list)
    gaps: list[tuple[int, int]] = field(default_factory=list)

    def add(self, pk: int, values: Any) -> None:
        if pk <= self.last:
            raise RuntimeError("The database gave the rows of a table in another order.")
        self.last = pk
        if pk <= self.before.newest:
            self.appeared.append(pk)
        else:
            if pk > self.newest + 1:
                self.gaps.append((self.newest + 1, pk - 1))
            self.newest = pk
        self.rows += 1
        self.digest.update(_encode(self.pick(values)).encode())
        self.digest.update(b"\n")

    def matches(self, mark: TableMark) -> bool:
        """Whether the rows read are those that the mark was made from."""
        return (self.rows, self.digest.hexdigest()) == (mark.rows, mark.sha256)

    def mark(self, now: datetime) -> TableMark:
        """Make the mark from which the next edition reads on."""
        still = [
            [first, last, since]
            for opened_first, opened_last, since in self.before.open
            if now - datetime.fromisoformat(since) < OPEN_FOR
            for first, last in _without(opened_first, opened_last, self.appeared)
        ]
        new = [[first, last, now.isoformat()] for first, last in self.gaps]
        columns = list(self.columns)
        return TableMark(self.newest, self.rows, self.digest.hexdigest(), columns, still + new)


def _without(first: int, last: int, taken: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Split the range into ranges without the ids that are `taken`."""
    for pk in sorted(pk for pk in taken if first <= pk <= last):
        if first < pk:
            yield first, pk - 1
        first = pk + 1
    if first <= last:
        yield first, last


def read_log(
    log: list[Table], before: Mapping[str, TableMark], upto: Mapping[str, TableMark] | None = None
) -> dict[str, Reading]:
    """Read the rows since `before`, up to `upto` and without what was open there. One query, read
    a batch at a time, because there may be a million rows."""
    width = _width(log)
    readings, parts = [], []
    for number, table in enumerate(log):
        mark = before.get(table.name, TableMark())
        limit = upto[table.name].newest if upto else None
        places, columns = _placed(table, width)
        readings.append(Reading(mark, table.columns, itemgetter(*places), newest=mark.newest))
        for condition in _conditions(table.key, mark, limit):
            parts.append(
                f'SELECT * FROM (SELECT {number} AS t, "{table.key}" AS id, {", ".join(columns)} '
                f'FROM "{table.name}" WHERE {condition} ORDER BY 2) AS part'
            )
    skipped = [upto[table.name] if upto else TableMark() for table in log]
    with connection.chunked_cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        while rows := cursor.fetchmany(CHUNK):
            for row in rows:
                number, pk = row[0], row[1]
                if not skipped[number].open or not skipped[number].is_open(pk):
                    readings[number].add(pk, row)
    return {table.name: reading for table, reading in zip(log, readings, strict=True)}


def _conditions(key: str, mark: TableMark, limit: int | None) -> Iterator[str]:
    """Write the conditions for the ids that were open and for the new ones. The open ones come
    first, because rows are hashed by id."""
    opened = [f'"{key}" BETWEEN {first:d} AND {last:d}' for first, last, _ in mark.open]
    if opened:
        yield " OR ".join(opened)
    newer = f'"{key}" > {mark.newest:d}'
    yield newer if limit is None else f'{newer} AND "{key}" <= {limit:d}'


def _width(log: list[Table]) -> dict[str, int]:
    """Count the columns of each type in the table that has most of them, since all parts of a
    UNION must have the same columns."""
    width: dict[str, int] = {}
    for table in log:
        types = [kind for kind, _ in table.slots()]
        for kind in set(types):
            width[kind] = max(width.get(kind, 0), types.count(kind))
    return width


def _placed(table: Table, width: Mapping[str, int]) -> tuple[list[int], list[str]]:
    """Find where each column of the table stands in a row of the union, and write the row's
    SQL."""
    free: dict[str, list[int]] = {}
    select: list[str] = []
    for kind, number in width.items():
        free[kind] = list(range(len(select), len(select) + number))
        select += [f"CAST(NULL AS {kind})"] * number
    places = []
    for kind, sql in table.slots():
        place = free[kind].pop(0)
        select[place] = sql
        places.append(place + 2)
    return places, select
