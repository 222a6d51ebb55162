"""Reminders through a mail server that refuses, is silent, or dies between two mails.

Nobody is left out, nobody gets a mail twice, and whoever waits for a page waits for no mail server.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import outbox
from accounts.models import OutboxMail
from accounts.permissions import Role
from initiatives.contacts import reminders
from initiatives.contacts.reminders import put_reminders
from initiatives.models import Reminder
from initiatives.sources.live import build_live
from principles.models import Programme
from tests.concurrency.crowd import Crowd
from tests.factories import make_area, make_initiative, make_membership, make_principle, make_user
from tests.initiatives.steps import edit
from tests.promises import Measured
from tests.smtp_sink import SmtpSink, smtp_sink

pytestmark = [
    pytest.mark.slow,
    pytest.mark.promise(14),
    pytest.mark.django_db(transaction=True),
]

PEOPLE = 12
# The day of the reminder, 15 working days before the meeting.
MEETING, ASKED = date(2026, 4, 9), date(2026, 3, 16)


@pytest.fixture
def march(transactional_db: None, settings: Any) -> Programme:
    """PEOPLE tovholdere with one initiative each that misses its status for March."""
    settings.SITE_URL = "https://portal.example"
    programme: Programme = edit(
        Programme.objects.get(),
        uses_contacts=True,
        next_meeting_on=MEETING,
        reporting_month=ASKED.replace(day=1),
    )
    area = make_area(make_principle(programme))
    for number in range(PEOPLE):
        user = make_user(f"Tovholder {number}", email=f"nr-{number}@example.dk")
        make_membership(user, programme, Role.GROUP)
        make_initiative(area, lead=user)
    return programme


@pytest.fixture
def sink(settings: Any) -> Iterator[SmtpSink]:
    with smtp_sink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        yield sink


EVERYBODY = {f"nr-{number}@example.dk" for number in range(PEOPLE)}


def put(programme: Programme) -> int:
    """Put today's reminders in the outbox, as the command does."""
    month = programme.reporting_month
    document = build_live(programme, month=month, on=ASKED).document
    return put_reminders(programme, document, 15)


def received(sink: SmtpSink) -> Counter[str]:
    return Counter(str(message["To"]) for message in sink.mails)


def make_due() -> None:
    """Let the waiting time of every mail be over."""
    OutboxMail.objects.filter(ended_at=None).update(next_attempt_at=timezone.now())


def manage(command: str, port: int) -> subprocess.Popen[bytes]:
    """Start a command on the test's database, with mail going to `port`, on the day ASKED."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{database['NAME']}"
    else:
        base, _, query = os.environ["TEST_DATABASE_URL"].partition("?")
        url = f"{base.rpartition('/')[0]}/{database['NAME']}" + (f"?{query}" if query else "")
    env = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "test",
        "DATABASE_URL": url,
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "SITE_URL": "https://portal.example",
        "DEMO": "1",
        "DEMO_TODAY": ASKED.isoformat(),
    }
    return subprocess.Popen(
        [sys.executable, "manage.py", command],
        cwd=django_settings.BASE_DIR,
        env=env,
        stdout=subprocess.DEVNULL,
    )


def test_a_server_that_is_dead_or_refuses_gets_them_later(
    march: Programme, sink: SmtpSink, settings: Any, promise: Measured
):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1  # where nobody listens
    assert put(march) == PEOPLE
    outbox.SENDER.wait()
    settings.EMAIL_PORT, sink.refusing = port, True
    make_due()
    assert outbox.send_waiting() == 0
    assert received(sink) == Counter()
    assert put(march) == 0
    sink.refusing = False
    make_due()
    outbox.send_waiting()
    assert received(sink) == Counter(EVERYBODY)
    promise.figure(
        f"{PEOPLE} reminders to a mail server that was dead and then refused",
        "0 lost, 0 sent twice",
    )


def test_a_server_that_is_silent_stops_no_page_and_no_command(
    march: Programme, secretariat_client: Client, settings: Any, promise: Measured
):
    """The server takes 30 seconds for each mail. Pages are answered meanwhile."""
    settings.EMAIL_TIMEOUT = 1
    with smtp_sink(delay=30) as silent:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", silent.port
        assert put(march) == PEOPLE
        times = []
        for path in ("/paamindelser/", "/status/", "/min-profil/", "/paamindelser/"):
            begun = time.perf_counter()
            assert secretariat_client.get(path).status_code == 200
            times.append(time.perf_counter() - begun)
        assert OutboxMail.objects.filter(ended_at=None).count() == PEOPLE
        outbox.SENDER.wait()
    assert OutboxMail.objects.filter(ended_at=None).count() == PEOPLE
    with smtp_sink() as well:
        settings.EMAIL_PORT = well.port
        make_due()
        outbox.send_waiting()
        assert received(well) == Counter(EVERYBODY)
    promise.figure(
        "slowest page while reminders wait for a silent mail server",
        f"{max(times) * 1000:.0f} ms",
    )


def test_the_command_sends_all_before_it_ends(march: Programme, sink: SmtpSink):
    """The thread that sends would die with the process, between a mail and its mark."""
    sink.delay = 0.05
    assert manage("send_reminders", sink.port).wait() == 0
    assert received(sink) == Counter(EVERYBODY)
    assert OutboxMail.objects.filter(ended_at=None).count() == 0
    assert manage("send_reminders", sink.port).wait() == 0
    assert received(sink) == Counter(EVERYBODY)


def test_two_commands_at_once_remind_once(march: Programme, sink: SmtpSink, promise: Measured):
    processes = [manage("send_reminders", sink.port) for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    make_due()
    outbox.send_waiting()
    assert received(sink) == Counter(EVERYBODY)
    assert Reminder.objects.count() == PEOPLE
    promise.figure(f"{PEOPLE} people, 3 commands at once", "each reminded once")


@pytest.mark.parametrize("is_protected", [True, False], ids=["protected", "control"])
def test_three_who_put_reminders_at_once(
    march: Programme,
    promise: Measured,
    monkeypatch: pytest.MonkeyPatch,
    is_protected: bool,
):
    """All three have seen that nobody was reminded. The control asks the outbox first and puts the
    mail then; the database does not let it."""
    monkeypatch.setattr(outbox.SENDER, "wake", lambda: None)

    def work(crowd: Crowd, number: int) -> None:
        crowd.begin()
        put(march)

    def ask_and_put(membership: Any, month: date, number: int) -> bool:
        found = OutboxMail.objects.filter(recipient=membership.user.email).exists()
        everybody_has_asked.wait()
        if not found:
            outbox.put_unwritten(outbox.MailKind.REMINDER, membership.user.email)
        return not found

    crowd = Crowd(3)
    everybody_has_asked = threading.Barrier(3, timeout=60)
    if not is_protected:
        monkeypatch.setattr(reminders, "_put", ask_and_put)
    crowd.run(work)
    assert crowd.errors == []
    mails = OutboxMail.objects.count()
    if is_protected:
        assert mails == PEOPLE
    else:
        assert mails > PEOPLE
        promise.control("asking first and putting then, 3 at once", f"{mails} for {PEOPLE} people")


def test_a_command_that_is_killed_loses_nothing_and_repeats_one_mail_at_most(
    march: Programme, sink: SmtpSink, promise: Measured
):
    """kill -9 while the reminders are being sent, then the timers run again."""
    sink.delay = 0.05
    process = manage("send_reminders", sink.port)
    sink.wait_for(PEOPLE // 2)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert len(sink.mails) < PEOPLE
    make_due()
    assert manage("send_reminders", sink.port).wait() == 0
    outbox.send_waiting()
    got = received(sink)
    assert set(got) == EVERYBODY
    twice = got.total() - PEOPLE
    assert twice <= 1
    promise.figure(f"{PEOPLE} reminders, the command killed", f"0 lost, {twice} sent twice")


@pytest.mark.parametrize("is_marked", [True, False], ids=["protected", "control"])
def test_a_kill_between_a_mail_and_its_mark_repeats_that_mail_alone(
    march: Programme,
    sink: SmtpSink,
    promise: Measured,
    monkeypatch: pytest.MonkeyPatch,
    is_marked: bool,
):
    """The mail server has the fifth mail, and the sender dies before it has marked it. The control
    marks none, as an outbox without states would: then all that were sent are sent again."""

    class Killed(BaseException):
        pass

    end: Callable[..., None] = outbox._end

    def die_at_the_fifth(row: OutboxMail, error: str) -> None:
        if len(sink.mails) == 5:
            raise Killed
        if is_marked:
            end(row, error)

    with monkeypatch.context() as dying:
        dying.setattr(outbox.SENDER, "wake", lambda: None)
        assert put(march) == PEOPLE
        dying.setattr(outbox, "_end", die_at_the_fifth)
        with pytest.raises(Killed):
            outbox.send_waiting()
    make_due()
    outbox.send_waiting()
    got = received(sink)
    assert set(got) == EVERYBODY
    twice = got.total() - PEOPLE
    if is_marked:
        assert twice == 1
        promise.figure(f"{PEOPLE} reminders, a kill between mail and mark", f"{twice} sent twice")
    else:
        assert twice == 5
        promise.control("without marks", f"{twice} sent twice")
