"""Two people at the form of one initiative: each is told of the other, and nothing else happens."""

import pytest
from playwright.sync_api import Page, Request, expect

from accounts.models import User
from principles.models import Programme
from tests.browser.conftest import Visit
from tests.factories import make_membership, make_user

pytestmark = pytest.mark.browser

FORM = "/initiativer/myndighedsbestilling/status/"
HERE = "/til-stede/"
DORTE_TOO = "Dorte\N{NO-BREAK SPACE}Eksempel retter også dette initiativ."
ANNA_TOO = "Anna\N{NO-BREAK SPACE}Eksempel retter også dette initiativ."
# Lets the test say whether the tab is hidden.
HIDEABLE = """
window.tabIsHidden = false;
Object.defineProperty(document, "hidden", {get: () => window.tabIsHidden});"""


@pytest.fixture
def dorte(programme: Programme) -> User:
    """A colleague of Anna's in the secretariat."""
    user = make_user("Dorte Eksempel")
    make_membership(user, programme)
    return user


def asked(page: Page) -> list[str]:
    """Count from now on how often the page says that it is open."""
    found: list[str] = []

    def note(request: Request) -> None:
        if request.url.endswith(HERE):
            found.append(request.method)

    page.on("request", note)
    return found


def test_each_sees_the_other_while_the_form_is_open(
    visit: Visit, secretariat: User, dorte: User
) -> None:
    anna, other = visit(secretariat), visit(dorte)
    anna.clock.install()
    with anna.expect_response(f"**{HERE}"):
        anna.goto(FORM)
    other.goto("/status/")
    other.locator("#ret-myndighedsbestilling").click()
    expect(other.get_by_text(ANNA_TOO)).to_be_visible()
    other.wait_for_load_state("networkidle")
    expect(anna.get_by_text(DORTE_TOO)).to_have_count(0)
    anna.get_by_label("Begrundelse").fill("Halvt skrevet.")
    anna.clock.run_for(15_000)
    expect(anna.get_by_text(DORTE_TOO)).to_be_visible()
    # The field that is being written in keeps its text and the focus.
    expect(anna.get_by_label("Begrundelse")).to_be_focused()
    expect(anna.get_by_label("Begrundelse")).to_have_value("Halvt skrevet.")


def test_a_hidden_tab_asks_nothing(visit: Visit, secretariat: User) -> None:
    page = visit(secretariat)
    page.add_init_script(HIDEABLE)
    page.clock.install()
    requests = asked(page)
    with page.expect_response(f"**{HERE}"):
        page.goto(FORM)
    with page.expect_response(f"**{HERE}"):
        page.clock.run_for(15_000)
    assert requests == ["POST", "POST"]
    page.evaluate("window.tabIsHidden = true")
    page.clock.run_for(60_000)
    assert requests == ["POST", "POST"]
    page.evaluate("window.tabIsHidden = false")
    with page.expect_response(f"**{HERE}"):
        page.clock.run_for(15_000)
    assert requests == ["POST", "POST", "POST"]


def test_a_lost_login_or_server_takes_nothing_and_says_nothing(
    visit: Visit, secretariat: User
) -> None:
    page = visit(secretariat)
    page.clock.install()
    with page.expect_response(f"**{HERE}"):
        page.goto(FORM)
    page.get_by_label("Begrundelse").fill("Halvt skrevet.")
    page.context.set_offline(True)
    page.clock.run_for(15_000)
    page.context.set_offline(False)
    page.context.clear_cookies(name="sessionid")
    with page.expect_response(f"**{HERE}"):
        page.clock.run_for(15_000)
    page.clock.run_for(1_000)
    expect(page.get_by_label("Begrundelse")).to_have_value("Halvt skrevet.")
    expect(page.get_by_role("status")).to_have_text("")
