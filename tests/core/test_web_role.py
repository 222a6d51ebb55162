"""The role of the web servers on PostgreSQL: what it cannot do, logged in as itself (promise 5)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from threading import Event
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from core import web_role
from principles.models import Programme
from reports.editions import approval
from tests.promises import Measured
from tests.protection import as_owner
from tests.reports.editions.steps import ANNA, LOCKED_AT, lock

pytestmark = [pytest.mark.postgres, pytest.mark.django_db, pytest.mark.promise(5)]

HISTORY, ROW = "initiatives_historicalinitiative", "initiatives_initiative"
APPEND_ONLY = (HISTORY, "initiatives_statusupdate", "initiatives_deadlinemove")
ATTACKS = {
    "DISABLE TRIGGER": f"ALTER TABLE {HISTORY} DISABLE TRIGGER ALL",
    "DROP TRIGGER": f"DROP TRIGGER historical_initiative_is_not_changed ON {HISTORY}",
    "REPLACE FUNCTION": "CREATE OR REPLACE FUNCTION historical_initiative_is_not_changed() "
    "RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "DROP FUNCTION": "DROP FUNCTION historical_initiative_is_not_changed CASCADE",
    "session_replication_role": "SET session_replication_role = replica",
    "CREATE TRIGGER": f"CREATE TRIGGER x BEFORE INSERT ON {ROW} FOR EACH ROW "
    "EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE TABLE": "CREATE TABLE mine (id int)",
    "CREATE TEMPORARY TABLE": f"CREATE TEMPORARY TABLE {HISTORY} (id int)",
    "CREATE SCHEMA": "CREATE SCHEMA mine",
    "ALTER TABLE": f"ALTER TABLE {ROW} ADD COLUMN mine int",
    "DROP TABLE": f"DROP TABLE {HISTORY} CASCADE",
    "GRANT": f"ALTER TABLE {HISTORY} OWNER TO portal_web",
    "DELETE of a row": f"DELETE FROM {ROW}",
    "UPDATE of what is locked": "UPDATE reports_edition SET document = ''",
    "UPDATE of who locked": "UPDATE reports_edition SET frozen_by_name = 'En anden'",
    "UPDATE of a file": "UPDATE reports_editionfile SET content = ''",
    "django_migrations": "DELETE FROM django_migrations",
    **{f"TRUNCATE {table}": f"TRUNCATE {table} CASCADE" for table in (*APPEND_ONLY, ROW)},
    **{f"DELETE FROM {table}": f"DELETE FROM {table}" for table in APPEND_ONLY},
    **{f"UPDATE {table}": f"UPDATE {table} SET id = id" for table in APPEND_ONLY},
    "UPDATE of a name": f"UPDATE {HISTORY} SET actor_name = 'En anden'",
}
# What the triggers refuse the owner too (tests/core/test_bypasses.py).
ALSO_BY_TRIGGERS = (
    "UPDATE initiatives",
    "DELETE",
    "TRUNCATE",
    "UPDATE of what",
    "UPDATE of a file",
)


@pytest.fixture
def web(db: None) -> Iterator[Any]:
    """A separate connection that has logged in as the web role."""
    values = connection.settings_dict
    with psycopg.connect(
        host=values["HOST"],
        user=settings.DATABASE_WEB_ROLE,
        dbname=values["NAME"],
        autocommit=True,
        options="-c lock_timeout=5s",
    ) as server:
        yield server


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_web_role_is_refused(web: Any, promise: Measured, attack: str):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute(ATTACKS[attack])
    promise.figure(f"{attack} as the web's role", "refused")
    if attack.startswith(ALSO_BY_TRIGGERS):
        return
    with transaction.atomic():
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(ATTACKS[attack])
        transaction.set_rollback(True)
    promise.control(f"{attack} as the owner", "obeyed")


def test_the_suite_runs_as_the_web_role():
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user, current_user")
        assert cursor.fetchone() == (settings.DATABASE_WEB_ROLE,) * 2


def test_the_web_role_has_only_the_rights_its_rows_need(web: Any):
    """Every table is covered, and none grants more than its rows need."""
    rows = web.execute(
        "SELECT table_name, string_agg(privilege_type, ', ' ORDER BY privilege_type) "
        "FROM information_schema.role_table_grants WHERE grantee = current_user GROUP BY 1"
    ).fetchall()
    rights = dict(rows)
    assert set(rights) == set(connection.introspection.table_names())
    assert {rights[table] for table in APPEND_ONLY} == {"INSERT, SELECT"}
    assert rights[ROW] == "INSERT, SELECT, UPDATE"
    assert rights["reports_edition"] == "INSERT, SELECT"  # and some columns
    assert rights["django_session"] == "DELETE, INSERT, SELECT, UPDATE"
    assert rights["django_migrations"] == "SELECT"


@pytest.mark.django_db(transaction=True)
def test_the_web_role_has_its_rights_while_they_are_granted_again(web: Any, promise: Measured):
    """Each `migrate` revokes and grants the rights, and a page read meanwhile notices neither."""
    assert refusals(web) == 0
    promise.figure("reads refused during 10 × migrate's grants", "0")


@pytest.mark.django_db(transaction=True)
def test_without_one_transaction_the_web_role_is_refused(
    web: Any, promise: Measured, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(transaction, "atomic", lambda using: nullcontext())
    refused = refusals(web)
    assert refused
    promise.control("reads refused during 10 × migrate's grants, each on its own", str(refused))


def refusals(web: Any) -> int:
    """Grant the rights again ten times. Return how often the web role could not read meanwhile."""
    granted = Event()

    def poll() -> int:
        refused = 0
        while not granted.is_set():
            try:
                web.execute(f"SELECT count(*) FROM {ROW}")
            except psycopg.errors.InsufficientPrivilege:
                refused += 1
        return refused

    with ThreadPoolExecutor(1) as pool, as_owner():
        polled = pool.submit(poll)
        try:
            for _ in range(10):
                web_role.grant(connection, settings.DATABASE_WEB_ROLE)
        finally:
            granted.set()
        return polled.result()


APPROVED = "UPDATE reports_edition SET approved_by_name = 'En anden'"


def test_the_web_role_fills_in_a_name_once(programme: Programme, promise: Measured):
    """The name of the approver is written once; only a pseudonym may replace it."""
    edition = lock(programme, with_files=None)
    approval.approve(edition, meeting_on=LOCKED_AT.date(), actor=ANNA, at=LOCKED_AT)
    with pytest.raises(IntegrityError, match="locked"), transaction.atomic():
        execute(APPROVED)
    promise.figure("UPDATE of who approved as the web's role", "refused")
    with as_owner():
        execute(APPROVED)
    promise.control("UPDATE of who approved as the owner", "obeyed")


def test_the_web_role_fills_in_only_columns_that_are_filled_once(web: Any):
    rows = web.execute(
        "SELECT column_name FROM information_schema.column_privileges WHERE grantee = current_user "
        "AND table_name = 'reports_edition' AND privilege_type = 'UPDATE'"
    )
    assert {name for (name,) in rows} == {
        *("approved_at", "approved_by_id", "approved_by_name", "approved_at_meeting_on"),
        *("published_at", "published_by_id", "published_by_name"),
    }


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
