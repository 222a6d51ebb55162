"""Everything works without JavaScript: links, forms and whole pages."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from plan.status import Status
from tests.browser.conftest import Visit
from tests.browser.steps import (
    MYNDIGHED,
    cell,
    choose,
    edit_link,
    expect_said,
    form_of,
    judge_meanwhile,
    newest,
    save,
)

pytestmark = pytest.mark.browser

KEY = "myndighedsbestilling"


@pytest.fixture
def page(visit: Visit, secretariat: User) -> Page:
    """Anna's window in a browser without JavaScript."""
    return visit(secretariat, java_script_enabled=False)


def test_the_table_is_filtered(page: Page) -> None:
    page.goto("/status/")
    expect(page.get_by_role("button", name="Kopiér link")).to_be_hidden()
    page.get_by_label("Princip").select_option(label="Fælles om kvalitet")
    page.get_by_label("Tekst").fill("skabelon")
    page.get_by_role("button", name="Filtrér").click()
    expect(page).to_have_url(re.compile("princip=kvalitet&tekst=skabelon"))
    expect(page.locator(".cell-status")).to_have_count(1)
    page.get_by_role("link", name="1 Mindre afvigelser").click()
    expect(page.get_by_role("link", name="1 Mindre afvigelser")).to_have_attribute(
        "aria-current", "true"
    )
    page.get_by_role("link", name="Ryd filtre").click()
    expect(page.locator(".cell-status")).to_have_count(14)


def test_a_status_is_changed_on_a_page_of_its_own(page: Page) -> None:
    page.goto("/status/?princip=kvalitet")
    edit_link(page).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ret status")
    choose(form_of(page), Status.COMPLETED)
    form_of(page).get_by_label("Internt notat").fill("Husk at skrive til kommunerne.")
    save(form_of(page))
    expect(page.locator(".error-summary")).to_contain_text("Skriv en begrundelse.")
    expect(form_of(page).get_by_role("radio", name="Udført og afsluttet")).to_be_checked()
    expect(form_of(page).get_by_label("Internt notat")).to_have_value(
        "Husk at skrive til kommunerne."
    )
    form_of(page).get_by_label("Begrundelse", exact=True).fill("Skabelonen er leveret.")
    save(form_of(page))
    expect(page).to_have_url(re.compile(rf"/status/\?princip=kvalitet#initiativ-{KEY}$"))
    expect_said(page, f"Status for {MYNDIGHED} er gemt: Udført og afsluttet.")
    expect(cell(page, KEY)).to_contain_text("Udført og afsluttet")


def test_save_and_continue_opens_the_next_page(page: Page) -> None:
    page.goto("/status/")
    edit_link(page, "Indkøbs- og kontrakthåndbog").click()
    form_of(page).get_by_label("Begrundelse", exact=True).fill("Arbejdet følger planen.")
    save(form_of(page), "Gem og gå til næste")
    expect_said(page, "er gemt: Forløber efter planen.")
    expect(form_of(page).get_by_role("heading", level=2)).to_contain_text("Kompetenceudvikling")
    page.get_by_role("link", name="Annuller").click()
    expect(page).to_have_url(re.compile("/status/#initiativ-kompetenceudvikling$"))


def test_unchanged_is_confirmed_and_taken_back(page: Page) -> None:
    page.goto("/status/?mangler=1")
    cell(page, "kompetenceudvikling").get_by_role("button", name="Uændret").click()
    expect_said(page, "11 af 14 initiativer er opdateret til februar.")
    expect(page.locator(".cell-status")).to_have_count(3)
    page.goto("/initiativer/kompetenceudvikling/")
    page.get_by_role("button", name="Fortryd").click()
    expect_said(page, "Bekræftelsen er trukket tilbage.")
    expect(page.get_by_role("button", name="Uændret")).to_be_visible()


def test_a_conflict_shows_both_and_keeps_the_text(page: Page) -> None:
    page.goto(f"/initiativer/{KEY}/status/")
    choose(form_of(page), Status.MAJOR_DEVIATIONS)
    form_of(page).get_by_role("checkbox", name="Tidsplan").check()
    form_of(page).get_by_label("Begrundelse", exact=True).fill("Min tekst.")
    judge_meanwhile(KEY, Status.COMPLETED, "Dortes tekst.")
    save(form_of(page))
    expect(page.locator(".conflict")).to_contain_text("Dortes tekst.")
    expect(form_of(page).get_by_label("Begrundelse", exact=True)).to_have_value("Min tekst.")
    page.get_by_role("button", name="Behold begge").click()
    expect(form_of(page).get_by_label("Begrundelse", exact=True)).to_have_value(
        "Dortes tekst.\n\nMin tekst."
    )
    save(form_of(page))
    expect(page).to_have_url(re.compile(f"/initiativer/{KEY}/$"))
    assert newest(KEY).status == "major_deviations"


def test_texts_are_edited_moved_archived_and_restored(page: Page) -> None:
    page.goto(f"/initiativer/{KEY}/")
    page.get_by_role("link", name="Ret tekster").click()
    page.get_by_label("Titel").fill("")
    page.get_by_role("button", name="Gem").click()
    expect(page.locator(".error-summary")).to_contain_text("Titel skal udfyldes.")
    page.get_by_label("Titel").fill("Bestilling i myndighed")
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bestilling i myndighed")

    indsatser = page.locator(".steps > li")
    indsatser.nth(1).get_by_role("button", name="Flyt op").click()
    expect(indsatser.first).to_contain_text("Fælleskommunal skabelon")

    deadlines = page.get_by_role("table", name="Deadlines").locator("tbody > tr")
    deadlines.first.get_by_role("link", name="Arkivér").click()
    expect(page.locator("main")).to_contain_text("Vil du arkivere »Juridisk og skematisk overblik")
    page.get_by_role("button", name="Arkivér").click()
    expect(deadlines).to_have_count(1)
    page.get_by_text("Arkiverede deadlines").click()
    page.get_by_role("button", name="Gendan").click()
    expect_said(page, "er gendannet.")
    expect(deadlines).to_have_count(2)


def test_the_menu_is_in_the_footer_of_a_narrow_window(visit: Visit, secretariat: User) -> None:
    page = visit(secretariat, width=360, java_script_enabled=False)
    page.goto("/status/")
    page.get_by_role("link", name="Menu").click()
    expect(page).to_have_url(re.compile("#bundmenu$"))
    menu = page.get_by_role("navigation", name="Menu i bunden")
    expect(menu).to_be_in_viewport()
    menu.get_by_role("link", name="Min profil").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Min profil")
    page.get_by_role("navigation", name="Menu i bunden").get_by_role(
        "button", name="Log ud"
    ).click()
    page.goto("/status/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Log ind")
