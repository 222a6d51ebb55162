"""The states between the pages: open, refused, in conflict, saved, unfolded, archived."""

import sqlite3
from contextlib import closing

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from accounts.models import User
from core import clock, writing
from initiatives.models import Action, Deadline, Initiative
from plan.status import Status
from tests.browser.checks import problems_of
from tests.browser.conftest import Visit
from tests.browser.steps import (
    DORTE,
    choose,
    edit_link,
    expect_said,
    form_of,
    judge_meanwhile,
    open_form,
    save,
)

pytestmark = pytest.mark.browser

BOTH_WIDTHS = pytest.mark.parametrize("width", [1280, 360])
KEY = "myndighedsbestilling"


class StateProblems:
    """The problems of a page in each state that has any."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.problems: dict[str, list[str]] = {}

    def look(self, state: str) -> None:
        if problems := problems_of(self.page):
            self.problems[state] = problems


@BOTH_WIDTHS
def test_the_states_of_the_status_table(visit: Visit, secretariat: User, width: int) -> None:
    page = visit(secretariat, width=width)
    states = StateProblems(page)
    page.goto("/status/?princip=kvalitet")
    open_form(page, "Kompetenceudvikling")
    form = open_form(page)
    expect(form_of(page)).to_have_count(2)
    states.look("two open")
    choose(form, Status.MAJOR_DEVIATIONS)
    save(form)
    expect(page.locator(".error-summary")).to_be_focused()
    states.look("422")
    form.get_by_label("Begrundelse", exact=True).fill("Tidsplanen kan ikke holdes.")
    form.get_by_role("checkbox", name="Tidsplan").check()
    judge_meanwhile(KEY, Status.NOT_STARTED, "Arbejdet er stoppet.")
    save(form)
    expect(page.locator(".conflict")).to_be_focused()
    states.look("409")
    page.context.set_offline(True)
    form.get_by_role("button", name="Brug min").click()
    expect_said(page, "Der er ingen forbindelse")
    states.look("no connection")
    page.context.set_offline(False)
    page.get_by_role("button", name="Prøv igen").click()
    expect_said(page, "er gemt: Betydelige afvigelser.")
    states.look("saved")
    assert states.problems == {}


@BOTH_WIDTHS
def test_the_states_of_an_initiative(visit: Visit, secretariat: User, width: int) -> None:
    page = visit(secretariat, width=width)
    states = StateProblems(page)
    action = Action.objects.get(key=f"{KEY}-1")
    deadline = Deadline.objects.get(key=f"{KEY}-d1")
    for row in (action, deadline):
        writing.archive(row, version=row.version, actor=DORTE, reason="", at=clock.now())
    page.goto(f"/initiativer/{KEY}/")
    for summary in page.locator(".archived > summary").all():
        summary.click()
    expect(page.get_by_role("button", name="Gendan")).to_have_count(2)
    states.look("archived parts")
    page.get_by_role("link", name="Ret status").click()
    choose(form_of(page), Status.COMPLETED)
    states.look("open")
    save(form_of(page))
    expect(page.locator(".error-summary")).to_be_focused()
    states.look("422")
    form_of(page).get_by_label("Begrundelse", exact=True).fill("Alt er leveret.")
    save(form_of(page))
    expect_said(page, "er gemt: Udført og afsluttet.")
    states.look("saved")
    initiative = Initiative.objects.get(key=KEY)
    writing.archive(initiative, version=initiative.version, actor=DORTE, reason="", at=clock.now())
    page.reload()
    states.look("archived")
    page.goto("/indsatsomraader/e/")
    page.get_by_text("Arkiverede initiativer").click()
    states.look("archived in its area")
    assert states.problems == {}


@BOTH_WIDTHS
def test_the_states_of_a_form_page(visit: Visit, secretariat: User, width: int) -> None:
    page = visit(secretariat, width=width)
    states = StateProblems(page)
    page.goto(f"/initiativer/{KEY}/ret/")
    title = page.get_by_label("Titel")
    title.fill("")
    page.get_by_role("button", name="Gem").click()
    expect(page.locator(".error-summary")).to_be_focused()
    states.look("422")
    title.fill("Myndighedsbestilling, ny")
    initiative = Initiative.objects.get(key=KEY)
    writing.change(
        initiative,
        {"title": "Bestilling"},
        version=initiative.version,
        actor=DORTE,
        reason="",
        at=clock.now(),
    )
    page.get_by_role("button", name="Gem").click()
    expect(page.locator(".conflict")).to_be_focused()
    states.look("409")
    page.goto(f"/initiativer/{KEY}/status/?fra=tabel")
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.locator(".error-summary")).to_be_focused()
    states.look("422 of the status form as a page")
    assert states.problems == {}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="holds the file of SQLite")
@BOTH_WIDTHS
def test_the_page_of_a_save_that_the_database_refused(
    visit: Visit, secretariat: User, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.2)
    # A window of its own kind: one that is used again keeps its connection, with the old timeout.
    page = visit(secretariat, width=width, color_scheme="light")
    states = StateProblems(page)
    page.goto(f"/initiativer/{KEY}/ret/")
    page.get_by_label("Uddybning").fill("En tekst, der ikke må gå tabt.")
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        page.get_by_role("button", name="Gem").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Andre er ved at gemme")
        states.look("503")
    expect(page.get_by_label("Det, du har skrevet, felt 2")).to_have_value(
        "En tekst, der ikke må gå tabt."
    )
    page.get_by_role("button", name="Prøv igen").click()
    expect(page.get_by_text("En tekst, der ikke må gå tabt.")).to_be_visible()
    assert states.problems == {}


def test_the_open_menus(visit: Visit, secretariat: User) -> None:
    page = visit(secretariat)
    states = StateProblems(page)
    page.goto("/min-profil/")
    page.get_by_text("Anna Eksempel").first.click()
    expect(page.locator(".site-head").get_by_role("link", name="Hvem må hvad")).to_be_visible()
    states.look("user menu")
    page = states.page = visit(secretariat, width=360)
    page.goto("/status/?princip=botilbud")
    page.get_by_role("button", name="Menu").click()
    page.locator(".site-head .user-menu > summary").click()
    states.look("menu")
    page.locator(".filters > summary").click()
    expect(page.get_by_label("Princip")).to_be_visible()
    states.look("filters")
    assert states.problems == {}
    assert edit_link(page).count() == 0
