"""The plan's pages as of another day show the plan as it was then."""

import html
from datetime import date
from typing import Any

import pytest
from django.test import Client

from core import writing
from initiatives.models import Action, Deadline, Initiative
from principles.models import ActionArea, Principle, Programme, ProgrammeYear
from tests.core.reading import html_of, text_of
from tests.initiatives.dated_pages.steps import (
    BEFORE,
    CHANGED,
    DAY,
    KEY,
    LATER,
    PAGES,
    TODAY,
    address_of,
    archive,
    as_of,
    main_of,
)
from tests.initiatives.steps import BO, judge, read_initiative
from tests.reports.editions.steps import JANUARY, lock


def change(row: Any, **values: Any) -> Any:
    current = type(row).objects.get(pk=row.pk)
    return writing.change(
        current, values, version=current.version, actor=BO, reason="Fordi.", at=LATER
    ).row


def unescaped(page: str) -> str:
    return html.unescape(page).replace("\N{NO-BREAK SPACE}", " ")


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
def test_a_renamed_row_has_the_name_it_had(
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
    area = read_initiative(KEY).area
    title = area.title
    change(area, title="Et helt nyt navn")
    for name in ("initiative", "area"):
        response = as_of(secretariat_client, address_of(name))
        assert title in text_of(response)
        assert "Et helt nyt navn" not in html_of(response)


@pytest.mark.parametrize("name", ["overview", "initiative"])
def test_the_months_of_the_plan_are_those_of_that_day(
    secretariat_client: Client, programme: Programme, name: str
):
    before = main_of(as_of(secretariat_client, address_of(name)))
    assert "Marts 2025 – februar 2026" in unescaped(before)
    change(programme, starts_on=date(2025, 12, 1))
    assert main_of(as_of(secretariat_client, address_of(name))) == before
    assert "December 2025 – februar 2026" in unescaped(
        main_of(secretariat_client.get(address_of(name)))
    )


def test_the_notes_of_an_areas_numbers_are_those_of_that_day(
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
def test_rows_archived_later_are_there_and_rows_added_later_are_not(
    secretariat_client: Client, programme: Programme, name
):
    added = Initiative(key="ny", title="Nyt initiativ", area=read_initiative(KEY).area, position=0)
    writing.create(added, actor=BO, reason="", at=LATER)
    archive(read_initiative(KEY))
    address, link = address_of(name), f'href="/initiativer/{KEY}/'
    before, after = (main_of(as_of(secretariat_client, address, day)) for day in (BEFORE, CHANGED))
    assert link in before
    assert "Nyt initiativ" not in before
    assert link not in after
    assert "Nyt initiativ" in after


def test_the_page_of_a_row_that_was_archived_later(group_client: Client, programme: Programme):
    archive(read_initiative(KEY))
    text = text_of(as_of(group_client, address_of("initiative")))
    assert read_initiative(KEY).title in text
    assert "arkiveret" not in text
    assert "arkiveret" in text_of(group_client.get(address_of("initiative")))


@pytest.mark.parametrize("model", [Initiative, ActionArea, Principle])
def test_the_page_of_a_row_that_was_not_in_the_plan(
    secretariat_client: Client, programme: Programme, model
):
    rows: dict[Any, Any] = {
        Initiative: Initiative(key="ny", title="Nyt", area=read_initiative(KEY).area, position=0),
        ActionArea: ActionArea(
            key="ny", title="Nyt", principle=read_initiative(KEY).area.principle
        ),
        Principle: Principle(key="ny", title="Nyt", programme=programme),
    }
    rows[model].position = 0
    writing.create(rows[model], actor=BO, reason="", at=LATER)
    kind = {Initiative: "initiativer", ActionArea: "indsatsomraader", Principle: "principper"}
    text = text_of(as_of(secretariat_client, f"/{kind[model]}/ny/"))
    assert "Det, siden handler om, var ikke i planen den 4. marts 2026." in text
    assert "Nyt" not in text
    assert "Nyt" in text_of(as_of(secretariat_client, f"/{kind[model]}/ny/", CHANGED))


def test_the_statuses_of_that_day(secretariat_client: Client, programme: Programme):
    judge(KEY, "major_deviations", reason="Kontrakten er opsagt.", deviates=["time"], at=LATER)
    for name in ("overview", "status table", "initiative", "area", "principle"):
        address = address_of(name)
        assert "Kontrakten er opsagt." not in html_of(as_of(secretariat_client, address))
    assert "Kontrakten er opsagt." in html_of(as_of(secretariat_client, PAGES["initiative"], TODAY))


def test_the_initiative_page_has_no_internal_note_and_nothing_later(
    secretariat_client: Client, programme: Programme
):
    change(read_initiative(KEY), internal_notes="Hemmeligord", report_text="Skrevet siden.")
    text = text_of(as_of(secretariat_client, PAGES["initiative"]))
    assert "Hemmeligord" not in text
    assert "Internt notat" not in text
    assert "Skrevet siden." not in text
    assert "Bo" not in text.split("Historik")[-1]
    after = text_of(as_of(secretariat_client, PAGES["initiative"], CHANGED))
    assert "Skrevet siden." in after
    assert "Internt notat" not in after
    assert "interne notat" not in after


def test_a_move_names_the_indsats_as_it_was_called_that_day(
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
    sentence = f"flyttede deadline for »{indsats.title}« fra"
    path = "/initiativer/myndighedsbestilling/"
    for text in (
        text_of(as_of(secretariat_client, path, CHANGED)),
        text_of(secretariat_client.get(path)),
        text_of(secretariat_client.get("/historik/", {"art": "deadline"})),
    ):
        assert sentence in text
        assert "flyttede deadline for »Et helt nyt navn«" not in text


def test_the_overview_compares_with_the_edition_of_that_day(
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
    text = text_of(as_of(secretariat_client, address, CHANGED))
    assert "Planen havde ingen initiativer den 5. marts 2026." in text
    assert filtered not in text
    query = {"pr": CHANGED, "princip": "botilbud"}
    assert filtered in text_of(secretariat_client.get(address, query))
    text = text_of(secretariat_client.get(address))
    assert "Planen har ingen initiativer." in text
    assert filtered not in text


@pytest.mark.parametrize("address", ["/", "/status/", "/noegletal/", "/statusopgoerelser/2026-02/"])
def test_a_day_before_the_plan_existed_is_not_an_empty_plan(
    secretariat_client: Client, programme: Programme, address
):
    text = text_of(as_of(secretariat_client, address, "2026-02-25"))
    sentence = "Planen har ingen oplysninger før den 26. februar 2026. Vælg en senere dato."
    assert sentence in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "ingen initiativer" not in text
