"""Logging in and out, by e-mail; nobody signs up by themselves."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from accounts.models import User
from core import clock, writing
from tests.core.reading import form_with, html_of, text_of
from tests.factories import PASSWORD, TESTER, make_membership, make_user

LOGIN = "/konto/log-ind/"
WRONG = "E-mail eller adgangskode er forkert."
CLOSED = "Adgang oprettes af sekretariatet."


def log_in(client: Client, email: str, password: str = PASSWORD, **typed: str):
    return client.post(LOGIN, {"login": email, "password": password, **typed})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_user_logs_in_with_an_e_mail(client: Client, secretariat: User):
    response = log_in(client, "sekretariat@demo.dk")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert is_signed_in(client)


def test_capital_letters_in_the_e_mail_make_no_difference(client: Client, secretariat: User):
    log_in(client, "Sekretariat@Demo.dk")
    assert is_signed_in(client)


def test_the_login_page_is_danish(client: Client, db: None):
    response = client.get(LOGIN)
    text = text_of(response)
    assert html_of(response).count("<h1") == 1
    assert "Log ind" in text
    assert "E-mail" in text
    assert "Adgangskode" in text
    assert CLOSED in text
    assert set(form_with(response, "login").data) >= {"login", "password", "csrfmiddlewaretoken"}


def test_a_wrong_password_is_answered_in_one_sentence(client: Client, secretariat: User):
    response = log_in(client, "sekretariat@demo.dk", "forkert-kodeord")
    text = text_of(response)
    assert not is_signed_in(client)
    assert WRONG in text
    assert CLOSED in text
    assert form_with(response, "login").data["login"] == "sekretariat@demo.dk"


def test_an_unknown_e_mail_gets_the_same_answer(client: Client, secretariat: User):
    known = text_of(log_in(client, "sekretariat@demo.dk", "forkert-kodeord"))
    unknown = text_of(log_in(client, "ukendt@demo.dk", "forkert-kodeord"))
    assert known.replace("sekretariat@demo.dk", "") == unknown.replace("ukendt@demo.dk", "")


def test_guessing_is_stopped_in_danish(client: Client, secretariat: User):
    answers = [
        text_of(log_in(client, "sekretariat@demo.dk", f"forkert-{number}")) for number in range(12)
    ]
    assert WRONG in answers[0]
    assert "For mange forsøg Vent 15 minutter, og prøv igen." in answers[-1]
    log_in(client, "sekretariat@demo.dk")
    assert not is_signed_in(client)


def test_a_deactivated_user_cannot_log_in(client: Client, db: None):
    make_user("Eva", email="eva@example.dk", is_active=False)
    log_in(client, "eva@example.dk")
    assert not is_signed_in(client)


def test_a_deactivated_user_is_logged_out_at_once(secretariat: User, secretariat_client: Client):
    assert secretariat_client.get("/status/").status_code == 200
    writing.change(
        secretariat,
        {"is_active": False},
        version=secretariat.version,
        actor=TESTER,
        reason="",
        at=clock.now(),
    )
    response = secretariat_client.get("/status/")
    assert (response.status_code, response["Location"]) == (302, f"{LOGIN}?next=/status/")


def test_an_e_mail_that_was_changed_no_longer_logs_in(client: Client, db: None):
    user = make_user("Eva", email="eva@example.dk")
    log_in(client, "eva@example.dk")
    client.post("/konto/log-ud/")
    writing.change(
        user,
        {"email": "eva@ny.dk"},
        version=user.version,
        actor=TESTER,
        reason="",
        at=clock.now(),
    )
    log_in(client, "eva@example.dk")
    assert not is_signed_in(client)
    log_in(client, "eva@ny.dk")
    assert is_signed_in(client)


def test_logging_in_writes_no_history(client: Client, secretariat: User):
    before = User.history.count()
    log_in(client, "sekretariat@demo.dk")
    assert User.history.count() == before


def test_login_leads_to_the_page_that_was_asked_for(client: Client, secretariat: User):
    asked = client.get("/initiativer/kontraktanalyse/?fra=tabel")
    assert asked.status_code == 302
    page = client.get(asked["Location"])
    form = form_with(page, "login")
    response = client.post(LOGIN, form.filled(login="sekretariat@demo.dk", password=PASSWORD))
    assert response["Location"] == "/initiativer/kontraktanalyse/?fra=tabel"


def test_login_leads_to_no_other_site(client: Client, secretariat: User):
    response = log_in(client, "sekretariat@demo.dk", next="https://et-andet-sted.dk/")
    assert response["Location"] == "/"


def test_a_stranger_sees_nothing_of_any_programme(client: Client, secretariat: User):
    make_user("Fremmed", email="fremmed@example.dk")
    log_in(client, "fremmed@example.dk")
    response = client.get("/")
    assert response.status_code == 404
    assert "Kontraktanalyse" not in text_of(response)


def test_an_archived_membership_gives_no_access(client: Client, programme):
    user = make_user("Eva")
    membership = make_membership(user, programme)
    client.force_login(user)
    assert client.get("/status/").status_code == 200
    writing.archive(membership, version=membership.version, actor=TESTER, reason="", at=clock.now())
    assert client.get("/status/").status_code == 404
    assert client.get("/admin/").status_code == 302


def test_an_archived_membership_does_not_hide_the_others(
    client: Client, programme, other_programme
):
    user = make_user("Eva")
    membership = make_membership(user, programme)
    make_membership(user, other_programme.programme)
    writing.archive(membership, version=membership.version, actor=TESTER, reason="", at=clock.now())
    client.force_login(user)
    response = client.get("/status/")
    assert response.status_code == 200
    assert "Det andet programs initiativ" in text_of(response)


# Logging out


def test_a_user_logs_out_by_post(secretariat_client: Client):
    response = secretariat_client.post("/konto/log-ud/", follow=True)
    assert not is_signed_in(secretariat_client)
    assert "Du er logget ud." in text_of(response)


def test_a_get_logs_nobody_out(secretariat_client: Client):
    response = secretariat_client.get("/konto/log-ud/")
    assert response.status_code == 200
    assert is_signed_in(secretariat_client)
    assert "Log ud" in text_of(response)


def test_there_is_no_sign_up(client: Client, db: None):
    assert CLOSED in text_of(client.get("/konto/opret/"))
    users = User.objects.count()
    response = client.post(
        "/konto/opret/", {"email": "ny@example.dk", "password1": "en-lang-adgangskode-mere"}
    )
    assert CLOSED in text_of(response)
    assert User.objects.count() == users


# Logged out in the middle of something


def test_a_page_asks_for_login(client: Client, programme):
    response = client.get("/status/?princip=kvalitet")
    assert response.status_code == 302
    assert response["Location"] == f"{LOGIN}?next=/status/%3Fprincip%3Dkvalitet"


@pytest.mark.parametrize("act", ["uaendret", "fortryd", "status"])
def test_htmx_gets_401_and_the_way_back_to_the_same_page(
    client: Client, secretariat: User, act: str
):
    """The page stays as it is, with every form that is open on it."""
    headers = {
        "hx-request": "true",
        "hx-current-url": "http://testserver/status/?princip=kvalitet",
    }
    path = f"/initiativer/kontraktanalyse/{act}/"
    for response in (client.get(path, headers=headers), client.post(path, headers=headers)):
        assert response.status_code == 401
        assert not {"HX-Redirect", "Location"} & set(response.headers)
    (following,) = parse_qs(urlsplit(response["X-Login"]).query)["next"]
    back = log_in(client, "sekretariat@demo.dk", next=following)
    assert back["Location"] == "/status/?princip=kvalitet"


@pytest.mark.parametrize(
    "path",
    [
        "/initiativer/kontraktanalyse/uaendret/",
        "/initiativer/kontraktanalyse/fortryd/",
        "/indsatser/kontraktanalyse-1/flyt/",
        "/indsatser/kontraktanalyse-1/gendan/",
    ],
)
def test_after_login_a_button_leads_to_a_page(client: Client, secretariat: User, path: str):
    asked = client.post(path)
    (following,) = parse_qs(urlsplit(asked["Location"]).query).get("next", ["/"])
    back = log_in(client, "sekretariat@demo.dk", next=following)
    assert client.get(back["Location"], follow=True).status_code == 200
