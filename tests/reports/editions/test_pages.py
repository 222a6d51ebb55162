"""The pages of the monthly report: the list, a month, and a month without a report."""

import re

import pytest
from django.test import Client

from principles.models import Programme

LIST = "/statusopgoerelser/"
FEBRUARY = "/statusopgoerelser/2026-02/"


def text_of(response) -> str:
    """Return what a person reads of a page: no tags, single blanks."""
    html = re.sub(r"(?s)<(head|script).*?</\1>", " ", response.content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html)).replace("&#x27;", "'").strip()


def test_the_list_shows_months_newest_first_as_drafts(secretariat_client: Client):
    response = secretariat_client.get(LIST)
    assert response.status_code == 200
    links = re.findall(r'href="(/statusopgoerelser/2[^"]+)"', response.content.decode())
    assert links[:4] == [
        FEBRUARY,
        f"{FEBRUARY}laas/",
        "/statusopgoerelser/2026-02.pdf",
        "/statusopgoerelser/2026-01/",
    ]
    assert links[-3:] == [
        "/statusopgoerelser/2025-10/",
        "/statusopgoerelser/2025-10/laas/",
        "/statusopgoerelser/2025-10.pdf",
    ]
    assert "Februar 2026, kladde Kan stadig ændre sig." in text_of(response)


def test_a_reader_sees_no_draft(reader_client: Client):
    response = reader_client.get(LIST)
    assert response.status_code == 200
    assert "Der er endnu ingen godkendt statusopgørelse." in text_of(response)
    assert "Kladde" not in text_of(response)


def test_the_month_is_the_report(group_client: Client):
    response = group_client.get(FEBRUARY)
    assert response.status_code == 200
    text = text_of(response)
    assert "Status på udviklingsprogrammets initiativer – februar 2026" in text
    assert "Opgjort den 26. februar 2026 · Kladde. Kan stadig ændre sig." in text
    assert text.count("Eksempeldata.") == 1
    assert "I alt 14" in text


def test_the_month_links_to_files_and_neighbours(secretariat_client: Client):
    html = secretariat_client.get("/statusopgoerelser/2026-01/").content.decode()
    for ending, label in (("pdf", "PDF"), ("docx", "Word"), ("xlsx", "Excel"), ("csv", "CSV")):
        assert f'<a href="/statusopgoerelser/2026-01.{ending}">Hent {label}</a>' in html
    assert 'href="/statusopgoerelser/2025-12/"' in html
    assert 'href="/statusopgoerelser/2026-02/"' in html
    assert "/statusopgoerelser/2026-03/" not in secretariat_client.get(FEBRUARY).content.decode()


def test_links_keep_the_programme_in_the_address(secretariat_client: Client):
    prefix = "/program/udviklingsprogrammet"
    html = secretariat_client.get(prefix + FEBRUARY).content.decode()
    assert f'href="{prefix}/statusopgoerelser/2026-02.pdf"' in html
    assert f'href="{prefix}/statusopgoerelser/2026-01/"' in html


@pytest.mark.parametrize(
    ("month", "sentence"),
    [
        ("2027-03", "Der er ingen statusopgørelse for marts 2027."),
        ("2026-03", "Der er ingen statusopgørelse for marts 2026."),
        ("2023-12", "Der er ingen statusopgørelse for december 2023."),
        ("2026-13", "»2026-13« er ikke en måned. Skriv år og måned, fx 2026-02."),
        ("0000-01", "»0000-01« er ikke en måned. Skriv år og måned, fx 2026-02."),
        ("februar", "»februar« er ikke en måned. Skriv år og måned, fx 2026-02."),
    ],
)
@pytest.mark.parametrize("ending", ["/", ".pdf", ".csv"])
def test_a_month_without_a_report(
    secretariat_client: Client, month: str, sentence: str, ending: str
):
    response = secretariat_client.get(f"/statusopgoerelser/{month}{ending}")
    assert response.status_code == 404
    assert sentence in text_of(response)


def test_the_month_in_the_address_is_shown_as_text(secretariat_client: Client):
    response = secretariat_client.get("/statusopgoerelser/<script>alert(1)<script>/")
    assert response.status_code == 404
    assert b"<script>alert" not in response.content


def test_the_first_month_of_the_programme_has_a_report(
    secretariat_client: Client, programme: Programme
):
    assert programme.starts_on.isoformat() == "2024-01-01"
    response = secretariat_client.get("/statusopgoerelser/2024-01/")
    assert response.status_code == 200
    assert "14" in text_of(response)


@pytest.mark.parametrize("path", [FEBRUARY, "/statusopgoerelser/2026-02.pdf"])
def test_a_role_that_may_not_see_the_plan_is_refused(
    reader_client: Client, stranger_client: Client, client: Client, path: str
):
    assert reader_client.get(path).status_code == 403
    assert stranger_client.get(path).status_code == 404
    assert client.get(path).status_code == 302


@pytest.mark.parametrize("path", [LIST, FEBRUARY, "/statusopgoerelser/2026-02.pdf"])
def test_the_report_accepts_no_post(secretariat_client: Client, path: str):
    assert secretariat_client.post(path).status_code == 405


def test_another_programme_has_its_own_report(other_secretariat_client: Client):
    response = other_secretariat_client.get(f"/program/andet-program{FEBRUARY}")
    assert "Det andet programs initiativ" in text_of(response)
    assert "Leverandørliste" not in text_of(response)
    theirs = f"/program/udviklingsprogrammet{FEBRUARY}"
    assert other_secretariat_client.get(theirs).status_code == 404
    assert other_secretariat_client.get(theirs.removesuffix("/") + ".pdf").status_code == 404


def test_internal_notes_are_never_in_the_report(secretariat_client: Client):
    text = text_of(secretariat_client.get(FEBRUARY))
    assert "To kommuner vil gerne bruge modellen lokalt under pausen" not in text
    assert "Modellen for leverandørlisten er udviklet og kan genoptages." in text
