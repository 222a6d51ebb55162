"""A forgotten password is reset by a real mail, and a known one is changed."""

import re
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.db import connection
from django.test import Client

from accounts import adapter, changes
from accounts.models import User
from core import clock
from tests.accounts.mails import sent_mails
from tests.core.reading import form_with, text_of
from tests.factories import PASSWORD, TESTER, make_user

FORGOTTEN = "/konto/adgangskode/glemt/"
NEW = "et-helt-nyt-kodeord-2026"


def ask_for_link(client: Client, email: str = "sekretariat@demo.dk") -> str:
    """Ask for a link, and return the path in the mail."""
    client.post(FORGOTTEN, {"email": email})
    (message,) = sent_mails()
    (path,) = re.findall(r"https?://testserver(\S+)", str(message.body))
    return str(path)


def choose(client: Client, path: str, password: str):
    page = client.get(path, follow=True)
    form = form_with(page, "password1")
    return client.post(form.action, form.filled(password1=password, password2=password))


def test_the_mail_is_danish_and_leads_to_the_portal(client: Client, secretariat: User):
    path = ask_for_link(client)
    (message,) = mail.outbox
    assert message.to == ["sekretariat@demo.dk"]
    assert "Vælg en ny adgangskode" in message.subject
    assert message.body.startswith("Hej\n")
    assert "Nogen har bedt om en ny adgangskode til din bruger i Udviklingsprogrammet." in (
        message.body
    )
    assert "Sekretariatet for Rammeaftale Sjælland" in message.body
    assert path.startswith("/konto/adgangskode/ny/?link=")


def test_the_answer_says_where_to_look(client: Client, secretariat: User):
    response = client.post(FORGOTTEN, {"email": "sekretariat@demo.dk"}, follow=True)
    assert "Se efter i din indbakke" in text_of(response)


def test_an_unknown_e_mail_gets_the_same_answer_and_no_mail(client: Client, secretariat: User):
    known = client.post(FORGOTTEN, {"email": "sekretariat@demo.dk"}, follow=True)
    sent_mails().clear()
    unknown = client.post(FORGOTTEN, {"email": "ukendt@demo.dk"}, follow=True)
    assert text_of(known) == text_of(unknown)
    assert sent_mails() == []


def test_the_link_sets_a_new_password(client: Client, secretariat: User):
    path = ask_for_link(client)
    assert "Vælg en ny adgangskode" in text_of(client.get(path, follow=True))
    response = choose(client, path, NEW)
    assert response.status_code == 302
    secretariat.refresh_from_db()
    assert secretariat.check_password(NEW)


def test_a_new_user_sets_a_first_password_by_mail(client: Client, db: None):
    user = make_user("Ny", email="ny@example.dk", password=None)
    assert not user.has_usable_password()
    choose(client, ask_for_link(client, "ny@example.dk"), NEW)
    user.refresh_from_db()
    assert user.check_password(NEW)


def test_the_link_works_once(client: Client, secretariat: User):
    path = ask_for_link(client)
    choose(client, path, NEW)
    assert "Linket kan ikke bruges" in text_of(Client().get(path, follow=True))


def test_an_invalid_link_says_so(client: Client, secretariat: User):
    response = client.get("/konto/adgangskode/ny/?link=1-abc123")
    assert "Linket kan ikke bruges" in text_of(response)
    assert "Linket er forældet eller allerede brugt." in text_of(response)


def test_a_deactivated_user_gets_no_link(client: Client, db: None):
    make_user("Eva", email="eva@example.dk", is_active=False)
    client.post(FORGOTTEN, {"email": "eva@example.dk"})
    assert sent_mails() == []


@pytest.mark.parametrize("weak", ["kort", "password1234", "sekretariat@demo.dk"])
def test_a_weak_password_is_refused(client: Client, secretariat: User, weak: str):
    response = choose(client, ask_for_link(client), weak)
    assert response.status_code == 200
    secretariat.refresh_from_db()
    assert secretariat.check_password(PASSWORD)


def test_changing_the_password_takes_the_old_one(secretariat_client: Client, secretariat: User):
    form = form_with(secretariat_client.get("/konto/adgangskode/"), "oldpassword")
    wrong = secretariat_client.post(
        "/konto/adgangskode/",
        form.filled(oldpassword="forkert", password1=NEW, password2=NEW),
    )
    assert wrong.status_code == 200
    secretariat_client.post(
        "/konto/adgangskode/",
        form.filled(oldpassword=PASSWORD, password1=NEW, password2=NEW),
    )
    secretariat.refresh_from_db()
    assert secretariat.check_password(NEW)


def test_a_new_password_ends_the_other_logins(
    client: Client, secretariat_client: Client, secretariat: User
):
    choose(client, ask_for_link(client), NEW)
    assert secretariat_client.get("/status/").status_code == 302


def test_history_holds_no_password(client: Client, secretariat: User):
    choose(client, ask_for_link(client), NEW)
    secretariat.refresh_from_db()
    for row in User.history.filter(id=secretariat.pk).values():
        assert not any(secretariat.password == value or value == NEW for value in row.values())


def test_history_says_who_changed_the_password(secretariat_client: Client, secretariat: User):
    form = form_with(secretariat_client.get("/konto/adgangskode/"), "oldpassword")
    secretariat_client.post(
        "/konto/adgangskode/",
        form.filled(oldpassword=PASSWORD, password1=NEW, password2=NEW),
    )
    assert User.history.filter(id=secretariat.pk).latest().actor_name == secretariat.name


# A user who is changed meanwhile


def rename(user: User) -> None:
    """Rename the user as the secretariat does in the admin."""
    stale = User.objects.get(pk=user.pk)
    who = {"actor": TESTER, "reason": "Nyt navn.", "at": clock.now()}
    changes.change_user(stale, {"name": "Nyt Navn"}, version=stale.version, tell=False, **who)


@pytest.fixture
def renamed_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rename the user while the new password is being hashed."""

    def slow(password: str) -> str:
        rename(User.objects.get(email="sekretariat@demo.dk"))
        return make_password(password)

    monkeypatch.setattr(adapter, "make_password", slow)


@pytest.mark.usefixtures("renamed_meanwhile")
def test_the_password_of_a_user_changed_meanwhile_is_not_changed(
    secretariat_client: Client, secretariat: User
):
    response = secretariat_client.post(
        "/konto/adgangskode/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    )
    assert "Din bruger blev ændret imens. Adgangskoden er ikke skiftet." in text_of(response)
    secretariat.refresh_from_db()
    assert (secretariat.name, secretariat.check_password(PASSWORD)) == ("Nyt Navn", True)


@pytest.mark.usefixtures("renamed_meanwhile")
def test_a_link_sets_no_password_for_a_user_changed_meanwhile(client: Client, secretariat: User):
    response = choose(client, ask_for_link(client), NEW)
    assert "Linket kan ikke bruges" in text_of(response)
    secretariat.refresh_from_db()
    assert (secretariat.name, secretariat.check_password(PASSWORD)) == ("Nyt Navn", True)


def test_a_login_that_renews_the_hash_writes_nothing_else(secretariat: User, settings: Any):
    """At login Django saves a stronger hash of the password, and nothing else of the user."""
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.ScryptPasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    stale = User.objects.get(pk=secretariat.pk)
    assert stale.check_password(PASSWORD)
    secretariat.refresh_from_db()
    assert secretariat.password.startswith("scrypt")
    settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS[1:] + settings.PASSWORD_HASHERS[:1]
    stale = User.objects.get(pk=secretariat.pk)
    rename(secretariat)
    assert stale.check_password(PASSWORD)
    secretariat.refresh_from_db()
    assert (secretariat.name, secretariat.password[:6]) == ("Nyt Navn", "scrypt")


@pytest.mark.django_db(transaction=True)
def test_nothing_is_locked_while_a_password_is_hashed(monkeypatch: pytest.MonkeyPatch):
    """SQLite has one lock for all writers, and a good hash takes half a second."""
    make_user("Eva", email="eva@example.dk")
    locked = []

    def watched(password: str) -> str:
        locked.append(connection.in_atomic_block)
        return make_password(password)

    monkeypatch.setattr(adapter, "make_password", watched)
    browser = Client()
    choose(browser, ask_for_link(browser, "eva@example.dk"), NEW)
    browser.force_login(User.objects.get(email="eva@example.dk"))
    typed = {"oldpassword": NEW, "password1": PASSWORD, "password2": PASSWORD}
    browser.post("/konto/adgangskode/", typed)
    assert User.objects.get(email="eva@example.dk").check_password(PASSWORD)
    assert locked == [False, False]
