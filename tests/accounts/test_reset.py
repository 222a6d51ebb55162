"""The password link: it does not reveal who has a user, lives an hour and works once."""

import random
import re
import statistics
import time
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django.utils.http import int_to_base36
from time_machine import travel

from accounts import outbox, resets, throttles
from accounts.models import OutboxMail, User
from tests.accounts.mails import sent_mails
from tests.accounts.test_changed_address import link_for
from tests.accounts.test_outbox import use
from tests.accounts.test_password import FORGOTTEN, NEW, choose
from tests.concurrency.crowd import Crowd
from tests.core.reading import form_with, text_of
from tests.factories import make_user
from tests.promises import Measured
from tests.smtp_sink import smtp_sink

EMAIL = "eva@example.dk"
DELAY = 0.3
ASKED = 40


@pytest.fixture
def eva(transactional_db: None) -> User:
    return make_user("Eva", email=EMAIL)


# The time of the answer


@pytest.fixture
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lift the limit: the test asks eighty times in a row, more than a client may."""
    monkeypatch.setattr(throttles, "count", lambda pairs: throttles.Counted((), 0.0))


def medians(browser: Client) -> tuple[float, float]:
    """Return the median seconds until the answer for a known and for an unknown address.

    They are asked in random order, so that other load on the machine meets both alike.
    """
    browser.get(FORGOTTEN)
    browser.post(FORGOTTEN, {"email": "varm@example.dk"})
    times: dict[str, list[float]] = {EMAIL: [], "ukendt@example.dk": []}
    answers = set()
    asked = list(times) * ASKED
    random.Random(ASKED).shuffle(asked)
    for email in asked:
        begun = time.perf_counter()
        response = browser.post(FORGOTTEN, {"email": email})
        times[email].append(time.perf_counter() - begun)
        answers.add((response.status_code, response["Location"], response.content))
    assert len(answers) == 1
    known, unknown = (statistics.median(taken) for taken in times.values())
    return known, unknown


@pytest.mark.slow
@pytest.mark.promise(11)
@pytest.mark.usefixtures("unlimited")
def test_known_and_unknown_take_the_same_time(eva: User, settings: Any, promise: Measured):
    """The mail server takes 300 ms for each mail. No answer waits, so the time reveals nothing."""
    with smtp_sink(DELAY) as sink:
        use(settings, sink.port)
        known, unknown = medians(Client())
        # Waiting mails need not be sent: each would take another 300 ms.
        OutboxMail.objects.filter(ended_at=None).update(ended_at=timezone.now())
        outbox.SENDER.wait()
    ratio = known / unknown
    times = f"{known * 1000:.1f} ms and {unknown * 1000:.1f} ms, ratio {ratio:.2f}"
    promise.figure(f"medians of {ASKED} answers, known and unknown, mail server 300 ms", times)
    # A mail takes 300 ms; a smaller difference is noise of the machine.
    assert abs(known - unknown) < DELAY / 10


@pytest.mark.slow
@pytest.mark.promise(11)
@pytest.mark.usefixtures("unlimited")
def test_sending_within_the_request_reveals_who_has_a_user(
    eva: User, settings: Any, promise: Measured, monkeypatch: pytest.MonkeyPatch
):
    """The control: look the user up and send before the answer, as allauth does."""

    def at_once(email: str, site: str) -> None:
        if letter := resets.compose(email, site):
            mail.EmailMessage(letter.subject, letter.body, to=[letter.recipient]).send()

    monkeypatch.setattr(outbox, "put_reset", at_once)
    with smtp_sink(DELAY) as sink:
        use(settings, sink.port)
        known, unknown = medians(Client())
    assert known - unknown > DELAY / 2
    times = f"{known * 1000:.1f} ms and {unknown * 1000:.1f} ms, ratio {known / unknown:.0f}"
    promise.control("sent before the answer", times)


@pytest.mark.django_db
def test_the_request_looks_nobody_up(django_assert_num_queries: Any):
    """Known, unknown and closed addresses take the same queries, and none of them reads a user."""
    make_user("Eva", email=EMAIL)
    make_user("Lukket", email="lukket@example.dk", is_active=False)
    shapes = set()
    for number, email in enumerate((EMAIL, "ukendt@example.dk", "lukket@example.dk")):
        with django_assert_num_queries(15, exact=False) as queries:
            Client().post(FORGOTTEN, {"email": email}, REMOTE_ADDR=f"203.0.113.{number}")
        sql = [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in queries.captured_queries]
        assert not [line for line in sql if "accounts_user" in line]
        shapes.add(tuple(line.split("(")[0][:30] for line in sql))
    assert len(shapes) == 1


# Logs


@pytest.mark.django_db
def test_no_log_line_has_the_key(caplog: pytest.LogCaptureFixture):
    """nginx and gunicorn write the path of an address, Django writes it when it refuses."""
    make_user("Eva", email=EMAIL)
    caplog.set_level("DEBUG")
    link = link_for(Client(), EMAIL)
    key = link.partition("=")[2]
    browser = Client(enforce_csrf_checks=True)
    form = form_with(browser.get(link), "password1")
    paths = [urlsplit(address).path for address in (link, form.action)]
    assert browser.post(form.action, {"password1": NEW}).status_code == 403
    assert browser.delete(link).status_code in (403, 405)
    assert Client().delete(link).status_code == 405
    assert "Forbidden" in caplog.text
    assert "Method Not Allowed" in caplog.text
    assert len(key) > 30
    for line in (*paths, caplog.text):
        assert key not in line
        assert key.split("-")[-1] not in line


# The link lives an hour


@pytest.mark.parametrize(("minutes", "works"), [(59, True), (61, False)])
def test_a_link_lives_an_hour(client: Client, db: None, minutes: int, works: bool):
    make_user("Eva", email=EMAIL)
    link = link_for(client, EMAIL)
    form = form_with(client.get(link), "password1")
    with travel(time.time() + minutes * 60, tick=True):
        assert ("Linket kan ikke bruges" not in text_of(Client().get(link))) is works
        # Opened within the hour and sent after it.
        sent = client.post(form.action, form.filled(password1=NEW, password2=NEW))
        assert (sent.status_code == 302) is works


def test_the_mail_goes_to_the_host_that_was_asked(client: Client, db: None):
    make_user("Eva", email=EMAIL)
    client.post(FORGOTTEN, {"email": EMAIL})
    (message,) = sent_mails()
    assert "http://testserver/konto/adgangskode/ny/?link=" in message.body
    assert "{" not in message.body


def test_another_users_id_does_not_open_with_ones_own_key(client: Client, db: None):
    make_user("Eva", email=EMAIL)
    other = make_user("Bo", email="bo@example.dk")
    link = link_for(client, EMAIL)
    foreign = re.sub(r"link=[^-]+-", f"link={int_to_base36(other.pk)}-", link)
    assert "Linket kan ikke bruges" in text_of(client.get(foreign, follow=True))


# The link works once


def race(eva: User) -> list[int]:
    """Let ten browsers that have opened one link send their passwords at once.

    Return the status of each answer: 302 for the one that set it, 200 for a refusal.
    """
    link = resets.compose(EMAIL, "http://testserver")
    assert link is not None
    (path,) = re.findall(r"http://testserver(\S+)", link.body)
    answers: list[int] = []

    def work(crowd: Crowd, number: int) -> None:
        browser = Client()
        page = browser.get(path, follow=True)
        form = form_with(page, "password1")
        password = f"{NEW}-{number}"
        crowd.begin()
        response = browser.post(form.action, form.filled(password1=password, password2=password))
        answers.append(response.status_code)

    Client().get(path)
    crowd = Crowd(10)
    crowd.run(work)
    assert crowd.errors == []
    return answers


@pytest.mark.slow
@pytest.mark.promise(11)
def test_one_link_sets_one_password(eva: User, promise: Measured):
    answers = race(eva)
    assert answers.count(302) == 1
    assert answers.count(200) == 9
    promise.figure("10 requests with one link at once", "1 set a password")


@pytest.fixture
def checked_before_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Check the link when the request comes, and not again under the user's lock."""

    def replace_password(user: User, hashed: str) -> None:
        current = User.objects.get(pk=user.pk)
        current.password = hashed
        current.save(update_fields=["password"])

    monkeypatch.setattr(User, "replace_password", replace_password)


@pytest.mark.slow
@pytest.mark.promise(11)
@pytest.mark.usefixtures("checked_before_only")
def test_without_the_check_under_the_lock_one_link_sets_many(eva: User, promise: Measured):
    """The control."""
    won = race(eva).count(302)
    assert won > 1
    promise.control("without the check under the user's lock", f"{won} set a password")


def test_a_used_link_is_refused_before_and_after_it_was_opened(client: Client, db: None):
    make_user("Eva", email=EMAIL)
    link = link_for(client, EMAIL)
    opened = Client()
    page = opened.get(link, follow=True)
    form = form_with(page, "password1")
    choose(client, link, NEW)
    typed = form.filled(password1="for-sent-sendt-12", password2="for-sent-sendt-12")
    late = opened.post(form.action, typed)
    assert "Linket kan ikke bruges" in text_of(late)
    assert User.objects.get(email=EMAIL).check_password(NEW)


def test_only_one_of_many_requested_links_can_be_used(client: Client, db: None):
    make_user("Eva", email=EMAIL)
    links = [link_for(client, EMAIL), link_for(client, EMAIL)]
    choose(client, links[1], NEW)
    for link in links:
        assert "Linket kan ikke bruges" in text_of(Client().get(link, follow=True))
