"""Delene: each part has the words and colours of the code, and the page is for a demo only."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

from initiatives.models import Fact, TermsOfReferenceState
from plan.status import STATUS_STYLES, Yardstick
from tests.core.reading import html_of

TOKENS = settings.BASE_DIR / "static" / "css" / "tokens.css"
ADDRESS = "/dele/"
RESOLVE = """
import django
from django.urls import resolve
django.setup()
print(resolve("/dele/").url_name)
"""


@pytest.fixture
def page(secretariat_client: Client) -> str:
    return html_of(secretariat_client.get(ADDRESS))


def test_every_status_is_shown(page):
    for style in STATUS_STYLES:
        assert f"status--{style.value}" in page
        assert style.label in page


def test_its_words_are_those_of_the_code(page):
    assert re.findall(r'<span class="fact">([^<]*)</span>', page) == Fact.labels
    assert TermsOfReferenceState.NOT_APPROVED.label in page
    for label in Yardstick.labels:
        assert re.search(rf'name="del_maal"[^>]*><span>{label}</span>', page)


def test_its_colours_are_the_tokens(page):
    shown = re.findall(r'fill="(#\w+)"/></svg><span>([\w-]+)</span><span class="meta">(#\w+)', page)
    tokens = dict(re.findall(r"--([\w-]+): (#\w+);", TOKENS.read_text("utf-8")))
    assert len(shown) > 5
    assert [(fill, written) for fill, _, written in shown] == [
        (tokens[name], tokens[name]) for _, name, _ in shown
    ]


@pytest.mark.slow
@pytest.mark.parametrize(("demo", "there"), [("1", True), ("0", False)])
def test_only_a_demo_has_the_page(demo, there):
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "rammeaftale.settings",
        "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz",
        "DATABASE_URL": "sqlite://:memory:",
        "DEMO": demo,
    }
    command = [sys.executable, "-c", RESOLVE]
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == ("style-guide" if there else "")
    assert ("Resolver404" in done.stderr) is not there
