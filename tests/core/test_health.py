"""/healthz and /readyz answer machines without a login, a host name or a redirect."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import OperationalError, ProgrammingError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from core import health
from tests.protection import as_owner

ADDRESSES = [health.ALIVE, health.READY]


@pytest.fixture
def machine() -> Client:
    """A client that asks by IP address over plain http, and gets an answer on any failure."""
    return Client(raise_request_exception=False, headers={"host": "10.0.0.7:8001"})


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
@override_settings(SECURE_SSL_REDIRECT=True)
def test_a_machine_is_answered_without_login_host_or_redirect(machine: Client, address: str):
    response = machine.get(address)
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Cache-Control"] == "no-store"
    assert response.cookies == {}


@override_settings(SECURE_SSL_REDIRECT=True)
def test_other_pages_are_redirected_and_know_their_host(machine: Client):
    assert machine.get("/konto/log-ind/").status_code == 400
    assert Client().get("/konto/log-ind/").status_code == 301


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_the_answer_has_the_headers_of_every_answer(machine: Client, address: str):
    response = machine.get(address)
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Request-ID"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_head_is_answered_and_nothing_else(machine: Client, address: str):
    assert machine.head(address).status_code == 200
    refused = machine.post(address)
    assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD")
    assert refused.content.decode() == "Brug GET eller HEAD.\n"
    for method in ("put", "delete", "options", "trace"):
        assert getattr(machine, method)(address).status_code == 405


@pytest.mark.parametrize("address", ["/healthz/", "/readyz/", "/readyzz", "/program/x/healthz"])
def test_no_other_address_is_answered(client: Client, db: None, address: str):
    assert client.get(address).status_code in (302, 404)


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "queries"), [(health.ALIVE, 0), (health.READY, 1)])
def test_a_health_check_takes_few_queries(machine: Client, address: str, queries: int):
    machine.get(address)
    with CaptureQueriesContext(connection) as counted:
        machine.get(address)
    assert len(counted) == queries


def test_healthz_asks_no_database(machine: Client):
    # Without the mark `django_db` a query would raise.
    assert machine.get(health.ALIVE).status_code == 200


@pytest.mark.django_db
def test_a_missing_migration_is_not_ready(machine: Client):
    app, name = max(health.newest_migrations())
    with as_owner():
        MigrationRecorder.Migration.objects.filter(app=app, name=name).delete()
    response = machine.get(health.READY)
    assert response.status_code == 503
    assert response.content.decode() == "Databasen er ikke migreret: kør manage.py migrate.\n"
    assert machine.get(health.ALIVE).status_code == 200


@pytest.mark.django_db
def test_a_database_ahead_of_the_code_is_ready(machine: Client):
    with as_owner():
        MigrationRecorder(connection).record_applied("core", "9999_of_the_next_version")
    assert machine.get(health.READY).status_code == 200


@pytest.mark.django_db
def test_a_database_without_tables_is_not_ready(machine: Client):
    def refuse(*args: object) -> None:
        raise ProgrammingError('relation "django_migrations" does not exist')

    with connection.execute_wrapper(refuse):
        response = machine.get(health.READY)
    assert response.status_code == 503
    assert response.content.decode() == "Databasen er ikke migreret: kør manage.py migrate.\n"


def missing_at(database_url: str) -> str:
    """Return what is missing in a database according to a separate process."""
    asked = (
        "import django; django.setup(); from core import health; print(health.what_is_missing())"
    )
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "rammeaftale.settings",
        "DEBUG": "1",
        "SECRET_KEY": "test",
        "DATABASE_URL": database_url,
    }
    process = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return process.stdout.strip()


def test_an_empty_database_is_not_migrated(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/empty.sqlite3"
    if "TEST_DATABASE_URL" in os.environ:
        # The cluster's own database, in which nobody has made a table.
        url = urlsplit(os.environ["TEST_DATABASE_URL"])._replace(path="/postgres").geturl()
    assert missing_at(url) == "Databasen er ikke migreret: kør manage.py migrate."


def test_a_database_that_cannot_be_opened_does_not_answer(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/no-such-folder/portal.sqlite3"
    if "TEST_DATABASE_URL" in os.environ:
        url = f"postgres://nobody@/nothing?host={tmp_path}"
    assert missing_at(url) == "Databasen svarer ikke."


@pytest.mark.django_db
def test_a_dead_database_is_reported_without_a_secret(machine: Client):
    def refuse(*args: object) -> None:
        raise OperationalError("connection to 10.0.0.9 failed for user portal, password=hemmelig")

    with connection.execute_wrapper(refuse):
        response = machine.get(health.READY)
        alive = machine.get(health.ALIVE)
    assert (response.status_code, alive.status_code) == (503, 200)
    assert response.content.decode() == "Databasen svarer ikke.\n"


@pytest.mark.django_db
def test_static_files_that_nobody_collected_are_not_ready(
    machine: Client, settings: Any, tmp_path: Path
):
    manifest = "whitenoise.storage.CompressedManifestStaticFilesStorage"

    def start_anew() -> None:
        # A starting process does the same: the setting's signal resets the storage.
        settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": manifest}}

    settings.STATIC_ROOT = tmp_path
    start_anew()
    response = machine.get(health.READY)
    assert response.status_code == 503
    assert "collectstatic" in response.content.decode()
    (tmp_path / "staticfiles.json").write_text('{"version": "1.1", "paths": {"a.css": "a.1.css"}}')
    start_anew()
    assert machine.get(health.READY).status_code == 200
