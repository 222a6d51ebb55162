"""kill -9 in the middle of locking and of rendering, fifty times: never half an edition.

Real processes on the test database itself. Afterwards every edition is whole, its files are
complete or missing (never partial), and one more attempt completes them. Then: a disk that is
full, and a renderer that is killed.
"""

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from core import clock, danish
from principles.models import ActionArea, Programme
from reports.editions import files, rendering
from reports.models import Edition, EditionFile, EditionRendering, StatusReport
from tests.concurrency.conftest import QUICK_PDF, database_url
from tests.core.reading import form_to, form_with, text_of
from tests.draws import draws
from tests.factories import (
    make_initiative,
)
from tests.reports.editions.steps import CORRECTION, FORMATS, LOCKED_AT, lock, path_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

KILLS = draws(25, 10)
# Then it is the test that is wrong.
MOST_KILLS = 500
# Seconds before the first kill.
FIRST = 2.0


class Victims:
    """A process with children to be killed."""

    def __init__(self, programme: Programme, pythonpath: Path) -> None:
        names = ("PATH", "HOME", "LANG", "TMPDIR")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.concurrency.killed_worker", programme.key],
            cwd=settings.BASE_DIR,
            env={
                **{name: os.environ[name] for name in names if name in os.environ},
                "DJANGO_SETTINGS_MODULE": "tests.settings",
                "TEST_DATABASE_URL": database_url(),
                "QUICK_PDF": str(pythonpath),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def kill_while(self, act: str, seconds: float) -> None:
        """Let a child do it for so long, then kill it."""
        assert self.process.stdin
        self.process.stdin.write(f"{act}\n")
        self.process.stdin.flush()
        child = int(self._heard())
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        assert self._heard() == "dead"

    def _heard(self) -> str:
        assert self.process.stdout
        line = self.process.stdout.readline().strip()
        assert line, "The process ended by itself."
        return line

    def end(self) -> None:
        self.process.communicate(timeout=30)


@pytest.fixture
def victims(small: Programme, quick_pdf: Path) -> Iterator[Victims]:
    found = Victims(small, quick_pdf)
    yield found
    found.end()


def whole(edition: Edition) -> bool:
    """Whether the row is what a finished locking leaves."""
    document = edition.plan()
    return (
        hashlib.sha256(edition.document.encode()).hexdigest() == edition.sha256
        and len(list(document.initiatives())) == 2
        and edition.schema == document.schema
        and (edition.number == 1) == (edition.correction == "")
    )


def partial_files() -> list[str]:
    """Stored files that are not what their sums and sizes say, or that end early."""
    # The quick renderer's PDF ends as its HTML does. The last line break of a file is no matter.
    ends = {"pdf": (b"</html>", b"%%EOF"), "html": (b"</html>",), "json": (b"}",)}
    return [
        f"{file.edition}: {file.format}"
        for file in EditionFile.objects.select_related("edition__report__programme")
        for content in [bytes(file.content)]
        if hashlib.sha256(content).hexdigest() != file.sha256
        or len(content) != file.size
        or not content.strip(b"\n ").endswith(ends.get(file.format, (b"",)))
        or (file.format == "csv" and not content.endswith(b"\n"))
        or (file.format in ("docx", "xlsx") and b"PK\x05\x06" not in content[-200:])
    ]


def verify() -> tuple[int, str]:
    out, code = StringIO(), 0
    try:
        call_command("verify_editions", stdout=out, no_color=True)
    except SystemExit as error:
        code = int(error.code or 0)
    return code, out.getvalue().strip()


def complete(edition: Edition) -> None:
    """One more attempt, as *Prøv igen* makes it when the claim of the dead has run out."""
    EditionRendering.objects.filter(edition=edition).update(free_from=timezone.now())
    known = Edition.objects.select_related("report__programme", "compared_with__report")
    assert rendering.ask_again(known.get(pk=edition.pk), clock.now())


def kill_often(
    victims: Victims, act: str, kills: int, *, repeats: float, seed: int, enough: Callable[[], bool]
) -> None:
    """Kill it so often, somewhere in its first `repeats` times, and on until it is `enough`.

    How long once takes is seen first, and again after every kill: a machine may be busy now and
    idle the next second.
    """
    chance = random.Random(seed)
    spent, killed = 0.0, 0
    seconds = FIRST
    while killed < kills or not enough():
        assert killed < MOST_KILLS, "What the kills were to hit was never hit."
        victims.kill_while(act, seconds)
        spent, killed = spent + seconds, killed + 1
        once = spent / max(1, Edition.objects.count())
        seconds = chance.uniform(0.0, repeats * once)


def test_killed_while_locking(victims: Victims, small: Programme):
    def enough() -> bool:
        return Edition.objects.count() > KILLS / 2

    kill_often(victims, "freeze", KILLS, repeats=5, seed=1, enough=enough)
    editions = list(Edition.objects.order_by("number"))
    # Some were killed before their first edition or in the middle of one; all is a whole number.
    assert [edition.number for edition in editions] == list(range(1, len(editions) + 1))
    assert [edition for edition in editions if not whole(edition)] == []
    assert StatusReport.objects.filter(programme=small).count() == 1
    # Nobody holds a lock of the dead, and the next edition is the next.
    assert lock(small, correction=CORRECTION, with_files=False).number == len(editions) + 1


@pytest.mark.pdf
@pytest.mark.skipif(connection.vendor != "sqlite", reason="a minute; the quick one runs on both")
def test_killed_while_the_real_renderer_works(small: Programme, tmp_path: Path):
    victims = Victims(small, tmp_path)  # nothing stands in WeasyPrint's way
    try:
        killed_while_rendering(victims, draws(10, 3))
    finally:
        victims.end()
    pdfs = [bytes(file.content) for file in EditionFile.objects.filter(format="pdf")]
    assert [content for content in pdfs if b"startxref" not in content] == []


def test_killed_while_rendering(victims: Victims):
    killed_while_rendering(victims, KILLS)


def killed_while_rendering(victims: Victims, kills: int) -> None:
    """Kill it so often; nothing is half, and what is missing is made."""

    def enough() -> bool:
        return Edition.objects.filter(files=None).count() >= kills / 5

    kill_often(victims, "render", kills, repeats=1.5, seed=2, enough=enough)
    editions = list(Edition.objects.order_by("number"))
    assert [edition for edition in editions if not whole(edition)] == []
    assert partial_files() == []
    held = [edition.files.count() for edition in editions]
    # The quick ones are stored together, and the PDF after them.
    assert set(held) <= {0, len(files.FORMATS) - 1, len(files.FORMATS)}
    before = list(EditionFile.objects.order_by("id").values("id", "sha256"))
    assert verify()[0] == 1
    for edition in editions:
        complete(edition)
    assert list(EditionFile.objects.order_by("id").values("id", "sha256"))[: len(before)] == before
    assert partial_files() == []
    number = len(editions)
    checked = danish.count(number, "udgave", "udgaver")
    held_now = danish.count(6 * number, "fil", "filer")
    assert verify() == (0, f"Alt stemmer: {checked}, {held_now}.")


def test_stored_one_by_one_some_are_missing(victims: Victims, small: Programme):
    """The control: it is killed while files are stored, and that can be seen."""

    def some_are_missing() -> bool:
        held = {edition.files.count() for edition in Edition.objects.all()}
        return bool(held & {1, 2, 3, 4, 5})

    kill_often(victims, "render one by one", KILLS // 2, repeats=2, seed=3, enough=some_are_missing)
    assert some_are_missing()


# A disk that is full


@pytest.fixture
def full_disk() -> Iterator[Any]:
    """`full_disk(pages)`: the database may grow by so many pages and no more."""

    def fill(pages: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (now,) = cursor.execute("PRAGMA page_count").fetchone()
            (free,) = cursor.execute("PRAGMA freelist_count").fetchone()
            # Free pages are used first: they are taken away.
            if free:
                cursor.execute("VACUUM")
                (now,) = cursor.execute("PRAGMA page_count").fetchone()
            cursor.execute(f"PRAGMA max_page_count = {now + pages}")

    def empty() -> None:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")

    fill.empty = empty  # type: ignore[attr-defined]
    yield fill
    empty()


sqlite_only = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own setting")


@sqlite_only
@pytest.mark.parametrize("pages", [0, 2, 8])
def test_a_full_disk_while_files_are_stored(
    small: Programme, quick_pdf: Path, full_disk: Any, pages: int
):
    first = lock(small, with_files=True)
    edition = lock(small, correction=CORRECTION, with_files=False)
    before = list(EditionFile.objects.order_by("id").values())
    full_disk(pages)
    assert rendering.make(edition, LOCKED_AT) is False
    assert not edition.files.exists()
    assert list(files.differences(first)) == []
    assert list(EditionFile.objects.order_by("id").values()) == before
    full_disk.empty()
    complete(edition)
    assert verify() == (0, "Alt stemmer: 2 udgaver, 12 filer.")


@sqlite_only
def test_a_full_disk_while_locking(small: Programme, full_disk: Any):
    lock(small, with_files=None)
    before = list(Edition.objects.values()), list(EditionFile.objects.order_by("id").values())
    write_much(small)
    full_disk(0)
    with pytest.raises(OperationalError, match="full"):
        lock(small, correction=CORRECTION, with_files=False)
    assert before == (
        list(Edition.objects.values()),
        list(EditionFile.objects.order_by("id").values()),
    )
    full_disk.empty()
    assert lock(small, correction=CORRECTION, with_files=None).number == 2
    assert verify() == (0, "Alt stemmer: 2 udgaver, 12 filer.")


def write_much(programme: Programme) -> None:
    """A document that no free corner of a page has room for."""
    area = ActionArea.objects.get(principle__programme=programme)
    for number in range(20):
        make_initiative(area, report_text=f"{number} " + "Tekst. " * 250)


@sqlite_only
def test_a_full_disk_is_told_on_the_page(
    programme: Programme, secretariat_client: Client, quick_pdf: Path, full_disk: Any
):
    """The edition fits, its files do not: a sentence, and *Prøv igen* when there is room."""
    edition = lock(programme, with_files=False)
    secretariat_client.get(path_of(edition))  # the session is there
    full_disk(2)
    page = secretariat_client.post(path_of(edition, "/dan-filer/"), follow=True)
    assert page.status_code == 200
    assert "Nogle af filerne kunne ikke dannes. De øvrige er uændrede." in text_of(page)
    assert not edition.files.exists()
    full_disk.empty()
    page = secretariat_client.get(path_of(edition))
    assert "Nogle af filerne kunne ikke dannes." in text_of(page)
    again = form_to(page, path_of(edition, "/dan-filer/"))
    page = secretariat_client.post(again.action, again.data, follow=True)
    assert "Prøv igen" not in text_of(page)
    assert set(edition.files.values_list("format", flat=True)) == set(FORMATS)
    assert list(files.differences(edition)) == []


@sqlite_only
def test_a_full_disk_while_locking_is_told_in_danish(
    programme: Programme, secretariat_client: Client, full_disk: Any
):
    """Nothing is locked; the page says so in Danish and the form can be sent again."""
    path = "/statusopgoerelser/2026-02/laas/"
    form = form_with(secretariat_client.get(path), "basis")
    full_disk(0)
    secretariat_client.raise_request_exception = False
    page = secretariat_client.post(path, form.data)
    assert page.status_code in (500, 503)
    assert "Prøv igen" in text_of(page)
    assert not Edition.objects.exists()
    full_disk.empty()
    assert secretariat_client.post(path, form.data).status_code == 302
    assert Edition.objects.count() == 1


# A renderer that is killed


def test_the_pdf_process_is_killed_half_way(
    programme: Programme, secretariat_client: Client, quick_pdf: Path
):
    """From outside, as an administrator or the kernel does: five files, a sentence, a retry."""
    init = quick_pdf / "weasyprint" / "__init__.py"
    half = "import os\nos.write(1, b'%PDF-1.7 half')\nos.kill(os.getpid(), 9)\n"
    init.write_text(half + QUICK_PDF)
    path = "/statusopgoerelser/2026-02/laas/"
    form = form_with(secretariat_client.get(path), "basis")
    page = secretariat_client.post(path, form.data, follow=True)
    assert "er låst, men nogle af filerne kunne ikke dannes." in text_of(page)
    edition = Edition.objects.get()
    assert set(edition.files.values_list("format", flat=True)) == set(FORMATS) - {"pdf"}
    assert EditionRendering.objects.get(edition=edition).failed_at
    before = list(edition.files.order_by("id").values())
    init.write_text(QUICK_PDF)
    secretariat_client.post(path_of(edition, "/dan-filer/"))
    assert list(edition.files.order_by("id").values())[:5] == before
    assert verify() == (0, "Alt stemmer: 1 udgave, 6 filer.")
