"""A GET writes nothing: everybody, on a database that refuses to be written.

test_matrix.py walks every address of the URLconf on such a database, and core/test_answers.py
asks for the HEAD of each; here are queries and files, and logins and messages in every state.
"""

import re
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone

from accounts.models import User
from principles.models import Programme
from rammeaftale import urls
from tests.accounts.mails import sent_mails
from tests.accounts.test_matrix import (
    EVERY_ROW,
    address_of,
    client_of,
    users,  # noqa: F401  # a fixture
)
from tests.core.server import in_the_test_s_transaction
from tests.core.writing_trap import nothing_is_written
from tests.factories import make_user
from tests.promises import Measured
from tests.reports.editions.steps import FORMATS, JANUARY, lock, path_of

pytestmark = [pytest.mark.django_db, pytest.mark.promise(12)]

INITIATIVE = "/initiativer/kontraktanalyse/"
COMPARE = "/statusopgoerelser/sammenlign/"
QUERIES = [
    "/?pr=2026-02-26",
    "/?siden=2026-02-25",
    "/?siden=1-1-2099",
    "/status/?pr=2026-02-26",
    "/status/?princip=kvalitet&status=on_track&side=2",
    "/status/?tekst=kontrakt",
    "/tidslinje/?princip=kvalitet&fra=2025K1",
    "/deadlines/?pr=2026-02-26",
    "/noegletal/?pr=2026-02-26",
    "/historik/?maaned=2026-02&side=2",
    "/soeg/?tekst=kontrakt",
    f"{INITIATIVE}?pr=2026-02-26",
    f"{INITIATIVE}?art=status",
    f"{INITIATIVE}status/?fra=tabel",
    "/statusopgoerelser/2026-02/?status=on_track",
    "/statusopgoerelser/2026-02/?pr=2026-02-26",
    f"{COMPARE}?fra=2026-02-25&til=nu",
    f"{COMPARE}?fra=nu&til=2026-02-25",
    f"{COMPARE}?fra=2026-01-udgave-1&til=nu",
    "/konto/log-ind/?next=/status/",
    "/admin/principles/actionarea/?q=a&o=1&p=0",
    "/findes-ikke/",
    "/static/css/base.css",
    "/static/findes-ikke.css",
]
DRAFTS = [f"/statusopgoerelser/2026-02.{name}" for name in ("docx", "xlsx", "html", "csv")]


def status_of(response: Any) -> int:
    """Return the status of an answer, and close the answer if it is a file."""
    if response.streaming:
        with in_the_test_s_transaction():
            response.close()
    status: int = response.status_code
    return status


@pytest.mark.slow
def test_a_get_writes_nothing(
    users: dict[str, User | None],  # noqa: F811
    programme: Programme,
    promise: Measured,
):
    edition = lock(programme, month=JANUARY, with_files=None)
    files = [path_of(edition), *(path_of(edition, f".{name}") for name in FORMATS)]
    addresses = QUERIES + DRAFTS + files
    written = []
    for who, user in users.items():
        client = client_of(user, raise_request_exception=False)
        cookies = deepcopy(client.cookies)
        for address in addresses:
            client.cookies = deepcopy(cookies)
            with nothing_is_written() as attempts:
                assert status_of(client.get(address)) < 500, (who, address)
            written += [(who, address, sql) for sql in attempts]
    assert written == []
    every = f"{len(EVERY_ROW)} rows of addresses, {len(addresses)} queries and files"
    promise.figure(f"{every} × {len(users)} people × GET, writes attempted", 0)


# Sessions and messages in every state


def session_about_to_expire(client: Client, user: User) -> None:
    Session.objects.update(expire_date=timezone.now() + timedelta(seconds=30))


def session_expired(client: Client, user: User) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))


def session_deleted(client: Client, user: User) -> None:
    Session.objects.all().delete()


def session_unreadable(client: Client, user: User) -> None:
    Session.objects.update(session_data="x")


def password_changed_elsewhere(client: Client, user: User) -> None:
    user.set_password("et-helt-nyt-kodeord-2026")
    user.save(update_fields=["password"])


def user_deactivated(client: Client, user: User) -> None:
    user.is_active = False
    user.save(update_fields=["is_active"])


def with_a_message(client: Client, user: User) -> None:
    client.post(f"{INITIATIVE}uaendret/")
    assert "messages" in client.cookies


def old_counters(client: Client, user: User) -> None:
    cache.set("throttle", 1, timeout=0.001)


STATES = [
    session_about_to_expire,
    session_expired,
    session_deleted,
    session_unreadable,
    password_changed_elsewhere,
    user_deactivated,
    with_a_message,
    old_counters,
]
PAGES = ["/status/", "/konto/log-ind/", "/konto/adgangskode/", "/admin/", "/findes-ikke/"]


@pytest.fixture
def anna(secretariat: User) -> User:
    """A user whose account a test may change."""
    return make_user("Anna Læser", email="laeser@example.dk", is_superuser=True)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_reading_writes_nothing_in_any_state_of_the_session(anna: User, state: Any):
    client = client_of(anna, raise_request_exception=False)
    state(client, anna)
    cookies = deepcopy(client.cookies)
    for address in PAGES:
        client.cookies = deepcopy(cookies)
        with nothing_is_written() as attempts:
            status = client.get(address).status_code
        assert (attempts, status < 500) == ([], True), address


def test_a_login_signed_with_the_old_secret_still_reads(anna: User, settings: Any):
    client = client_of(anna)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new one"
    for _ in range(2):
        with nothing_is_written() as attempts:
            response = client.get("/status/")
        assert (attempts, response.status_code) == ([], 200)


def test_a_message_is_shown_once(anna: User):
    client = client_of(anna)
    with_a_message(client, anna)
    with nothing_is_written() as attempts:
        shown = ["saved--error" in client.get(INITIATIVE).content.decode() for _ in range(2)]
    assert (attempts, shown) == ([], [True, False])


def test_the_cookie_of_an_invalid_session_is_removed(anna: User):
    client = client_of(anna)
    password_changed_elsewhere(client, anna)
    response = client.get("/status/")
    assert response.status_code == 302
    assert response.cookies[settings.SESSION_COOKIE_NAME].value == ""
    assert Session.objects.exists()


def test_the_link_of_a_mail_is_opened_without_a_write(anna: User, client: Client):
    client.post("/konto/adgangskode/glemt/", {"email": anna.email})
    (message,) = sent_mails()
    (link,) = re.findall(r"https?://testserver(\S+)", message.body)
    for visitor in (Client(), client_of(anna), client_of(make_user("En anden"))):
        with nothing_is_written() as attempts:
            response = visitor.get(link)
        assert (attempts, response.status_code) == ([], 200)
        assert b'name="password1"' in response.content


# Controls


@login_not_required
def write(request: HttpRequest) -> HttpResponse:
    Session.objects.create(session_key="x" * 32, session_data="", expire_date=timezone.now())
    return HttpResponse()


urlpatterns = [path("skriv/", write), *urls.urlpatterns]
handler500 = urls.handler500


@pytest.mark.urls(__name__)
def test_the_trap_catches_a_view_that_writes(promise: Measured):
    client = Client(raise_request_exception=False)
    with nothing_is_written() as attempts:
        status = client.get("/skriv/").status_code
    assert status >= 500
    assert any(sql.startswith("INSERT") for sql in attempts)
    promise.control("a view that writes on GET", f"caught, answered with {status}")


def test_the_trap_catches_djangos_own_sessions(anna: User, settings: Any, promise: Measured):
    settings.MIDDLEWARE = [
        "django.contrib.sessions.middleware.SessionMiddleware" if "Session" in name else name
        for name in settings.MIDDLEWARE
    ]
    client = client_of(anna, raise_request_exception=False)
    password_changed_elsewhere(client, anna)
    with nothing_is_written() as attempts:
        client.get("/status/")
    assert [sql.split()[0] for sql in attempts if "django_session" in sql] == ["DELETE"]
    promise.control("the same with Django's own sessions", "a DELETE on GET is caught")


# A write needs a token


def test_a_post_without_a_token_is_refused(secretariat: User, promise: Measured):
    for user in (None, secretariat):
        client = client_of(user, enforce_csrf_checks=True)
        for row in EVERY_ROW:
            response = client.post(address_of(row[1]), {"version": "1", "title": "Uden nøgle"})
            assert response.status_code == 403, row[1]
            assert "Siden er ikke længere aktuel" in response.content.decode()
    promise.figure(f"POST without a token to {len(EVERY_ROW)} addresses, exceptions", 0)
    answer = client_of(secretariat).post(f"{INITIATIVE}ret/", {"title": "Uden nøgle"})
    promise.control("the same with the check off", f"the form is read ({answer.status_code})")
    assert answer.status_code != 403
