"""Every way around the door that somebody who writes to the database has (promises 4 and 5).

On PostgreSQL each is refused, at the statement or at COMMIT. SQLite knows nothing of a COMMIT:
there it is refused or found by `verify_history`. The control does the same with the triggers away:
then it is obeyed.
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
Act = Callable[["Scene"], object]


class Scene:
    """A judged initiative with three versions, a deadline that was moved, and a municipality."""

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
        """A queryset that does not refuse."""
        return models.QuerySet(model).filter(pk=self.row.pk)

    def last(self) -> Any:
        """The newest history row, to be added once more in another shape."""
        row = Initiative.history.filter(id=self.row.pk).latest("history_id")
        row.history_id = None
        return row

    def copy(self, table: str, **values: str) -> str:
        """SQL that selects the newest row of a table with other values, for an INSERT."""
        key = "history_id" if table == HISTORY else "id"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table} LIMIT 0")
            names = [column[0] for column in cursor.description]
        own = [name for name in names if name != key or key in values]
        listed = ", ".join(f'"{name}"' for name in own)
        given = ", ".join(values.get(name, f'"{name}"') for name in own)
        newest = f"(SELECT max({key}) FROM {table})"
        return f"INTO {table} ({listed}) SELECT {given} FROM {table} WHERE {key} = {newest}"


def sql(statement: str) -> Act:
    def act(scene: Scene) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement.format(pk=scene.row.pk))
            assert cursor.rowcount != 0, "It met no row."

    return act


def insert(table: str, before: str = "INSERT", after: str = "", **values: str) -> Act:
    return lambda scene: sql(f"{before} {scene.copy(table, **values)} {after}")(scene)


def bulk_update(scene: Scene) -> None:
    scene.row.title = "Et andet"
    models.QuerySet(Initiative).bulk_update([scene.row], ["title"])


def bulk_create(scene: Scene) -> None:
    scene.row.pk, scene.row.key, scene.row._state.adding = None, "uden-historik", True
    scene.row.status = None
    models.QuerySet(Initiative).bulk_create([scene.row])


def loaddata(scene: Scene) -> None:
    values = scene.rows().values().get()
    fields = {name.removesuffix("_id"): value for name, value in values.items() if name != "id"}
    row = {"model": "initiatives.initiative", "pk": scene.row.pk}
    file = scene.folder / "rows.json"
    file.write_text(json.dumps([row | {"fields": fields | {"title": "Indlæst"}}], default=str))
    call_command("loaddata", file, verbosity=0)


def save_without_history(scene: Scene) -> None:
    scene.row.title, scene.row.skip_history_when_saving = "Et andet", True
    scene.row.save()


def save_base(scene: Scene) -> None:
    scene.row.title = "Et andet"
    scene.row.save_base(raw=True)


def save_some_fields(scene: Scene) -> None:
    scene.row.title = "Et andet"
    scene.row.save(update_fields=["title"])


def save_when_history_fails(scene: Scene) -> None:
    """As in autocommit: the row is written, its history is not, and the program goes on."""

    class Full(Exception):
        pass

    def fail(*args: object, **kwargs: object) -> None:
        raise Full

    scene.row.title = "Et andet"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Initiative.history.model, "save", fail)
        with pytest.raises(Full):
            models.Model.save_base(scene.row)


def status_through_the_door(scene: Scene) -> None:
    """With history, and no judgement."""
    edit(scene.row, status="completed")


def history_of_another_date(scene: Scene) -> None:
    row = scene.last()
    row.version, row.history_date = row.version + 1, row.history_date - timedelta(days=1)
    row.save(force_insert=True)


def history_of_a_later_version(scene: Scene) -> None:
    row = scene.last()
    row.version += 2
    row.save(force_insert=True)


def history_of_another_content(scene: Scene) -> None:
    row = scene.last()
    row.version, row.title = row.version + 1, "Som den aldrig hed"
    row.save(force_insert=True)


def removed_in_history(scene: Scene) -> None:
    row = scene.last()
    row.version, row.history_type = row.version + 1, "-"
    row.save(force_insert=True)


def history_of_no_row(scene: Scene) -> None:
    row = scene.last()
    row.id, row.version, row.history_type = 10**6, 1, "+"
    row.save(force_insert=True)


# What leaves a row and its history apart, or a status without its judgement.
AROUND_THE_DOOR: dict[str, Act] = {
    "update()": lambda scene: scene.rows().update(title="Et andet"),
    "update() with the version": lambda scene: scene.rows().update(
        title="Et andet", version=scene.row.version + 1
    ),
    "_base_manager": lambda scene: Initiative._base_manager.filter(pk=scene.row.pk).update(
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
# A judgement that says the same again of the version the row has.
CONFIRMATION = {
    "cause": "'confirmation'",
    "status_before": "status_after",
    "reason": "''",
    "initiative_version": f"(SELECT r.version FROM {INITIATIVE} r WHERE r.id = initiative_id)",
}
LONG_AGO = "'2020-01-01 12:00:00+00:00'"
# What changes or removes what was written, or adds to it what does not follow.
REWRITTEN: dict[str, Act] = {
    "queryset.delete": lambda scene: (
        models.QuerySet(Municipality).filter(pk=scene.municipality.pk)._raw_delete("default")
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
def scene(programme: Programme, tmp_path: Path) -> Scene:
    return Scene(programme, tmp_path)


@pytest.fixture(autouse=True)
def _all_was_well(scene: Scene) -> None:
    assert list(verifying.findings()) == []


def refusal(act: Act, scene: Scene) -> str:
    """The database's words, "" when it obeyed. What it did is undone either way."""
    said = ""
    with transaction.atomic():
        try:
            with transaction.atomic():
                act(scene)
                connection.check_constraints()  # as at COMMIT
        except DatabaseError as error:
            said = str(error)
        else:
            found.extend(verifying.findings())
        transaction.set_rollback(True)
    return said


# What `verify_history` has said of the last act that was obeyed.
found: list[str] = []


@pytest.fixture(autouse=True)
def _nothing_found() -> None:
    found.clear()


@pytest.mark.promise(4)
@pytest.mark.parametrize("way", AROUND_THE_DOOR)
def test_no_way_around_the_door_goes_unnoticed(scene: Scene, promise: Measured, way: str):
    said = refusal(AROUND_THE_DOOR[way], scene)
    assert said or found
    if ON_POSTGRESQL:
        assert said
    promise.figure(way, "refused" if said else "found by verify_history")
    with without_triggers():
        assert refusal(AROUND_THE_DOOR[way], scene) == "" or way == "save(update_fields)"
    assert found or way == "save(update_fields)"  # a version is in history once, by constraint
    promise.control(f"{way}, without the triggers", "obeyed")


@pytest.mark.promise(5)
@pytest.mark.parametrize("way", REWRITTEN)
def test_what_was_written_is_not_rewritten(scene: Scene, promise: Measured, way: str):
    assert refusal(REWRITTEN[way], scene)
    promise.figure(way, "refused")
    with without_triggers():
        assert refusal(REWRITTEN[way], scene) == ""
    promise.control(f"{way}, without the triggers", "obeyed")


def test_every_history_table_is_protected():
    """By name: a new model comes with its triggers."""
    protected = {model for model, _ in append_only_models()}
    assert {table.history for table in tracked_tables()} | {StatusUpdate, DeadlineMove} <= protected


def test_what_is_written_through_the_door_is_as_it_should_be(scene: Scene):
    """The rules refuse nothing that the portal does: archived, restored, moved and judged."""
    row = scene.row
    for step in (writing.archive, writing.restore):
        row = step(row, version=row.version, actor=BO, reason="Fordi.", at=NOON).row
    connection.check_constraints()
    assert list(verifying.findings()) == []
