"""A login ends after an hour without use and after twelve hours, and reading writes nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from time_machine import travel

from accounts import login_clock
from accounts.models import User
from tests.core.reading import form_with
from tests.core.writing_trap import nothing_is_written
from tests.factories import PASSWORD

LOGIN = "/konto/log-ind/"
STAY = "/konto/bliv-logget-ind/"
STATUS = "/status/"


def reads(client: Client, *, minutes: float, path: str = STATUS, **headers: Any) -> int:
    """Return the status of a page that is read so many minutes from now; nothing is written."""
    at = timezone.now() + timedelta(minutes=minutes)
    with travel(at, tick=False), nothing_is_written() as attempts:
        status: int = client.get(path, headers=headers).status_code
    assert attempts == []
    return status


def test_an_hour_without_use_ends_the_login(secretariat_client: Client):
    assert reads(secretariat_client, minutes=59) == 200
    assert reads(secretariat_client, minutes=118) == 200
    assert reads(secretariat_client, minutes=179) == 302


def test_without_the_cookie_the_hour_counts_from_the_login(secretariat_client: Client):
    reads(secretariat_client, minutes=50)
    del secretariat_client.cookies[login_clock.COOKIE]
    assert reads(secretariat_client, minutes=70) == 302


def test_twelve_hours_end_a_login_that_is_in_use(secretariat_client: Client):
    for minutes in range(30, 12 * 60, 30):
        assert reads(secretariat_client, minutes=minutes) == 200
    assert reads(secretariat_client, minutes=12 * 60 + 1) == 302


def test_what_a_page_fetches_by_itself_does_not_count(secretariat_client: Client):
    assert reads(secretariat_client, minutes=40, **{"x-unattended": "1"}) == 200
    assert reads(secretariat_client, minutes=61) == 302


def test_one_press_starts_the_hour_afresh(secretariat_client: Client):
    with travel(timezone.now() + timedelta(minutes=59), tick=False):
        assert secretariat_client.post(STAY, headers={"hx-request": "true"}).status_code == 204
    assert reads(secretariat_client, minutes=118) == 200
    with travel(timezone.now() + timedelta(minutes=180), tick=False):
        assert secretariat_client.post(STAY, headers={"hx-request": "true"}).status_code == 401


@pytest.mark.parametrize("forged", ["", "x", "1-2:3:4"])
def test_no_other_cookie_prolongs_a_login(
    secretariat_client: Client, group_client: Client, forged: str
):
    reads(group_client, minutes=59)
    for cookie in (forged, group_client.cookies[login_clock.COOKIE].value):
        secretariat_client.cookies[login_clock.COOKIE] = cookie
        assert reads(secretariat_client, minutes=61) == 302


def test_a_session_without_the_moment_of_its_login_has_ended(secretariat_client: Client):
    """As of a session from before the portal counted."""
    session = secretariat_client.session
    del session[login_clock.LOGGED_IN_AT]
    session.save()
    assert secretariat_client.get(STATUS).status_code == 302


def test_logging_in_again_begins_anew(client: Client, secretariat: User):
    login = {"login": secretariat.email, "password": PASSWORD}
    client.post(LOGIN, login)
    at = timezone.now() + timedelta(hours=2)
    with travel(at, tick=False):
        assert client.get(STATUS).status_code == 302
        form = form_with(client.get(LOGIN), "login")
        assert client.post(LOGIN, form.filled(**login)).status_code == 302
    assert reads(client, minutes=150) == 200


def test_the_cookie_is_out_of_reach_of_scripts(secretariat_client: Client):
    secretariat_client.get(STATUS)
    cookie = secretariat_client.cookies[login_clock.COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_a_save_does_not_prolong_the_twelve_hours(secretariat_client: Client):
    """Whatever writes the session gives its row another twelve hours."""
    with travel(timezone.now() + timedelta(minutes=59), tick=False):
        session = secretariat_client.session
        session["andet"] = 1
        session.save()
        reads(secretariat_client, minutes=0)
    assert Session.objects.get(session_key=session.session_key).expire_date > (
        timezone.now() + timedelta(hours=12)
    )
    for minutes in range(90, 12 * 60, 30):
        reads(secretariat_client, minutes=minutes)
    assert reads(secretariat_client, minutes=12 * 60 + 1) == 302
