"""Users and memberships in the admin: given by the secretariat, within its own programme."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import Membership, User
from accounts.permissions import Role
from core import clock, writing
from core.tracking import Actor
from principles.models import Programme
from tests.accounts.mails import sent_mails
from tests.conftest import OtherProgramme
from tests.core.reading import form_with, html_of, text_of
from tests.factories import make_membership, make_user

USERS = "/admin/accounts/user/"
MEMBERSHIPS = "/admin/accounts/membership/"


@pytest.fixture
def chief(db: None) -> User:
    """A superuser, who runs the portal."""
    return make_user("Drift", email="drift@example.dk", is_superuser=True)


@pytest.fixture
def chief_client(chief: User) -> Client:
    client = Client()
    client.force_login(chief)
    return client


def form_at(client: Client, address: str) -> Any:
    return form_with(client.get(address), "change_reason")


def change_of(row: User | Membership) -> str:
    base = USERS if isinstance(row, User) else MEMBERSHIPS
    return f"{base}{row.pk}/change/"


def membership_of(user: User) -> Membership:
    membership: Membership = Membership.objects.get(user=user)
    return membership


# A new user


def test_a_new_user_gets_a_membership_from_the_same_form(
    secretariat_client: Client, secretariat: User, programme: Programme
):
    form = form_at(secretariat_client, f"{USERS}add/")
    response = secretariat_client.post(
        f"{USERS}add/",
        form.filled(
            name="Eva Ny",
            email="Eva@Example.dk",
            programme=programme.pk,
            role="group",
            change_reason="Ny i gruppen.",
        ),
    )
    assert response.status_code == 302
    user = User.objects.get(email="eva@example.dk")
    membership = membership_of(user)
    assert (membership.programme, membership.role) == (programme, Role.GROUP)
    for row in (user, membership):
        created = row.history.get()
        assert (created.actor_name, created.history_user) == ("Anna Eksempel", secretariat)
        assert created.history_change_reason == "Ny i gruppen."


def test_a_new_user_has_no_password_until_one_is_set_by_mail(
    secretariat_client: Client, client: Client, programme: Programme
):
    form = form_at(secretariat_client, f"{USERS}add/")
    secretariat_client.post(
        f"{USERS}add/",
        form.filled(name="Eva", email="eva@example.dk", programme=programme.pk, role="reader"),
    )
    assert not User.objects.get(email="eva@example.dk").has_usable_password()
    client.post("/konto/adgangskode/glemt/", {"email": "eva@example.dk"})
    assert [message.to for message in sent_mails()] == [["eva@example.dk"]]


@pytest.mark.parametrize("missing", ["name", "email", "programme", "role"])
def test_a_new_user_needs_name_e_mail_programme_and_role(
    secretariat_client: Client, programme: Programme, missing: str
):
    form = form_at(secretariat_client, f"{USERS}add/")
    typed = {"name": "Eva", "email": "eva@example.dk", "programme": programme.pk, "role": "group"}
    response = secretariat_client.post(f"{USERS}add/", form.filled(**typed | {missing: ""}))
    assert response.status_code == 200
    assert not User.objects.filter(email="eva@example.dk").exists()


def test_an_e_mail_has_one_user(secretariat_client: Client, programme: Programme):
    form = form_at(secretariat_client, f"{USERS}add/")
    response = secretariat_client.post(
        f"{USERS}add/",
        form.filled(name="Bo", email="GRUPPE@demo.dk", programme=programme.pk, role="group"),
    )
    assert "Der er allerede en bruger med den e-mail." in text_of(response)


# Existing users


def test_the_list_has_the_members_of_the_viewers_programme_only(
    secretariat_client: Client, other_programme: OtherProgramme, chief: User, stranger: User
):
    text = text_of(secretariat_client.get(USERS))
    for name in ("Anna Eksempel", "Bo Eksempel", "Clara Eksempel"):
        assert name in text
    for name in ("Dorte Anden", "Drift", "Fremmed"):
        assert name not in text


def test_a_change_of_a_user_goes_through_the_door(
    secretariat_client: Client, secretariat: User, group: User
):
    form = form_at(secretariat_client, change_of(group))
    secretariat_client.post(
        change_of(group), form.filled(name="Bo Nyt Navn", change_reason="Gift.")
    )
    stored = User.objects.get(pk=group.pk)
    newest = stored.history.latest()
    assert (stored.name, stored.version) == ("Bo Nyt Navn", group.version + 1)
    assert (newest.actor_name, newest.history_change_reason) == ("Anna Eksempel", "Gift.")
    text = text_of(secretariat_client.get(f"{USERS}{group.pk}/history/"))
    assert "Anna Eksempel rettede navnet fra »Bo Eksempel« til »Bo Nyt Navn«" in text
    assert "Begrundelse: Gift." in text


def test_a_user_is_deactivated(secretariat_client: Client, group: User, group_client: Client):
    form = form_at(secretariat_client, change_of(group))
    data = {name: value for name, value in form.data.items() if name != "is_active"}
    secretariat_client.post(change_of(group), data)
    assert not User.objects.get(pk=group.pk).is_active
    assert group_client.get("/status/").status_code == 302


def test_a_stale_form_is_refused_with_the_text_kept(secretariat_client: Client, group: User):
    form = form_at(secretariat_client, change_of(group))
    writing.change(
        group,
        {"email": "bo@ny.dk"},
        version=group.version,
        actor=Actor("Clara"),
        reason="",
        at=clock.now(),
    )
    response = secretariat_client.post(change_of(group), form.filled(name="Mit navn"))
    assert "En anden har rettet det samme" in text_of(response)
    assert form_with(response, "change_reason").data["name"] == "Mit navn"
    assert User.objects.get(pk=group.pk).name == "Bo Eksempel"


@pytest.mark.parametrize("page", [USERS, MEMBERSHIPS])
@pytest.mark.parametrize("client_name", ["group_client", "reader_client", "stranger_client"])
def test_other_roles_are_refused(request, programme: Programme, client_name: str, page: str):
    browser: Client = request.getfixturevalue(client_name)
    assert browser.get(page, follow=True).status_code == 403
    assert browser.post(f"{page}add/", {"name": "Eva"}, follow=True).status_code == 403


def test_no_user_can_be_deleted(secretariat_client: Client, chief_client: Client, group: User):
    for browser in (secretariat_client, chief_client):
        for row in (group, membership_of(group)):
            address = change_of(row).replace("change", "delete")
            assert browser.post(address, {"post": "yes"}).status_code == 403
            assert "/delete/" not in html_of(browser.get(change_of(row)))
    assert User.objects.filter(pk=group.pk).exists()


# Memberships


def test_a_role_is_changed_through_the_door(secretariat_client: Client, reader: User):
    membership = membership_of(reader)
    form = form_at(secretariat_client, change_of(membership))
    secretariat_client.post(
        change_of(membership), form.filled(role="group", change_reason="Ny leder.")
    )
    stored = membership_of(reader)
    assert (stored.role, stored.version) == (Role.GROUP, membership.version + 1)
    text = text_of(secretariat_client.get(f"{MEMBERSHIPS}{membership.pk}/history/"))
    assert "rettede rollen fra »Læser (Direktør- og chefforum)« til »Implementeringsgruppe«" in text


def test_ticking_the_box_archives_a_membership(
    secretariat_client: Client, group: User, group_client: Client
):
    membership = membership_of(group)
    form = form_at(secretariat_client, change_of(membership))
    secretariat_client.post(change_of(membership), form.filled(archived="on"))
    assert membership_of(group).is_archived
    assert group_client.get("/status/").status_code == 404


def test_a_user_has_one_membership_of_a_programme(
    secretariat_client: Client, group: User, programme: Programme
):
    form = form_at(secretariat_client, f"{MEMBERSHIPS}add/")
    response = secretariat_client.post(
        f"{MEMBERSHIPS}add/", form.filled(user=group.pk, programme=programme.pk, role="reader")
    )
    assert "Brugeren er allerede medlem af programmet." in text_of(response)


# What the secretariat may not take


def test_nobody_makes_themselves_a_superuser(secretariat_client: Client, secretariat: User):
    form = form_at(secretariat_client, change_of(secretariat))
    assert "is_superuser" not in form.data
    secretariat_client.post(
        change_of(secretariat), form.filled(is_superuser="on", is_staff="on", version="1")
    )
    assert not User.objects.get(pk=secretariat.pk).is_superuser


def test_nobody_makes_a_new_user_a_superuser(secretariat_client: Client, programme: Programme):
    form = form_at(secretariat_client, f"{USERS}add/")
    secretariat_client.post(
        f"{USERS}add/",
        form.filled(
            name="Eva",
            email="eva@example.dk",
            programme=programme.pk,
            role="group",
            is_superuser="on",
        ),
    )
    assert not User.objects.get(email="eva@example.dk").is_superuser


def test_no_password_is_set_through_the_form(
    secretariat_client: Client, group: User, client: Client
):
    before = group.password
    form = form_at(secretariat_client, change_of(group))
    secretariat_client.post(change_of(group), form.filled(name="Bo", password="kendt-kodeord-12"))
    assert User.objects.get(pk=group.pk).password == before
    assert secretariat_client.get(f"{USERS}{group.pk}/password/", follow=True).status_code in (
        302,
        404,
        200,
    )
    assert "password1" not in html_of(
        secretariat_client.get(f"{USERS}{group.pk}/password/", follow=True)
    )


@pytest.mark.parametrize("whom", ["chief", "other", "stranger"])
def test_users_of_other_programmes_cannot_be_edited(
    request, secretariat_client: Client, other_programme: OtherProgramme, whom: str
):
    user = other_programme.secretariat if whom == "other" else request.getfixturevalue(whom)
    response = secretariat_client.post(
        change_of(user), {"name": "Overtaget", "email": "min@example.dk", "token": "1"}
    )
    assert response.status_code in (302, 404)
    assert User.objects.get(pk=user.pk).name == user.name
    assert secretariat_client.get(f"{USERS}{user.pk}/history/").status_code == 404


def test_a_superuser_who_is_also_a_member_cannot_be_edited(
    secretariat_client: Client, chief: User, programme: Programme
):
    make_membership(chief, programme, Role.READER)
    secretariat_client.post(
        change_of(chief), {"name": "Drift", "email": "min@example.dk", "token": "1"}
    )
    assert User.objects.get(pk=chief.pk).email == "drift@example.dk"


def test_the_address_of_a_member_of_two_programmes_cannot_be_changed(
    secretariat_client: Client, group: User, other_programme: OtherProgramme
):
    """Whoever sets the address gets the next password by mail, and so the other programme."""
    make_membership(group, other_programme.programme, Role.SECRETARIAT)
    address = change_of(group)
    secretariat_client.post(
        address,
        {"name": group.name, "email": "min@example.dk", "is_active": "on", "token": group.version},
    )
    assert User.objects.get(pk=group.pk).email == "gruppe@demo.dk"


def test_memberships_of_other_programmes_cannot_be_edited(
    secretariat_client: Client, other_programme: OtherProgramme
):
    membership = membership_of(other_programme.secretariat)
    response = secretariat_client.post(
        change_of(membership),
        {"user": membership.user_id, "programme": membership.programme_id, "role": "reader"},
    )
    assert response.status_code in (302, 404)
    assert membership_of(other_programme.secretariat).role == Role.SECRETARIAT
    assert "Dorte Anden" not in text_of(secretariat_client.get(MEMBERSHIPS))


def test_nobody_gives_access_to_another_programme(
    secretariat_client: Client, secretariat: User, other_programme: OtherProgramme
):
    form = form_at(secretariat_client, f"{MEMBERSHIPS}add/")
    response = secretariat_client.post(
        f"{MEMBERSHIPS}add/",
        form.filled(
            user=secretariat.pk, programme=other_programme.programme.pk, role="secretariat"
        ),
    )
    assert response.status_code == 200
    assert Membership.objects.filter(user=secretariat).count() == 1


def test_nobody_moves_a_membership_to_another_programme(
    secretariat_client: Client, secretariat: User, other_programme: OtherProgramme
):
    membership = membership_of(secretariat)
    form = form_at(secretariat_client, change_of(membership))
    secretariat_client.post(
        change_of(membership), form.filled(programme=other_programme.programme.pk)
    )
    assert membership_of(secretariat).programme == membership.programme


def test_a_new_user_is_not_made_a_member_of_another_programme(
    secretariat_client: Client, other_programme: OtherProgramme
):
    form = form_at(secretariat_client, f"{USERS}add/")
    response = secretariat_client.post(
        f"{USERS}add/",
        form.filled(
            name="Eva",
            email="eva@example.dk",
            programme=other_programme.programme.pk,
            role="secretariat",
        ),
    )
    assert response.status_code == 200
    assert not User.objects.filter(email="eva@example.dk").exists()


@pytest.mark.parametrize("whom", ["chief", "stranger"])
def test_a_user_of_another_programme_cannot_be_added_by_id(
    request, secretariat_client: Client, programme: Programme, whom: str
):
    user: User = request.getfixturevalue(whom)
    form = form_at(secretariat_client, f"{MEMBERSHIPS}add/")
    response = secretariat_client.post(
        f"{MEMBERSHIPS}add/", form.filled(user=user.pk, programme=programme.pk, role="reader")
    )
    assert response.status_code == 200
    assert not Membership.objects.filter(user=user).exists()


def test_an_unknown_role_is_refused(secretariat_client: Client, reader: User):
    membership = membership_of(reader)
    form = form_at(secretariat_client, change_of(membership))
    response = secretariat_client.post(change_of(membership), form.filled(role="konge"))
    assert response.status_code == 200
    assert membership_of(reader).role == Role.READER


def test_nobody_writes_a_login_address_for_somebody_else(
    secretariat_client: Client, chief: User, client: Client
):
    """allauth's own table of e-mails opens a login: with it one could take over any user."""
    secretariat_client.post(
        "/admin/account/emailaddress/add/",
        {"user": chief.pk, "email": "min@example.dk", "verified": "on", "primary": "on"},
    )
    assert not EmailAddress.objects.filter(email="min@example.dk").exists()
    client.post("/konto/adgangskode/glemt/", {"email": "min@example.dk"})
    assert sent_mails() == []


def test_djangos_groups_are_not_for_the_secretariat(secretariat_client: Client):
    secretariat_client.post("/admin/auth/group/add/", {"name": "Ny gruppe"})
    assert not Group.objects.exists()


# Who runs the portal


def test_the_chief_makes_a_user_without_a_programme(chief_client: Client):
    form = form_at(chief_client, f"{USERS}add/")
    chief_client.post(
        f"{USERS}add/", form.filled(name="Eva", email="eva@example.dk", is_superuser="on")
    )
    assert User.objects.get(email="eva@example.dk").is_superuser


def test_the_chief_gives_a_membership_anywhere(
    chief_client: Client, stranger: User, other_programme: OtherProgramme
):
    form = form_at(chief_client, f"{MEMBERSHIPS}add/")
    chief_client.post(
        f"{MEMBERSHIPS}add/",
        form.filled(user=stranger.pk, programme=other_programme.programme.pk, role="reader"),
    )
    assert membership_of(stranger).role == Role.READER


def test_html_in_a_name_is_shown_as_text(secretariat_client: Client, programme: Programme):
    user = make_user("<b>Fed</b>")
    make_membership(user, programme, Role.READER)
    for address in (USERS, MEMBERSHIPS, change_of(user), f"{USERS}{user.pk}/history/"):
        page = html_of(secretariat_client.get(address))
        assert "<b>Fed" not in page
        assert "&lt;b&gt;Fed" in page
