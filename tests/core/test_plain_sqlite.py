"""The SQLite file is an ordinary one: `sqlite3` without Django checks, copies and refills it."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from core.first_of_month import IsFirstOfMonth
from initiatives.models import StatusUpdate
from principles.models import Programme
from reports.models import StatusReport
from tests.reports.editions.steps import lock

sqlite_only = pytest.mark.skipif(connection.vendor != "sqlite", reason="a file of SQLite's")
MONTHS = [
    (Programme, "reporting_month"),
    (StatusUpdate, "month"),
    (StatusReport, "month"),
]


@pytest.fixture
def file(programme: Programme, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A copy of the database with a locked edition in it, opened without Django."""
    lock(programme, with_files=None)
    connection.ensure_connection()
    path = tmp_path / "copy.sqlite3"
    # The test's transaction is open, so only its own connection sees what it wrote.
    path.write_bytes(connection.connection.serialize())
    with closing(sqlite3.connect(path)) as plain:
        yield plain


def tables(plain: sqlite3.Connection) -> list[str]:
    names = plain.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return [name for (name,) in names if not name.startswith("sqlite_")]


def rows(plain: sqlite3.Connection) -> dict[str, list[Any]]:
    return {name: plain.execute(f'SELECT * FROM "{name}"').fetchall() for name in tables(plain)}


@sqlite_only
@pytest.mark.django_db
def test_a_plain_sqlite_checks_the_file(file: sqlite3.Connection):
    assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert file.execute("PRAGMA foreign_key_check").fetchall() == []


@sqlite_only
@pytest.mark.django_db
def test_a_plain_sqlite_copies_the_file(file: sqlite3.Connection, tmp_path: Path):
    file.execute("VACUUM INTO ?", [str(tmp_path / "vacuumed.sqlite3")])
    with closing(sqlite3.connect(tmp_path / "vacuumed.sqlite3")) as copy:
        assert rows(copy) == rows(file)
        assert len(rows(copy)) > 20


@sqlite_only
@pytest.mark.django_db
def test_a_plain_sqlite_writes_the_file_out_and_in_again(file: sqlite3.Connection):
    with closing(sqlite3.connect(":memory:")) as again:
        again.executescript("\n".join(file.iterdump()))
        assert rows(again) == rows(file)
        # Every CHECK is evaluated for every row once more.
        for name in tables(again):
            columns = again.execute(f'SELECT * FROM "{name}" LIMIT 0').description
            marks = ", ".join("?" for _ in columns)
            triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
            for (trigger,) in again.execute(triggers, [name]).fetchall():
                again.execute(f'DROP TRIGGER "{trigger}"')
            again.execute(f'CREATE TEMP TABLE kept AS SELECT * FROM "{name}"')
            again.execute(f'DELETE FROM "{name}"')
            kept = again.execute("SELECT * FROM kept").fetchall()
            again.executemany(f'INSERT INTO "{name}" VALUES ({marks})', kept)
            again.execute("DROP TABLE kept")
        assert rows(again) == rows(file)


@sqlite_only
@pytest.mark.django_db
def test_nothing_of_the_schema_calls_a_function_that_sqlite_lacks(file: sqlite3.Connection):
    known = {name for (name,) in file.execute("SELECT DISTINCT name FROM pragma_function_list")}
    schema = file.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    python = _functions_of_django() - known
    assert "django_datetime_extract" in python
    functions = {
        name: called
        for name, sql in schema
        if (called := set(re.findall(r"\b(\w+)\s*\(", sql.lower())) & python)
    }
    assert functions == {}
    assert len(schema) > 100
    # REGEXP is an operator, and Django's own function behind it.
    assert [name for name, sql in schema if re.search(r"\bregexp\b", sql, re.IGNORECASE)] == []


def _functions_of_django() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT name FROM pragma_function_list")
        return {name.lower() for (name,) in cursor.fetchall()}


@sqlite_only
def test_a_constraint_of_django_s_own_cannot_be_checked():
    """The control: what `month__day=1` becomes."""
    columns = "month date CHECK (django_datetime_extract('day', month, NULL, NULL) = 1)"
    refused = pytest.raises(sqlite3.OperationalError, match="no such function")
    with closing(sqlite3.connect(":memory:")) as plain, refused:
        plain.execute(f"CREATE TABLE control ({columns})")


@pytest.mark.django_db
@pytest.mark.parametrize(("day", "is_first"), [(1, True), (2, False), (11, False), (28, False)])
@pytest.mark.parametrize(("model", "field"), MONTHS)
def test_a_month_is_its_first_day_before_it_is_saved(
    model: Any, field: str, day: int, is_first: bool
):
    named = [c for c in model._meta.constraints if c.name.endswith("_is_first_of_month")]
    assert len(named) == 1
    row = model(**{field: date(2026, 2, day)})
    if is_first:
        named[0].validate(model, row)
        return
    with pytest.raises(ValidationError) as error:
        named[0].validate(model, row)
    if model is Programme:
        assert error.value.messages == ["Rapporteringsmåneden skal være den første i en måned."]


@pytest.mark.django_db
def test_first_of_month_is_a_condition_of_queries_too(programme: Programme):
    assert StatusUpdate.objects.filter(IsFirstOfMonth("month")).count() > 0
    assert StatusUpdate.objects.exclude(IsFirstOfMonth("month")).count() == 0
