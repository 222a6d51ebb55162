"""The admin of the frame by model: what is refused and why, and what a change does."""

from datetime import date
from typing import Any

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import Membership, User
from accounts.permissions import Role
from core import clock, writing
from principles.models import ActionArea, Principle, Programme, Purpose
from tests.conftest import OtherProgramme
from tests.core.reading import html_of, text_of
from tests.factories import TESTER, make_area, make_membership, make_user
from tests.initiatives.steps import edit, read_initiative
from tests.principles.test_admin import CASES, form_of, parent


def test_only_a_superuser_makes_a_new_programme(secretariat_client: Client, client: Client):
    assert secretariat_client.get("/admin/principles/programme/add/").status_code == 403
    client.force_login(make_user("Drift", is_superuser=True))
    form = form_of(client, "/admin/principles/programme/add/")
    client.post(
        "/admin/principles/programme/add/",
        form.filled(
            title="Fokusområde 2",
            authority="Rammeaftale Sjælland",
            starts_on="01.01.2026",
            reporting_month="01.03.2026",
            top_level_label="Fokusområde",
            top_level_label_plural="Fokusområder",
            position="2",
        ),
    )
    programme = Programme.objects.get(key="fokusomraade-2")
    assert programme.reporting_month == date(2026, 3, 1)
    assert programme.history.get().actor_name == "Drift"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"starts_on": "01.03.2027"}, "Programmet begynder efter rapporteringsmåneden."),
        ({"title": ""}, "Titel skal udfyldes."),
        ({"title": "Borger 010190-1234"}, "CPR-nummer"),
        ({"source_note": "x" * 2001}, "Note om kilden må højst fylde 2.000 tegn."),
    ],
)
def test_a_refused_programme_says_why_in_danish(
    secretariat_client: Client, programme: Programme, typed: dict[str, str], sentence: str
):
    address = f"/admin/principles/programme/{programme.pk}/change/"
    form = form_of(secretariat_client, address)
    response = secretariat_client.post(address, form.filled(**typed))
    assert response.status_code == 200
    assert sentence in text_of(response)
    assert Programme.objects.get(pk=programme.pk).version == programme.version


@pytest.mark.parametrize(
    ("model", "typed", "sentence"),
    [
        ("municipality", {"name": "Greve", "position": "3"}, "Kommunen findes allerede."),
        ("programmeyear", {"year": "1999", "number": "1"}, "Skriv et år mellem 2000 og 2100."),
        (
            "programmeyear",
            {"year": "2027", "number": "4", "repeated_number": "4"},
            "Det gentagne nummer er det samme som nummeret.",
        ),
        (
            "programmeyear",
            {"year": "2025", "number": "9"},
            "Indsatsområdet er allerede med i det år.",
        ),
    ],
)
def test_a_refused_row_says_why_in_danish(
    secretariat_client: Client,
    programme: Programme,
    model: str,
    typed: dict[str, str],
    sentence: str,
):
    (case,) = (case for case in CASES if case.model._meta.model_name == model)
    address = f"{case.path}add/"
    form = form_of(secretariat_client, address)
    where = {"area": ActionArea.objects.get(key="a").pk}
    where = where if model == "programmeyear" else parent(case, programme)
    before = case.model.objects.count()
    response = secretariat_client.post(address, form.filled(**typed, **where))
    assert sentence in text_of(response)
    assert case.model.objects.count() == before


def test_a_new_programme_begins_with_the_usual_words(client: Client, programme: Programme):
    client.force_login(make_user("Drift", is_superuser=True))
    form = form_of(client, "/admin/principles/programme/add/")
    assert form.data["top_level_label"] == "Princip"
    assert form.data["top_level_label_plural"] == "Principper"


def test_a_date_is_written_as_everywhere_in_the_portal(
    secretariat_client: Client, programme: Programme
):
    address = f"/admin/principles/programme/{programme.pk}/change/"
    form = form_of(secretariat_client, address)
    secretariat_client.post(address, form.filled(starts_on="01-02-2024"))
    assert Programme.objects.get(pk=programme.pk).starts_on == date(2024, 2, 1)
    refused = secretariat_client.post(address, form.filled(starts_on="forår 2024"))
    assert "Skriv datoen som dag-måned-år, fx 26-02-2026." in text_of(refused)


def test_the_next_meeting_is_set_in_the_admin_and_told_in_history(
    secretariat_client: Client, programme: Programme
):
    address = f"/admin/principles/programme/{programme.pk}/change/"
    form = form_of(secretariat_client, address)
    assert form.data["next_meeting_on"] == ""
    for day, sentence in (
        ("31-12-2023", "Mødet ligger, før programmet begyndte. Vælg en senere dato."),
        ("26-02-2206", "Skriv et årstal mellem 2000 og 2100."),
    ):
        refused = secretariat_client.post(address, form.filled(next_meeting_on=day))
        assert sentence in text_of(refused)
    secretariat_client.post(address, form.filled(next_meeting_on="26-03-2026"))
    assert Programme.objects.get(pk=programme.pk).next_meeting_on == date(2026, 3, 26)
    page = text_of(secretariat_client.get("/om-programmet/"))
    assert "satte dagen for næste møde til den 26. marts 2026" in page


def test_an_archived_area_leaves_the_plan(secretariat_client: Client, programme: Programme):
    area = ActionArea.objects.get(key="a")
    address = f"/admin/principles/actionarea/{area.pk}/change/"
    secretariat_client.post(address, form_of(secretariat_client, address).filled(archived="on"))
    text = text_of(secretariat_client.get("/status/"))
    assert "Kontraktanalyse" not in text
    assert "10 initiativer" in text.casefold()


def test_the_reporting_month_is_changed_by_beginning_a_month_alone(
    secretariat_client: Client, programme: Programme
):
    address = f"/admin/principles/programme/{programme.pk}/change/"
    form = form_of(secretariat_client, address)
    assert "reporting_month" not in form.data
    typed = form.filled(title="Et andet navn") | {"reporting_month": "01.03.2026"}
    assert secretariat_client.post(address, typed).status_code == 302
    programme.refresh_from_db()
    assert (programme.title, programme.reporting_month) == ("Et andet navn", date(2026, 2, 1))


def test_the_admin_has_our_own_tables_and_no_others():
    assert {model.__name__ for model in admin.site._registry} == {
        *(case.model.__name__ for case in CASES),
        User.__name__,
        Membership.__name__,
    }


def test_the_admin_is_danish_and_has_no_login_of_its_own(
    client: Client, secretariat_client: Client, group_client: Client
):
    response = client.get("/admin/login/")
    assert response["Location"].startswith("/konto/log-ind/?next=/admin/")
    assert group_client.get("/admin/login/").status_code == 403
    page = html_of(secretariat_client.get("/admin/"))
    assert 'lang="da"' in page
    assert "Programmets ramme, brugere og adgang" in page
    assert "Indsatsområder" in page


def test_html_in_a_title_is_shown_as_text(secretariat_client: Client, programme: Programme):
    area = make_area(Principle.objects.of(programme).first(), title="<b>Fed</b>")
    for address in ("", f"{area.pk}/change/", f"{area.pk}/history/"):
        page = html_of(secretariat_client.get(f"/admin/principles/actionarea/{address}"))
        assert "<b>Fed" not in page
        assert "&lt;b&gt;Fed" in page


def test_a_change_made_elsewhere_keeps_the_name_of_who_made_it(
    secretariat_client: Client, programme: Programme
):
    row: Any = Purpose.objects.of(programme).first()
    writing.change(row, {"title": "Nyt"}, version=1, actor=TESTER, reason="", at=clock.now())
    text = text_of(secretariat_client.get(f"/admin/principles/purpose/{row.pk}/history/"))
    assert "Test rettede ordlyden" in text


def test_an_area_stays_in_its_programme(
    secretariat_client: Client, programme: Programme, other_programme: OtherProgramme
):
    area = read_initiative("kontraktanalyse").area
    user = User.objects.get(memberships__programme=programme, memberships__role="secretariat")
    make_membership(user, other_programme.programme, Role.SECRETARIAT)
    address = f"/admin/principles/actionarea/{area.pk}/change/"
    form = form_of(secretariat_client, address)
    elsewhere = other_programme.area.principle
    response = secretariat_client.post(address, form.filled(principle=str(elsewhere.pk)))
    assert response.status_code == 200
    assert "Kan ikke flyttes til et andet program." in text_of(response)
    beside = programme.principles.exclude(pk=area.principle_id).get(key="kvalitet")
    response = secretariat_client.post(address, form.filled(principle=str(beside.pk)))
    assert response.status_code == 302
    assert read_initiative("kontraktanalyse").area.principle == beside


def test_the_door_lets_nothing_into_another_programme(
    programme: Programme, other_programme: OtherProgramme
):
    key = "kontraktanalyse"
    with pytest.raises(ValidationError, match="Kan ikke flyttes til et andet program"):
        edit(read_initiative(key), area=other_programme.area)
    with pytest.raises(ValidationError, match="Kan ikke flyttes til et andet program"):
        edit(read_initiative(key).area, principle=other_programme.area.principle)
    with pytest.raises(ValidationError, match="Kan ikke flyttes til et andet program"):
        edit(read_initiative(key).area.principle, programme=other_programme.programme)
