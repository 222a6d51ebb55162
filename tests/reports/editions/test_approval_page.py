"""Approving and publishing an edition by the buttons of its page."""

import re
from datetime import date

import pytest
from django.test import Client

from accounts.models import User
from principles.models import Programme
from reports.models import Edition
from tests.core.reading import form_to, form_with, forms_of, html_of
from tests.initiatives.steps import edit
from tests.reports.editions.page_steps import EDITION, FREEZE, approve, open_form, publish, text_of
from tests.reports.editions.steps import CORRECTION, lock, path_of, stored


def test_the_buttons_of_the_page_approve_and_publish(
    secretariat_client: Client, secretariat: User, edition: Edition
):
    page = secretariat_client.get(EDITION)
    form = form_to(page, f"{EDITION}godkend/")
    response = secretariat_client.post(form.action, form.filled(meeting_on="25-02-2026"))
    assert response["Location"] == EDITION
    page = secretariat_client.get(EDITION)
    text = text_of(page)
    assert "Udgave 1 er godkendt." in text
    assert "godkendt på mødet den 25. februar 2026 (registreret af Anna Eksempel)" in text
    form = form_to(page, f"{EDITION}offentliggoer/")
    secretariat_client.post(form.action, form.data)
    page = secretariat_client.get(EDITION)
    assert "Udgave 1 er offentliggjort." in text_of(page)
    assert "offentliggjort den 26. februar 2026" in text_of(page)
    assert not [form for form in forms_of(page) if "udgave-1" in form.action]
    edition.refresh_from_db()
    assert (edition.approved_by, edition.published_by) == (secretariat, secretariat)


def test_the_same_person_in_two_windows_loses_nothing(secretariat_client: Client, january: Edition):
    """The same form with another text is a conflict that keeps the text."""
    first, second = open_form(secretariat_client), open_form(secretariat_client)
    name = next(name for name in second.data if name.startswith("tekst:"))
    assert secretariat_client.post(FREEZE, first.data).status_code == 302
    response = secretariat_client.post(FREEZE, second.filled(**{name: "Skrevet i vindue to."}))
    assert response.status_code == 409
    assert form_with(response, "basis").data[name] == "Skrevet i vindue to."
    assert Edition.objects.filter(number=1).count() == 2


def test_a_correction_starts_from_the_sentences_and_meeting_it_corrects(
    secretariat_client: Client, january: Edition
):
    form = open_form(secretariat_client)
    name = next(name for name in form.data if name.startswith("tekst:"))
    typed = form.filled(**{name: "Min egen sætning.", "meeting_on": "12-03-2026"})
    secretariat_client.post(FREEZE, typed)
    again = open_form(secretariat_client)
    assert again.data[name] == "Min egen sætning."
    assert again.data["meeting_on"] == "12-03-2026"


def test_a_locked_month_stays_when_the_programme_reports_other_months(
    secretariat_client: Client, edition: Edition, programme: Programme
):
    edit(programme, starts_on=date(2026, 2, 1))
    january = lock(programme, with_files=None, correction=CORRECTION)
    edit(programme, starts_on=date(2026, 1, 1), reporting_month=date(2026, 3, 1))
    assert secretariat_client.get(path_of(january)).status_code == 200
    edit(programme, starts_on=date(2026, 3, 1))
    assert secretariat_client.get(path_of(january)).status_code == 200
    assert secretariat_client.get(path_of(january, ".pdf")).status_code == 200


def test_a_superseded_edition_is_not_approved(secretariat_client: Client, edition: Edition):
    lock(edition.report.programme, with_files=None, correction=CORRECTION)
    sent = {"meeting_on": "25-02-2026"}
    text = text_of(secretariat_client.post(f"{EDITION}godkend/", sent, follow=True))
    assert "Udgaven er afløst af udgave 2." in text
    assert stored(edition)["approved_at"] is None


@pytest.mark.parametrize(
    ("meeting_on", "sentence"),
    [
        ("01-01-2099", "Mødet ligger i fremtiden. Vælg en dato til og med i dag."),
        ("01-01-2010", "Mødet ligger, før programmet begyndte. Vælg en senere dato."),
        ("", "Skriv datoen for mødet, hvor udgaven blev godkendt."),
        ("i går", "dato"),
        ("31-02-2026", "dato"),
    ],
)
def test_a_meeting_that_cannot_have_approved_it_is_said_at_the_field(
    secretariat_client: Client, edition: Edition, meeting_on: str, sentence: str
):
    response = secretariat_client.post(f"{EDITION}godkend/", {"meeting_on": meeting_on})
    assert response.status_code == 422
    text = text_of(response)
    assert "Ret dette, før du godkender" in text
    assert text.count(sentence) >= 2  # in the summary and at the field
    assert form_to(response, f"{EDITION}godkend/").data["meeting_on"] == meeting_on
    assert "Status på udviklingsprogrammets initiativer" in text
    assert stored(edition)["approved_at"] is None
    # What is typed next is taken.
    form = form_to(response, f"{EDITION}godkend/").filled(meeting_on="25-02-2026")
    assert secretariat_client.post(f"{EDITION}godkend/", form).status_code == 302


def test_the_page_says_what_comes_next_until_it_is_published(
    secretariat_client: Client, secretariat: User, reader_client: Client, programme: Programme
):
    edition = lock(programme, with_files=None, meeting_on=date(2026, 2, 26))
    locked = "Udgave 1 er låst. Næste trin: godkendelse på mødet den 26. februar 2026."
    assert text_of(secretariat_client.get(EDITION)).count(locked) == 1
    page = secretariat_client.get("/maaneden/")
    (url,) = re.findall(r'href="([^"]+)">Registrér godkendelsen', html_of(page))
    assert url == f"{EDITION}#godkendelse"
    assert 'id="godkendelse"' in html_of(secretariat_client.get(EDITION))
    form = form_to(secretariat_client.get(EDITION), f"{EDITION}godkend/")
    page = secretariat_client.post(form.action, form.data, follow=True)
    approved = "Udgave 1 er godkendt. Næste trin: offentliggørelse."
    # Once: the message that has just said it takes the place of the sentence.
    assert text_of(page).count(approved) == 1
    assert text_of(secretariat_client.get(EDITION)).count(approved) == 1
    (url,) = re.findall(
        r'href="([^"]+)">Offentliggør<', html_of(secretariat_client.get("/maaneden/"))
    )
    assert url == f"{EDITION}#godkendelse"
    assert 'id="godkendelse"' in html_of(secretariat_client.get(EDITION))
    secretariat_client.post(f"{EDITION}offentliggoer/")
    for client in (secretariat_client, secretariat_client, reader_client):
        assert "Næste trin" not in text_of(client.get(EDITION))
    edition.refresh_from_db()
    assert edition.published_by == secretariat
    second = lock(programme, with_files=None, correction=CORRECTION)
    assert "Udgave 2 er låst. Næste trin: godkendelse på næste møde." in text_of(
        secretariat_client.get(path_of(second))
    )


def test_steps_out_of_order_are_refused_with_a_sentence(
    secretariat_client: Client, secretariat: User, edition: Edition
):
    path = f"{EDITION}offentliggoer/"
    text = text_of(secretariat_client.post(path, follow=True))
    assert "Udgaven skal være godkendt, før den offentliggøres." in text
    publish(edition, secretariat.actor)
    before = stored(edition)
    text = text_of(secretariat_client.post(path, follow=True))
    assert "Udgaven er allerede offentliggjort." in text
    response = secretariat_client.post(
        f"{EDITION}godkend/", {"meeting_on": "01-02-2026"}, follow=True
    )
    assert "Udgaven er allerede godkendt." in text_of(response)
    assert stored(edition) == before


def test_with_the_setting_another_person_must_publish(
    secretariat_client: Client, secretariat: User, programme: Programme, edition: Edition
):
    edit(programme, needs_second_pair_of_eyes=True)
    approve(edition, secretariat.actor)
    response = secretariat_client.post(f"{EDITION}offentliggoer/", follow=True)
    assert "Du har selv låst udgaven. En anden skal offentliggøre den." in text_of(response)
    assert stored(edition)["published_at"] is None


def test_an_edition_that_is_superseded_says_so(
    secretariat_client: Client, reader_client: Client, secretariat: User, edition: Edition
):
    programme = edition.report.programme
    publish(edition, secretariat.actor)
    second = lock(programme, with_files=None, correction=CORRECTION)
    sentence = f"Udgave 1 er afløst af udgave 2: {CORRECTION}"
    page = secretariat_client.get(EDITION)
    assert sentence in text_of(page)
    assert f'href="{path_of(second)}"' in html_of(page)
    assert "Lav rettet udgave" not in text_of(page)
    assert "afløst" not in text_of(secretariat_client.get(path_of(second)))
    # A reader sees the sentence as soon as they may read the new edition.
    assert "afløst" not in text_of(reader_client.get(EDITION))
    publish(second, secretariat.actor)
    assert sentence in text_of(reader_client.get(EDITION))
    assert reader_client.get(path_of(edition, ".pdf")).status_code == 200
