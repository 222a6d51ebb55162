"""`manage.py render_report`: the report as a file, without a browser."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from principles.models import Programme
from tests.conftest import OtherProgramme


def render(*arguments: object) -> str:
    output = StringIO()
    call_command("render_report", *map(str, arguments), stdout=output)
    return output.getvalue()


def test_html(programme: Programme, tmp_path: Path):
    output = tmp_path / "report.html"
    printed = render("2026-02", "--format", "html", "--output", output)
    html = output.read_text("utf-8")
    assert "Status på udviklingsprogrammets initiativer" in html
    assert printed == f"{output}: {output.stat().st_size} byte\n"


@pytest.mark.django_db(transaction=True)
@pytest.mark.pdf
@pytest.mark.slow
def test_pdf(programme: Programme, tmp_path: Path):
    output = tmp_path / "report.pdf"
    render("2026-02", "--format", "pdf", "--output", output)
    assert output.read_bytes().startswith(b"%PDF-1.7")


def test_another_programme(other_programme: OtherProgramme, tmp_path: Path):
    output = tmp_path / "report.html"
    month = f"{other_programme.programme.reporting_month:%Y-%m}"
    render(month, "--format", "html", "--output", output, "--programme", "andet-program")
    assert "Det andet programs initiativ" in output.read_text("utf-8")


@pytest.mark.parametrize(
    ("month", "sentence"),
    [
        ("2026-13", "»2026-13« er ikke en måned. Skriv år og måned, fx 2026-02."),
        ("2026-03", "Der er ingen statusopgørelse for marts 2026."),
    ],
)
def test_a_month_without_a_report(programme: Programme, tmp_path: Path, month: str, sentence: str):
    with pytest.raises(CommandError, match=sentence):
        render(month, "--output", tmp_path / "report.pdf")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_programme(programme: Programme, tmp_path: Path):
    with pytest.raises(CommandError, match="Programmet »nej« findes ikke"):
        render("2026-02", "--output", tmp_path / "report.pdf", "--programme", "nej")


def test_a_folder_that_is_not_there(programme: Programme, tmp_path: Path):
    with pytest.raises(CommandError, match="kunne ikke skrives"):
        render("2026-02", "--format", "html", "--output", tmp_path / "nothing" / "report.html")
