"""A mail tells people of changes to their user or access, at the old and the new address."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Membership, OutboxMail, User
from accounts.permissions import Role
from principles.models import Programme
from tests.accounts.mails import sent_mails
from tests.accounts.test_changed_address import change
from tests.core.reading import form_with
from tests.factories import make_membership, make_user


@pytest.fixture
def peer(programme: Programme) -> User:
    """A colleague in the secretariat."""
    user = make_user("Ulla Eksempel", email="ulla@example.dk")
    make_membership(user, programme, Role.SECRETARIAT)
    return user


def change_membership(browser: Client, user: User, **typed: Any) -> None:
    membership = Membership.objects.get(user=user)
    address = f"/admin/accounts/membership/{membership.pk}/change/"
    form = form_with(browser.get(address), "change_reason")
    data = {name: value for name, value in form.filled(**typed).items() if value is not None}
    assert browser.post(address, data).status_code == 302


def test_a_new_address_is_announced_to_the_old_and_the_new_address(
    secretariat_client: Client, peer: User
):
    change(secretariat_client, peer, email="ulla@nyt.dk")
    mails = sent_mails()
    assert sorted(message.to[0] for message in mails) == ["ulla@example.dk", "ulla@nyt.dk"]
    for message in mails:
        assert message.subject == "Din bruger er ændret"
        body = message.body.replace("\N{NO-BREAK SPACE}", " ")
        assert "- E-mailadressen er ændret fra ulla@example.dk til ulla@nyt.dk." in body
        assert "Ændringen er lavet af Anna Eksempel den 26. februar 2026 kl. " in body
        assert "skriv til sekretariatet" in body


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"is_active": None}, "- Din adgang er lukket."),
        ({"name": "Ulla Nyt"}, "- Navnet er ændret fra »Ulla Eksempel« til »Ulla Nyt«."),
    ],
)
def test_a_colleague_gets_a_mail_about_every_change(
    secretariat_client: Client, peer: User, typed: dict[str, Any], sentence: str
):
    change(secretariat_client, peer, **typed)
    (message,) = sent_mails()
    assert message.to == ["ulla@example.dk"]
    assert sentence in message.body


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            {"role": "reader"},
            "- Din rolle i Udviklingsprogrammet er ændret fra Sekretariat til Læser",
        ),
        ({"archived": "on"}, "- Din adgang til Udviklingsprogrammet er lukket."),
    ],
)
def test_a_colleague_gets_a_mail_about_changed_rights(
    secretariat_client: Client, peer: User, typed: dict[str, Any], sentence: str
):
    change_membership(secretariat_client, peer, **typed)
    (message,) = sent_mails()
    assert message.to == ["ulla@example.dk"]
    assert sentence in message.body.replace("\N{NO-BREAK SPACE}", " ")


def test_a_user_who_gets_access_gets_a_mail(
    chief_client: Client, stranger: User, programme: Programme
):
    form = form_with(chief_client.get("/admin/accounts/membership/add/"), "change_reason")
    typed = {"user": stranger.pk, "programme": programme.pk, "role": "group"}
    chief_client.post("/admin/accounts/membership/add/", form.filled(**typed))
    (message,) = sent_mails()
    assert message.to == [stranger.email]
    assert "Du har fået adgang til Udviklingsprogrammet som Implementeringsgruppe." in message.body


def test_a_user_who_changes_their_own_address_gets_a_mail_at_the_old_one(
    secretariat_client: Client, secretariat: User
):
    """Somebody else may be using an open session."""
    change(secretariat_client, secretariat, email="anna@nyt.dk")
    assert {message.to[0] for message in sent_mails()} == {"sekretariat@demo.dk", "anna@nyt.dk"}


def test_an_administrator_may_leave_the_mail_out(chief_client: Client, peer: User):
    change(chief_client, peer, email="ulla@nyt.dk", tell=None)
    change_membership(chief_client, peer, role="group", tell=None)
    assert sent_mails() == []
    change(chief_client, User.objects.get(pk=peer.pk), is_active=None)
    assert len(sent_mails()) == 1


def test_a_secretariat_may_not_leave_the_mail_out(secretariat_client: Client, peer: User):
    for typed in ({"tell": None}, {"tell": ""}):
        change(secretariat_client, User.objects.get(pk=peer.pk), name=f"Ulla {typed}", **typed)
    assert len(sent_mails()) == 2


def test_saving_without_a_change_sends_nothing(secretariat_client: Client, peer: User):
    change(secretariat_client, peer)
    change_membership(secretariat_client, peer)
    assert not OutboxMail.objects.exists()


def test_a_refused_change_sends_nothing(secretariat_client: Client, peer: User):
    address = f"/admin/accounts/user/{peer.pk}/change/"
    form = form_with(secretariat_client.get(address), "change_reason")
    secretariat_client.post(address, form.filled(email="gruppe@demo.dk"))
    secretariat_client.post(address, form.filled(email="ulla@nyt.dk", token="0"))
    assert not OutboxMail.objects.exists()


def test_a_new_password_is_announced_by_mail(client: Client, peer: User):
    client.force_login(peer)
    form = form_with(client.get("/konto/adgangskode/"), "oldpassword")
    new = "et-helt-nyt-kodeord-2026"
    client.post(
        "/konto/adgangskode/",
        form.filled(oldpassword="en-lang-adgangskode", password1=new, password2=new),
    )
    (message,) = sent_mails()
    assert (message.to, message.subject) == (["ulla@example.dk"], "Din adgangskode er skiftet")
    assert new not in message.body
