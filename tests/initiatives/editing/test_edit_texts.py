"""Editing the texts of initiatives, indsatser and deadlines, through the one door."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from core.clock import local_day
from initiatives.models import Deadline
from principles.models import Programme
from tests.core.reading import form_with, html_of, text_of
from tests.initiatives.cases import EVERY, EditedRow, form_at
from tests.initiatives.steps import BO, edit, read_initiative

HEADING = "En anden har rettet det samme"


# Saved


@EVERY
def test_the_form_holds_the_current_values(secretariat_client: Client, case: EditedRow):
    form = form_at(secretariat_client, case.path)
    assert form.data[case.field] == getattr(case.row, case.field)
    assert form.data["version"] == str(case.row.version)


@EVERY
def test_a_change_is_saved_with_who_when_and_why(
    secretariat_client: Client, secretariat: User, case: EditedRow
):
    form = form_at(secretariat_client, case.path)
    before = case.row
    response = secretariat_client.post(
        case.path, form.filled(**{case.field: "Ny ordlyd", "change_reason": "Efter mødet."})
    )
    assert (response.status_code, response["Location"]) == (302, "/initiativer/kontraktanalyse/")
    newest = before.history.latest()
    assert getattr(case.row, case.field) == "Ny ordlyd"
    assert case.row.version == newest.version == before.version + 1
    assert (newest.actor_name, newest.history_user) == ("Anna Eksempel", secretariat)
    assert newest.history_change_reason == "Efter mødet."
    assert local_day(newest.history_date) == date(2026, 2, 26)


@EVERY
def test_the_page_confirms_the_change_and_history_shows_it(
    secretariat_client: Client, case: EditedRow
):
    form = form_at(secretariat_client, case.path)
    response = secretariat_client.post(
        case.path,
        form.filled(**{case.field: "Ny ordlyd", "change_reason": "Efter mødet."}),
        follow=True,
    )
    text = text_of(response)
    assert case.saved in text
    assert f"Anna Eksempel {case.history} Begrundelse: Efter mødet." in text


@EVERY
def test_a_reason_may_be_left_out(secretariat_client: Client, case: EditedRow):
    form = form_at(secretariat_client, case.path)
    # The new wording means the same days, because a moved deadline needs a reason.
    typed = {case.field: "Forelægges den 20. januar 2026"}
    secretariat_client.post(case.path, form.filled(**typed))
    assert case.row.history.latest().history_change_reason == ""


@EVERY
def test_without_a_change_nothing_is_written(secretariat_client: Client, case: EditedRow):
    form = form_at(secretariat_client, case.path)
    before = case.row
    response = secretariat_client.post(case.path, form.data, follow=True)
    assert "Der er ikke ændret noget." in text_of(response)
    assert (case.row.version, before.history.count()) == (before.version, before.version)


def test_every_field_of_an_initiative(secretariat_client: Client):
    form = form_at(secretariat_client, "/initiativer/kontraktanalyse/ret/")
    secretariat_client.post(
        "/initiativer/kontraktanalyse/ret/",
        form.filled(
            title="Analyse",
            report_text="Til\r\nopgørelsen",
            ask="Kan det godkendes?",
            internal_notes="Ring til Greve",
            terms_of_reference="approved",
        ),
    )
    row = read_initiative("kontraktanalyse")
    assert (row.title, row.report_text, row.ask, row.internal_notes, row.terms_of_reference) == (
        "Analyse",
        "Til\nopgørelsen",
        "Kan det godkendes?",
        "Ring til Greve",
        "approved",
    )
    assert row.key == "kontraktanalyse"
    assert row.status == "on_track"


def test_every_field_of_a_deadline(secretariat_client: Client):
    form = form_at(secretariat_client, "/deadlines/kontraktanalyse-d1/ret/")
    secretariat_client.post(
        "/deadlines/kontraktanalyse-d1/ret/",
        form.filled(
            wording="Sat på pause",
            fact="paused",
            action="kontraktanalyse-2",
            since="20-01-2026",
            detail="jf. beslutning",
            change_reason="Gruppen har sat arbejdet på pause.",
        ),
    )
    row: Any = Deadline.objects.get(key="kontraktanalyse-d1")
    assert (row.wording, row.fact, row.since, row.detail) == (
        "Sat på pause",
        "paused",
        date(2026, 1, 20),
        "jf. beslutning",
    )
    assert row.action.key == "kontraktanalyse-2"


@pytest.mark.parametrize("written", ["20-01-2026", "20/1-2026", "20.01.26", "20. januar 2026"])
def test_a_day_may_be_written_in_several_ways(secretariat_client: Client, written: str):
    path = "/deadlines/leverandoerliste-d1/ret/"
    form = form_at(secretariat_client, path)
    assert form.data["since"] == "20-01-2026"
    response = secretariat_client.post(path, form.filled(since=written), follow=True)
    assert "Der er ikke ændret noget." in text_of(response)


def test_the_wording_is_kept_exactly_as_written(secretariat_client: Client):
    wording = "Opstart 1/2:  Afprøvning – »forsinket«.\n\nDeadline: Maj 2026."
    path = "/deadlines/kontraktanalyse-d1/ret/"
    form = form_at(secretariat_client, path)
    secretariat_client.post(path, form.filled(wording=wording, change_reason="Udsat."))
    assert Deadline.objects.get(key="kontraktanalyse-d1").wording == wording


# Refused


@EVERY
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "skal udfyldes."),
        ("  \r\n ", "skal udfyldes."),
        ("Borger 010190-1234", "Teksten ser ud til at indeholde et CPR-nummer."),
        ("\xad\u200b\u2060\u202e\u3164", "skal udfyldes."),
        (
            "Før\x00Efter",
            "Der er et usynligt tegn lige efter »Før«. Slet det, og skriv stedet igen.",
        ),
        ("\ue000Efter", "Det første tegn kan kun vises med en bestemt skrifttype."),
        ("x" * 1001, "Teksten er på 1.001."),
    ],
)
def test_a_text_that_cannot_be_stored_is_refused(
    secretariat_client: Client, case: EditedRow, typed: str, sentence: str
):
    form = form_at(secretariat_client, case.path)
    before = case.row
    response = secretariat_client.post(
        case.path, form.filled(**{case.field: typed, "change_reason": "Min grund."})
    )
    assert response.status_code == 422
    text = text_of(response)
    assert "Ret dette, før du gemmer" in text
    assert sentence in text
    if "udfyldes" in sentence:
        assert f"{case.label} skal udfyldes." in text
    kept = form_with(response, "version").data
    assert kept["change_reason"] == "Min grund."
    assert kept["version"] == form.data["version"]
    assert case.row.version == before.version


@EVERY
def test_two_million_characters_are_refused(secretariat_client: Client, case: EditedRow):
    form = form_at(secretariat_client, case.path)
    response = secretariat_client.post(case.path, form.filled(**{case.field: "x" * 2_000_000}))
    assert response.status_code == 422
    assert "Teksten er på 2.000.000." in html_of(response)
    assert "x" * 2_000_000 in html_of(response)


@EVERY
def test_the_reason_is_held_to_the_same_rules(secretariat_client: Client, case: EditedRow):
    form = form_at(secretariat_client, case.path)
    for reason in ("010190-1234", "Før\x07efter", "x" * 2001):
        response = secretariat_client.post(
            case.path, form.filled(**{case.field: "Ny ordlyd", "change_reason": reason})
        )
        assert response.status_code == 422
        assert form_with(response, "version").data[case.field] == "Ny ordlyd"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"since": "31-02-2026"}, "Skriv datoen som dag-måned-år, fx 26-02-2026."),
        ({"since": "i foråret"}, "Skriv datoen som dag-måned-år, fx 26-02-2026."),
        ({"fact": "måske"}, "Vælg en art."),
        ({"fact": "deadline", "since": "20-01-2026"}, "bruges kun til »På pause« og »Afventer«."),
        ({"fact": "event", "detail": "Noget"}, "bruges kun til »På pause« og »Afventer«."),
    ],
)
def test_a_deadline_that_contradicts_itself_is_refused(
    secretariat_client: Client, typed: dict[str, str], sentence: str
):
    path = "/deadlines/leverandoerliste-d1/ret/"
    form = form_at(secretariat_client, path)
    response = secretariat_client.post(path, form.filled(**typed))
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert Deadline.objects.get(key="leverandoerliste-d1").version == 1


@pytest.mark.parametrize("action", ["findes-ikke", "myndighedsbestilling-1"])
def test_a_deadline_belongs_to_its_own_initiative(secretariat_client: Client, action: str):
    path = "/deadlines/kontraktanalyse-d1/ret/"
    form = form_at(secretariat_client, path)
    response = secretariat_client.post(path, form.filled(action=action))
    assert response.status_code == 422
    assert Deadline.objects.get(key="kontraktanalyse-d1").action is None


def test_an_unknown_kommissorium_is_refused(secretariat_client: Client):
    path = "/initiativer/kontraktanalyse/ret/"
    form = form_at(secretariat_client, path)
    response = secretariat_client.post(path, form.filled(terms_of_reference="måske"))
    assert response.status_code == 422
    assert read_initiative("kontraktanalyse").terms_of_reference == "unknown"


# By whom


@EVERY
@pytest.mark.parametrize(
    ("client_name", "status"),
    [("group_client", 403), ("reader_client", 403), ("stranger_client", 404)],
)
def test_other_roles_change_nothing(request, case: EditedRow, client_name: str, status: int):
    client: Client = request.getfixturevalue(client_name)
    version = case.row.version
    data = {"version": version, case.field: "Fremmed ordlyd"}
    assert client.get(case.path).status_code == status
    assert client.post(case.path, data).status_code == status
    assert case.row.version == version


@EVERY
def test_an_archived_row_is_not_edited(
    secretariat_client: Client, programme: Programme, case: EditedRow
):
    form = form_at(secretariat_client, case.path)
    edit(case.row, actor=BO, archived_at="2026-02-26T12:00:00Z")
    assert secretariat_client.get(case.path).status_code == 404
    assert secretariat_client.post(case.path, form.filled(title="Ny")).status_code == 404
