"""The plan's pages as of another day: what they say, what they leave out, where they lead."""

import html
import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from core import danish, writing
from core.clock import COPENHAGEN
from initiatives.models import Action, Deadline, Initiative, StatusUpdate
from initiatives.sources.as_of import earliest
from principles.models import ActionArea, Principle, Programme, ProgrammeYear
from tests.conftest import OtherProgramme
from tests.core.reading import html_of, initiatives_in, text_of
from tests.initiatives.steps import BO, judge, the
from tests.reports.editions.steps import JANUARY, lock

KEY = "kontraktanalyse"
# The plan is loaded before these; on the second somebody changes it.
BEFORE, CHANGED, TODAY = "2026-03-04", "2026-03-05", "2026-03-10"
LATER = datetime(2026, 3, 5, 12, tzinfo=COPENHAGEN)
DAY = timedelta(days=1)
PAGES = {
    "overview": "/",
    "status table": "/status/",
    "timeline": "/tidslinje/",
    "deadlines": "/deadlines/",
    "initiative": f"/initiativer/{KEY}/",
    "area": "/indsatsomraader/{area}/",
    "principle": "/principper/{principle}/",
    "draft": "/statusopgoerelser/2026-02/",
}
BANNER = "Du ser planen, som den var ved udgangen af den {}. Den kan ikke rettes her."


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    settings.DEMO_TODAY = date.fromisoformat(TODAY)


@pytest.fixture(params=PAGES)
def address(request: pytest.FixtureRequest, programme: Programme) -> str:
    """Each page in turn."""
    return address_of(request.param)


def address_of(name: str) -> str:
    area = the(KEY).area
    return PAGES[name].format(area=area.key, principle=area.principle.key)


def as_of(client: Client, address: str, day: str = BEFORE) -> Any:
    response = client.get(address, {"pr": day} if "?" not in address else None)
    assert response.status_code == 200
    return response


def main_of(response: Any) -> str:
    """The page without the portal's frame."""
    found = re.search(r"(?s)<main.*?</main>", html_of(response))
    assert found
    return found[0]


def change(row: Any, **values: Any) -> Any:
    current = type(row).objects.get(pk=row.pk)
    return writing.change(
        current, values, version=current.version, actor=BO, reason="Fordi.", at=LATER
    ).row


def archive(row: Any) -> None:
    writing.archive(row, version=row.version, actor=BO, reason="Fordi.", at=LATER)


def unescaped(page: str) -> str:
    return html.unescape(page).replace("\N{NO-BREAK SPACE}", " ")


def hrefs(page: str) -> list[str]:
    return [html.unescape(found) for found in re.findall(r'<a [^>]*?href="([^"]+)"', page)]


# As it was then


@pytest.mark.parametrize(
    ("name", "model", "key"),
    [
        ("overview", Initiative, KEY),
        ("overview", Principle, "kontrakter-og-takster"),
        ("status table", Initiative, KEY),
        ("status table", Action, f"{KEY}-1"),
        ("status table", Principle, "kontrakter-og-takster"),
        ("timeline", Initiative, KEY),
        ("initiative", Initiative, KEY),
        ("initiative", Action, f"{KEY}-1"),
        ("initiative", Principle, "kontrakter-og-takster"),
        ("area", Initiative, KEY),
        ("principle", Principle, "kontrakter-og-takster"),
    ],
)
def test_what_was_renamed_is_called_what_it_was_called(
    secretariat_client: Client, programme: Programme, name, model, key
):
    row = model.objects.get(key=key)
    title, new = html.escape(row.title), "Et helt nyt navn"
    change(row, title=new)
    address = address_of(name)
    before, after = (main_of(as_of(secretariat_client, address, day)) for day in (BEFORE, CHANGED))
    now = main_of(secretariat_client.get(address))
    assert title in before
    assert new not in before
    assert new in after
    assert new in now


def test_the_page_of_a_renamed_area(secretariat_client: Client, programme: Programme):
    area = the(KEY).area
    title = area.title
    change(area, title="Et helt nyt navn")
    for name in ("initiative", "area"):
        response = as_of(secretariat_client, address_of(name))
        assert title in text_of(response)
        assert "Et helt nyt navn" not in html_of(response)


@pytest.mark.parametrize("name", ["overview", "initiative"])
def test_the_months_of_the_plan_are_those_of_then(
    secretariat_client: Client, programme: Programme, name: str
):
    before = main_of(as_of(secretariat_client, address_of(name)))
    assert "Marts 2025 – februar 2026" in unescaped(before)
    change(programme, starts_on=date(2025, 12, 1))
    assert main_of(as_of(secretariat_client, address_of(name))) == before
    assert "December 2025 – februar 2026" in unescaped(
        main_of(secretariat_client.get(address_of(name)))
    )


def test_the_notes_of_an_areas_numbers_are_those_of_then(
    secretariat_client: Client, programme: Programme
):
    year = ProgrammeYear.objects.exclude(source_note="").first()
    assert year
    change(year, source_note="Et helt nyt notat.")
    area = f"/indsatsomraader/{year.area.key}/"
    assert year.source_note in text_of(as_of(secretariat_client, area))
    for response in (secretariat_client.get(area), as_of(secretariat_client, area, TODAY)):
        assert "Et helt nyt notat." in text_of(response)


def test_an_initiative_has_the_numbers_of_its_area_as_of_today_too(
    secretariat_client: Client, programme: Programme
):
    address = "/initiativer/raadgivningsfunktion/"
    for response in (secretariat_client.get(address), as_of(secretariat_client, address, TODAY)):
        assert "Program 2025, nr. 3 (også nr. 8 i kilden)" in text_of(response)


@pytest.mark.parametrize("name", ["overview", "status table", "timeline", "area", "principle"])
def test_what_was_archived_later_is_there_and_what_was_added_later_is_not(
    secretariat_client: Client, programme: Programme, name
):
    added = Initiative(key="ny", title="Nyt initiativ", area=the(KEY).area, position=0)
    writing.create(added, actor=BO, reason="", at=LATER)
    archive(the(KEY))
    address, link = address_of(name), f'href="/initiativer/{KEY}/'
    before, after = (main_of(as_of(secretariat_client, address, day)) for day in (BEFORE, CHANGED))
    assert link in before
    assert "Nyt initiativ" not in before
    assert link not in after
    assert "Nyt initiativ" in after


def test_the_page_of_what_was_archived_later(group_client: Client, programme: Programme):
    archive(the(KEY))
    said = text_of(as_of(group_client, address_of("initiative")))
    assert the(KEY).title in said
    assert "arkiveret" not in said
    assert "arkiveret" in text_of(group_client.get(address_of("initiative")))


@pytest.mark.parametrize("model", [Initiative, ActionArea, Principle])
def test_the_page_of_what_was_not_in_the_plan(
    secretariat_client: Client, programme: Programme, model
):
    rows: dict[Any, Any] = {
        Initiative: Initiative(key="ny", title="Nyt", area=the(KEY).area, position=0),
        ActionArea: ActionArea(key="ny", title="Nyt", principle=the(KEY).area.principle),
        Principle: Principle(key="ny", title="Nyt", programme=programme),
    }
    rows[model].position = 0
    writing.create(rows[model], actor=BO, reason="", at=LATER)
    kind = {Initiative: "initiativer", ActionArea: "indsatsomraader", Principle: "principper"}
    said = text_of(as_of(secretariat_client, f"/{kind[model]}/ny/"))
    assert "Det, siden handler om, var ikke i planen den 4. marts 2026." in said
    assert "Nyt" not in said
    assert "Nyt" in text_of(as_of(secretariat_client, f"/{kind[model]}/ny/", CHANGED))


def test_the_statuses_of_then(secretariat_client: Client, programme: Programme):
    judge(KEY, "major_deviations", reason="Kontrakten er opsagt.", deviates=["time"], at=LATER)
    for name in ("overview", "status table", "initiative", "area", "principle"):
        address = address_of(name)
        assert "Kontrakten er opsagt." not in html_of(as_of(secretariat_client, address))
    assert "Kontrakten er opsagt." in html_of(as_of(secretariat_client, PAGES["initiative"], TODAY))


def test_the_initiative_page_has_no_internal_note_and_nothing_of_later(
    secretariat_client: Client, programme: Programme
):
    change(the(KEY), internal_notes="Hemmeligord", report_text="Skrevet siden.")
    said = text_of(as_of(secretariat_client, PAGES["initiative"]))
    assert "Hemmeligord" not in said
    assert "Internt notat" not in said
    assert "Skrevet siden." not in said
    assert "Bo" not in said.split("Historik")[-1]
    after = text_of(as_of(secretariat_client, PAGES["initiative"], CHANGED))
    assert "Skrevet siden." in after
    assert "Internt notat" not in after
    assert "interne notat" not in after


def test_a_move_names_the_indsats_as_it_was_called_then(
    secretariat_client: Client, programme: Programme
):
    deadline = Deadline.objects.get(key="myndighedsbestilling-d1")
    indsats = Action.objects.get(key="myndighedsbestilling-1")
    deadline.revise(
        {"wording": "Medio 2026"},
        version=deadline.version,
        actor=BO,
        reason="Udbuddet er udskudt.",
        at=LATER,
    )
    writing.change(
        indsats,
        {"title": "Et helt nyt navn"},
        version=indsats.version,
        actor=BO,
        reason="",
        at=LATER + DAY,
    )
    told = f"flyttede deadline for »{indsats.title}« fra"
    path = "/initiativer/myndighedsbestilling/"
    for said in (
        text_of(as_of(secretariat_client, path, CHANGED)),
        text_of(secretariat_client.get(path)),
        text_of(secretariat_client.get("/historik/", {"art": "deadline"})),
    ):
        assert told in said
        assert "flyttede deadline for »Et helt nyt navn«" not in said


def test_the_overview_compares_with_the_edition_of_then(
    secretariat_client: Client, programme: Programme
):
    lock(programme, month=JANUARY, at=LATER, with_files=False)
    first, after = (text_of(as_of(secretariat_client, "/", day)) for day in (BEFORE, CHANGED))
    assert "Der er endnu ingen tidligere udgave at sammenligne med." in first
    assert "siden udgave 1" in after.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("address", ["/status/", "/tidslinje/"])
def test_a_plan_without_initiatives_is_not_blamed_on_a_filter(
    secretariat_client: Client, programme: Programme, address
):
    filtered = "Ingen initiativer passer til filteret. Ryd filtre"
    for row in Initiative.objects.of(programme).in_plan():
        archive(row)
    said = text_of(as_of(secretariat_client, address, CHANGED))
    assert "Planen havde ingen initiativer den 5. marts 2026." in said
    assert filtered not in said
    query = {"pr": CHANGED, "princip": "botilbud"}
    assert filtered in text_of(secretariat_client.get(address, query))
    said = text_of(secretariat_client.get(address))
    assert "Planen har ingen initiativer." in said
    assert filtered not in said


@pytest.mark.parametrize("address", ["/", "/status/", "/noegletal/", "/statusopgoerelser/2026-02/"])
def test_a_plan_that_nobody_had_written_down_is_not_an_empty_one(
    secretariat_client: Client, programme: Programme, address
):
    said = text_of(as_of(secretariat_client, address, "2026-02-25"))
    sentence = "Planen har ingen oplysninger før den 26. februar 2026. Vælg en senere dato."
    assert sentence in said.replace("\N{NO-BREAK SPACE}", " ")
    assert "ingen initiativer" not in said


# Filters, counts and pages


def test_the_status_table_is_filtered_by_the_plan_of_then(
    secretariat_client: Client, programme: Programme
):
    judge(KEY, "completed", reason="Afleveret.", at=LATER)
    found = secretariat_client.get("/status/", {"pr": BEFORE, "status": "completed"})
    assert KEY not in initiatives_in(found)
    found = secretariat_client.get("/status/", {"pr": CHANGED, "status": "completed"})
    assert KEY in initiatives_in(found)
    assert initiatives_in(secretariat_client.get("/status/", {"pr": BEFORE, "tekst": "zzzz"})) == []


@pytest.mark.parametrize("query", ["", "?princip=botilbud", "?status=on_track", "?aar=2025"])
def test_of_today_the_status_table_has_the_rows_of_the_live_one(
    secretariat_client: Client, programme: Programme, query
):
    live = secretariat_client.get(f"/status/{query}")
    today = secretariat_client.get(f"/status/{query}{'&' if query else '?'}pr={TODAY}")
    assert initiatives_in(today) == initiatives_in(live) != []
    numbers = r'class="count__number">([0-9]+)<'
    assert re.findall(numbers, html_of(today)) == re.findall(numbers, html_of(live))
    lead = r'class="page-lead">(.*?)<'
    assert re.findall(lead, html_of(today)) == re.findall(lead, html_of(live))


def test_every_count_of_the_status_table_equals_the_rows_behind_it(
    secretariat_client: Client, programme: Programme
):
    judge(KEY, "completed", reason="Afleveret.", at=LATER)
    page = html_of(as_of(secretariat_client, "/status/"))
    counts = re.findall(r'class="count" href="([^"]+)".*?count__number">([0-9]+)<', page)
    assert len(counts) == 7
    for address, number in counts:
        rows = initiatives_in(secretariat_client.get(html.unescape(address)))
        assert len(rows) == int(number), address


def test_every_number_of_the_overview_equals_the_rows_behind_it(
    secretariat_client: Client, programme: Programme
):
    judge(KEY, "completed", reason="Afleveret.", at=LATER)
    page = html_of(as_of(secretariat_client, "/"))
    numbers = re.findall(r'href="(/status/[^"]+)">(?:<span.*?</span>)?([0-9]+)<', page)
    assert len(numbers) > 20
    for address, number in set(numbers):
        rows = initiatives_in(secretariat_client.get(html.unescape(address)))
        assert len(rows) == int(number), address


def test_what_was_retracted_later_still_stood(programme: Programme):
    row, month, taken_back = the("kompetenceudvikling"), programme.reporting_month, LATER + DAY
    row.confirm_unchanged(month=month, version=row.version, actor=BO, at=LATER)
    row.retract_confirmation(month=month, actor=BO, at=taken_back)
    own = StatusUpdate.objects.filter(initiative=row, recorded_at__gte=LATER)
    moments = LATER, taken_back, taken_back + DAY
    assert [own.stood_at(moment).count() for moment in moments] == [0, 1, 0]


def test_pages_of_rows_keep_the_day(
    secretariat_client: Client, programme: Programme, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("initiatives.status.page.ROWS_PER_PAGE", 5)
    for address in ("/status/", "/tidslinje/"):
        first = as_of(secretariat_client, address)
        second = f"?pr={BEFORE}&side=2"
        assert second in hrefs(main_of(first))
        response = secretariat_client.get(f"{address}{second}")
        assert BANNER.format("4. marts 2026") in text_of(response)
        links = [link for link in hrefs(main_of(response)) if link.startswith("/initiativer/")]
        assert len(set(links)) == 5


def test_the_deadlines_of_then(secretariat_client: Client, programme: Programme):
    row = Deadline.objects.get(key=f"{KEY}-d1")
    assert KEY in main_of(as_of(secretariat_client, "/deadlines/"))
    archive(row)
    assert KEY in main_of(as_of(secretariat_client, "/deadlines/"))
    assert KEY not in main_of(as_of(secretariat_client, "/deadlines/", CHANGED))


def test_of_today_the_deadlines_are_the_live_ones(secretariat_client: Client, programme: Programme):
    live, today = (
        secretariat_client.get("/deadlines/"),
        as_of(secretariat_client, "/deadlines/", TODAY),
    )
    rows = [text_of(page[page.index("<section") :]) for page in (main_of(live), main_of(today))]
    assert rows[0] == rows[1]


def test_today_is_not_over(secretariat_client: Client, programme: Programme):
    said = text_of(as_of(secretariat_client, "/", TODAY)).replace("\N{NO-BREAK SPACE}", " ")
    assert "Du ser planen, som den er i dag, den 10. marts 2026. Den kan ikke rettes her." in said
    assert "udgangen af den 10." not in said


# Read-only, the date box and the links


def test_nothing_can_be_edited(secretariat_client: Client, programme: Programme, address: str):
    response = as_of(secretariat_client, address)
    page = main_of(response)
    assert re.findall(r'<form[^>]*method="(\w+)"', page).count("post") == 0
    assert "csrfmiddlewaretoken" not in page
    assert not re.search(r"hx-|formaction|edit-row|/ret/|/tilfoej/|/arkiver/|/status/\?fra", page)
    assert not re.search(r"Ret status|Uændret<|Tilføj|Gendan|Flyt op", page)
    said = text_of(response)
    assert f"{BANNER.format('4. marts 2026')} Gå til planen i dag" in said
    assert 'name="pr" value="04-03-2026"' in page


def test_links_between_the_pages_keep_the_day(
    secretariat_client: Client, programme: Programme, address: str
):
    response = as_of(secretariat_client, address)
    dated = re.compile(
        r"(?:/program/[^/]+)?/(?:(?:status|tidslinje|deadlines)/|"
        r"(?:initiativer|indsatsomraader|principper)/[^/]+/|statusopgoerelser/[0-9-]+/)?(?:\?|#|$)"
    )
    found = [link for link in hrefs(html_of(response)) if dated.match(link) and link[0] == "/"]
    assert len(found) > 5
    without = [link for link in found if f"pr={BEFORE}" not in link]
    assert without == [address]  # to the plan of today


def test_the_way_back_and_the_date_box_keep_the_filters(
    secretariat_client: Client, programme: Programme
):
    response = secretariat_client.get(
        "/status/", {"pr": BEFORE, "princip": "botilbud", "tekst": "a&b", "side": "2"}
    )
    page = main_of(response)
    assert "/status/?princip=botilbud&tekst=a%26b" in hrefs(page)
    box = re.search(r'(?s)<form class="date-box".*?</form>', page)
    assert box
    assert re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', box[0]) == [
        ("princip", "botilbud"),
        ("tekst", "a&amp;b"),
    ]
    filters = page.replace(box[0], "")
    assert f'type="hidden" name="pr" value="{BEFORE}"' in filters


@pytest.mark.parametrize("typed", ["04-03-2026", "4.3.2026", "04/03/2026", " 4-3-2026 "])
def test_a_typed_day_becomes_the_address(secretariat_client: Client, typed, programme: Programme):
    response = secretariat_client.get("/tidslinje/", {"pr": typed, "princip": "botilbud"})
    assert response.status_code == 302
    assert response["Location"] == f"/tidslinje/?princip=botilbud&pr={BEFORE}"


@pytest.mark.parametrize("query", ["", "?pr="])
def test_without_a_day_the_page_is_that_of_today(
    secretariat_client: Client, programme: Programme, address: str, query
):
    page = main_of(secretariat_client.get(f"{address}{query}"))
    assert "Du ser planen, som den var" not in page
    assert 'name="pr" value="10-03-2026"' in page
    assert not [link for link in hrefs(page) if "pr=" in link]


def test_an_editor_still_edits_the_plan_of_today(secretariat_client: Client, programme: Programme):
    page = main_of(secretariat_client.get("/status/"))
    assert "Ret status" in page
    assert 'id="tabel-form"' in page


# No such day


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2026-03-11", "Datoen ligger i fremtiden. Vælg en dato til og med i dag."),
        ("9999-12-31", "Datoen ligger i fremtiden. Vælg en dato til og med i dag."),
        (
            "1999-01-01",
            "Planen har ingen oplysninger før den {}. Vælg en senere dato.",
        ),
        ("0001-01-01", "Planen har ingen oplysninger før den {}. Vælg en senere dato."),
        ("i går", "Skriv datoen som dag-måned-år, fx 26-02-2026."),
        ("2026-02-30", "Skriv datoen som dag-måned-år, fx 26-02-2026."),
        ("2026-00-01", "Skriv datoen som dag-måned-år, fx 26-02-2026."),
        ('"><script>', "Skriv datoen som dag-måned-år, fx 26-02-2026."),
    ],
)
def test_a_day_that_cannot_be_shown(
    secretariat_client: Client, programme: Programme, address: str, day, sentence
):
    response = as_of(secretariat_client, address, day)
    said, page = text_of(response), main_of(response)
    assert sentence.format(danish.day(earliest(programme))).replace("\xa0", " ") in said
    assert 'aria-describedby="id_pr_error"' in page
    assert "<script>" not in page
    assert the(KEY).title not in said
    assert address in hrefs(page)
    assert not [link for link in hrefs(html_of(response)) if "pr=" in link]


ROWS: dict[str, Any] = {
    "initiativer": Initiative,
    "indsatsomraader": ActionArea,
    "principper": Principle,
}


@pytest.mark.parametrize("day", [TODAY, "2026-03-11", "9999-12-31", "1999-01-01", "i går"])
@pytest.mark.parametrize("kind", ROWS)
def test_a_row_that_never_was_is_not_there_on_any_day(
    secretariat_client: Client, programme: Programme, kind: str, day: str
):
    response = secretariat_client.get(f"/{kind}/findes-ikke/", {"pr": day})
    assert response.status_code == 404
    assert "Siden findes ikke" in text_of(response)


@pytest.mark.parametrize("day", [TODAY, "9999-12-31", "1999-01-01", "i går"])
def test_a_row_of_another_programme_is_not_there_on_any_day(
    secretariat_client: Client, other_programme: OtherProgramme, day: str
):
    for kind, model in ROWS.items():
        row = model.objects.of(other_programme.programme).get()
        response = secretariat_client.get(f"/{kind}/{row.key}/", {"pr": day})
        assert response.status_code == 404


@pytest.mark.parametrize("day", ["9999-12-31", "1999-01-01", "i går"])
def test_an_archived_row_has_the_box_on_a_day_that_cannot_be_shown(
    group_client: Client, programme: Programme, day: str
):
    archive(the(KEY))
    response = as_of(group_client, address_of("initiative"), day)
    assert 'aria-describedby="id_pr_error"' in main_of(response)


# Who


def test_the_group_reads_it_too(group_client: Client, programme: Programme, address: str):
    assert BANNER.format("4. marts 2026") in text_of(as_of(group_client, address))


@pytest.mark.parametrize("day", [BEFORE, "1999-01-01", "2099-01-01", "i går"])
def test_a_reader_sees_no_plan_of_any_day(reader_client: Client, address: str, day):
    response = reader_client.get(address, {"pr": day})
    assert response.status_code in (302, 403)
    if response.status_code == 302:
        assert response["Location"].startswith("/statusopgoerelser/")


def test_another_programme_is_not_there(
    other_secretariat_client: Client, other_programme: OtherProgramme, address: str
):
    today = {"pr": TODAY}
    assert other_secretariat_client.get(address, today).status_code in (200, 404)
    page = other_secretariat_client.get(address, today).content.decode()
    assert the(KEY).title not in page
    prefixed = f"/program/udviklingsprogrammet{address}"
    assert other_secretariat_client.get(prefixed, today).status_code == 404


def test_under_the_prefix_the_links_keep_both(secretariat_client: Client, programme: Programme):
    page = main_of(as_of(secretariat_client, "/program/udviklingsprogrammet/status/"))
    assert f"/program/udviklingsprogrammet/initiativer/{KEY}/?pr={BEFORE}" in hrefs(page)
