"""A form that is refused before it reaches a view gives the text back, and no token."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.core.reading import forms_of, html_of, text_of
from tests.factories import PASSWORD

TEXT = "Model for leverandørliste <b>udviklet</b>\nog sendt & godkendt."
PATH = "/initiativer/kontraktanalyse/ret/"
PAGE = "http://testserver/initiativer/kontraktanalyse/?fra=tabel"


def strict(user: User | None = None) -> Client:
    client = Client(enforce_csrf_checks=True)
    if user:
        client.force_login(user)
    return client


def token_of(client: Client) -> str:
    """Return the token of an open page."""
    client.get("/konto/log-ind/") if "sessionid" not in client.cookies else client.get("/status/")
    return client.cookies["csrftoken"].value


def post(client: Client, token: str = "", **headers: str) -> Any:
    data = {"csrfmiddlewaretoken": token, "report_text": TEXT, "version": "3", "status": "delayed"}
    return client.post(PATH, data, headers={"referer": PAGE, **headers})


def test_an_old_token_gives_the_text_back(secretariat: User):
    client = strict(secretariat)
    old = token_of(client)
    client.cookies["csrftoken"] = "x" * 32
    response = post(client, old)
    assert response.status_code == 403
    text, page = text_of(response), html_of(response)
    assert "Siden er ikke længere aktuel" in text
    assert "Siden har stået åben så længe, at der ikke kan gemmes fra den" in text
    assert "Kopiér den herunder, hent siden igen, og sæt teksten ind." in text
    assert "leverandørliste &lt;b&gt;udviklet&lt;/b&gt;\nog sendt &amp; godkendt." in page
    assert 'href="/initiativer/kontraktanalyse/?fra=tabel"' in page
    assert "delayed" not in page


def test_the_page_has_no_form_and_no_token(secretariat: User):
    client = strict(secretariat)
    old = token_of(client)
    client.cookies["csrftoken"] = "x" * 32
    response = post(client, old)
    assert forms_of(response) == []
    assert old not in html_of(response)
    assert "csrfmiddlewaretoken" not in html_of(response)


def test_another_users_token_gives_the_text_back(secretariat: User, group: User):
    """Somebody logged in as another user in another tab."""
    client = strict(secretariat)
    old = token_of(client)
    client.force_login(group)
    client.cookies["csrftoken"] = "y" * 32
    response = post(client, old)
    assert response.status_code == 403
    assert "du er logget ind eller ud i et andet vindue" in text_of(response)
    assert "leverandørliste" in text_of(response)


def test_a_browser_without_cookies_gets_a_sentence_about_them(secretariat: User):
    client = strict(secretariat)
    client.cookies.pop("csrftoken", None)
    response = post(client, "x" * 64)
    assert "Tillad cookies for portalen." in text_of(response)
    assert "leverandørliste" in text_of(response)


def test_a_form_from_another_site_is_not_shown_again(secretariat: User):
    client = strict(secretariat)
    response = post(client, token_of(client), origin="https://et-andet-sted.dk")
    assert response.status_code == 403
    assert "Formularen kom ikke fra portalen" in text_of(response)
    assert "leverandørliste" not in text_of(response)


def test_a_login_form_with_an_old_token_repeats_no_password(secretariat: User):
    client = strict()
    token_of(client)
    response = client.post(
        "/konto/log-ind/",
        {"login": secretariat.email, "password": PASSWORD + " og mere", "csrfmiddlewaretoken": "z"},
        headers={"referer": "http://testserver/konto/log-ind/"},
    )
    assert response.status_code == 403
    assert PASSWORD not in html_of(response)
    assert 'href="/konto/log-ind/"' in html_of(response)


def test_htmx_can_tell_an_old_token_from_a_forbidden_page(secretariat: User):
    client = strict(secretariat)
    response = post(client, "x" * 64, **{"hx-request": "true", "hx-current-url": PAGE})
    assert response.status_code == 403
    assert response["X-Form-Refused"] == "token"


@pytest.mark.parametrize("htmx", [{}, {"hx-request": "true", "hx-current-url": PAGE}])
def test_a_login_that_ended_gives_the_text_back(client: Client, programme: Any, htmx: Any):
    response = client.post(PATH, {"report_text": TEXT}, headers={"referer": PAGE, **htmx})
    assert response.status_code == 401
    text = text_of(response)
    assert "Du er logget ud" in text
    assert "og sendt & godkendt." in text
    assert "/konto/log-ind/?next=/initiativer/kontraktanalyse/%3Ffra%3Dtabel" in html_of(response)


def test_a_form_that_cannot_be_read_is_refused_all_the_same(secretariat: User):
    client = strict(secretariat)
    response = client.post(PATH, {f"felt-{number}": "1" for number in range(10_001)})
    assert response.status_code in (400, 403)


@pytest.mark.parametrize("text", ["Børneinddragelse", "afventer", "Kort", "2 uger", "K17"])
def test_a_short_text_is_given_back_too(text: str):
    """A title of one word matters as much as a long text."""
    client = strict()
    data = {"title": text, "version": "3", "status": "on_track", "fra": "tabel", "position": "12"}
    page = client.post(PATH, data | {"csrfmiddlewaretoken": token_of(client)})
    assert f"\n{text}</textarea>" in html_of(page)
    assert html_of(page).count("<textarea") == 1


def test_a_form_without_referer_is_not_called_foreign(settings, secretariat: User):
    settings.CSRF_COOKIE_SECURE = True
    client = strict(secretariat)
    client.get("/status/", secure=True)
    data = {"csrfmiddlewaretoken": client.cookies["csrftoken"].value, "report_text": TEXT}
    page = client.post(PATH, data, secure=True)
    assert page.status_code == 403
    assert "Formularen kom ikke fra portalen" not in text_of(page)
    assert "leverandørliste" in text_of(page)
