"""A form that came when the login had ended goes through the login and back, without JavaScript."""

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from core import kept
from initiatives.models import Action
from tests.core.reading import Form, form_to, form_with, html_of, text_of
from tests.factories import PASSWORD
from tests.initiatives.steps import updates

LOGIN = "/konto/log-ind/"
DISCARD = "/konto/kasser-tekst/"
HOST = "http://testserver"
TEXT = "Linje 1 <b>\nLinje 2 & æøå"
# Every kind of form: its address, the text box that is written in, and a button it is saved with.
FORMS = [
    ("/initiativer/kontraktanalyse/status/", "reason"),
    ("/initiativer/kontraktanalyse/ret/", "report_text"),
    ("/indsatser/kontraktanalyse-1/ret/", "title"),
    ("/deadlines/kontraktanalyse-d1/ret/", "wording"),
    ("/indsatsomraader/a/initiativer/tilfoej/", "report_text"),
    ("/initiativer/kontraktanalyse/indsatser/tilfoej/", "title"),
    ("/initiativer/kontraktanalyse/deadlines/tilfoej/", "wording"),
    ("/statusopgoerelser/2026-02/laas/", "meeting_on"),
    ("/deadlines/kontraktanalyse-d1/udfald/", "outcome_remark"),
    ("/maaneden/begynd/", "reason"),
    ("/maaneden/moede/", "next_meeting_on"),
]
STATUS = FORMS[0]
EVERY = pytest.mark.parametrize(("path", "name"), FORMS)


def strict(user: User) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    return client


def send(client: Client, path: str, form: Form, **typed: str) -> Any:
    headers = {"origin": HOST, "referer": HOST + path}
    return client.post(path, form.filled(**typed), headers=headers)


def end_login(client: Client) -> None:
    """The login ends on the server: the cookies of the browser stay."""
    client.session.flush()


def log_in_again(client: Client, page: Any, email: str, password: str = PASSWORD) -> Any:
    """Press "Log ind" on the page that says that the login has ended, and log in."""
    on_the_way = form_with(page, kept.SEALED)
    opened = client.post(on_the_way.action, on_the_way.data, headers={"origin": HOST})
    assert opened.status_code == 200
    assert "udfyldes" not in text_of(opened)
    form = form_with(opened, kept.SEALED)
    return client.post(LOGIN, form.filled(login=email, password=password))


@pytest.mark.promise(10)
@EVERY
def test_every_form_comes_back_after_the_login(secretariat: User, path: str, name: str):
    client = strict(secretariat)
    form = form_with(client.get(path), name)
    text = "den dag vi mødes" if name.endswith("meeting_on") else TEXT
    end_login(client)
    page = send(client, path, form, **{name: text})
    assert page.status_code == 401
    assert "Din tekst står her endnu. Log ind, og gem igen." in text_of(page)
    response = log_in_again(client, page, secretariat.email)
    assert (response.status_code, response["Location"]) == (302, path)
    again = client.get(path)
    assert "er bevaret. Den er ikke gemt endnu." in text_of(again)
    assert "error-summary" not in html_of(again)
    assert form_with(again, name).data[name] == text
    # What travels is what was sent: its version, too.
    for hidden in ("version", "formular"):
        assert form_with(again, name).data.get(hidden) == form.data.get(hidden)


@pytest.mark.promise(10)
def test_why_a_warning_is_in_order_comes_back_too(secretariat: User):
    """Its address names the warning, so it is found on the initiative's page."""
    client = strict(secretariat)
    page = html_of(client.get("/initiativer/kontraktanalyse/"))
    match = re.search(r"/initiativer/kontraktanalyse/advarsler/\w+/afvis/", page)
    assert match
    form = form_with(client.get(match[0]), "reason")
    end_login(client)
    refused = send(client, match[0], form, reason=TEXT)
    assert refused.status_code == 401
    log_in_again(client, refused, secretariat.email)
    assert form_with(client.get(match[0]), "reason").data["reason"] == TEXT


def test_it_is_saved_from_there_and_then_forgotten(secretariat: User):
    path, name = "/initiativer/kontraktanalyse/indsatser/tilfoej/", "title"
    client = strict(secretariat)
    form = form_with(client.get(path), name)
    end_login(client)
    log_in_again(client, send(client, path, form, title="Kom igennem"), secretariat.email)
    assert send(client, path, form_with(client.get(path), name)).status_code == 302
    assert Action.objects.filter(title="Kom igennem").count() == 1
    assert "er bevaret" not in text_of(client.get(path))
    assert kept.KEPT not in client.session


def test_a_wrong_password_does_not_lose_it(secretariat: User):
    path, name = STATUS
    client = strict(secretariat)
    form = form_with(client.get(path), name)
    end_login(client)
    refused = log_in_again(
        client, send(client, path, form, reason=TEXT), secretariat.email, "forkert-kodeord"
    )
    login = form_with(refused, kept.SEALED).filled(login=secretariat.email, password=PASSWORD)
    client.post(LOGIN, login)
    assert form_with(client.get(path), name).data[name] == TEXT


def test_the_next_user_of_the_browser_does_not_get_it(secretariat: User, group: User):
    path, name = STATUS
    client = strict(secretariat)
    form = form_with(client.get(path), name)
    end_login(client)
    log_in_again(client, send(client, path, form, reason=TEXT), group.email)
    assert kept.KEPT not in client.session


def test_an_old_token_keeps_the_text_for_the_same_user(secretariat: User):
    path, name = STATUS
    client = strict(secretariat)
    form = form_with(client.get(path), name)
    client.cookies["csrftoken"] = "x" * 32
    page = send(client, path, form, reason=TEXT)
    assert page.status_code == 403
    assert "Siden har stået åben for længe til at gemme fra." in text_of(page)
    assert f'href="{path}"' in html_of(page)
    again = form_with(client.get(path), name)
    assert again.data[name] == TEXT
    send(client, path, again)
    assert [update.reason for update in updates("kontraktanalyse")][-1] == TEXT


def test_an_old_token_of_another_user_keeps_nothing(secretariat: User, group: User):
    """Somebody else logged in in another tab."""
    path, name = STATUS
    client = strict(secretariat)
    form = form_with(client.get(path), name)
    client.force_login(group)
    client.cookies["csrftoken"] = "y" * 32
    page = send(client, path, form, reason=TEXT)
    assert page.status_code == 403
    assert "Kopiér den herunder" in text_of(page)
    assert "X-Form-Token" not in page
    assert kept.KEPT not in client.session


@pytest.mark.parametrize(
    ("origin", "typed"),
    [
        ("https://et-andet-sted.dk", {}),
        ("", {}),
        (HOST, {"af": ""}),
        (HOST, {"reason": "x" * (kept.MAX_LENGTH + 1)}),
    ],
)
def test_what_is_not_ours_or_too_long_does_not_travel(secretariat: User, origin: str, typed: Any):
    path, name = STATUS
    client = Client()
    client.force_login(secretariat)
    form = form_with(client.get(path), name)
    end_login(client)
    headers = {"origin": origin} if origin else {}
    page = client.post(path, form.filled(**({"reason": TEXT} | typed)), headers=headers)
    assert page.status_code == 401
    assert 'name="bevaret"' not in html_of(page)


def test_a_forged_seal_is_nothing(secretariat: User):
    client = strict(secretariat)
    page = client.post(LOGIN, {kept.SEALED: "forged", "csrfmiddlewaretoken": "x"})
    assert page.status_code == 403
    assert "forged" not in html_of(page)
    easy = Client()
    assert easy.post(LOGIN, {kept.SEALED: "forged"}).status_code == 200


def test_the_text_is_discarded_when_asked(secretariat: User):
    path, name = STATUS
    client = strict(secretariat)
    form = form_with(client.get(path), name)
    client.cookies["csrftoken"] = "x" * 32
    send(client, path, form, reason=TEXT)
    page = client.get(path)
    discard = form_to(page, DISCARD)
    client.post(DISCARD, discard.data, headers={"origin": HOST, "referer": HOST + path})
    assert kept.KEPT not in client.session
    assert form_with(client.get(path), name).data[name] == ""


def test_enter_never_discards_the_text(secretariat: User):
    """The first button of a form is the one that Enter presses."""
    path, name = STATUS
    client = strict(secretariat)
    form = form_with(client.get(path), name)
    client.cookies["csrftoken"] = "x" * 32
    send(client, path, form, reason=TEXT)
    assert form_with(client.get(path), name).buttons[0] == ("gem", "1")


def test_no_text_of_a_login_page_is_kept(secretariat: User):
    client = Client()
    client.post(
        LOGIN, {"login": secretariat.email, "password": "forkert"}, headers={"origin": HOST}
    )
    assert kept.KEPT not in client.session
