"""Every page and state, as each persona: axe, one h1, Danish, targets, no sideways scroll."""

import re

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from accounts.models import User
from core import clock, writing
from initiatives.models import Action, Deadline, Initiative
from tests.browser.checks import problems_of
from tests.browser.conftest import Visit
from tests.factories import PASSWORD, TESTER

pytestmark = pytest.mark.browser

INITIATIVE = "/initiativer/myndighedsbestilling/"
MAIN = [
    "/status/",
    "/status/?tekst=findes-ikke",
    "/status/?princip=kvalitet&status=on_track",
    INITIATIVE,
    "/indsatsomraader/a/",
    "/principper/kvalitet/",
    "/statusopgoerelser/",
    "/statusopgoerelser/2026-02/",
    "/saadan-laeses-status/",
    "/min-profil/",
    "/hvem-maa-hvad/",
    "/kontakt/",
]
EDITING = [
    f"{INITIATIVE}ret/",
    f"{INITIATIVE}arkiver/",
    f"{INITIATIVE}status/?fra=tabel",
    f"{INITIATIVE}indsatser/tilfoej/",
    f"{INITIATIVE}deadlines/tilfoej/",
    "/indsatsomraader/a/initiativer/tilfoej/",
    "/dele/",
]
# The untreated area, the initiative in a programme's own address, what is not there.
OTHER = [
    "/indsatsomraader/x/",
    f"/program/udviklingsprogrammet{INITIATIVE}",
    "/program/udviklingsprogrammet/status/",
    "/statusopgoerelser/2027-03/",
    "/statusopgoerelser/2026-13/",
    "/findes-ikke/",
    "/konto/adgangskode/",
    "/konto/log-ud/",
    "/konto/bekraeft/",
    "/konto/adgangskode/ny/x-set-password/",
]
PUBLIC = ["/konto/log-ind/", "/konto/adgangskode/glemt/", "/konto/opret/", "/was/", "/privatliv/"]


def walk(page: Page, paths: list[str]) -> dict[str, list[str]]:
    """The problems of each page that has any."""
    problems = {}
    for path in paths:
        page.goto(path)
        if found := problems_of(page):
            problems[path] = found
    return problems


def test_every_page_of_the_secretariat_at_1280(visit: Visit, secretariat: User) -> None:
    assert walk(visit(secretariat), MAIN + EDITING + OTHER) == {}


def test_the_main_pages_of_the_secretariat_at_360(visit: Visit, secretariat: User) -> None:
    assert walk(visit(secretariat, width=360), MAIN[:10] + EDITING) == {}
