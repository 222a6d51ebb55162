"""The stored job that makes an edition's files: claimed once, taken up again, given up in the end.

Real processes on the test database itself, with the real renderer where a process is killed.
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from core import clock
from principles.models import ActionArea, Programme
from reports.editions import files, rendering
from reports.editions.rendering import Outcome, State
from reports.formats import pdf
from reports.models import Edition, EditionRendering
from tests.concurrency.conftest import QUICK_PDF, database_url
from tests.concurrency.crowd import Crowd
from tests.core.reading import form_with, text_of
from tests.factories import make_initiative
from tests.promises import Measured
from tests.reports.editions.steps import LOCKED_AT, lock, path_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def with_processes(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is started in the background works on the test's database, under the test's locks."""
    settings.RENDERS_IN_BACKGROUND = True
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.settings")
    monkeypatch.setenv("TEST_DATABASE_URL", database_url())
    monkeypatch.setenv("TEST_PDF_LOCK", str(settings.PDF_LOCK))


def is_there(edition: Edition) -> bool:
    return edition.files.count() == len(files.FORMATS)


def state_of(edition: Edition) -> State:
    made = edition.files.values_list("format", flat=True)
    return rendering.state_of(EditionRendering.objects.get(edition=edition), made)


def wait_until(what: Callable[[], bool]) -> None:
    limit = time.monotonic() + 120
    while not what():
        assert time.monotonic() < limit, "It has not come in two minutes."
        time.sleep(0.02)


def background_has_ended() -> bool:
    """Nobody holds the lock that the process in the background lives under."""
    try:
        with held(django_settings.PDF_LOCK.with_suffix(".jobs")):
            return True
    except BlockingIOError:
        return False


@contextmanager
def held(path: Path) -> Iterator[None]:
    """A lock in somebody else's hands. BlockingIOError when it is in them already."""
    with pdf.open_lock(path) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def children() -> list[str]:
    """Our own processes that are dead and not buried."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, fields = stat.read_text().rsplit(")", 1)
        except OSError:
            continue
        state, parent = fields.split()[:2]
        if state == "Z" and int(parent) == os.getpid():
            found.append(name)
    return found


def render_editions() -> tuple[int, str]:
    out, code = StringIO(), 0
    try:
        call_command("render_editions", stdout=out, no_color=True)
    except SystemExit as error:
        code = int(error.code or 0)
    return code, out.getvalue()


def let_claims_run_out() -> None:
    EditionRendering.objects.update(free_from=timezone.now())


# In the background


@pytest.mark.pdf
@pytest.mark.usefixtures("with_processes")
def test_a_long_edition_gets_its_files_from_a_process_of_its_own(small: Programme):
    area = ActionArea.objects.get(principle__programme=small)
    for _ in range(rendering.MAX_ROWS_WAITED_FOR):
        make_initiative(area)
    edition = lock(small, with_files=False)
    begun = time.monotonic()
    assert rendering.make(edition, clock.now(), is_new=True) is True
    assert not is_there(edition)
    assert time.monotonic() - begun < 20  # nobody has waited for the files
    assert not background_has_ended()
    rendering.start_in_background()  # one runs already: nothing happens
    wait_until(lambda: is_there(edition))
    wait_until(background_has_ended)
    assert EditionRendering.objects.get().attempts == 1
    assert list(files.differences(edition)) == []
    assert children() == []


@pytest.mark.pdf
@pytest.mark.promise(9)
@pytest.mark.usefixtures("with_processes")
@pytest.mark.parametrize("taken_up_by", ["the command", "the next request"])
def test_killed_in_the_middle_it_is_taken_up_again(
    programme: Programme, secretariat_client: Client, promise: Measured, taken_up_by: str
):
    edition = lock(programme, with_files=False)
    command = [sys.executable, "manage.py", "render_editions"]
    process = subprocess.Popen(command, cwd=django_settings.BASE_DIR)
    wait_until(lambda: state_of(edition) is State.UNDER_WAY)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(30)
    assert edition.files.count() == 0
    # While the claim of the dead lasts nobody takes it up, and the page says what it knows.
    assert rendering.attempt_job(edition, LOCKED_AT) is Outcome.LATER
    assert "Filerne dannes nu." in text_of(secretariat_client.get(path_of(edition)))
    let_claims_run_out()
    assert state_of(edition) is State.QUEUED
    if taken_up_by == "the command":
        assert render_editions()[0] == 0
    else:
        page = secretariat_client.get(path_of(edition))
        assert "Filerne er i kø og dannes om lidt." in text_of(page)
        wait_until(lambda: is_there(edition))
        wait_until(background_has_ended)
    assert EditionRendering.objects.get().attempts == 2
    assert list(files.differences(edition)) == []
    promise.figure(f"a killed rendering, taken up by {taken_up_by}", "6 of 6 files")


def test_a_request_that_is_killed_in_the_middle_leaves_a_job(small: Programme, quick_pdf: Path):
    """Short editions are made while somebody waits, and are jobs all the same."""
    edition = lock(small, with_files=False)  # the worker is killed right behind this
    assert state_of(edition) is State.QUEUED
    assert render_editions() == (
        0,
        f"{small}: udgave 1, februar\xa02026, har fået sine filer.\n",
    )
    assert list(files.differences(edition)) == []
    assert render_editions() == (0, "Ingen udgaver venter på filer.\n")


# Many at once


def attempts_of_ten(edition: Edition) -> list[Outcome]:
    outcomes: list[Outcome] = []

    def work(crowd: Crowd, number: int) -> None:
        mine = Edition.objects.select_related("report__programme").get(pk=edition.pk)
        crowd.begin()
        outcomes.append(rendering.attempt_job(mine, LOCKED_AT))

    crowd = Crowd(10)
    crowd.run(work)
    assert crowd.errors == []
    return outcomes


@pytest.mark.promise(9)
def test_ten_who_take_a_job_make_its_files_once(
    small: Programme, quick_pdf: Path, promise: Measured
):
    edition = lock(small, with_files=False)
    outcomes = attempts_of_ten(edition)
    assert sorted(outcome.name for outcome in outcomes) == ["LATER"] * 9 + ["MADE"]
    assert EditionRendering.objects.get().attempts == 1
    assert list(files.differences(edition)) == []
    promise.figure("10 takers of one rendering at once", "made once")


@pytest.mark.promise(9)
def test_without_the_claim_they_all_make_them(
    small: Programme, quick_pdf: Path, monkeypatch: pytest.MonkeyPatch, promise: Measured
):
    """The control. What is stored is stored once all the same."""
    monkeypatch.setattr(rendering, "_claim", lambda edition, duration: LOCKED_AT)
    edition = lock(small, with_files=False)
    outcomes = attempts_of_ten(edition)
    assert outcomes.count(Outcome.MADE) > 1
    assert list(files.differences(edition)) == []
    promise.control("10 takers without the claim", f"made {outcomes.count(Outcome.MADE)} times")


def test_a_claim_that_ran_out_ends_nobody_elses(small: Programme):
    edition = lock(small, with_files=False)
    first = rendering._claim(edition, timedelta(0))
    second = rendering._claim(edition, timedelta(hours=1))
    assert first
    assert second
    rendering._end(edition, first, failed_at=timezone.now())
    assert state_of(edition) is State.UNDER_WAY


# Failures


def test_a_renderer_that_always_fails_is_given_up(
    small: Programme,
    quick_pdf: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    init = quick_pdf / "weasyprint" / "__init__.py"
    init.write_text("raise RuntimeError('broken on purpose')")
    monkeypatch.setattr(rendering, "PAUSE", timedelta(0))
    edition = lock(small, with_files=False)
    for number in range(1, rendering.MAX_ATTEMPTS + 1):
        assert "are given up" not in caplog.text
        code, said = render_editions()
        assert (code, EditionRendering.objects.get().attempts) == (1, number)
        assert "mangler stadig filer. Fejlen står i loggen." in said
        assert "1 udgave mangler filer." in said.casefold()
    assert f"The files of {edition} are given up after 3 attempts." in caplog.text
    code, said = render_editions()
    assert (code, "stadig" in said, EditionRendering.objects.get().attempts) == (1, False, 3)
    job = EditionRendering.objects.get()
    assert (state_of(edition), rendering.may_be_taken(job)) == (State.FAILED, False)
    assert "broken on purpose" in job.error
    assert edition.files.count() == 5
    # A person may ask again, and then it counts from the beginning.
    init.write_text(QUICK_PDF)
    assert rendering.ask_again(edition, LOCKED_AT) is True
    assert list(files.differences(edition)) == []
    assert render_editions()[0] == 0


def test_a_job_rests_after_a_failure(small: Programme, quick_pdf: Path):
    (quick_pdf / "weasyprint" / "__init__.py").write_text("raise RuntimeError")
    edition = lock(small, with_files=False)
    assert render_editions()[0] == 1
    assert rendering.attempt_job(edition, LOCKED_AT) is Outcome.LATER
    assert state_of(edition) is State.FAILED
    assert EditionRendering.objects.get().attempts == 1


def test_a_process_that_does_not_start_is_told_in_the_log(
    small: Programme, settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any
):
    settings.RENDERS_IN_BACKGROUND = True
    monkeypatch.setenv("PATH", "/nowhere")
    edition = lock(small, with_files=False)
    rendering.start_in_background()
    assert "did not start" in caplog.text
    assert state_of(edition) is State.QUEUED


# The wait for the PDFs of others


def test_a_locked_edition_whose_turn_does_not_come_is_in_the_queue(
    small: Programme, quick_pdf: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
):
    """That others are making PDFs is no error: nothing failed, and no attempt is counted."""
    monkeypatch.setattr(rendering, "PATIENCE", 0.3)
    edition = lock(small, with_files=False)
    with held(settings.PDF_LOCK):
        assert rendering.make(edition, LOCKED_AT, is_new=True) is True
    assert set(edition.files.values_list("format", flat=True)) == {
        kind.key for kind in files.FORMATS if kind.key != "pdf"
    }
    assert (state_of(edition), EditionRendering.objects.get().attempts) == (State.QUEUED, 0)
    assert render_editions()[0] == 0
    assert list(files.differences(edition)) == []


WAYS: dict[str, Callable[[Client], object]] = {
    "a draft": lambda client: client.get("/statusopgoerelser/2026-02.pdf"),
    "a lock": lambda client: client.post(
        "/statusopgoerelser/2026-02/laas/",
        form_with(client.get("/statusopgoerelser/2026-02/laas/"), "basis").data,
    ),
    "Prøv igen": lambda client: client.post("/statusopgoerelser/2026-02/udgave-1/dan-filer/"),
    "render_editions": lambda client: call_command("render_editions", stdout=StringIO()),
    "render_report": lambda client: call_command(
        "render_report", "2026-02", "--output", os.devnull, stdout=StringIO()
    ),
    "demo_edition": lambda client: call_command("demo_edition", stdout=StringIO()),
}


@pytest.mark.parametrize("way", WAYS)
def test_no_transaction_is_open_while_a_pdf_is_made(
    programme: Programme,
    secretariat_client: Client,
    monkeypatch: pytest.MonkeyPatch,
    way: str,
):
    """PostgreSQL ends a transaction that waits for half a minute, and SQLite lets nobody write."""
    if way in ("Prøv igen", "render_editions"):
        lock(programme, with_files=False)
    seen: list[bool] = []

    def render(html: str, *rest: object) -> bytes:
        seen.append(connection.in_atomic_block)
        return b"%PDF-1.7 " + html.encode()

    monkeypatch.setattr(pdf, "_render", render)
    WAYS[way](secretariat_client)
    assert seen == [False]
