"""The PDF as it is downloaded: the file, its name, and the page when it cannot be made."""

from pathlib import Path

import pytest
from django.test import Client

from initiatives.sources import memory
from reports.formats import pdf

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.pdf, pytest.mark.slow]

FEBRUARY = "/statusopgoerelser/2026-02.pdf"


def test_the_pdf_has_a_descriptive_name(group_client: Client):
    response = group_client.get(FEBRUARY)
    assert response.status_code == 200
    assert response.content.startswith(b"%PDF-1.7")
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "private, no-cache"
    assert response["Content-Disposition"] == (
        'inline; filename="Status udviklingsprogram 2026-02, kladde.pdf"; '
        "filename*=utf-8''Status%20udviklingsprogram%202026-02%2C%20kladde.pdf"
    )


def fail_with(monkeypatch: pytest.MonkeyPatch, folder: Path, code: str) -> None:
    """Let the PDF process find a WeasyPrint that runs `code` when imported."""
    (folder / "weasyprint").mkdir()
    (folder / "weasyprint" / "__init__.py").write_text(code)
    memory.forget()  # a PDF of the same plan may be kept from another test
    real = pdf.worker_environment()
    monkeypatch.setattr(pdf, "worker_environment", lambda: {**real, "PYTHONPATH": str(folder)})


def test_missing_libraries_give_a_clear_page(
    group_client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    fail_with(monkeypatch, tmp_path, "raise OSError(\"cannot load library 'libpango-1.0-0'\")")
    response = group_client.get(FEBRUARY)
    assert response.status_code == 503
    html = response.content.decode()
    assert "PDF&#x27;en kunne ikke dannes" in html or "PDF'en kunne ikke dannes" in html
    assert "Pango" in html
    assert 'href="/statusopgoerelser/2026-02/"' in html
    assert f'href="{FEBRUARY}"' in html
    assert group_client.get("/statusopgoerelser/2026-02/").status_code == 200


def test_the_link_on_the_failure_page_keeps_the_day(
    group_client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    fail_with(monkeypatch, tmp_path, "raise RuntimeError")
    response = group_client.get(FEBRUARY, {"pr": "2026-02-26"})
    assert response.status_code == 503
    html = response.content.decode()
    assert 'href="/statusopgoerelser/2026-02/?pr=2026-02-26"' in html
    assert f'href="{FEBRUARY}?pr=2026-02-26"' in html


def test_any_other_failure_does_not_blame_the_machine(
    group_client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    fail_with(monkeypatch, tmp_path, "raise RuntimeError")
    response = group_client.get(FEBRUARY)
    assert response.status_code == 503
    assert "Pango" not in response.content.decode()
