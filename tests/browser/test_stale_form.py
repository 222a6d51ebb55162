"""In a browser: a form whose token or login has ended keeps its text.

test_drafts.py has every kind of form; here are both widths, and what each page says.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser.checks import problems_of
from tests.browser.conftest import Visit
from tests.browser.forms import become
from tests.browser.steps import expect_said, form_of, newest, open_form, save

pytestmark = pytest.mark.browser

BOTH_WIDTHS = pytest.mark.parametrize("width", [1280, 360])
TEXT = "En begrundelse, der ikke må gå tabt."


def spoil_tokens(page: Page) -> None:
    """Make the page's tokens old, as when another user logs in from another window."""
    page.locator("[name=csrfmiddlewaretoken]").evaluate_all(
        "inputs => inputs.forEach(input => { input.value = 'x'.repeat(64); })"
    )


@BOTH_WIDTHS
def test_an_old_token_is_renewed_and_the_row_is_saved(visit: Visit, secretariat: User, width: int):
    page = visit(secretariat, width=width)
    page.goto("/status/?princip=kvalitet")
    form = open_form(page)
    form.get_by_label("Begrundelse", exact=True).fill(TEXT)
    spoil_tokens(page)
    save(form)
    expect_said(page, "Status for Myndighedsbestilling er gemt")
    assert [update.reason for update in newest("myndighedsbestilling").updates.all()][-1] == TEXT


@BOTH_WIDTHS
def test_another_user_s_login_keeps_the_text_in_the_row_and_saves_nothing(
    visit: Visit, secretariat: User, group: User, width: int
):
    page = visit(secretariat, width=width)
    page.goto("/status/?princip=kvalitet")
    form = open_form(page)
    form.get_by_label("Begrundelse", exact=True).fill(TEXT)
    become(page, group)
    save(form)
    live = page.locator("#live")
    expect(live).to_contain_text("Siden er ikke længere aktuel, og ændringen er ikke gemt.")
    expect(live.get_by_role("button", name="Prøv igen")).to_have_count(0)
    expect(form_of(page).get_by_label("Begrundelse", exact=True)).to_have_value(TEXT)
    assert problems_of(page) == []


@BOTH_WIDTHS
def test_a_login_that_ended_keeps_the_text_in_the_row(visit: Visit, secretariat: User, width: int):
    page = visit(secretariat, width=width)
    page.goto("/status/?princip=kvalitet")
    form = open_form(page)
    form.get_by_label("Begrundelse", exact=True).fill(TEXT)
    page.context.clear_cookies(name="sessionid")
    save(form)
    live = page.locator("#live")
    expect(live).to_contain_text("Du er logget ud. Din tekst står her endnu. Log ind, og gem igen.")
    expect(form_of(page).get_by_label("Begrundelse", exact=True)).to_have_value(TEXT)
    assert problems_of(page) == []


@BOTH_WIDTHS
def test_an_old_token_gives_the_text_of_a_page_back(visit: Visit, secretariat: User, width: int):
    page = visit(secretariat, width=width)
    page.goto("/initiativer/kontraktanalyse/ret/")
    page.locator("textarea").first.fill(TEXT)
    spoil_tokens(page)
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.locator("h1")).to_have_text("Siden er ikke længere aktuel")
    expect(page.locator("textarea", has_text=TEXT)).to_have_count(1)
    assert problems_of(page) == []
    page.get_by_role("link", name="Hent siden igen").click()
    expect(page).to_have_url(re.compile("/initiativer/kontraktanalyse/ret/$"))
    expect(page.locator("textarea").first).to_have_value(TEXT)


@BOTH_WIDTHS
def test_a_login_that_ended_gives_the_text_of_a_page_back(
    visit: Visit, secretariat: User, width: int
):
    page = visit(secretariat, width=width)
    page.goto("/initiativer/kontraktanalyse/ret/")
    page.locator("textarea").first.fill(TEXT)
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.locator("h1")).to_have_text("Du er logget ud")
    expect(page.locator("textarea", has_text=TEXT)).to_have_count(1)
    assert problems_of(page) == []
    page.get_by_role("button", name="Log ind").click()
    expect(page.locator("h1")).to_have_text("Log ind")
    assert problems_of(page) == []
