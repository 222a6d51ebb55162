"""The colours of a report are those of its document, in every format and on the portal's page."""

import dataclasses
import io
import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.test import Client
from openpyxl import load_workbook

from plan.document import PlanDocument
from plan.status import STATUS_STYLES
from reports.formats.excel import excel_file
from reports.formats.report_html import report_file, report_html
from reports.formats.word import word_file
from reports.report.colours import from_query, icon_of, style_rules, to_query
from reports.report.parts import SIGNS, Chip
from reports.report.report import make_report
from tests.core.reading import html_of
from tests.reports.report import documents

STATIC = Path(settings.BASE_DIR, "static")
CHIPS = [Chip.of(style) for style in STATUS_STYLES]
SHEET = "/statusopgoerelser/farver.css"


def recoloured() -> PlanDocument:
    """Return the plan of February as a portal with other colours would have locked it."""
    document = documents.february()
    statuses = tuple(
        dataclasses.replace(status, fill=f"#00ff0{number}", ink=f"#abcde{number}")
        for number, status in enumerate(document.statuses)
    )
    return dataclasses.replace(document, statuses=statuses)


def test_html_and_pdf_are_drawn_in_the_colours_of_the_document():
    for make in (report_html, report_file):
        html = make(make_report(recoloured()))
        for number, style in enumerate(STATUS_STYLES):
            rule = re.search(rf"\.report-chip--{style.symbol} {{(.*?)}}", html, re.DOTALL)
            assert rule
            assert f"--status-fill: #00ff0{number};" in rule[1]
            assert f"--status-ink: #abcde{number};" in rule[1]


def test_word_is_drawn_in_the_colours_of_the_document():
    document = recoloured()
    with ZipFile(io.BytesIO(word_file(make_report(document)))) as file:
        xml = file.read("word/document.xml").decode()
    fills = set(re.findall(r'<w:shd [^>]*w:fill="(\w+)"', xml))
    inks = set(re.findall(r'<w:color w:val="(\w+)"/>', xml))
    assert fills == {status.fill[1:].upper() for status in document.statuses}
    assert inks == {status.ink[1:].upper() for status in document.statuses}


def test_excel_is_drawn_in_the_colours_of_the_document():
    document = recoloured()
    book = load_workbook(io.BytesIO(excel_file(make_report(document), document)))
    cells = {row[0].value: row[0] for row in book["Status i tal"].iter_rows()}
    for status in document.statuses:
        cell = cells[status.label]
        assert cell.fill.fgColor.rgb == f"FF{status.fill[1:]}"
        assert cell.font.color.rgb == f"FF{status.ink[1:]}"


def test_a_page_links_the_colours_of_its_document(secretariat_client: Client, programme: object):
    page = html_of(secretariat_client.get("/statusopgoerelser/2026-02/"))
    address = f"{SHEET}?{to_query(CHIPS)}".replace("&", "&amp;")
    assert f'<link rel="stylesheet" href="{address}">' in page


def test_the_style_sheet_of_a_page(secretariat_client: Client, programme: object):
    response = secretariat_client.get(f"{SHEET}?{to_query(CHIPS)}")
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert response.content.decode() == style_rules(CHIPS, lambda name: f"/static/{name}")
    address = response.wsgi_request.get_full_path()
    again = secretariat_client.get(address, headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "query",
    [
        "",
        "on-track=",
        "on-track=2b9a72",
        "on-track=2b9a72-1a1a1",
        "on-track=2B9A72-1A1A1A",
        "on-track=2b9a72-1a1a1a%0A",
        "on-track=url(x)-1a1a1a",
        "on-track=2b9a72-1a1a1a%7D*%7Bcolor:red%7D",
        "report=2b9a72-1a1a1a",
    ],
)
def test_a_value_that_is_no_colour_is_left_out(
    secretariat_client: Client, programme: object, query: str
):
    assert secretariat_client.get(f"{SHEET}?{query}").content == b""


def test_the_address_holds_the_colours():
    as_query = dict(pair.split("=") for pair in to_query(CHIPS).split("&"))
    read = {chip.symbol: (chip.fill, chip.ink) for chip in from_query(as_query)}
    assert read == {style.symbol: (style.fill, style.ink) for style in STATUS_STYLES}


def test_every_icon_is_there_in_both_inks():
    assert set(SIGNS) == {style.symbol for style in STATUS_STYLES}
    for symbol in SIGNS:
        icons = {
            ink: Path(STATIC, icon_of(Chip(symbol, "", "#808080", ink))).read_text("utf-8")
            for ink in ("#1a1a1a", "#ffffff")
        }
        for ink, icon in icons.items():
            assert re.findall("#[0-9a-f]{6}", icon) == [ink]
        assert icons["#1a1a1a"].replace("#1a1a1a", "#ffffff") == icons["#ffffff"]


@pytest.mark.parametrize(
    ("ink", "folder"), [("#000000", "dark"), ("#7f7f7f", "dark"), ("#808080", "light")]
)
def test_an_icon_has_the_nearer_ink(ink: str, folder: str):
    assert icon_of(Chip("completed", "", "#123456", ink)) == f"report/{folder}/completed.svg"
