"""After logging out no page of the plan is left in the browser; only our own scripts run."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from principles.models import Programme
from tests.browser.conftest import Visit, Windows
from tests.promises import Measured

pytestmark = pytest.mark.browser

INITIATIVE = "/initiativer/myndighedsbestilling/"


def test_back_shows_no_page_of_the_plan_after_logging_out(visit: Visit, secretariat: User) -> None:
    page = visit(secretariat)
    page.goto("/status/")
    page.goto(INITIATIVE)
    page.locator(".user-menu > summary").click()
    page.locator(".user-menu").get_by_role("button", name="Log ud").click()
    expect(page.locator(".user-menu")).to_have_count(0)
    for _ in range(2):
        page.go_back()
        expect(page).to_have_url(re.compile("/konto/log-ind/"))
        assert "Myndighedsbestilling" not in page.content()


@pytest.mark.promise(13)
def test_an_inline_script_does_not_run_and_is_reported(
    windows: Windows, programme: Programme, promise: Measured
) -> None:
    page = windows.open()
    page.goto("/was/")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), "
        "{textContent: 'window.ran = true'}))"
    )
    page.wait_for_function("() => true")
    ran = page.evaluate("window.ran === true")
    problems = windows.close()
    assert not ran
    assert any("script-src" in problem for problem in problems)
    promise.control("a script put into a page", "it does not run, and the watch sees it")
