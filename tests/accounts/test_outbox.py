"""The outbox: a mail is stored with the change it is about, and leaves after the answer."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts import outbox
from accounts.models import Attempts, OutboxMail
from tests.concurrency.crowd import Crowd
from tests.factories import make_user
from tests.promises import Measured
from tests.smtp_sink import SmtpSink, smtp_sink

FORGOTTEN = "/konto/adgangskode/glemt/"


@pytest.fixture
def sink(settings: Any) -> Iterator[SmtpSink]:
    with smtp_sink() as sink:
        use(settings, sink.port)
        yield sink


def use(settings: Any, port: int) -> None:
    """Send by SMTP, as in production."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port


def put(number: int = 1) -> OutboxMail:
    return outbox.put(
        outbox.MailKind.OTHER, f"modtager-{number}@example.dk", "Emne æøå", f"Nr. {number}"
    )


def make_due() -> None:
    """Let the waiting time of every mail be over."""
    OutboxMail.objects.filter(ended_at=None).update(next_attempt_at=timezone.now())


# One sender


@pytest.mark.django_db(transaction=True)
def test_a_mail_leaves_by_itself_after_the_commit(sink: SmtpSink):
    with transaction.atomic():
        put()
    sink.wait_for(1)
    (message,) = sink.mails
    assert (message["To"], message["Subject"]) == ("modtager-1@example.dk", "Emne æøå")
    assert message.get_content().strip() == "Nr. 1"
    outbox.SENDER.wait()
    row = OutboxMail.objects.get()
    assert row.ended_at is not None
    assert row.body == ""


@pytest.mark.promise(14)
@pytest.mark.django_db(transaction=True)
def test_a_mail_of_a_request_leaves_when_the_answer_has_left(sink: SmtpSink, promise: Measured):
    """A server sends the answer's parts to the client, and then closes the answer."""
    make_user("Eva", email="eva@example.dk")
    token = "a" * 32
    headers = {"cookie": f"csrftoken={token}", "x-csrftoken": token}
    request = RequestFactory().post(FORGOTTEN, {"email": "eva@example.dk"}, headers=headers)
    statuses: list[str] = []
    handler: Any = WSGIHandler()
    answer = handler(request.environ, lambda status, headers: statuses.append(status))
    assert list(answer) == [b""]
    assert statuses == ["302 Found"]
    assert OutboxMail.objects.get().attempts == 0
    assert "outbox" not in [thread.name for thread in threading.enumerate()]
    answer.close()
    sink.wait_for(1)
    outbox.SENDER.wait()
    promise.figure("threads that send mail before the server has closed the answer", 0)


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_sends_nothing(sink: SmtpSink):
    with transaction.atomic():
        put()
        transaction.set_rollback(True)
    with transaction.atomic():
        put(2)
    sink.wait_for(1)
    outbox.SENDER.wait()
    assert [message["To"] for message in sink.mails] == ["modtager-2@example.dk"]


@pytest.mark.django_db
def test_a_failed_mail_is_tried_again_later_and_later(sink: SmtpSink):
    sink.refusing = True
    put()
    for attempt, wait in enumerate(outbox.WAITS, start=1):
        begun = timezone.now()
        assert outbox.send_waiting() == 0
        row = OutboxMail.objects.get()
        assert row.attempts == attempt
        assert row.next_attempt_at is not None
        assert row.next_attempt_at >= begun + wait
        assert "not now" in row.last_error
        assert outbox.send_waiting() == 0
        make_due()
    sink.refusing = False
    assert outbox.send_waiting() == 1
    assert len(sink.mails) == 1


@pytest.mark.django_db
def test_a_mail_is_given_up_after_the_last_attempt_and_logged(
    sink: SmtpSink, caplog: pytest.LogCaptureFixture
):
    sink.refusing = True
    put()
    for _ in range(len(outbox.WAITS) + 1):
        outbox.send_waiting()
        make_due()
    row = OutboxMail.objects.get()
    assert (row.body, row.ended_at is not None) == ("", True)
    assert [record.levelno for record in caplog.records][-1] == logging.ERROR
    assert "Gave up mail" in caplog.text
    assert "modtager-1" not in caplog.text


@pytest.mark.django_db
def test_one_bad_mail_does_not_hold_back_the_others(sink: SmtpSink):
    outbox.put(outbox.MailKind.OTHER, "en@example.dk", "To\nlinjer", "Kan ikke sendes.")
    put(2)
    assert outbox.send_waiting() == 1
    assert [message["To"] for message in sink.mails] == ["modtager-2@example.dk"]


@pytest.mark.django_db
def test_a_mail_that_is_written_when_it_is_sent_may_not_be_needed(sink: SmtpSink):
    outbox.put_reset("ukendt@example.dk", "https://portal.example")
    assert outbox.send_waiting() == 0
    row = OutboxMail.objects.get()
    assert (row.last_error, row.ended_at is not None) == (outbox.NOT_NEEDED, True)
    with pytest.raises(ImproperlyConfigured):
        outbox.put_unwritten(outbox.MailKind.OTHER, "ukendt@example.dk")


@pytest.mark.django_db
def test_the_timers_command_sends_waiting_mails(sink: SmtpSink):
    put(1)
    put(2)
    output = StringIO()
    call_command("send_outbox", stdout=output)
    assert "2 e-mails sendt." in output.getvalue()
    assert len(sink.mails) == 2


@pytest.mark.django_db
def test_old_mails_and_counters_are_removed():
    put(1)
    outbox.send_waiting()
    OutboxMail.objects.update(ended_at=timezone.now() - outbox.KEEP_FOR - timedelta(days=1))
    put(2)
    now = timezone.now()
    Attempts.objects.create(key="gammel", forgotten_at=now - timedelta(hours=25))
    Attempts.objects.create(key="ny", forgotten_at=now - timedelta(hours=23))
    call_command("clean_up", stdout=StringIO())
    assert OutboxMail.objects.get().recipient == "modtager-2@example.dk"
    assert Attempts.objects.get().key == "ny"


# A dead mail server


@pytest.mark.promise(14)
@pytest.mark.django_db(transaction=True)
def test_a_silent_mail_server_delays_no_request(settings: Any, promise: Measured):
    """The server takes 30 seconds for each mail, and no answer waits for it."""
    make_user("Eva", email="eva@example.dk")
    with smtp_sink(delay=30) as slow:
        use(settings, slow.port)
        settings.EMAIL_TIMEOUT = 1
        browser = Client()
        browser.get(FORGOTTEN)
        times = []
        for number in range(3):
            begun = time.perf_counter()
            email = "eva@example.dk" if number else "ukendt@example.dk"
            assert browser.post(FORGOTTEN, {"email": email}).status_code == 302
            times.append(time.perf_counter() - begun)
        outbox.SENDER.wait()
    assert OutboxMail.objects.filter(ended_at=None).count() == 2
    assert max(times) < 1
    promise.figure(
        "slowest request with a mail server that takes 30 s", f"{max(times) * 1000:.0f} ms"
    )


# Many senders


@pytest.mark.slow
@pytest.mark.promise(14)
@pytest.mark.django_db(transaction=True)
def test_many_senders_send_each_mail_once(sink: SmtpSink, promise: Measured):
    OutboxMail.objects.bulk_create(
        OutboxMail(kind="other", recipient=f"nr-{number}@example.dk", subject="E", body="T")
        for number in range(40)
    )

    def work(crowd: Crowd, number: int) -> None:
        crowd.begin()
        outbox.send_waiting()

    crowd = Crowd(8)
    crowd.run(work)
    assert crowd.errors == []
    to = sorted(str(message["To"]) for message in sink.mails)
    assert to == sorted(f"nr-{number}@example.dk" for number in range(40))
    promise.figure("40 mails, 8 senders at once", "each sent once")


def a_sender(port: int) -> subprocess.Popen[bytes]:
    """Start `manage.py send_outbox` on the test's database in a separate process."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{database['NAME']}"
    else:
        base = os.environ["TEST_DATABASE_URL"].rpartition("/")[0]
        query = os.environ["TEST_DATABASE_URL"].partition("?")[2]
        url = f"{base}/{database['NAME']}" + (f"?{query}" if query else "")
    env = {"SECRET_KEY": "test", "DATABASE_URL": url, "EMAIL_URL": f"smtp://127.0.0.1:{port}"}
    return subprocess.Popen(
        [sys.executable, "manage.py", "send_outbox"],
        cwd=django_settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], **env},
        stdout=subprocess.DEVNULL,
    )


@pytest.mark.slow
@pytest.mark.promise(14)
@pytest.mark.django_db(transaction=True)
def test_a_killed_sender_loses_nothing_and_repeats_one_mail_at_most(
    sink: SmtpSink, promise: Measured
):
    """kill -9 while mails are being sent: what it had taken is sent when its lease is over."""
    OutboxMail.objects.bulk_create(
        OutboxMail(kind="other", recipient=f"nr-{number}@example.dk", subject="E", body="T")
        for number in range(30)
    )
    sink.delay = 0.05
    kills = 0
    for stop_at in (3, 9, 15, 21):
        process = a_sender(sink.port)
        sink.wait_for(stop_at)
        process.send_signal(signal.SIGKILL)
        process.wait()
        kills += 1
        make_due()
    sink.delay = 0.0
    outbox.send_waiting()
    to = [str(message["To"]) for message in sink.mails]
    assert len(set(to)) == 30
    assert OutboxMail.objects.filter(ended_at=None).count() == 0
    twice = len(to) - 30
    assert twice <= kills
    promise.figure(f"30 mails, {kills} kills of the sender", f"0 lost, {twice} sent twice")
