"""Overblik as it looks: the decisions are above the fold, and nothing needs a wide window."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from principles.models import Programme
from tests.browser.checks import problems_of
from tests.browser.conftest import Visit
from tests.reports.editions.steps import JANUARY, lock

pytestmark = pytest.mark.browser

# Segments whose icon or number sticks out.
OVERFLOWING = """() => [...document.querySelectorAll(".ov-seg")].flatMap((segment) => {
  const box = segment.querySelector("rect").getBoundingClientRect();
  return [...segment.querySelectorAll("text, use")]
    .filter((part) => part.checkVisibility())
    .map((part) => [part, part.getBoundingClientRect()])
    .filter(([, { left, right }]) => left < box.left - 1 || right > box.right + 1)
    .map(([part]) => `${segment.getAttribute("class")}: ${part.textContent || "icon"}`);
})"""

SIZE = "(point, part) => parseFloat(getComputedStyle(point.querySelector(part)).fontSize)"


@pytest.fixture
def edition(programme: Programme) -> None:
    lock(programme, month=JANUARY, with_files=False)


def opened(page: Page, path: str = "/") -> Page:
    page.goto(path)
    page.evaluate("document.fonts.ready.then(() => true)")
    return page


def test_the_decisions_are_above_the_fold(visit: Visit, group: User, edition: None) -> None:
    page = opened(visit(group))
    points = page.locator(".ov-points > li")
    expect(points).to_have_count(4)
    for point in points.all():
        box = point.bounding_box()
        assert box
        assert box["y"] + box["height"] <= 800
    question, why, title = (points.first.evaluate(SIZE, part) for part in ("h3", "p", "a"))
    assert question > why > title


@pytest.mark.parametrize("width", [1280, 360])
def test_the_page_has_no_problems_with_its_tables_open_or_closed(
    visit: Visit, secretariat: User, edition: None, width: int
) -> None:
    page = opened(visit(secretariat, width=width))
    assert problems_of(page) == []
    assert page.evaluate(OVERFLOWING) == []
    for summary in page.locator(".ov-twin > summary").all():
        summary.click()
    expect(page.locator(".ov-grid").last).to_be_visible()
    assert problems_of(page) == []


def test_a_number_leads_to_its_rows(visit: Visit, group: User) -> None:
    page = opened(visit(group))
    row = page.locator(".ov-counts tr").filter(has_text="Forløber efter planen")
    number = row.get_by_role("link").inner_text()
    row.get_by_role("link").click()
    expect(page.locator("tr[id^=initiativ-]")).to_have_count(int(number))


def test_the_page_needs_no_javascript(visit: Visit, group: User) -> None:
    page = opened(visit(group, java_script_enabled=False))
    expect(page.locator(".ov-strip")).to_have_count(14)
    expect(page.locator(".ov-twin .ov-grid").first).to_be_hidden()
    page.locator(".ov-twin > summary").first.click()
    expect(page.locator(".ov-twin .ov-grid").first).to_be_visible()


def test_paper_keeps_the_page_and_its_colours(visit: Visit, group: User, edition: None) -> None:
    page = opened(visit(group))
    page.emulate_media(media="print")
    for block in ("til-beslutning", "aendret", "opmaerksomhed", "status-i-tal", "udvikling"):
        expect(page.locator(f"#{block}")).to_be_visible()
    for mark in (".ov-bar", ".ov-strip", ".ov-trend"):
        first = page.locator(mark).first
        expect(first).to_be_visible()
        assert first.evaluate("e => getComputedStyle(e).printColorAdjust") == "exact"
    expect(page.locator(".site-head")).to_be_hidden()


def test_forced_colours_keep_the_edges(visit: Visit, group: User) -> None:
    page = opened(visit(group))
    page.emulate_media(forced_colors="active")
    for mark in (".ov-seg > rect", ".ov-run > rect"):
        stroke = page.locator(mark).first.evaluate("e => getComputedStyle(e).stroke")
        assert stroke != "none"
