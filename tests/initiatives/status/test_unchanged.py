""" "Uændret" and "Fortryd" write a judgement and leave the row itself as it is."""

import re
from datetime import date

import pytest
from django.test import Client
from time_machine import travel

from accounts.models import User
from core.clock import local_day
from initiatives.models import StatusUpdate
from principles.models import Programme
from tests.core.reading import form_to, html_of, text_of
from tests.initiatives.steps import NOON, edit, judge, read_initiative, updates

KEY = "kompetenceudvikling"  # on track since January, not yet judged for February
CONFIRM, RETRACT = f"/initiativer/{KEY}/uaendret/", f"/initiativer/{KEY}/fortryd/"
SHOWN = "?maaned=2026-02"
HTMX = {"hx-request": "true"}


def confirm(client: Client, *, htmx: bool = False, **typed: object):
    data = {"version": read_initiative(KEY).version} | typed
    return client.post(CONFIRM, data, headers=HTMX if htmx else {})


def test_uaendret_is_recorded_with_month_name_and_time(
    secretariat_client: Client, secretariat: User
):
    before = read_initiative(KEY)
    confirm(secretariat_client)
    update = updates(KEY)[-1]
    assert update.cause == StatusUpdate.Cause.CONFIRMATION
    assert update.status_before == update.status_after == "on_track"
    assert (update.reason, update.deviates) == ("", [])
    assert update.month == date(2026, 2, 1)
    assert (update.by, update.by_name) == (secretariat, "Anna Eksempel")
    assert local_day(update.recorded_at) == date(2026, 2, 26)
    assert update.initiative_version == before.version


def test_uaendret_leaves_row_and_version_alone(secretariat_client: Client):
    before = read_initiative(KEY)
    history = before.history.count()
    confirm(secretariat_client)
    after = read_initiative(KEY)
    assert (after.version, after.status, after.history.count()) == (
        before.version,
        before.status,
        history,
    )


def test_uaendret_keeps_reason_and_yardsticks_that_stand(
    secretariat_client: Client, programme: Programme
):
    edit(programme, reporting_month=date(2026, 3, 1))
    key = "myndighedsbestilling"
    reason = updates(key)[-1].reason
    secretariat_client.post(
        f"/initiativer/{key}/uaendret/", {"version": read_initiative(key).version}
    )
    assert updates(key)[-1].deviates == ["time"]
    text = text_of(secretariat_client.get(f"/initiativer/{key}/"))
    confirmed = "Bekræftet uændret den 26. februar 2026 af Anna Eksempel"
    assert f"{confirmed} Begrundelse fra februar 2026 {reason}" in text
    assert "Afviger fra kommissoriet: Tidsplan" in text


def test_in_the_table_cell_progress_and_sentence_come_back(secretariat_client: Client):
    response = confirm(secretariat_client, htmx=True, fra="tabel")
    page, text = html_of(response), text_of(response)
    assert response.status_code == 200
    assert f'<div id="status-{KEY}" class="status-cell" hx-swap-oob="true">' in page
    assert "Bekræftet uændret den 26. februar 2026 af Anna Eksempel" in text
    assert (
        "Kompetenceudvikling er bekræftet uændret. "
        "11 af 14 initiativer er opdateret til februar." in text
    )
    assert "11 af 14 opdateret til februar" in text
    assert f'action="{RETRACT}{SHOWN}"' in page
    assert f'action="{CONFIRM}' not in page


def test_on_the_page_its_head_comes_back(secretariat_client: Client):
    response = confirm(secretariat_client, htmx=True)
    assert 'id="status-panel" hx-swap-oob="true"' in html_of(response)
    assert "Kompetenceudvikling er bekræftet uændret." in text_of(response)
    assert response["HX-Trigger"] == "status-saved"


def test_without_javascript_confirming_redirects_back_with_a_message(secretariat_client: Client):
    response = confirm(secretariat_client, fra="tabel")
    assert response["Location"] == f"/status/#initiativ-{KEY}"
    text = text_of(secretariat_client.get(response["Location"]))
    assert (
        "Kompetenceudvikling er bekræftet uændret. "
        "11 af 14 initiativer er opdateret til februar." in text
    )


def test_the_button_of_the_page_confirms(secretariat_client: Client):
    form = form_to(secretariat_client.get(f"/initiativer/{KEY}/"), f"{CONFIRM}{SHOWN}")
    assert secretariat_client.post(CONFIRM, form.data).status_code == 302
    assert updates(KEY)[-1].is_confirmation


def test_the_button_says_what_it_does(secretariat_client: Client):
    for path in ("/status/", f"/initiativer/{KEY}/"):
        page = html_of(secretariat_client.get(path))
        assert "Bekræfter, at status er vurderet og ikke har ændret sig siden sidst." in page


def test_the_last_one_says_that_all_are_updated(secretariat_client: Client):
    judge("ommaerkning-og-nedlukning", "not_started")
    for key in ("indkoebs-og-kontrakthaandbog", "kvalitetsmodel"):
        judge(key, read_initiative(key).status, "Vurderet.")
    text = text_of(confirm(secretariat_client, htmx=True, fra="tabel"))
    assert "Alle 14 initiativer er opdateret til februar." in text


def test_a_form_sent_twice_is_one_confirmation(secretariat_client: Client):
    confirm(secretariat_client)
    number = len(updates(KEY))
    assert confirm(secretariat_client).status_code == 302
    assert len(updates(KEY)) == number


# Refused


def test_an_initiative_nobody_has_judged_cannot_be_confirmed(secretariat_client: Client):
    key = "ommaerkning-og-nedlukning"
    path = f"/initiativer/{key}/uaendret/"
    response = secretariat_client.post(
        path, {"version": read_initiative(key).version}, headers=HTMX
    )
    assert response.status_code == 422
    assert "Der er ikke registreret en status, som kan bekræftes." in text_of(response)
    assert updates(key) == []


def test_an_initiative_judged_meanwhile_cannot_be_confirmed(secretariat_client: Client):
    version = read_initiative(KEY).version
    judge(KEY, "completed", "Bos grund.")
    number = len(updates(KEY))
    response = confirm(secretariat_client, htmx=True, fra="tabel", version=version)
    assert response.status_code == 409
    text = text_of(response)
    assert "Status for Kompetenceudvikling er ændret, siden du hentede siden. Se den igen." in text
    assert "Udført og afsluttet" in text
    assert len(updates(KEY)) == number


def test_a_changed_text_does_not_prevent_a_confirmation(secretariat_client: Client):
    version = read_initiative(KEY).version
    edit(read_initiative(KEY), title="Kompetencer")
    confirm(secretariat_client, version=version)
    assert updates(KEY)[-1].is_confirmation


def test_an_initiative_judged_for_the_month_already_is_not_confirmed(secretariat_client: Client):
    key = "leverandoerliste"
    number = len(updates(key))
    response = secretariat_client.post(
        f"/initiativer/{key}/uaendret/", {"version": read_initiative(key).version}, headers=HTMX
    )
    assert response.status_code == 422
    assert len(updates(key)) == number


@pytest.mark.parametrize("version", ["", "999", "abc", "-1", "9" * 30])
def test_a_confirmation_without_a_valid_version_is_refused(
    secretariat_client: Client, version: str
):
    number = len(updates(KEY))
    response = confirm(secretariat_client, htmx=True, version=version)
    assert response.status_code == 409
    assert len(updates(KEY)) == number


def test_without_javascript_a_refusal_is_shown_as_an_error(secretariat_client: Client):
    response = confirm(secretariat_client, version="")
    text = html_of(secretariat_client.get(response["Location"]))
    assert "saved--error" in text
    assert "er ændret, siden du hentede siden" in text


@pytest.mark.parametrize("path", [CONFIRM, RETRACT])
@pytest.mark.parametrize("client_name", ["group_client", "reader_client"])
def test_other_roles_are_refused(request, secretariat: User, client_name: str, path: str):
    number = len(updates(KEY))
    client: Client = request.getfixturevalue(client_name)
    assert client.post(path, {"version": read_initiative(KEY).version}).status_code == 403
    assert len(updates(KEY)) == number


@pytest.mark.parametrize("path", [CONFIRM, RETRACT])
def test_confirming_and_retracting_take_a_post(secretariat_client: Client, path: str):
    assert secretariat_client.get(path).status_code == 405


# Fortryd


def test_fortryd_takes_the_confirmation_back_and_keeps_both_rows(
    secretariat_client: Client, secretariat: User
):
    confirm(secretariat_client)
    confirmation = updates(KEY)[-1]
    before = read_initiative(KEY)
    response = secretariat_client.post(RETRACT, headers=HTMX)
    update = updates(KEY)[-1]
    assert response.status_code == 200
    assert "Bekræftelsen er trukket tilbage." in text_of(response)
    assert update.retracts == confirmation
    assert (update.cause, update.by) == (StatusUpdate.Cause.CORRECTION, secretariat)
    assert read_initiative(KEY).version == before.version
    text = text_of(secretariat_client.get("/status/"))
    assert "10 af 14 opdateret til februar" in text


def test_after_fortryd_it_can_be_confirmed_again(secretariat_client: Client):
    for _ in range(2):
        confirm(secretariat_client)
        secretariat_client.post(RETRACT)
    confirm(secretariat_client)
    assert [update.cause for update in updates(KEY)[-5:]] == [
        "confirmation",
        "correction",
        "confirmation",
        "correction",
        "confirmation",
    ]


def test_after_fortryd_the_earlier_judgement_stands_again(secretariat_client: Client):
    reason = next(update.reason for update in reversed(updates(KEY)) if update.reason)
    confirm(secretariat_client)
    secretariat_client.post(RETRACT)
    page = secretariat_client.get(f"/initiativer/{KEY}/")
    head = text_of(page).partition("Indsatser")[0]
    status = "Forløber efter planen Ikke opdateret til februar 2026"
    assert f"{status} Begrundelse fra januar 2026 {reason}" in head
    assert f'action="{CONFIRM}{SHOWN}"' in html_of(page)


@pytest.mark.parametrize("key", [KEY, "leverandoerliste", "ommaerkning-og-nedlukning"])
def test_there_must_be_a_confirmation_to_take_back(secretariat_client: Client, key: str):
    number = len(updates(key))
    response = secretariat_client.post(f"/initiativer/{key}/fortryd/", headers=HTMX)
    assert response.status_code == 422
    assert "Der er ingen bekræftelse at trække tilbage." in text_of(response)
    assert len(updates(key)) == number


def test_last_months_confirmation_stands(secretariat_client: Client, programme: Programme):
    edit(programme, reporting_month=date(2026, 3, 1))
    response = secretariat_client.post("/initiativer/kontraktanalyse/fortryd/", headers=HTMX)
    assert response.status_code == 422


def test_history_shows_both(secretariat_client: Client):
    # A moment after the demo was loaded, at any time of day.
    with travel(NOON):
        confirm(secretariat_client)
        secretariat_client.post(RETRACT)
        page = html_of(secretariat_client.get(f"/initiativer/{KEY}/"))
    lines = [text_of(line) for line in re.findall(r"(?s)<li><time.*?</li>", page)]
    assert lines[0].endswith("Anna Eksempel trak bekræftelsen tilbage den 26. februar 2026.")
    assert lines[1].endswith("Bekræftet uændret den 26. februar 2026 af Anna Eksempel.")
