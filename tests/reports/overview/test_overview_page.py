"""Overblik as it is served: who sees it, its blocks, and every count with the rows behind it."""

import gzip
import re
from collections.abc import Iterator
from datetime import date, datetime
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.clock import COPENHAGEN
from core.danish import thousands
from initiatives.models import Initiative
from initiatives.sources.live import build_live
from principles.models import ActionArea, Programme, ProgrammeYear
from reports.overview.views import statuses_by_month
from tests.conftest import OtherProgramme
from tests.core.reading import html_of, initiatives_in, text_of
from tests.factories import make_initiative
from tests.initiatives.steps import edit, judge, read_initiative
from tests.performance.growing import MANY, grow
from tests.reports.editions.steps import FEBRUARY, JANUARY, lock

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
# Parts of addresses that must be among those whose rows are counted.
COUNTED = ("status=on_track", "princip=kvalitet", "aar=2025", "aar=2026", "princip=botilbud")


@pytest.fixture
def edition(programme: Programme) -> Any:
    return lock(programme, month=JANUARY, with_files=False)


def section(page: str, heading: str) -> str:
    """Return the markup of one block of the page."""
    (block,) = re.findall(rf'(?s)<section[^>]* aria-labelledby="{heading}">.*?</section>', page)
    return block


def get(client: Client, path: str = "/") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return html_of(response)


def test_the_blocks_are_in_their_order(group_client: Client):
    page = get(group_client)
    assert re.findall(r"<h2[^>]*>([^<]*)</h2>", page) == HEADINGS
    assert "<title>Overblik – " in page
    assert "Torsdag den 26. februar 2026" in text_of(page).replace("\N{NO-BREAK SPACE}", " ")


def test_a_reader_is_sent_to_the_newest_edition(reader_client: Client):
    assert reader_client.get("/")["Location"] == "/statusopgoerelser/nyeste/"
    path = "/program/udviklingsprogrammet"
    assert reader_client.get(f"{path}/")["Location"] == f"{path}/statusopgoerelser/nyeste/"


def test_the_menu_begins_with_overblik(group_client: Client, reader_client: Client):
    assert '<li><a href="/" aria-current="page">Overblik</a></li>' in get(group_client)
    assert 'aria-current="page">Overblik' not in get(group_client, "/status/")
    assert ">Overblik<" not in html_of(reader_client.get("/", follow=True))


def test_the_decisions_of_the_real_programme(group_client: Client):
    block = section(get(group_client), "til-beslutning")
    assert "4 punkter" in text_of(block)
    assert re.findall(r"<h3>([^<]*)</h3>", block) == [
        "Skal initiativet lukkes?",
        "Skal pausen fortsætte, eller skal leverandørlisten udgå af kommissoriet?",
        "Kan udkastet til fælleskommunal principbeslutning om indkøb godkendes?",
        "Kan kommissoriet godkendes?",
    ]


def test_the_page_is_compared_with_the_newest_edition_of_an_earlier_month(
    group_client: Client, programme: Programme, edition: Any
):
    lock(programme, month=FEBRUARY, with_files=False)
    block = section(get(group_client), "aendret")
    # Takstoversigt is one of them, because the programme's own source reports it for February.
    assert (
        "6 ændringer af initiativer, status og deadlines siden udgave 1, januar 2026."
        in text_of(block)
    )
    assert block.count("<tr>") == 6 + 1
    (address,) = re.findall(r'href="([^"]*)">Sammenlign', block)
    address = unescape(address)
    assert address == "/statusopgoerelser/sammenlign/?fra=2026-01-udgave-1&til=nu"
    text = text_of(group_client.get(address)).replace("\N{NO-BREAK SPACE}", " ")
    assert "Fra udgave 1, januar 2026" in text


def test_without_an_edition(group_client: Client):
    text = text_of(section(get(group_client), "aendret"))
    assert text.startswith("Ændret siden sidst ")
    assert text.endswith(" Der er endnu ingen tidligere udgave at sammenligne med.")
    assert "/sammenlign/" not in section(get(group_client), "aendret")


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
    links = counted(get(group_client))
    addresses = [address for address, _ in links]
    for part in COUNTED:
        assert any(part in address for address in addresses), part
    assert ("/status/", 14) in links
    wrong = {
        address: (number, rows)
        for address, number in links
        if (rows := len(initiatives_in(group_client.get(address)))) != number
    }
    assert len(links) > 25
    assert wrong == {}


def test_the_rows_behind_a_number_are_those_of_its_report(group_client: Client, edition: Any):
    page = get(group_client, "/statusopgoerelser/2026-01/udgave-1/?status=major_deviations")
    assert text_of(section(page, "valgte")) == (
        "Betydelige afvigelser 1 initiativ Skjul listen Bestillingsportal"
    )
    draft = get(group_client, "/statusopgoerelser/2026-02/?status=major_deviations")
    assert "Leverandørliste" in text_of(section(draft, "valgte"))
    for odd in ("", "x", "<b>"):
        plain = get(group_client, f"/statusopgoerelser/2026-02/?status={odd}")
        assert 'id="valgte"' not in plain


def test_no_two_addresses_count_the_same_rows_differently(group_client: Client):
    links = counted(get(group_client))
    assert len({address for address, _ in links}) == len(links)


def test_the_deadlines_are_those_of_their_own_page(group_client: Client):
    mine = section(get(group_client), "deadlines")
    (address,) = re.findall(r'href="([^"]*)">Se alle deadlines', mine)
    theirs = section(get(group_client, address), "kommende")
    row = re.compile(r'(?s)<b>([^<]*)</b>.*?<a class="row-link" href="([^"]*)"')
    assert row.findall(mine) == row.findall(theirs) != []


def test_initiatives_without_a_status_are_behind_one_link(group_client: Client):
    block = section(get(group_client), "opmaerksomhed")
    (address, number) = re.findall(r'href="([^"]*)">(\d+) initiativ har ingen status', block)[0]
    assert len(initiatives_in(group_client.get(unescape(address)))) == int(number) == 1


def test_every_link_of_the_page_leads_somewhere(group_client: Client, edition: Any):
    page = get(group_client)
    main = page[page.index("<main") : page.index("</main>")]
    for address in set(re.findall(r'<a[^>]* href="(/[^"]*)"', main)):
        assert group_client.get(unescape(address)).status_code == 200, address


ROW_IN_REPORT = re.compile(
    r'(?s)<td data-title="Indsatser">.*?<td data-title="Status[^"]*"><span class="[^"]*">([^<]*)<'
)
NUMBER_OF_A_STATUS = re.compile(
    r'(?s)<tr><th scope="row">\s*<span class="tile tile--\w+">.*?'
    r"<span>([^<]*)</span></span>\s*</th>(.*?)</tr>"
)


def numbers_by_status(markup: str) -> Iterator[tuple[str, str, int]]:
    """Yield the status, address and value of each linked number in the tables of statuses."""
    for label, cells in NUMBER_OF_A_STATUS.findall(markup):
        for address, number in re.findall(r'href="([^"]*)">(\d+)<', cells):
            yield label, unescape(address), int(number)


def wrong_in_reports(client: Client, page: str) -> tuple[int, list[Any]]:
    """Return how many numbers link to a report, and those that do not match its rows."""
    checked = 0
    wrong = []
    for label, address, number in numbers_by_status(page):
        if address.startswith("/statusopgoerelser/"):
            checked += 1
            behind = get(client, address)
            rows = ROW_IN_REPORT.findall(behind)
            assert len(rows) >= 13, address
            listed = section(behind, "valgte").count("<li>")
            if not rows.count(label) == listed == number:
                wrong.append((address, label, number, rows.count(label), listed))
    return checked, wrong


def test_the_numbers_of_last_time_are_the_rows_of_that_edition(group_client: Client, edition: Any):
    block = section(get(group_client), "status-i-tal")
    assert block.count('href="/statusopgoerelser/2026-01/udgave-1/?status=') == 5
    assert wrong_in_reports(group_client, block) == (5, [])


def test_the_numbers_of_each_month_are_the_rows_of_its_report(group_client: Client):
    block = section(get(group_client), "udvikling")
    twin = block[block.index("<details") :]
    checked, wrong = wrong_in_reports(group_client, twin)
    assert checked > 12
    assert wrong == []


@pytest.mark.slow
def test_the_numbers_are_right_as_of_another_day_too(
    group_client: Client, edition: Any, days: None
):
    judge("myndighedsbestilling", "completed", "Afleveret.", at=JUDGED_AT)
    page = get(group_client, f"/?pr={FIRST}")
    assert f'href="/statusopgoerelser/2026-02/?pr={FIRST}&amp;status=on_track"' in page
    checked, wrong = wrong_in_reports(group_client, page)
    assert checked > 12
    assert wrong == []


def test_a_warning_names_as_many_initiatives_as_it_counts(group_client: Client):
    block = section(get(group_client), "opmaerksomhed")
    (address,) = re.findall(r'href="([^"]*)">\d+ indsatsområder mangler behandling', block)
    assert unescape(address) == "/?alle=1#opmaerksomhed"
    block = section(get(group_client, "/?alle=1"), "opmaerksomhed")
    warnings = re.findall(
        r"(?s)<p><b>(?:<a[^>]*>)?(\d+)[^<]*(?:</a>)?</b></p>\s*<p>(.*?)</p>", block
    )
    assert [int(number) for number, _ in warnings] == [named.count("<a ") for _, named in warnings]
    assert len(warnings) == 2


# Against a chosen day


FIRST, JUDGED, TODAY = "2026-03-02", "2026-03-09", "2026-03-12"
JUDGED_AT = datetime(2026, 3, 9, 10, tzinfo=COPENHAGEN)


@pytest.fixture
def days(programme: Programme, settings: Any) -> None:
    """A change on the second of the days above. The plan is loaded before the first."""
    settings.DEMO_TODAY = date.fromisoformat(TODAY)
    judge("kontraktanalyse", "completed", "Afleveret.", at=JUDGED_AT)


def test_the_page_compared_with_a_chosen_day(group_client: Client, edition: Any, days: None):
    page = get(group_client, f"/?siden={FIRST}")
    block = section(page, "aendret")
    text = text_of(block).replace("\N{NO-BREAK SPACE}", " ")
    assert "1 ændring af initiativer, status og deadlines siden den 2. marts 2026." in text
    assert "Initiativer Før Status nu Begrundelse Kontraktanalyse" in text
    assert 'href="/statusopgoerelser/sammenlign/?fra=2026-03-02&amp;til=nu">Sammenlign' in block
    assert '<a class="p-link" href="/#aendret">Siden sidste udgave</a>' in block
    assert 'name="siden" value="02-03-2026"' in block
    numbers = section(page, "status-i-tal")
    assert '<th class="num" scope="col">Før</th>' in numbers
    before = [row for row in numbers_by_status(numbers) if f"pr={FIRST}" in row[1]]
    assert len(before) == 7
    for _, address, number in before:
        assert len(initiatives_in(group_client.get(address))) == number, address
    assert (
        "Ingen ændringer af initiativer, status og deadlines siden den 9. marts 2026."
        in text_of(section(get(group_client, f"/?siden={JUDGED}"), "aendret")).replace(
            "\N{NO-BREAK SPACE}", " "
        )
    )


@pytest.mark.usefixtures("days")
def test_a_chosen_day_on_the_page_of_another_day(group_client: Client):
    page = get(group_client, f"/?pr={JUDGED}&siden={FIRST}")
    block = section(page, "aendret")
    assert "1 ændring af initiativer" in text_of(block)
    assert f"?fra={FIRST}&amp;til={JUDGED}" in block
    assert f'<input type="hidden" name="pr" value="{JUDGED}">' in block
    assert f'<a class="p-link" href="/?pr={JUDGED}#aendret">Siden sidste udgave</a>' in block
    # The date box of the page keeps the chosen day.
    assert f'<input type="hidden" name="siden" value="{FIRST}">' in page
    empty = text_of(section(get(group_client, f"/?pr=2026-03-08&siden={FIRST}"), "aendret"))
    assert "Ingen ændringer" in empty


def test_the_page_of_another_day_has_its_comparison(group_client: Client, edition: Any, days: None):
    block = section(get(group_client, f"/?pr={JUDGED}"), "aendret")
    assert f"?fra=2026-01-udgave-1&amp;til={JUDGED}" in block
    (address,) = re.findall(r'href="([^"]*)">Sammenlign', block)
    assert group_client.get(unescape(address)).status_code == 200


@pytest.mark.usefixtures("days")
def test_a_typed_day_has_one_address(group_client: Client):
    response = group_client.get("/?siden=2.3.2026&alle=1&pr=2026-03-09")
    assert response["Location"] == "/?alle=1&pr=2026-03-09&siden=2026-03-02"
    assert "siden den" not in text_of(section(get(group_client, "/?siden="), "aendret"))


@pytest.mark.usefixtures("days")
@pytest.mark.parametrize(
    ("typed", "stands", "sentence"),
    [
        ("i går", "i går", "Skriv datoen som dag-måned-år, fx 26-02-2026."),
        ("2027-01-01", "01-01-2027", "Datoen ligger i fremtiden."),
        (TODAY, "12-03-2026", "Vælg en dato før den 12. marts 2026."),
        ("1900-01-01", "01-01-1900", "Planen har ingen oplysninger før den "),
    ],
)
def test_a_day_that_cannot_be_chosen_leaves_the_edition(
    group_client: Client, edition: Any, typed: str, stands: str, sentence: str
):
    block = section(get(group_client, f"/?siden={typed}"), "aendret")
    text = text_of(block).replace("\N{NO-BREAK SPACE}", " ")
    assert sentence in text
    assert "siden udgave 1, januar 2026." in text
    assert f'name="siden" value="{stands}" ' in block
    assert 'aria-invalid="true"' in block


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
def test_an_invalid_year_is_no_filter_or_matches_nothing(group_client: Client, year: str):
    response = group_client.get("/status/", {"aar": year})
    assert len(initiatives_in(response)) in (0, 14)


# Udvikling


def test_each_month_shows_the_newest_judgement_up_to_it(programme: Programme):
    judge("kontraktanalyse", "completed", "Afleveret.", month=FEBRUARY)
    shown = build_live(programme, month=FEBRUARY, on=date(2026, 2, 26))
    found = statuses_by_month(shown, programme)
    assert found.months[0] == date(2025, 3, 1)
    assert found.months[-1] == FEBRUARY
    assert found.statuses["kontraktanalyse"] == (
        *["not_reported"] * 7,
        *("on_track", "minor_deviations", "on_track", "on_track", "completed"),
    )
    with CaptureQueriesContext(connection) as captured:
        statuses_by_month(shown, programme)
    assert len(captured) == 1


def test_each_initiative_has_its_strip(group_client: Client):
    block = section(get(group_client), "udvikling")
    assert block.count('class="ov-strip"') == 14
    assert "November 2025: Mindre afvigelser." in unescape(block).replace("\N{NO-BREAK SPACE}", " ")
    twin = block[block.index("<details") :]
    assert twin.count('<th scope="row">') == 14 + 7


# Hostile words, weight and size


def test_words_are_escaped(group_client: Client, programme: Programme):
    edit(read_initiative("kontraktanalyse"), title="<script>x</script>", ask='"><img src=x>?')
    page = get(group_client)
    assert "<script>x" not in page
    assert "<img" not in page
    assert "&lt;script&gt;x" in page


def test_no_style_no_script_no_foreign_address(group_client: Client):
    page = get(group_client)
    main = page[page.index("<main") : page.index("</main>")]
    assert not re.search(r"style=|<script|<style|https?://| on[a-z]+=", main)


def test_the_page_weighs_less_than_30_kb(secretariat_client: Client, edition: Any):
    weight = len(gzip.compress(secretariat_client.get("/").content, 6))
    print(f"{weight / 1000:.1f} KB")  # noqa: T201 - the figure is the point
    assert weight <= 30_000


def numbers_in(page: str) -> set[int]:
    """Return every number in the text of a page."""
    return {int(number.replace(".", "")) for number in re.findall(r"\d+(?:\.\d{3})*", page)}


@pytest.mark.slow
def test_in_a_large_plan_every_cut_list_says_so(group_client: Client, programme: Programme):
    grow(programme, MANY)
    page = get(group_client)
    block = section(page, "udvikling")
    assert block.count('class="ov-strip"') == 100
    assert f"100 af {thousands(MANY)} initiativer" in text_of(block)
    shown = section(page, "til-beslutning").count("<h3>")
    assert shown <= 50
    for address, count in counted(page):
        if "aar=" not in address and count:
            text = text_of(group_client.get(address))
            assert count in numbers_in(text), address
    complete = get(group_client, "/?alle=1")
    assert section(complete, "udvikling").count('class="ov-strip"') == MANY


def test_two_programmes_are_kept_apart(group_client: Client, other_programme: OtherProgramme):
    make_initiative(other_programme.area, title="Hemmeligt", ask="Må vi?")
    assert "Hemmeligt" not in get(group_client)
    assert ActionArea.objects.filter(principle__programme=other_programme.programme).exists()
