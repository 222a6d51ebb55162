"""Checks that hold on every page and in every state; each returns the problems as sentences."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe().axe_script

# Starts axe without waiting for it: another tab may load meanwhile. Colours are the same at
# every width, and contrast is most of axe's time: it is measured in the wide window.
START_AXE = """() => {
  const rules = { "color-contrast": { enabled: innerWidth >= 1024 } };
  window.axeRun = axe.run(document, { rules, resultTypes: ["violations"], preload: false });
}"""
AXE_FINDINGS = """async () => {
  const { violations } = await window.axeRun;
  return violations.map(({ id, nodes }) =>
    `axe ${id} × ${nodes.length}: ${nodes[0].target} ${nodes[0].html.slice(0, 160)}`);
}"""

STRUCTURE = """() => {
  const found = [];
  const headings = document.querySelectorAll("h1").length;
  if (headings !== 1) found.push(`${headings} h1`);
  if (document.documentElement.lang !== "da") found.push("lang is not da");
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) found.push(`${root.scrollWidth} px wide`);
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  const twice = ids.filter((id, place) => ids.indexOf(id) !== place);
  return found.concat(twice.map((id) => `twice: #${id}`));
}"""

# WCAG 2.5.8: at least 24 × 24, except for a link within a sentence. A label is part of its control.
SMALL_TARGETS = """() => {
  const controls = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const inSentence = (link) =>
    link.matches("a") && getComputedStyle(link).display === "inline" &&
    link.parentElement.textContent.trim() !== link.textContent.trim();
  return [...document.querySelectorAll(controls)]
    .filter((control) => control.checkVisibility({ visibilityProperty: true }))
    .filter((control) => !control.closest(".sr-only") && !inSentence(control))
    .map((control) => [control, (control.closest("label") || control).getBoundingClientRect()])
    .filter(([, { width, height }]) => width < 23.99 || height < 23.99)
    .map(([control, { width, height }]) =>
      `${width.toFixed(1)} × ${height.toFixed(1)}: ${control.outerHTML.slice(0, 90)}`);
}"""

FOCUS = """() => {
  const element = document.activeElement;
  const shown = element.outerHTML.slice(0, 120);
  if (element === document.body) return "nothing has the focus";
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  if (outlineStyle === "none" || parseFloat(outlineWidth) < 2) return `no outline: ${shown}`;
  const { width, height, top, bottom } = element.getBoundingClientRect();
  if (width < 8 || height < 8) return `not to be seen: ${shown}`;
  return bottom <= 0 || top >= innerHeight ? `outside the window: ${shown}` : "";
}"""


def begin_check(page: Page) -> list[str]:
    """Return the problems of structure and target size, and start axe."""
    problems: list[str] = page.evaluate(STRUCTURE) + page.evaluate(SMALL_TARGETS)
    if page.evaluate("!window.axe"):
        page.evaluate(AXE)
    page.evaluate(START_AXE)
    return problems


def end_check(page: Page) -> list[str]:
    """Return the problems that axe found."""
    problems: list[str] = page.evaluate(AXE_FINDINGS)
    return problems


def problems_of(page: Page) -> list[str]:
    """Return the problems of the page as it is now; empty when there are none."""
    return begin_check(page) + end_check(page)


def focus_problem(page: Page) -> str:
    """Say why the focus cannot be seen; "" when it can."""
    problem: str = page.evaluate(FOCUS)
    return problem
