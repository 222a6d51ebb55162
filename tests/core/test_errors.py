"""The error pages: Danish, with the request's number, and never a stack."""

import logging

import pytest
from django.test import Client

from core.request_id import RequestIdFilter, current_request_id
from tests.core.reading import html_of, text_of

FAULTY = "tests.core.faulty_urls"
MEGABYTE = 1024 * 1024

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor() -> Client:
    """Somebody not signed in, who gets an answer also when the portal fails."""
    return Client(raise_request_exception=False)


def assert_danish_page(response, status: int, *sentences: str) -> None:
    assert response.status_code == status
    text = text_of(response)
    for sentence in sentences:
        assert sentence in text
    assert "secret" not in html_of(response)
    assert '<html lang="da">' in html_of(response)
    assert html_of(response).count("<h1") == 1


def test_404_is_danish(visitor: Client):
    response = visitor.get("/findes-ikke/")
    assert_danish_page(
        response,
        404,
        "Siden findes ikke.",
        "Adressen kan være forkert, eller du har ikke adgang til indholdet.",
        "Gå til overblikket",
    )


def test_404_is_danish_when_signed_in(secretariat_client: Client):
    response = secretariat_client.get("/initiativer/findes-ikke/")
    assert_danish_page(response, 404, "Siden findes ikke.")


@pytest.mark.urls(FAULTY)
def test_403_is_danish(visitor: Client):
    response = visitor.get("/proeve/afvist/")
    assert_danish_page(
        response,
        403,
        "Du har ikke adgang til denne side.",
        "Skal du bruge den, så skriv til sekretariatet.",
    )


def test_403_is_danish_when_signed_in(reader_client: Client):
    response = reader_client.get("/initiativer/kontraktanalyse/")
    assert_danish_page(response, 403, "Du har ikke adgang til denne side.")


@pytest.mark.urls(FAULTY)
def test_400_is_danish(visitor: Client):
    response = visitor.get("/proeve/mistaenkt/")
    assert_danish_page(
        response, 400, "Forespørgslen kunne ikke læses.", "Gå tilbage, og prøv igen."
    )


def test_an_unknown_host_is_400_in_danish(visitor: Client):
    response = visitor.get("/konto/log-ind/", headers={"host": "et-andet-sted.dk"})
    assert_danish_page(response, 400, "Forespørgslen kunne ikke læses.")


@pytest.mark.urls(FAULTY)
def test_a_form_with_too_many_fields_is_400_in_danish(visitor: Client):
    fields = {f"felt-{number}": "1" for number in range(10_001)}
    response = visitor.post("/proeve/formular/", fields)
    assert_danish_page(response, 400, "Forespørgslen kunne ikke læses.")


@pytest.mark.urls(FAULTY)
def test_500_is_danish_and_gives_its_number(visitor: Client):
    response = visitor.get("/proeve/fejl/")
    number = response["X-Request-ID"]
    assert_danish_page(
        response,
        500,
        "Der er sket en fejl hos os.",
        "Det, du har gemt, er bevaret. Prøv igen om lidt.",
        f"Fejlnummer: {number}.",
    )
    assert "Traceback" not in html_of(response)
    assert "RuntimeError" not in html_of(response)


@pytest.mark.urls(FAULTY)
def test_the_number_of_an_error_finds_its_log_line(visitor: Client):
    lines: list[str] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler = Keeping()
    handler.addFilter(RequestIdFilter())
    handler.setFormatter(logging.Formatter("[%(request_id)s] %(message)s"))
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        response = visitor.get("/proeve/fejl/")
    finally:
        logger.removeHandler(handler)
    assert any(line.startswith(f"[{response['X-Request-ID']}]") for line in lines)


def test_every_request_has_a_number_of_its_own(visitor: Client):
    numbers = {visitor.get("/konto/log-ind/")["X-Request-ID"] for _ in range(3)}
    assert len(numbers) == 3
    assert all(len(number) == 8 for number in numbers)
    assert current_request_id() == "-"


def test_a_visitor_cannot_choose_the_number(visitor: Client):
    response = visitor.get("/konto/log-ind/", headers={"x-request-id": "mit-nummer"})
    assert response["X-Request-ID"] != "mit-nummer"


def test_413_is_danish(visitor: Client):
    body = b"x" * (10 * MEGABYTE + 1)
    response = visitor.post(
        "/konto/log-ind/", body, content_type="application/x-www-form-urlencoded"
    )
    assert_danish_page(response, 413, "Det, du sendte, fylder for meget.", "Højst 10 MB.")


def test_413_says_the_limit_that_holds(visitor: Client, settings):
    settings.MAX_REQUEST_MEGABYTES = 7
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 7 * MEGABYTE
    length = str(7 * MEGABYTE + 1)
    response = visitor.get("/konto/log-ind/", headers={"content-length": length})
    assert_danish_page(response, 413, "Højst 7 MB.")


def test_ten_megabytes_are_the_limit(settings):
    assert settings.MAX_REQUEST_MEGABYTES == 10
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE == 10 * MEGABYTE


@pytest.mark.urls(FAULTY)
def test_ten_megabytes_are_taken(visitor: Client):
    body = b"felt=" + b"x" * (10 * MEGABYTE - 5)
    response = visitor.post(
        "/proeve/formular/", body, content_type="application/x-www-form-urlencoded"
    )
    assert (response.status_code, response.content) == (200, b"1")


def test_a_length_that_is_no_number_harms_nothing(visitor: Client):
    response = visitor.get("/konto/log-ind/", headers={"content-length": "mange"})
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("path", "status"), [("/findes-ikke/", 404), ("/proeve/fejl/", 500), ("/proeve/afvist/", 403)]
)
@pytest.mark.urls(FAULTY)
def test_error_pages_run_no_inline_script(visitor: Client, path: str, status: int):
    response = visitor.get(path)
    assert response.status_code == status
    policy = response["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_a_form_without_a_token_says_what_to_do():
    response = Client(enforce_csrf_checks=True).post("/konto/log-ind/", {"login": "x"})
    assert_danish_page(
        response, 403, "Siden er ikke længere aktuel.", "Hent den igen, og gem derefter."
    )


@pytest.mark.parametrize("path", ["/was/", "/privatliv/"])
def test_the_pages_about_the_portal_are_open_to_all(visitor: Client, path: str):
    response = visitor.get(path)
    assert response.status_code == 200
    assert html_of(response).count("<h1") == 1
