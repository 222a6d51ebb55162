"""The status flow by mouse: in the table, on the initiative's page, and when it goes wrong."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from accounts.models import User
from plan.status import Status
from principles.models import Programme
from tests.browser.conftest import Visit
from tests.browser.steps import (
    MYNDIGHED,
    cell,
    choose,
    counts,
    edit_link,
    expect_said,
    form_of,
    judge_meanwhile,
    newest,
    open_form,
    save,
)
from tests.factories import make_membership, make_user

pytestmark = pytest.mark.browser

KEY = "myndighedsbestilling"
# Counts the moves of the focus while htmx is still settling.
FOCUS_WHILE_SETTLING = """
window.focusedWhileSettling = 0;
document.addEventListener("focusin", (event) => {
  if (event.target.closest("a") && document.querySelector(".htmx-settling"))
    window.focusedWhileSettling += 1;
});"""
REASON = "Tidsplanen kan ikke holdes uden en ny beslutning."


@pytest.fixture
def dorte(programme: Programme) -> User:
    """A colleague of Anna's in the secretariat."""
    user = make_user("Dorte Eksempel")
    make_membership(user, programme)
    return user


def test_a_status_is_changed_in_the_table(visit: Visit, secretariat: User) -> None:
    page = visit(secretariat)
    page.goto("/status/")
    before = counts(page)
    form = open_form(page)
    expect(form).to_contain_text("Sidste måned")
    choose(form, Status.MAJOR_DEVIATIONS)
    form.get_by_label("Hvad skal Implementeringsgruppen").fill("Skal skabelonen vente?")
    save(form)

    summary = form.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text(
        "Skriv en begrundelse. Status ændres fra »Mindre afvigelser« til »Betydelige afvigelser«."
    )
    expect(form.get_by_role("radio", name="Betydelige afvigelser")).to_be_checked()
    expect(form.get_by_label("Hvad skal Implementeringsgruppen")).to_have_value(
        "Skal skabelonen vente?"
    )
    summary.get_by_role("link", name="Skriv en begrundelse").click()
    expect(form.get_by_label("Begrundelse", exact=True)).to_be_focused()
    page.keyboard.type(REASON)
    form.get_by_role("checkbox", name="Tidsplan").check()
    save(form)

    expect_said(page, f"Status for {MYNDIGHED} er gemt: Betydelige afvigelser.")
    expect(form_of(page)).to_have_count(0)
    expect(cell(page, KEY)).to_contain_text("Betydelige afvigelser")
    expect(cell(page, KEY)).to_contain_text("Ændret fra Mindre afvigelser")
    expect(edit_link(page)).to_be_focused()
    assert counts(page) == before | {
        "Mindre afvigelser": before["Mindre afvigelser"] - 1,
        "Betydelige afvigelser": before["Betydelige afvigelser"] + 1,
    }
    assert (newest(KEY).status, newest(KEY).ask) == ("major_deviations", "Skal skabelonen vente?")


def test_save_and_continue_opens_the_next_missing_status(visit: Visit, secretariat: User) -> None:
    page = visit(secretariat)
    page.goto("/status/")
    missing = page.locator("[data-missing]")
    expect(missing).to_have_count(4)
    form = open_form(page, "Indkøbs- og kontrakthåndbog")
    form.get_by_label("Begrundelse", exact=True).fill("Arbejdet følger planen.")
    save(form, "Gem og gå til næste")
    heading = form_of(page).get_by_role("heading", level=2)
    expect(heading).to_contain_text("Status for Kompetenceudvikling")
    expect(heading).to_be_focused()
    expect(missing).to_have_count(3)
    expect(page.locator("#progress")).to_contain_text("11 af 14 opdateret til februar")


def test_the_focus_waits_until_the_page_has_settled(visit: Visit, secretariat: User) -> None:
    page = visit(secretariat)
    page.goto("/status/")
    # This imitates a machine so slow that nothing has settled after the usual 20 ms.
    page.evaluate("htmx.config.defaultSettleDelay = 500")
    page.evaluate(FOCUS_WHILE_SETTLING)
    button = cell(page, "kompetenceudvikling").get_by_role("button", name="Uændret")
    button.focus()
    button.press("Enter")
    expect_said(page, "Kompetenceudvikling er bekræftet uændret.")
    expect(edit_link(page, "Kompetenceudvikling")).to_be_focused()
    assert page.evaluate("window.focusedWhileSettling") == 0


def test_after_the_last_missing_status_the_focus_returns(visit: Visit, secretariat: User) -> None:
    page = visit(secretariat)
    page.goto("/status/?princip=kontrakter-og-takster")
    form = open_form(page, "Indkøbs- og kontrakthåndbog")
    form.get_by_label("Begrundelse", exact=True).fill("Arbejdet følger planen.")
    save(form, "Gem og gå til næste")
    expect_said(page, "er gemt: Forløber efter planen.")
    expect(edit_link(page, "Indkøbs- og kontrakthåndbog")).to_be_focused()
    expect(form_of(page)).to_have_count(0)


def test_cancel_closes_the_form_and_changes_nothing(visit: Visit, secretariat: User) -> None:
    page = visit(secretariat)
    page.goto("/status/")
    form = open_form(page)
    form.get_by_label("Begrundelse", exact=True).fill("Fortrudt.")
    version = newest(KEY).version
    page.once("dialog", lambda question: question.accept())
    form.get_by_role("link", name="Annuller").click()
    expect(form_of(page)).to_have_count(0)
    expect(edit_link(page)).to_be_focused()
    expect(open_form(page).get_by_label("Begrundelse", exact=True)).to_have_value("")
    assert newest(KEY).version == version


def test_a_double_click_opens_one_form_and_saves_once(visit: Visit, secretariat: User) -> None:
    page = visit(secretariat)
    page.goto("/status/")
    edit_link(page).dblclick()
    expect(form_of(page).get_by_role("heading", level=2)).to_be_focused()
    page.wait_for_load_state("networkidle")
    expect(form_of(page)).to_have_count(1)
    form_of(page).get_by_label("Begrundelse", exact=True).fill("Stadig forsinket.")
    form_of(page).get_by_role("checkbox", name="Tidsplan").check()
    before = newest(KEY).updates.count()
    form_of(page).get_by_role("button", name="Gem", exact=True).dblclick()
    expect_said(page, "er gemt: Mindre afvigelser.")
    page.wait_for_load_state("networkidle")
    assert newest(KEY).updates.count() == before + 1
    assert page.url.endswith("/status/")


def test_unchanged_is_confirmed_and_taken_back(visit: Visit, secretariat: User) -> None:
    page = visit(secretariat)
    page.goto("/status/")
    row = cell(page, "kompetenceudvikling")
    row.get_by_role("button", name="Uændret").click()
    expect_said(
        page,
        "Kompetenceudvikling er bekræftet uændret. 11 af 14 initiativer er opdateret til februar.",
    )
    expect(row).to_contain_text("Bekræftet uændret den 26. februar 2026 af Anna Eksempel")
    expect(row.get_by_role("button", name="Uændret")).to_have_count(0)
    expect(edit_link(page, "Kompetenceudvikling")).to_be_focused()
    expect(page.locator("#progress")).to_contain_text("Ikke opdateret til februar: 3")
    row.get_by_role("button", name="Fortryd").click()
    expect_said(page, "Bekræftelsen er trukket tilbage.")
    expect(row.get_by_role("button", name="Uændret")).to_be_visible()
    expect(edit_link(page, "Kompetenceudvikling")).to_be_focused()
    expect(page.locator("#progress")).to_contain_text("Ikke opdateret til februar: 4")


def test_with_a_text_filter_the_counts_refresh_themselves(visit: Visit, secretariat: User) -> None:
    page = visit(secretariat)
    page.goto("/status/")
    page.get_by_label("Tekst").fill("skabelon")
    page.get_by_role("button", name="Filtrér").click()
    expect(page).to_have_url(re.compile("tekst=skabelon"))
    before = counts(page)
    form = open_form(page)
    choose(form, Status.COMPLETED)
    form.get_by_label("Begrundelse", exact=True).fill("Skabelonen er leveret.")
    save(form)
    expect_said(page, "er gemt: Udført og afsluttet.")
    expect(page.locator(".count", has_text="Udført")).to_contain_text(
        str(before["Udført og afsluttet"] + 1)
    )
    assert sum(counts(page).values()) == sum(before.values())
    expect(edit_link(page)).to_be_focused()


def test_a_status_is_changed_on_the_page_of_the_initiative(visit: Visit, secretariat: User) -> None:
    page = visit(secretariat)
    page.goto(f"/initiativer/{KEY}/")
    table = page.locator("#development table")
    page.locator("#development summary").click()
    expect(table).to_be_visible()
    opener = page.get_by_role("link", name="Ret status")
    opener.click()
    form = form_of(page)
    expect(form.get_by_role("button", name="Gem og gå til næste")).to_have_count(0)
    choose(form, Status.CLOSURE_RECOMMENDED)
    form.get_by_label("Begrundelse", exact=True).fill("Grundlaget er bortfaldet.")
    save(form)
    expect_said(page, f"Status for {MYNDIGHED} er gemt: Anbefales nedlukket.")
    expect(page.locator("#status-panel .status")).to_have_text("Anbefales nedlukket")
    expect(page.locator("#history")).to_contain_text("Grundlaget er bortfaldet.")
    expect(page.locator("#development svg[role=img]")).to_have_accessible_name(
        re.compile(r"Februar\s2026: Anbefales nedlukket$")
    )
    # The table under the strip was open and still is.
    expect(table).to_be_visible()
    expect(table.get_by_role("row").last).to_contain_text("Anbefales nedlukket")
    expect(opener).to_be_focused()
    expect(form).to_have_count(0)


def test_the_history_is_fetched_again_with_its_filter(visit: Visit, secretariat: User) -> None:
    page = visit(secretariat)
    page.goto(f"/initiativer/{KEY}/")
    history = page.locator("#history")
    history.get_by_role("link", name="Deadlines").click()
    expect(page).to_have_url(re.compile(r"\?art=deadline#historik$"))
    moves = history.locator("li time").count()
    assert moves
    page.get_by_role("link", name="Ret status").click()
    form = form_of(page)
    choose(form, Status.CLOSURE_RECOMMENDED)
    form.get_by_label("Begrundelse", exact=True).fill("Grundlaget er bortfaldet.")
    before = history.locator(".section-head .meta").text_content()
    save(form)
    expect(history.locator(".section-head .meta")).not_to_have_text(before or "")
    expect(history.locator("[aria-current]")).to_contain_text("Deadlines")
    expect(history.locator("li time")).to_have_count(moves)
    history.get_by_role("link", name="Status").click()
    expect(history).to_contain_text("Grundlaget er bortfaldet.")


def test_two_people_change_the_same_status(visit: Visit, secretariat: User, dorte: User) -> None:
    anna, other = visit(secretariat), visit(dorte)
    anna.goto("/status/?princip=kvalitet")
    form = annas_form(anna)

    other.goto(f"/initiativer/{KEY}/")
    other.get_by_role("link", name="Ret status").click()
    choose(form_of(other), Status.COMPLETED)
    form_of(other).get_by_label("Begrundelse", exact=True).fill("Dortes tekst.")
    save(form_of(other))
    expect_said(other, "er gemt: Udført og afsluttet.")

    conflict = annas_conflict(form)
    assert newest(KEY).status == "completed"
    conflict.get_by_role("button", name="Brug min").click()
    expect_said(anna, f"Status for {MYNDIGHED} er gemt: Betydelige afvigelser.")
    expect(cell(anna, KEY)).to_contain_text("Betydelige afvigelser")
    expect(edit_link(anna)).to_be_focused()
    assert newest(KEY).status == "major_deviations"


def test_the_saved_status_is_kept(visit: Visit, secretariat: User) -> None:
    page = visit(secretariat)
    page.goto("/status/?princip=kvalitet")
    form = annas_form(page)
    judge_meanwhile(KEY, Status.COMPLETED, "Dortes tekst.")
    annas_conflict(form).get_by_role("button", name="Brug den gemte").click()
    expect_said(page, f"Den gemte status for {MYNDIGHED} gælder.")
    expect(cell(page, KEY)).to_contain_text("Udført og afsluttet")
    expect(edit_link(page)).to_be_focused()
    assert newest(KEY).status == "completed"


def test_both_texts_are_kept(visit: Visit, secretariat: User) -> None:
    page = visit(secretariat)
    page.goto("/status/?princip=kvalitet")
    form = annas_form(page)
    judge_meanwhile(KEY, Status.COMPLETED, "Dortes tekst.")
    annas_conflict(form).get_by_role("button", name="Behold begge").click()
    expect(form.get_by_label("Begrundelse", exact=True)).to_have_value(
        "Dortes tekst.\n\nAnnas tekst."
    )
    save(form)
    expect_said(page, f"Status for {MYNDIGHED} er gemt: Betydelige afvigelser.")
    assert newest(KEY).status == "major_deviations"


def annas_form(page: Page) -> Locator:
    """Let Anna fill in the form without saving it."""
    form = open_form(page)
    choose(form, Status.MAJOR_DEVIATIONS)
    form.get_by_role("checkbox", name="Tidsplan").check()
    form.get_by_label("Begrundelse", exact=True).fill("Annas tekst.")
    return form


def annas_conflict(form: Locator) -> Locator:
    """Let Anna save after Dorte: she sees both statuses, and what she typed is kept."""
    save(form)
    conflict = form.locator(".conflict")
    expect(conflict).to_be_focused()
    expect(conflict).to_contain_text("Dorte Eksempel gemte den 26. februar 2026 kl.")
    expect(conflict).to_contain_text("Udført og afsluttet")
    expect(form.get_by_label("Begrundelse", exact=True)).to_have_value("Annas tekst.")
    expect(form.get_by_role("radio", name="Betydelige afvigelser")).to_be_checked()
    return conflict


def test_unchanged_is_refused_when_the_status_was_changed_meanwhile(
    visit: Visit, secretariat: User
) -> None:
    page = visit(secretariat)
    page.goto("/status/")
    judge_meanwhile("kompetenceudvikling", Status.COMPLETED, "Holdet er færdigt.")
    row = cell(page, "kompetenceudvikling")
    row.get_by_role("button", name="Uændret").click()
    expect_said(page, "Status for Kompetenceudvikling er ændret, siden du hentede siden.")
    expect(row).to_contain_text("Udført og afsluttet")


def test_a_lost_connection_keeps_the_text_and_tries_again(visit: Visit, secretariat: User) -> None:
    page = visit(secretariat)
    page.goto("/status/")
    form = open_form(page)
    form.get_by_label("Begrundelse", exact=True).fill("Endnu en måned forsinket.")
    form.get_by_role("checkbox", name="Tidsplan").check()

    def cut_off(route: Route) -> None:
        if route.request.method == "POST":
            route.abort("connectionfailed")
        else:
            route.continue_()

    saving = re.compile(r"/status/\?maaned=2026-02$")
    page.route(saving, cut_off)
    save(form)
    expect_said(
        page,
        "Der er ingen forbindelse. Det er ikke sikkert, at ændringen er gemt."
        " Din tekst står her stadig.",
    )
    expect(form.get_by_label("Begrundelse", exact=True)).to_have_value("Endnu en måned forsinket.")
    page.get_by_role("button", name="Prøv igen").click()
    expect_said(page, "Der er ingen forbindelse")
    page.unroute(saving)
    page.get_by_role("button", name="Prøv igen").click()
    expect_said(page, f"Status for {MYNDIGHED} er gemt: Mindre afvigelser.")
    expect(edit_link(page)).to_be_focused()


def open_and_save_in_the_table(page: Page) -> None:
    page.goto("/status/")
    form = open_form(page)
    choose(form, Status.COMPLETED)
    form.get_by_label("Begrundelse", exact=True).fill("Skabelonen er leveret.")
    save(form)
    expect_said(page, "er gemt: Udført og afsluttet.")


def test_going_back_after_a_save_shows_the_plan_as_it_is(visit: Visit, secretariat: User) -> None:
    page = visit(secretariat)
    open_and_save_in_the_table(page)
    page.get_by_role("link", name=MYNDIGHED, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(MYNDIGHED)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Status")
    expect(cell(page, KEY)).to_contain_text("Udført og afsluttet")
    expect(form_of(page)).to_have_count(0)
    form = open_form(page)
    expect(form.get_by_role("radio", name="Udført og afsluttet")).to_be_checked()
    form.get_by_label("Begrundelse", exact=True).fill("Og modtaget.")
    save(form)
    expect_said(page, "er gemt: Udført og afsluttet.")
