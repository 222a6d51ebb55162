"""Every way around the door for somebody who writes to the database (promises 4 and 5).

On PostgreSQL each is refused, at the statement or at COMMIT. SQLite cannot check at COMMIT: there
it is refused, or `verify_history` finds it. The control does the same without the triggers, and
then the database obeys.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction

from core import verifying, writing
from core.protection import append_only_models, tracked_tables
from initiatives.models import Deadline, DeadlineMove, Initiative, StatusUpdate
from principles.models import Municipality, Programme
from tests.factories import make_initiative
from tests.initiatives.steps import BO, NOON, edit
from tests.promises import Measured
from tests.protection import without_triggers

pytestmark = pytest.mark.django_db

ON_POSTGRESQL = connection.vendor == "postgresql"
INITIATIVE, HISTORY = "initiatives_initiative", "initiatives_historicalinitiative"
UPDATE, MOVE = "initiatives_statusupdate", "initiatives_deadlinemove"
MUNICIPALITY = "principles_municipality"
Act = Callable[["Targets"], object]


class Targets:
    """The rows to write to: an initiative with three versions and judgements, and others."""

    def __init__(self, programme: Programme, folder: Path) -> None:
        self.folder = folder
        row = make_initiative(status="on_track", title="Som den hed")
        edit(row, report_text="Skrevet.")
        self.row: Any = Initiative.objects.get(pk=row.pk)
        deadline = Deadline.objects.get(key="kontraktanalyse-d1")
        changes = {"wording": "Marts 2027", "fact": "deadline"}
        for wording in ("Marts 2027", "Maj 2027"):
            current = Deadline.objects.get(pk=deadline.pk)
            current.revise(
                changes | {"wording": wording},
                version=current.version,
                actor=BO,
                reason="Forsinket.",
                at=NOON,
            )
        assert DeadlineMove.objects.exists()
        self.municipality = Municipality.objects.get(name="Faxe")

    def rows(self, model: Any = Initiative) -> Any:
        """Return a queryset that does not refuse writes."""
        return models.QuerySet(model).filter(pk=self.row.pk)

    def last(self) -> Any:
        """Return the newest history row, so that an altered copy can be added."""
        row = Initiative.history.filter(id=self.row.pk).latest("history_id")
        row.history_id = None
        return row

    def copy(self, table: str, **values: str) -> str:
        """Return SQL that selects the newest row of a table with other values, for an INSERT."""
        key = "history_id" if table == HISTORY else "id"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table} LIMIT 0")
            names = [column[0] for column in cursor.description]
        copied = [name for name in names if name != key or key in values]
        listed = ", ".join(f'"{name}"' for name in copied)
        given = ", ".join(values.get(name, f'"{name}"') for name in copied)
        newest = f"(SELECT max({key}) FROM {table})"
        return f"INTO {table} ({listed}) SELECT {given} FROM {table} WHERE {key} = {newest}"


def sql(statement: str) -> Act:
    def act(targets: Targets) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement.format(pk=targets.row.pk))
            assert cursor.rowcount != 0, "It met no row."

    return act


def insert(table: str, before: str = "INSERT", after: str = "", **values: str) -> Act:
    return lambda targets: sql(f"{before} {targets.copy(table, **values)} {after}")(targets)


def bulk_update(targets: Targets) -> None:
    targets.row.title = "Et andet"
    models.QuerySet(Initiative).bulk_update([targets.row], ["title"])


def bulk_create(targets: Targets) -> None:
    targets.row.pk, targets.row.key, targets.row._state.adding = None, "uden-historik", True
    targets.row.status = None
    models.QuerySet(Initiative).bulk_create([targets.row])


def loaddata(targets: Targets) -> None:
    values = targets.rows().values().get()
    fields = {name.removesuffix("_id"): value for name, value in values.items() if name != "id"}
    row = {"model": "initiatives.initiative", "pk": targets.row.pk}
    file = targets.folder / "rows.json"
    file.write_text(json.dumps([row | {"fields": fields | {"title": "Indlæst"}}], default=str))
    call_command("loaddata", file, verbosity=0)


def save_without_history(targets: Targets) -> None:
    targets.row.title, targets.row.skip_history_when_saving = "Et andet", True
    targets.row.save()


def save_base(targets: Targets) -> None:
    targets.row.title = "Et andet"
    targets.row.save_base(raw=True)


def save_some_fields(targets: Targets) -> None:
    targets.row.title = "Et andet"
    targets.row.save(update_fields=["title"])


def save_when_history_fails(targets: Targets) -> None:
    """As in autocommit, write the row without its history and go on."""

    class Full(Exception):
        pass

    def fail(*args: object, **kwargs: object) -> None:
        raise Full

    targets.row.title = "Et andet"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Initiative.history.model, "save", fail)
        with pytest.raises(Full):
            models.Model.save_base(targets.row)


def status_through_the_door(targets: Targets) -> None:
    """Change the status with history, but without a judgement."""
    edit(targets.row, status="completed")


def history_of_another_date(targets: Targets) -> None:
    row = targets.last()
    row.version, row.history_date = row.version + 1, row.history_date - timedelta(days=1)
    row.save(force_insert=True)


def history_of_a_later_version(targets: Targets) -> None:
    row = targets.last()
    row.version += 2
    row.save(force_insert=True)


def history_of_another_content(targets: Targets) -> None:
    row = targets.last()
    row.version, row.title = row.version + 1, "Som den aldrig hed"
    row.save(force_insert=True)


def removed_in_history(targets: Targets) -> None:
    row = targets.last()
    row.version, row.history_type = row.version + 1, "-"
    row.save(force_insert=True)


def history_of_no_row(targets: Targets) -> None:
    row = targets.last()
    row.id, row.version, row.history_type = 10**6, 1, "+"
    row.save(force_insert=True)


# Acts that leave a row without its history, or a status without its judgement.
AROUND_THE_DOOR: dict[str, Act] = {
    "update()": lambda targets: targets.rows().update(title="Et andet"),
    "update() with the version": lambda targets: targets.rows().update(
        title="Et andet", version=targets.row.version + 1
    ),
    "_base_manager": lambda targets: Initiative._base_manager.filter(pk=targets.row.pk).update(
        title="Et andet"
    ),
    "bulk_update": bulk_update,
    "bulk_create": bulk_create,
    "raw UPDATE": sql(f"UPDATE {INITIATIVE} SET title = 'Et andet' WHERE id = {{pk}}"),
    "raw INSERT": insert(INITIATIVE, key="'ny'", status="NULL"),
    "loaddata": loaddata,
    "save without history": save_without_history,
    "save_base": save_base,
    "save(update_fields)": save_some_fields,
    "save when history fails": save_when_history_fails,
    "raw status": sql(f"UPDATE {INITIATIVE} SET status = 'completed' WHERE id = {{pk}}"),
    "status through the door": status_through_the_door,
    "history of an earlier date": history_of_another_date,
    "history of a later version": history_of_a_later_version,
    "history of another content": history_of_another_content,
    "removed in history": removed_in_history,
    "history of no row": history_of_no_row,
    "a judgement alone": insert(UPDATE, status_after="'completed'", reason="'Fordi.'"),
    "upsert of a row": insert(
        INITIATIVE, id="id", after="ON CONFLICT (id) DO UPDATE SET title = 'Et andet'"
    ),
}
# A confirmation of the version that the row has.
CONFIRMATION = {
    "cause": "'confirmation'",
    "status_before": "status_after",
    "reason": "''",
    "initiative_version": f"(SELECT r.version FROM {INITIATIVE} r WHERE r.id = initiative_id)",
}
LONG_AGO = "'2020-01-01 12:00:00+00:00'"
# Acts that change or remove what was written, or add what does not follow from it.
REWRITTEN: dict[str, Act] = {
    "queryset.delete": lambda targets: (
        models.QuerySet(Municipality).filter(pk=targets.municipality.pk)._raw_delete("default")
    ),
    "raw DELETE of a row": sql(f"DELETE FROM {MUNICIPALITY} WHERE name = 'Faxe'"),
    **{
        f"{table}: {column}": sql(f"UPDATE {table} SET {column} = {value}")
        for table, column, value in (
            (HISTORY, "title", "'Et andet'"),
            (HISTORY, "history_date", "'2020-01-01 12:00:00+00:00'"),
            (HISTORY, "history_change_reason", "''"),
            (HISTORY, "version", "version + 1000"),
            (UPDATE, "reason", "reason || '.' WHERE cause = 'edit'"),
            (UPDATE, "recorded_at", "'2020-01-01 12:00:00+00:00'"),
            (UPDATE, "month", "'2020-01-01'"),
            (UPDATE, "initiative_version", "initiative_version + 1"),
            (MOVE, "reason", "'Fordi.'"),
            (MOVE, "moved_on", "'2020-01-01'"),
            (MOVE, "old_wording", "'En anden'"),
        )
    },
    **{f"DELETE FROM {table}": sql(f"DELETE FROM {table}") for table in (HISTORY, UPDATE, MOVE)},
    "a judgement put in between": insert(UPDATE, id="-1"),
    "a judgement backdated": insert(UPDATE, **CONFIRMATION, recorded_at=LONG_AGO),
    "a judgement of an earlier version": insert(
        UPDATE, **CONFIRMATION | {"initiative_version": "1"}
    ),
    "a judgement of a version to come": insert(
        UPDATE, **CONFIRMATION | {"initiative_version": "99"}
    ),
    "a second judgement of a version": insert(UPDATE, initiative_version="initiative_version"),
    "a move put in between": insert(MOVE, id="-1"),
    "a move backdated": insert(MOVE, cause="'import'", recorded_at=LONG_AGO),
    "a move of an earlier version": insert(MOVE, cause="'import'", deadline_version="1"),
    "a move of a version to come": insert(MOVE, deadline_version="99"),
    "a second move of a version": insert(MOVE),
    "upsert of history": insert(
        HISTORY,
        history_id="history_id",
        after="ON CONFLICT (history_id) DO UPDATE SET title = 'Et andet'",
    ),
    "upsert of a judgement": insert(
        UPDATE, id="id", after="ON CONFLICT (id) DO UPDATE SET reason = 'Fordi.'"
    ),
    "upsert of a move": insert(
        MOVE, id="id", after="ON CONFLICT (id) DO UPDATE SET reason = 'Fordi.'"
    ),
}
if ON_POSTGRESQL:
    REWRITTEN |= {
        f"TRUNCATE {table}": sql(f"TRUNCATE {table} CASCADE")
        for table in (INITIATIVE, HISTORY, UPDATE, MOVE)
    }
else:
    REWRITTEN |= {
        "REPLACE of history": insert(HISTORY, "REPLACE", history_id="history_id", title="'Et'"),
        "REPLACE of a version": insert(HISTORY, "INSERT OR REPLACE", title="'Et andet'"),
        "REPLACE of a judgement": insert(UPDATE, "REPLACE", id="id", reason="'Fordi.'"),
        "REPLACE of a move": insert(MOVE, "REPLACE", id="id", reason="'Fordi.'"),
        "REPLACE of a row": insert(MUNICIPALITY, "REPLACE", id="id", name="'Et andet'"),
        "REPLACE by its key": insert(MUNICIPALITY, "REPLACE", name="'Et andet'"),
        "UPDATE OR REPLACE": sql(
            f"UPDATE OR REPLACE {MUNICIPALITY} SET name = 'Faxe' WHERE name = 'Greve'"
        ),
    }


@pytest.fixture
def targets(programme: Programme, tmp_path: Path) -> Targets:
    return Targets(programme, tmp_path)


@pytest.fixture(autouse=True)
def _all_was_well(targets: Targets) -> None:
    assert list(verifying.findings()) == []


def refusal(act: Act, targets: Targets) -> str:
    """Return the database's message, or "" when it obeyed. Roll back what was done."""
    refused = ""
    with transaction.atomic():
        try:
            with transaction.atomic():
                act(targets)
                connection.check_constraints()  # as at COMMIT
        except DatabaseError as error:
            refused = str(error)
        else:
            found.extend(verifying.findings())
        transaction.set_rollback(True)
    return refused


# What `verify_history` found after the last act that the database obeyed.
found: list[str] = []


@pytest.fixture(autouse=True)
def _nothing_found() -> None:
    found.clear()


@pytest.mark.promise(4)
@pytest.mark.parametrize("way", AROUND_THE_DOOR)
def test_no_way_around_the_door_goes_unnoticed(targets: Targets, promise: Measured, way: str):
    refused = refusal(AROUND_THE_DOOR[way], targets)
    assert refused or found
    if ON_POSTGRESQL:
        assert refused
    promise.figure(way, "refused" if refused else "found by verify_history")
    with without_triggers():
        assert refusal(AROUND_THE_DOOR[way], targets) == "" or way == "save(update_fields)"
    assert found or way == "save(update_fields)"  # a version is in history once, by constraint
    promise.control(f"{way}, without the triggers", "obeyed")


@pytest.mark.promise(5)
@pytest.mark.parametrize("way", REWRITTEN)
def test_what_was_written_cannot_be_rewritten(targets: Targets, promise: Measured, way: str):
    assert refusal(REWRITTEN[way], targets)
    promise.figure(way, "refused")
    with without_triggers():
        assert refusal(REWRITTEN[way], targets) == ""
    promise.control(f"{way}, without the triggers", "obeyed")


def test_every_history_table_is_protected():
    """A new model with history must bring its triggers."""
    protected = {model for model, _ in append_only_models()}
    assert {table.history for table in tracked_tables()} | {StatusUpdate, DeadlineMove} <= protected


def test_writing_through_the_door_breaks_no_rule(targets: Targets):
    """The triggers allow all that the portal does: archive, restore, move and judge."""
    row = targets.row
    for step in (writing.archive, writing.restore):
        row = step(row, version=row.version, actor=BO, reason="Fordi.", at=NOON).row
    connection.check_constraints()
    assert list(verifying.findings()) == []
