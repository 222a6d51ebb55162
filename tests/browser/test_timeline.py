"""The timeline as it looks: the plot in a wide window, its table in a narrow one, both in print."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from initiatives.models import Initiative
from tests.browser.checks import problems_of
from tests.browser.conftest import Visit
from tests.factories import make_deadline

pytestmark = pytest.mark.browser

# Labels that stick out of the plot or that today's line cuts by more than half a pixel.
MISPLACED = """() => {
  const plot = document.querySelector(".tl-ground").getBoundingClientRect();
  const now = document.querySelector(".tl-now")?.getBoundingClientRect();
  return [...document.querySelectorAll(".tl-label")].flatMap((label) => {
    const { left, right } = label.getBoundingClientRect();
    const outside = left < plot.left - 3 || right > plot.right + 3;
    const across = now && left + 3 < now.left && right - 3 > now.left;
    return outside || across ? [label.textContent] : [];
  });
}"""
# Labels of a row that overlap.
OVERLAPPING = """() => [...document.querySelectorAll(".tl-plot")].flatMap((plot) => {
  const words = [...plot.querySelectorAll(".tl-label")].map((label) =>
    [label.textContent, label.getBBox(), label.getBoundingClientRect()]);
  return words.flatMap(([text, , a], place) => words.slice(place + 1)
    .filter(([, , b]) => a.left + 5 < b.right && b.left + 5 < a.right &&
      a.top + 8 < b.bottom && b.top + 8 < a.bottom)
    .map(([other]) => `${text} / ${other}`));
})"""


@pytest.fixture
def dated(secretariat: User) -> None:
    """One initiative with a day in the past, a period, an opening and an event."""
    item = Initiative.objects.get(key="bestillingsportal")
    other = Initiative.objects.get(key="takstoversigt")
    passed, medio = date(2026, 1, 31), (date(2026, 5, 1), date(2026, 8, 31))
    make_deadline(other, starts_on=passed, ends_on=passed, kind="day")
    make_deadline(other, starts_on=medio[0], ends_on=medio[1], kind="year")
    make_deadline(other, opens_on=date(2026, 3, 6), fact="none", wording="Opstart 6/3")
    make_deadline(item, starts_on=passed, ends_on=passed, kind="day", fact="event")


def shown(page: Page) -> tuple[bool, bool]:
    """Return whether the plot is visible, and whether its table is."""
    return page.locator(".tl-table").is_visible(), page.locator("#tabel table").first.is_visible()


@pytest.mark.parametrize("first", ["", "2025K1", "2026K1", "2026K2"])
def test_no_label_is_cut_by_today_the_edge_or_another(
    visit: Visit, secretariat: User, dated: None, first: str
) -> None:
    page = visit(secretariat)
    page.goto(f"/tidslinje/?fra={first}")
    page.evaluate("document.fonts.ready.then(() => true)")
    expect(page.locator(".tl-label").first).to_be_visible()
    assert page.evaluate(MISPLACED) == []
    assert page.evaluate(OVERLAPPING) == []
    assert problems_of(page) == []


def test_the_narrowest_plot_holds_its_labels_too(
    visit: Visit, secretariat: User, dated: None
) -> None:
    page = visit(secretariat)
    page.goto("/tidslinje/")
    page.set_viewport_size({"width": 1100, "height": 800})
    width = page.locator(".tl-ground").bounding_box()
    assert width
    assert width["width"] >= 640
    assert page.evaluate(MISPLACED) == []
    page.set_viewport_size({"width": 1280, "height": 800})


def test_a_narrow_window_shows_the_twin_alone(visit: Visit, secretariat: User, dated: None) -> None:
    page = visit(secretariat, width=360)
    page.goto("/tidslinje/")
    assert shown(page) == (False, True)
    expect(page.locator("#tabel")).to_contain_text("Overskredet. Forfaldt den 31. januar 2026.")
    assert problems_of(page) == []


def test_the_link_leads_to_the_table(visit: Visit, secretariat: User) -> None:
    page = visit(secretariat)
    page.goto("/tidslinje/")
    assert shown(page) == (True, True)
    page.get_by_role("link", name="Vis som tabel").click()
    expect(page).to_have_url(re.compile("#tabel$"))
    expect(page.locator("#tabel h2")).to_be_in_viewport()


def test_the_window_is_shifted_and_filtered_by_the_address(visit: Visit, secretariat: User) -> None:
    page = visit(secretariat)
    page.goto("/tidslinje/")
    page.get_by_role("link", name="Senere").click()
    expect(page).to_have_url(re.compile(r"\?fra=2026K2$"))
    page.get_by_label("Princip").select_option(label="Fælles om botilbud")
    page.get_by_role("button", name="Filtrér").click()
    expect(page).to_have_url(re.compile(r"fra=2026K2&princip=botilbud$"))
    expect(page.locator(".tl-principle")).to_have_text("Fælles om botilbud")
    page.get_by_role("link", name="I dag").click()
    expect(page).to_have_url(re.compile(r"\?princip=botilbud$"))


def test_paper_keeps_plot_twin_and_colours(visit: Visit, secretariat: User, dated: None) -> None:
    page = visit(secretariat)
    page.goto("/tidslinje/")
    page.emulate_media(media="print")
    assert shown(page) == (True, True)
    for selector in (".filters", ".page-links", ".site-head"):
        expect(page.locator(selector).first).to_be_hidden()
    kept = "bar => getComputedStyle(bar).printColorAdjust"
    assert page.locator(".tl-bar").last.evaluate(kept) == "exact"
    assert page.locator(".tl-past").evaluate(kept) == "exact"


def test_forced_colours_keep_the_marks(visit: Visit, secretariat: User, dated: None) -> None:
    page = visit(secretariat)
    page.goto("/tidslinje/")
    page.emulate_media(forced_colors="active")
    stroke = page.locator(".tl-now").evaluate("line => getComputedStyle(line).stroke")
    assert stroke != "none"
    expect(page.locator(".tl-label").first).to_be_visible()
