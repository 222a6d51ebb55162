"""Nothing typed is lost: on every kind of form, whatever happens between typing and saving."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler  # noqa: F401
from django.test.testcases import LiveServerThread  # noqa: F401
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from tests.browser.conftest import Visit
from tests.factories import PASSWORD

pytestmark = pytest.mark.browser

TEXT = "Første linje: æøå & <b>\nAnden linje »sidst«"
LINE = "En linje: æøå & <b> »sidst«"
KEPT = re.compile("Din tekst fra kl. .* er bevaret. Den er ikke gemt endnu.")


@dataclass(frozen=True)
class Kind:
    """A kind of form: where it is, the field that is written in, and the button that saves."""

    path: str
    label: str
    text: str = TEXT
    button: str = "Gem"
    opener: str = ""

    def open(self, page: Page) -> Locator:
        """Open the form, and return it."""
        if page.url.removesuffix(self.path) == page.url:
            page.goto(self.path)
        if self.opener and not page.locator("form.status-form").count():
            page.locator(f"#{self.opener}").click()
        return self.form(page)

    def form(self, page: Page) -> Locator:
        return page.locator("form[data-draft]")

    def field(self, page: Page) -> Locator:
        return self.form(page).get_by_label(self.label, exact=True).first

    def type(self, page: Page) -> None:
        """Open the form and type, and wait until the browser has stored the draft."""
        self.open(page)
        self.field(page).fill(self.text)
        stored(page)

    def save(self, page: Page) -> None:
        self.form(page).get_by_role("button", name=self.button, exact=True).last.click()


KINDS = {
    "status": Kind("/status/", "Begrundelse", opener="ret-kontraktanalyse"),
    "status on its page": Kind("/initiativer/kontraktanalyse/status/", "Begrundelse"),
    "texts": Kind("/initiativer/kontraktanalyse/ret/", "Hvorfor ændres det?"),
    "add": Kind("/initiativer/kontraktanalyse/indsatser/tilfoej/", "Indsats", LINE),
    "deadline": Kind("/initiativer/kontraktanalyse/deadlines/tilfoej/", "Ordlyd"),
    "lock": Kind(
        "/statusopgoerelser/2026-02/laas/",
        "Til mødet i Implementeringsgruppen den",
        "engang i marts",
        "Lås udgave",
    ),
}
EVERY = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))


def stored(page: Page, count: int = 1) -> None:
    """Wait until so many drafts are stored."""
    page.wait_for_function(
        "count => Object.keys(localStorage).filter(name => name.startsWith('kladde:')).length"
        " === count",
        arg=count,
    )


def expect_text(kind: Kind, page: Page) -> None:
    expect(kind.field(page)).to_have_value(kind.text)


def log_in(page: Page, user: User) -> None:
    """Fill in the page "Log ind"."""
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Log ind", exact=True).click()


def end_login(page: Page) -> None:
    page.context.clear_cookies(name="sessionid")


@pytest.fixture(autouse=True)
def _empty_storage(visit: Visit, windows: Any) -> Iterator[None]:
    """No draft of one test meets the next one, which may get the same window."""
    yield
    for _, page in windows.taken:
        page.goto("/was/")
        page.evaluate("localStorage.clear()")


@pytest.mark.promise(10)
@EVERY
def test_reload_back_and_menu_keep_every_character(visit: Visit, secretariat: User, kind: Kind):
    page = visit(secretariat)
    kind.type(page)
    page.reload()
    expect(page.locator(".kept")).to_have_text(re.compile(KEPT.pattern + "Kassér teksten"))
    expect_text(kind, page)
    page.get_by_role("navigation", name="Hovedmenu").get_by_role("link", name="Tidslinje").click()
    expect(page).to_have_url(re.compile("/tidslinje/$"))
    page.go_back()
    expect_text(kind, page)


@pytest.mark.promise(10)
@EVERY
def test_a_login_that_ended_keeps_every_character(visit: Visit, secretariat: User, kind: Kind):
    """The session ended, or somebody logged out in another tab."""
    page = visit(secretariat)
    kind.type(page)
    end_login(page)
    kind.save(page)
    if kind.opener:
        live = page.locator("#live")
        expect(live).to_contain_text(
            "Du er logget ud. Din tekst står her endnu. Log ind, og gem igen."
        )
        expect_text(kind, page)
        live.get_by_role("link", name="Log ind").click()
    else:
        expect(page.locator("h1")).to_have_text("Du er logget ud")
        page.get_by_role("button", name="Log ind").click()
    log_in(page, secretariat)
    expect(page).to_have_url(re.compile(re.escape(kind.path) + "$"))
    expect_text(kind, page)


@pytest.mark.promise(10)
@EVERY
def test_a_login_in_another_tab_is_enough(visit: Visit, secretariat: User, kind: Kind):
    page = visit(secretariat)
    kind.type(page)
    end_login(page)
    other = page.context.new_page()
    other.goto("/konto/log-ind/")
    log_in(other, secretariat)
    expect(other.locator(".user-menu")).to_be_visible()
    kind.save(page)
    if not kind.opener:
        # A new login has a new token.
        expect(page.locator("h1")).to_have_text("Siden er ikke længere aktuel")
        page.get_by_role("link", name="Hent siden igen").click()
        expect_text(kind, page)
        kind.save(page)
    if kind.button == "Gem":
        expect(page.locator("#live")).to_contain_text(re.compile("gemt|tilføjet|ændret"))
