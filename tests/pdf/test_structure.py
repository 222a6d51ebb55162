"""What the validator does not judge: the PDF of February as a reader and a machine meet it."""

import re
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest

from initiatives import plan
from initiatives.plan import PlanDocument
from reports.report import make_report, standing_reason
from tests.pdf import structure
from tests.pdf.conftest import LONG_ASK, LONG_TITLE, long_area
from tests.pdf.structure import squeeze
from tests.reports import documents

pytestmark = [pytest.mark.pdf]

TITLE = "Status på udviklingsprogrammets initiativer – februar 2026"
HEADS = ["Initiativer", "Indsatser", "Deadline", "Status"]
MILLIMETRE = 72 / 25.4


def pages_of(path: Path) -> list[str]:
    with pikepdf.open(path) as pdf:
        return [structure.page_text(path, page + 1) for page in range(len(pdf.pages))]


@pytest.fixture(scope="module")
def document() -> PlanDocument:
    return documents.february()


def test_at_most_five_pages_and_100_kilobytes(february_pdf: Path):
    assert len(pages_of(february_pdf)) <= 5
    assert february_pdf.stat().st_size <= 100_000


def test_every_page_is_a4_on_its_side(february_pdf: Path):
    with pikepdf.open(february_pdf) as pdf:
        for page in pdf.pages:
            left, bottom, right, top = (float(number) for number in page.mediabox)
            assert (right - left, top - bottom) == pytest.approx((841.89, 595.28), abs=0.1)


def test_title_language_author_and_dates(february_pdf: Path):
    with pikepdf.open(february_pdf) as pdf:
        assert str(pdf.docinfo["/Title"]) == TITLE
        assert str(pdf.docinfo["/Author"]) == "Sekretariatet for Rammeaftale Sjælland"
        assert str(pdf.docinfo["/CreationDate"]) == "D:20260226"
        assert str(pdf.Root.Lang) == "da"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert pdf.Root.MarkInfo.Marked


def test_bookmarks_are_the_headings(february_pdf: Path, document: PlanDocument):
    wanted = [(1, TITLE), (2, "Til beslutning"), (2, "Status i tal")]
    for principle in document.principles:
        wanted.append((2, principle.title))
        wanted += [(3, area.title) for area in principle.areas if area.initiatives]
    wanted += [
        (2, "Indsatsområder, som mangler behandling i Implementeringsgruppen"),
        (2, "Om statusopgørelsen"),
    ]
    with pikepdf.open(february_pdf) as pdf:
        assert structure.bookmarks(pdf) == wanted


def test_headings_descend_one_level_at_a_time(february_pdf: Path):
    found = structure.tags(february_pdf).all_of("H1", "H2", "H3", "H4")
    levels = [int(tag.kind[1]) for tag in found]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_only_plex_is_in_the_file(february_pdf: Path):
    found = structure.fonts(february_pdf)
    assert len(found) == 2
    assert all("IBM-Plex-Sans" in name for name, _, _ in found)
    assert all(embedded and subset for _, embedded, subset in found)


def test_heads_and_feet(february_pdf: Path):
    pages = pages_of(february_pdf)
    for number, page in enumerate(pages, start=1):
        assert f"Side {number} af {len(pages)}" in page
        assert "Rammeaftale Sjælland · Kladde, opgjort den 26. februar 2026" in page
        assert page.count("Eksempeldata") == 1
    assert "Eksempeldata. Status, begrundelser og brugere er opdigtede" in pages[0]
    assert all(TITLE in page for page in pages)
    heads = [[w.text for w in structure.words(february_pdf, n) if w.top < 30] for n in (2, 3)]
    assert " ".join(heads[0]) == f"{TITLE} Fælles om kontrakter og takster Eksempeldata"
    assert " ".join(heads[1]) == f"{TITLE} Fælles om kvalitet Eksempeldata"


def test_real_data_is_not_called_example_data(empty_pdf: Path):
    assert "Eksempeldata" not in "".join(pages_of(empty_pdf))


def check_tables(path: Path) -> None:
    """Each head cell has its scope, each other cell the heads of its own row and column."""
    with pikepdf.open(path) as pdf:
        found = structure.tables(pdf)
    assert found
    for table in found:
        head, *body = table
        assert head.in_head
        assert not any(row.in_head for row in body)
        assert {cell.scope for cell in head.cells} == {"Column"}
        for row in body:
            assert len(row.cells) == len(head.cells)
            row_heads = [cell.identity for cell in row.cells if cell.kind == "TH"]
            for column_head, cell in zip(head.cells, row.cells, strict=True):
                if cell.kind == "TH":
                    assert cell.scope == "Row"
                else:
                    assert cell.headers == [*row_heads, column_head.identity]


def test_cells_know_their_heads(february_pdf: Path, long_area_pdf: Path, many_asks_pdf: Path):
    for path in (february_pdf, long_area_pdf, many_asks_pdf):
        check_tables(path)


def test_no_table_is_split_over_pages(february_pdf: Path, document: PlanDocument):
    with pikepdf.open(february_pdf) as pdf:
        found = structure.tables(pdf)
    assert len(found) == plan.treated_areas(document) + 2
    for table in found:
        assert len({cell.page for row in table for cell in row.cells}) == 1


def test_the_area_tables_have_the_words_of_the_plan(february_pdf: Path, document: PlanDocument):
    areas = [area for p in document.principles for area in p.areas if area.initiatives]
    found = structure.tags(february_pdf).all_of("Table")[1:-1]
    for table, area in zip(found, areas, strict=True):
        head, *rows = table.all_of("TR")
        assert [cell.text for cell in head.children] == HEADS
        for row, item in zip(rows, area.initiatives, strict=True):
            title, actions, deadlines, status = (cell.text for cell in row.children)
            assert title == squeeze(item.title)
            assert without_bullets(actions) == squeeze(
                "".join(action.title for action in item.actions)
                or "Der er ikke registreret indsatser."
            )
            assert without_bullets(deadlines) == squeeze(
                "".join(deadline.wording for deadline in item.deadlines) or "Deadline ikke oplyst."
            )
            marks = "".join(mark.label + mark.detail for mark in item.marks)
            label = document.status(item.status).label
            reason = standing_reason(item.judgement)
            assert status == squeeze(label + marks + reason + item.report_text)


def without_bullets(text: str) -> str:
    return text.replace("•", "")


def test_two_or_more_are_a_real_list(february_pdf: Path):
    found = structure.tags(february_pdf).all_of("TD")
    lists = [tag for cell in found for tag in cell.all_of("L")]
    assert lists
    for tag in lists:
        assert len(tag.all_of("LI")) >= 2
        for item in tag.all_of("LI"):
            assert [child.kind for child in item.children] == ["Lbl", "LBody"]


def test_the_text_layer_has_whole_words_and_ordinary_blanks(
    february_pdf: Path, document: PlanDocument
):
    text = "".join(pages_of(february_pdf))
    assert not set(text) & {"\u00ad", "\u00a0", "\u2010", "\u202f"}
    words = Counter(re.findall(r"\w+", text))
    told = Counter(re.findall(r"\w+", all_texts(document)))
    for word in ("Implementeringsgruppen", "myndighedsbestilling", "Rådgivningsfunktionen"):
        assert words[word] >= told[word] > 0


def all_texts(document: PlanDocument) -> str:
    found = []
    for item in document.initiatives():
        found += [item.title, item.ask, item.report_text, standing_reason(item.judgement)]
        found += [action.title for action in item.actions]
        found += [deadline.wording for deadline in item.deadlines]
        found += [mark.detail for mark in item.marks]
    return " ".join(found)


def test_dates_stay_on_one_line(february_pdf: Path):
    for page in pages_of(february_pdf):
        assert not re.search(r"\b\d{1,2}\.\n(januar|februar|marts|maj)", page)
        assert not re.search(r"\b(januar|februar|marts|medio|forår)\n20\d\d", page, re.IGNORECASE)


def test_status_begins_at_one_edge_in_all_tables(february_pdf: Path):
    edges = set()
    for page in range(2, len(pages_of(february_pdf)) + 1):
        found = structure.words(february_pdf, page)
        heads = [w for w in found if w.text == "Status" and w.left > 400]
        edges |= {round(word.left, 1) for word in heads}
    assert edges == {round((15 + 0.72 * 267) * MILLIMETRE, 1)}


def test_nothing_runs_out_of_the_page(february_pdf: Path, long_area_pdf: Path, many_asks_pdf: Path):
    for path in (february_pdf, long_area_pdf, many_asks_pdf):
        for page in range(1, len(pages_of(path)) + 1):
            for word in structure.words(path, page):
                assert word.left >= 15 * MILLIMETRE - 1
                assert word.right <= (297 - 15) * MILLIMETRE + 1
                assert word.bottom <= (210 - 6) * MILLIMETRE


def test_page_1_holds_the_counts_however_many_asks(many_asks_pdf: Path):
    first, second, *_ = pages_of(many_asks_pdf)
    assert "I alt" in first
    assert "Til beslutning" in first
    assert "på side 2" in first
    assert "Til beslutning, fortsat" in second
    report = make_report(documents.in_one_area([]))
    assert report.asks == ()
    text = squeeze("".join(pages_of(many_asks_pdf)))
    assert text.count(squeeze(LONG_ASK)) == 9
    for index in range(9):
        assert squeeze(f"{LONG_TITLE} {index}.") in text
    numbers = [tag.text for tag in structure.tags(many_asks_pdf).all_of("Lbl") if tag.text != "•"]
    assert numbers == [f"{number}." for number in range(1, 10)]


def test_a_long_area_breaks_between_rows_with_its_head_repeated(long_area_pdf: Path):
    document = long_area()
    with pikepdf.open(long_area_pdf) as pdf:
        found = structure.tables(pdf)
    area_tables = found[1:-1]
    split = len(area_tables) - plan.treated_areas(document)
    assert split >= 1
    titles = []
    for tag in structure.tags(long_area_pdf).all_of("Table")[1:-1]:
        head, *rows = tag.all_of("TR")
        assert [cell.text for cell in head.children] == HEADS
        titles += [row.children[0].text for row in rows]
    # No row is cut in two: each initiative has one row, in the order of the plan.
    assert titles == [squeeze(item.title) for item in document.initiatives()]
    for table in area_tables:
        assert len({cell.page for row in table for cell in row.cells}) == 1


def test_no_heading_stands_alone(february_pdf: Path, long_area_pdf: Path, many_asks_pdf: Path):
    """After a heading of an area come the head of its table and a whole first row; after one of
    a principle that heading; always on the same page."""
    for path in (february_pdf, long_area_pdf, many_asks_pdf):
        found = structure.tags(path).all_of("H2", "H3", "Table")
        for before, after in pairwise(found):
            if before.kind == "H3" or (after.kind == "H3" and before.kind == "H2"):
                assert before.first_page == after.first_page
            if before.kind == "H3":
                rows = after.all_of("TR")[:2]
                assert {tag.page for row in rows for tag in row.walk()} == {before.first_page, None}


def test_every_part_of_the_report_is_there(february_pdf: Path, document: PlanDocument):
    text = "\n".join(pages_of(february_pdf))
    assert document.drawn_up_on == date(2026, 2, 26)
    assert "Opgjort den 26. februar 2026 · Kladde. Kan stadig ændre sig." in text
    for status in document.statuses:
        assert status.label in text
        assert squeeze(status.meaning) in squeeze(text)
    for absent in ("Ændret siden sidst", "Sidst", "Antal sidst", "Deadlines de næste 60 dage"):
        assert absent not in text
