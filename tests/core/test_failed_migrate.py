"""After a failed `migrate` the running portal has its triggers again (promise 5)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, migrations
from django.db.migrations.loader import MigrationLoader

from core import triggers
from core.triggers.base import Trigger
from tests.promises import Measured
from tests.protection import as_owner

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.promise(5)]


class Fails(migrations.Migration):
    """A migration that does something and then meets an error."""

    operations = [
        migrations.RunSQL("CREATE TABLE of_a_failed_migration (id integer)"),
        migrations.RunSQL("SELECT * FROM no_such_table"),
    ]


@pytest.fixture(autouse=True)
def _a_migration_fails(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    load_disk = MigrationLoader.load_disk

    def load_one_more(self: Any) -> None:
        load_disk(self)
        last = max(name for app, name in self.disk_migrations if app == "reports")
        failing = type("Migration", (Fails,), {"dependencies": [("reports", last)]})
        self.disk_migrations["reports", "9999_fails"] = failing("9999_fails", "reports")

    with as_owner():
        monkeypatch.setattr(MigrationLoader, "load_disk", load_one_more)
        yield
        monkeypatch.undo()
        triggers.install(connection)


def migrate() -> None:
    with pytest.raises(DatabaseError, match="no_such_table"):
        call_command("migrate", verbosity=0)


def test_the_triggers_come_back(promise: Measured):
    assert triggers.differences(connection) == []
    migrate()
    assert triggers.differences(connection) == []
    promise.figure("triggers that are missing after a migrate that failed", "0")


def test_without_putting_them_back_the_triggers_are_missing(
    monkeypatch: pytest.MonkeyPatch, promise: Measured
):
    monkeypatch.setattr(triggers, "put_back", lambda *args: [])
    migrate()
    missing = len(triggers.differences(connection))
    assert missing
    promise.control("triggers missing after a migrate that failed, not put back", str(missing))


def test_the_triggers_come_back_as_they_were(monkeypatch: pytest.MonkeyPatch):
    """The old portal goes on, so it keeps its own triggers and not the new ones."""
    before = triggers.installed(connection)
    monkeypatch.setattr(triggers, "wanted", lambda connection: {})
    migrate()
    assert triggers.installed(connection) == before


def test_a_trigger_that_cannot_come_back_is_named():
    (trigger, *_) = triggers.installed(connection).values()
    gone = Trigger("a_trigger", "no_such_table", trigger.statement + " nonsense")
    assert triggers.put_back(connection, {gone.name: gone}) == [gone.name]
