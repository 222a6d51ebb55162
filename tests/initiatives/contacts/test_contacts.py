"""Who answers for an initiative, and what a tovholder may do."""

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.permissions import Role
from initiatives.models import Initiative
from principles.models import Programme
from tests.conftest import OtherProgramme
from tests.core.reading import form_with, history_of, html_of, text_of
from tests.factories import make_membership, make_user
from tests.initiatives.steps import edit, judge, open_form, read_initiative, save, updates
from tests.reports.editions.steps import lock

OWN, OTHER = "kontraktanalyse", "leverandoerliste"
PAGE = f"/initiativer/{OWN}/"
CONTACTS = f"{PAGE}kontakter/"


@pytest.fixture
def with_contacts(programme: Programme) -> Programme:
    """The programme with contacts switched on."""
    saved: Programme = edit(programme, uses_contacts=True)
    return saved


@pytest.fixture
def lead(with_contacts: Programme, group: User) -> User:
    """Bo, who is the tovholder of the initiative OWN."""
    edit(read_initiative(OWN), lead=group)
    return group


def test_they_are_off_by_default(
    programme: Programme, group: User, group_client: Client, secretariat_client: Client
):
    edit(read_initiative(OWN), lead=group)
    assert programme.uses_contacts is False
    assert secretariat_client.get(CONTACTS).status_code == 404
    assert "Tovholder" not in text_of(secretariat_client.get(PAGE))
    assert group_client.get(f"{PAGE}status/").status_code == 403
    assert "Ret status" not in text_of(group_client.get("/status/"))
    # Who may do what is told as it is.
    assert "tovholder" not in text_of(group_client.get("/hvem-maa-hvad/"))
    edit(programme, uses_contacts=True)
    assert "man er tovholder for" in text_of(group_client.get("/hvem-maa-hvad/"))


def test_the_secretariat_chooses_them_among_the_members_who_see_the_plan(
    with_contacts: Programme,
    secretariat: User,
    group: User,
    secretariat_client: Client,
    other_programme: OtherProgramme,
):
    make_user("Åse Uden Adgang")
    page = secretariat_client.get(PAGE)
    assert text_of(page).count("Ikke valgt") == 2
    assert f'href="{CONTACTS}"' in html_of(page)
    response = secretariat_client.get(CONTACTS)
    form = form_with(response, "lead")
    # Clara reads editions, Åse is no member, and Dorte belongs to the other programme.
    names = text_of(response)
    assert "Ingen Anna Eksempel Bo Eksempel" in names
    assert not any(name in names for name in ("Clara", "Åse", "Dorte"))
    for stranger in (other_programme.secretariat.pk, "99999999", "x"):
        refused = secretariat_client.post(CONTACTS, form.filled(lead=stranger))
        assert refused.status_code == 422
        assert "Personen kan ikke vælges" in text_of(refused)
    chosen = form.filled(lead=group.pk, contact=secretariat.pk, change_reason="Ny aftale.")
    assert secretariat_client.post(CONTACTS, chosen).status_code == 302
    row = read_initiative(OWN)
    assert (row.lead, row.contact, row.version) == (group, secretariat, row.history.first().version)
    page = secretariat_client.get(PAGE)
    assert "Tovholder Bo Eksempel Kontaktperson Anna Eksempel" in text_of(page)
    assert any("tovholderen" in line and "Ny aftale." in line for line in history_of(page))


def test_two_who_choose_at_once_see_each_other(
    with_contacts: Programme, group: User, secretariat: User, secretariat_client: Client
):
    form = form_with(secretariat_client.get(CONTACTS), "lead")
    edit(read_initiative(OWN), lead=secretariat)
    refused = secretariat_client.post(CONTACTS, form.filled(lead=group.pk))
    assert refused.status_code == 409
    assert "Tovholder (tom) Anna Eksempel Bo Eksempel" in text_of(refused)
    assert read_initiative(OWN).lead == secretariat
    again = form_with(refused, "lead")
    assert again.data["lead"] == str(group.pk)
    # What only the colleague has changed is kept when the other field is saved.
    edit(read_initiative(OWN), contact=secretariat)
    assert secretariat_client.post(CONTACTS, again.data).status_code == 302
    assert (read_initiative(OWN).lead, read_initiative(OWN).contact) == (group, secretariat)


def test_a_tovholder_judges_their_initiative_and_nothing_else(
    lead: User, group_client: Client, secretariat_client: Client
):
    table = html_of(group_client.get("/status/"))
    assert table.count('id="ret-') - table.count('id="ret-form-') == 1
    assert f'id="ret-{OWN}"' in table
    page = text_of(group_client.get(PAGE))
    assert "Ret status" in page
    assert not any(
        words in page
        for words in ("Ret tekster", "Tilføj", "Arkivér", "Ret tovholder", "Internt notat")
    )
    assert "Ret status" not in text_of(group_client.get(f"/initiativer/{OTHER}/"))
    # The page of another day only shows.
    assert "Ret status" not in text_of(group_client.get(f"{PAGE}?pr=2026-02-20"))
    assert "Ret status" not in text_of(group_client.get("/status/?pr=2026-02-20"))
    for path in (f"/initiativer/{OTHER}/status/", f"{PAGE}ret/", CONTACTS, f"{PAGE}arkiver/"):
        assert group_client.get(path).status_code == 403
    for path in (f"/initiativer/{OTHER}/uaendret/", f"/initiativer/{OTHER}/fortryd/"):
        assert (
            group_client.post(path, {"version": read_initiative(OTHER).version}).status_code == 403
        )

    form = open_form(group_client, OWN)
    typed = {"status": "minor_deviations", "deviates": ["time"], "reason": "Vi venter på svar."}
    answer = save(group_client, OWN, form, htmx=True, **typed)
    assert answer.status_code == 200
    assert "Ret tekster" not in text_of(answer)
    assert updates(OWN)[-1].by_name == "Bo Eksempel"
    assert read_initiative(OWN).status == "minor_deviations"


def test_a_tovholder_neither_sees_nor_changes_the_internal_note(
    lead: User, group_client: Client, secretariat_client: Client
):
    edit(read_initiative(OWN), internal_notes="Kun for os.")
    form = open_form(group_client, OWN)
    assert "internal_notes" not in form.data
    edit(read_initiative(OWN), internal_notes="Nyere, og kun for os.")
    for typed in ({"ask": "Skal vi vente?"}, {"internal_notes": "Min.", "reason": "Ny grund."}):
        answer = save(group_client, OWN, form, **typed)
        assert answer.status_code == 302
        assert "kun for os" not in text_of(group_client.get(PAGE)).casefold()
        form = open_form(group_client, OWN)
    assert read_initiative(OWN).internal_notes == "Nyere, og kun for os."
    assert read_initiative(OWN).ask == "Skal vi vente?"
    # Also a conflict shows only what the tovholder may see.
    form = open_form(group_client, OWN)
    edit(read_initiative(OWN), internal_notes="Tredje, kun for os.", ask="Bos spørgsmål")
    answer = save(group_client, OWN, form, ask="Mit spørgsmål")
    assert answer.status_code == 409
    assert "kun for os" not in text_of(answer).casefold()
    assert "internal_notes" in open_form(secretariat_client, OWN).data


def test_a_tovholder_writes_the_texts_of_the_month_and_no_indsats_or_deadline(
    lead: User, group_client: Client, secretariat_client: Client
):
    """What the form of the secretariat sends besides is ignored when a tovholder sends it."""
    before = read_initiative(OWN)
    rows = [*before.actions.live(), *before.deadlines.live()]
    whole = open_form(secretariat_client, OWN, "?fra=maaneden").data
    parts = {name: value for name, value in whole.items() if name.startswith(("action-", "deadl"))}
    assert len(parts) >= 2 * len(rows)
    form = open_form(group_client, OWN)
    assert not parts.keys() & form.data.keys()
    forged = {
        name: "Forfalsket" if name.endswith(("-title", "-wording")) else value
        for name, value in parts.items()
    }
    typed = {"reason": "Nyt siden sidst.", "report_text": "Analysen er i gang."}
    assert save(group_client, OWN, form, **typed, **forged).status_code == 302
    assert read_initiative(OWN).report_text == "Analysen er i gang."
    assert [row.version for row in rows] == [
        type(row).objects.get(pk=row.pk).version for row in rows
    ]


def test_next_leads_a_tovholder_to_their_own_next_initiative(
    lead: User, with_contacts: Programme, group_client: Client
):
    """The last initiative of the plan is theirs too; those between are not."""
    order = "area__principle__position", "area__position", "position"
    last = list(Initiative.objects.of(with_contacts).in_plan().order_by(*order))[-1]
    edit(last, lead=lead)
    for key in (OWN, last.key):
        assert read_initiative(key).lead == lead
    edit(with_contacts, reporting_month="2026-03-01")
    form = open_form(group_client, OWN, "?fra=tabel")
    answer = save(
        group_client, OWN, form, reason="Nyt.", status="completed", gem="naeste", deviates=[]
    )
    assert answer.status_code == 302
    assert answer["Location"] == f"/initiativer/{last.key}/status/?fra=tabel"


def test_who_is_no_tovholder_any_more_is_refused(
    lead: User, group_client: Client, secretariat: User
):
    form = open_form(group_client, OWN)
    edit(read_initiative(OWN), lead=secretariat)
    answer = save(group_client, OWN, form, reason="For sent.", status="completed")
    assert answer.status_code == 403
    assert read_initiative(OWN).status != "completed"


def test_a_member_who_reads_editions_never_judges(
    with_contacts: Programme, reader: User, reader_client: Client
):
    edit(read_initiative(OWN), lead=reader)
    assert reader_client.get(f"{PAGE}status/").status_code == 403


def test_a_tovholder_of_another_programme_is_a_stranger(
    with_contacts: Programme, other_programme: OtherProgramme, client: Client
):
    """Being named as the tovholder of a row gives nobody access to its programme."""
    user = make_user("Eva Udenfor")
    make_membership(user, other_programme.programme, Role.GROUP)
    edit(read_initiative(OWN), lead=user)
    client.force_login(user)
    assert client.get(f"/program/{with_contacts.key}{PAGE}status/").status_code == 404


def test_a_locked_edition_names_nobody(lead: User, secretariat: User, with_contacts: Programme):
    edit(lead, name="Tove Tovholder")
    edit(read_initiative(OWN), contact=secretariat)
    judge(OWN, "minor_deviations", "Vi venter.", deviates=["time"])
    edition = lock(with_contacts, with_files=None)
    document: Any = json.loads(edition.document)
    written = json.dumps(document, ensure_ascii=False)
    assert "Kontraktanalyse" in written
    assert "Tove Tovholder" not in written
    assert "tovholder" not in written.casefold()
