"""Tidslinjen as a page: its rows, its filters and its table."""

import html
import json
import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from core.links import Links
from initiatives import timeline
from initiatives.models import Deadline, Initiative
from initiatives.sources.live import KeptDocument
from principles.models import Principle
from tests.conftest import OtherProgramme
from tests.core.reading import html_of, text_of
from tests.factories import make_action, make_deadline, make_initiative
from tests.initiatives.timeline.steps import DEFAULT, MEDIO
from tests.reports.report.documents import in_one_area
from tests.reports.report.documents import make_initiative as make_item

DATA = json.loads((settings.BASE_DIR / "fixtures" / "programme.json").read_text("utf-8"))
INITIATIVES = [i for p in DATA["principles"] for a in p["areas"] for i in a["initiatives"]]


# The rows


def test_the_rows_leave_out_areas_without_initiatives():
    document = in_one_area([make_item("Ét")])
    made = timeline.TimelineRows(KeptDocument(document), Links())
    (principle,) = timeline.rows(document, lambda item: made.row_of(item, DEFAULT))
    (area,) = principle.areas
    (row,) = area.rows
    assert (row.url, row.status.label) == ("/initiativer/ét/", "Ikke oplyst")
    assert timeline.rows(in_one_area([]), lambda item: made.row_of(item, DEFAULT)) == ()


# The page


def twin_of(response: Any) -> str:
    """Return the text of the table below the timeline."""
    return text_of(html_of(response).split('id="tabel"')[1].split("</section>")[0])


@pytest.fixture
def dated(db: None, programme: Any) -> Deadline:
    initiative = make_initiative(
        Initiative.objects.get(key="kontraktanalyse").area, title="Med dato"
    )
    action = make_action(initiative)
    return make_deadline(initiative, action=action, wording="Medio 2026, siger vi", **MEDIO)


def test_every_wording_of_the_programme_is_in_the_table(group_client: Client):
    text = twin_of(group_client.get("/tidslinje/"))
    at = 0
    for item in INITIATIVES:
        at = text.index(item["title"], at)
        for row in item["deadlines"]:
            at = text.index(" ".join(row["wording"].split()), at)


def test_the_rows_are_the_fourteen_in_order_under_principle_and_area(group_client: Client):
    page = html_of(group_client.get("/tidslinje/"))
    plot = page.split('class="tl-table"')[1].split("</table>")[0]
    titles = [html.unescape(t) for t in re.findall(r'class="row-link"[^>]*>([^<]+)', plot)]
    assert titles == [item["title"] for item in INITIATIVES]
    assert plot.count('class="tl-principle"') == 3
    assert plot.count('class="tl-area"') == 10


def test_the_head_names_the_window_and_today(group_client: Client):
    text = text_of(group_client.get("/tidslinje/"))
    assert "4. kvartal 2025 – 4. kvartal 2026" in text
    assert "I dag, 26. februar 2026" in text


def test_a_deadline_is_drawn_and_listed(group_client: Client, dated: Deadline):
    response = group_client.get("/tidslinje/")
    page = html_of(response)
    assert 'role="img" aria-label="Medio\N{NO-BREAK SPACE}2026"' in page
    assert 'class="tl-bar" x="46.389%"' in page
    assert "Medio 2026, siger vi" in twin_of(response)
    assert "Forfalder senest den 31. august 2026." in twin_of(response)


def test_the_page_has_no_style_of_its_own(group_client: Client, dated: Deadline):
    page = html_of(group_client.get("/tidslinje/"))
    assert "style=" not in page
    assert "{{" not in page


def test_the_page_is_filtered_by_principle(group_client: Client):
    response = group_client.get("/tidslinje/?princip=botilbud")
    page = html_of(response)
    assert page.count('class="tl-principle"') == 1
    assert "Kontraktanalyse" not in text_of(response)
    assert '<option value="botilbud" selected>' in page
    assert Principle.objects.get(key="kvalitet").title in text_of(response)


def test_a_filter_that_finds_nothing_can_be_cleared(group_client: Client):
    text = text_of(group_client.get("/tidslinje/?princip=findes-ikke"))
    assert "Ingen initiativer passer til filteret. Ryd filtre" in text


def test_the_window_is_shifted_by_two_quarters_and_keeps_the_filter(group_client: Client):
    page = html.unescape(html_of(group_client.get("/tidslinje/?princip=botilbud&fra=2026K1")))
    assert '<a href="?princip=botilbud&fra=2025K3" rel="prev">Tidligere</a>' in page
    assert '<a href="?princip=botilbud&fra=2026K3" rel="next">Senere</a>' in page
    assert '<a href="?princip=botilbud">I dag</a>' in page
    assert '<input type="hidden" name="fra" value="2026K1">' in page


@pytest.mark.parametrize("query", ["princip=%00", "princip=x%00", "fra=%00", "pr=%00"])
def test_text_that_no_database_accepts_is_400(group_client: Client, query: str):
    assert group_client.get(f"/tidslinje/?{query}").status_code == 400


@pytest.mark.parametrize("first", ["", "2026K9", "x", "2025K4"])
def test_an_invalid_first_quarter_shows_today(group_client: Client, first: str):
    text = text_of(group_client.get("/tidslinje/", {"fra": first}))
    assert "4. kvartal 2025 – 4. kvartal 2026" in text


def test_the_menu_links_to_the_timeline(group_client: Client, reader_client: Client):
    page = html_of(group_client.get("/tidslinje/"))
    assert '<a href="/tidslinje/" aria-current="page">Tidslinje</a>' in page
    assert '<a href="/status/">Status</a>' in page
    assert "/tidslinje/" not in html_of(reader_client.get("/"))


def test_a_reader_is_refused(reader_client: Client):
    assert reader_client.get("/tidslinje/").status_code == 403


def test_the_page_accepts_no_post(group_client: Client):
    assert group_client.post("/tidslinje/").status_code == 405
    assert group_client.head("/tidslinje/").status_code == 200


def test_a_page_has_a_hundred_rows(
    other_secretariat_client: Client, other_programme: OtherProgramme
):
    for _ in range(100):
        make_initiative(other_programme.area)
    first, second = (
        html_of(other_secretariat_client.get(f"/program/andet-program/tidslinje/?side={n}"))
        for n in (1, 2)
    )
    assert first.count('<td class="tl-facts">') == 100
    assert second.count('<td class="tl-facts">') == 1
    assert 'href="?fra=2026K2&amp;side=2"' in second


def test_titles_and_wordings_are_escaped(
    other_secretariat_client: Client, other_programme: OtherProgramme
):
    item = make_initiative(other_programme.area, title="<b>Titel</b> & 'mere'")
    make_deadline(item, wording="<i>medio</i> 2026", **MEDIO)
    page = html_of(other_secretariat_client.get("/program/andet-program/tidslinje/"))
    assert "<b>Titel" not in page
    assert "<i>medio" not in page
