"""A command that reads everything may take long, and others can write meanwhile."""

import sqlite3
from contextlib import AbstractContextManager, closing
from typing import Any

import pytest
from django.db import connection, transaction

from core import verifying
from core.long_reads import reading_all
from initiatives.models import Initiative

pytestmark = pytest.mark.django_db(transaction=True)

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="one writer at a time")


def somebody_writes() -> None:
    """Raise OperationalError when the write lock is taken."""
    with closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=0)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.rollback()


def read_meanwhile(reading: AbstractContextManager[Any]) -> None:
    with reading:
        assert Initiative.objects.count() >= 0
        somebody_writes()


@on_sqlite
def test_others_can_write_meanwhile():
    read_meanwhile(reading_all())


@on_sqlite
def test_in_a_transaction_they_could_not():
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        read_meanwhile(transaction.atomic())


@on_sqlite
def test_verify_history_holds_no_lock():
    for _ in verifying._rows("SELECT 1 UNION SELECT 2"):
        somebody_writes()


@pytest.mark.postgres
def test_a_long_read_has_no_time_limit_and_the_next_page_has():
    def limit() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            return str(cursor.fetchone()[0])

    assert limit() == "15s"
    with reading_all():
        assert limit() == "0"
    assert limit() == "15s"
