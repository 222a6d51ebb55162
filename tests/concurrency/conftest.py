"""What the tests of killed processes and of stored jobs ask for."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from principles.models import Programme
from reports.formats import pdf
from tests.factories import (
    make_action,
    make_area,
    make_deadline,
    make_initiative,
    make_principle,
    make_programme,
)

# A renderer in the way of the real one, which takes a second to be loaded: its process is real.
QUICK_PDF = """
import time
from xml.etree.ElementTree import Element
class HTML:
    etree_element = Element("html")
    def __init__(self, string, **options): self.string = string
    def write_pdf(self, **options):
        time.sleep(0.02)
        return b"%PDF-1.7 " + self.string.encode()
class Attachment:
    def __init__(self, **options): pass
"""
QUICK_URLS = """
class URLFetcher:
    def __init__(self, **options): pass
class URLFetcherResponse: pass
"""


@pytest.fixture
def small(transactional_db: None) -> Programme:
    """A programme that is locked in a few milliseconds."""
    programme = make_programme()
    area = make_area(make_principle(programme))
    for _ in range(2):
        initiative = make_initiative(area, status="on_track", report_text="Tekst.")
        make_deadline(initiative, action=make_action(initiative))
    return programme


@pytest.fixture
def quick_pdf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the quick renderer; this process uses it too."""
    package = tmp_path / "weasyprint"
    package.mkdir()
    (package / "__init__.py").write_text(QUICK_PDF)
    (package / "urls.py").write_text(QUICK_URLS)
    real = pdf.worker_environment()
    monkeypatch.setattr(pdf, "worker_environment", lambda: {**real, "PYTHONPATH": str(tmp_path)})
    return tmp_path


def database_url() -> str:
    """The address of the test database, for another process: a web server."""
    values: dict[str, Any] = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    role = settings.DATABASE_WEB_ROLE
    return f"postgres://{role}@{quote(values['HOST'], safe='')}/{values['NAME']}"
