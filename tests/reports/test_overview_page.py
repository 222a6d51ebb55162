"""Overblik as it is served: who sees it, its blocks, and every count with the rows behind it."""

import gzip
import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from initiatives.models import Initiative
from principles.models import ActionArea, Programme, ProgrammeYear
from reports.overview_views import statuses_by_month
from tests.conftest import OtherProgramme
from tests.core.reading import html_of, initiatives_in, text_of
from tests.factories import make_initiative
from tests.initiatives.steps import edit, judge, the
from tests.performance.growing import grow
from tests.reports.editions import FEBRUARY, JANUARY, lock

HEADINGS = [
    "Til beslutning",
    "Ændret siden sidst",
    "Kræver opmærksomhed",
    "Status i tal",
    "Deadlines de næste 60 dage",
    "Udvikling",
]
COUNT = re.compile(
    r'<a class="row-link" href="(/status/[^"]*)">(?:<span class="sr-only">[^<]*</span>)?([\d.]+)'
)
# Parts of the addresses that must be among the counted ones.
COUNTED = ("status=on_track", "princip=kvalitet", "aar=2025", "aar=2026", "princip=botilbud")


@pytest.fixture
def edition(programme: Programme) -> Any:
    return lock(programme, month=JANUARY, with_files=False)


def section(page: str, heading: str) -> str:
    """The markup of one block."""
    (found,) = re.findall(rf'(?s)<section[^>]* aria-labelledby="{heading}">.*?</section>', page)
    return found


def get(client: Client, path: str = "/") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return html_of(response)


def test_the_blocks_stand_in_their_order(group_client: Client):
    page = get(group_client)
    assert re.findall(r"<h2[^>]*>([^<]*)</h2>", page) == HEADINGS
    assert "<title>Overblik – " in page
    assert "Torsdag den 26. februar 2026" in text_of(page).replace("\N{NO-BREAK SPACE}", " ")


def test_a_reader_is_sent_to_the_newest_edition(reader_client: Client):
    assert reader_client.get("/")["Location"] == "/statusopgoerelser/nyeste/"
    path = "/program/udviklingsprogrammet"
    assert reader_client.get(f"{path}/")["Location"] == f"{path}/statusopgoerelser/nyeste/"


def test_the_menu_begins_with_it(group_client: Client, reader_client: Client):
    assert '<li><a href="/" aria-current="page">Overblik</a></li>' in get(group_client)
    assert 'aria-current="page">Overblik' not in get(group_client, "/status/")
    assert ">Overblik<" not in html_of(reader_client.get("/", follow=True))


def test_what_is_to_be_decided(group_client: Client):
    block = section(get(group_client), "til-beslutning")
    assert "4 punkter" in text_of(block)
    assert re.findall(r"<h3>([^<]*)</h3>", block) == [
        "Skal initiativet lukkes?",
        "Skal pausen fortsætte, eller skal leverandørlisten udgå af kommissoriet?",
        "Kan udkastet til fælleskommunal principbeslutning om indkøb godkendes?",
        "Kan kommissoriet godkendes?",
    ]


def test_it_is_compared_with_the_newest_edition_of_an_earlier_month(
    group_client: Client, programme: Programme, edition: Any
):
    lock(programme, month=FEBRUARY, with_files=False)
    block = section(get(group_client), "aendret")
    # Takstoversigt is among them: the programme's own source says so of February.
    assert "6 ændringer siden udgave 1, januar 2026." in text_of(block)
    assert block.count("<tr>") == 6 + 1
    (address,) = re.findall(r'href="([^"]*)">Sammenlign', block)
    address = unescape(address)
    assert address == "/statusopgoerelser/sammenlign/?fra=2026-01-udgave-1&til=nu"
    said = text_of(group_client.get(address)).replace("\N{NO-BREAK SPACE}", " ")
    assert "Fra udgave 1, januar 2026" in said


def test_without_an_edition(group_client: Client):
    text = text_of(section(get(group_client), "aendret"))
    assert text == ("Ændret siden sidst Der er endnu ingen tidligere udgave at sammenligne med.")


def test_an_empty_plan_says_so_in_each_block(
    other_secretariat_client: Client, other_programme: OtherProgramme
):
    page = get(other_secretariat_client, "/program/andet-program/")
    sentences = {
        "til-beslutning": "Der er intet til beslutning lige nu.",
        "aendret": "Der er endnu ingen tidligere udgave at sammenligne med.",
        "opmaerksomhed": "1 initiativ har ingen status.",
        "deadlines": "Ingen deadlines de næste 60 dage.",
        "udvikling": "Udviklingen vises, når der er status for mindst tre måneder.",
    }
    for heading, sentence in sentences.items():
        assert sentence in text_of(section(page, heading))
    assert "Kontraktanalyse" not in page


# Every number leads to its rows


def counted(page: str) -> set[tuple[str, int]]:
    return {(unescape(href), int(number.replace(".", ""))) for href, number in COUNT.findall(page)}


def test_every_count_is_the_number_of_rows_behind_its_link(group_client: Client, edition: Any):
    found = counted(get(group_client))
    addresses = [address for address, _ in found]
    for part in COUNTED:
        assert any(part in address for address in addresses), part
    assert ("/status/", 14) in found
    wrong = {
        address: (number, rows)
        for address, number in found
        if (rows := len(initiatives_in(group_client.get(address)))) != number
    }
    assert len(found) > 25
    assert wrong == {}


def test_no_two_addresses_count_the_same_rows_differently(group_client: Client):
    found = counted(get(group_client))
    assert len({address for address, _ in found}) == len(found)


def test_the_deadlines_are_those_of_their_own_page(group_client: Client):
    mine = section(get(group_client), "deadlines")
    (address,) = re.findall(r'href="([^"]*)">Se alle deadlines', mine)
    theirs = section(get(group_client, address), "kommende")
    row = re.compile(r'(?s)<b>([^<]*)</b>.*?<a class="row-link" href="([^"]*)"')
    assert row.findall(mine) == row.findall(theirs) != []


def test_those_without_a_status_are_behind_one_link(group_client: Client):
    block = section(get(group_client), "opmaerksomhed")
    (address, number) = re.findall(r'href="([^"]*)">(\d+) initiativ har ingen status', block)[0]
    assert len(initiatives_in(group_client.get(unescape(address)))) == int(number) == 1


def test_every_link_of_the_page_leads_somewhere(group_client: Client, edition: Any):
    page = get(group_client)
    main = page[page.index("<main") : page.index("</main>")]
    for address in set(re.findall(r'<a[^>]* href="(/[^"]*)"', main)):
        assert group_client.get(unescape(address)).status_code == 200, address


# The status table by year


def test_the_status_table_by_year(group_client: Client, programme: Programme):
    years = ProgrammeYear.objects.of(programme).filter(year=2026)
    expected = Initiative.objects.filter(area__in=years.values("area")).count()
    page = group_client.get("/status/?aar=2026")
    assert len(initiatives_in(page)) == expected > 0
    assert "Kun program 2026" in text_of(page)
    assert '<input type="hidden" name="aar" value="2026">' in html_of(page)
    links = re.findall(r'class="count" href="([^"]*)"', html_of(page))
    assert all("aar=2026" in link for link in links)


@pytest.mark.parametrize("year", ["", "x", "20260", "２０２６", "0000", "-1"])
def test_a_bad_year_is_no_filter_or_finds_nothing(group_client: Client, year: str):
    response = group_client.get("/status/", {"aar": year})
    assert len(initiatives_in(response)) in (0, 14)


# Udvikling


def test_the_newest_judgement_up_to_each_month(programme: Programme):
    judge("kontraktanalyse", "completed", "Afleveret.", month=FEBRUARY)
    found = statuses_by_month(programme, FEBRUARY)
    assert found.months[0] == date(2025, 3, 1)
    assert found.months[-1] == FEBRUARY
    assert found.statuses["kontraktanalyse"] == (
        *["not_reported"] * 7,
        *("on_track", "minor_deviations", "on_track", "on_track", "completed"),
    )
    with CaptureQueriesContext(connection) as captured:
        statuses_by_month(programme, FEBRUARY)
    assert len(captured) == 1


def test_each_initiative_has_its_strip(group_client: Client):
    block = section(get(group_client), "udvikling")
    assert block.count('class="ov-strip"') == 14
    assert "November 2025: Mindre afvigelser." in unescape(block).replace("\N{NO-BREAK SPACE}", " ")
    twin = block[block.index("<details") :]
    assert twin.count('<th scope="row">') == 14 + 7


# Hostile words, weight and size


def test_words_are_escaped(group_client: Client, programme: Programme):
    edit(the("kontraktanalyse"), title="<script>x</script>", ask='"><img src=x>?')
    page = get(group_client)
    assert "<script>x" not in page
    assert "<img" not in page
    assert "&lt;script&gt;x" in page


def test_no_style_no_script_no_foreign_address(group_client: Client):
    page = get(group_client)
    main = page[page.index("<main") : page.index("</main>")]
    assert not re.search(r"style=|<script|<style|https?://| on[a-z]+=", main)


def test_it_weighs_less_than_30_kb(secretariat_client: Client, edition: Any):
    weight = len(gzip.compress(secretariat_client.get("/").content, 6))
    print(f"{weight / 1000:.1f} KB")  # noqa: T201 - the figure is the point
    assert weight <= 30_000


def rows_said(page: str) -> set[int]:
    """Every number in the text of a page."""
    return {int(number.replace(".", "")) for number in re.findall(r"\d+(?:\.\d{3})*", page)}


@pytest.mark.slow
def test_at_2000_every_cut_list_says_so(group_client: Client, programme: Programme):
    grow(programme, 2000)
    page = get(group_client)
    block = section(page, "udvikling")
    assert block.count('class="ov-strip"') == 100
    assert "100 af 2.000 initiativer" in text_of(block)
    shown = section(page, "til-beslutning").count("<h3>")
    assert shown <= 50
    for address, number in counted(page):
        if "aar=" not in address and number:
            said = text_of(group_client.get(address))
            assert number in rows_said(said), address
    complete = get(group_client, "/?alle=1")
    assert section(complete, "udvikling").count('class="ov-strip"') == 2000


def test_two_programmes_do_not_meet(group_client: Client, other_programme: OtherProgramme):
    make_initiative(other_programme.area, title="Hemmeligt", ask="Må vi?")
    assert "Hemmeligt" not in get(group_client)
    assert ActionArea.objects.filter(principle__programme=other_programme.programme).exists()
