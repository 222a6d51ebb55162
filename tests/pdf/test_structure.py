"""What the validator does not judge: the PDF of February as a reader and a machine meet it."""

import dataclasses
import re
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest

import plan
from plan.document import PlanDocument
from reports.report.report import deadline_note, make_report, report_text, standing_reason
from tests.pdf import structure
from tests.pdf.conftest import (
    EDITION,
    LONG_ASK,
    LONG_TITLE,
    full_page_1,
    january,
    long_area,
    made,
    made_compared,
)
from tests.pdf.structure import squeeze
from tests.reports.report import documents

pytestmark = [pytest.mark.pdf]

TITLE = "Status på udviklingsprogrammets initiativer – februar 2026"
HEADS = ["Initiativer", "Indsatser", "Deadline", "Status"]
COMPARED_HEADS = ["Initiativer", "Indsatser", "Deadline", "Statusnu", "Sidst"]
MILLIMETRE = 72 / 25.4


def pages_of(path: Path) -> list[str]:
    with pikepdf.open(path) as pdf:
        return [structure.page_text(path, page + 1) for page in range(len(pdf.pages))]


@pytest.fixture(scope="module")
def document() -> PlanDocument:
    return documents.february()


def test_at_most_100_kilobytes(february_pdf: Path, compared_pdf: Path):
    """The number of pages hangs on single lines: nothing is promised of it."""
    for path in (february_pdf, compared_pdf):
        assert path.stat().st_size <= 100_000


def test_every_page_is_a4_on_its_side(february_pdf: Path, compared_pdf: Path):
    for path in (february_pdf, compared_pdf):
        with pikepdf.open(path) as pdf:
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


def test_bookmarks_are_the_headings(february_pdf: Path, compared_pdf: Path, document: PlanDocument):
    ahead = [(2, "Deadlines de næste 60 dage")]
    for principle in document.principles:
        ahead.append((2, principle.title))
        ahead += [(3, area.title) for area in principle.areas if area.initiatives]
    last = [
        (2, "Indsatsområder, som mangler behandling i Implementeringsgruppen"),
        (2, "Om statusopgørelsen"),
    ]
    first, counts = [(1, TITLE), (2, "Til beslutning")], [(2, "Status i tal")]
    changes, in_words = [(2, "Ændret siden sidst")], [(2, "Ændringer siden sidst i ord")]
    with pikepdf.open(february_pdf) as pdf:
        assert structure.bookmarks(pdf) == [*first, *counts, *ahead, *last]
    with pikepdf.open(compared_pdf) as pdf:
        assert structure.bookmarks(pdf) == [*first, *changes, *counts, *ahead, *in_words, *last]


def test_headings_descend_one_level_at_a_time(february_pdf: Path, compared_pdf: Path):
    for path in (february_pdf, compared_pdf):
        found = structure.tags(path).all_of("H1", "H2", "H3", "H4")
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
    assert head_of(february_pdf, 2) == f"{TITLE} Eksempeldata"
    assert head_of(february_pdf, 3) == f"{TITLE} Fælles om kontrakter og takster Eksempeldata"


def head_of(path: Path, page: int) -> str:
    return " ".join(word.text for word in structure.words(path, page) if word.top < 30)


def test_the_head_of_an_edition_names_each_principle_and_no_closing_part(compared_pdf: Path):
    pages = pages_of(compared_pdf)
    for number, page in enumerate(pages, start=1):
        assert "Rammeaftale Sjælland · Udgave 1, låst den 27. februar 2026" in page
        assert page.count("Eksempeldata") == 1
        assert f"Side {number} af {len(pages)}" in page
    middles = [
        head_of(compared_pdf, number).removeprefix(TITLE).removesuffix("Eksempeldata").strip()
        for number in range(2, len(pages) + 1)
    ]
    seen = list(dict.fromkeys(middles))
    assert seen[0] == ""
    assert seen[1:4] == [
        "Fælles om kontrakter og takster",
        "Fælles om kvalitet",
        "Fælles om botilbud",
    ]


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


def test_cells_know_their_heads(
    february_pdf: Path,
    compared_pdf: Path,
    full_pdf: Path,
    long_area_pdf: Path,
    many_asks_pdf: Path,
):
    for path in (february_pdf, compared_pdf, full_pdf, long_area_pdf, many_asks_pdf):
        check_tables(path)


def test_no_table_is_split_over_pages(
    february_pdf: Path, compared_pdf: Path, document: PlanDocument
):
    # Beside the areas: Status i tal, Deadlines, those that lack treatment; and Ændret.
    for path, others in ((february_pdf, 3), (compared_pdf, 4)):
        with pikepdf.open(path) as pdf:
            found = structure.tables(pdf)
        assert len(found) == plan.treated_areas(document) + others
        for table in found:
            assert len({cell.page for row in table for cell in row.cells}) == 1


def test_the_area_tables_have_the_words_of_the_plan(
    february_pdf: Path, compared_pdf: Path, document: PlanDocument
):
    areas = [area for p in document.principles for area in p.areas if area.initiatives]
    before = {item.key: item.status for item in january().document.initiatives()}
    for path, heads in ((february_pdf, HEADS), (compared_pdf, COMPARED_HEADS)):
        tables = structure.tags(path).all_of("Table")
        found = [table for table in tables if table.all_of("TH")[0].text == HEADS[0]]
        for table, area in zip(found, areas, strict=True):
            head, *rows = table.all_of("TR")
            assert [cell.text for cell in head.children] == heads
            for row, item in zip(rows, area.initiatives, strict=True):
                title, actions, deadlines, status, *sidst = (cell.text for cell in row.children)
                assert title == squeeze(item.title)
                assert without_bullets(actions) == squeeze(
                    "".join(action.title for action in item.actions)
                    or "Der er ikke registreret indsatser."
                )
                assert without_bullets(deadlines) == squeeze(
                    "".join(
                        deadline.wording + deadline_note(item, deadline, document.drawn_up_on)
                        for deadline in item.deadlines
                    )
                    or "Deadline ikke oplyst."
                )
                marks = "".join(mark.label + mark.detail for mark in item.marks)
                label = document.status(item.status).label
                reason = standing_reason(item.judgement, document.month)
                assert status == squeeze(label + marks + reason + report_text(item, document.month))
                if heads is COMPARED_HEADS:
                    assert sidst == [squeeze(document.status(before[item.key]).label)]


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
        found += [
            item.title,
            item.ask,
            report_text(item, document.month),
            standing_reason(item.judgement, document.month),
        ]
        found += [action.title for action in item.actions]
        found += [deadline.wording for deadline in item.deadlines]
        found += [mark.detail for mark in item.marks]
    return " ".join(found)


def test_dates_stay_on_one_line(february_pdf: Path, compared_pdf: Path):
    for page in [*pages_of(february_pdf), *pages_of(compared_pdf)]:
        assert not re.search(r"\b\d{1,2}\.\n(januar|februar|marts|maj)", page)
        assert not re.search(r"\b(januar|februar|marts|medio|forår)\n20\d\d", page, re.IGNORECASE)


def test_status_begins_at_one_edge_in_all_tables(february_pdf: Path, compared_pdf: Path):
    for path in (february_pdf, compared_pdf):
        edges = set()
        for page in range(2, len(pages_of(path)) + 1):
            found = structure.words(path, page)
            heads = [w for w in found if w.text == "Status" and w.left > 400]
            edges |= {round(word.left, 1) for word in heads}
        assert edges == {round((15 + 0.72 * 267) * MILLIMETRE, 1)}


def test_reasons_run_on_under_the_column_of_last_time(compared_pdf: Path):
    """In the 37 mm of their own column they would make the rows twice as high."""
    edge = (15 + 0.87 * 267) * MILLIMETRE
    pages = range(1, len(pages_of(compared_pdf)) + 1)
    words = (word for page in pages for word in structure.words(compared_pdf, page))
    found = [word for word in words if word.text == "forsinkelsen"]
    assert found
    assert all(word.right > edge for word in found)


def test_page_1_and_the_tables_have_one_edge_on_page_1(compared_pdf: Path):
    """The chips of the questions stand over those of the changes."""
    words = structure.words(compared_pdf, 1)
    found = [w for w in words if w.text in ("Betydelige", "Anbefales") and 380 < w.left < 520]
    assert len(found) == 4
    assert max(w.left for w in found) - min(w.left for w in found) < 0.5


def test_nothing_runs_out_of_the_page(
    february_pdf: Path,
    compared_pdf: Path,
    full_pdf: Path,
    long_area_pdf: Path,
    many_asks_pdf: Path,
):
    for path in (february_pdf, compared_pdf, full_pdf, long_area_pdf, many_asks_pdf):
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


REASON = "Initiativet er på pause, og der er ingen plan for at genoptage det."
DANISH = "Implementeringsgruppens myndighedsbestilling Rådgivningsfunktionen "


@pytest.mark.slow
@pytest.mark.parametrize(
    ("asks", "changes", "ask", "reason"),
    [
        (5, 6, "Kan kommissoriet godkendes?", REASON),
        (9, 9, "Kan kommissoriet godkendes?", REASON),
        (5, 6, LONG_ASK.strip(), REASON),
        (5, 6, "Godkendes?", LONG_ASK.strip()),
        (0, 9, "", LONG_ASK.strip()),
        (9, 9, (DANISH * 7).strip(), (DANISH * 2).strip()),
        (5, 6, "SKAL ARBEJDET FORTSÆTTE?", REASON.upper()),
        (5, 6, "Kan det godkendes?", "Ja.\nNej.\nMåske."),
        (1, 1, "Kan det godkendes?", "Ord. " * 400),
    ],
)
def test_page_1_holds_the_counts_however_full(
    asks: int, changes: int, ask: str, reason: str, tmp_path: Path
):
    document, earlier = full_page_1(asks, changes, ask=ask, reason=reason)
    path = made_compared(document, earlier, tmp_path / "full.pdf")
    first, second, *_ = pages_of(path)
    assert "I alt" in first
    assert "Eksempeldata." in first
    report = make_report(document, edition=EDITION, earlier=earlier)
    assert len(report.asks) + len(report.more_asks) == asks
    assert len(report.changes) + len(report.more_changes) == changes
    left_of_counts = (15 + 167) * MILLIMETRE
    lowest = max(
        word.bottom
        for word in structure.words(path, 1)
        if word.left < left_of_counts and word.top < 560
    )
    assert lowest <= (210 - 13) * MILLIMETRE
    if report.more_changes and not report.more_asks:
        assert "på side 2." in first
        assert second.count("Ændret siden sidst, fortsat") == 1


def test_five_questions_and_six_changes_with_long_titles_fit():
    document, earlier = full_page_1(5, 6, ask="Ja?", reason="Nej.")
    report = make_report(document, edition=EDITION, earlier=earlier)
    assert (len(report.asks), len(report.changes)) == (5, 6)


def test_what_page_1_has_no_room_for_opens_page_2(full_pdf: Path):
    first, second, *_ = pages_of(full_pdf)
    assert "I alt" in first
    assert "Til beslutning, fortsat" in second
    headings = [tag.text for tag in structure.tags(full_pdf).all_of("H2")]
    assert headings[:5] == [
        "Tilbeslutning",
        "Ændretsidensidstudgave1,januar2026",
        "Statusital",
        "Tilbeslutning,fortsat",
        "Ændretsidensidst,fortsat",
    ]
    tables = structure.tags(full_pdf).all_of("Table")
    rows = [row for t in tables for row in t.all_of("TR") if len(row.children) == 3]
    told = [row.children[0].text for row in rows if row.children[0].text.startswith("Udvikling")]
    reason = f"Tidsplan: {LONG_ASK}"
    changes = [squeeze(f"{LONG_TITLE} {index}. {reason}") for index in range(9)]
    assert [text for text in told if text in changes] == changes


def test_a_long_area_breaks_between_rows_with_its_head_repeated(long_area_pdf: Path):
    document = long_area()
    with pikepdf.open(long_area_pdf) as pdf:
        found = structure.tables(pdf)
    area_tables = found[2:-1]
    split = len(area_tables) - plan.treated_areas(document)
    assert split >= 1
    titles = []
    for tag in structure.tags(long_area_pdf).all_of("Table")[2:-1]:
        head, *rows = tag.all_of("TR")
        assert [cell.text for cell in head.children] == HEADS
        titles += [row.children[0].text for row in rows]
    # No row is cut in two: each initiative has one row, in the order of the plan.
    assert titles == [squeeze(item.title) for item in document.initiatives()]
    for table in area_tables:
        assert len({cell.page for row in table for cell in row.cells}) == 1


def test_no_heading_stands_alone(
    february_pdf: Path, compared_pdf: Path, long_area_pdf: Path, many_asks_pdf: Path
):
    """After a heading of an area come the head of its table and a whole first row; after one of
    a principle that heading; always on the same page."""
    for path in (february_pdf, compared_pdf, long_area_pdf, many_asks_pdf):
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
    assert "Deadlines de næste 60 dage" in text
    for absent in ("Ændret siden sidst", "Sidst", "Antal\nsidst", "Status nu"):
        assert absent not in text


def test_every_part_of_a_compared_edition_is_there(compared_pdf: Path):
    first, second, *_, last = pages_of(compared_pdf)
    assert "til mødet i Implementeringsgruppen den 5. marts 2026 · Udgave 1" in first
    assert "Ændret siden sidst" in first
    assert "udgave 1, januar 2026" in first
    assert second.startswith(TITLE) or "Deadlines de næste 60 dage" in second
    text = squeeze("".join(pages_of(compared_pdf)))
    for sentence in EDITION.sentences:
        assert squeeze(sentence) in text
    assert squeeze(f"Udgave 1, låst den 27. februar 2026. Kontrolkode {EDITION.code}.") in text
    assert EDITION.code[:8] in last


def test_the_longest_day_leaves_room_to_its_initiative(tmp_path: Path):
    ends_on = date(2026, 9, 24)
    deadline = plan.Deadline(
        "d", "24. september", "deadline", "Deadline", None, ends_on, ends_on, "day"
    )
    found = documents.in_one_area([documents.make_initiative("Mål", deadlines=(deadline,))])
    found = dataclasses.replace(found, drawn_up_on=date(2026, 9, 1))
    path = made(found, tmp_path / "september.pdf")
    words = structure.words(path, 2)
    day, title = (
        next(word for word in words if word.top > 60 and word.text == text)
        for text in ("2026", "Mål")
    )
    assert title.left - day.right > 5


def test_deadlines_begin_a_page_and_are_left_out_when_there_are_none(
    compared_pdf: Path, many_asks_pdf: Path, empty_pdf: Path
):
    (heading,) = (
        tag for tag in structure.tags(compared_pdf).all_of("H2") if "Deadlines" in tag.text
    )
    words = structure.words(compared_pdf, heading.first_page + 1)
    assert min(w.top for w in words if w.top > 30) == min(
        w.top for w in words if w.text == "Deadlines"
    )
    for path in (many_asks_pdf, empty_pdf):
        assert "60 dage" not in "".join(pages_of(path))
