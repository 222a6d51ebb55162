"""The CSV file opens in a Danish Excel directly, and nothing in it runs as a formula."""

import csv
import io
from datetime import date

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

import plan
from core.characters import normalise
from principles.models import Programme
from reports.formats import office
from reports.formats.csv_file import MARK, csv_file, written
from reports.formats.excel import initiative_columns
from reports.formats.office import FORMULA_STARTS
from reports.report.parts import Earlier, EditionFacts
from reports.report.report import make_report
from tests.core.reading import text_of
from tests.reports.editions.steps import JANUARY, lock, path_of
from tests.reports.report import documents

EDITION = EditionFacts(2, date(2026, 2, 27), None, "", "a" * 64, ())


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def made(document: plan.PlanDocument) -> bytes:
    return csv_file(make_report(document, edition=EDITION), document)


def test_the_file_has_a_byte_order_mark_semicolons_and_line_ends():
    content = made(documents.in_one_area([documents.make_initiative()], banner=""))
    assert content.startswith(b"\xef\xbb\xbfPrincip;Indsatsomr\xc3\xa5de;Initiativ;")
    assert content.endswith(b"\r\n")
    assert content.count(b"\r\n") == 2


def test_one_row_for_each_initiative_in_the_columns_of_excel():
    document = documents.february()
    earlier = Earlier("udgave 1, januar 2026", documents.february(date(2026, 1, 1)))
    report = make_report(document, edition=EDITION, earlier=earlier)
    head, *rows = rows_of(csv_file(report, document))
    assert head == [*(column.title for column in initiative_columns(report)), "Eksempeldata"]
    assert len(rows) == 14
    assert {len(row) for row in rows} == {len(head)}
    row = dict(zip(head, rows[3], strict=True))
    assert row["Initiativ"] == "Indkøbs- og kontrakthåndbog"
    assert row["Indsatser"].split("\n") == [
        "Håndbogens kontrakt del under udvikling.",
        "Håndbogens indkøbsfaglige del under udvikling.",
    ]
    assert (row["Sidste dag"], row["Vurderet"]) == ("31-08-2026", "22-01-2026")
    assert (row["Status nu"], row["Sidst"]) == ("Forløber efter planen", "Forløber efter planen")


def test_example_data_say_so_in_every_row():
    head, *rows = rows_of(made(documents.february()))
    assert head[-1] == "Eksempeldata"
    assert all(row[-1].startswith("Eksempeldata. Status, begrundelser") for row in rows)


def test_an_edition_of_real_data_has_no_column_for_it():
    document = documents.in_one_area([documents.make_initiative()], banner="")
    assert rows_of(made(document))[0][-1] == "Uddybning"


@pytest.mark.parametrize(
    ("as_of", "sentence"),
    [
        (False, "Kladde, opgjort den 26. februar 2026. Kan stadig ændre sig."),
        (True, "Kladde, som planen var ved udgangen af den 26. februar 2026."),
    ],
)
def test_a_draft_says_so_in_every_row(as_of: bool, sentence: str):
    document = documents.february()
    head, *rows = rows_of(csv_file(make_report(document, as_of=as_of), document))
    assert head[-2:] == ["Eksempeldata", "Kladde"]
    assert {row[-1] for row in rows} == {sentence}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r\n="])
def test_a_value_that_would_run_as_a_formula_is_marked(start):
    text = f'{start}cmd|"/c calc"!A1'
    item = documents.make_initiative(text, ask=text, actions=(plan.Action("a", text),))
    rows = rows_of(made(documents.in_one_area([item], banner="")))
    assert not [cell for row in rows for cell in row if cell.lstrip().startswith(FORMULA_STARTS)]
    assert sum(cell.startswith(MARK) for row in rows for cell in row if "cmd" in cell) == 3


@pytest.mark.parametrize(
    "text",
    [
        *(
            "maj 2026",
            "12/1",
            "3-4",
            "2026",
            "1.000",
            "01234",
            "1e5",
            "TRUE",
            "Sand",
            "falsk",
            "12,5",
        ),
        *(
            "=1+1",
            "-5 pct.",
            "@x",
            "+45 12 34 56 78",
            "#I/T",
            "5 %",
            "kr. 5",
            "(5)",
            "14.30",
            "1/2",
        ),
        *(
            "26-11-2026",
            "1. maj 2026",
            "maj-26",
            "onsdag den 26. november 2026 kl. 9.30",
            "½",
            "１２",
        ),
    ],
)
def test_a_value_that_a_spreadsheet_would_change_is_marked(text: str):
    assert written(text) == f"{MARK}{text}"
    item = documents.make_initiative("Titel", report_text=text)
    row = rows_of(made(documents.in_one_area([item], banner="")))[1]
    assert row[-1].removeprefix(MARK) == text
    # Pasted into the portal, only the text itself is stored.
    assert normalise(row[-1]) == text


@pytest.mark.parametrize(
    "text",
    [
        "Kontraktanalyse",
        "maj",
        "Sandsynligt",
        "I maj 2026 er den fælles aftale færdig",
        "'citat'",
        "",
    ],
)
def test_a_value_that_a_spreadsheet_keeps_is_not_marked(text: str):
    assert written(text) == text


@given(st.text(max_size=40))
def test_nothing_but_the_mark_is_added(text: str):
    assert written(text).removeprefix(MARK) == office.printable(text).removeprefix(MARK)


def test_the_page_that_offers_the_file_explains_the_mark(
    secretariat_client: Client, programme: Programme
):
    edition = lock(programme, month=JANUARY, with_files=None)
    for address in ("/statusopgoerelser/2026-02/", path_of(edition)):
        assert office.CSV_NOTE in text_of(secretariat_client.get(address))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("", ""),
        (date(2026, 2, 6), "06-02-2026"),
        (7, "7"),
        ("\r\n=1", f"{MARK}\n=1"),
        ("a\x00b", "a\ufffdb"),
        ("a\x0bb\u2028c", "a\nb\nc"),
    ],
)
def test_every_kind_of_value_is_written(value, text):
    assert written(value) == text


@pytest.mark.parametrize("text", ['a;b"c', "En\nTo", "a\x00\ud800", "é😀"])
def test_any_text_can_be_read_again(text):
    document = documents.in_one_area([documents.make_initiative(report_text=text)], banner="")
    assert rows_of(made(document))[1][-1] == written(text)
