"""A draft is asked about once, and is gone when it is saved, discarded or logged out with."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Dialog, Page, expect

from accounts.models import User
from initiatives.models import Action
from tests.browser.checks import problems_of
from tests.browser.conftest import Visit
from tests.browser.forms import KINDS, become, expect_text, stored
from tests.browser.steps import expect_said

pytestmark = pytest.mark.browser

ADD, STATUS = KINDS["add"], KINDS["status"]
Asked = Callable[..., list[str]]
NOTE = "Et internt notat."


class Answers:
    """Answers every question of a page, and notes the questions."""

    def __init__(self, page: Page, *, yes: bool) -> None:
        self.questions: list[str] = []
        self.yes = yes
        page.on("dialog", self.answer)

    def answer(self, dialog: Dialog) -> None:
        self.questions.append(dialog.type)
        if self.yes:
            dialog.accept()
        else:
            dialog.dismiss()


@pytest.fixture
def asked() -> Iterator[Asked]:
    """`asked(page, yes=True)` answers the questions of `page` and returns them as they come."""
    listening: list[tuple[Page, Answers]] = []

    def listen(page: Page, *, yes: bool) -> list[str]:
        answers = Answers(page, yes=yes)
        listening.append((page, answers))
        return answers.questions

    yield listen
    # A window is used again by later tests.
    for page, answers in listening:
        page.remove_listener("dialog", answers.answer)


def test_leaving_a_dirty_form_asks_once(visit: Visit, secretariat: User, asked: Asked):
    page = visit(secretariat)
    ADD.type(page)
    questions = asked(page, yes=True)
    page.get_by_role("navigation", name="Hovedmenu").get_by_role(
        "link", name="Status"
    ).first.click()
    expect(page).to_have_url(re.compile("/status/$"))
    assert questions == ["beforeunload"]
    # A form that nobody has written in asks nothing.
    page.goto("/initiativer/kontraktanalyse/deadlines/tilfoej/")
    page.get_by_role("link", name="Annuller").click()
    expect(page).to_have_url(re.compile("/initiativer/kontraktanalyse/$"))
    assert questions == ["beforeunload"]


def test_cancelling_asks_once_and_discards(visit: Visit, secretariat: User, asked: Asked):
    page = visit(secretariat)
    questions = asked(page, yes=False)
    for number, kind in enumerate((ADD, STATUS), start=1):
        kind.type(page)
        kind.form(page).get_by_role("link", name="Annuller").click()
        expect_text(kind, page)
        assert questions == ["confirm"] * number
        stored(page)
        page.evaluate("window.confirm = () => true")
        kind.form(page).get_by_role("link", name="Annuller").click()
        stored(page, 0)


def test_a_saved_form_leaves_no_draft_and_asks_nothing(
    visit: Visit, secretariat: User, asked: Asked
):
    page = visit(secretariat)
    questions = asked(page, yes=True)
    for kind in (ADD, STATUS):
        kind.type(page)
        kind.save(page)
        expect(page.locator("#live")).to_contain_text(re.compile("tilføjet|gemt"))
        stored(page, 0)
    assert questions == []


def test_the_draft_is_discarded_by_its_button(visit: Visit, secretariat: User):
    page = visit(secretariat)
    ADD.type(page)
    page.reload()
    page.get_by_role("button", name="Kassér teksten").click()
    expect(ADD.field(page)).to_have_value("")
    expect(ADD.field(page)).to_be_focused()
    stored(page, 0)


def test_a_draft_meets_what_others_saved_meanwhile(visit: Visit, secretariat: User):
    """The draft has the version it was made from: it overwrites nobody."""
    texts = KINDS["texts"]
    page = visit(secretariat)
    page.goto(texts.path)
    page.get_by_label("Titel").fill("Min titel")
    stored(page)
    other = page.context.new_page()
    other.goto(texts.path)
    other.evaluate("localStorage.clear()")
    other.reload()
    other.get_by_label("Titel").fill("En andens titel")
    other.get_by_role("button", name="Gem", exact=True).click()
    expect(other.locator("h1")).to_have_text("En andens titel")
    page.get_by_label("Titel").press("End")
    page.keyboard.type(" 2")
    stored(page)
    page.reload()
    expect(page.get_by_label("Titel")).to_have_value("Min titel 2")
    texts.save(page)
    expect(page.locator(".conflict")).to_contain_text("En andens titel")
    page.get_by_role("button", name="Brug min").click()
    expect(page.locator("h1")).to_have_text("Min titel 2")
    stored(page, 0)


def test_internal_notes_are_kept_only_when_allowed(visit: Visit, secretariat: User):
    page = visit(secretariat)
    for is_allowed in (False, True, False):
        page.goto("/min-profil/")
        page.get_by_label("Bevar også interne notater i browseren").set_checked(is_allowed)
        page.get_by_role("button", name="Gem", exact=True).click()
        expect_said(page, "Dit valg er gemt.")
        form = STATUS.open(page)
        STATUS.field(page).fill("En begrundelse.")
        form.get_by_label("Internt notat").fill(NOTE)
        stored(page)
        page.reload()
        form = STATUS.form(page)
        expect(form.locator(".kept")).to_contain_text("er bevaret. Den er ikke gemt endnu.")
        expect(form.get_by_label("Internt notat")).to_have_value(NOTE if is_allowed else "")
        if not is_allowed:
            expect(form.locator(".kept")).to_contain_text("Det interne notat er ikke bevaret.")
        form.get_by_role("button", name="Kassér teksten").click()
        stored(page, 0)


def test_logging_out_asks_whether_the_draft_stays(visit: Visit, secretariat: User):
    page = visit(secretariat)
    for is_dropped in (False, True):
        ADD.type(page)
        page.goto("/status/")
        page.locator(".user-menu > summary").click()
        page.locator(".user-menu").get_by_role("button", name="Log ud").click()
        expect(page.locator("h1")).to_have_text("Log ud")
        choice = page.get_by_label("Kassér det, når jeg logger ud")
        expect(choice).to_be_visible()
        assert problems_of(page) == []
        choice.set_checked(is_dropped)
        page.locator("main").get_by_role("button", name="Log ud").click()
        expect(page.locator(".user-menu")).to_have_count(0)
        stored(page, 0 if is_dropped else 1)
        become(page, secretariat)
    # Without a draft nobody is asked.
    page.goto("/status/")
    page.locator(".user-menu > summary").click()
    page.locator(".user-menu").get_by_role("button", name="Log ud").click()
    expect(page.locator(".user-menu")).to_have_count(0)


def test_two_clicks_and_back_and_save_make_one_row(visit: Visit, secretariat: User):
    page = visit(secretariat)
    before = Action.objects.count()
    ADD.open(page)
    ADD.field(page).fill(ADD.text)
    ADD.form(page).get_by_role("button", name="Gem", exact=True).dblclick()
    expect_said(page, "Indsatsen er tilføjet.")
    page.go_back()
    ADD.field(page).fill(ADD.text)
    ADD.save(page)
    expect_said(page, "Indsatsen er tilføjet.")
    assert Action.objects.count() == before + 1
    page.go_back()
    ADD.field(page).fill("En anden indsats")
    ADD.save(page)
    expect(page.locator(".error-summary")).to_contain_text("Du har allerede gemt")
    ADD.save(page)
    expect_said(page, "Indsatsen er tilføjet.")
    assert Action.objects.count() == before + 2


def test_the_login_warns_before_it_ends_and_one_press_prolongs_it(visit: Visit, secretariat: User):
    page = visit(secretariat)
    page.clock.install()
    ADD.type(page)
    box = page.locator(".login-end")
    expect(box).to_be_hidden()
    page.clock.fast_forward("57:50")
    expect(box).to_be_hidden()
    page.clock.fast_forward("00:15")
    expect(box).to_contain_text("Du bliver logget ud om 2 minutter.")
    assert problems_of(page) == []
    box.get_by_role("button", name="Bliv logget ind").click()
    expect(box).to_be_hidden()
    page.clock.fast_forward("57:50")
    expect(box).to_be_hidden()
    page.clock.fast_forward("02:15")
    live = page.locator("#live")
    expect(live).to_contain_text("Du er logget ud. Din tekst står her endnu. Log ind, og gem igen.")
    expect_text(ADD, page)
