"""Restoring a backup into a fresh database, and over one with something in it."""

import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import psycopg
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

from core.backups import manifest
from reports.models import EditionFile
from tests.concurrency.backup.steps import DUMP, Place, found_in
from tests.core.reading import form_with
from tests.factories import PASSWORD
from tests.promises import Measured

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


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
