"""The error pages: Danish, with what to do, the request's number and the typed text; no stack."""

import re
from pathlib import Path

import pytest
from django.db import InterfaceError, connection
from django.test import Client

from core import errors
from core.request_id import current_request_id
from tests.core.faulty_urls import BLANK, RAISED
from tests.core.reading import html_of, text_of
from tests.core.server import ask
from tests.promises import Measured

FAULTY = "tests.core.faulty_urls"
MEGABYTE = 1024 * 1024
TYPED = "Kontrakten er forsinket, fordi leverandøren mangler."

pytestmark = [pytest.mark.django_db, pytest.mark.promise(17)]


@pytest.fixture
def visitor() -> Client:
    """A client that is not signed in and gets an answer even when the portal fails."""
    return Client(raise_request_exception=False)


def assert_danish_page(response, status: int) -> None:
    """Check the error page of `status`: its words, one heading like the title, its number."""
    assert response.status_code == status
    page, text = html_of(response), text_of(response)
    heading, advice = errors.text_of(status)
    assert '<html lang="da">' in page
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", page) == [heading]
    assert f"<title>{heading} – Udviklingsprogrammet</title>" in page
    assert advice in text
    assert "Gå til forsiden" in text
    assert f"Fejlnummer: {response['X-Request-ID']}" in text
    # The page may repeat the address that was asked for.
    visible = re.sub(r'(href|action)="[^"]*"', "", page)
    for hidden in ("secret", "Traceback", "Error", "site-packages"):
        assert hidden not in visible


# Each kind of error


@pytest.mark.urls(FAULTY)
def test_whatever_a_view_raises_has_its_page(
    visitor: Client, secretariat_client: Client, promise: Measured
):
    secretariat_client.raise_request_exception = False
    for client in (visitor, secretariat_client):
        for kind, status in RAISED.items():
            assert_danish_page(client.get(f"/proeve/fejl/{kind.__name__}/"), status)
    promise.figure(f"{len(RAISED)} kinds of failure, signed in and not", "0 without a Danish page")


@pytest.mark.urls(FAULTY)
@pytest.mark.parametrize("path", ["/proeve/intet/", "/proeve/utegnet/"])
def test_a_view_without_an_answer_has_a_page(visitor: Client, path: str):
    assert_danish_page(visitor.get(path), 500)


@pytest.mark.urls(FAULTY)
@pytest.mark.parametrize("status", BLANK)
def test_no_error_is_blank(visitor: Client, status: int):
    assert_danish_page(visitor.get(f"/proeve/tom/{status}/"), status)


@pytest.mark.urls(FAULTY)
def test_405_says_what_is_allowed(visitor: Client):
    response = visitor.get("/proeve/knap/")
    assert_danish_page(response, 405)
    assert response["Allow"] == "POST"


def test_404_is_danish(visitor: Client, secretariat_client: Client):
    assert_danish_page(visitor.get("/findes-ikke/"), 404)
    assert_danish_page(secretariat_client.get("/initiativer/findes-ikke/"), 404)


def test_403_is_danish_when_signed_in(reader_client: Client):
    assert_danish_page(reader_client.get("/initiativer/kontraktanalyse/"), 403)


def test_an_unknown_host_is_400_in_danish(visitor: Client):
    response = visitor.get("/konto/log-ind/", headers={"host": "et-andet-sted.dk"})
    assert_danish_page(response, 400)


@pytest.mark.urls(FAULTY)
def test_a_form_with_too_many_fields_is_400_in_danish(visitor: Client):
    fields = {f"felt-{number}": "1" for number in range(10_001)}
    assert_danish_page(visitor.post("/proeve/formular/", fields), 400)


def test_a_form_without_a_token_says_what_to_do():
    response = Client(enforce_csrf_checks=True).post("/konto/log-ind/", {"login": "x"})
    assert response.status_code == 403
    assert "Siden er ikke længere aktuel" in text_of(response)
    assert f"Fejlnummer: {response['X-Request-ID']}" in text_of(response)


# Size


def test_413_is_danish(visitor: Client):
    body = b"x" * (10 * MEGABYTE + 1)
    response = visitor.post(
        "/konto/log-ind/", body, content_type="application/x-www-form-urlencoded"
    )
    assert_danish_page(response, 413)
    assert "Du kan højst sende 10 MB ad gangen." in text_of(response)


def test_413_says_the_limit_in_force(visitor: Client, settings):
    settings.MAX_REQUEST_MEGABYTES = 7
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 7 * MEGABYTE
    length = str(7 * MEGABYTE + 1)
    response = visitor.get("/konto/log-ind/", headers={"content-length": length})
    assert_danish_page(response, 413)
    assert "Du kan højst sende 7 MB ad gangen." in text_of(response)


def test_ten_megabytes_are_the_limit(settings):
    assert settings.MAX_REQUEST_MEGABYTES == 10
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE == 10 * MEGABYTE


@pytest.mark.urls(FAULTY)
def test_ten_megabytes_are_accepted(visitor: Client):
    body = b"felt=" + b"x" * (10 * MEGABYTE - 5)
    response = visitor.post(
        "/proeve/formular/", body, content_type="application/x-www-form-urlencoded"
    )
    assert (response.status_code, response.content) == (200, b"1")


# What was typed


@pytest.mark.urls(FAULTY)
def test_a_form_that_failed_keeps_what_was_typed(visitor: Client, promise: Measured):
    typed = {
        "reason": TYPED,
        "wording": "senest <b>1. juni</b>\nog ikke før",
        "version": "7",
        "password1": "en hemmelig sætning",
    }
    kept = 0
    for name in ("RuntimeError", "OperationalError", "BadRequest", "PermissionDenied"):
        page = html_of(visitor.post(f"/proeve/fejl/{name}/", typed))
        assert f"\n{TYPED}</textarea>" in page
        assert "\nsenest &lt;b&gt;1. juni&lt;/b&gt;\nog ikke før</textarea>" in page
        assert "hemmelig" not in page
        assert ">7<" not in page
        kept += 1
    promise.figure(f"typed texts lost in {kept} kinds of failed POST", 0)


def test_a_page_that_is_gone_keeps_what_was_typed(secretariat_client: Client):
    response = secretariat_client.post("/initiativer/findes-ikke/ret/", {"title": TYPED})
    assert_danish_page(response, 404)
    assert TYPED in text_of(response)


# Failures while an error is answered


@pytest.fixture
def _broken_templates(settings, tmp_path: Path):
    """Let every page of the portal, also error pages, include a missing template."""
    for name in ("error.html", "base.html", "error_base.html"):
        (tmp_path / name).write_text('{% include "findes-ikke.html" %}')
    (engine,) = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path, *engine["DIRS"]]}]


@pytest.mark.urls(FAULTY)
@pytest.mark.usefixtures("_broken_templates")
def test_a_page_whose_templates_fail_is_plain(visitor: Client, promise: Measured):
    for kind, status in RAISED.items():
        response = visitor.get(f"/proeve/fejl/{kind.__name__}/")
        assert_danish_page(response, status)
        assert "stylesheet" not in html_of(response)
        assert "script-src 'self'" in response["Content-Security-Policy"]
    promise.control(f"the same with broken templates ({len(RAISED)} kinds)", "plain Danish pages")


def test_without_a_database_a_page_says_so(secretariat_client: Client):
    secretariat_client.raise_request_exception = False
    with connection.execute_wrapper(out_of_order):
        response = secretariat_client.get("/status/")
    assert_danish_page(response, 503)
    assert response["Retry-After"] == "30"


def test_without_a_database_an_error_page_is_plain(secretariat_client: Client):
    with connection.execute_wrapper(out_of_order):
        response = secretariat_client.get("/findes-ikke/")
    assert_danish_page(response, 404)
    assert "stylesheet" not in html_of(response)


def out_of_order(*_: object) -> None:
    raise InterfaceError("connection already closed")


def test_a_request_that_django_cannot_read_is_still_answered():
    answer = ask(SCRIPT_NAME="\xff")
    assert answer.status == 500
    assert "Der er sket en fejl hos os" in answer.content.decode()
    assert answer.headers["x-frame-options"] == "DENY"


# The number


def test_every_request_has_a_number_of_its_own(visitor: Client):
    numbers = {visitor.get("/konto/log-ind/")["X-Request-ID"] for _ in range(3)}
    assert len(numbers) == 3
    assert all(re.fullmatch("[0-9a-f]{8}", number) for number in numbers)
    assert current_request_id() == "-"


def test_a_visitor_cannot_choose_the_number(visitor: Client):
    response = visitor.get("/konto/log-ind/", headers={"x-request-id": "deadbeef"})
    assert response["X-Request-ID"] != "deadbeef"


# Pages


@pytest.mark.parametrize("path", ["/was/", "/privatliv/"])
def test_the_pages_about_the_portal_are_open_to_all(visitor: Client, path: str):
    response = visitor.get(path)
    assert response.status_code == 200
    assert html_of(response).count("<h1") == 1
