"""Every page, as each persona: axe, one h1, Danish, targets of 24 px, no sideways scroll."""

import re

import pytest
from django.core import mail
from django.test import RequestFactory
from playwright.sync_api import Page, expect

from accounts.models import User
from core.errors import ERROR_TEXTS, WITH_MENU
from core.errors import page as error_page
from initiatives.models import Initiative
from principles.models import ActionArea, Programme
from tests.browser.checks import begin_check, end_check, focus_problem, problems_of
from tests.browser.conftest import Visit, Windows
from tests.conftest import OtherProgramme
from tests.factories import PASSWORD, make_initiative
from tests.initiatives.steps import edit, judge, read_initiative
from tests.promises import Measured

pytestmark = pytest.mark.browser

INITIATIVE = "/initiativer/myndighedsbestilling/"
PLAN = [
    "/status/",
    "/status/?tekst=findes-ikke",
    "/tidslinje/",
    INITIATIVE,
    f"{INITIATIVE}?art=status",
    f"{INITIATIVE}?art=indsats",
    "/indsatsomraader/a/",
    "/principper/kvalitet/",
    "/statusopgoerelser/",
    "/statusopgoerelser/2026-02/",
    "/statusopgoerelser/2026-02/?status=on_track",
    "/historik/",
    "/noegletal/",
]
EDITING = [
    f"{INITIATIVE}ret/",
    f"{INITIATIVE}arkiver/",
    f"{INITIATIVE}status/?fra=tabel",
    f"{INITIATIVE}deadlines/tilfoej/",
    "/dele/",
]
FRAME = [
    "/om-programmet/",
    "/saadan-laeses-status/",
    "/min-profil/",
    "/hvem-maa-hvad/",
    "/kontakt/",
]
OTHER = [
    "/?pr=2026-02-26",
    "/?siden=2026-02-25",
    "/statusopgoerelser/sammenlign/?fra=2026-02-25&til=nu",
    "/statusopgoerelser/sammenlign/?fra=nu&til=nu&fra-dato=1-1-2099",
    "/status/?pr=2026-02-26",
    "/tidslinje/?pr=2026-02-26",
    "/statusopgoerelser/2026-02/?pr=2026-02-26",
    "/status/?pr=1999-01-01",
    f"{INITIATIVE}?pr=2026-02-26",
    "/deadlines/",
    "/status/?princip=kvalitet&status=on_track",
    "/tidslinje/?princip=kvalitet&fra=2025K1",
    f"{INITIATIVE}indsatser/tilfoej/",
    "/indsatsomraader/a/initiativer/tilfoej/",
    "/indsatsomraader/x/",
    f"/program/udviklingsprogrammet{INITIATIVE}",
    "/statusopgoerelser/2026-13/",
    "/findes-ikke/",
    "/konto/adgangskode/",
    "/konto/log-ud/",
]
READER = ["/", "/statusopgoerelser/", "/statusopgoerelser/2026-02/"]
PUBLIC = ["/konto/log-ind/", "/konto/adgangskode/glemt/", "/konto/opret/", "/was/", "/privatliv/"]
# The error pages that need no database; the browser tests meet 403, 404 and 403_csrf anyway.
ERRORS = [status for status in ERROR_TEXTS if status not in WITH_MENU]


def walk(page: Page, paths: list[str]) -> dict[str, list[str]]:
    """Return the problems of each page that has any. Two tabs take turns, since axe is slow."""
    problems: dict[str, list[str]] = {}
    tabs = [page, page.context.new_page()]
    begun: dict[Page, str] = {}
    for number, path in enumerate(paths):
        tab = tabs[number % 2]
        if tab in begun:
            problems[begun[tab]] += end_check(tab)
        tab.goto(path)
        begun[tab] = path
        problems[path] = begin_check(tab)
    for tab, path in begun.items():
        problems[path] += end_check(tab)
    return {path: wrong for path, wrong in problems.items() if wrong}


def test_the_checks_find_what_is_wrong(visit: Visit, programme: Programme) -> None:
    page = visit()
    page.goto("/was/")
    page.set_content("<html lang=en><h1>A</h1><h1>B</h1><p id=x><img id=x><button></button>")
    sentences = " ".join(problems_of(page))
    for what in ("2 h1", "lang", "twice: #x", "image-alt", "button-name"):
        assert what in sentences
    assert focus_problem(page) == "nothing has the focus"


@pytest.mark.promise(13)
def test_every_page_of_the_secretariat(
    visit: Visit, windows: Windows, secretariat: User, promise: Measured
) -> None:
    pages = PLAN + EDITING + FRAME + OTHER
    assert walk(visit(secretariat), pages) == {}
    violations = [problem for problem in windows.problems if "CSP" in problem]
    promise.figure(f"{len(pages)} pages in Chromium, violations of the CSP", len(violations))


def test_the_main_pages_of_the_secretariat_at_360(visit: Visit, secretariat: User) -> None:
    assert walk(visit(secretariat, width=360), PLAN + EDITING + FRAME) == {}


@pytest.mark.parametrize("width", [1280, 360])
def test_a_very_long_word_is_broken(
    visit: Visit, secretariat: User, programme: Programme, width: int
) -> None:
    word = "Indberetningskoordineringsarbejdsgruppeformandskabskandidat" * 3
    myndighed = read_initiative("myndighedsbestilling")
    edit(myndighed, title=f"{word} i vest", ask=f"{word}?", report_text=f"{word}.")
    edit(myndighed.actions.live()[0], title=word)
    edit(myndighed.deadlines.live()[0], wording=f"{word}: 1. marts 2026")
    judge(myndighed.key, "minor_deviations", f"{word}.")
    page = visit(secretariat, width=width)
    paths = [path for path in PLAN if not path.startswith("/statusopgoerelser/2026")]
    for path in ["/", "/deadlines/", f"/soeg/?tekst={word[:20]}", *paths, *OTHER[:3]]:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_pages_of_the_implementeringsgruppe(visit: Visit, group: User) -> None:
    page = visit(group)
    assert walk(page, ["/status/", INITIATIVE, f"{INITIATIVE}ret/"]) == {}
    expect(page.get_by_role("heading", level=1)).to_have_text("Du har ikke adgang til denne side")


@pytest.mark.parametrize("width", [1280, 360])
def test_the_pages_of_contacts_and_reminders(
    visit: Visit, secretariat: User, group: User, programme: Programme, width: int
) -> None:
    edit(programme, uses_contacts=True, next_meeting_on="2026-03-12")
    edit(group, email=f"{'meget-' * 8}lang@eksempelkommune.dk", name="Bo Eksempel")
    for row in Initiative.objects.of(programme)[:6]:
        edit(row, lead=group)
    edit(programme, reporting_month="2026-03-01")
    page = visit(secretariat, width=width)
    assert walk(page, ["/paamindelser/", f"{INITIATIVE}kontakter/", INITIATIVE]) == {}
    page.goto("/paamindelser/")
    page.get_by_text("Vis e-mailen").first.click()
    expect(page.get_by_text("Emne: Status for")).to_be_visible()
    assert problems_of(page) == []
    own = "/initiativer/kontraktanalyse/"
    assert walk(visit(group, width=width), ["/status/", own, f"{own}status/", "/min-profil/"]) == {}


def test_the_pages_of_a_reader_and_of_a_stranger(
    visit: Visit, reader: User, stranger: User
) -> None:
    assert walk(visit(reader), READER) == {}
    assert walk(visit(stranger), ["/status/"]) == {}


@pytest.mark.parametrize("width", [1280, 360])
def test_the_public_pages(visit: Visit, programme: Programme, width: int) -> None:
    assert walk(visit(width=width), PUBLIC) == {}


def test_the_error_pages_that_need_no_database(visit: Visit, programme: Programme) -> None:
    page = visit(width=360)
    page.goto("/was/")
    problems = {}
    typed = {"reason": "Det, der var skrevet.", "title": "En titel med flere ord"}
    for status in ERRORS:
        request = RequestFactory().post("/", typed)
        page.set_content(error_page(request, status).content.decode())
        if wrong := problems_of(page):
            problems[status] = wrong
    assert problems == {}


def test_a_wrong_login_is_answered_in_danish_and_keeps_the_e_mail(
    visit: Visit, secretariat: User
) -> None:
    page = visit(width=360)
    page.goto("/status/")
    for _ in range(2):
        page.get_by_label("E-mail").fill(secretariat.email)
        page.get_by_label("Adgangskode").fill("forkert-adgangskode")
        page.get_by_role("button", name="Log ind").click()
        expect(page.locator(".error-summary")).to_contain_text(
            "E-mail eller adgangskode er forkert"
        )
        expect(page.locator(".error-summary")).to_be_focused()
    expect(page.get_by_label("E-mail")).to_have_value(secretariat.email)
    assert problems_of(page) == []
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Log ind").click()
    expect(page).to_have_url(re.compile("/status/$"))


def test_a_forgotten_password_is_set_by_e_mail(visit: Visit, secretariat: User) -> None:
    page = visit()
    page.goto("/konto/adgangskode/glemt/")
    page.get_by_label("E-mail").fill(secretariat.email)
    page.locator("main").get_by_role("button").click()
    expect(page).to_have_url(re.compile("sendt"))
    problems = problems_of(page)
    [message] = mail.outbox
    page.goto(re.findall(r"https?://\S+", str(message.body))[0])
    problems += problems_of(page)
    for field in page.locator("main input[type=password]").all():
        field.fill("en-helt-ny-adgangskode")
    page.locator("main").get_by_role("button").click()
    expect(page).to_have_url(re.compile("faerdig"))
    assert problems + problems_of(page) == []


def test_a_form_that_stood_open_too_long(visit: Visit, programme: Programme) -> None:
    page = visit()
    page.goto("/konto/log-ind/")
    page.context.clear_cookies()
    page.get_by_label("E-mail").fill("nogen@example.dk")
    page.get_by_label("Adgangskode").fill("noget")
    page.get_by_role("button", name="Log ind").click()
    expect(page).to_have_title(re.compile("Siden er ikke længere aktuel"))
    assert problems_of(page) == []


def test_the_administration(visit: Visit, secretariat: User, programme: Programme) -> None:
    area = ActionArea.objects.get(key="a")
    paths = [
        "/admin/",
        "/admin/principles/actionarea/",
        f"/admin/principles/actionarea/{area.pk}/change/",
        f"/admin/principles/actionarea/{area.pk}/history/",
        f"/admin/principles/programme/{programme.pk}/change/",
        "/admin/accounts/user/",
        f"/admin/accounts/user/{secretariat.pk}/change/",
        "/admin/accounts/membership/add/",
    ]
    page = visit(secretariat)
    problems = walk(page, paths)
    page.goto("/admin/accounts/user/add/")
    page.locator("input[name=_save]").click()
    expect(page.locator(".errornote")).to_be_visible()
    assert problems == {}
    assert problems_of(page) == []


def test_the_second_page_of_a_long_table(visit: Visit, other_programme: OtherProgramme) -> None:
    for _ in range(101):
        make_initiative(other_programme.area)
    page = visit(other_programme.secretariat, width=360)
    page.goto("/program/andet-program/status/?side=2")
    expect(page.get_by_role("navigation", name="Sider").locator("[aria-current]")).to_have_text(
        re.compile("2$")
    )
    assert problems_of(page) == []
