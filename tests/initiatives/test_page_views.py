"""Rules for the views of pages: nothing is imported from them, and none asks for the source."""

import ast
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project_settings
from django.test import Client

from principles.models import Programme
from tests.initiatives.steps import read_initiative

APPS = ("core", "plan", "principles", "accounts", "initiatives", "reports")
VIEWS = sorted(
    path.relative_to(project_settings.BASE_DIR)
    for app in APPS
    for path in (project_settings.BASE_DIR / app).rglob("*views.py")
)
KEY = "kontraktanalyse"
PAGES = {
    "status table": "/status/",
    "status table, searched": "/status/?tekst=aftale",
    "timeline": "/tidslinje/",
    "deadlines": "/deadlines/",
    "initiative": f"/initiativer/{KEY}/",
    "area": "/indsatsomraader/{area}/",
    "principle": "/principper/{principle}/",
}


def imported(path: Path) -> Iterator[str]:
    """Return the modules of ours that a file imports, and the names it imports from them."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def test_there_are_views_to_look_at():
    assert len(VIEWS) > 15


def test_only_addresses_import_a_view():
    modules = {".".join(path.with_suffix("").parts) for path in VIEWS}
    root = project_settings.BASE_DIR
    for app in APPS:
        for path in (root / app).rglob("*.py"):
            if path.name.endswith("urls.py"):
                continue
            for name in imported(path):
                borrowed = modules & {name, name.rpartition(".")[0]}
                assert not borrowed, f"{path.relative_to(root)} imports {name}"


@pytest.mark.parametrize(
    "path", [path for path in VIEWS if path.parts[0] == "initiatives"], ids=str
)
def test_no_view_of_the_plan_asks_which_source_its_plan_came_from(path):
    text = (project_settings.BASE_DIR / path).read_text("utf-8")
    assert "as_of.day" not in text
    assert "as_of.moment" not in text


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_made_of_the_same_parts_on_any_day(
    secretariat_client: Client, programme: Programme, settings: Any, name: str
):
    settings.DEMO_TODAY = date(2026, 3, 10)
    area = read_initiative(KEY).area
    address = PAGES[name].format(area=area.key, principle=area.principle.key)
    today: Any = secretariat_client.get(address)
    then: Any = secretariat_client.get(f"{address}{'&' if '?' in address else '?'}pr=2026-03-04")
    assert today.status_code == then.status_code == 200
    assert then.context["as_of"].day == date(2026, 3, 4)
    assert set(today.context[0].flatten()) == set(then.context[0].flatten())
