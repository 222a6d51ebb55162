"""One PDF at a time in an instance: whose turn it is, and how long anybody waits for it."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from reports.editions import draft_views
from reports.formats import pdf
from reports.formats.pdf import PATIENCE, PdfError, PdfTookTooLong, render_pdf
from tests.concurrency.conftest import QUICK_URLS
from tests.core.reading import html_of, text_of
from tests.pdf.test_render_pdf import fake_weasyprint

pytestmark = [pytest.mark.slow]

PAGE = "<!doctype html><html lang=da><title>T</title><h1>Æblegrød</h1>"
DRAFT = "/statusopgoerelser/2026-02.pdf"
# Draws nothing, in a second; says when it began and when it ended.
SLOW = """
import time
from xml.etree.ElementTree import Element
class HTML:
    etree_element = Element("html")
    def __init__(self, **options): pass
    def write_pdf(self, **options):
        with open({log!r}, "a") as log: log.write("begun\\n")
        time.sleep({seconds})
        with open({log!r}, "a") as log: log.write("ended\\n")
        return b"%PDF-1.7"
class Attachment: pass
"""


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """What is written by the PDFs that are made, each of which takes a second."""
    log = tmp_path / "log"
    fake_weasyprint(monkeypatch, tmp_path, SLOW.format(log=str(log), seconds=1))
    (tmp_path / "weasyprint" / "urls.py").write_text(QUICK_URLS)
    return log


@contextmanager
def somebody_renders(lock: Path) -> Iterator[None]:
    """The lock in the hands of another process."""
    code = f"import fcntl, sys; f = open({str(lock)!r}, 'a'); fcntl.flock(f, 2); print(); input()"
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout
    process.stdout.readline()
    try:
        yield
    finally:
        process.communicate(b"\n", timeout=30)


def render_side_by_side() -> None:
    threads = [threading.Thread(target=render_pdf, args=(PAGE,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


def test_those_of_one_instance_go_one_at_a_time(slow: Path):
    render_side_by_side()
    assert slow.read_text().split() == ["begun", "ended"] * 3


def test_without_the_lock_they_do_not(slow: Path, monkeypatch: pytest.MonkeyPatch):
    """The control."""
    monkeypatch.setattr(pdf, "one_at_a_time", lambda ends: nullcontext())
    render_side_by_side()
    assert slow.read_text().split() != ["begun", "ended"] * 3


def test_two_instances_do_not_wait_for_each_other(slow: Path, settings: Any, tmp_path: Path):
    with somebody_renders(settings.PDF_LOCK):
        with pytest.raises(PdfTookTooLong):
            render_pdf(PAGE, patience=0.2)
        settings.PDF_LOCK = tmp_path / "another-instance" / "pdf.lock"
        assert render_pdf(PAGE, patience=10) == b"%PDF-1.7"


def test_a_lock_that_cannot_be_made_keeps_nobody_from_a_pdf(
    slow: Path, settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    (tmp_path / "file").write_text("")
    settings.PDF_LOCK = tmp_path / "file" / "pdf.lock"
    assert render_pdf(PAGE) == b"%PDF-1.7"
    assert "cannot be locked" in caplog.text


def test_the_making_is_part_of_the_patience(slow: Path):
    """Its turn has come at once, and it is given up all the same."""
    with pytest.raises(PdfTookTooLong, match=r"more than 0\.\d+ seconds"):
        render_pdf(PAGE, patience=0.5)


def test_a_page_that_takes_its_own_limit_is_a_failure(slow: Path):
    """Nobody is told to wait for what will never be there."""
    with pytest.raises(PdfError) as refused:
        render_pdf(PAGE, seconds=0.2)
    assert not isinstance(refused.value, PdfTookTooLong)


def test_the_patience_is_below_that_of_a_web_server():
    """gunicorn ends a request after 30 seconds unless it is told otherwise."""
    assert PATIENCE <= 25


@pytest.mark.django_db(transaction=True)
@pytest.mark.promise(17)
def test_a_draft_whose_turn_does_not_come_says_so(
    group_client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(draft_views, "PATIENCE", 0.2)
    with somebody_renders(settings.PDF_LOCK):
        page = group_client.get(DRAFT, {"pr": "2026-02-26"})
    assert page.status_code == 503
    assert page["Retry-After"] == "30"
    text = text_of(page)
    assert "PDF'en blev ikke færdig i tide" in text
    assert "Serveren har travlt lige nu. Vent et øjeblik, og prøv igen." in text
    assert "Statusopgørelsen kan læses og udskrives som side." in text
    assert f'href="{DRAFT}?pr=2026-02-26"' in html_of(page)
    assert 'id="hovedmenu"' in html_of(page)  # the portal's own page, with its menu
