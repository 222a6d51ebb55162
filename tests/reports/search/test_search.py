"""Søg: which initiatives and editions are found, where, and by whom."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from core.characters import fold, in_one_line
from initiatives.sources import memory
from initiatives.sources.live import KeptDocument
from principles.models import Programme
from reports.editions import approval
from reports.search.search import Hit, excerpt, search, words_of
from tests.core.reading import html_of, text_of
from tests.factories import make_action, make_deadline
from tests.initiatives.steps import NOON, edit, read_initiative
from tests.query_counts import counted_queries
from tests.reports.editions.steps import ANNA, FEBRUARY, JANUARY, lock, path_of
from tests.reports.report import documents

PATH = "/soeg/"


def look(client: Client, text: str) -> str:
    response = client.get(PATH, {"tekst": text})
    assert response.status_code == 200
    return text_of(response)


def hits_of(text: str) -> list[Hit]:
    return search(KeptDocument(documents.february()), words_of(text))


# Without a database


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("kontraktanalyse", ["kontraktanalyse", "indkoebs-og-kontrakthaandbog"]),
        ("KONTRAKTANALYSE", ["kontraktanalyse", "indkoebs-og-kontrakthaandbog"]),
        ("ØST dialog", ["indberetninger-til-socialtilsynet"]),
        ("absalon", ["kompetenceudvikling"]),
        ("findesikke", []),
        ("kontraktanalyse absalon", []),
        ("   ", []),
    ],
)
def test_every_word_is_found_somewhere_in_the_initiative(text: str, keys: list[str]):
    assert [hit.key for hit in hits_of(text)] == keys


def test_a_hit_in_the_title_comes_first():
    hits = hits_of("skabelon")
    assert len(hits) > 0
    titled = ["skabelon" in "".join(p.text for p in hit.title).casefold() for hit in hits]
    assert titled == sorted(titled, reverse=True)


def test_a_match_by_the_dictionary_is_a_hit_too():
    hits = search(KeptDocument(documents.february()), ("xyz",), frozenset({"kontraktanalyse"}))
    assert [hit.key for hit in hits] == ["kontraktanalyse"]


def test_the_words_of_a_search_are_few_and_folded():
    assert words_of("Økonomi  økonomi STYRING") == ("økonomi", "styring")
    assert len(words_of(" ".join("abcdefghijkl"))) == 8
    assert words_of('»Kontraktanalyse«, "og" (§ 85). . /') == (
        *("kontraktanalyse", "og", "§", "85", ".", "/"),
    )


@given(st.text(max_size=400), st.lists(st.text(min_size=1, max_size=5), max_size=3))
def test_an_excerpt_is_a_part_of_its_text(text: str, words: list[str]):
    line = in_one_line(text)
    pieces = excerpt(text, tuple(folded for word in words if (folded := fold(word))))
    shown = "".join(piece.text for piece in pieces).removeprefix("… ").removesuffix(" …")
    assert shown in line
    assert len(shown) <= max(160, min(len(line), 160))


@pytest.mark.parametrize(
    "text", [f"{'x' * 150}økonomi{'y' * 20} slut", f"start {'x' * 50}økonomi{'y' * 120} slut"]
)
def test_the_hit_is_in_its_excerpt_however_long_its_word(text: str):
    pieces = excerpt(text, ("økonomi",))
    assert [piece.text for piece in pieces if piece.is_hit] == ["økonomi"]


# The page


def test_a_hit_is_shown_in_its_context(secretariat_client: Client):
    page = html_of(secretariat_client.get(PATH, {"tekst": "skabelon"}))
    assert '<a class="row-link" href="/initiativer/myndighedsbestilling/">' in page
    assert "<mark>skabelon</mark>" in page
    assert "Indsats:" in page


def test_capital_letters_make_no_difference_on_either_database(secretariat_client: Client):
    edit(read_initiative("kontraktanalyse"), title="Økonomi og styring")
    assert "Økonomi og styring" in look(secretariat_client, "økonomi")


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite knows no words")
def test_postgresql_finds_other_forms_of_a_word(secretariat_client: Client):
    assert connection.vendor == "postgresql"
    assert "Kontraktanalyse" in look(secretariat_client, "analyserne")


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite knows no words")
def test_postgresql_searches_each_table_separately(secretariat_client: Client):
    # A join of both tables would multiply the indsatser of an initiative by its deadlines.
    make_action(read_initiative("kontraktanalyse"), title="Vi tager på kanoture")
    make_action(read_initiative("kvalitetsmodel"), title="Vi er på kanotur", archived_at=NOON)
    make_deadline(read_initiative("kompetenceudvikling"), wording="Efter kanoturene")
    with CaptureQueriesContext(connection) as captured:
        text = look(secretariat_client, "kanoturen")
    assert "2 initiativer" in text
    assert "Kontraktanalyse" in text
    assert "Kompetenceudvikling" in text
    (by_stem,) = (sql for sql in counted_queries(captured) if "to_tsvector" in sql)
    for part in by_stem.split("UNION"):
        joined = {name for name in ("initiatives_action", "initiatives_deadline") if name in part}
        assert len(joined) <= 1, part


@pytest.mark.parametrize("is_kept", [False, True])
def test_a_search_takes_at_most_14_queries(
    secretariat_client: Client, programme: Programme, is_kept: bool
):
    for month in (JANUARY, FEBRUARY):
        lock(programme, month=month, with_files=None)
    memory.forget()
    if is_kept:
        look(secretariat_client, "skabelon")
    with CaptureQueriesContext(connection) as captured:
        look(secretariat_client, "skabelon")
    queries = counted_queries(captured)
    assert len(queries) <= 14
    read = [sql for sql in queries if '"reports_edition"."document"' in sql]
    assert len(read) == (0 if is_kept else 1)


def test_the_newest_edition_of_a_month_is_searched(
    secretariat_client: Client, programme: Programme
):
    lock(programme, month=JANUARY, with_files=None)
    edit(read_initiative("kontraktanalyse"), ask="Hvad med ordet kanotur?")
    lock(programme, month=JANUARY, correction="Et spørgsmål.", with_files=None)
    text = look(secretariat_client, "kanotur")
    assert "Udgave 2, januar 2026 1 initiativ" in text
    assert "Udgave 1" not in text


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("udgave 1", True),
        ("Udgave 1, januar 2026", True),
        ("statusopgørelse januar", True),
        ("Statusopgørelsen for januar 2026", True),
        ("statusopgørelser", True),
        ("JANUAR 2026", True),
        ("september 2026", False),
        ("udgave 2", False),
        ("udgave 20", False),
        ("januar 2025", False),
        ("dgave 1", False),
    ],
)
def test_a_report_is_found_by_its_name(
    secretariat_client: Client, programme: Programme, typed: str, is_found: bool
):
    edition = lock(programme, month=JANUARY, with_files=None)
    page = html_of(secretariat_client.get(PATH, {"tekst": typed}))
    assert (f'href="{path_of(edition)}"' in page) == is_found


def test_an_edition_that_was_corrected_is_found_by_its_name_too(
    secretariat_client: Client, programme: Programme
):
    lock(programme, month=JANUARY, with_files=None)
    lock(programme, month=JANUARY, correction="En fejl.", with_files=None)
    assert "Udgave 2" not in look(secretariat_client, "udgave 1")
    text = look(secretariat_client, "januar 2026")
    assert text.index("Udgave 2") < text.index("Udgave 1")


def test_a_search_without_hits_says_so(secretariat_client: Client):
    sentence = "Ingen resultater for »qwerty«. Prøv et kortere eller et andet ord."
    assert sentence in look(secretariat_client, "qwerty")
    assert "Ingen resultater" not in text_of(secretariat_client.get(PATH))


def test_internal_notes_are_not_searched(secretariat_client: Client):
    edit(read_initiative("kontraktanalyse"), internal_notes="Hemmelighed")
    assert "Ingen resultater" in look(secretariat_client, "Hemmelighed")


def test_a_reader_finds_published_editions_alone(
    reader_client: Client, secretariat_client: Client, programme: Programme
):
    edition = lock(programme, month=JANUARY, with_files=None)
    for typed in ("skabelon", "januar 2026"):
        assert "Ingen resultater" in look(reader_client, typed)
    assert "Udgave 1, januar" in look(secretariat_client, "skabelon")
    approval.approve(edition, meeting_on=JANUARY, actor=ANNA, at=NOON)
    edition.refresh_from_db()
    approval.publish(edition, actor=ANNA, at=NOON)
    text = look(reader_client, "»skabelon«")
    assert "Udgave 1, januar 2026 1 initiativ Myndighedsbestilling" in text
    assert "Planen nu" not in text
    assert "Udgave 1, januar" in look(reader_client, "januar 2026")


def test_text_that_no_database_accepts_is_not_searched_for(secretariat_client: Client):
    assert secretariat_client.get(PATH, {"tekst": "kontrakt\0analyse"}).status_code == 400


def test_markup_is_found_as_text(secretariat_client: Client):
    edit(read_initiative("kontraktanalyse"), title="<b>Fed</b> analyse")
    page = html_of(secretariat_client.get(PATH, {"tekst": "<b>fed"}))
    assert "<mark>&lt;b&gt;Fed</mark>" in page


def test_an_edition_names_the_first_of_its_hits(secretariat_client: Client, programme: Programme):
    lock(programme, month=JANUARY, with_files=None)
    text = look(secretariat_client, "udvikling")
    assert re.search(r"Udgave 1, januar 2026 \d initiativer \w.*, .*, .* og \d andre", text)
