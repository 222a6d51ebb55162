"""Checks all stored history against the rules of `core.triggers`, and reports in Danish.

There is one statement for each rule and table, and only rows that break the rule leave the
database, so that a million rows of history can be checked. Triggers check what is written; this
checks what is stored, however it was written.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from core import triggers
from core.danish import capitalise
from core.long_reads import reading_all
from core.protection import TrackedTable, columns, tracked_tables

_WRONG_TRIGGERS = {
    "missing": "mangler. Kør manage.py migrate.",
    "outdated": "er en anden, end portalen har lavet. Kør manage.py migrate.",
    "disabled": "er slået fra. Kør manage.py migrate.",
    "unknown": "er ikke portalens.",
}


def findings() -> Iterator[str]:
    """Write a sentence for each trigger and row that breaks a rule."""
    for wrong in triggers.differences(connection):
        yield f"Triggeren {wrong.trigger} på {wrong.table} {_WRONG_TRIGGERS[wrong.what]}"
    for tracked in tracked_tables():
        yield from _verified(tracked)


def counts() -> tuple[int, int]:
    """Count the rows and the history rows that are verified."""
    tables = list(tracked_tables())
    rows = sum(table.model._base_manager.count() for table in tables)
    return rows, sum(table.history._base_manager.count() for table in tables)


def _verified(tracked: TrackedTable) -> Iterator[str]:
    yield from _rows_unlike_their_history(tracked)
    yield from _history_of_no_row(tracked)
    yield from _history_out_of_order(tracked)
    if tracked.change_records:
        if tracked.change_records.field:
            yield from _changes_without_record(tracked)
            yield from _rows_unlike_their_newest_record(tracked)
        yield from _records_out_of_order(tracked)


def _rows_unlike_their_history(tracked: TrackedTable) -> Iterator[str]:
    """Compare each row with its newest history row, column by column."""
    differs = [f'o."{column}" {_differs()} h."{column}"' for column in tracked.columns]
    sql = f"""
        SELECT o.id, {_key(tracked, "o")}, h.history_id, {", ".join(differs)}
        FROM {tracked.table} o LEFT JOIN {tracked.history_table} h ON h.history_id =
            (SELECT n.history_id FROM {tracked.history_table} n WHERE n.id = o.id
             ORDER BY n.history_date DESC, n.history_id DESC LIMIT 1)
        WHERE {" OR ".join(differs)} ORDER BY o.id"""
    names = {field.column: field.verbose_name for field in tracked.model._meta.concrete_fields}
    for pk, key, newest, *fields in _rows(sql):
        if newest is None:
            yield f"{_label(tracked, pk, key)} har ingen historik."
            continue
        for column, is_other in zip(tracked.columns, fields, strict=True):
            if is_other:
                sentence = f"feltet »{names[column]}« er et andet end i historikkens nyeste række."
                yield f"{_label(tracked, pk, key)}: {sentence}"


def _history_of_no_row(tracked: TrackedTable) -> Iterator[str]:
    sql = f"""
        SELECT h.id, MAX({_key(tracked, "h")}) FROM {tracked.history_table} h
        LEFT JOIN {tracked.table} o ON o.id = h.id WHERE o.id IS NULL GROUP BY h.id ORDER BY h.id"""
    for pk, key in _rows(sql):
        yield f"{_label(tracked, pk, key)}: rækken er væk, men har historik."


def _history_out_of_order(tracked: TrackedTable) -> Iterator[str]:
    """Check that versions are 1, 2, 3 …, with rising numbers and dates that never go back."""
    history = tracked.history_table
    if tracked.versioned:
        before = f"LEFT JOIN {history} p ON p.id = h.id AND p.version = h.version - 1"
        broken = (
            "(h.version = 1) <> (h.history_type = '+') OR (h.version <> 1 AND (p.id IS NULL "
            "OR p.history_date > h.history_date OR p.history_id >= h.history_id))"
        )
        source = f"{history} h {before}"
    else:
        source = f"""(SELECT h.*, LAG(h.history_date) OVER w AS date_before,
            LAG(h.version) OVER w AS version_before FROM {history} h
            WINDOW w AS (PARTITION BY h.id ORDER BY h.history_id)) h"""
        broken = (
            "(h.version_before IS NULL) <> (h.history_type = '+') "
            "OR h.date_before > h.history_date OR h.version_before > h.version"
        )
    sql = f"""
        SELECT h.id, {_key(tracked, "h")}, h.history_id, h.version FROM {source}
        WHERE h.history_type NOT IN ('+', '~') OR {broken} ORDER BY h.id, h.history_id"""
    for pk, key, number, version in _rows(sql):
        yield (
            f"{_label(tracked, pk, key)}: historikkens række {number} (version {version}) "
            "følger ikke på den forrige."
        )


def _changes_without_record(tracked: TrackedTable) -> Iterator[str]:
    """Find the versions in which the field changed without a record."""
    field, record_table, row, value, version = _record_columns(tracked)
    history = tracked.history_table
    sql = f"""
        SELECT h.id, {_key(tracked, "h")}, h.version FROM {history} h
        LEFT JOIN {history} p ON p.id = h.id AND p.version = h.version - 1
        WHERE h."{field}" {_differs()} p."{field}" AND NOT EXISTS (
            SELECT 1 FROM {record_table} t WHERE t."{row}" = h.id AND t."{version}" = h.version
            AND t."{value}" = h."{field}")
        ORDER BY h.id, h.version"""
    for pk, key, number in _rows(sql):
        yield (
            f"{_label(tracked, pk, key)}: {_field_name(tracked)} blev ændret i version {number} "
            f"uden en {tracked.record_model._meta.verbose_name}."
        )


def _rows_unlike_their_newest_record(tracked: TrackedTable) -> Iterator[str]:
    field, record_table, row, value, _ = _record_columns(tracked)
    sql = f"""
        SELECT o.id, {_key(tracked, "o")} FROM {tracked.table} o WHERE o."{field}" {_differs()}
            (SELECT t."{value}" FROM {record_table} t WHERE t."{row}" = o.id
             ORDER BY t.id DESC LIMIT 1)
        ORDER BY o.id"""
    for pk, key in _rows(sql):
        last = f"den nyeste {tracked.record_model._meta.verbose_name} siger"
        yield f"{_label(tracked, pk, key)}: {_field_name(tracked)} er en anden, end {last}."


def _records_out_of_order(tracked: TrackedTable) -> Iterator[str]:
    """Find records that do not follow the one before, or name a version that never existed."""
    records, model = tracked.change_records, tracked.record_model
    assert records
    field, values = records.repeats
    row, version, at, cause = columns(model, (records.row, records.version, records.at, field))
    may_repeat = ", ".join(f"'{value}'" for value in values)
    sql = f"""
        SELECT o.id, {_key(tracked, "o")}, t.number FROM (
            SELECT t.id AS number, t."{row}" AS object, t."{version}" AS version,
                LAG(t."{version}") OVER w AS version_before, t."{at}" AS at,
                LAG(t."{at}") OVER w AS at_before, t."{cause}" IN ({may_repeat}) AS may_repeat
            FROM {model._meta.db_table} t WINDOW w AS (PARTITION BY t."{row}" ORDER BY t.id)) t
        JOIN {tracked.table} o ON o.id = t.object
        WHERE t.version < 1 OR t.version > o.version OR t.version < t.version_before
            OR t.at < t.at_before OR (t.version = t.version_before AND NOT t.may_repeat)
        ORDER BY o.id, t.number"""
    for pk, key, number in _rows(sql):
        yield (
            f"{_label(tracked, pk, key)}: {model._meta.verbose_name} {number} følger ikke på den "
            "forrige eller hører ikke til den version, den nævner."
        )


def _record_columns(tracked: TrackedTable) -> tuple[str, str, str, str, str]:
    """Return the column whose changes are recorded, the table of records, and its columns for
    row, value and version."""
    records = tracked.change_records
    assert records
    (field,) = columns(tracked.model, [records.field])
    row, value, version = columns(
        tracked.record_model, (records.row, records.value, records.version)
    )
    return field, tracked.record_model._meta.db_table, row, value, version


def _field_name(tracked: TrackedTable) -> str:
    assert tracked.change_records
    return str(tracked.model._meta.get_field(tracked.change_records.field).verbose_name)


def _differs() -> str:
    return "IS NOT" if connection.vendor == "sqlite" else "IS DISTINCT FROM"


def _key(tracked: TrackedTable, table: str) -> str:
    """Return the column of `table` that people know the row by."""
    known = {"key", "email"}
    name = next((column for column in tracked.columns if column in known), "id")
    return f'{table}."{name}"'


def _label(tracked: TrackedTable, pk: int, key: Any) -> str:
    return f"{capitalise(str(tracked.model._meta.verbose_name))} »{key}« (id {pk})"


def _rows(sql: str) -> Iterator[tuple[Any, ...]]:
    """Read the rows of the answer in batches."""
    with reading_all(), connection.cursor() as cursor:
        cursor.execute(sql)
        while batch := cursor.fetchmany(1000):
            yield from batch
