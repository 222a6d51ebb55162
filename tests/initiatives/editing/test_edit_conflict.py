"""When two people edit the same texts, nobody's words are lost, and the second one decides."""

from datetime import date

import pytest
from django.test import Client

from initiatives.models import Action, Deadline
from tests.core.reading import form_with, text_of
from tests.initiatives.cases import EVERY, EditedRow, form_at
from tests.initiatives.steps import STALE, edit, judge, read_initiative

pytestmark = pytest.mark.promise(10)

HEADING = "En anden har rettet det samme"


@EVERY
def test_the_same_text_changed_by_both(secretariat_client: Client, case: EditedRow):
    form = form_at(secretariat_client, case.path)
    loaded = form.data[case.field]
    edit(case.row, reason="Bos grund.", **{case.field: "Bos ordlyd"})
    response = secretariat_client.post(
        case.path, form.filled(**{case.field: "Min ordlyd", "change_reason": "Min grund."})
    )
    text = text_of(response)
    assert response.status_code == 409
    assert HEADING in text
    assert "Din tekst er ikke gemt, men den står stadig herunder." in text
    assert "Bo Eksempel gemte den 26. februar 2026 kl. 12.00: »Bos grund«." in text
    assert f"{case.label} {loaded} Bos ordlyd Min ordlyd" in text
    kept = form_with(response, "version").data
    assert (kept[case.field], kept["change_reason"]) == ("Min ordlyd", "Min grund.")
    assert getattr(case.row, case.field) == "Bos ordlyd"


@EVERY
def test_use_mine(secretariat_client: Client, case: EditedRow):
    form = form_at(secretariat_client, case.path)
    edit(case.row, **{case.field: "Bos ordlyd"})
    typed = {case.field: "Min ordlyd", "change_reason": "Efter mødet."}
    response = secretariat_client.post(case.path, form.filled(**typed))
    again = form_with(response, "version")
    assert secretariat_client.post(case.path, again.filled(valg="min")).status_code == 302
    assert getattr(case.row, case.field) == "Min ordlyd"
    assert [getattr(row, case.field) for row in case.row.history.order_by("-version")[:2]] == [
        "Min ordlyd",
        "Bos ordlyd",
    ]


@EVERY
def test_use_the_saved_one(secretariat_client: Client, case: EditedRow):
    form = form_at(secretariat_client, case.path)
    edit(case.row, **{case.field: "Bos ordlyd"})
    version = case.row.version
    response = secretariat_client.post(case.path, form.filled(**{case.field: "Min ordlyd"}))
    again = form_with(response, "version")
    response = secretariat_client.post(case.path, again.filled(valg="gemt"), follow=True)
    assert "Den gemte tekst gælder." in text_of(response)
    assert (getattr(case.row, case.field), case.row.version) == ("Bos ordlyd", version)


def test_keep_both(secretariat_client: Client):
    path = "/initiativer/kontraktanalyse/ret/"
    form = form_at(secretariat_client, path)
    edit(read_initiative("kontraktanalyse"), report_text="Bos tekst")
    response = secretariat_client.post(path, form.filled(report_text="Min tekst"))
    again = form_with(response, "version")
    both = form_with(secretariat_client.post(path, again.filled(valg="begge")), "version")
    assert both.data["report_text"] == "Bos tekst\n\nMin tekst"
    assert read_initiative("kontraktanalyse").report_text == "Bos tekst"
    secretariat_client.post(path, both.data)
    assert read_initiative("kontraktanalyse").report_text == "Bos tekst\n\nMin tekst"


def test_use_mine_keeps_what_others_wrote_in_fields_i_left_alone(secretariat_client: Client):
    path = "/initiativer/kontraktanalyse/ret/"
    form = form_at(secretariat_client, path)
    edit(read_initiative("kontraktanalyse"), title="Bos titel", report_text="Bos tekst")
    response = secretariat_client.post(path, form.filled(title="Min titel"))
    again = form_with(response, "version")
    secretariat_client.post(path, again.filled(valg="min"))
    row = read_initiative("kontraktanalyse")
    assert (row.title, row.report_text) == ("Min titel", "Bos tekst")


def test_use_mine_keeps_the_day_others_wrote(secretariat_client: Client):
    path = "/deadlines/leverandoerliste-d1/ret/"
    form = form_at(secretariat_client, path)
    row = Deadline.objects.get(key="leverandoerliste-d1")
    action = Action.objects.get(key="leverandoerliste-2")
    edit(row, wording="Bos ordlyd", since=date(2026, 1, 21), action=action)
    response = secretariat_client.post(path, form.filled(wording="Min ordlyd"))
    again = form_with(response, "version")
    assert secretariat_client.post(path, again.filled(valg="min")).status_code == 302
    row = Deadline.objects.get(key="leverandoerliste-d1")
    assert (row.wording, row.since, row.action) == ("Min ordlyd", date(2026, 1, 21), action)


def test_the_columns_are_in_danish(secretariat_client: Client):
    path = "/deadlines/leverandoerliste-d1/ret/"
    form = form_at(secretariat_client, path)
    row = Deadline.objects.get(key="leverandoerliste-d1")
    edit(row, fact="waiting", since=date(2026, 1, 21))
    text = text_of(
        secretariat_client.post(path, form.filled(fact="completed", since="", detail=""))
    )
    assert "Art På pause Afventer Afsluttet" in text
    assert "Siden 20. januar 2026 21. januar 2026 (tom)" in text


def test_different_fields_are_merged_and_announced(secretariat_client: Client):
    path = "/initiativer/kontraktanalyse/ret/"
    form = form_at(secretariat_client, path)
    edit(read_initiative("kontraktanalyse"), report_text="Bos tekst")
    response = secretariat_client.post(path, form.filled(title="Min titel"), follow=True)
    row = read_initiative("kontraktanalyse")
    assert (row.title, row.report_text) == ("Min titel", "Bos tekst")
    assert (
        "Initiativet er gemt. Bo Eksempel har imens rettet uddybningen. "
        "Begge rettelser er gemt." in text_of(response)
    )


def test_a_colleagues_status_is_no_conflict_of_the_texts(secretariat_client: Client):
    path = "/initiativer/kontraktanalyse/ret/"
    form = form_at(secretariat_client, path)
    judge("kontraktanalyse", "completed", "Færdig.")
    assert secretariat_client.post(path, form.filled(title="Min titel")).status_code == 302
    row = read_initiative("kontraktanalyse")
    assert (row.title, row.status) == ("Min titel", "completed")


@EVERY
@pytest.mark.parametrize("version", ["", "999", "99999999999999999999"])
def test_without_a_valid_version_the_text_is_kept(
    secretariat_client: Client, case: EditedRow, version: str
):
    form = form_at(secretariat_client, case.path)
    before = case.row.version
    response = secretariat_client.post(
        case.path, form.filled(**{case.field: "Min ordlyd", "version": version})
    )
    assert response.status_code == 409
    assert STALE in text_of(response)
    assert form_with(response, "version").data[case.field] == "Min ordlyd"
    assert case.row.version == before
