"""The plan in memory is the plan in the database, whoever wrote it and however."""

import itertools
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from random import Random
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import triggers
from core.clock import COPENHAGEN
from core.protection import MAX_CHANGES, plan_tables
from core.state_at import end_of
from initiatives.models import Action, Deadline, DeadlineMove, Initiative, StatusUpdate
from initiatives.sources import memory
from initiatives.sources.as_of import build_as_of
from initiatives.sources.live import BuiltPlan, build_live
from initiatives.sources.memory import live_plan, plan_as_of
from principles.models import ActionArea, Programme
from principles.revision import PlanRevision, Revision
from tests.concurrency.conftest import database_url
from tests.core.reading import form_with
from tests.draws import draws
from tests.initiatives.sources.walk import LOADED, Walk, try_walks
from tests.initiatives.steps import BO, NOON, edit, judge, read_initiative
from tests.protection import as_owner, without_triggers

MONTH = date(2026, 2, 1)
KEY = "kontraktanalyse"


@pytest.fixture(autouse=True)
def _an_empty_memory() -> Iterator[None]:
    memory.forget()
    yield
    memory.forget()


def in_memory(programme: Programme, on: date = LOADED) -> BuiltPlan:
    """The plan as the next request gets it."""
    found = Programme.objects.with_revision().get(pk=programme.pk)
    return live_plan(found, month=found.reporting_month, on=on)


def afresh(programme: Programme, on: date = LOADED) -> BuiltPlan:
    found = Programme.objects.get(pk=programme.pk)
    return build_live(found, month=found.reporting_month, on=on)


def is_true(programme: Programme) -> bool:
    """Whether the plan in memory is the one in the database."""
    return in_memory(programme) == afresh(programme)


# By the door, at random


class Remembered(Walk):
    """People writing in two programmes at random; after each act memory is asked."""

    def __init__(self, chance: Random) -> None:
        self.stale = 0
        super().__init__(chance)

    def keep(self) -> None:
        super().keep()
        self.stale += sum(not is_true(programme) for programme in self.programmes)


@pytest.mark.django_db
@pytest.mark.slow
def test_whatever_people_do_memory_tells_the_truth(programme: Programme):
    acts = []

    def walk(chance: Random) -> None:
        people = Remembered(chance)
        people.run(20)
        assert people.stale == 0
        acts.append(len(people.kept))

    try_walks(draws(20, 5), walk)
    assert sum(acts) > 50


@pytest.mark.django_db
def test_without_the_triggers_memory_is_stale(programme: Programme):
    """The control."""
    in_memory(programme)
    token = PlanRevision.objects.get().token
    with without_triggers():
        PlanRevision.objects.update_or_create(pk=1, defaults={"token": token})
        models.QuerySet(Initiative).filter(key=KEY).update(title="Skrevet uden om triggerne")
        assert not is_true(programme)


@pytest.mark.django_db
def test_while_the_triggers_are_gone_the_plan_has_no_revision(programme: Programme):
    in_memory(programme)
    with as_owner():
        before = triggers.installed(connection)
        triggers.remove(connection)
        models.QuerySet(Initiative).filter(key=KEY).update(title="Skrevet, mens der migreres")
        assert revision() is None
        assert is_true(programme)
        assert triggers.put_back(connection, before) == []
    assert revision()
    assert is_true(programme)


# Past the door


def rows_of_each_table() -> list[type[models.Model]]:
    return [table.model for table in plan_tables() if models.QuerySet(table.model).exists()]


@pytest.mark.django_db
def test_every_table_that_the_plan_is_read_from_gives_it_a_revision(programme: Programme):
    with CaptureQueriesContext(connection) as captured:
        afresh(programme)
        build_as_of(programme, [end_of(LOADED)])
    sql = " ".join(query["sql"] for query in captured.captured_queries)
    names = [table for table in connection.introspection.table_names() if f'"{table}"' in sql]
    read = {name for name in names if name.startswith(("initiatives_", "principles_"))}
    assert read - {table.model._meta.db_table for table in plan_tables()} == set()
    assert len(read) > 15


@pytest.mark.django_db
def test_raw_sql_on_any_table_gives_the_plan_another_revision(programme: Programme):
    edit(read_initiative(KEY), report_text="Så hver tabel har en række.")
    revisions = [revision()]
    with as_owner(), connection.cursor() as cursor:
        for model in rows_of_each_table():
            table, key = model._meta.db_table, model._meta.pk.column
            with switched_off(cursor, table):
                cursor.execute(f"UPDATE {table} SET {key} = {key}")
            revisions.append(revision())
    assert len(set(revisions)) == len(revisions) > 15


@contextmanager
def switched_off(cursor: Any, table: str) -> Iterator[None]:
    """Without the triggers of the table that refuse what is tried; those of the plan stay."""
    if connection.vendor == "sqlite":
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s "
            "AND name NOT LIKE '%%revises_the_plan%%'",
            [table],
        )
        refusing = cursor.fetchall()
        for name, _ in refusing:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _, sql in refusing:
            cursor.execute(sql)
        return
    cursor.execute(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal "
        "AND tgname NOT LIKE '%%new_plan' AND tgname NOT LIKE '%%revises_the_plan'",
        [table],
    )
    refusing = [name for (name,) in cursor.fetchall()]
    for name in refusing:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
    yield
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    for name in refusing:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {name}")


def revision() -> str:
    found: str = Programme.objects.with_revision().values_list("revision", flat=True)[0]
    return found


@pytest.mark.django_db
def test_a_change_that_is_rolled_back_leaves_nothing_in_memory(programme: Programme):
    before = in_memory(programme)
    with transaction.atomic():
        edit(read_initiative(KEY), title="Et forsøg")
        assert is_true(programme)
        transaction.set_rollback(True)
    assert in_memory(programme) == before
    edit(read_initiative(KEY), title="En anden titel")
    assert is_true(programme)


@pytest.mark.django_db
def test_the_admin_gives_the_plan_another_revision(
    programme: Programme, secretariat_client: Client
):
    before = in_memory(programme)
    area = ActionArea.objects.of(programme)[0]
    address = f"/admin/principles/actionarea/{area.pk}/change/"
    form = form_with(secretariat_client.get(address), "title")
    typed = form.filled(title="Vi er omdøbt i administrationen")
    assert secretariat_client.post(address, typed).status_code == 302
    assert in_memory(programme) is not before
    assert is_true(programme)


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_another_process_writes(programme: Programme):
    in_memory(programme)
    code = (
        "import django; django.setup()\n"
        "from tests.initiatives.steps import edit, read_initiative\n"
        f"edit(read_initiative({KEY!r}), title='Fra en anden proces')\n"
    )
    run_elsewhere(code)
    assert in_memory(programme).document == afresh(programme).document
    assert "Fra en anden proces" in in_memory(programme).document.to_json()


def run_elsewhere(code: str) -> None:
    subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        cwd=settings.BASE_DIR,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "TEST_DATABASE_URL": database_url(),
        },
    )


# Only what was written is built anew


def nodes_built_anew(before: BuiltPlan, now: BuiltPlan) -> set[str]:
    kept = {id(item) for item in before.document.initiatives()}
    return {item.key for item in now.document.initiatives() if id(item) not in kept}


@pytest.mark.django_db(transaction=True)
def test_after_a_write_only_its_initiative_is_built_anew(programme: Programme):
    plans = [in_memory(programme)]
    action = Action.objects.filter(initiative__key=KEY)[0]
    writes: list[tuple[Any, dict[str, Any]]] = [
        (read_initiative(KEY), {"title": "En anden titel"}),
        (action, {"title": "En anden indsats"}),
        (programme, {"title": "Et andet program"}),
        (read_initiative(KEY), {"archived_at": NOON}),
    ]
    for row, changes in writes:
        edit(row, **changes)
        plans.append(in_memory(programme))
        assert plans[-1] == afresh(programme)
    anew = [nodes_built_anew(before, now) for before, now in itertools.pairwise(plans)]
    assert anew == [{KEY}, {KEY}, set(), set()]


def as_of(programme: Programme) -> BuiltPlan:
    """The plan of the day it was loaded on, as the next request gets it."""
    return plan_as_of(Programme.objects.with_revision().get(pk=programme.pk), LOADED)


@pytest.mark.django_db(transaction=True)
def test_a_past_day_is_built_anew_only_if_the_past_is_written(programme: Programme):
    before = as_of(programme)
    row, later = read_initiative(KEY), datetime(2026, 3, 2, 12, tzinfo=COPENHAGEN)
    row.revise({"title": "Senere"}, version=row.version, actor=BO, reason="", at=later)
    judge("takstoversigt", "completed", "Færdig.", at=later)
    assert as_of(programme) is before
    judge("bestillingsportal", "completed", "Færdig samme dag.")
    same_day = as_of(programme)
    assert same_day is not before
    table = Initiative.history.model._meta.db_table
    with as_owner(), connection.cursor() as cursor, switched_off(cursor, table):
        cursor.execute(f"UPDATE {table} SET title = 'Skrevet om' WHERE id = %s", [row.pk])
    rewritten = as_of(programme)
    assert rewritten is not same_day
    assert rewritten.document == build_as_of(programme, [end_of(LOADED)])[0]
    assert "Skrevet om" in rewritten.document.to_json()


@pytest.mark.django_db(transaction=True)
def test_after_more_writes_than_are_noted_the_whole_plan_is_built(programme: Programme):
    before = in_memory(programme)
    for number in range(MAX_CHANGES // 16):
        edit(read_initiative(KEY), title=f"Titel nummer {number}")
    now = in_memory(programme)
    assert now == afresh(programme)
    assert len(nodes_built_anew(before, now)) == len(before.rows)


@pytest.mark.django_db(transaction=True)
def test_raw_sql_that_moves_a_row_changes_both_its_initiatives(programme: Programme):
    """In each table of what stands under an initiative a row is given to another one, changed there
    and removed."""
    deadline = Deadline.objects.filter(initiative__key=KEY).latest("pk")
    new = {"wording": "Medio 2026"}
    deadline.revise(new, version=deadline.version, actor=BO, reason="Forsinket.", at=NOON)
    other = read_initiative("takstoversigt")
    acts: dict[Any, tuple[str, str]] = {
        DeadlineMove: (
            "deadline_id = (SELECT min(id) FROM initiatives_deadline WHERE initiative_id = %s)",
            "reason = 'Skrevet uden om døren'",
        ),
        Deadline: ("initiative_id = %s", "wording = 'Skrevet uden om døren'"),
        StatusUpdate: ("initiative_id = %s", "by_name = 'Skrevet uden om døren'"),
        Action: ("initiative_id = %s", "title = 'Skrevet uden om døren'"),
    }
    anew = []
    for model, changes in acts.items():
        table = model._meta.db_table
        row: Any = (
            models.QuerySet(model).filter(**{f"{model.INITIATIVE_PATH}__key": KEY}).latest("pk")
        )
        for statement, values in (
            (f"UPDATE {table} SET {changes[0]} WHERE id = %s", [other.pk, row.pk]),
            (f"UPDATE {table} SET {changes[1]} WHERE id = %s", [row.pk]),
            (f"DELETE FROM {table} WHERE id = %s", [row.pk]),
        ):
            before = in_memory(programme)
            with as_owner(), connection.cursor() as cursor, switched_off(cursor, table):
                cursor.execute(statement, values)
            now = in_memory(programme)
            assert now == afresh(programme), statement
            anew.append(nodes_built_anew(before, now))
    assert anew == [{KEY, other.key}, {other.key}, {other.key}] * 4


# Two transactions, and the one that wrote first commits last


def commit_in_another_order(programme: Programme) -> list[bool]:
    """Whether memory tells the truth after each of the two commits."""
    first_wrote, second_committed = threading.Event(), threading.Event()

    def write_first() -> None:
        try:
            with transaction.atomic():
                edit(read_initiative("takstoversigt"), title="Skrevet først")
                first_wrote.set()
                assert second_committed.wait(30)
        finally:
            connections.close_all()

    slow = threading.Thread(target=write_first)
    in_memory(programme)
    slow.start()
    assert first_wrote.wait(30)
    # Here the other would wait, if the first held the revision from its write on.
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '2s'")
    edit(read_initiative(KEY), title="Bekræftet først")
    truths = [is_true(programme)]
    second_committed.set()
    slow.join(30)
    truths.append(is_true(programme))
    return truths


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_last_to_commit_has_the_last_revision(programme: Programme):
    assert commit_in_another_order(programme) == [True, True]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_with_the_largest_number_written_memory_is_stale(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
):
    """The control: the number of the newest history row, which the first to write has lower."""
    table = Initiative.history.model._meta.db_table
    newest = f"(SELECT max(history_id)::text FROM {table})"
    monkeypatch.setattr(Revision, "as_postgresql", lambda *_: (newest, ()))
    assert commit_in_another_order(programme) == [True, False]


# What is kept


@pytest.mark.django_db
def test_it_is_built_once_and_shared(programme: Programme):
    plan = in_memory(programme)
    with CaptureQueriesContext(connection) as captured:
        assert in_memory(programme) is plan
    assert len(captured) == 1


@pytest.mark.django_db
def test_each_day_and_each_month_has_its_own(programme: Programme):
    found = Programme.objects.with_revision().get(pk=programme.pk)
    plans = [
        live_plan(found, month=MONTH, on=LOADED),
        live_plan(found, month=MONTH, on=date(2026, 2, 27)),
        live_plan(found, month=date(2026, 1, 1), on=LOADED),
        plan_as_of(found, LOADED),
        plan_as_of(found, LOADED, month=date(2026, 1, 1)),
        plan_as_of(found, date(2026, 2, 27)),
    ]
    assert len({id(plan) for plan in plans}) == 6
    assert plan_as_of(found, LOADED) is plans[3]
    assert plans[3].document == build_as_of(found, [end_of(LOADED)])[0]


@pytest.mark.django_db
def test_a_plan_takes_the_place_of_the_one_before_the_change(programme: Programme):
    in_memory(programme)
    size = memory._store.currsize
    for title in ("Første ændring", "Anden ændring"):
        edit(read_initiative(KEY), title=title)
        assert is_true(programme)
    assert memory._store.currsize == size


@pytest.mark.django_db
def test_who_has_no_revision_gets_a_plan_of_its_own(programme: Programme):
    plain = Programme.objects.get(pk=programme.pk)
    plans = [live_plan(plain, month=MONTH, on=LOADED) for _ in range(2)]
    assert plans[0] is not plans[1]
    assert plans[0] == plans[1]


@pytest.mark.django_db
def test_what_is_changed_while_it_is_built_is_not_kept(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
):
    changes = iter(["Første ændring", "Anden ændring"])
    build = build_live

    def build_and_change(*arguments: Any, **named: Any) -> BuiltPlan:
        built = build(*arguments, **named)
        if title := next(changes, ""):
            edit(read_initiative(KEY), title=title)
        return built

    monkeypatch.setattr(memory, "build_live", build_and_change)
    plan = in_memory(programme)
    assert plan == afresh(programme)
    assert "Anden ændring" in plan.document.to_json()


def test_the_least_used_is_forgotten():
    for number in range(4):
        memory.keep(number, f"plan {number}", memory.MAX_SIZE // 3)
        memory.find(0)
    assert [memory.find(number) for number in range(4)] == ["plan 0", None, "plan 2", "plan 3"]


def test_a_plan_larger_than_memory_is_kept_alone():
    memory.keep("small", 1, 10)
    memory.keep("huge", 2, memory.MAX_SIZE * 5)
    assert (memory.find("small"), memory.find("huge")) == (None, 2)


def test_threads_share_it():
    found: list[bool] = []

    def go_on(number: int) -> None:
        for turn in range(2000):
            memory.keep((number, turn % 50), turn, 100)
            kept = memory.find((number, turn % 50))
            found.append(kept in (turn, None))

    threads = [threading.Thread(target=go_on, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8000
    assert all(found)
    assert memory._store.currsize <= memory.MAX_SIZE
