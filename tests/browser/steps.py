"""What a person does with the status form, and what somebody else does meanwhile."""

import re

from playwright.sync_api import Locator, Page, expect

from core import clock
from core.tracking import Actor
from initiatives.models import Initiative
from plan.status import DEVIATING, Status

DORTE = Actor("Dorte Eksempel")
MYNDIGHED = "Myndighedsbestilling"


def edit_link(page: Page, title: str = MYNDIGHED) -> Locator:
    """ "Ret status" of a row of the table."""
    return page.get_by_role("link", name=f"Ret status for {title}", exact=True)


def form_of(page: Page) -> Locator:
    """Return the open status form."""
    return page.locator("form.status-form")


def open_form(page: Page, title: str = MYNDIGHED) -> Locator:
    """Open the form of a row of the table, and expect the focus on its heading."""
    edit_link(page, title).click()
    heading = page.get_by_role("heading", level=2, name=f"Status for {title} · februar 2026")
    expect(heading).to_be_focused()
    return form_of(page).filter(has=heading)


def choose(form: Locator, status: Status) -> None:
    """Choose one of the six statuses."""
    form.get_by_role("radio", name=status.label).check()


def save(form: Locator, button: str = "Gem") -> None:
    form.get_by_role("button", name=button, exact=True).click()


def cell(page: Page, key: str) -> Locator:
    """Return the status cell of a row of the table."""
    return page.locator(f"#status-{key}")


def expect_said(page: Page, sentence: str) -> None:
    """Expect the sentence in the live region."""
    expect(page.get_by_role("status")).to_have_text(re.compile(re.escape(sentence)))


def counts(page: Page) -> dict[str, int]:
    """Return the numbers above the table."""
    words = [count.inner_text().split(maxsplit=1) for count in page.locator(".count").all()]
    return {label.strip(): int(number) for number, label in words}


def newest(key: str) -> Initiative:
    """Return the initiative as it is in the database."""
    initiative: Initiative = Initiative.objects.get(key=key)
    return initiative


def judge_meanwhile(key: str, status: Status, reason: str, by: Actor = DORTE) -> None:
    """Let somebody else change the status."""
    initiative = newest(key)
    initiative.change_status(
        status=status,
        month=initiative.area.principle.programme.reporting_month,
        reason=reason,
        deviates=["time"] if status in DEVIATING else [],
        ask=initiative.ask,
        internal_notes=initiative.internal_notes,
        version=initiative.version,
        actor=by,
        at=clock.now(),
    )
