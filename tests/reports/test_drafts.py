"""A month's draft in every format."""

import io
import re
import zipfile
from typing import Any

import openpyxl
import pytest
from django.test import Client

from principles.models import Programme
from reports.models import EditionFile
from tests.core.reading import html_of, text_of

PAGE = "/statusopgoerelser/2026-02/"
FILE = "/statusopgoerelser/2026-02.{}"
MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}
CHEAP = [PAGE, *(FILE.format(ending) for ending in MEDIA_TYPES)]
ALL = [*CHEAP, FILE.format("pdf")]


def asked(client: Client, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200
    return response


def words(response: Any) -> str:
    """Everything a document says."""
    kind = response["Content-Type"]
    if kind == MEDIA_TYPES["docx"]:
        with zipfile.ZipFile(io.BytesIO(response.content)) as file:
            parts = [name for name in file.namelist() if re.match(r"word/\w+\.xml$", name)]
            return "\n".join(text_of(file.read(name).decode()) for name in sorted(parts))
    if kind == MEDIA_TYPES["xlsx"]:
        sheets = openpyxl.load_workbook(io.BytesIO(response.content))
        cells = [cell for sheet in sheets for row in sheet.iter_rows() for cell in row]
        return "\n".join([*(sheet.oddFooter.left.text for sheet in sheets), *map(value_of, cells)])
    if kind == MEDIA_TYPES["csv"]:
        return str(response.content.decode("utf-8-sig"))
    page = re.sub(r'<span class="date">(.*?)</span>', r"\1", html_of(response))
    found = re.search(r'(?s)<article class="report".*?</article>', page)
    assert found
    return text_of(found[0])


def value_of(cell: Any) -> str:
    return str(cell.value)


# The files


@pytest.mark.parametrize("ending", MEDIA_TYPES)
def test_a_file_has_a_good_name(group_client: Client, programme: Programme, ending: str):
    response = asked(group_client, FILE.format(ending))
    name = f"Status udviklingsprogram 2026-02, kladde.{ending}"
    quoted = name.replace(" ", "%20").replace(",", "%2C")
    assert response["Content-Type"] == MEDIA_TYPES[ending]
    assert response["Cache-Control"] == "private"
    assert response["Content-Disposition"] == (
        f"attachment; filename=\"{name}\"; filename*=utf-8''{quoted}"
    )


@pytest.mark.parametrize("address", CHEAP)
def test_every_format_says_that_it_is_a_draft(
    group_client: Client, programme: Programme, address: str
):
    said = words(asked(group_client, address))
    assert "Kladde, opgjort den 26. februar 2026. Kan stadig ændre sig." in said


@pytest.mark.parametrize("ending", MEDIA_TYPES)
def test_the_file_is_the_same_each_time(group_client: Client, programme: Programme, ending: str):
    first, second = (asked(group_client, FILE.format(ending)) for _ in range(2))
    assert first.content == second.content


def test_nothing_is_stored(group_client: Client, programme: Programme):
    for address in CHEAP:
        asked(group_client, address)
    assert not EditionFile.objects.exists()


@pytest.mark.parametrize("ending", ["json", "exe", "PDF", "csv.", "docx/"])
def test_what_is_no_format_of_a_draft_is_not_there(group_client: Client, ending: str):
    assert group_client.get(FILE.format(ending)).status_code == 404


# Who


@pytest.mark.parametrize("address", ALL)
def test_who_may_not_see_the_plan_is_refused(
    reader_client: Client, stranger_client: Client, client: Client, address: str
):
    assert reader_client.get(address).status_code == 403
    assert stranger_client.get(address).status_code == 404
    assert client.get(address).status_code == 302


def test_another_programme_has_its_own(other_secretariat_client: Client):
    for address in CHEAP:
        said = words(asked(other_secretariat_client, f"/program/andet-program{address}"))
        assert "Det andet programs initiativ" in said
        assert "Leverandørliste" not in said
        theirs = f"/program/udviklingsprogrammet{address}"
        assert other_secretariat_client.get(theirs).status_code == 404
