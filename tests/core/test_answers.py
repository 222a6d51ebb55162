"""Every answer of every class carries the same protection, whoever gave it."""

import gzip
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from principles.models import Programme
from rammeaftale.wsgi import application
from reports.models import Edition
from tests.accounts.test_matrix import EVERY_ROW, address_of
from tests.browser.conftest import session_of
from tests.core.reading import form_with, text_of
from tests.core.server import Answer, ask
from tests.core.writing_trap import nothing_is_written
from tests.promises import Measured
from tests.reports.editions.steps import FORMATS, lock, path_of

FAULTY = "tests.core.faulty_urls"
STATIC = "/static/css/base.css"
# The headers of every answer.
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
HEADERS = {
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(secretariat: User) -> str:
    return session_of(secretariat)


@pytest.fixture
def edition(programme: Programme) -> Edition:
    return lock(programme, with_files=None)


def missing_headers(answer: Answer) -> list[str]:
    """Return the headers that the answer lacks or has with another value."""
    missing = [name for name, value in HEADERS.items() if answer.headers.get(name) != value]
    if set(answer.headers.get("content-security-policy", "").split("; ")) != POLICY:
        missing.append("content-security-policy")
    if not answer.headers.get("x-request-id"):
        missing.append("x-request-id")
    return missing


# Headers


@pytest.mark.urls(FAULTY)
@pytest.mark.promise(17)
def test_every_class_of_answer_is_protected(session: str, edition: Edition, promise: Measured):
    path = path_of(edition, ".csv")
    etag = ask("GET", path, session=session).headers["etag"]
    modified = ask("GET", STATIC).headers["last-modified"]
    asked = {
        200: ask("GET", "/status/", session=session),
        201: ask("GET", "/proeve/201/"),
        204: ask("GET", "/proeve/204/"),
        206: ask("GET", STATIC, HTTP_RANGE="bytes=0-9"),
        301: ask("GET", "/status", session=session),
        302: ask("GET", "/status/"),
        304: ask("GET", path, session=session, HTTP_IF_NONE_MATCH=etag),
        400: ask("GET", "/status/", HTTP_HOST="et-andet-sted.dk"),
        401: ask("GET", "/proeve/tom/401/"),
        403: ask("POST", "/konto/log-ind/"),
        404: ask("GET", "/findes-ikke/", session=session),
        405: ask("GET", "/initiativer/kontraktanalyse/uaendret/", session=session),
        409: ask("GET", "/proeve/tom/409/"),
        413: ask("POST", "/konto/log-ind/", CONTENT_LENGTH="99999999"),
        416: ask("GET", STATIC, HTTP_RANGE="bytes=99999999-"),
        422: ask("GET", "/proeve/tom/422/"),
        429: ask("GET", "/proeve/tom/429/"),
        500: ask("GET", "/proeve/fejl/RuntimeError/"),
        503: ask("GET", "/proeve/fejl/InterfaceError/"),
    }
    assert {status: answer.status for status, answer in asked.items()} == {s: s for s in asked}
    others = [
        ask("GET", STATIC),
        ask("HEAD", STATIC),
        ask("GET", STATIC, HTTP_IF_MODIFIED_SINCE=modified),
        ask("POST", STATIC),
        ask("GET", "/static/findes-ikke.css"),
        ask("GET", "/status/", session=session, HTTP_HX_REQUEST="true"),
        ask("GET", "/status/", HTTP_HX_REQUEST="true"),
        ask("GET", path, session=session),
    ]
    assert [missing_headers(answer) for answer in [*asked.values(), *others]] == [[]] * (
        len(asked) + len(others)
    )
    promise.figure(f"{len(asked)} statuses, and static files, fragments and files", "0 unprotected")


@pytest.fixture
def _https(settings) -> Iterator[None]:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    application.load_middleware()
    yield
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = False, 0
    application.load_middleware()


@pytest.mark.usefixtures("_https")
def test_with_https_every_answer_asks_for_https():
    secure: dict[str, Any] = {"wsgi.url_scheme": "https"}
    for address, status in ((STATIC, 200), ("/findes-ikke/", 404), ("/konto/log-ind/", 200)):
        answer = ask("GET", address, **secure)
        assert (answer.status, missing_headers(answer)) == (status, [])
        assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
    redirect = ask("GET", "/status/")
    assert redirect.headers["location"] == "https://testserver/status/"
    assert (redirect.status, missing_headers(redirect)) == (301, [])
    # Django's own middleware fails here before it has written a header.
    refused = ask("GET", "/status/", HTTP_HOST="et-andet-sted.dk")
    assert (refused.status, missing_headers(refused)) == (400, [])


# Caches


def test_what_may_be_cached(session: str, edition: Edition):
    pages = [
        "/status/",
        "/findes-ikke/",
        "/admin/",
        "/min-profil/",
    ]
    for address in [*pages, "/konto/log-ud/", "/konto/adgangskode/"]:
        control = ask("GET", address, session=session).headers["cache-control"]
        assert {"no-store", "private"} <= set(control.split(", ")), address
    for address in ("/konto/log-ind/", "/konto/adgangskode/glemt/", "/status/"):
        control = ask("GET", address).headers["cache-control"]
        assert {"no-store", "private"} <= set(control.split(", ")), address
    # What shows nothing of the user: the browser asks each time whether it is still right.
    files = [path_of(edition, f".{name}") for name in FORMATS]
    for address in [*files, "/statusopgoerelser/2026-02.csv", "/was/"]:
        stored = ask("GET", address, session="" if address == "/was/" else session)
        assert stored.headers["cache-control"] == "private, no-cache"
        assert stored.headers["etag"]
    assert ask("GET", STATIC).headers["cache-control"] == "max-age=60, public"
    assert "no-store" in ask("GET", "/static/findes-ikke.css").headers["cache-control"]


def test_no_other_site_may_read_a_static_file():
    assert "access-control-allow-origin" not in ask("GET", STATIC).headers


# HEAD


@pytest.mark.slow
@pytest.mark.promise(12)
def test_head_is_get_without_its_body_everywhere(session: str, edition: Edition, promise: Measured):
    addresses = [address_of(row[1]) for row in EVERY_ROW]
    addresses += [STATIC, "/static/findes-ikke.css", "/findes-ikke/", path_of(edition, ".csv")]
    asked = [(address, "gzip") for address in addresses]
    asked += [(address, "") for address in (STATIC, "/status/", "/program/udviklingsprogrammet/")]
    for address, encoding in asked:
        sent: dict[str, Any] = {"session": session, "HTTP_ACCEPT_ENCODING": encoding}
        with nothing_is_written() as attempts:
            got, head = ask("GET", address, **sent), ask("HEAD", address, **sent)
        assert attempts == [], address
        assert head.content == b"", address
        assert head.status == got.status, address
        assert stable_headers(head) == stable_headers(got), address
        assert int(got.headers["content-length"]) == len(got.content), address
    promise.figure(f"HEAD of {len(addresses)} addresses, writes attempted", 0)


def stable_headers(answer: Answer) -> dict[str, str]:
    """Return the headers without those that differ by request, such as its number."""
    # django-csp writes the directives of its policy in any order.
    chance = {"x-request-id", "set-cookie", "expires", "content-security-policy"}
    if answer.headers.get("content-encoding") == "gzip":
        chance.add("content-length")
    return {name: value for name, value in answer.headers.items() if name not in chance}


# Methods


@pytest.mark.slow
@pytest.mark.promise(17)
def test_an_unknown_method_is_405_in_danish(session: str, promise: Measured):
    addresses = [address_of(row[1]) for row in EVERY_ROW] + [STATIC, "/static/x.css", "/nej/"]
    unknown = [method for method in METHODS if method not in ("GET", "HEAD", "POST")]
    for address in addresses:
        for method in unknown:
            answer = ask(method, address, session=session)
            assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, POST")
            assert "Siden kan ikke åbnes direkte" in answer.content.decode()
            assert missing_headers(answer) == []
    promise.figure(
        f"{len(addresses)} addresses × {len(unknown)} methods nobody takes", "all 405 in Danish"
    )


@pytest.mark.parametrize(
    ("address", "status"), [(STATIC, 405), ("/static/findes-ikke.css", 404), ("/static/", 404)]
)
def test_nothing_is_posted_to_a_static_file(address: str, status: int):
    answer = ask("POST", address, body=b"a=b")
    assert answer.status == status
    assert '<html lang="da">' in answer.content.decode()


def test_an_error_is_compressed_like_any_page(session: str):
    answer = ask("GET", "/findes-ikke/", session=session, HTTP_ACCEPT_ENCODING="gzip")
    assert "Siden findes ikke" in gzip.decompress(answer.content).decode()


def test_a_message_fits_its_cookie(secretariat_client: Client):
    """So does the longest title, made of letters that cannot be compressed."""
    title = "".join(Random(1).choices("abcdefghijklmnopqrstuvwxyzæøåÆØÅ", k=300))
    path = "/indsatsomraader/a/initiativer/tilfoej/"
    form = form_with(secretariat_client.get(path), "title")
    response = secretariat_client.post(path, form.filled(title=title), follow=True)
    assert f"Initiativet »{title}« er oprettet." in text_of(response)
    assert settings.MESSAGE_STORAGE.endswith("CookieStorage")
