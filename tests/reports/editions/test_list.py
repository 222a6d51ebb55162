"""The archive: one row for each month, with its newest edition and the draft that differs."""

import re
from datetime import date
from typing import Any

from django.test import Client

import plan
from accounts.models import User
from principles.models import Programme
from reports.models import Edition
from tests.core.reading import html_of
from tests.initiatives.steps import edit, judge, read_initiative
from tests.reports.editions.page_steps import LIST, approve, publish, text_of
from tests.reports.editions.steps import ANNA, CORRECTION, FEBRUARY, LOCKED_AT, lock, path_of


def rows_of(response: Any) -> list[str]:
    """Return the rows of the archive as they are read, their addresses too."""
    body = html_of(response).partition("<tbody>")[2].partition("</tbody>")[0]
    return re.findall(r"(?s)<tr>.*?</tr>", body)


def test_a_month_is_one_row_with_its_newest_edition(
    secretariat_client: Client, secretariat: User, reader_client: Client, edition: Edition
):
    second = lock(edition.report.programme, with_files=None, correction=CORRECTION)
    publish(second, secretariat.actor)
    february, january, *_ = rows_of(secretariat_client.get(LIST))
    text = text_of(february)
    assert text.startswith("Februar 2026, udgave 2 Udgave 2, låst den 26. februar 2026")
    assert "(registreret af Anna Eksempel)" in text
    assert f"Rettet: {CORRECTION}" in text
    assert "Hent PDF af statusopgørelsen for februar 2026, udgave 2" in text
    assert "Tidligere udgaver for februar 2026" in text
    assert f'<li><a href="{path_of(edition)}">Udgave 1' in february
    # Nothing was changed since: there is no draft to open, and nothing to lock.
    assert "kladde" not in text
    assert "laas/" not in february
    assert "Januar 2026, kladde Kan stadig ændre sig." in text_of(january)
    assert "Lås udgave 1 for januar 2026" in text_of(january)
    assert "Hent PDF af kladden for januar 2026" in text_of(january)
    # A reader has the published ones alone.
    (row,) = rows_of(reader_client.get(LIST))
    assert "udgave 2" in text_of(row)
    assert "Tidligere" not in text_of(row)
    assert "Anna" not in text_of(row)


def test_a_reader_reaches_every_published_edition_of_a_month(
    reader_client: Client, secretariat: User, edition: Edition
):
    programme = edition.report.programme
    publish(edition, secretariat.actor)
    second = lock(programme, with_files=None, correction=CORRECTION)
    (row,) = rows_of(reader_client.get(LIST))
    assert "udgave 2" not in text_of(row)
    publish(second, secretariat.actor)
    (row,) = rows_of(reader_client.get(LIST))
    assert path_of(second) in row
    assert f'<li><a href="{path_of(edition)}">Udgave 1' in row


def test_the_draft_is_shown_when_it_differs(
    secretariat_client: Client, group_client: Client, reader_client: Client, edition: Edition
):
    def february(client: Client) -> str:
        return rows_of(client.get(LIST))[0]

    assert "siden udgave" not in text_of(february(secretariat_client))
    judge("kontraktanalyse", "minor_deviations", "Forsinket.", deviates=["time"])
    row = february(secretariat_client)
    assert "1 rettelse siden udgave 1 for februar 2026" in text_of(row)
    assert "Lås udgave 2 for februar 2026" in text_of(row)
    assert f'href="{LIST}2026-02/laas/"' in row
    assert f'href="{LIST}2026-02/"' in row
    (url,) = re.findall(r'href="([^"]+)">1 rettelse', row)
    compared = text_of(secretariat_client.get(url.replace("&amp;", "&")))
    assert "Kontraktanalyse er ændret fra" in compared
    # The group sees how far it is, and cannot lock.
    assert "1 rettelse siden udgave 1" in text_of(february(group_client))
    assert "Lås udgave" not in text_of(february(group_client))
    assert rows_of(reader_client.get(LIST)) == []
    judge("myndighedsbestilling", "major_deviations", "Værre endnu.", deviates=["time"])
    assert "2 rettelser siden udgave 1" in text_of(february(secretariat_client))
    # Locked again, the two are the same.
    lock(edition.report.programme, with_files=None, correction=CORRECTION)
    row = february(secretariat_client)
    assert "siden udgave" not in text_of(row)
    assert "laas/" not in row


def test_what_nobody_can_see_is_no_correction(secretariat_client: Client, edition: Edition):
    """A status that is confirmed unchanged, and another day, change no word of the report."""
    unjudged = next(item for item in plan.not_updated(edition.plan()) if item.judgement)
    row = read_initiative(unjudged.key)
    row.confirm_unchanged(month=FEBRUARY, version=row.version, actor=ANNA, at=LOCKED_AT)
    assert "siden udgave" not in text_of(rows_of(secretariat_client.get(LIST))[0])


def test_a_month_that_is_over_has_no_draft(
    secretariat_client: Client, secretariat: User, programme: Programme, edition: Edition
):
    approve(edition, secretariat.actor)
    edit(programme, reporting_month=date(2026, 3, 1))
    judge("kontraktanalyse", "minor_deviations", "Forsinket.", deviates=["time"])
    march, february, *_ = rows_of(secretariat_client.get(LIST))
    assert text_of(march).startswith("Marts 2026, kladde Kan stadig ændre sig.")
    assert "siden udgave" not in text_of(february)
    assert "laas/" not in february
