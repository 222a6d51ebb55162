"""Sammenlign in a browser: words beside colour, from a sentence to its change, without a script."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from principles.models import Programme
from reports.comparison.page import anchor
from tests.browser.checks import focus_problem, problems_of
from tests.browser.conftest import Visit
from tests.initiatives.steps import edit, judge, read_initiative
from tests.reports.editions.steps import JANUARY, lock

pytestmark = pytest.mark.browser

PAGE = "/statusopgoerelser/sammenlign/"
STATUS = anchor("initiative:kontraktanalyse:status")


@pytest.fixture(autouse=True)
def _january_is_locked(programme: Programme) -> None:
    lock(programme, month=JANUARY, with_files=False)
    judge("kontraktanalyse", "completed", reason="Analysen er afleveret i god tid.")
    edit(read_initiative("myndighedsbestilling"), title="Myndighedsbestilling i to dele")
    edit(read_initiative("kontraktanalyse"), title="Analyse af kontrakter")


def drawn(page: Page, name: str, style: str) -> list[str]:
    """Return one style of each element called `name` in the comparison."""
    styles: list[str] = page.locator(f".cmp {name}").evaluate_all(
        "(all, style) => all.map((one) => getComputedStyle(one)[style])", style
    )
    return styles


@pytest.mark.parametrize("width", [1280, 360])
def test_the_comparison_has_no_problems(visit: Visit, secretariat: User, width: int) -> None:
    page = visit(secretariat, width=width)
    problems = {}
    for query in ("", "?alt=1", "?fra=nu&til=nu", "?fra=findes-ikke"):
        page.goto(PAGE + query)
        if wrong := problems_of(page):
            problems[query] = wrong
    assert problems == {}


def test_additions_and_removals_are_not_shown_by_colour_alone(
    visit: Visit, secretariat: User
) -> None:
    page = visit(secretariat)
    page.goto(PAGE)
    assert set(drawn(page, "del", "textDecorationLine")) == {"line-through"}
    # An underline is a link: words that came are bold in a frame.
    assert set(drawn(page, "ins", "textDecorationLine")) == {"none"}
    words = "p:not(.cmp-whole > p) > ins"
    assert set(drawn(page, words, "fontWeight")) == {"600"}
    assert set(drawn(page, words, "borderBottomWidth")) == {"1px"}
    # A text that is new as a whole stands plain after the old one.
    assert set(drawn(page, ".cmp-whole ins", "fontWeight")) == {"400"}
    texts = page.locator(".cmp .prose")
    expect(texts.locator("ins").first).to_contain_text("tilføjet: ")
    expect(texts.locator("del").first).to_contain_text("fjernet: ")


def test_a_link_leads_to_its_change(visit: Visit, secretariat: User) -> None:
    page = visit(secretariat)
    page.goto(f"{PAGE}#{STATUS}")
    change = page.locator(f"#{STATUS}")
    expect(change).to_be_in_viewport()
    expect(change).to_have_css("border-left-width", "4px")


@pytest.mark.parametrize("script", [True, False])
def test_another_pair_is_chosen_by_keyboard(visit: Visit, secretariat: User, script: bool) -> None:
    page = visit(secretariat, java_script_enabled=script)
    page.goto(PAGE)
    page.get_by_label("Fra", exact=True).select_option("Planen nu")
    page.get_by_label("Til", exact=True).select_option(
        label="Udgave 1, januar\N{NO-BREAK SPACE}2026"
    )
    button = page.get_by_role("button", name="Sammenlign")
    button.focus()
    if script:
        assert focus_problem(page) == ""
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{PAGE}?fra=2026-01-udgave-1&til=nu")
    expect(page.get_by_role("status")).to_contain_text("det ældste står først")
    page.get_by_role("link", name="Vis hele planen").click()
    expect(page.get_by_role("link", name="Vis kun ændringer")).to_be_visible()


def test_print_keeps_the_changes_and_leaves_out_the_form(visit: Visit, secretariat: User) -> None:
    page = visit(secretariat)
    page.goto(PAGE)
    page.emulate_media(media="print")
    for gone in (".site-head", ".filters", ".crumbs", ".site-foot"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.locator(f"#{STATUS} .status")).to_have_css("print-color-adjust", "exact")
    expect(page.locator(f"#{STATUS}")).to_be_visible()
