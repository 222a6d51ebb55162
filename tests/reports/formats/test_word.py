"""The Word file: parts in order, real headings, lists and table heads, status in colour."""

import dataclasses
import io
import re
import time
import zipfile
from datetime import UTC, date, datetime
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.table import Table, _Cell

import plan
from plan.status import STATUS_STYLES
from reports.formats import office
from reports.formats.word import word_file
from reports.report.colours import icon_of
from reports.report.parts import SIGNS, Chip, Earlier, EditionFacts, Report
from tests.reports.report import documents
from tests.reports.report.documents import make_report

EDITION = EditionFacts(
    2, date(2026, 2, 27), date(2026, 3, 3), "", "a" * 64, ("Første sætning.", "Anden sætning.")
)
PLAN_HEADS = ["Initiativer", "Indsatser", "Deadline", "Status nu", "Sidst"]


def opened(content: bytes) -> Document:
    return docx.Document(io.BytesIO(content))


def one(**changes: Any) -> Report:
    return make_report(documents.in_one_area([documents.make_initiative(**changes)]))


def heads(table: Table) -> list[str]:
    return [cell.text for cell in table.rows[0].cells]


def styles_of(cell: _Cell) -> list[tuple[str | None, str]]:
    return [(p.style.name if p.style else None, p.text) for p in cell.paragraphs]


def row_of(document: Document, title: str) -> tuple[_Cell, ...]:
    for table in document.tables:
        if heads(table)[0] == "Initiativer":
            for row in table.rows:
                if row.cells[0].paragraphs[0].text == title:
                    return row.cells
    raise AssertionError(title)


@pytest.fixture(scope="module")
def report() -> Report:
    earlier = Earlier("udgave 1, januar 2026", documents.february(date(2026, 1, 1)))
    return make_report(documents.february(), edition=EDITION, earlier=earlier)


@pytest.fixture(scope="module")
def word(report: Report) -> Document:
    return opened(word_file(report))


def test_the_parts_stand_in_the_order_of_the_report(word: Document, report: Report):
    parts = [
        (p.style.name, p.text)
        for p in word.paragraphs
        if p.style and (p.style.name or "").startswith("Heading")
    ]
    principles: list[tuple[str, str]] = []
    for principle in report.principles:
        principles.append(("Heading 2", f"{principle.title} {principle.count}"))
        principles += [("Heading 3", area.title) for area in principle.areas]
    assert parts == [
        ("Heading 1", report.title),
        ("Heading 2", "Til beslutning"),
        ("Heading 2", "Ændret siden sidst udgave 1, januar 2026"),
        ("Heading 2", "Status i tal"),
        ("Heading 2", "Deadlines de næste 60 dage"),
        *principles,
        ("Heading 2", "Ændringer siden sidst i ord"),
        ("Heading 2", "Indsatsområder, som mangler behandling i Implementeringsgruppen"),
        ("Heading 2", "Om statusopgørelsen"),
    ]


def test_the_document_begins_with_banner_origin_title_and_state(word: Document, report: Report):
    assert [(p.style and p.style.name, p.text) for p in word.paragraphs[:4]] == [
        ("Eksempeldata", f"Eksempeldata. {report.banner}"),
        ("Afsender", report.origin),
        ("Heading 1", report.title),
        ("Opgørelse", report.state),
    ]


def test_real_data_carries_no_banner():
    content = word_file(make_report(documents.in_one_area([], banner="")))
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert not [name for name in file.namelist() if b"Eksempeldata." in file.read(name)]


def test_the_decisions_are_a_numbered_list(word: Document, report: Report):
    table = word.tables[0]
    assert heads(table) == ["Spørgsmål til gruppen", "Status nu"]
    for row, ask in zip(list(table.rows)[1:], report.asks, strict=True):
        assert styles_of(row.cells[0]) == [("List Number", f"{ask.title}. {ask.question}")]
        assert row.cells[1].text.endswith(ask.chip.label)


def test_rows_beyond_page_one_are_in_the_same_table():
    items = [documents.make_initiative(f"Nummer {n}", ask="Skal det?") for n in range(9)]
    report = make_report(documents.in_one_area(items))
    assert report.more_asks
    assert len(opened(word_file(report)).tables[0].rows) == 10


def test_the_changes(word: Document, report: Report):
    table = word.tables[1]
    assert heads(table) == ["Initiativ og begrundelse", "Sidst", "Status nu"]
    assert [row.cells[0].text for row in list(table.rows)[1:]] == [
        f"{change.title}. {change.reason}" for change in report.changes
    ]


def test_an_earlier_edition_without_changes_says_so():
    document = documents.in_one_area([documents.make_initiative()])
    report = make_report(document, earlier=Earlier("udgave 1, januar 2026", document))
    texts = [p.text for p in opened(word_file(report)).paragraphs]
    assert "Ingen ændringer siden udgave 1, januar 2026." in texts


def test_the_counts_with_their_legend(word: Document, report: Report):
    table = word.tables[2]
    assert heads(table) == ["Status", "Betydning", "Antal nu", "Antal sidst"]
    assert [row.cells[1].text for row in list(table.rows)[1:-1]] == [
        style.meaning for style in STATUS_STYLES
    ]
    assert [cell.text for cell in table.rows[-1].cells] == ["I alt", "", "14", "14"]


def test_the_coming_deadlines(word: Document, report: Report):
    table = word.tables[3]
    assert heads(table) == ["Dato", "Initiativ", "Det gælder", "Status nu"]
    rows = [tuple(cell.text for cell in row.cells[:3]) for row in list(table.rows)[1:]]
    assert rows == [(r.day, r.title, f"{r.kind} {r.about}") for r in report.upcoming]


def test_every_area_is_a_table_with_the_columns_of_the_programme(word: Document, report: Report):
    areas = [area for principle in report.principles for area in principle.areas]
    tables = [table for table in word.tables if heads(table)[0] == "Initiativer"]
    assert [heads(table) for table in tables] == [PLAN_HEADS] * len(areas)
    assert [len(table.rows) - 1 for table in tables] == [len(area.rows) for area in areas]


def test_without_an_earlier_edition_nothing_is_compared():
    document = opened(word_file(make_report(documents.february())))
    assert {tuple(heads(t)) for t in document.tables if heads(t)[0] == "Initiativer"} == {
        ("Initiativer", "Indsatser", "Deadline", "Status")
    }
    text = " ".join(p.text for p in document.paragraphs)
    assert "Ændret siden sidst" not in text
    assert heads(document.tables[1]) == ["Status", "Betydning", "Antal"]


def test_several_items_are_a_real_list_and_one_is_text(word: Document):
    cells = row_of(word, "Leverandørliste")
    assert [style for style, _ in styles_of(cells[1])] == ["List Bullet", "List Bullet"]
    assert [style for style, _ in styles_of(cells[2])] == ["Tabeltekst"]
    numbering = word.part.numbering_part.element
    formats = [e.get(qn("w:val")) for e in numbering.iter(qn("w:numFmt"))]
    assert formats == ["bullet", "decimal"]
    (style,) = [s for s in word.styles if s.name == "List Bullet"]
    assert style.element.find(f".//{qn('w:numId')}").get(qn("w:val")) == "1"


def test_a_note_has_a_quiet_line_of_its_own(word: Document):
    cells = row_of(word, "Indkøbs- og kontrakthåndbog")
    assert styles_of(cells[2])[1] == ("Note", "Forfalder senest den 31. august 2026.")
    cells = row_of(word, "Kompetenceudvikling")
    assert styles_of(cells[2])[-1] == ("Note i liste", "Forfalder senest den 30. september 2026.")


def test_reason_and_text_are_under_the_title_and_marks_under_the_status(word: Document):
    title, _, _, status, before = row_of(word, "Leverandørliste")
    assert [style for style, _ in styles_of(title)] == ["Initiativ", "Begrundelse", "Begrundelse"]
    assert styles_of(status) == [
        ("Status på mørk", "◆ Betydelige afvigelser"),
        ("Forhold på mørk", "På pause jf. Implementeringsgruppens beslutning 20. januar 2026"),
    ]
    assert styles_of(before) == [("Sidst ændret", "△ Mindre afvigelser")]
    assert styles_of(row_of(word, "Kontraktanalyse")[4]) == [("Sidst", "► Forløber efter planen")]


@pytest.mark.parametrize("style", STATUS_STYLES, ids=lambda style: style.value)
def test_a_status_is_word_symbol_and_colour(style):
    report = one(status=style.value)
    cell = row_of(opened(word_file(report)), "Initiativ")[3]
    assert cell.text == f"{SIGNS[style.symbol]} {style.label}"
    shading = cell._tc.find(f".//{qn('w:shd')}")
    assert shading is not None
    assert f"#{shading.get(qn('w:fill'))}".lower() == style.fill
    paragraph = cell.paragraphs[0].style
    assert paragraph is not None
    assert f"#{paragraph.font.color.rgb}".lower() == style.ink


def test_seven_symbols_none_of_them_twice_or_an_emoji():
    assert set(SIGNS) == {style.symbol for style in STATUS_STYLES}
    assert len(set(SIGNS.values())) == 7
    assert not set(SIGNS.values()) & set("▶✔◼⬛▪")


def test_an_unknown_symbol_is_drawn_as_not_reported():
    chip = Chip("paused-for-ever", "På pause", "#ffffff", "#1a1a1a")
    assert chip.sign == "–"
    assert icon_of(chip) == "report/dark/not-reported.svg"


def test_table_heads_repeat_and_rows_do_not_break(word: Document):
    for table in word.tables:
        first, *rest = table.rows
        assert first._tr.find(f".//{qn('w:tblHeader')}") is not None
        assert not [row for row in rest if row._tr.find(f".//{qn('w:tblHeader')}") is not None]
        assert all(row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in table.rows)


def test_tables_have_alt_texts_and_fixed_widths(word: Document):
    for table in word.tables:
        for name in ("w:tblCaption", "w:tblDescription"):
            element = table._tbl.tblPr.find(qn(name))
            assert element is not None
            assert element.get(qn("w:val"))
        assert table.autofit is False
        assert sum(column.width or 0 for column in table.columns) / 36_000 == pytest.approx(
            267, 0.01
        )


def test_the_paper_and_the_foot(word: Document, report: Report):
    (section,) = word.sections
    assert section.page_width
    assert section.page_height
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    for footer in (section.footer, section.first_page_footer):
        xml = footer._element.xml
        assert report.foot in footer.paragraphs[0].text
        assert re.findall(r'w:instr="(\w+)"', xml) == ["PAGE", "NUMPAGES"]
    assert section.header.paragraphs[0].text == f"{report.title}\tEksempeldata"
    assert section.first_page_header.paragraphs[0].text == ""


def test_language_and_properties(word: Document, report: Report):
    properties = word.core_properties
    assert (properties.title, properties.author) == (report.title, report.author)
    assert properties.language == "da-DK"
    assert properties.created == properties.modified == datetime(2026, 2, 26, tzinfo=UTC)
    defaults = word.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}")
    assert defaults.get(qn("w:val")) == "da-DK"
    assert word.settings.element.find(qn("w:themeFontLang")).get(qn("w:val")) == "da-DK"


def test_formatting_comes_from_styles(word: Document):
    """No run or paragraph sets a font, size, weight or colour itself."""
    body = word.element.body
    assert {child.tag for run in body.iter(qn("w:rPr")) for child in run} == {qn("w:rStyle")}
    paragraphs = {child.tag for p in body.iter(qn("w:pPr")) for child in p}
    assert paragraphs == {qn("w:pStyle"), qn("w:keepNext")}
    used = {e.get(qn("w:val")) for e in body.iter(qn("w:pStyle"), qn("w:rStyle"), qn("w:tblStyle"))}
    assert used <= {style.style_id for style in word.styles}


def test_a_small_table_stays_together_and_a_long_one_may_break():
    few = [documents.make_initiative(f"Nummer {n}") for n in range(3)]
    many = [documents.make_initiative(f"Nummer {n}") for n in range(40)]
    for items, kept in ((few, True), (many, False)):
        report = make_report(documents.in_one_area(items))
        (table,) = [t for t in opened(word_file(report)).tables if heads(t)[0] == "Initiativer"]
        cell = table.rows[1].cells[0]
        assert bool(cell.paragraphs[0].paragraph_format.keep_with_next) is kept
        assert not table.rows[-1].cells[0].paragraphs[0].paragraph_format.keep_with_next


def test_without_an_area_none_is_treated():
    content = opened(word_file(make_report(documents.make_document([]))))
    assert not any("behandl" in paragraph.text for paragraph in content.paragraphs)


def test_empty_parts_say_so():
    content = opened(word_file(one(actions=(), deadlines=())))
    texts = [p.text for p in content.paragraphs]
    assert "Der er intet til beslutning lige nu." in texts
    assert "Alle indsatsområder er behandlet i Implementeringsgruppen." in texts
    assert "Ingen deadlines de næste 60 dage." in texts
    cells = row_of(content, "Initiativ")
    assert [cell.text for cell in cells[1:3]] == [
        "Der er ikke registreret indsatser.",
        "Deadline ikke oplyst.",
    ]


@pytest.mark.parametrize("text", ["a\x00b\x0bc\ud800\ufffe\x1b", "<w:p/>&amp;]]>", "=1+1", "é😀"])
def test_any_text_can_be_written(text):
    items = [
        documents.make_initiative(ask=text, report_text=text, actions=(plan.Action("a", text),))
    ]
    report = make_report(documents.in_one_area(items, banner=text))
    row = row_of(opened(word_file(dataclasses.replace(report, title=text))), "Initiativ")
    assert row[1].text == office.printable(text)


def test_line_breaks_are_kept():
    cell = row_of(opened(word_file(one(report_text="En\r\nTo\nTre"))), "Initiativ")[0]
    assert cell.paragraphs[1].text == "En\nTo\nTre"


@pytest.mark.slow
def test_the_same_report_gives_the_same_bytes(report: Report):
    first = word_file(report)
    time.sleep(2.1)  # a zip file counts in steps of two seconds
    assert word_file(report) == first


def test_the_file_keeps_nothing_of_the_template(report: Report):
    with zipfile.ZipFile(io.BytesIO(word_file(report))) as file:
        names = file.namelist()
        assert {entry.date_time for entry in file.infolist()} == {(2026, 2, 26, 0, 0, 0)}
        assert b"python-docx" not in b"".join(map(file.read, names))
    assert not [name for name in names if "thumbnail" in name or "WithEffects" in name]
