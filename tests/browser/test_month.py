"""The secretariat's month in a browser: judged, locked, approved, published, and the next begun."""

import re
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from initiatives.models import Action, Deadline, Initiative, StatusUpdate
from principles.models import Programme
from reports.models import Edition
from tests.browser.checks import problems_of
from tests.browser.conftest import Visit
from tests.initiatives.steps import edit
from tests.reports.editions.steps import FEBRUARY, lock

pytestmark = pytest.mark.browser

PAGE = "/maaneden/"
MARCH = date(2026, 3, 1)
# The five that change in March, with what is chosen and whether the time plan deviates.
CHANGED = {
    "kontraktanalyse": ("completed", False),
    "principbeslutning": ("minor_deviations", True),
    "kompetenceudvikling": ("minor_deviations", True),
    "takstoversigt": ("on_track", False),
    "ommaerkning-og-nedlukning": ("not_started", False),
}
MOVED = "kompetenceudvikling-d2"


class Keyboard:
    """A person at the keyboard: every control is reached by focus and pressed."""

    def __init__(self, page: Page) -> None:
        self.page, self.presses, self.loads = page, 0, 0
        page.on("load", lambda _: self._note_load())

    def _note_load(self) -> None:
        self.loads += 1

    def press(self, control: Locator, key: str = "Enter") -> None:
        control.focus()
        self.page.keyboard.press(key)
        self.presses += 1

    def write(self, field: Locator, text: str) -> None:
        field.focus()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)


@pytest.fixture(autouse=True)
def in_march(programme: Programme, secretariat: User) -> Edition:
    """February is locked, and March is begun with all 14 missing."""
    edition = lock(programme, month=FEBRUARY, with_files=None, actor=secretariat.actor)
    edit(programme, reporting_month=MARCH, next_meeting_on=date(2026, 3, 26))
    return edition


def judge_all(person: Keyboard) -> None:
    page = person.page
    for key, (status, deviates) in CHANGED.items():
        person.press(page.locator(f"#ret-{key}"))
        form = page.locator(f"#ret-form-{key} form.status-form")
        person.press(form.locator(f'input[name="status"][value="{status}"]'), "Space")
        if deviates:
            person.press(form.locator('input[name="deviates"][value="time"]'), "Space")
        person.write(form.locator('[name="reason"]'), "Det er aftalt på mødet i marts.")
        if key == MOVED.removesuffix("-d2"):
            person.write(form.locator(f'[name="deadline-{MOVED}-wording"]'), "Deadline: maj 2027")
            person.press(form.locator("details").nth(2).locator("summary"))
            person.write(form.locator(f'[name="deadline-{MOVED}-reason"]'), "Holdet er udskudt.")
            person.press(form.get_by_text("Tilføj indsats", exact=True))
            person.write(form.locator('[name="ny-title-title"]'), "Evaluering af modulet")
        person.press(form.get_by_role("button", name="Gem", exact=True))
        expect(page.locator(f"#ret-form-{key}")).to_be_hidden()
    for row in Initiative.objects.exclude(key__in=CHANGED):
        cell = page.locator(f"#status-{row.key}")
        person.press(cell.get_by_role("button", name=re.compile("Bekræft uændret")))
        expect(cell).to_contain_text("Bekræftet uændret")


def finish(page: Page) -> None:
    """Lock, approve, publish and begin April, from the steps of the page."""
    page.get_by_role("link", name="Lås udgave 1").click()
    page.get_by_role("button", name="Lås udgave").click()
    page.goto(PAGE)
    page.get_by_role("link", name="Registrér godkendelsen").click()
    page.get_by_label("Godkendt på mødet den").fill("26-02-2026")
    page.get_by_role("button", name="Godkend udgave").click()
    page.goto(PAGE)
    page.get_by_role("link", name="Offentliggør", exact=True).click()
    page.get_by_role("button", name="Offentliggør").click()
    page.goto(PAGE)
    page.get_by_role("link", name="Begynd på april 2026").click()
    page.get_by_label(re.compile("Hvorfor begynder du på april nu")).fill("Mødet er holdt.")
    page.get_by_role("button", name="Begynd på april 2026").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Statusopgørelsen for april 2026")
    expect(page.get_by_text("Ingen af 14 er vurderet")).to_be_visible()


def test_the_month_is_judged_by_keyboard_without_leaving_the_page(
    visit: Visit, secretariat: User, programme: Programme
) -> None:
    page = visit(secretariat)
    page.goto(PAGE)
    person = Keyboard(page)
    judge_all(person)
    expect(page.locator("#maaned-valg")).to_contain_text("Mangler 0")
    assert (person.presses < 33, person.loads) == (True, 0), person.presses
    judged = StatusUpdate.objects.judgements().filter(month=MARCH)
    assert judged.values("initiative").distinct().count() == 14
    assert judged.filter(cause=StatusUpdate.Cause.CONFIRMATION).count() == 9
    assert Deadline.objects.get(key=MOVED).moves.get().reason == "Holdet er udskudt."
    assert Action.objects.filter(title="Evaluering af modulet").count() == 1
    finish(page)
    programme.refresh_from_db()
    assert programme.reporting_month == date(2026, 4, 1)


def test_the_month_is_judged_without_javascript(visit: Visit, secretariat: User) -> None:
    page = visit(secretariat, java_script_enabled=False)
    page.goto(PAGE)
    for key, (status, deviates) in CHANGED.items():
        page.locator(f"#ret-{key}").click()
        page.locator(f'input[name="status"][value="{status}"]').check(force=True)
        if deviates:
            page.locator('input[name="deviates"][value="time"]').check(force=True)
        page.locator('[name="reason"]').fill("Det er aftalt på mødet i marts.")
        page.get_by_role("button", name="Gem", exact=True).click()
    for row in Initiative.objects.exclude(key__in=CHANGED):
        cell = page.locator(f"#status-{row.key}")
        cell.get_by_role("button", name=re.compile("Bekræft uændret")).click()
    expect(page.get_by_text("14 af 14 er vurderet")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 360])
def test_the_pages_have_no_problems(visit: Visit, secretariat: User, width: int) -> None:
    page = visit(secretariat, width=width)
    problems: dict[str, Any] = {}
    for path in (PAGE, f"{PAGE}begynd/", f"{PAGE}moede/", f"{PAGE}?vis=advarsler"):
        page.goto(path)
        if wrong := problems_of(page):
            problems[path] = wrong
    page.goto(PAGE)
    page.locator("#ret-kompetenceudvikling").click()
    expect(page.locator("#ret-form-kompetenceudvikling form.status-form")).to_be_visible()
    if wrong := problems_of(page):
        problems["opened"] = wrong
    assert problems == {}
