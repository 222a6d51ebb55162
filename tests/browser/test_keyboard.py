"""The same flow without a mouse: Tab, Space, arrows, Enter. The focus is always visible."""

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from tests.browser.checks import focus_problem
from tests.browser.conftest import Visit
from tests.browser.steps import cell, edit_link, expect_said, form_of, newest
from tests.factories import PASSWORD

pytestmark = pytest.mark.browser

KEY = "myndighedsbestilling"
IS_FOCUSED = "element => element === document.activeElement"


def press(page: Page, key: str) -> None:
    """Press a key, and check that the focus is visible afterwards."""
    page.keyboard.press(key)
    assert focus_problem(page) == ""


def tab_to(page: Page, control: Locator, key: str = "Tab") -> None:
    """Press Tab until the control has the focus."""
    for _ in range(80):
        press(page, key)
        if control.evaluate(IS_FOCUSED):
            return
    pytest.fail(f"{control} cannot be reached by {key}")


def test_the_first_tab_stop_skips_the_header(visit: Visit, secretariat: User) -> None:
    page = visit(secretariat)
    page.goto("/status/")
    press(page, "Tab")
    expect(page.get_by_role("link", name="Gå til indhold")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    press(page, "Tab")
    expect(page.get_by_label("Vis planen, som den var den")).to_be_focused()


def test_the_focus_is_visible_at_every_stop_of_a_narrow_table(
    visit: Visit, secretariat: User
) -> None:
    page = visit(secretariat, width=360)
    page.goto("/status/?princip=botilbud")
    last = page.locator(".site-foot").get_by_role("link", name="Kontakt sekretariatet")
    tab_to(page, last)
    tab_to(page, page.locator(".site-name"), "Shift+Tab")


def test_a_status_is_changed_by_the_keyboard(visit: Visit, secretariat: User) -> None:
    page = visit(secretariat)
    page.goto("/status/?princip=kvalitet")
    tab_to(page, edit_link(page))
    page.keyboard.press("Enter")
    form = form_of(page)
    expect(form.get_by_role("heading", level=2)).to_be_focused()
    assert focus_problem(page) == ""
    tab_to(page, form.get_by_role("radio", name="Mindre afvigelser"))
    press(page, "ArrowDown")
    expect(form.get_by_role("radio", name="Betydelige afvigelser")).to_be_checked()
    press(page, "Enter")
    expect(form.locator(".error-summary")).to_be_focused()
    assert focus_problem(page) == ""
    tab_to(page, form.get_by_role("link", name="Skriv en begrundelse."))
    press(page, "Enter")
    expect(form.get_by_label("Begrundelse", exact=True)).to_be_focused()
    page.keyboard.type("Kvaliteten kan ikke holdes.")
    tab_to(page, form.get_by_role("checkbox", name="Kvalitet"), "Shift+Tab")
    press(page, "Space")
    expect(form.get_by_role("checkbox", name="Kvalitet")).to_be_checked()
    tab_to(page, form.get_by_role("button", name="Gem", exact=True))
    page.keyboard.press("Space")
    expect_said(page, "er gemt: Betydelige afvigelser.")
    expect(edit_link(page)).to_be_focused()
    assert focus_problem(page) == ""
    assert newest(KEY).status == "major_deviations"


def test_cancel_and_unchanged_by_the_keyboard(visit: Visit, secretariat: User) -> None:
    page = visit(secretariat)
    page.goto("/status/?princip=kvalitet")
    opener = edit_link(page, "Kompetenceudvikling")
    tab_to(page, opener)
    page.keyboard.press("Enter")
    expect(form_of(page).get_by_role("heading", level=2)).to_be_focused()
    tab_to(page, form_of(page).get_by_role("link", name="Annuller"))
    page.keyboard.press("Enter")
    expect(opener).to_be_focused()
    row = cell(page, "kompetenceudvikling")
    press(page, "Tab")
    expect(row.get_by_role("button", name="Uændret")).to_be_focused()
    page.keyboard.press("Enter")
    expect_said(page, "Kompetenceudvikling er bekræftet uændret.")
    expect(opener).to_be_focused()
    press(page, "Tab")
    expect(row.get_by_role("button", name="Fortryd")).to_be_focused()
    page.keyboard.press("Space")
    expect_said(page, "Bekræftelsen er trukket tilbage.")
    expect(opener).to_be_focused()


def test_the_menus_open_and_close_by_the_keyboard(visit: Visit, secretariat: User) -> None:
    page = visit(secretariat)
    page.goto("/min-profil/")
    name = page.locator(".user-menu > summary")
    tab_to(page, name)
    press(page, "Enter")
    press(page, "Tab")
    expect(page.locator(".user-menu a").first).to_be_focused()
    press(page, "Escape")
    expect(name).to_be_focused()
    expect(page.locator(".user-menu a").first).to_be_hidden()
    page = visit(secretariat, width=360)
    page.goto("/min-profil/")
    menu = page.get_by_role("button", name="Menu")
    tab_to(page, menu)
    press(page, "Space")
    expect(menu).to_have_attribute("aria-expanded", "true")
    press(page, "Tab")
    expect(
        page.get_by_role("navigation", name="Hovedmenu").get_by_role("link").first
    ).to_be_focused()
    tab_to(page, menu, "Shift+Tab")
    press(page, "Enter")
    expect(page.get_by_role("navigation", name="Hovedmenu")).to_be_hidden()


def test_login_by_the_keyboard(visit: Visit, secretariat: User) -> None:
    page = visit()
    page.goto("/konto/log-ind/")
    tab_to(page, page.get_by_label("E-mail"))
    page.keyboard.type(secretariat.email)
    tab_to(page, page.get_by_label("Adgangskode"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Overblik")
