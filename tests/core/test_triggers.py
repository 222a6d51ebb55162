"""The triggers are what the models ask for, after each `migrate` and whatever was there before."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core import protection, triggers
from principles.models import Programme
from reports.models import Edition
from tests.protection import as_owner
from tests.reports.editions.steps import lock

pytestmark = pytest.mark.django_db

NAME, TABLE = "edition_is_not_changed", "reports_edition"


@pytest.fixture(autouse=True)
def _owner(db: None) -> Iterator[None]:
    """Run as the database's owner, who alone can do any of this."""
    with as_owner():
        yield


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def drop(name: str, table: str) -> None:
    execute(f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))


def is_refused(sql: str) -> bool:
    try:
        with transaction.atomic():
            execute(sql)
    except DatabaseError as error:
        return "locked" in str(error)
    return False


def test_all_triggers_are_there_after_migrate():
    assert triggers.differences(connection) == []
    tables = {trigger.table for trigger in triggers.wanted(connection).values()}
    assert {model._meta.db_table for model, _ in protection.append_only_models()} <= tables


def test_installing_again_changes_nothing():
    with CaptureQueriesContext(connection) as captured:
        triggers.install(connection)
    assert [query["sql"] for query in captured if "TRIGGER" in query["sql"]] == []


def test_a_missing_trigger_is_named_and_made_by_migrate():
    drop(NAME, TABLE)
    assert triggers.differences(connection) == [triggers.Difference(NAME, TABLE, "missing")]
    call_command("migrate", verbosity=0)
    assert triggers.differences(connection) == []


def test_a_trigger_of_an_older_version_is_named_and_replaced(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
):
    """The models have changed: a column that was a name, and could be replaced, is locked now."""
    lock(programme, with_files=False)
    sql = f"UPDATE {TABLE} SET frozen_by_name = frozen_by_name || '.'"
    assert not is_refused(sql)
    without_names = replace(Edition.append_only, names=("approved_by_name", "published_by_name"))
    monkeypatch.setattr(Edition, "append_only", without_names)
    assert triggers.differences(connection) == [triggers.Difference(NAME, TABLE, "outdated")]
    triggers.install(connection)
    assert triggers.differences(connection) == []
    assert is_refused(sql)


def test_a_trigger_that_no_model_asks_for_any_more_is_removed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr(Edition, "append_only")
    triggers.install(connection)
    assert TABLE not in {trigger.table for trigger in triggers.installed(connection).values()}


def test_somebody_elses_trigger_is_named_and_left_alone():
    """It could undo writes, but it could also be an administrator's."""
    if connection.vendor == "postgresql":
        execute(
            "CREATE FUNCTION other() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
        )
        execute(
            f"CREATE TRIGGER other BEFORE INSERT ON {TABLE} FOR EACH ROW EXECUTE FUNCTION other()"
        )
    else:
        execute(f"CREATE TRIGGER other BEFORE INSERT ON {TABLE} BEGIN SELECT 1; END")
    assert triggers.differences(connection) == [triggers.Difference("other", TABLE, "unknown")]
    triggers.install(connection)
    assert "other" in triggers.installed(connection)


@pytest.mark.postgres
def test_a_disabled_trigger_is_named_and_made_again():
    execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER {NAME}")
    assert triggers.differences(connection) == [triggers.Difference(NAME, TABLE, "disabled")]
    triggers.install(connection)
    assert triggers.differences(connection) == []


@pytest.mark.postgres
def test_a_function_that_does_nothing_is_named_and_made_again():
    execute(
        f"CREATE OR REPLACE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql "
        "AS 'BEGIN RETURN NEW; END'"
    )
    assert triggers.differences(connection) == [triggers.Difference(NAME, TABLE, "outdated")]
    triggers.install(connection)
    assert triggers.differences(connection) == []


def test_no_triggers_are_there_while_migrations_run():
    """A migration may change tables and rows. Without migrations the triggers stay."""
    arguments: Any = {"using": "default", "plan": []}
    triggers._before_migrations(**arguments)
    assert triggers.differences(connection) == []
    triggers._before_migrations(**arguments | {"plan": ["a migration"]})
    assert triggers.installed(connection) == {}
    triggers._after_migrations(**arguments)
    assert triggers.differences(connection) == []


def test_the_webs_role_is_given_rights_where_there_are_roles(settings: Any):
    """SQLite has no roles: a setting left from another database changes nothing there."""
    settings.DATABASE_WEB_ROLE = settings.DATABASE_WEB_ROLE or "portal_web"
    triggers._after_migrations(using="default")
    assert triggers.differences(connection) == []
