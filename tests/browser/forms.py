"""The kinds of forms that keep a draft, and what a person does with them."""

import re
import secrets
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from tests.browser.conftest import session_of
from tests.factories import PASSWORD

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
        self.form(page).get_by_role("button", name=self.button, exact=True).last.click(
            no_wait_after=True
        )


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


def become(page: Page, user: User) -> None:
    """Log `user` in, in another tab of the browser: the session and the token are new."""
    site = page.evaluate("location.origin")
    cookies: list[Any] = [
        {"name": settings.SESSION_COOKIE_NAME, "value": session_of(user), "url": site},
        {"name": settings.CSRF_COOKIE_NAME, "value": secrets.token_hex(16), "url": site},
    ]
    page.context.add_cookies(cookies)
