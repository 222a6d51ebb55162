"""A backup taken while others write, restored into a fresh database, and every table compared.

The database is the suite's own; what is restored lies beside it and is served by a process of its
own. The controls: one altered byte, a truncated dump, one altered cell.
"""

import json
import os
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from http.cookiejar import CookieJar
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import psycopg
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from core import writing
from core.backups import KINDS, folders, manifest, postgresql, sqlite
from core.backups.sums import TableSum
from core.clock import COPENHAGEN
from core.tracking import Actor
from principles.models import Programme
from reports.models import EditionFile
from tests.concurrency.crowd import Crowd
from tests.core.reading import form_with
from tests.factories import PASSWORD, make_initiative
from tests.promises import Measured
from tests.reports.editions.steps import lock
from tests.small_disk import needs_small_disk, on_small_disk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

WRITERS = 3
# Saves acknowledged before the backup begins; the writers go on until it has ended.
BEFORE = 10
AT = datetime(2026, 2, 26, 12, tzinfo=COPENHAGEN)
DUMP = KINDS[connection.vendor].DUMP


class Place:
    """A database that is not there yet, and manage.py on it."""

    def __init__(self, url: str, name: str, sql: Callable[[str], list[tuple[object, ...]]]) -> None:
        self.url = url
        self.name = name
        self.sql = sql

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return {
            **kept,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "TEST_DATABASE_URL": self.url,
        }

    def manage(self, *arguments: object) -> tuple[int, str]:
        """Exit code, and all it said."""
        done = subprocess.run(
            [sys.executable, "manage.py", *map(str, arguments)],
            cwd=settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def place(tmp_path: Path, transactional_db: None) -> Iterator[Place]:
    """Where a backup is restored: a file of SQLite, or an empty database on the same server."""
    if connection.vendor == "sqlite":
        file = tmp_path / "fresh.sqlite3"

        def ask_file(query: str) -> list[tuple[object, ...]]:
            with closing(sqlite3.connect(file)) as database, database:
                return database.execute(query).fetchall()

        yield Place(f"sqlite:///{file}", file.name, ask_file)
        return
    values = connection.settings_dict
    fresh = f"fresh_{os.getpid()}"
    url = f"postgres://{values['USER']}@{quote(values['HOST'], safe='')}/"

    def ask_server(query: str, database: str = fresh) -> list[tuple[object, ...]]:
        with psycopg.connect(f"{url}{database}", autocommit=True) as server:
            # As somebody who goes around the portal's triggers.
            server.execute("SET session_replication_role = replica")
            done = server.execute(query)
            return done.fetchall() if done.description else []

    ask_server(f"CREATE DATABASE {fresh}", "postgres")
    yield Place(f"{url}{fresh}", fresh, ask_server)
    ask_server(f"DROP DATABASE {fresh} WITH (FORCE)", "postgres")


@pytest.fixture
def backup(programme: Programme, tmp_path: Path) -> Path:
    """A backup of the real programme with a locked edition, its files and a session."""
    lock(programme, with_files=None)
    Client().force_login(programme.memberships.earliest("id").user)
    return back_up(tmp_path / "backups")


def back_up(directory: Path, **options: object) -> Path:
    """The folder of one more backup."""
    before = set(directory.iterdir()) if directory.exists() else set()
    call_command("backup", directory, stdout=StringIO(), **options)
    (made,) = set(directory.iterdir()) - before
    return made


def refusal(*arguments: Any, **options: Any) -> str:
    with pytest.raises(CommandError) as error:
        call_command(*arguments, **options)
    assert error.value.returncode == 1
    return str(error.value)


def found_in(place: Place) -> dict[str, TableSum]:
    """The sums of the database that was restored, as the portal reads them."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(place.url.removeprefix("sqlite:///"))) as database:
            return dict(sqlite.sums(database))
    with postgresql.reading(dbname=place.name) as server:
        return dict(postgresql.sums(server))


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


@pytest.mark.promise(8)
def test_one_altered_cell_of_the_restored_database_is_found(
    backup: Path, place: Place, promise: Measured
):
    assert place.manage("restore", backup)[0] == 0
    made = manifest.read(backup)
    assert found_in(place) == made.tables
    place.sql("UPDATE principles_municipality SET name = 'Fakse' WHERE name = 'Faxe'")
    found = found_in(place)
    with pytest.raises(Exception, match="Tabellen principles_municipality har andre værdier"):
        made.compare(found, "Den gendannede database")
    assert [name for name in found if found[name] != made.tables[name]] == [
        "principles_municipality"
    ]
    if connection.vendor == "sqlite":
        place.sql("DROP TRIGGER programme_year_is_not_removed")
    place.sql("DELETE FROM principles_programmeyear WHERE number = 3")
    with pytest.raises(Exception, match="Tabellen principles_programmeyear har"):
        made.compare(found_in(place), "Den gendannede database")
    promise.control("one altered cell", "found")


@pytest.mark.promise(8)
def test_a_backup_that_is_not_whole_touches_nothing(
    backup: Path, place: Place, promise: Measured, tmp_path: Path
):
    dump = backup / DUMP
    whole = dump.read_bytes()
    middle = len(whole) // 2
    altered = bytes([whole[middle] ^ 1])
    wrong = {
        "one altered byte": (whole[:middle] + altered + whole[middle + 1 :], "er ændret, siden"),
        "a truncated dump": (whole[:-1], "Backuppen er ikke hel."),
        "an empty dump": (b"", "Backuppen er ikke hel."),
    }
    for what, (content, sentence) in wrong.items():
        dump.write_bytes(content)
        assert sentence in refusal("restore", backup, check=True), what
        code, said = place.manage("restore", backup)
        assert (code, sentence in said) == (1, True), what
        assert "Traceback" not in said
        promise.control(what, "found, nothing touched")
    dump.unlink()
    assert "mangler" in refusal("restore", backup, check=True)
    assert not (tmp_path / "fresh.sqlite3").exists()
    dump.write_bytes(whole)
    call_command("restore", backup, check=True, stdout=StringIO())


def rewritten(folder: Path, *, keep_sum: bool, **values: object) -> None:
    """Another manifest in its place; with `keep_sum` as somebody would who forgot its own sum."""
    path = folder / manifest.NAME
    whole = json.loads(path.read_text())
    whole["manifest"] |= values
    if not keep_sum:
        whole["sha256"] = manifest._own_sum(whole["manifest"])
    path.write_text(json.dumps(whole))


@pytest.mark.promise(8)
def test_what_this_portal_cannot_restore_is_refused_with_a_sentence(
    backup: Path, promise: Measured
):
    path = backup / manifest.NAME
    original = path.read_text()
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]
    known = json.loads(original)["manifest"]["migrations"]
    altered: list[tuple[str, bool, dict[str, Any], str]] = [
        ("an altered manifest", True, {"portal_commit": "en anden"}, "er ændret, siden"),
        ("the other database", False, {"kind": other}, "skal være af samme slags"),
        ("a newer schema", False, {"migrations": [*known, "reports.9999_x"]}, "nyere portal"),
        ("a newer manifest", False, {"format": 99}, "nyere portal"),
    ]
    for what, keep_sum, values, sentence in altered:
        rewritten(backup, keep_sum=keep_sum, **values)
        assert sentence in refusal("restore", backup, check=True), what
        path.write_text(original)
        promise.control(what, "refused")
    path.write_text(original[:-40])
    assert "kan ikke læses" in refusal("restore", backup, check=True)
    path.unlink()
    assert "er ikke en backup" in refusal("restore", backup, check=True)
    assert "er ikke en backup" in refusal("restore", backup / "findes-ikke", check=True)


@pytest.mark.promise(8)
def test_the_restored_portal_serves_its_pages(backup: Path, place: Place, promise: Measured):
    assert place.manage("restore", backup)[0] == 0
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        server = subprocess.Popen(
            [
                str(Path(sys.executable).with_name("gunicorn")),
                f"--bind=fd://{listening.fileno()}",
                "--no-control-socket",
                "--log-level=warning",
                "rammeaftale.wsgi",
            ],
            cwd=settings.BASE_DIR,
            env=place.environment,
            pass_fds=[listening.fileno()],
        )
    try:
        browser = build_opener(HTTPCookieProcessor(CookieJar()))

        def read(path: str, data: dict[str, str] | None = None) -> str:
            sent = urlencode(data).encode() if data else None
            with browser.open(f"{url}{path}", sent, timeout=120) as response:
                return str(response.read().decode("utf-8", "replace"))

        login = form_with(_page(read("/konto/log-ind/")), "login")
        email = place.sql(
            "SELECT u.email FROM accounts_user u JOIN accounts_membership m ON m.user_id = u.id "
            "WHERE m.role = 'secretariat'"
        )
        pages = [
            read("/konto/log-ind/", login.filled(login=email[0][0], password=PASSWORD)),
            read("/status/"),
            read("/initiativer/kontraktanalyse/"),
            read("/statusopgoerelser/2026-02/udgave-1/"),
        ]
        assert all("Log ud" in page for page in pages)
        stored = EditionFile.objects.get(format="json")
        assert read("/statusopgoerelser/2026-02/udgave-1.json").encode() == bytes(stored.content)
        # Sequences go on: a new row gets a number of its own, and history one more line.
        form = form_with(_page(read("/initiativer/kontraktanalyse/ret/")), "title")
        saved = form.filled(title="Kontraktanalyse efter gendannelsen")
        assert "efter gendannelsen" in read("/initiativer/kontraktanalyse/ret/", saved)
    finally:
        server.terminate()
        server.wait(60)
    promise.figure("pages served, file byte-identical, row saved after the restore", "4, 1, 1")


def _page(text: str) -> object:
    return type("Page", (), {"content": text.encode()})


def test_a_backup_holds_no_sessions(backup: Path, place: Place):
    assert Session.objects.exists()
    key = Session.objects.earliest("expire_date").session_key
    assert place.manage("restore", backup)[0] == 0
    assert place.sql("SELECT COUNT(*) FROM django_session") == [(0,)]
    assert key.encode() not in (backup / DUMP).read_bytes()


def test_triggers_and_rows_that_may_not_change_come_with_the_restore(backup: Path, place: Place):
    assert place.manage("restore", backup)[0] == 0
    if connection.vendor == "sqlite":
        names = "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY 1"
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            place.sql("UPDATE reports_editionfile SET name = 'x'")
    else:
        names = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"
        url = place.url
        with psycopg.connect(url) as server, pytest.raises(psycopg.Error, match="never changed"):
            server.execute("UPDATE reports_editionfile SET name = 'x'")
    with connection.cursor() as cursor:
        cursor.execute(names)
        assert place.sql(names) == cursor.fetchall()
        assert len(place.sql(names)) >= 9
    stored = list(EditionFile.objects.order_by("id").values_list("id", "sha256"))
    assert place.sql("SELECT id, sha256 FROM reports_editionfile ORDER BY id") == stored


def test_a_database_with_something_in_it_is_replaced_by_name_alone(
    backup: Path, place: Place, tmp_path: Path
):
    assert place.manage("restore", backup)[0] == 0
    place.sql("UPDATE principles_municipality SET name = 'Fakse' WHERE name = 'Faxe'")
    for arguments in ([], ["--replace", "en-anden"]):
        code, said = place.manage("restore", backup, *arguments)
        assert code == 1
        assert f"--replace {place.name}" in said
        assert "går tabt" in said
    assert place.sql("SELECT COUNT(*) FROM principles_municipality WHERE name = 'Fakse'") == [(1,)]
    code, said = place.manage("restore", backup, "--replace", place.name)
    assert code == 0, said
    assert found_in(place) == manifest.read(backup).tables
    if connection.vendor == "sqlite":
        (kept,) = tmp_path.glob("fresh.sqlite3.before-*")
        with closing(sqlite3.connect(kept)) as database:
            query = "SELECT COUNT(*) FROM principles_municipality WHERE name = 'Fakse'"
            assert database.execute(query).fetchall() == [(1,)]
    else:
        before = max(backup.parent.iterdir())
        assert before != backup
        tables = manifest.read(before).tables
        assert (
            tables["principles_municipality"]
            != manifest.read(backup).tables["principles_municipality"]
        )


@pytest.mark.postgres
def test_a_table_that_the_backup_does_not_know_is_refused_before_anything_is_made(
    backup: Path, place: Place
):
    assert place.manage("restore", backup)[0] == 0
    place.sql("CREATE TABLE of_a_newer_portal (id integer)")
    code, said = place.manage("restore", backup, "--replace", place.name)
    assert code == 1
    assert "som backuppen ikke kender: of_a_newer_portal" in said
    assert list(backup.parent.iterdir()) == [backup]


def test_the_commit_is_known_where_another_user_owns_the_folder(monkeypatch: pytest.MonkeyPatch):
    """As in production, where root has unpacked the release."""
    ours = manifest.portal_commit()
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert manifest.portal_commit() == ours
    if (settings.BASE_DIR / ".git").exists():
        assert len(ours) == 40


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a file that others have open")
def test_a_database_in_use_is_not_replaced(backup: Path, place: Place, tmp_path: Path):
    assert place.manage("restore", backup)[0] == 0
    with closing(sqlite3.connect(tmp_path / "fresh.sqlite3")) as portal:
        portal.execute("PRAGMA journal_mode = WAL")
        portal.execute("SELECT COUNT(*) FROM accounts_user").fetchall()
        code, said = place.manage("restore", backup, "--replace", place.name)
    assert code == 1
    assert "er i brug" in said
    assert list(tmp_path.glob("fresh.sqlite3.*")) == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own companions")
def test_a_log_of_another_file_is_not_played_into_the_restored_one(
    backup: Path, place: Place, tmp_path: Path
):
    left = tmp_path / "fresh.sqlite3-wal"
    left.write_bytes(b"of another database")
    code, said = place.manage("restore", backup)
    assert code == 1
    assert f"{left} ligger her endnu" in said
    assert {path.name for path in tmp_path.glob("fresh.sqlite3*")} == {left.name}


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
