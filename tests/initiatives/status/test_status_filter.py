"""The filter of the status table: principle, status and text, in the address."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from principles.models import ActionArea, Programme
from tests.core.reading import Form, forms_of, html_of, initiatives_in, text_of
from tests.factories import make_action, make_initiative
from tests.initiatives.steps import edit, judge, read_initiative

EMPTY = "Ingen initiativer passer til filteret. Ryd filtre"


def matches(client: Client, query: str) -> list[str]:
    return initiatives_in(client.get(f"/status/?{query}"))


def counts(response) -> list[tuple[int, str, str]]:
    """Return number, word and address of each cell of the status filter."""
    (block,) = re.findall(r'(?s)<ul class="counts.*?</ul>', html_of(response))
    cells = re.findall(r'(?s)<a class="count" href="([^"]*)"[^>]*>(.*?)</a>', block)
    read = []
    for href, inside in cells:
        number, _, word = text_of(inside).partition(" ")
        read.append((int(number), word, unescape(href)))
    return read


def test_filter_by_principle(group_client: Client):
    assert matches(group_client, "princip=kvalitet") == [
        "kompetenceudvikling",
        "myndighedsbestilling",
        "bestillingsportal",
        "faelles-postkasse",
        "kvalitetsmodel",
    ]


def test_filter_by_status(group_client: Client):
    assert matches(group_client, "status=minor_deviations") == ["myndighedsbestilling"]
    assert matches(group_client, "status=not_reported") == ["ommaerkning-og-nedlukning"]


@pytest.mark.parametrize(
    ("state", "words", "number"),
    [
        ("paa-pause", "initiativer på pause", 2),
        ("afventer", "afventende initiativer", 2),
        ("ivaerksat", "iværksatte initiativer", 11),
    ],
)
def test_filter_by_state(group_client: Client, state: str, words: str, number: int):
    page = group_client.get(f"/status/?tilstand={state}")
    assert len(initiatives_in(page)) == number
    assert f"Kun {words}" in text_of(page)
    # The cells count the same rows, and the form keeps the state.
    assert sum(count for count, _, _ in counts(page)) == number
    assert all(f"tilstand={state}" in address for _, _, address in counts(page))
    (form,) = (form for form in forms_of(page) if "tekst" in form.data)
    assert form.data["tilstand"] == state
    page = group_client.get(f"/status/?tilstand={state}&pr=2026-02-26")
    assert len(initiatives_in(page)) == number


@pytest.mark.parametrize("state", ["x", "paused", "PAA-PAUSE"])
def test_an_unknown_state_is_no_filter(group_client: Client, state: str):
    assert len(matches(group_client, f"tilstand={state}")) == 14


def test_filter_by_text_in_title_indsats_and_deadline(group_client: Client):
    assert matches(group_client, "tekst=leverandørliste") == ["leverandoerliste"]
    assert "indkoebs-og-kontrakthaandbog" in matches(group_client, "tekst=kontraktdel")
    assert matches(group_client, "tekst=råskitse+til+en+bestillingsportal") == ["bestillingsportal"]
    assert matches(group_client, "tekst=3.+kvartal+2026") == ["kompetenceudvikling"]


def test_filter_by_text_in_ask_reason_and_area(group_client: Client, programme: Programme):
    judge("kontraktanalyse", "completed", "Overdraget til driften.")
    assert matches(group_client, "tekst=overdraget+til+driften") == ["kontraktanalyse"]
    assert matches(group_client, "tekst=initiativet+lukkes") == ["bestillingsportal"]
    assert matches(group_client, "tekst=ommærkning+af+bo-") == ["ommaerkning-og-nedlukning"]


@pytest.mark.parametrize("typed", ["økonomi", "Økonomi", "ØKONOMI", "  økonomi  ", "øKoNoMi"])
@pytest.mark.parametrize("written", ["Økonomi", "økonomi", "ØKONOMISK overblik"])
def test_capitals_do_not_matter_in_danish(
    group_client: Client, programme: Programme, typed: str, written: str
):
    initiative = make_initiative(ActionArea.objects.get(key="d"), title=written)
    assert initiative.key in matches(group_client, f"tekst={typed}")


def test_several_blanks_count_as_one(group_client: Client):
    assert matches(group_client, "tekst=nyt++diplommodul") == ["kompetenceudvikling"]


def test_words_on_two_lines_or_with_a_hard_blank_between_are_found(
    group_client: Client, programme: Programme
):
    edit(
        read_initiative("kontraktanalyse"), ask="Skal vi udvide\nprojektet i\N{NO-BREAK SPACE}maj?"
    )
    for typed in ("udvide+projektet", "projektet+i+maj"):
        assert matches(group_client, f"tekst={typed}") == ["kontraktanalyse"]


def test_an_invalid_year_is_no_filter(group_client: Client, programme: Programme):
    assert len(matches(group_client, "aar=0000")) == len(
        matches(group_client, "aar=0000&pr=2026-02-26")
    )
    assert len(matches(group_client, "aar=0000")) == 14


def test_an_archived_line_is_not_found(group_client: Client, programme: Programme):
    initiative = make_initiative(ActionArea.objects.get(key="d"))
    action = make_action(initiative, title="Enestående ord")
    assert matches(group_client, "tekst=enestående") == [initiative.key]
    edit(action, archived_at="2026-02-26T12:00:00Z")
    assert matches(group_client, "tekst=enestående") == []


@pytest.mark.parametrize("client_name", ["group_client", "secretariat_client"])
def test_internal_notes_are_not_searched(request, client_name: str, programme: Programme):
    edit(read_initiative("kontraktanalyse"), internal_notes="Hemmeligord")
    assert matches(request.getfixturevalue(client_name), "tekst=hemmeligord") == []


def test_filters_are_combined(group_client: Client):
    assert matches(group_client, "princip=kvalitet&status=on_track") == [
        "kompetenceudvikling",
        "faelles-postkasse",
    ]
    assert matches(group_client, "princip=kvalitet&status=completed") == []
    assert matches(group_client, "princip=botilbud&tekst=råskitse") == ["ommaerkning-og-nedlukning"]


def test_filter_by_not_updated(group_client: Client):
    assert matches(group_client, "mangler=1") == [
        "indkoebs-og-kontrakthaandbog",
        "kompetenceudvikling",
        "kvalitetsmodel",
        "ommaerkning-og-nedlukning",
    ]


@pytest.mark.parametrize(
    "query",
    [
        "princip=findes-ikke",
        "status=grøn",
        "status=NOT_REPORTED",
        "tekst=qqqqq",
        "princip=kvalitet&status=completed",
        "status=%3Cscript%3E",
    ],
)
def test_a_filter_that_matches_nothing_says_so(group_client: Client, query: str):
    response = group_client.get(f"/status/?{query}")
    assert response.status_code == 200
    assert initiatives_in(response) == []
    assert EMPTY in text_of(response)
    assert "<script>alert" not in html_of(response)


@pytest.mark.parametrize("query", ["", "princip=", "status=", "tekst=", "tekst=+++", "andet=1"])
def test_an_empty_filter_is_no_filter(group_client: Client, query: str):
    assert len(matches(group_client, query)) == 14


def filter_form(response: Any) -> Form:
    """Return the filter's form. The date box's form has the filters as hidden fields."""
    (form,) = (f for f in forms_of(response) if "tekst" in f.data and "pr" not in f.data)
    return form


def test_the_form_shows_what_is_chosen(group_client: Client):
    response = group_client.get("/status/?princip=kvalitet&status=on_track&tekst=Fælles")
    form = filter_form(response)
    assert form.method == "get"
    assert form.data == {"princip": "kvalitet", "status": "on_track", "tekst": "Fælles"}
    assert "Ryd filtre" in text_of(response)


def test_a_typed_filter_is_shown_as_text(group_client: Client):
    response = group_client.get('/status/?tekst="><script>alert(1)</script>')
    assert "<script>alert" not in html_of(response)
    assert filter_form(response).data["tekst"] == '"><script>alert(1)</script>'


@pytest.mark.parametrize(
    "query",
    [
        "",
        "princip=kvalitet",
        "status=on_track",
        "princip=kontrakter-og-takster&status=on_track",
        "tekst=kontrakt",
        "tekst=qqqqq",
        "princip=botilbud&tekst=af&status=completed",
        "mangler=1",
        "princip=findes-ikke",
    ],
)
def test_every_number_counts_the_rows_behind_its_link(group_client: Client, query: str):
    cells = counts(group_client.get(f"/status/?{query}"))
    chosen = re.search("status=([a-z_]+)", query)
    assert len(cells) == 7
    for number, word, address in cells:
        rows = initiatives_in(group_client.get(address))
        if chosen and f"status={chosen[1]}" not in address and "status=" not in address:
            # The chosen cell links to all rows, but its number counts the rows shown.
            assert number == len(initiatives_in(group_client.get(f"/status/?{query}"))), word
        else:
            assert number == len(rows), word


def test_the_seven_numbers_add_up(group_client: Client):
    cells = counts(group_client.get("/status/"))
    assert [word for _, word, _ in cells] == [
        "Ikke iværksat",
        "Forløber efter planen",
        "Mindre afvigelser",
        "Betydelige afvigelser",
        "Anbefales nedlukket",
        "Udført og afsluttet",
        "Ikke oplyst",
    ]
    assert [number for number, _, _ in cells] == [2, 7, 1, 1, 1, 1, 1]


def test_the_number_not_updated_counts_the_rows_behind_its_link(group_client: Client):
    page = html_of(group_client.get("/status/?princip=kvalitet&status=on_track"))
    ((address, number),) = re.findall(
        r'<a href="([^"]*)">Ikke opdateret til februar: (\d+)</a>', page
    )
    assert len(initiatives_in(group_client.get(unescape(address)))) == int(number) == 4


def test_the_address_can_be_shared(group_client: Client, secretariat_client: Client):
    query = "princip=kvalitet&tekst=udvikling"
    assert matches(group_client, query) == matches(secretariat_client, query) != []
