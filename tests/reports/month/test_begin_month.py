"""Beginning a month: asked first, refused out of turn, with a name and a day in history."""

from datetime import date

import pytest
from django.test import Client

from principles.models import Programme
from reports.month.begin_views import question_before
from tests.core.reading import form_with, text_of
from tests.initiatives.steps import edit, judge

BEGIN = "/maaneden/begynd/"
FEBRUARY, MARCH = date(2026, 2, 1), date(2026, 3, 1)
EARLY = "Februar er hverken slut eller låst. Hvorfor begynder du på marts nu?"


def begin(client: Client, reason: str = "Mødet er rykket frem.", query: str = ""):
    form = form_with(client.get(f"{BEGIN}{query}"), "version")
    return client.post(f"{BEGIN}{query}", form.filled(reason=reason), follow=True)


@pytest.mark.django_db
def test_the_page_says_what_happens_and_what_is_missing(secretariat_client: Client):
    text = text_of(secretariat_client.get(BEGIN))
    assert "Begynd på marts 2026?" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Derefter mangler alle 14 initiativer en vurdering for marts." in text
    assert EARLY in text


@pytest.mark.parametrize(
    ("month", "is_locked", "today", "question"),
    [
        (MARCH, False, date(2026, 2, 28), EARLY),
        (MARCH, True, date(2026, 2, 28), "Februar er ikke slut. Hvorfor begynder du på marts nu?"),
        (MARCH, False, MARCH, "Februar er ikke låst. Hvorfor begynder du på marts nu?"),
        (MARCH, True, MARCH, ""),
        (date(2026, 1, 1), True, MARCH, "Hvorfor går du tilbage til januar?"),
        (FEBRUARY, False, FEBRUARY, ""),
    ],
)
def test_an_unusual_month_needs_a_reason(month: date, is_locked: bool, today: date, question: str):
    assert question_before(month, FEBRUARY, is_locked, today) == question


@pytest.mark.django_db
def test_a_month_that_is_begun_is_in_history_with_name_and_reason(
    programme: Programme, secretariat_client: Client
):
    text = text_of(begin(secretariat_client))
    assert "Marts 2026 er begyndt." in text.replace("\N{NO-BREAK SPACE}", " ")
    newest = programme.history.first()
    assert newest.reporting_month == MARCH
    assert newest.history_change_reason == "Mødet er rykket frem."
    assert newest.actor_name == "Anna Eksempel"
    history = text_of(secretariat_client.get("/historik/"))
    sentence = "Anna Eksempel rettede rapporteringsmåneden fra februar 2026 til marts 2026"
    assert sentence in history.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.django_db
def test_without_the_reason_nothing_is_begun(programme: Programme, secretariat_client: Client):
    response = begin(secretariat_client, reason=" ")
    assert response.status_code == 422
    assert EARLY in text_of(response)
    programme.refresh_from_db()
    assert programme.reporting_month == FEBRUARY


@pytest.mark.django_db
@pytest.mark.parametrize("wanted", ["2026-04", "2025-12", "2027-02"])
def test_no_month_is_skipped(programme: Programme, secretariat_client: Client, wanted: str):
    response = begin(secretariat_client, query=f"?maaned={wanted}")
    assert response.status_code == 422
    assert "Der kan ikke springes en måned over." in text_of(response)
    programme.refresh_from_db()
    assert programme.reporting_month == FEBRUARY


@pytest.mark.django_db
def test_nobody_goes_back_behind_a_judged_month(programme: Programme, secretariat_client: Client):
    begin(secretariat_client)
    back = begin(secretariat_client, query="?maaned=2026-02")
    assert back.status_code == 200
    begin(secretariat_client)
    judge("kontraktanalyse", "completed", "Afleveret.", month=MARCH)
    refused = begin(secretariat_client, query="?maaned=2026-02")
    assert refused.status_code == 422
    assert "Der er registreret status for en senere måned." in text_of(refused)
    programme.refresh_from_db()
    assert programme.reporting_month == MARCH


@pytest.mark.django_db
def test_the_same_press_twice_begins_one_month(programme: Programme, secretariat_client: Client):
    form = form_with(secretariat_client.get(f"{BEGIN}?maaned=2026-03"), "version")
    for _ in range(2):
        sent = form.filled(reason="Mødet er rykket frem.")
        secretariat_client.post(f"{BEGIN}?maaned=2026-03", sent)
    assert programme.history.filter(reporting_month=MARCH).count() == 1


@pytest.mark.django_db
def test_a_programme_changed_meanwhile_is_not_begun_by_an_old_page(
    programme: Programme, secretariat_client: Client
):
    form = form_with(secretariat_client.get(BEGIN), "version")
    edit(programme, reporting_month=MARCH)
    edit(programme, reporting_month=date(2026, 4, 1))
    sent = form.filled(reason="Mødet er rykket frem.")
    response = secretariat_client.post(f"{BEGIN}?maaned=2026-03", sent)
    assert response.status_code == 409
    programme.refresh_from_db()
    assert programme.reporting_month == date(2026, 4, 1)
