"""The draft of a month in every format, of today and as it was on another day."""

import io
import re
import shutil
import subprocess
import zipfile
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client

from core import danish, writing
from core.clock import COPENHAGEN
from initiatives.models import Action, Deadline, Initiative
from initiatives.sources.as_of import earliest
from principles.models import Principle, Programme
from reports.editions import files
from reports.models import EditionFile
from tests.core.reading import html_of, text_of
from tests.initiatives.steps import BO, judge, read_initiative
from tests.reports.editions.steps import CORRECTION, JANUARY, lock

KEY = "kontraktanalyse"
# The plan is loaded before these days; on the second somebody changes it.
BEFORE, CHANGED, TODAY = "2026-03-04", "2026-03-05", "2026-03-10"
LATER = datetime(2026, 3, 5, 12, tzinfo=COPENHAGEN)
PAGE = "/statusopgoerelser/2026-02/"
FILE = "/statusopgoerelser/2026-02.{}"
BANNER = "Du ser planen, som den var ved udgangen af den 4. marts 2026. Den kan ikke rettes her."
MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}
# The PDF is made of the HTML file; only `test_the_pdf_…` reads the PDF itself.
CHEAP = [PAGE, *(FILE.format(ending) for ending in MEDIA_TYPES)]
ALL = [*CHEAP, FILE.format("pdf")]
# What a draft says of itself on its day, and what it says when read on a later one.
THEN_AND_LATER = (
    (
        "Opgjort den 4. marts 2026 · Kladde. Kan stadig ændre sig.",
        "Kladde, som planen var ved udgangen af den 4. marts 2026.",
    ),
    (
        "Kladde, opgjort den 4. marts 2026. Kan stadig ændre sig.",
        "Kladde, som planen var ved udgangen af den 4. marts 2026.",
    ),
    (
        "Kladde, opgjort den 4. marts 2026",
        "Kladde, som planen var ved udgangen af den 4. marts 2026",
    ),
    ("Dags dato er sat til 4. marts 2026", "Dags dato er sat til 10. marts 2026"),
)


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    set_today(TODAY, settings)


def set_today(day: str, settings: Any) -> None:
    settings.DEMO_TODAY = date.fromisoformat(day)


def fetch(client: Client, address: str, day: str = "") -> Any:
    response = client.get(address, {"pr": day} if day else {})
    assert response.status_code == 200
    return response


def words(response: Any) -> str:
    """Return all text of a document."""
    kind = response["Content-Type"]
    if kind == MEDIA_TYPES["docx"]:
        with zipfile.ZipFile(io.BytesIO(response.content)) as file:
            parts = [name for name in file.namelist() if re.match(r"word/\w+\.xml$", name)]
            return "\n".join(text_of(file.read(name).decode()) for name in sorted(parts))
    if kind == MEDIA_TYPES["xlsx"]:
        sheets = openpyxl.load_workbook(io.BytesIO(response.content))
        cells = [cell for sheet in sheets for row in sheet.iter_rows() for cell in row]
        return "\n".join([*(sheet.oddFooter.left.text for sheet in sheets), *map(value_of, cells)])
    if kind == MEDIA_TYPES["csv"]:
        return str(response.content.decode("utf-8-sig"))
    page = re.sub(r'<span class="date">(.*?)</span>', r"\1", html_of(response))
    match = re.search(r'(?s)<article class="report".*?</article>', page)
    assert match
    return text_of(match[0])


def value_of(cell: Any) -> str:
    return str(cell.value)


def change(row: Any, **values: Any) -> None:
    current = type(row).objects.get(pk=row.pk)
    writing.change(current, values, version=current.version, actor=BO, reason="Fordi.", at=LATER)


def change_everything(programme: Programme) -> None:
    """Rename, judge, add and archive rows, and go on to the next month."""
    area = read_initiative(KEY).area
    judge(KEY, "completed", reason="Afleveret.", at=LATER)
    for row in (
        read_initiative(KEY),
        area,
        area.principle,
        programme,
        Action.objects.get(key=f"{KEY}-1"),
    ):
        change(row, title="Et helt nyt navn")
    change(Principle.objects.get(key="kvalitet"), title="Også nyt")
    change(Deadline.objects.get(key=f"{KEY}-d1"), wording="En helt ny ordlyd")
    added = Initiative(key="ny", title="Nyt initiativ", area=area, position=0)
    writing.create(added, actor=BO, reason="", at=LATER)
    gone = read_initiative("leverandoerliste")
    writing.archive(gone, version=gone.version, actor=BO, reason="Fordi.", at=LATER)
    change(programme, reporting_month=date(2026, 3, 1))


def hrefs(response: Any) -> list[str]:
    return re.findall(r'<a [^>]*?href="([^"]+)"', html_of(response))


# As it was then


@pytest.mark.parametrize("address", CHEAP)
def test_a_draft_of_that_day_says_what_it_said_then(
    secretariat_client: Client, programme: Programme, settings: Any, address: str
):
    lock(programme, month=JANUARY, with_files=False)
    set_today(BEFORE, settings)
    then = words(fetch(secretariat_client, address))
    set_today(TODAY, settings)
    change_everything(programme)
    now = words(fetch(secretariat_client, address))
    again = words(fetch(secretariat_client, address, BEFORE))
    for earlier, later in THEN_AND_LATER:
        then = then.replace(earlier, later)
    assert again == then
    assert "Et helt nyt navn" in now
    assert "Et helt nyt navn" not in again
    after = words(fetch(secretariat_client, address, CHANGED))
    assert after.count("Et helt nyt navn") == now.count("Et helt nyt navn")


@pytest.mark.django_db(transaction=True)
@pytest.mark.pdf
@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs poppler's pdftotext")
def test_the_pdf_says_the_day_on_every_page(secretariat_client: Client, programme: Programme):
    title = read_initiative(KEY).title
    change_everything(programme)
    response = fetch(secretariat_client, FILE.format("pdf"), BEFORE)
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=response.content, capture_output=True, check=True
    ).stdout.decode()
    *pages, end = text.split("\f")
    assert end == ""
    assert len(pages) > 2
    sentence = "Kladde, som planen var ved udgangen af den 4. marts 2026"
    assert [sentence in page for page in pages] == [True] * len(pages)
    assert "Kan stadig" not in text
    assert title in text
    assert "Et helt nyt navn" not in text
    assert "pr. 2026-03-04.pdf" in response["Content-Disposition"]


def test_a_draft_is_compared_with_the_edition_of_that_day(
    secretariat_client: Client, programme: Programme
):
    lock(programme, month=JANUARY, at=LATER, with_files=False)
    later = LATER + timedelta(days=1)
    lock(programme, month=JANUARY, at=later, correction=CORRECTION, with_files=False)
    first, second, third = (
        words(fetch(secretariat_client, PAGE, day)) for day in (BEFORE, CHANGED, TODAY)
    )
    assert "Sidst" not in first
    assert "udgave 1, januar" in second
    assert "udgave 2, januar" in third
    assert "udgave 2, januar" in words(fetch(secretariat_client, PAGE))


def test_a_day_without_initiatives(secretariat_client: Client, programme: Programme):
    for row in Initiative.objects.of(programme).in_plan():
        writing.archive(row, version=row.version, actor=BO, reason="Lukket.", at=LATER)
    sentence = "den 5. marts 2026. Planen havde ingen initiativer."
    for address in CHEAP[:3]:
        assert sentence in words(fetch(secretariat_client, address, "2026-03-05")), address


def test_the_draft_of_today_may_still_change(secretariat_client: Client, programme: Programme):
    for address in CHEAP[:3]:
        text = words(fetch(secretariat_client, address, TODAY))
        assert "Kladde, som planen var" not in text, address
        assert "Kladde" in text, address


# The page


def test_the_page_of_another_day(secretariat_client: Client, programme: Programme):
    response = fetch(secretariat_client, "/statusopgoerelser/2026-01/", BEFORE)
    assert f"{BANNER} Gå til planen i dag" in text_of(response)
    assert 'name="pr" value="04-03-2026"' in html_of(response)
    links = hrefs(response)
    day = f"?pr={BEFORE}"
    assert "/statusopgoerelser/2026-01/" in links  # to the draft of today
    for ending in (*MEDIA_TYPES, "pdf"):
        assert f"/statusopgoerelser/2026-01.{ending}{day}" in links
    assert f"/statusopgoerelser/2025-12/{day}" in links
    assert f"/statusopgoerelser/2026-02/{day}" in links
    assert not [link for link in links if "laas" in link]
    assert 'method="post"' not in html_of(response).split("<main")[1].split("</main")[0]


def test_the_page_of_today_has_the_box_and_the_lock(
    secretariat_client: Client, programme: Programme
):
    response = fetch(secretariat_client, PAGE)
    assert "Du ser planen" not in text_of(response)
    assert 'name="pr" value="10-03-2026"' in html_of(response)
    assert f"{PAGE}laas/" in hrefs(response)
    assert not [link for link in hrefs(response) if "pr=" in link]


def test_a_locked_edition_has_no_box(secretariat_client: Client, programme: Programme):
    lock(programme, at=LATER, with_files=False)
    response = fetch(secretariat_client, f"{PAGE}udgave-1/", BEFORE)
    assert 'name="pr"' not in html_of(response)
    assert "Du ser planen" not in text_of(response)


def test_the_months_are_those_of_that_day(secretariat_client: Client, programme: Programme):
    change_everything(programme)
    march = "/statusopgoerelser/2026-03"
    assert f"{march}/?pr={CHANGED}" in hrefs(fetch(secretariat_client, PAGE, CHANGED))
    assert not [link for link in hrefs(fetch(secretariat_client, PAGE, BEFORE)) if march in link]
    sentence = "Den 4. marts 2026 var der ingen statusopgørelse for marts 2026."
    for ending in ("/", ".pdf", ".csv"):
        assert secretariat_client.get(f"{march}{ending}", {"pr": CHANGED}).status_code == 200
        response = secretariat_client.get(f"{march}{ending}", {"pr": BEFORE})
        assert response.status_code == 404
        assert sentence in text_of(response)


@pytest.mark.parametrize("address", ALL)
@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2026-03-11", "Datoen ligger i fremtiden. Vælg en dato til og med i dag."),
        ("1999-01-01", "Planen har ingen oplysninger før den {}. Vælg en senere dato."),
        ("i går", "Skriv datoen som dag-måned-år, fx 26-02-2026."),
        ("2026-02-30", "Skriv datoen som dag-måned-år, fx 26-02-2026."),
    ],
)
def test_a_day_that_cannot_be_shown(
    secretariat_client: Client, programme: Programme, address: str, day: str, sentence: str
):
    response = fetch(secretariat_client, address, day)
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert "Content-Disposition" not in response
    text = text_of(response)
    assert sentence.format(danish.day(earliest(programme))).replace("\xa0", " ") in text
    assert read_initiative(KEY).title not in text


@pytest.mark.parametrize("address", ALL)
def test_a_typed_day_becomes_the_address(
    secretariat_client: Client, programme: Programme, address: str
):
    response = secretariat_client.get(address, {"pr": "4.3.2026"})
    assert response.status_code == 302
    assert response["Location"] == f"{address}?pr={BEFORE}"


# The files


@pytest.mark.parametrize("ending", MEDIA_TYPES)
@pytest.mark.parametrize(("day", "version"), [("", "kladde"), (BEFORE, f"pr. {BEFORE}")])
def test_a_file_has_a_descriptive_name(
    group_client: Client, programme: Programme, ending: str, day: str, version: str
):
    response = fetch(group_client, FILE.format(ending), day)
    name = f"Status udviklingsprogram 2026-02, {version}.{ending}"
    quoted = name.replace(" ", "%20").replace(",", "%2C")
    assert response["Content-Type"] == MEDIA_TYPES[ending]
    assert response["Cache-Control"] == "private, no-cache"
    assert response["Content-Disposition"] == (
        f"attachment; filename=\"{name}\"; filename*=utf-8''{quoted}"
    )


@pytest.mark.parametrize("address", CHEAP)
def test_every_format_says_that_it_is_a_draft(
    group_client: Client, programme: Programme, address: str
):
    text = words(fetch(group_client, address))
    assert "Kladde, opgjort den 10. marts 2026. Kan stadig ændre sig." in text
    text = words(fetch(group_client, address, BEFORE))
    assert "Kladde, som planen var ved udgangen af den 4. marts 2026." in text
    assert "Kan stadig ændre sig" not in text


@pytest.mark.parametrize("ending", MEDIA_TYPES)
def test_the_file_is_the_same_each_time(group_client: Client, programme: Programme, ending: str):
    first, second = (fetch(group_client, FILE.format(ending), BEFORE) for _ in range(2))
    assert first.content == second.content


def test_reading_a_draft_stores_nothing(group_client: Client, programme: Programme):
    for address in CHEAP:
        fetch(group_client, address)
        fetch(group_client, address, BEFORE)
    assert not EditionFile.objects.exists()


@pytest.mark.parametrize("ending", ["json", "exe", "PDF", "csv.", "docx/"])
def test_an_unknown_format_of_a_draft_is_404(group_client: Client, ending: str):
    for day in ({}, {"pr": BEFORE}):
        assert group_client.get(FILE.format(ending), day).status_code == 404


# Who


@pytest.mark.parametrize("address", ALL)
@pytest.mark.parametrize("day", ["", BEFORE, "1999-01-01", "2099-01-01", "i går"])
def test_a_role_that_may_not_see_the_plan_is_refused(
    reader_client: Client, stranger_client: Client, client: Client, address: str, day: str
):
    query = {"pr": day} if day else {}
    assert reader_client.get(address, query).status_code == 403
    assert stranger_client.get(address, query).status_code == 404
    assert client.get(address, query).status_code == 302


def test_another_programme_has_its_own_draft(other_secretariat_client: Client, settings: Any):
    set_today("2100-01-01", settings)  # its history begins when the test runs
    for address in CHEAP:
        for day in ("", "2099-12-31"):
            text = words(fetch(other_secretariat_client, f"/program/andet-program{address}", day))
            assert "Det andet programs initiativ" in text
            assert "Leverandørliste" not in text
        theirs = f"/program/udviklingsprogrammet{address}"
        assert other_secretariat_client.get(theirs, {"pr": BEFORE}).status_code == 404


def test_internal_notes_are_in_no_file(secretariat_client: Client, programme: Programme):
    change(read_initiative(KEY), internal_notes="Hemmeligord")
    for address in CHEAP:
        for day in ("", CHANGED):
            assert "Hemmeligord" not in words(fetch(secretariat_client, address, day))


# A very large plan


def offered(client: Client, address: str, day: str = "") -> list[str]:
    """Return the endings of the draft's files that a page links to."""
    matches = [
        re.fullmatch(r"/statusopgoerelser/2026-02\.(\w+)(\?pr=.*)?", link)
        for link in hrefs(fetch(client, address, day))
    ]
    return [match[1] for match in matches if match]


@pytest.mark.parametrize("day", ["", BEFORE])
def test_a_draft_at_the_limit_is_still_typeset(
    group_client: Client, programme: Programme, monkeypatch: pytest.MonkeyPatch, day: str
):
    number = Initiative.objects.of(programme).in_plan().count()
    monkeypatch.setattr(files, "MAX_ROWS_TYPESET", number)
    assert offered(group_client, PAGE, day) == ["pdf", "docx", "xlsx", "html", "csv"]
    assert offered(group_client, "/statusopgoerelser/") == ["pdf"]
    fetch(group_client, FILE.format("docx"), day)


@pytest.mark.parametrize("day", ["", BEFORE])
def test_a_larger_draft_is_not_typeset(
    group_client: Client, programme: Programme, monkeypatch: pytest.MonkeyPatch, day: str
):
    number = Initiative.objects.of(programme).in_plan().count()
    monkeypatch.setattr(files, "MAX_ROWS_TYPESET", number - 1)
    assert offered(group_client, PAGE, day) == ["xlsx", "html", "csv"]
    assert offered(group_client, "/statusopgoerelser/") == ["xlsx"]
    for ending, label in (("pdf", "PDF"), ("docx", "Word")):
        response = group_client.get(FILE.format(ending), {"pr": day} if day else {})
        assert response.status_code == 404
        text = text_of(response)
        assert f"Kladden kan ikke hentes som {label}" in text
        assert f"Den har {number} initiativer. Med flere end {number - 1} tager det" in text
        query = f"?pr={day}" if day else ""
        ways = [FILE.format(other) + query for other in ("xlsx", "html", "csv")]
        assert [link for link in hrefs(response) if "2026-02" in link] == [*ways, PAGE + query]
    for ending in ("xlsx", "html", "csv"):
        fetch(group_client, FILE.format(ending), day)


def test_a_locked_month_is_typeset_however_large(
    group_client: Client, programme: Programme, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(files, "MAX_ROWS_TYPESET", 0)
    edition = lock(programme, with_files=None)
    fetch(group_client, f"{PAGE}udgave-{edition.number}.pdf")
