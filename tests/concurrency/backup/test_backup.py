"""Taking a backup: while others write, on a full disk, and what is kept in its folder."""

import os
import stat
import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from core import writing
from core.backups import folders, manifest, postgresql
from core.clock import COPENHAGEN
from core.tracking import Actor
from principles.models import Programme
from tests.concurrency.backup.steps import DUMP, Place, back_up, found_in, refusal
from tests.concurrency.crowd import Crowd
from tests.factories import make_initiative
from tests.promises import Measured
from tests.reports.editions.steps import lock
from tests.small_disk import needs_small_disk, on_small_disk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

WRITERS = 3
# Saves acknowledged before the backup begins; the writers go on until it has ended.
BEFORE = 10
AT = datetime(2026, 2, 26, 12, tzinfo=COPENHAGEN)


@pytest.mark.promise(8)
def test_a_backup_taken_while_others_write_is_restored_whole(
    programme: Programme, tmp_path: Path, place: Place, promise: Measured
):
    lock(programme, with_files=None)
    rows = [make_initiative(internal_notes="0") for _ in range(WRITERS)]
    backed_up, begun = threading.Event(), threading.Semaphore(0)

    def work(crowd: Crowd, number: int) -> None:
        row = rows[number]
        while not backed_up.is_set():
            row = writing.change(
                row,
                {"internal_notes": f"{row.version}"},
                version=row.version,
                actor=Actor("Skriver"),
                reason="Talt op.",
                at=AT,
            ).row
            crowd.acknowledge()
            begun.release()

    crowd = Crowd(WRITERS)
    writers = threading.Thread(target=crowd.run, args=(work,))
    writers.start()
    try:
        for _ in range(BEFORE):
            assert begun.acquire(timeout=120)
        saved_before = crowd.saved
        folder = back_up(tmp_path / "backups")
        saved_during = crowd.saved - saved_before
    finally:
        backed_up.set()
        writers.join(240)
    assert crowd.errors == []
    assert saved_during > 0, "Nobody wrote while the backup was taken."

    made = manifest.read(folder)
    assert len(made.tables) > 30
    assert sum(table.rows > 0 for table in made.tables.values()) > 15
    code, said = place.manage("restore", folder)
    assert (code, f"Gendannet: {len(made.tables)} tabeller" in said) == (0, True), said
    assert found_in(place) == made.tables
    # One moment: no row without the history that was written with it, and the other way round.
    mixed = place.sql(
        "SELECT COUNT(*) FROM initiatives_initiative i WHERE i.version <> (SELECT MAX(h.version) "
        "FROM initiatives_historicalinitiative h WHERE h.id = i.id)"
    )
    (restored,) = place.sql(
        "SELECT SUM(version - 1) FROM initiatives_initiative WHERE id IN "
        f"({', '.join(str(row.pk) for row in rows)})"
    )[0]
    assert mixed == [(0,)]
    assert int(str(restored)) >= BEFORE
    promise.figure(
        "tables equal after the restore, while others wrote",
        f"{len(made.tables)} of {len(made.tables)} ({made.rows} rows)",
    )


def test_the_commit_is_known_where_another_user_owns_the_folder(monkeypatch: pytest.MonkeyPatch):
    """As in production, where root has unpacked the release."""
    ours = manifest.portal_commit()
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert manifest.portal_commit() == ours
    if (settings.BASE_DIR / ".git").exists():
        assert len(ours) == 40


def test_what_a_killed_backup_left_is_removed_after_a_day(tmp_path: Path, programme: Programme):
    directory = tmp_path / "backups"
    old, young = directory / ".unfinished-old", directory / ".unfinished-young"
    for folder in (old, young):
        (folder / "half").mkdir(parents=True)
    two_days_ago = time.time() - 2 * folders.A_DAY
    os.utime(old, (two_days_ago, two_days_ago))
    made = back_up(directory)
    assert set(directory.iterdir()) >= {young, made}
    assert not old.exists()


def test_only_the_owner_may_read_a_backup(backup: Path):
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (backup, *backup.iterdir())]
    assert modes == [0o700, 0o600, 0o600]
    assert stat.S_IMODE(backup.parent.stat().st_mode) == 0o700


def test_old_backups_are_removed_and_the_last_whole_one_never(tmp_path: Path, programme: Programme):
    directory = tmp_path / "backups"
    first = back_up(directory)
    older, oldest, broken = (first.with_name(f"2026-01-0{day}T000000Z") for day in (3, 2, 1))
    for copy in (older, oldest, broken):
        copy.mkdir()
        for file in first.iterdir():
            (copy / file.name).write_bytes(file.read_bytes())
    (broken / DUMP).write_bytes(b"half")
    (directory / "andet").mkdir()
    first = first.rename(first.with_name("2026-01-04T000000Z"))
    newest = back_up(directory, keep=2)
    assert set(directory.iterdir()) == {newest, first, broken, directory / "andet"}
    assert "mindst 1" in refusal("backup", directory, keep=0)
    assert set(directory.iterdir()) == {newest, first, broken, directory / "andet"}


def test_a_folder_that_cannot_be_written_gets_a_sentence(tmp_path: Path, programme: Programme):
    file = tmp_path / "en-fil"
    file.write_text("")
    assert "er ikke en mappe" in refusal("backup", file)
    assert "er ikke en mappe" in refusal("backup", file / "under")
    assert file.read_text() == ""


@needs_small_disk
@pytest.mark.promise(14)
def test_a_full_disk_leaves_no_half_backup(
    backup: Path, place: Place, tmp_path: Path, promise: Measured
):
    assert place.manage("restore", backup)[0] == 0
    small = tmp_path / "small"
    small.mkdir()
    listed = 'status=0; "$0" manage.py backup "$1" || status=$?; ls -A "$1"; exit $status'
    command = ["sh", "-c", listed, sys.executable, str(small)]
    for size, expected in (("64k", 1), ("64m", 0)):
        done = subprocess.run(
            on_small_disk(small, size, command),
            cwd=settings.BASE_DIR,
            env=place.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == expected, done.stderr
        if expected:
            assert "Disken er fuld" in done.stderr
            assert "Traceback" not in done.stderr
            assert done.stdout == ""
            promise.figure("backup on a full disk", "a sentence, nothing left behind")
        else:
            assert len(done.stdout.splitlines()[-1]) == len("2026-01-01T000000Z")
            promise.control("with space", "one backup")


@pytest.mark.postgres
def test_a_dump_program_older_than_the_server_is_named(
    tmp_path: Path, programme: Programme, monkeypatch: pytest.MonkeyPatch
):
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 12.9'\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    said = refusal("backup", tmp_path / "backups")
    assert "pg_dump (PostgreSQL) 12.9 er ældre end databasen" in said
    assert "postgresql-client-" in said
    assert list((tmp_path / "backups").iterdir()) == []


@pytest.mark.postgres
def test_the_password_is_never_on_a_command_line(
    tmp_path: Path, programme: Programme, monkeypatch: pytest.MonkeyPatch
):
    seen = tmp_path / "seen"
    spy = tmp_path / "pg_dump"
    real = postgresql._program("pg_dump")
    tell = f'env | grep ^PG >> {seen}.env\necho "$@" >> {seen}.arguments'
    spy.write_text(f'#!/bin/sh\n{tell}\nexec {real} "$@"\n')
    spy.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "en-hemmelighed")
    options = {**connection.settings_dict["OPTIONS"], "sslmode": "prefer"}
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", options)
    back_up(tmp_path / "backups")
    environment = Path(f"{seen}.env").read_text()
    assert "PGPASSWORD=en-hemmelighed" in environment
    assert "PGSSLMODE=prefer" in environment
    assert f"PGHOST={connection.settings_dict['HOST']}" in environment
    assert "en-hemmelighed" not in Path(f"{seen}.arguments").read_text()
