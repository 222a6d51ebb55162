"""The strip on an initiative's page as it looks: words that fit, a table, print, no colour."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser.checks import problems_of
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

# Since October on track, minor deviations, and on track again for three months.
PATH = "/initiativer/kontraktanalyse/"
# Words that stick out of their run, and words under 14 px.
WRONG = """() => [...document.querySelectorAll(".ov-run")].flatMap((run) => {
  const box = run.querySelector("rect").getBoundingClientRect();
  return [...run.querySelectorAll("text, use")]
    .filter((part) => part.checkVisibility())
    .map((part) => [part, part.getBoundingClientRect()])
    .filter(([part, { left, right }]) => left < box.left || right > box.right ||
      (part.matches("text") && getComputedStyle(part).fontSize !== "14px"))
    .map(([part]) => `${run.getAttribute("class")}: ${part.textContent || "icon"}`);
})"""
WORDS = """() => [...document.querySelectorAll(".ov-run > text")]
  .filter((word) => word.checkVisibility()).map((word) => word.textContent)"""


def opened(page: Page) -> Page:
    page.goto(PATH)
    page.evaluate("document.fonts.ready.then(() => true)")
    return page


def test_a_word_is_inside_its_run(visit: Visit, group: User) -> None:
    page = opened(visit(group))
    for width in (320, 360, 768, 1024, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        is_wide = width >= 768
        assert page.evaluate(WRONG) == []
        assert page.evaluate(WORDS) == ["Forløber efter planen"] * is_wide + ["Ikke oplyst"]
        expect(page.locator(".ov-own > .ov-months")).to_be_visible(visible=is_wide)
        expect(page.locator(".ov-own > .ov-initials")).to_be_visible(visible=not is_wide)


@pytest.mark.parametrize("width", [1280, 360])
def test_the_page_has_no_problems_with_its_table_open_or_closed(
    visit: Visit, secretariat: User, width: int
) -> None:
    page = opened(visit(secretariat, width=width))
    assert problems_of(page) == []
    page.locator(".ov-twin > summary").click()
    expect(page.locator(".ov-twin table")).to_be_visible()
    assert problems_of(page) == []


def test_the_table_needs_no_javascript(visit: Visit, group: User) -> None:
    page = opened(visit(group, java_script_enabled=False))
    table = page.locator(".ov-twin table")
    expect(table).to_be_hidden()
    page.locator(".ov-twin > summary").click()
    expect(table.get_by_role("row").last).to_have_text(
        "December 2025 – februar 2026 Forløber efter planen"
    )


def test_paper_and_forced_colours_keep_it(visit: Visit, group: User) -> None:
    page = opened(visit(group))
    strip = page.locator(".ov-own > .ov-strip")
    page.emulate_media(media="print")
    expect(strip).to_be_visible()
    expect(page.locator(".ov-own summary")).to_be_hidden()
    assert strip.evaluate("e => getComputedStyle(e).printColorAdjust") == "exact"
    page.emulate_media(media="null", forced_colors="active")
    for run in page.locator(".ov-run").all():
        assert run.locator("rect").evaluate("e => getComputedStyle(e).stroke") != "none"
        assert run.evaluate("e => getComputedStyle(e).color") == "rgb(0, 0, 0)"
