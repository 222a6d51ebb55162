"""Statustabellen: the table of February from the live plan."""

import json
import re
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import writing
from initiatives.models import Initiative
from principles.models import ActionArea, Principle, Programme
from tests.conftest import OtherProgramme
from tests.core.reading import forms_of, html_of, initiatives_in, text_of
from tests.factories import insert_many
from tests.initiatives.steps import BO, NOON, edit, read_initiative

DATA = json.loads((settings.BASE_DIR / "fixtures" / "programme.json").read_text("utf-8"))
AREAS = [area for principle in DATA["principles"] for area in principle["areas"]]
INITIATIVES = [initiative for area in AREAS for initiative in area["initiatives"]]


def in_order(text: str, wordings: list[str]) -> None:
    """Check that each of `wordings` is in `text`, one after the other."""
    at = 0
    for wording in wordings:
        position = text.find(" ".join(wording.split()), at)
        assert position >= 0, wording
        at = position + 1


def many_more(number: int) -> None:
    """Insert initiatives of which only the number matters."""
    area = ActionArea.objects.get(key="d")
    rows: list[Any] = [
        Initiative(key=f"flere-{n}", title=f"Flere {n}", area=area, position=100 + n, version=1)
        for n in range(number)
    ]
    insert_many(rows)


def test_every_wording_of_the_report_is_there_in_its_order(group_client: Client):
    text = text_of(group_client.get("/status/"))
    wordings = []
    for principle in DATA["principles"]:
        wordings.append(principle["title"])
        for area in principle["areas"]:
            if area["initiatives"]:
                wordings.append(area["title"])
            for initiative in area["initiatives"]:
                wordings.append(initiative["title"])
                wordings += [action["title"] for action in initiative["actions"]]
                wordings += [deadline["wording"] for deadline in initiative["deadlines"]]
    assert len(wordings) == 3 + 10 + 14 + 24 + 22
    in_order(text, wordings)


def test_the_rows_are_the_fourteen_in_order(group_client: Client):
    assert initiatives_in(group_client.get("/status/")) == [item["key"] for item in INITIATIVES]


def test_the_lead_paragraph_counts_the_programme(group_client: Client):
    text = text_of(group_client.get("/status/"))
    assert "Februar 2026. 14 initiativer i 10 indsatsområder under 3 principper" in text
    assert "10 af 14 opdateret til februar" in text
    assert "Ikke opdateret til februar: 4" in text


def test_every_status_is_a_word(group_client: Client):
    page = html_of(group_client.get("/status/"))
    for item in INITIATIVES:
        (cell,) = re.findall(
            rf'(?s)<div id="status-{item["key"]}".*?</svg><span>(.*?)</span>', page
        )
        initiative = read_initiative(item["key"])
        expected = initiative.get_status_display() if initiative.status else "Ikke oplyst"
        assert cell == expected


def test_the_columns_are_the_programmes(group_client: Client):
    page = html_of(group_client.get("/status/"))
    heads = re.findall(r'<th scope="col">(.*?)</th>', page)
    assert heads == ["Initiativer", "Indsatser", "Deadline", "Status"] * 3
    for label in ("Indsatser", "Deadline", "Status"):
        assert page.count(f'data-title="{label}"') == 14


def test_a_deadline_has_its_fact_as_a_chip(group_client: Client):
    text = text_of(group_client.get("/status/"))
    for chip in (
        "Ny deadline Juridisk og skematisk overblik",
        "Forelægges Forelægges Implementeringsgruppen til godkendelse den 20. januar 2026",
        "På pause Leverandørliste er sat på pause",
        "Afventer Afventer godkendelse af kommissorium i implementeringsgruppen",
        "Hændelse 12. januar: Udmeldt ny procentsats",
        "Ingen deadline Dialog med Socialtilsyn Øst - Ingen deadline",
        "Afsluttet Indgåelse af partnerskabsaftale. Afsluttet",
        "Deadline Opstart 26. januar: Afprøvning",
    ):
        assert chip in text


def test_facts_beside_the_status_are_no_seventh_status(group_client: Client):
    page = html_of(group_client.get("/status/"))

    def cell(key: str) -> str:
        (cell,) = re.findall(
            rf'(?s)<td class="cell-status"[^>]*><div id="status-{key}".*?</td>', page
        )
        return text_of(cell)

    assert cell("leverandoerliste").startswith("Betydelige afvigelser På pause")
    assert "Afventer" in cell("takstoversigt")
    assert "Intet godkendt kommissorium" in cell("kvalitetsmodel")
    assert "På pause" not in cell("kontraktanalyse")


def test_a_value_that_is_not_registered_says_so(group_client: Client):
    text = text_of(group_client.get("/status/"))
    assert text.count("Der er ikke registreret indsatser.") == 2


def test_each_row_says_what_was_done_this_month(group_client: Client):
    text = text_of(group_client.get("/status/"))
    assert "Bekræftet uændret den" in text
    assert "af Anna Eksempel" in text
    assert text.count("Ikke opdateret til februar 2026") == 4


# Roles


def test_the_secretariat_has_links_to_edit(secretariat_client: Client):
    page = html_of(secretariat_client.get("/status/"))
    for item in INITIATIVES:
        assert f'href="/initiativer/{item["key"]}/status/?fra=tabel"' in page
        assert f'hx-get="/initiativer/{item["key"]}/status/?fra=tabel"' in page
    assert 'Ret status<span class="sr-only"> for Kontraktanalyse</span>' in page


def test_uaendret_is_offered_where_it_makes_sense(secretariat_client: Client):
    page = html_of(secretariat_client.get("/status/"))
    offered = set(re.findall(r'action="/initiativer/([a-z-]+)/uaendret/\?maaned=2026-02"', page))
    assert offered == {
        "indkoebs-og-kontrakthaandbog",
        "kompetenceudvikling",
        "kvalitetsmodel",
    }
    undone = set(re.findall(r'action="/initiativer/([a-z-]+)/fortryd/\?maaned=2026-02"', page))
    assert undone == {
        "kontraktanalyse",
        "indberetninger-til-socialtilsynet",
        "faelles-postkasse",
        "offentligt-privat-partnerskab",
    }


def test_the_group_sees_the_table_without_links_to_edit(group_client: Client):
    response = group_client.get("/status/")
    page = html_of(response)
    assert len(initiatives_in(response)) == 14
    for trace in ("Ret status", "Uændret<", "Fortryd", "/ret/", "hx-post", "hx-get", "edit-row"):
        assert trace not in page
    posting = [form.action for form in forms_of(response) if form.method == "post"]
    assert set(posting) == {"/konto/log-ud/", "/konto/bliv-logget-ind/"}


def test_a_reader_sees_one_sentence(reader_client: Client):
    for path in ("/", "/status/"):
        response = reader_client.get(path, follow=True)
        text = text_of(response)
        assert response.status_code == 200
        assert "Der er endnu ingen godkendt statusopgørelse." in text
        assert "Kontraktanalyse" not in text
        assert "Fælles om" not in text


def test_links_keep_the_programme_in_the_address(secretariat_client: Client):
    page = html_of(secretariat_client.get("/program/udviklingsprogrammet/status/"))
    links = re.findall(r'(?:href|action|hx-get|hx-post)="(/[^"]*)"', page)
    others = [
        link for link in links if not re.match("/(program|static|konto|admin|was|priv)", link)
    ]
    assert others == []


def test_another_programme_has_a_table_of_its_own(
    other_secretariat_client: Client, other_programme: OtherProgramme
):
    response = other_secretariat_client.get("/program/andet-program/status/")
    assert initiatives_in(response) == [other_programme.initiative.key]
    assert "Kontraktanalyse" not in text_of(response)


# Changes of the plan


def test_renaming_moving_and_archiving_show_at_once(group_client: Client, programme: Programme):
    edit(read_initiative("kontraktanalyse"), title="Analyse af kontrakter")
    edit(read_initiative("bestillingsportal"), position=0.5)
    gone = read_initiative("leverandoerliste")
    writing.archive(gone, version=gone.version, actor=BO, reason="", at=NOON)
    edit(Principle.objects.get(key="botilbud"), position=0.5)
    response = group_client.get("/status/")
    keys = initiatives_in(response)
    text = text_of(response)
    assert "Analyse af kontrakter" in text
    assert "13 initiativer" in text
    assert "leverandoerliste" not in keys
    assert keys.index("bestillingsportal") < keys.index("myndighedsbestilling")
    assert keys[0] == "ommaerkning-og-nedlukning"


def test_the_initiatives_of_an_archived_principle_are_left_out(
    group_client: Client, programme: Programme
):
    principle = Principle.objects.get(key="botilbud")
    writing.archive(principle, version=principle.version, actor=BO, reason="", at=NOON)
    text = text_of(group_client.get("/status/"))
    assert "11 initiativer i 7 indsatsområder under 2 principper" in text


def test_an_empty_plan_has_no_counts(group_client: Client, programme: Programme):
    for principle in Principle.objects.of(programme):
        writing.archive(principle, version=principle.version, actor=BO, reason="", at=NOON)
    response = group_client.get("/status/")
    text = text_of(response)
    assert "Februar 2026. Ingen initiativer" in text
    assert "indsatsområder under" not in text
    assert "opdateret til" not in text
    assert 'id="progress"' not in html_of(response)
    assert "Planen har ingen initiativer." in text


def test_the_top_level_has_the_programmes_own_word(group_client: Client, programme: Programme):
    edit(programme, top_level_label="Fokusområde", top_level_label_plural="Fokusområder")
    text = text_of(group_client.get("/status/"))
    assert "under 3 fokusområder" in text
    assert "Fokusområde Alle" in text


# A hundred rows a page


def test_a_page_has_a_hundred_rows(group_client: Client, programme: Programme):
    many_more(100)
    first, second = (group_client.get(f"/status/?side={side}") for side in (1, 2))
    assert len(initiatives_in(first)) == 100
    assert len(initiatives_in(second)) == 14
    assert not set(initiatives_in(first)) & set(initiatives_in(second))
    assert "114 initiativer" in text_of(first)
    for response in (first, second):
        assert 'rel="next"' in html_of(response) or 'rel="prev"' in html_of(response)


def test_exactly_a_hundred_rows_are_one_page(group_client: Client, programme: Programme):
    many_more(86)
    response = group_client.get("/status/")
    assert len(initiatives_in(response)) == 100
    assert 'aria-label="Sider"' not in html_of(response)


@pytest.mark.parametrize(("side", "rows"), [("0", 14), ("99", 14), ("abc", 100), ("-1", 14)])
def test_a_page_number_out_of_range_gives_the_nearest_page(
    group_client: Client, programme: Programme, side: str, rows: int
):
    many_more(100)
    assert len(initiatives_in(group_client.get(f"/status/?side={side}"))) == rows


def test_pages_keep_the_filter(group_client: Client, programme: Programme):
    many_more(120)
    page = html_of(group_client.get("/status/?princip=kvalitet"))
    assert 'href="?princip=kvalitet&amp;side=2"' in page
    assert len(initiatives_in(group_client.get("/status/?princip=kvalitet&side=2"))) == 25


# What it costs


def queries(client: Client, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return [
        query["sql"]
        for query in captured.captured_queries
        if not re.match("SAVEPOINT|RELEASE|BEGIN|COMMIT", query["sql"])
    ]


def test_the_table_takes_the_same_few_queries_whatever_its_size(
    secretariat_client: Client, programme: Programme
):
    queries(secretariat_client, "/status/")
    small = queries(secretariat_client, "/status/")
    many_more(60)
    after_a_write = queries(secretariat_client, "/status/")
    large = queries(secretariat_client, "/status/")
    assert len(after_a_write) <= 14
    assert len(small) == len(large) <= 8
