"""Min profil, Hvem må hvad and Kontakt, and what the frame shows to whom."""

import re

import pytest
from django.test import Client

from accounts.models import User
from accounts.permissions import ROLE_PERMISSIONS, Permission, Role
from core import clock, writing
from principles.models import Programme
from tests.core.reading import html_of, text_of
from tests.factories import TESTER, make_user


def cells(response) -> list[list[str]]:
    rows = re.findall(r"(?s)<tr>(.*?)</tr>", html_of(response))
    return [re.findall(r"(?s)<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]


@pytest.mark.parametrize("client_name", ["reader_client", "group_client", "secretariat_client"])
def test_the_permissions_page_is_the_table(request, client_name: str):
    client: Client = request.getfixturevalue(client_name)
    head, *rows = cells(client.get("/hvem-maa-hvad/"))
    assert head == ["Rettighed", *(role.label for role in Role)]
    assert rows == [
        [
            permission.label,
            *("Ja" if permission in ROLE_PERMISSIONS[role] else "Nej" for role in Role),
        ]
        for permission in Permission
        # The demo's programme has no tovholdere (tests/initiatives/contacts).
        if permission != Permission.JUDGE_OWN
    ]


def test_the_three_roles_may_do_what_the_design_says():
    assert {
        Role.SECRETARIAT: set(Permission),
        Role.GROUP: {Permission.VIEW_EDITIONS, Permission.VIEW_PLAN, Permission.JUDGE_OWN},
        Role.READER: {Permission.VIEW_EDITIONS},
    } == ROLE_PERMISSIONS


@pytest.mark.parametrize(
    ("client_name", "name", "email", "role"),
    [
        ("secretariat_client", "Anna Eksempel", "sekretariat@demo.dk", "Sekretariat"),
        ("group_client", "Bo Eksempel", "gruppe@demo.dk", "Implementeringsgruppe"),
        ("reader_client", "Clara Eksempel", "laeser@demo.dk", "Læser (Direktør- og chefforum)"),
    ],
)
def test_the_profile_shows_name_e_mail_and_role(
    request, client_name: str, name: str, email: str, role: str
):
    text = text_of(request.getfixturevalue(client_name).get("/min-profil/"))
    assert f"Navn {name}" in text
    assert f"E-mail {email}" in text
    assert f"Rolle {role}" in text


def test_a_superuser_is_shown_as_driftsansvarlig(client: Client, programme: Programme):
    client.force_login(make_user("Drift", is_superuser=True))
    assert "Rolle Driftsansvarlig" in text_of(client.get("/min-profil/"))


def test_contact_says_when_the_e_mail_is_not_known(reader_client: Client, programme: Programme):
    assert "Sekretariatets e-mail er ikke oplyst." in text_of(reader_client.get("/kontakt/"))
    writing.change(
        programme,
        {"contact_email": "rs17@example.dk"},
        version=programme.version,
        actor=TESTER,
        reason="",
        at=clock.now(),
    )
    assert 'href="mailto:rs17@example.dk"' in html_of(reader_client.get("/kontakt/"))


def menu(response, label: str) -> list[str]:
    (nav,) = re.findall(rf'(?s)<nav[^>]*aria-label="{label}">(.*?)</nav>', html_of(response))
    return [text_of(link) for link in re.findall(r"(?s)<a [^>]*>(.*?)</a>", nav)]


def test_a_reader_has_the_menu_of_a_reader(reader_client: Client):
    assert menu(reader_client.get("/min-profil/"), "Hovedmenu") == ["Statusopgørelser"]


def test_roles_that_see_the_plan_have_it_in_the_menu(group_client: Client):
    items = ["Overblik", "Status", "Tidslinje", "Statusopgørelser"]
    assert menu(group_client.get("/min-profil/"), "Hovedmenu") == items


def test_only_roles_that_edit_the_frame_see_the_link_to_the_admin(
    secretariat_client: Client, group_client: Client
):
    assert 'href="/admin/"' in html_of(secretariat_client.get("/min-profil/"))
    assert "/admin/" not in html_of(group_client.get("/min-profil/"))


def test_the_name_and_the_log_out_button_are_on_every_page(group_client: Client, group: User):
    text = text_of(group_client.get("/status/"))
    assert group.name in text
    assert "Log ud" in text
    assert "Gå til indhold" in text


def test_links_keep_the_programme_in_the_address(secretariat_client: Client):
    page = html_of(secretariat_client.get("/program/udviklingsprogrammet/min-profil/"))
    links = re.findall(r'href="(/[^"]*)"', page)
    programme = [link for link in links if not re.match("/(static|konto|admin|was|privat)", link)]
    assert programme
    assert [link for link in programme if not link.startswith("/program/")] == []


def test_the_example_data_sentence_is_on_every_page(reader_client: Client):
    for path in ("/", "/min-profil/", "/hvem-maa-hvad/", "/kontakt/", "/was/", "/konto/log-ud/"):
        assert "Eksempeldata. Status, begrundelser og brugere er opdigtede" in text_of(
            reader_client.get(path, follow=True)
        )
