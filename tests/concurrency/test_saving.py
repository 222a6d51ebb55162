"""Many at once: no acknowledged save is lost, and nobody meets a lock error.

The writers are threads with connections of their own: on SQLite to a file with the settings' WAL
and IMMEDIATE, on PostgreSQL in READ COMMITTED. An initiative's note begins with a number that each
save raises by one, so a save that was overwritten is missing from it. Controls, written here, save
without the protection under the same load, and must lose.
"""

import random
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, models, transaction

from core import writing
from core.tracking import Actor
from initiatives.models import Initiative, StatusUpdate
from tests.concurrency.crowd import Crowd
from tests.factories import make_initiative
from tests.initiatives.steps import NOON
from tests.promises import Measured
from tests.protection import unprotected

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

WRITERS, SAVES = 20, 25
MONTH = NOON.date().replace(day=1)
Save = Callable[[Initiative, Actor, str], object]


@pytest.fixture
def initiative() -> Initiative:
    """A judged initiative with a number in its note."""
    return make_initiative(status="on_track", internal_notes="0")


def number_in(row: Any) -> int:
    return int(row.internal_notes.split()[0])


def one_more(row: Initiative, reason: str) -> str:
    # With the writer's words: two who write the very same text are of one mind, not in conflict.
    return f"{number_in(row) + 1} {reason}"


def as_clients(initiative: Initiative, save: Save, writers: int = WRITERS) -> Crowd:
    """Each writer saves 25 times; refused because another was first, they read and try again."""

    def work(crowd: Crowd, number: int) -> None:
        actor, chance = Actor(f"Skriver {number}"), random.Random(number)
        row = Initiative.objects.get(pk=initiative.pk)
        crowd.begin()
        for count in range(SAVES):
            while True:
                try:
                    save(row, actor, f"Skriver {number}, gang {count}.")
                    break
                except writing.StaleVersion:
                    crowd.refuse()
                    # As long as it takes all the others to save once: sooner is in vain.
                    time.sleep(chance.uniform(0, 0.2))
                    row = Initiative.objects.get(pk=initiative.pk)
            crowd.acknowledge()
            row = Initiative.objects.get(pk=initiative.pk)

    crowd = Crowd(writers)
    crowd.run(work)
    return crowd


def lost(crowd: Crowd, initiative: Initiative) -> int:
    """Saves that were acknowledged and are gone."""
    initiative.refresh_from_db()
    return crowd.saved - number_in(initiative)


# The protected ways


def by_status(row: Initiative, actor: Actor, reason: str) -> None:
    row.change_status(
        status="on_track",
        month=MONTH,
        reason=reason,
        deviates=(),
        ask=row.ask,
        internal_notes=one_more(row, reason),
        version=row.version,
        actor=actor,
        at=NOON,
    )


def by_text(row: Initiative, actor: Actor, reason: str) -> None:
    changes = {"internal_notes": one_more(row, reason)}
    writing.change(row, changes, version=row.version, actor=actor, reason=reason, at=NOON)


def history_of(initiative: Initiative) -> list[Any]:
    return list(Initiative.history.filter(id=initiative.pk).order_by("version"))


@pytest.mark.promise(3)
@pytest.mark.parametrize("save", [by_status, by_text])
def test_no_acknowledged_save_is_lost(initiative: Initiative, save: Save, promise: Measured):
    first = initiative.version
    crowd = as_clients(initiative, save)
    assert crowd.errors == []
    assert crowd.saved == WRITERS * SAVES
    assert crowd.refused >= WRITERS - 1
    assert lost(crowd, initiative) == 0
    promise.figure(f"{WRITERS} × {SAVES} saves {save.__name__}", "0 lost")
    assert initiative.version == first + crowd.saved
    history = history_of(initiative)
    assert [row.version for row in history] == list(range(1, initiative.version + 1))
    assert [number_in(row) for row in history[first:]] == list(range(1, crowd.saved + 1))
    said = {f"Skriver {w}, gang {n}." for w in range(WRITERS) for n in range(SAVES)}
    assert {row.history_change_reason for row in history[first:]} == said
    judged = StatusUpdate.objects.filter(initiative=initiative).exclude(reason="")
    assert judged.count() == (crowd.saved if save is by_status else 0)


# The controls


def without_version(row: Initiative, actor: Actor, reason: str) -> None:
    """Under the row's lock and with history, but what was read before is not compared."""
    with transaction.atomic():
        current = writing.lock(Initiative, row.pk)
        current.internal_notes = one_more(row, reason)
        writing.store(current, ["internal_notes"], actor=actor, reason=reason, at=NOON)


def without_lock(row: Initiative, actor: Actor, reason: str) -> None:
    """The version is compared, but nothing keeps others from writing after the comparison."""
    if Initiative.objects.get(pk=row.pk).version != row.version:
        raise writing.StaleVersion(row, (), {}, by="", at=NOON, reason="")
    changes = {"internal_notes": one_more(row, reason), "version": row.version + 1}
    models.QuerySet(Initiative).filter(pk=row.pk).update(**changes)


def without_both(row: Initiative, actor: Actor, reason: str) -> None:
    """What Django does by itself: the row is read, changed and saved."""
    models.QuerySet(Initiative).filter(pk=row.pk).update(internal_notes=one_more(row, reason))


@pytest.mark.promise(3)
@pytest.mark.parametrize("save", [without_version, without_lock, without_both])
def test_without_the_protection_saves_are_lost(
    initiative: Initiative, save: Save, promise: Measured
):
    with unprotected():
        crowd = as_clients(initiative, save)
    assert crowd.errors == []
    assert crowd.saved == WRITERS * SAVES
    gone = lost(crowd, initiative)
    assert gone > 0
    promise.control(f"{WRITERS} × {SAVES} saves {save.__name__}", f"{gone} lost")


# Side by side


def test_two_writers_of_different_fields_are_merged(initiative: Initiative):
    """Both acknowledged, both kept, in whichever order they came."""
    fields = ("ask", "report_text")

    def work(crowd: Crowd, number: int) -> None:
        row = Initiative.objects.get(pk=initiative.pk)
        crowd.begin()
        changes = {fields[number]: f"Skrevet af {number}."}
        actor = Actor(f"Skriver {number}")
        saved = writing.change(row, changes, version=row.version, actor=actor, reason="", at=NOON)
        assert saved.changed == (fields[number],)
        crowd.acknowledge()

    crowd = Crowd(2)
    crowd.run(work)
    assert (crowd.errors, crowd.saved) == ([], 2)
    first = initiative.version
    initiative.refresh_from_db()
    assert (initiative.ask, initiative.report_text) == ("Skrevet af 0.", "Skrevet af 1.")
    assert initiative.version == first + 2


def test_ten_writers_of_ten_rows_meet_no_lock_error():
    rows = [make_initiative(status="on_track", internal_notes="0") for _ in range(10)]

    def work(crowd: Crowd, number: int) -> None:
        crowd.begin()
        for count in range(SAVES):
            row = Initiative.objects.get(pk=rows[number].pk)
            by_status(row, Actor("Skriver"), f"Gang {count}.")
            crowd.acknowledge()

    crowd = Crowd(10)
    crowd.run(work)
    assert (crowd.errors, crowd.saved) == ([], 10 * SAVES)
    for row in rows:
        row.refresh_from_db()
        assert number_in(row) == SAVES


# A crash


class Crash(Exception):
    """The power goes."""


@pytest.mark.parametrize("place", [Initiative.history.model, StatusUpdate])
def test_a_crash_in_the_middle_leaves_all_as_it_was(
    initiative: Initiative, monkeypatch: pytest.MonkeyPatch, place: type[models.Model]
):
    """After the row is written, before its history or its judgement is: nothing is kept."""

    def everything() -> list[object]:
        row = models.QuerySet(Initiative).filter(pk=initiative.pk).values().get()
        updates = StatusUpdate.objects.filter(initiative=initiative).values()
        return [row, list(Initiative.history.filter(id=initiative.pk).values()), list(updates)]

    def crash(*args: object, **kwargs: object) -> None:
        # The row has been written when it happens.
        assert number_in(Initiative.objects.get(pk=initiative.pk)) == 1
        raise Crash

    before = everything()
    monkeypatch.setattr(place, "save", crash)
    with pytest.raises(Crash):
        by_status(initiative, Actor("Skriver"), "Går ned.")
    monkeypatch.undo()
    assert everything() == before
    by_status(initiative, Actor("Skriver"), "Går godt.")
    assert everything() != before


def test_the_database_is_the_one_that_is_promised():
    """The races mean nothing on a database in memory or with other options."""
    if connection.vendor == "sqlite":
        sqlite: Any = connection
        assert not sqlite.is_in_memory_db()
        assert settings.DATABASES["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    else:
        with connection.cursor() as cursor:
            cursor.execute("SHOW transaction_isolation")
            assert cursor.fetchone() == ("read committed",)
