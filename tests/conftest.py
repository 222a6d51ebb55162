"""What every test may ask for. The real programme and the demo layer are always there.

They are loaded once per run; each test's changes are rolled back. After a test that commits, the
tables become what they were when the run began.
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, NamedTuple

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management.commands import flush
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import settings as hypothesis_settings
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from accounts import outbox
from accounts.models import User
from accounts.permissions import Role
from core.clock import COPENHAGEN
from initiatives.loading.demo import load_demo
from initiatives.loading.programme_file import load_programme
from initiatives.models import Initiative
from principles.models import ActionArea, Programme
from reports.editions import draft_views, rendering
from reports.formats import pdf
from tests.factories import (
    PASSWORD,
    make_area,
    make_initiative,
    make_membership,
    make_principle,
    make_programme,
    make_user,
)
from tests.promises import note_promises, promise  # noqa: F401  # a fixture for every test
from tests.protection import AsItBegan, everyone_is_the_web
from tests.query_counts import query_count

FIXTURES = settings.BASE_DIR / "fixtures"
DEMO_LOADED_AT = datetime(2026, 2, 26, 9, tzinfo=COPENHAGEN)

hypothesis_settings.register_profile("dev", deadline=None)
hypothesis_settings.register_profile("ci", deadline=None, derandomize=True, database=None)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what means nothing on the run's database: on SQLite the tests that are marked
    `postgres`, on PostgreSQL those that use no database."""
    note_promises(items)
    on_postgresql = "postgresql" in settings.DATABASES["default"]["ENGINE"]
    left_out = [
        item
        for item in items
        if (not uses_the_database(item) if on_postgresql else item.get_closest_marker("postgres"))
    ]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        kept = set(items) - set(left_out)
        items[:] = [item for item in items if item in kept]


def uses_the_database(item: pytest.Item) -> bool:
    """Whether a test reads or writes the test database."""
    fixtures = set(getattr(item, "fixturenames", ()))
    marked = item.get_closest_marker("django_db") or item.get_closest_marker("postgres")
    return bool(marked or {"db", "transactional_db", "live_server"} & fixtures)


# The database

flush.Command = AsItBegan  # type: ignore[misc]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database with the real programme and the demo layer in it, loaded by its owner."""
    with django_db_blocker.unblock():
        load_programme(FIXTURES / "programme.json")
        programme = Programme.objects.get()
        load_demo(FIXTURES / "demo.json", programme, PASSWORD, DEMO_LOADED_AT)
        AsItBegan.keep()
        with everyone_is_the_web():
            yield


def _commits(request: pytest.FixtureRequest) -> bool:
    """Whether the test commits what it writes; others sit in a transaction that is rolled back."""
    marker = request.node.get_closest_marker("django_db")
    transactional = {"transactional_db", "live_server"} & set(request.fixturenames)
    return bool(transactional or (marker and marker.kwargs.get("transaction")))


def _refuse_processes_in_a_transaction(event: str, arguments: tuple[object, ...]) -> None:
    """Audit hook: who waits for a process holds no transaction meanwhile, a test's or the portal's.

    Raises AssertionError at the place that starts the process.
    """
    if event in {"subprocess.Popen", "os.posix_spawn", "os.fork"} and connection.in_atomic_block:
        raise AssertionError(f"A process is started inside a transaction: {arguments[:2]}")


sys.addaudithook(_refuse_processes_in_a_transaction)


@pytest.fixture(autouse=True)
def _pdfs_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody at a browser waits: on a busy machine a PDF takes as long as it takes."""
    for module in (draft_views, rendering):
        monkeypatch.setattr(module, "PATIENCE", 300.0)


@pytest.fixture(autouse=True)
def _pdf_without_a_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that sits in a transaction gets PDFs that only hold their HTML.

    Whoever looks at a PDF asks for `transactional_db`, and gets the real renderer.
    """
    if uses_the_database(request.node) and not _commits(request):
        monkeypatch.setattr(pdf, "_render", lambda html, *_: b"%PDF-1.7\n" + html.encode())


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """What one test has cached never meets the next."""
    cache.clear()


@pytest.fixture(autouse=True)
def _outbox_is_quiet() -> Iterator[None]:
    """No thread of a test that commits sends mail into the next one."""
    yield
    outbox.SENDER.wait()


@pytest.fixture
def query_counts() -> Callable[[str], AbstractContextManager[CaptureQueriesContext]]:
    """`with query_counts("status-table-14"):` holds the block to its committed baseline."""
    return query_count


# The programme and the personas

PROGRAMME_KEY = "udviklingsprogrammet"


@pytest.fixture
def programme(db: None) -> Programme:
    """The real programme with the demo layer, as of 26 February 2026."""
    found: Programme = Programme.objects.get(key=PROGRAMME_KEY)
    return found


def _member(role: Role) -> User:
    user: User = User.objects.get(memberships__programme__key=PROGRAMME_KEY, memberships__role=role)
    return user


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def secretariat(programme: Programme) -> User:
    """Anna: edits the real programme."""
    return _member(Role.SECRETARIAT)


@pytest.fixture
def group(programme: Programme) -> User:
    """Bo of Implementeringsgruppen: sees the live plan."""
    return _member(Role.GROUP)


@pytest.fixture
def reader(programme: Programme) -> User:
    """Clara of Direktør- og chefforum: sees approved editions only."""
    return _member(Role.READER)


@pytest.fixture
def stranger(programme: Programme) -> User:
    """Signed in, and a member of nothing."""
    return make_user("Fremmed")


@pytest.fixture
def secretariat_client(secretariat: User) -> Client:
    return _signed_in(secretariat)


@pytest.fixture
def group_client(group: User) -> Client:
    return _signed_in(group)


@pytest.fixture
def reader_client(reader: User) -> Client:
    return _signed_in(reader)


@pytest.fixture
def stranger_client(stranger: User) -> Client:
    return _signed_in(stranger)


class OtherProgramme(NamedTuple):
    """A second programme, whose rows nobody of the first may see."""

    programme: Programme
    area: ActionArea
    initiative: Initiative
    secretariat: User


@pytest.fixture
def other_programme(programme: Programme) -> OtherProgramme:
    """ "Andet program": one area with one initiative, and a secretariat of its own."""
    other = make_programme("Andet program", key="andet-program")
    area = make_area(make_principle(other), title="Vi er et andet program")
    initiative = make_initiative(area, title="Det andet programs initiativ")
    user = make_user("Dorte Anden")
    make_membership(user, other, Role.SECRETARIAT)
    return OtherProgramme(other, area, initiative, user)


@pytest.fixture
def other_secretariat_client(other_programme: OtherProgramme) -> Client:
    return _signed_in(other_programme.secretariat)


# The browser


@pytest.fixture(scope="session")
def base_url(django_db_setup: None, live_server: LiveServer) -> str:
    """`page.goto("/status/")` asks the test's own server."""
    return str(live_server.url)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium; as root it runs without its sandbox, which refuses root."""
    path = shutil.which("chromium")
    assert path, "Chromium is missing: sudo apt-get install chromium"
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": path, "args": arguments}
