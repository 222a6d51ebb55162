"""A month from draft to publication in a browser: locked, approved, published, read."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from principles.models import Programme
from reports.comparison.page import anchor
from reports.models import Edition, EditionRendering
from tests.browser.checks import problems_of
from tests.browser.conftest import Visit
from tests.initiatives.steps import judge
from tests.reports.editions.steps import JANUARY, lock, store_files

pytestmark = pytest.mark.browser

LOCK = "/statusopgoerelser/2026-02/laas/"
SENTENCE = "tekst:initiative:kontraktanalyse:status"
EDITION = "/statusopgoerelser/2026-02/udgave-1/"


@pytest.fixture(autouse=True)
def january(programme: Programme) -> Edition:
    """The edition of January, followed by a change."""
    return lock(programme, month=JANUARY, with_files=None)


def lock_february(page: Page) -> None:
    page.goto(LOCK)
    page.get_by_label("Til mødet i Implementeringsgruppen den").fill("26-02-2026")
    page.get_by_role("button", name="Lås udgave").click()


@pytest.mark.parametrize("with_script", [True, False])
def test_a_month_is_locked_approved_published_and_read(
    visit: Visit, secretariat: User, reader: User, with_script: bool
) -> None:
    judge("kontraktanalyse", "completed", reason="Analysen er afleveret.")
    page = visit(secretariat, java_script_enabled=with_script)
    page.goto("/statusopgoerelser/2026-02/")
    page.get_by_role("link", name="Lås udgave").click()
    sentence = page.locator(f'[name="{SENTENCE}"]')
    expect(sentence).to_have_value(
        "Kontraktanalyse er ændret fra Forløber efter planen til Udført og afsluttet, "
        "fordi analysen er afleveret."
    )
    sentence.fill("Kontraktanalysen er afleveret og afsluttet.")
    page.get_by_role("button", name="Lås udgave").click()

    expect(
        page.get_by_text("Udgave 1 er låst. Næste trin: godkendelse på næste møde.")
    ).to_be_visible()
    expect(page.get_by_text("Kontraktanalysen er afleveret og afsluttet.")).to_be_visible()
    expect(page.get_by_role("link", name="Hent PDF")).to_be_visible()
    page.get_by_label("Godkendt på mødet den").fill("26-02-2026")
    page.get_by_role("button", name="Godkend udgave").click()
    page.get_by_role("button", name="Offentliggør").click()
    expect(page.get_by_text("Udgave 1 er offentliggjort.")).to_be_visible()

    forum = visit(reader, width=360)
    forum.goto("/")
    expect(forum).to_have_url(f"{forum.url.split('/statusopgoerelser')[0]}{EDITION}")
    expect(forum.get_by_role("heading", level=1)).to_contain_text("februar 2026")


def test_a_sentence_leads_to_its_change(visit: Visit, secretariat: User) -> None:
    judge("kontraktanalyse", "completed", reason="Analysen er afleveret.")
    page = visit(secretariat)
    page.goto(LOCK)
    target = anchor("initiative:kontraktanalyse:status")
    page.locator(f'a[href$="#{target}"]').click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sammenlign")
    expect(page.locator(f"#{target}")).to_be_in_viewport()


@pytest.mark.parametrize("width", [1280, 360])
def test_the_pages_have_no_problems(
    visit: Visit, secretariat: User, programme: Programme, width: int
) -> None:
    edition = lock(programme, with_files=None)
    judge("kontraktanalyse", "completed", reason="Analysen er afleveret.")
    page = visit(secretariat, width=width)
    problems = {}
    for path in ("/statusopgoerelser/", LOCK, EDITION, "/deadlines/"):
        page.goto(path)
        if wrong := problems_of(page):
            problems[path] = wrong
    page.goto(LOCK)
    page.get_by_role("button", name="Lås udgave").click()
    expect(page.locator(".error-summary")).to_contain_text("Skriv, hvad der er rettet")
    if wrong := problems_of(page):
        problems["refused"] = wrong
    assert problems == {}
    assert edition.report.editions.count() == 1


def test_files_that_are_being_made_appear_by_themselves(
    visit: Visit, secretariat: User, programme: Programme
) -> None:
    edition = lock(programme, with_files=False)
    page = visit(secretariat)
    page.goto(EDITION)
    expect(page.get_by_text("Filerne er i kø og dannes om lidt.")).to_be_visible()
    store_files(edition)
    expect(page.get_by_role("link", name="Hent PDF")).to_be_visible()
    expect(page.get_by_text("Filerne er i kø og dannes om lidt.")).to_be_hidden()


def test_a_hidden_tab_asks_for_no_files(
    visit: Visit, secretariat: User, programme: Programme
) -> None:
    edition = lock(programme, with_files=False)
    page = visit(secretariat)
    page.goto(EDITION)
    page.evaluate(
        """() => {
          window.turns = 0;
          document.addEventListener("htmx:confirm", () => { window.turns += 1; });
          Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
        }"""
    )
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    # One answer may still be on its way when the tab is hidden.
    page.wait_for_function("() => window.turns >= 1")
    store_files(edition)
    asked.clear()
    page.wait_for_function("() => window.turns >= 3")
    assert asked == []
    expect(page.get_by_role("link", name="Hent PDF")).to_be_hidden()
    # The control: shown again, the tab asks, and stops when it has the files.
    page.evaluate("() => { delete document.hidden; }")
    expect(page.get_by_role("link", name="Hent PDF")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Filerne er klar.")).to_be_visible()
    assert len(asked) == 1
    assert page.locator("[hx-get]").count() == 0


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (360, 780), (320, 256)])
def test_the_button_stays_in_view(visit: Visit, secretariat: User, width: int, height: int) -> None:
    """The last size is that of a window of 1280 at 400 %."""
    judge("kontraktanalyse", "completed", reason="Analysen er afleveret.")
    page = visit(secretariat)
    page.set_viewport_size({"width": width, "height": height})
    page.goto(LOCK)
    button = page.get_by_role("button", name="Lås udgave")
    fields = page.locator("textarea, [name=med]:not([type=hidden])")
    assert fields.count() > 8
    for number in range(fields.count()):
        page.keyboard.press("Tab") if number else fields.first.focus()
        expect(button).to_be_in_viewport(ratio=1)
        # What has focus is not under the buttons.
        covered = page.evaluate(
            """() => {
              const box = document.activeElement.getBoundingClientRect();
              const foot = document.querySelector(".buttons--stay").getBoundingClientRect();
              const within = document.activeElement.closest(".buttons--stay");
              return !within && box.top >= foot.top;
            }"""
        )
        assert not covered, number


def test_files_that_failed_are_made_again(
    visit: Visit, secretariat: User, programme: Programme
) -> None:
    lock(programme, with_files=False)
    EditionRendering.objects.update(failed_at=timezone.now(), attempts=1)
    page = visit(secretariat)
    page.goto(EDITION)
    expect(page.get_by_text("Nogle af filerne kunne ikke dannes.")).to_be_visible()
    page.get_by_role("button", name="Prøv igen").click()
    expect(page.get_by_role("link", name="Hent PDF")).to_be_visible()
    expect(page.get_by_role("link", name="Hent Excel")).to_be_visible()
