"""In print, in grey and in forced colours: controls are left out, and statuses stay readable."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

INITIATIVE = "/initiativer/leverandoerliste/"
NOT_ON_PAPER = [
    ".site-head",
    ".skip-link",
    ".site-foot",
    ".crumbs",
    ".filters",
    ".page-links",
    ".actions",
    ".buttons",
    ".p-button",
    ".internal-note",
    ".row-acts",
    ".history-kinds",
    ".edit-row",
    ".progress a",
    ".section-head a.p-link",
]
# Word, fill, whether the fill is printed, and the size of the icon, of every status shown.
STATUSES = """() => [...document.querySelectorAll(".status")].map((chip) => {
  const style = getComputedStyle(chip);
  const icon = chip.querySelector("svg").getBoundingClientRect();
  return {
    value: chip.className.match(/status--([a-z_]+)/)[1],
    word: chip.textContent.trim(),
    symbol: chip.querySelector("use").getAttribute("href").split("#")[1],
    fill: style.backgroundColor,
    printed: style.printColorAdjust,
    edge: `${style.borderTopWidth} ${style.borderTopStyle}`,
    shown: chip.checkVisibility() && icon.width >= 12 * (style.fontSize === "14px" ? 1 : 0.7),
  };
})"""
FILLS = {
    "not_started": "rgb(176, 184, 193)",
    "on_track": "rgb(43, 154, 114)",
    "minor_deviations": "rgb(255, 240, 115)",
    "major_deviations": "rgb(200, 30, 10)",
    "closure_recommended": "rgb(20, 22, 26)",
    "completed": "rgb(11, 47, 174)",
    "not_reported": "rgb(255, 255, 255)",
}


def left_on_paper(page: Page) -> list[str]:
    """Return the parts that should not be printed but are."""
    return [
        selector
        for selector in NOT_ON_PAPER
        if any(part.is_visible() for part in page.locator(selector).all())
    ]


@pytest.mark.parametrize("path", ["/status/", INITIATIVE])
def test_print_shows_the_plan_without_controls(visit: Visit, secretariat: User, path: str) -> None:
    page = visit(secretariat)
    page.goto(path)
    expect(page.locator(".site-head")).to_be_visible()
    page.emulate_media(media="print")
    assert left_on_paper(page) == []
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".banner")).to_be_visible()
    expect(page.locator(".banner")).to_contain_text("26. februar 2026")
    for status in page.evaluate(STATUSES):
        assert status["shown"], status
        assert (status["fill"], status["printed"]) == (FILLS[status["value"]], "exact")


def test_an_open_form_is_not_printed(visit: Visit, secretariat: User) -> None:
    page = visit(secretariat)
    page.goto(INITIATIVE)
    page.get_by_role("link", name="Ret status").click()
    expect(page.locator(".status-form")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".status-form")).to_be_hidden()
    expect(page.locator("#notat")).to_be_hidden()


def test_a_status_can_be_read_without_its_colour(visit: Visit, secretariat: User) -> None:
    page = visit(secretariat)
    page.goto("/status/")
    page.emulate_media(forced_colors="active")
    statuses = page.evaluate(STATUSES)
    assert all(status["shown"] and status["edge"].startswith("1px") for status in statuses)
    by_value = {status["value"]: (status["word"], status["symbol"]) for status in statuses}
    assert by_value.keys() == FILLS.keys()
    assert len({word for word, _ in by_value.values()}) == len(FILLS)
    assert len({symbol for _, symbol in by_value.values()}) == len(FILLS)
