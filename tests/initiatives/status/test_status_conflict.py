"""When two people judge the same initiative, no word is lost, and the second one decides."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from core import verifying
from core.tracking import Actor
from initiatives.models import StatusUpdate
from principles.models import Programme
from tests.core.reading import form_with, html_of, text_of
from tests.initiatives.steps import (
    BO,
    NOON,
    STALE,
    edit,
    judge,
    open_form,
    read_initiative,
    save,
    updates,
)
from tests.promises import Measured

pytestmark = pytest.mark.promise(10)

KEY = "kontraktanalyse"
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
HEADING = "En anden har rettet det samme"
ASK = "Hvad skal Implementeringsgruppen tage stilling til?"
MINE = {"status": "completed", "reason": "Min grund.", "ask": "Mit spørgsmål"}


def conflict(client: Client, query: str = "", *, htmx: bool = True):
    """Let Anna open the form, Bo judge and Anna save. Return the answer to Anna."""
    form = open_form(client, KEY, query)
    judge(KEY, "minor_deviations", "Bos grund.", deviates=["time"])
    return save(client, KEY, form, htmx=htmx, **MINE)


def row_of(response, label: str) -> list[str]:
    pattern = rf'(?s)<th scope="row">{re.escape(label)}</th>(.*?)</tr>'
    (row,) = re.findall(pattern, html_of(response))
    return [text_of(cell) for cell in re.findall(r"(?s)<td.*?</td>", row)]


# Refused


def test_a_judgement_begun_before_anothers_is_not_saved(secretariat_client: Client):
    response = conflict(secretariat_client)
    assert response.status_code == 409
    assert read_initiative(KEY).status == "minor_deviations"
    assert updates(KEY)[-1].by_name == "Bo Eksempel"
    text = text_of(response)
    assert HEADING in text
    assert "Din tekst er ikke gemt, men den står stadig herunder." in text
    assert "Bo Eksempel gemte den 26. februar 2026 kl. 12.00: »Bos grund«." in text
    assert "Vælg, hvad der skal gælde." in text


def test_the_conflict_has_three_columns(secretariat_client: Client):
    response = conflict(secretariat_client)
    assert "Da du åbnede Gemt nu Din tekst" in text_of(response)
    assert row_of(response, "Status") == [
        "Forløber efter planen",
        "Mindre afvigelser",
        "Udført og afsluttet",
    ]
    _, saved, mine = row_of(response, "Begrundelse")
    assert (saved, mine) == ("Bos grund.", "Min grund.")


def test_what_was_typed_is_untouched(secretariat_client: Client, promise: Measured):
    kept = form_with(conflict(secretariat_client), "version").data
    assert {name: kept[name] for name in MINE} == MINE
    promise.figure("typed fields that the answer to a conflict lost", f"0 of {len(MINE)}")


def test_the_page_asks_which_judgement_to_keep(secretariat_client: Client):
    response = conflict(secretariat_client)
    buttons = form_with(response, "version").buttons
    assert [value for name, value in buttons if name == "valg"] == ["min", "gemt", "begge"]
    text = text_of(response)
    assert "Brug min Brug den gemte Behold begge" in text
    assert not [value for name, value in buttons if name == "gem"]


def test_the_focus_goes_to_the_conflict(secretariat_client: Client):
    page = html_of(conflict(secretariat_client, "?fra=tabel"))
    assert page.count("data-focus") == 1
    assert re.search(r'<div class="conflict"[^>]*data-focus', page)
    assert page.lstrip().startswith(f'<tr class="edit-row" id="ret-form-{KEY}"')


def test_without_javascript_it_is_a_page(secretariat_client: Client):
    response = conflict(secretariat_client, htmx=False)
    assert response.status_code == 409
    assert html_of(response).startswith("<!doctype html>")
    assert HEADING in text_of(response)
    assert form_with(response, "version").data["reason"] == "Min grund."


def test_the_same_text_changed_by_both_is_a_conflict(secretariat_client: Client):
    form = open_form(secretariat_client, KEY)
    edit(read_initiative(KEY), ask="Bos spørgsmål")
    response = save(secretariat_client, KEY, form, htmx=True, ask="Mit spørgsmål")
    assert response.status_code == 409
    assert row_of(response, ASK) == [
        "(tom)",
        "Bos spørgsmål",
        "Mit spørgsmål",
    ]
    assert read_initiative(KEY).ask == "Bos spørgsmål"


def test_judgement_and_text_are_decided_together(secretariat_client: Client):
    form = open_form(secretariat_client, KEY)
    judge(KEY, "minor_deviations", "Bos grund.", deviates=["time"], ask="Bos spørgsmål")
    response = save(secretariat_client, KEY, form, htmx=True, **MINE)
    assert row_of(response, "Status")[1:] == ["Mindre afvigelser", "Udført og afsluttet"]
    assert row_of(response, ASK)[1:] == [
        "Bos spørgsmål",
        "Mit spørgsmål",
    ]


def test_a_different_yardstick_is_not_lost(secretariat_client: Client):
    """The status and reason are equal, but another yardstick makes it another judgement."""
    key = "ommaerkning-og-nedlukning"
    form = open_form(secretariat_client, key)
    judge(key, "minor_deviations", "", deviates=["resources"])
    response = save(
        secretariat_client, key, form, htmx=True, status="minor_deviations", deviates=["time"]
    )
    assert response.status_code == 409
    assert updates(key)[-1].deviates == ["resources"]


# The decision


def test_use_mine(secretariat_client: Client):
    form = form_with(conflict(secretariat_client), "version")
    response = save(secretariat_client, KEY, form, htmx=True, valg="min")
    assert response.status_code == 200
    assert "Status for Kontraktanalyse er gemt: Udført og afsluttet." in text_of(response)
    initiative, update = read_initiative(KEY), updates(KEY)[-1]
    assert (initiative.status, initiative.ask) == ("completed", "Mit spørgsmål")
    assert (update.status_before, update.status_after) == ("minor_deviations", "completed")
    assert (update.reason, update.by_name) == ("Min grund.", "Anna Eksempel")
    assert updates(KEY)[-2].reason == "Bos grund."


def test_use_mine_keeps_what_others_wrote_in_fields_i_left_alone(secretariat_client: Client):
    form = open_form(secretariat_client, KEY)
    judge(
        KEY,
        "minor_deviations",
        "Bos grund.",
        deviates=["time"],
        ask="Bos spørgsmål",
        internal_notes="Bos notat",
    )
    response = save(
        secretariat_client, KEY, form, htmx=True, status="completed", reason="Min grund."
    )
    again = form_with(response, "version")
    save(secretariat_client, KEY, again, htmx=True, valg="min")
    initiative = read_initiative(KEY)
    assert initiative.status == "completed"
    assert (initiative.ask, initiative.internal_notes) == ("Bos spørgsmål", "Bos notat")


def test_use_mine_conflicts_again_when_a_third_person_has_saved(secretariat_client: Client):
    form = form_with(conflict(secretariat_client), "version")
    judge(KEY, "major_deviations", "Claras grund.", deviates=["quality"], actor=Actor("Clara"))
    response = save(secretariat_client, KEY, form, htmx=True, valg="min")
    assert response.status_code == 409
    assert "Clara gemte den" in text_of(response)
    assert form_with(response, "version").data["reason"] == "Min grund."


def test_use_the_saved_one(secretariat_client: Client):
    before = conflict(secretariat_client)
    stored = StatusUpdate.objects.count()
    form = form_with(before, "version")
    response = save(secretariat_client, KEY, form, htmx=True, valg="gemt")
    assert response.status_code == 200
    assert StatusUpdate.objects.count() == stored
    assert read_initiative(KEY).status == "minor_deviations"
    assert "Den gemte status for Kontraktanalyse gælder." in text_of(response)
    assert "Mindre afvigelser" in text_of(response)


def test_use_the_saved_one_without_javascript(secretariat_client: Client):
    form = form_with(conflict(secretariat_client, htmx=False), "version")
    response = save(secretariat_client, KEY, form, valg="gemt")
    assert response["Location"] == f"/initiativer/{KEY}/"
    assert "gælder." in text_of(secretariat_client.get(response["Location"]))


def test_keep_both(secretariat_client: Client):
    form = form_with(conflict(secretariat_client), "version")
    response = save(secretariat_client, KEY, form, htmx=True, valg="begge")
    assert response.status_code == 200
    both = form_with(response, "version")
    assert both.data["reason"] == "Bos grund.\n\nMin grund."
    assert both.data["status"] == "completed"
    assert both.data["ask"] == "Mit spørgsmål"
    assert read_initiative(KEY).status == "minor_deviations"
    saved = save(secretariat_client, KEY, both, htmx=True)
    assert saved.status_code == 200
    assert updates(KEY)[-1].reason == "Bos grund.\n\nMin grund."
    assert read_initiative(KEY).status == "completed"


def test_keep_both_shows_a_text_once_when_it_is_the_same(secretariat_client: Client):
    form = open_form(secretariat_client, KEY)
    judge(KEY, "minor_deviations", "Samme grund.", deviates=["time"])
    refused = save(
        secretariat_client, KEY, form, htmx=True, status="completed", reason="Samme grund."
    )
    response = save(secretariat_client, KEY, form_with(refused, "version"), htmx=True, valg="begge")
    assert form_with(response, "version").data["reason"] == "Samme grund."


# No conflict


def test_the_same_form_sent_twice_is_one_judgement(secretariat_client: Client):
    form = open_form(secretariat_client, KEY)
    first = save(secretariat_client, KEY, form, htmx=True, **MINE)
    judged, version = len(updates(KEY)), read_initiative(KEY).version
    second = save(secretariat_client, KEY, form, htmx=True, **MINE)
    assert (first.status_code, second.status_code) == (200, 200)
    assert (len(updates(KEY)), read_initiative(KEY).version) == (judged, version)
    for response in (first, second):
        assert "Status for Kontraktanalyse er gemt: Udført og afsluttet." in text_of(response)
        assert "har imens rettet" not in text_of(response)


def test_a_first_registration_sent_twice_is_one_judgement(secretariat_client: Client):
    key = "ommaerkning-og-nedlukning"
    form = open_form(secretariat_client, key)
    for _ in range(2):
        assert save(secretariat_client, key, form, status="not_started").status_code == 302
    assert len(updates(key)) == 1


def test_an_ask_is_merged_with_a_colleagues_status_and_announced(secretariat_client: Client):
    form = open_form(secretariat_client, KEY)
    judge(KEY, "completed", "Bos grund.")
    response = save(secretariat_client, KEY, form, htmx=True, ask="Mit spørgsmål")
    assert response.status_code == 200
    initiative = read_initiative(KEY)
    assert (initiative.status, initiative.ask) == ("completed", "Mit spørgsmål")
    assert updates(KEY)[-1].by_name == "Bo Eksempel"
    text = text_of(response)
    assert "Teksterne for Kontraktanalyse er gemt." in text
    assert "Bo Eksempel har imens rettet status. Begge rettelser er gemt." in text
    assert "Udført og afsluttet" in text


def test_the_person_named_is_the_one_who_changed_the_status(secretariat_client: Client):
    form = open_form(secretariat_client, KEY)
    edit(read_initiative(KEY), actor=Actor("Clara"), title="Claras titel")
    judge(KEY, "completed", "Bos grund.")
    response = save(secretariat_client, KEY, form, htmx=True, ask="Mit spørgsmål")
    assert "Bo Eksempel har imens rettet status." in text_of(response)


def test_a_judgement_is_merged_with_a_colleagues_text_and_announced(secretariat_client: Client):
    form = open_form(secretariat_client, KEY)
    edit(read_initiative(KEY), internal_notes="Bos notat")
    response = save(
        secretariat_client, KEY, form, htmx=True, status="completed", reason="Min grund."
    )
    assert response.status_code == 200
    initiative = read_initiative(KEY)
    assert (initiative.status, initiative.internal_notes) == ("completed", "Bos notat")
    assert "Bo Eksempel har imens rettet det interne notat." in text_of(response)
    assert "Begge rettelser er gemt." in text_of(response)


@pytest.mark.parametrize(
    "changes", [{"title": "Ny titel"}, {"report_text": "Ny"}, {"position": 9.0}]
)
def test_a_judgement_ignores_changes_of_fields_outside_its_form(
    secretariat_client: Client, changes: dict[str, Any]
):
    form = open_form(secretariat_client, KEY)
    edit(read_initiative(KEY), **changes)
    response = save(secretariat_client, KEY, form, status="completed", reason="Min grund.")
    assert response.status_code == 302
    assert read_initiative(KEY).status == "completed"
    for name, value in changes.items():
        assert getattr(read_initiative(KEY), name) == value


def test_uaendret_meanwhile_is_no_conflict(secretariat_client: Client):
    form = open_form(secretariat_client, "kompetenceudvikling")
    initiative = read_initiative("kompetenceudvikling")
    secretariat_client.post(
        "/initiativer/kompetenceudvikling/uaendret/", {"version": initiative.version}
    )
    response = save(
        secretariat_client, "kompetenceudvikling", form, status="completed", reason="Færdig."
    )
    assert response.status_code == 302
    assert read_initiative("kompetenceudvikling").status == "completed"


# Without a version


@pytest.mark.parametrize("version", ["", "999", "99999999999999999999"])
def test_a_form_without_a_valid_version_is_refused_with_its_text(
    secretariat_client: Client, version: str
):
    form = open_form(secretariat_client, KEY)
    before = len(updates(KEY))
    response = save(secretariat_client, KEY, form, htmx=True, **MINE | {"version": version})
    assert response.status_code == 409
    assert STALE in text_of(response)
    kept = form_with(response, "version").data
    assert (kept["status"], kept["reason"], kept["ask"]) == tuple(MINE.values())
    assert len(updates(KEY)) == before


@pytest.mark.parametrize("version", ["abc", "0", "-1", "1.5", "²"])
def test_an_invalid_version_is_refused(secretariat_client: Client, version: str):
    form = open_form(secretariat_client, KEY)
    response = save(secretariat_client, KEY, form, htmx=True, **MINE | {"version": version})
    assert response.status_code in (409, 422)
    assert form_with(response, "version").data["reason"] == "Min grund."
    assert read_initiative(KEY).status == "on_track"


def test_a_form_without_the_field_is_refused(secretariat_client: Client):
    form = open_form(secretariat_client, KEY)
    data = {name: value for name, value in form.filled(**MINE).items() if name != "version"}
    response = secretariat_client.post(f"/initiativer/{KEY}/status/", data)
    assert response.status_code == 409
    assert STALE in text_of(response)
    assert read_initiative(KEY).status == "on_track"


def test_a_judgement_that_came_first_and_was_saved_last_is_dated_last(programme: Programme):
    """Two requests lock the row in another order than they came in, also after a retraction."""
    judge(KEY, "completed", "Færdig.", month=MARCH, at=NOON)
    later = NOON + timedelta(minutes=2)
    row = read_initiative(KEY)
    row.confirm_unchanged(month=APRIL, version=row.version, actor=BO, at=later)
    row.retract_confirmation(month=APRIL, actor=BO, at=later)
    judge(KEY, "on_track", "Alligevel ikke.", month=APRIL, at=NOON + timedelta(minutes=1))
    assert read_initiative(KEY).updates.latest("id").recorded_at == later
    assert list(verifying.findings()) == []
