""" "Kopiér link": the address is in the clipboard, or the page shows it to be copied by hand."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from tests.browser.conftest import Visit
from tests.browser.steps import expect_said

pytestmark = pytest.mark.browser

ADDRESS = "/status/?princip=kvalitet"


def test_the_link_is_copied(visit: Visit, secretariat: User) -> None:
    page = visit(secretariat, permissions=["clipboard-read", "clipboard-write"])
    page.goto(ADDRESS)
    button = page.get_by_role("button", name="Kopiér link")
    button.click()
    expect_said(page, "Linket er kopieret.")
    expect(button).to_be_focused()
    assert page.evaluate("navigator.clipboard.readText()").endswith(ADDRESS)


def test_without_a_clipboard_the_address_is_shown(visit: Visit, secretariat: User) -> None:
    page = visit(secretariat)
    page.goto(ADDRESS)
    # This is how it is on a page that was not served over https.
    page.evaluate("delete Navigator.prototype.clipboard")
    page.get_by_role("button", name="Kopiér link").click()
    expect_said(page, f"Linket kunne ikke kopieres. Adressen er {page.url}")
    expect(page.get_by_role("button", name="Prøv igen")).to_be_hidden()
