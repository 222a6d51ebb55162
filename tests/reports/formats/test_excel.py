"""The Excel file: sheets, real dates, status in colour, and no text that runs."""

import dataclasses
import html
import io
import time
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

import plan
from plan.status import STATUS_STYLES
from reports.formats import office
from reports.formats.excel import CUT, MAX_LETTERS, excel_file, fitted
from reports.report.parts import SIGNS, Earlier, EditionFacts, Report
from tests.reports.report import documents
from tests.reports.report.documents import make_report

EDITION = EditionFacts(2, date(2026, 2, 27), None, "", "a" * 64, ("Første sætning.",))
SHEETS = ["Initiativer", "Deadlines", "Status i tal", "Ændringer", "Mangler behandling", "Om"]
ON = documents.DAY


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def made(document: plan.PlanDocument) -> Any:
    return opened(excel_file(make_report(document, edition=EDITION), document))


def table(sheet: Any) -> list[dict[str, Any]]:
    """Return the rows of a sheet as mappings from the titles in its frozen head."""
    head = int(sheet.freeze_panes.lstrip("A")) - 1
    titles = [cell.value for cell in sheet[head]]
    return [
        dict(zip(titles, row, strict=True))
        for row in sheet.iter_rows(min_row=head + 1, values_only=True)
    ]


@pytest.fixture(scope="module")
def report() -> Report:
    earlier = Earlier("udgave 1, januar 2026", documents.february(date(2026, 1, 1)))
    return make_report(documents.february(), edition=EDITION, earlier=earlier)


@pytest.fixture(scope="module")
def book(report: Report) -> Any:
    return opened(excel_file(report, documents.february()))


def test_the_sheets(book: Any):
    assert book.sheetnames == SHEETS


def test_without_an_earlier_edition_there_is_no_sheet_of_changes():
    workbook = made(documents.february())
    assert workbook.sheetnames == [name for name in SHEETS if name != "Ændringer"]
    assert "Sidst" not in table(workbook["Initiativer"])[0]
    assert list(table(workbook["Status i tal"])[0]) == ["Status", "Betydning", "Antal"]


def test_one_row_for_each_initiative(book: Any, report: Report):
    rows = table(book["Initiativer"])
    assert len(rows) == report.total == 14
    assert rows[1] == {
        "Princip": "Fælles om kontrakter og takster",
        "Indsatsområde": "Vi anvender udelukkende standardkontrakter – de er obligatoriske",
        "Initiativ": "Leverandørliste",
        "Indsatser": "Model for leverandørliste udviklet.\n"
        "Juridisk afklaring af leverandørlistens lovlighed.",
        "Deadline": "Leverandørliste er sat på pause, jf. Implementeringsgruppens beslutning på "
        "møde den 20. januar 2026.",
        "Første dag": None,
        "Sidste dag": None,
        "Status nu": "Betydelige afvigelser",
        "Sidst": "Mindre afvigelser",
        "Forhold": "På pause jf. Implementeringsgruppens beslutning 20. januar 2026",
        "Begrundelse": "Tidsplan: Initiativet er sat på pause, og den juridiske afklaring kan "
        "ikke nås inden for kommissoriet.",
        "Til gruppen": "Skal pausen fortsætte, eller skal leverandørlisten udgå af kommissoriet?",
        "Vurderet": datetime(2026, 2, 11),  # noqa: DTZ001 — Excel's days have no zone
        "Uddybning": report.principles[0].areas[0].rows[1].text,
    }


def test_dates_are_dates(book: Any):
    days = [
        cell
        for sheet in (book["Initiativer"], book["Deadlines"])
        for row in sheet.iter_rows()
        for cell in row
        if cell.is_date
    ]
    assert len(days) > 30
    assert {cell.number_format for cell in days} == {"dd-mm-yyyy"}


def test_one_row_for_each_deadline(book: Any):
    rows = table(book["Deadlines"])
    document = documents.february()
    assert len(rows) == sum(len(item.deadlines) for item in document.initiatives())
    (row,) = [row for row in rows if (row["Ordlyd"] or "").startswith("Kontrakt- og indkøbsh")]
    assert row["Initiativ"] == "Indkøbs- og kontrakthåndbog"
    assert row["Art"] == "Forelægges"
    assert row["Sidste dag"].date() == date(2026, 8, 31)
    assert row["Bemærkning"] == "Forfalder senest den 31. august 2026."
    moved = [row["Oprindelig"] for row in rows if row["Oprindelig"]]
    assert "Ikke oplyst" in moved


def test_the_counts_are_numbers(book: Any, report: Report):
    rows = table(book["Status i tal"])
    assert [row["Status"] for row in rows] == [*(s.label for s in STATUS_STYLES), "I alt"]
    assert [row["Antal nu"] for row in rows] == [*(c.number for c in report.counts), 14]
    assert [row["Antal sidst"] for row in rows][-1] == 14


def test_the_changes_and_the_sentences(book: Any, report: Report):
    rows = table(book["Ændringer"])
    number = len(report.changes)
    assert [(r["Initiativ"], r["Sidst"], r["Status nu"]) for r in rows[:number]] == [
        (change.title, change.before.label, change.now.label) for change in report.changes
    ]
    assert [row["Initiativ"] for row in rows[number:]] == [
        None,
        "Ændringer siden sidst i ord",
        "Første sætning.",
    ]


def test_a_report_without_changes_says_so():
    document = documents.in_one_area([documents.make_initiative()])
    report = make_report(document, earlier=Earlier("udgave 1, januar 2026", document))
    rows = table(opened(excel_file(report, document))["Ændringer"])
    assert rows[0]["Initiativ"] == "Ingen ændringer siden udgave 1, januar 2026."


def test_the_other_sheets_are_there_too(book: Any, report: Report):
    assert [tuple(row.values()) for row in table(book["Mangler behandling"])] == [
        (row.principle, row.area) for row in report.untreated
    ]
    texts = [row["Tekst"] for row in table(book["Om"])]
    assert {report.title, report.state, report.banner, report.closing, *report.about} <= set(texts)


def test_example_data_say_so_on_every_sheet_and_page(book: Any, report: Report):
    for sheet in book:
        assert sheet["A1"].value == f"Eksempeldata. {report.banner}"
        assert sheet.oddHeader.right.text == "Eksempeldata"


@pytest.mark.parametrize(
    ("as_of", "sentence"),
    [
        (False, "Kladde, opgjort den 26. februar 2026. Kan stadig ændre sig."),
        (True, "Kladde, som planen var ved udgangen af den 26. februar 2026."),
    ],
)
def test_a_draft_says_so_on_every_sheet_and_page(as_of: bool, sentence: str):
    document = documents.february()
    report = make_report(document, as_of=as_of)
    for sheet in opened(excel_file(report, document)):
        assert sheet["A1"].value == f"Eksempeldata. {report.banner}"
        assert sheet["A2"].value == sentence
        assert sheet.freeze_panes == "A4"
        assert "· Kladde, " in sheet.oddFooter.left.text


def test_an_edition_of_real_data_begins_with_the_head():
    workbook = made(documents.in_one_area([documents.make_initiative()], banner=""))
    assert workbook["Initiativer"]["A1"].value == "Princip"
    assert workbook["Initiativer"].freeze_panes == "A2"
    assert not workbook["Initiativer"].oddHeader.right.text


def test_head_filter_and_print_set_up(book: Any, report: Report):
    for sheet in book:
        assert sheet.freeze_panes == "A3"
        assert sheet.print_title_rows == "$2:$2"
        assert sheet.page_setup.orientation == "landscape"
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.oddFooter.left.text == report.foot
        assert sheet.oddFooter.right.text == "Side &P af &N"
        assert all(cell.font.bold for cell in sheet[2])
    assert book["Initiativer"].auto_filter.ref == "A2:N16"
    assert book["Deadlines"].auto_filter.ref.startswith("A2:J")
    wrapped = [
        c for row in book["Initiativer"].iter_rows(min_row=3) for c in row if c.data_type == "s"
    ]
    assert all(cell.alignment.wrap_text for cell in wrapped)


@pytest.mark.parametrize("style", STATUS_STYLES, ids=lambda style: style.value)
def test_a_status_is_word_symbol_and_colour(style):
    document = documents.in_one_area([documents.make_initiative(status=style.value)], banner="")
    cell = made(document)["Initiativer"]["H2"]
    assert cell.value == style.label
    assert cell.number_format == f'"{SIGNS[style.symbol]} "@'
    assert cell.fill.fgColor.rgb == f"FF{style.fill[1:]}"
    assert cell.font.color.rgb == f"FF{style.ink[1:]}"


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_text_is_a_formula(start):
    text = f'{start}HYPERLINK("http://example.com";"x")'
    item = documents.make_initiative(
        text,
        ask=text,
        report_text=text,
        judgement=plan.Judgement("on_track", text, (), documents.FEBRUARY, ON, False),
        marks=(plan.Mark("paused", text, text),),
        actions=(plan.Action("a", text),),
        deadlines=(plan.Deadline("d", text, "deadline", text, "a"),),
    )
    area = plan.Area("a", text, (), (item,))
    empty = plan.Area("b", text, (), ())
    document = documents.make_document([plan.Principle("p", text, (area, empty))], banner=text)
    earlier = documents.make_document([plan.Principle("p", text, ())])
    edition = EditionFacts(1, ON, None, text, text, (text,))
    report = make_report(document, edition=edition, earlier=Earlier(text, earlier))
    cells = [
        cell
        for sheet in opened(excel_file(report, document))
        for row in sheet.iter_rows()
        for cell in row
    ]
    assert not [cell for cell in cells if cell.data_type == "f"]
    live = [cell for cell in cells if cell.value == text]
    assert len(live) > 12
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in live)


def test_a_text_that_is_too_long_is_cut_visibly():
    assert fitted("a" * MAX_LETTERS) == "a" * MAX_LETTERS
    for text in ("a" * (MAX_LETTERS + 1), "😀" * MAX_LETTERS):
        cut = fitted(text)
        assert cut.endswith(CUT)
        assert len(cut.encode("utf-16-le")) // 2 <= MAX_LETTERS
    document = documents.in_one_area([documents.make_initiative(report_text="b" * 40_000)])
    assert table(made(document)["Initiativer"])[0]["Uddybning"].endswith(CUT)


def test_an_escape_is_not_read_as_a_letter():
    assert fitted("_x0041_ og _x_") == "_x005F_x0041_ og _x_"


@pytest.mark.parametrize("text", ["a\x00b\x0bc\ud800\ufffe\x1b", "<c/>&amp;]]>", "é😀\tx\r\ny"])
def test_any_text_can_be_written(text):
    document = documents.in_one_area([documents.make_initiative(report_text=text)])
    row = table(made(document)["Initiativer"])[0]
    assert row["Uddybning"] == office.printable(text)


def test_an_ampersand_in_the_foot_is_no_code():
    document = documents.in_one_area([documents.make_initiative()])
    report = dataclasses.replace(make_report(document), foot="Børn & Line")
    with zipfile.ZipFile(io.BytesIO(excel_file(report, document))) as file:
        sheet = html.unescape(file.read("xl/worksheets/sheet1.xml").decode())
    assert "<oddFooter>&LBørn && Line&RSide &P af &N</oddFooter>" in sheet


def test_properties(book: Any, report: Report):
    properties = book.properties
    assert (properties.title, properties.creator) == (report.title, report.author)
    assert properties.language == "da-DK"
    assert properties.created == properties.modified == datetime(2026, 2, 26)  # noqa: DTZ001


@pytest.mark.slow
def test_the_same_report_gives_the_same_bytes(report: Report):
    document = documents.february()
    first = excel_file(report, document)
    time.sleep(2.1)  # a zip file counts in steps of two seconds
    assert excel_file(report, document) == first
    with zipfile.ZipFile(io.BytesIO(first)) as file:
        assert {entry.date_time for entry in file.infolist()} == {(2026, 2, 26, 0, 0, 0)}
