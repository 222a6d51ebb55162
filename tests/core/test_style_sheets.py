"""The style sheets: small, all of them used, and each loaded by the pages that need it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

CSS = settings.BASE_DIR / "static" / "css"
# Django's own admin has classes of its own.
SHEETS = sorted(path for path in CSS.glob("*.css") if path.name != "admin.css")
# The sheets that only some pages load, with one such page each.
OF_SOME_PAGES = {
    "compare": "/statusopgoerelser/sammenlign/?fra=2026-02-25&til=nu",
    "overview": "/",
    "month": "/maaneden/",
    "report": "/statusopgoerelser/2026-02/",
    "style-guide": "/dele/",
    "timeline": "/tidslinje/",
}
PAGES = [
    *OF_SOME_PAGES.values(),
    "/initiativer/myndighedsbestilling/",
    "/status/",
    "/deadlines/",
    "/historik/",
    "/noegletal/",
    "/statusopgoerelser/",
    "/principper/kvalitet/",
    "/indsatsomraader/a/",
    "/om-programmet/",
    "/soeg/?tekst=kvalitet",
]
# The limit of any file of ours. The report's sheet is a part of its HTML file.
MAX_LINES = {"report.css": 550}

NAME = re.compile(r"\.([a-zA-Z][\w-]*)")
# The style guide shows the focus of elements that have no focus there.
SHOWN_ONLY = {"is-focused"}
# Class names that templates and code compose: status--{{ value }}, f"tl-{kind}".
PUT_TOGETHER = re.compile(
    r"(cmp-node--|icon--|ov-word--|report-(before|chip)--|status--|step--|tile--|tl-)"
)


def classes_of(sheet: Path) -> set[str]:
    """Return the classes that a sheet's selectors name."""
    css = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL)
    css = re.sub(r'"[^"]*"', "", css)
    return set(NAME.findall(re.sub(r"{[^{}]*}", "{}", css)))


def sources(*, with_style_guide: bool) -> Iterator[str]:
    """Yield the text of each file that can give an element a class, with the style guide's template
    on request."""
    for folder, kind in [("templates", "html"), ("static/js", "js")]:
        for path in sorted((settings.BASE_DIR / folder).rglob(f"*.{kind}")):
            if with_style_guide or path.name != "style_guide.html":
                yield path.read_text("utf-8")
    for app in ("core", "plan", "principles", "accounts", "initiatives", "reports"):
        for path in sorted((settings.BASE_DIR / app).rglob("*.py")):
            yield path.read_text("utf-8")


def loaded_by(html: str) -> list[str]:
    """Return the names of our sheets in a page, in their order."""
    return re.findall(r'<link rel="stylesheet" href="/static/css/([\w-]+)\.css"', html)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_no_sheet_is_too_long(sheet):
    assert len(sheet.read_text("utf-8").splitlines()) <= MAX_LINES.get(sheet.name, 400)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_every_class_of_a_sheet_is_used(sheet):
    text = "\n".join(sources(with_style_guide=sheet.stem == "style-guide"))
    words = set(re.findall(r"[\w-]+", text)) | SHOWN_ONLY
    unused = {name for name in classes_of(sheet) - words if not PUT_TOGETHER.match(name)}
    assert unused == set()


@pytest.mark.django_db
def test_a_page_loads_the_sheets_of_its_classes(secretariat_client: Client):
    classes = {sheet.stem: classes_of(sheet) for sheet in SHEETS}
    exclusive = {
        name: classes[name].difference(*(classes[other] for other in classes if other != name))
        for name in OF_SOME_PAGES
    }
    for page in PAGES:
        html = secretariat_client.get(page).content.decode()
        used = {name for names in re.findall(r'class="([^"]*)"', html) for name in names.split()}
        needed = {name for name, classes in exclusive.items() if classes & used}
        loaded = loaded_by(html)
        assert needed <= set(loaded), page
        assert set(loaded) & OF_SOME_PAGES.keys() <= needed, page
    for name, page in OF_SOME_PAGES.items():
        assert name in loaded_by(secretariat_client.get(page).content.decode())


@pytest.mark.django_db
def test_every_sheet_is_loaded_and_a_page_s_own_comes_last(secretariat_client: Client):
    pages = [loaded_by(secretariat_client.get(page).content.decode()) for page in PAGES]
    assert {f"{name}.css" for page in pages for name in page} == {sheet.name for sheet in SHEETS}
    common = loaded_by(secretariat_client.get("/status/").content.decode())
    for page in pages:
        assert page[: len(common)] == common
        assert all(finders.find(f"css/{name}.css") for name in page)
