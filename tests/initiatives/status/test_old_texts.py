"""A reason and an Uddybning say which month they were written for, wherever they are shown."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from core.tracking import Actor
from initiatives.models import Initiative
from principles.models import Programme
from tests.core.reading import text_of
from tests.initiatives.steps import NOON, edit, judge, read_initiative

KEY = "kontraktanalyse"
BO = Actor("Bo Eksempel")
MARCH = date(2026, 3, 1)


@pytest.fixture
def in_march(programme: Programme) -> Initiative:
    """An initiative with texts of February, confirmed in March."""
    judge(KEY, "completed", "Leverancen er afleveret i februar.")
    edit(read_initiative(KEY), report_text="Analysen bruges af alle kommuner.")
    edit(programme, reporting_month=MARCH)
    row = read_initiative(KEY)
    row.confirm_unchanged(month=MARCH, version=row.version, actor=BO, at=NOON)
    return row


def pages_of(client: Client) -> dict[str, str]:
    addresses = (f"/initiativer/{KEY}/", "/statusopgoerelser/2026-03/", "/")
    return {address: text_of(client.get(address)) for address in addresses}


@pytest.mark.django_db
def test_a_confirmed_status_keeps_the_date_of_its_reason(
    in_march: Initiative, secretariat_client: Client
):
    pages = pages_of(secretariat_client)
    page, report = pages[f"/initiativer/{KEY}/"], pages["/statusopgoerelser/2026-03/"]
    assert "Begrundelse fra februar 2026 Leverancen er afleveret i februar." in page
    assert "Uddybning fra februar 2026 Analysen bruges af alle kommuner." in page
    assert "Begrundelse fra februar 2026 : Leverancen er afleveret i februar." in report
    assert "Uddybning fra februar 2026 : Analysen bruges af alle kommuner." in report


@pytest.mark.django_db
def test_a_text_that_is_written_anew_is_of_its_own_month(
    in_march: Initiative, secretariat_client: Client
):
    judge(KEY, "completed", "Alt er overdraget.", month=MARCH)
    edit(read_initiative(KEY), report_text="Analysen bruges af fjorten kommuner.")
    for address, text in pages_of(secretariat_client).items():
        for new in ("Alt er overdraget", "Analysen bruges af fjorten"):
            assert f"2026 {new}" not in text, address
            assert f"2026 : {new}" not in text, address
    assert read_initiative(KEY).report_text_month == MARCH


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "month"),
    [
        ({"title": "En anden titel"}, date(2026, 2, 1)),
        ({"ask": "Kan gruppen lukke initiativet?"}, date(2026, 2, 1)),
        ({"report_text": "Ny tekst."}, MARCH),
        ({"report_text": ""}, None),
    ],
)
def test_only_a_new_report_text_has_a_new_month(
    in_march: Initiative, changes: dict[str, Any], month: date | None
):
    assert edit(read_initiative(KEY), **changes).report_text_month == month
