"""The deadline form by keyboard and mouse: the interpretation is shown while typing."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from initiatives.models import Deadline
from tests.browser.checks import problems_of
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

PATH = "/deadlines/myndighedsbestilling-d2/ret/"


def wording(page: Page) -> None:
    field = page.get_by_label("Ordlyd")
    field.fill("")
    field.press_sequentially("Ny deadline: medio 2026", delay=10)


def test_the_interpretation_is_shown_while_typing(visit: Visit, secretariat: User) -> None:
    page = visit(secretariat)
    page.goto(PATH)
    interpretation = page.locator("#forstaaet")
    expect(interpretation).to_contain_text("Forstået som marts 2026.")
    wording(page)
    expect(interpretation).to_contain_text(
        "Forstået som medio 2026. Forfalder senest den 31. august 2026."
    )
    expect(interpretation).to_contain_text("Den flyttes fra marts 2026 til medio 2026.")
    # The focus stays in the field.
    expect(page.get_by_label("Ordlyd")).to_be_focused()
    page.get_by_label("Art", exact=True).select_option("waiting")
    expect(interpretation).to_contain_text("Arten »Afventer« har ingen dato.")
    assert problems_of(page) == []


@pytest.mark.parametrize("with_javascript", [True, False])
def test_a_deadline_is_moved(visit: Visit, secretariat: User, with_javascript: bool) -> None:
    page = visit(secretariat, java_script_enabled=with_javascript)
    page.goto(PATH)
    page.get_by_label("Ordlyd").fill("Ny deadline: medio 2026")
    page.get_by_role("button", name="Forhåndsvis").click()
    expect(page.locator("#forstaaet")).to_contain_text("Forstået som medio 2026.")
    expect(page.get_by_label("Ordlyd")).to_have_value("Ny deadline: medio 2026")
    page.get_by_role("button", name="Gem").last.click()
    expect(page.locator(".error-summary")).to_contain_text("Skriv, hvorfor deadlinen flyttes.")
    page.get_by_label("Hvorfor ændres det?").fill("Skabelonen bygger på overblikket.")
    page.get_by_role("button", name="Gem").last.click()
    expect(page.get_by_role("heading", name="Myndighedsbestilling")).to_be_visible()
    chain = page.locator(".chain").nth(1)
    expect(chain).to_contain_text("marts 2026")
    expect(chain.locator("b")).to_contain_text("medio 2026")
    assert Deadline.objects.get(key="myndighedsbestilling-d2").moves.count() == 2
