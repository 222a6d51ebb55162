"""After a change of e-mail address the old address, sessions and links open nothing."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from tests.accounts.mails import sent_mails
from tests.accounts.test_login import LOGIN, is_signed_in, log_in
from tests.accounts.test_password import FORGOTTEN, NEW, choose
from tests.core.reading import form_with, text_of
from tests.factories import PASSWORD, make_user
from tests.promises import Measured

OLD, NEWER = "gruppe@demo.dk", "bo@example.dk"
# Lower case turns each of these letters into two.
GROWS = "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}" * 40


def change(browser: Client, user: User, **typed: Any) -> Any:
    """Change a user in the admin."""
    address = f"/admin/accounts/user/{user.pk}/change/"
    form = form_with(browser.get(address), "change_reason")
    data = {name: value for name, value in form.filled(**typed).items() if value is not None}
    response = browser.post(address, data)
    assert response.status_code == 302
    return response


def link_for(client: Client, email: str) -> str:
    """Ask for a link, and return the path in the newest mail."""
    sent_mails().clear()
    client.post(FORGOTTEN, {"email": email})
    (message,) = sent_mails()
    assert message.to == [email]
    (path,) = re.findall(r"https?://testserver(\S+)", message.body)
    return str(path)


@pytest.mark.promise(11)
def test_the_old_address_opens_nothing(
    client: Client, secretariat_client: Client, group: User, promise: Measured
):
    """Log in, ask for a link, then change the address: all of it over HTTP."""
    at_home = Client()
    log_in(at_home, OLD)
    assert at_home.get("/status/").status_code == 200
    link = link_for(client, OLD)
    assert "Vælg en ny adgangskode" in text_of(client.get(link, follow=True))

    change(secretariat_client, group, email=NEWER)

    assert at_home.get("/status/").status_code == 302
    # Opened before the change and sent after it.
    response = client.post(link, {"password1": NEW, "password2": NEW})
    assert "Linket kan ikke bruges" in text_of(response)
    assert "Linket kan ikke bruges" in text_of(Client().get(link, follow=True))
    assert not EmailAddress.objects.filter(email=OLD).exists()
    log_in(client, OLD)
    assert not is_signed_in(client)
    sent_mails().clear()
    client.post(FORGOTTEN, {"email": OLD})
    assert sent_mails() == []
    choose(client, link_for(client, NEWER), NEW)
    log_in(client, NEWER, NEW)
    assert is_signed_in(client)
    promise.figure("ways in with an address that was changed (login, link, session)", "0 of 4")


def test_a_row_of_allauths_table_opens_nothing(client: Client, group: User):
    """However the row came there, only the address of the user's own row counts."""
    EmailAddress.objects.create(user=group, email=NEWER, verified=True, primary=True)
    log_in(client, NEWER)
    assert not is_signed_in(client)
    client.post(FORGOTTEN, {"email": NEWER})
    assert sent_mails() == []
    log_in(client, OLD)
    assert is_signed_in(client)


def test_using_the_portal_writes_nothing_into_allauths_table(client: Client, group: User):
    link = link_for(client, OLD)
    choose(client, link, NEW)
    log_in(client, OLD, NEW)
    client.post("/konto/log-ud/")
    assert not EmailAddress.objects.exists()


@pytest.mark.parametrize(
    "name",
    [
        *("account_email", "account_confirm_email", "account_email_verification_sent"),
        *("account_reauthenticate", "account_request_login_code", "account_change_phone"),
    ],
)
def test_allauths_other_pages_are_not_there(name: str):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_an_address_changed_and_changed_back_opens_nothing_old(
    client: Client, secretariat_client: Client, group: User
):
    at_home = Client()
    log_in(at_home, OLD)
    link = link_for(client, OLD)
    change(secretariat_client, group, email=NEWER)
    change(secretariat_client, group, email=OLD)
    assert at_home.get("/status/").status_code == 302
    assert "Linket kan ikke bruges" in text_of(client.get(link, follow=True))


def test_a_user_deactivated_and_activated_again_has_no_old_session_or_link(
    client: Client, secretariat_client: Client, group: User
):
    at_home = Client()
    log_in(at_home, OLD)
    link = link_for(client, OLD)
    change(secretariat_client, group, is_active=None)
    assert at_home.get("/status/").status_code == 302
    assert "Linket kan ikke bruges" in text_of(client.get(link, follow=True))
    change(secretariat_client, group, is_active="on")
    assert at_home.get("/status/").status_code == 302
    assert "Linket kan ikke bruges" in text_of(client.get(link, follow=True))


def test_a_new_password_ends_links_and_other_sessions(client: Client, group: User):
    at_home, at_work = Client(), Client()
    for browser in (at_home, at_work):
        log_in(browser, OLD)
    link = link_for(client, OLD)
    form = form_with(at_work.get("/konto/adgangskode/"), "oldpassword")
    at_work.post(
        "/konto/adgangskode/", form.filled(oldpassword=PASSWORD, password1=NEW, password2=NEW)
    )
    assert at_work.get("/status/").status_code == 200
    assert at_home.get("/status/").status_code == 302
    assert "Linket kan ikke bruges" in text_of(client.get(link, follow=True))


def test_a_user_who_changes_their_own_name_stays_logged_in(
    secretariat_client: Client, secretariat: User
):
    change(secretariat_client, secretariat, name="Anna Nyt Navn")
    assert secretariat_client.get("/status/").status_code == 200


def test_a_user_who_changes_their_own_address_must_log_in_again(
    secretariat_client: Client, secretariat: User
):
    change(secretariat_client, secretariat, email="anna@example.dk")
    assert secretariat_client.get("/status/").status_code == 302


def test_opening_a_link_logs_nobody_out(client: Client, secretariat_client: Client, group: User):
    link = link_for(client, OLD)
    secretariat_client.get(link, follow=True)
    assert secretariat_client.get("/status/").status_code == 200


def test_a_letter_that_looks_the_same_is_another_address(client: Client, db: None):
    """The Kelvin sign becomes "k" in small letters; the mail goes to the user's own address."""
    make_user("Kim", email="kim@example.dk")
    client.post(FORGOTTEN, {"email": "kim@example.d\N{KELVIN SIGN}"})
    assert {tuple(message.to) for message in sent_mails()} <= {("kim@example.dk",)}


@pytest.mark.parametrize("email", ["a\0@example.dk", "x" * 5000 + "@example.dk", "\ud800@b.dk"])
@pytest.mark.parametrize("path", [LOGIN, FORGOTTEN])
def test_no_address_is_too_strange(client: Client, db: None, path: str, email: str):
    field = "login" if path == LOGIN else "email"
    typed = {field: email.encode("utf-8", "surrogatepass"), "password": "en\0adgangskode"}
    assert client.post(path, typed).status_code == 200


def test_a_password_of_a_megabyte_is_refused_unread(client: Client, group: User):
    response = log_in(client, OLD, "x" * 1_000_000)
    assert "Adgangskoden er for lang." in text_of(response)
    assert "xxxx" not in text_of(response)


def test_no_answer_repeats_a_password_in_json(client: Client, group: User):
    response = client.post(
        LOGIN,
        {"login": OLD, "password": "forkert-kodeord-her"},
        headers={"accept": "application/json", "x-requested-with": "XMLHttpRequest"},
    )
    assert "text/html" in response["Content-Type"]
    assert "forkert-kodeord-her" not in text_of(response)


@pytest.mark.parametrize(
    "email",
    ["x" * 60 + "@" + "a." * 110 + "dk", GROWS + "@" + "a." * 100 + "dk"],
)
def test_an_address_longer_than_a_column_is_refused(client: Client, db: None, email: str):
    assert len(email) <= 320
    assert len(email.lower()) > 254
    response = client.post(FORGOTTEN, {"email": email})
    assert response.status_code == 200
    assert "E-mailen er for lang." in text_of(response)
    assert client.post(LOGIN, {"login": email, "password": PASSWORD}).status_code == 200
    assert sent_mails() == []


def test_an_administrator_meets_the_same_limit(group: User):
    browser = Client()
    browser.force_login(make_user("Driftsansvarlig", is_superuser=True))
    address = f"/admin/accounts/user/{group.pk}/change/"
    form = form_with(browser.get(address), "change_reason")
    email = GROWS + "@" + "a." * 100 + "dk"
    assert len(email) <= 254 < len(email.lower())
    typed = {name: value for name, value in form.filled(email=email).items() if value is not None}
    response = browser.post(address, {**typed, "change_reason": "Ny adresse."})
    assert response.status_code == 200
    assert "E-mailen er for lang." in text_of(response)
