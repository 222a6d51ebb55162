"""A tovholder in the table: from one of their initiatives to the next, past those of others."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from initiatives.models import Initiative
from principles.models import Programme
from tests.browser.conftest import Visit
from tests.browser.steps import expect_said, form_of, save
from tests.initiatives.steps import edit, read_initiative

pytestmark = pytest.mark.browser


def test_next_opens_the_next_of_ones_own(visit: Visit, group: User, programme: Programme) -> None:
    edit(programme, uses_contacts=True, reporting_month="2026-03-01")
    order = "area__principle__position", "area__position", "position"
    rows = list(Initiative.objects.of(programme).in_plan().order_by(*order))
    first, last = rows[0], rows[-1]
    for row in (first, last):
        edit(row, lead=group)
    page = visit(group)
    page.goto("/status/")
    expect(page.get_by_role("link", name="Ret status for")).to_have_count(2)
    page.locator(f"#ret-{first.key}").click()
    form = form_of(page)
    expect(form.get_by_label("Internt notat")).to_have_count(0)
    form.get_by_label("Begrundelse", exact=True).fill("Arbejdet går som aftalt.")
    save(form, "Gem og gå til næste")
    # Everything in between misses as well, and is not theirs.
    heading = page.get_by_role("heading", level=2, name=f"Status for {last.title}")
    expect(heading).to_be_focused()
    expect_said(page, "er gemt")
    assert read_initiative(first.key).updates.latest("id").by_name == "Bo Eksempel"
