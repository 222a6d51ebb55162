"""Nothing typed is lost: on every kind of form, whatever happens between typing and saving."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from initiatives.models import Action, Deadline
from tests.browser.conftest import Visit, Windows
from tests.browser.forms import (
    EVERY,
    KEPT,
    KINDS,
    Kind,
    become,
    end_login,
    expect_text,
    log_in,
    stored,
)
from tests.browser.line import Line
from tests.promises import Measured

pytestmark = pytest.mark.browser


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
def test_without_the_draft_the_menu_costs_the_text(
    visit: Visit, secretariat: User, promise: Measured
):
    page, kind = visit(secretariat), KINDS["add"]
    kind.open(page)
    page.evaluate("Storage.prototype.setItem = () => {}")
    kind.field(page).fill(kind.text)
    page.goto("/tidslinje/")
    page.goto(kind.path)
    expect(kind.field(page)).to_have_value("")
    promise.control("a link in the menu, without the draft", "the text is gone")


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


def renewed_by_preview(page: Page, kind: Kind) -> bool:
    """A new login has a new token, so the old page is refused; but the live preview of a deadline
    may have fetched the new token after the login, and then the form is saved."""
    answer = "Siden er ikke længere aktuel"
    if "deadlines" not in kind.path:
        expect(page.locator("h1")).to_have_text(answer)
        return False
    expect(page.locator("h1")).to_have_text(re.compile(f"{answer}|Kontraktanalyse"))
    return page.locator("h1").inner_text() != answer


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
    if not kind.opener and not renewed_by_preview(page, kind):
        page.get_by_role("link", name="Hent siden igen").click()
        expect_text(kind, page)
        kind.save(page)
    if kind.button == "Gem":
        expect(page.locator("#live")).to_contain_text(re.compile("gemt|tilføjet|ændret"))


@pytest.mark.promise(10)
@EVERY
def test_another_user_in_another_tab_gets_nothing_and_nothing_is_lost(
    visit: Visit, secretariat: User, group: User, kind: Kind
):
    page = visit(secretariat)
    kind.type(page)
    become(page, group)
    kind.save(page)
    if kind.opener:
        expect(page.locator("#live")).to_contain_text("ændringen er ikke gemt")
        expect_text(kind, page)
    else:
        expect(page.locator("h1")).to_have_text("Siden er ikke længere aktuel")
        expect(page.locator("main")).to_contain_text("Kopiér den herunder")
        typed = page.locator("textarea", has_text=kind.text.splitlines()[0])
        expect(typed).to_have_value(kind.text)
    # The next user of the browser finds no text of it: neither on a page, nor with a tool.
    page.goto("/")
    expect(page.locator(".user-menu")).to_contain_text(group.name)
    everything = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert kind.text.splitlines()[0] not in everything
    assert page.evaluate("document.body.dataset.writer") == str(group.pk)
    # Its writer finds it again; a form that a link opens is opened again.
    become(page, secretariat)
    page.goto(kind.path)
    expect_text(kind, page)


@pytest.mark.promise(10)
@EVERY
def test_a_renewed_token_costs_nothing(visit: Visit, secretariat: User, kind: Kind):
    page = visit(secretariat)
    kind.type(page)
    become(page, secretariat)
    kind.save(page)
    if kind.opener:
        expect(page.locator("#live")).to_contain_text("er gemt")
        stored(page, 0)
    else:
        expect(page.locator("h1")).to_have_text("Siden er ikke længere aktuel")
        page.get_by_role("link", name="Hent siden igen").click()
        expect_text(kind, page)


@pytest.fixture
def line(base_url: str) -> Iterator[Line]:
    """The line to the portal."""
    site = urlsplit(base_url)
    line = Line(str(site.hostname), site.port or 80)
    yield line
    line.cut()


@pytest.fixture
def page_on_the_line(browser: Browser, line: Line, secretariat: User) -> Iterator[Page]:
    """Anna's window, which reaches the portal through the line. The tests move its clock."""
    windows = Windows(browser, line.url)
    page = windows.open(secretariat)
    page.clock.install()
    yield page
    page.context.close()
    # What the browser says of a server that is gone is no fault of the page.
    assert [problem for problem in windows.problems if "script" in problem] == []


@pytest.mark.promise(10)
@EVERY
def test_a_stopped_server_costs_nothing(page_on_the_line: Page, line: Line, kind: Kind):
    page = page_on_the_line
    kind.type(page)
    line.cut()
    with page.expect_event("requestfailed"):
        kind.save(page)
    if kind.opener:
        expect(page.locator("#live")).to_contain_text("Der er ingen forbindelse.")
        expect_text(kind, page)
        line.mend()
        page.locator("#live").get_by_role("button", name="Prøv igen").click()
        expect(page.locator("#live")).to_contain_text("er gemt")
    else:
        expect(page).to_have_url(re.compile("^chrome-error:"))
        line.mend()
        page.goto(kind.path)
        expect_text(kind, page)


GIVEN_UP = "Portalen svarede ikke. Intet er gemt, og din tekst er bevaret. Prøv igen."
SLOW = "Det tager længere tid end normalt. Din tekst er bevaret."
# Notes what the live region says. While a page waits for an answer, nobody can ask it.
LISTEN = """
const live = document.getElementById("live");
window.said = [];
const note = () => window.said.push(live.innerText.trim());
new MutationObserver(note).observe(live, {childList: true});
"""


@pytest.mark.promise(10)
def test_htmx_gives_a_server_that_hangs_up(page_on_the_line: Page, line: Line):
    page, kind, live = page_on_the_line, KINDS["status"], page_on_the_line.locator("#live")
    kind.type(page)
    line.hang()
    kind.save(page)
    page.clock.fast_forward(3_100)
    expect(live).to_have_text(SLOW)
    page.clock.fast_forward(17_000)
    expect(live).to_contain_text(GIVEN_UP)
    expect_text(kind, page)
    line.mend()
    live.get_by_role("button", name="Prøv igen").click()
    expect(live).to_contain_text("er gemt")
    stored(page, 0)


@pytest.mark.slow
@pytest.mark.promise(10)
def test_every_page_gives_a_lost_answer_up_and_a_resend_is_one_act(
    page_on_the_line: Page, line: Line, promise: Measured
):
    """The portal saves, and its answer never comes. All pages wait at once, for twenty seconds by
    the real clock."""
    plain = [kind for kind in KINDS.values() if not kind.opener]
    pages = [page_on_the_line.context.new_page() for _ in plain]
    before = Action.objects.count(), Deadline.objects.count()
    for number, (kind, page) in enumerate(zip(plain, pages, strict=True), start=1):
        kind.open(page)
        kind.field(page).fill(kind.text)
        stored(page, number)
        page.evaluate(LISTEN)
    line.lose_answers()
    for kind, page in zip(plain, pages, strict=True):
        kind.save(page)
    for kind, page in zip(plain, pages, strict=True):
        expect(page.locator("#live")).to_contain_text(GIVEN_UP, timeout=60_000)
        assert page.evaluate("window.said")[0] == SLOW
        expect_text(kind, page)
    rows = before[0] + 1, before[1] + 1
    assert (Action.objects.count(), Deadline.objects.count()) == rows
    line.mend()
    for page in pages:
        page.locator("#live").get_by_role("button", name="Prøv igen").click()
        expect(page.locator("#live")).not_to_contain_text("svarede ikke")
    stored(pages[0], 1)  # The lock form has a day that can't be read.
    assert (Action.objects.count(), Deadline.objects.count()) == rows
    promise.figure("a form sent again after an answer that never came", "1 row, every character")
