"""The CSV file: what a Danish Excel opens by itself, and nothing in it that runs."""

import csv
import io
from datetime import date

import pytest

from initiatives import plan
from reports.csv_file import csv_file, written
from reports.excel import initiative_columns
from reports.report import Earlier, EditionFacts, make_report
from tests.reports import documents

EDITION = EditionFacts(2, date(2026, 2, 27), None, "", "a" * 64, ())


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def made(document: plan.PlanDocument) -> bytes:
    return csv_file(make_report(document, edition=EDITION), document)


def test_mark_semicolons_and_line_ends():
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
    assert rows_of(made(document))[0][-1] == "Tekst til statusopgørelsen"


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


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_what_would_run_gets_an_apostrophe(start):
    text = f'{start}cmd|"/c calc"!A1'
    item = documents.make_initiative(text, ask=text, actions=(plan.Action("a", text),))
    rows = rows_of(made(documents.in_one_area([item], banner=text)))
    assert not [cell for row in rows for cell in row if cell.startswith(start)]
    assert sum(cell.startswith("'") for row in rows for cell in row) == 3


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("", ""),
        (date(2026, 2, 6), "06-02-2026"),
        (7, "7"),
        ("5 - 1", "5 - 1"),
        ("\r\n=1", "'\n=1"),
        ("a\x00b", "a\ufffdb"),
    ],
)
def test_values_are_written(value, text):
    assert written(value) == text


@pytest.mark.parametrize("text", ['a;b"c', "En\nTo", "a\x00\ud800", "é😀"])
def test_any_text_can_be_read_again(text):
    document = documents.in_one_area([documents.make_initiative(report_text=text)], banner="")
    assert rows_of(made(document))[1][-1] == written(text)
