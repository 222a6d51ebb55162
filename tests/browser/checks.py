"""What must hold on every page and in every state, as a list of sentences about what does not."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

axe = Axe()

STRUCTURE = """() => {
  const found = [];
  const headings = document.querySelectorAll("h1").length;
  if (headings !== 1) found.push(`${headings} h1`);
  if (document.documentElement.lang !== "da") found.push("lang is not da");
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide > 0) found.push(`scrolls ${wide} px sideways`);
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) found.push(`twice: #${id}`);
  return found;
}"""

# WCAG 2.5.8: 24 × 24, apart from a link within a sentence. A control's label is part of it.
SMALL_TARGETS = """() => {
  const targets = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const found = [];
  for (const element of document.querySelectorAll(targets)) {
    if (!element.checkVisibility({ visibilityProperty: true }) || element.closest(".sr-only")) continue;
    const label = element.matches("input") && element.closest("label");
    const { width, height } = (label || element).getBoundingClientRect();
    if (width >= 23.99 && height >= 23.99) continue;
    const inText = element.matches("a") && getComputedStyle(element).display === "inline" &&
      element.parentElement.matches("p, li, dd, td") &&
      element.parentElement.textContent.trim().length > element.textContent.trim().length;
    if (inText) continue;
    found.push(`target ${width.toFixed(1)} × ${height.toFixed(1)}: ${element.outerHTML.slice(0, 90)}`);
  }
  return found;
}"""

FOCUS = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return "nothing has the focus";
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  if (element.id === "indhold") return "";
  if (outlineStyle === "none" || parseFloat(outlineWidth) < 2) return `no outline: ${element.outerHTML.slice(0, 120)}`;
  const { width, height } = element.getBoundingClientRect();
  return width < 2 || height < 2 ? `not to be seen: ${element.outerHTML.slice(0, 120)}` : "";
}"""


def problems_of(page: Page) -> list[str]:
    """What axe, the structure and the targets of the page are wrong about; [] is right."""
    found = list(page.evaluate(STRUCTURE)) + list(page.evaluate(SMALL_TARGETS))
    for violation in axe.run(page).response["violations"]:
        nodes = violation["nodes"]
        shown = "; ".join(" ".join(node["target"]) + " " + node["html"][:160] for node in nodes[:3])
        found.append(f"axe {violation['id']} × {len(nodes)}: {shown}")
    return found


def focus_problem(page: Page) -> str:
    """Why the focus cannot be seen; "" when it can."""
    return str(page.evaluate(FOCUS))
