"""The outbox: every mail of the portal is a row first, and leaves after the answer.

`put` and `put_reset` write the row in the caller's transaction: the change and the mail that tells
of it are stored together or not at all. After the commit, and within a request after the answer,
a short-lived thread sends what waits; `manage.py send_outbox`, run by a timer, sends what a thread
could not. A slow or dead mail server therefore costs no request anything.

Several threads, processes and machines may send at once. Each takes one mail in a short
transaction, by moving its next attempt behind a lease, and sends it outside of any transaction. A
sender that is killed loses nothing: when the lease has run out another one takes the mail. Had the
mail server accepted it just before the kill, that one mail arrives twice; no other does.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any

from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.signals import request_finished
from django.db import close_old_connections, connections, transaction
from django.db.models import Q, QuerySet
from django.dispatch import receiver
from django.utils import timezone

from accounts import resets
from accounts.models import OutboxMail
from core.request_id import NONE, current_request_id

logger = logging.getLogger(__name__)

Kind = OutboxMail.Kind

# The waits after each failed attempt; after the last one the mail is given up: two days in all.
WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(hours=12),
    timedelta(hours=24),
)
# How long a sender may take for one mail before another one takes it up: far above EMAIL_TIMEOUT.
LEASE = timedelta(minutes=2)
# How long rows without a text are kept, for whoever asks whether a mail was sent.
KEPT = timedelta(days=14)
# Whether the request that this thread answers has put in a mail.
_waits_for_answer: ContextVar[bool] = ContextVar("outbox_waits_for_answer", default=False)


def put(kind: str, recipient: str, subject: str, body: str) -> OutboxMail:
    """Store a mail to be sent when the caller's transaction is committed."""
    return _put(OutboxMail(kind=kind, recipient=recipient, subject=subject, body=body))


def put_reset(recipient: str, site: str) -> OutboxMail:
    """Store that somebody asked for a new password for `recipient`, whoever that is. Whether
    there is such a user is looked up when the mail is sent: the request takes the same time for
    all. `site` is what the link begins with, "https://portal.example"."""
    return _put(OutboxMail(kind=Kind.RESET, recipient=recipient, site=site))


def send_waiting() -> int:
    """Send what is due, one mail after the other; how many were sent."""
    sent = 0
    connection = mail.get_connection()
    try:
        while (row := _take(timezone.now())) is not None:
            sent += _deliver(row, connection)
    finally:
        with suppress(OSError, SMTPException):
            connection.close()
    return sent


def forget_old(at: datetime) -> int:
    """Remove rows of mails that ended long ago; how many."""
    removed, _ = OutboxMail.objects.filter(ended_at__lt=at - KEPT).delete()
    return removed


def _put(row: OutboxMail) -> OutboxMail:
    row.save(force_insert=True)
    transaction.on_commit(_wake, robust=True)
    return row


def _wake() -> None:
    """Send now; within a request when the answer has left, so that it costs the request nothing."""
    if current_request_id() == NONE:
        SENDER.wake()
    else:
        _waits_for_answer.set(True)


@receiver(request_finished)
def _answered(**_: Any) -> None:
    """The server has sent the whole answer and closed it."""
    if _waits_for_answer.get():
        _waits_for_answer.set(False)
        SENDER.wake()


def _take(at: datetime) -> OutboxMail | None:
    """The next mail that is due, taken so that nobody else sends it meanwhile."""
    due = Q(ended_at=None, next_attempt_at__lte=at)
    if not OutboxMail.objects.filter(due).exists():  # without SQLite's lock for writing
        return None
    with transaction.atomic():
        waiting = OutboxMail.objects.select_for_update(skip_locked=True).filter(due)
        row = waiting.order_by("next_attempt_at", "id").first()
        if row is None:
            return None
        row.attempts += 1
        row.next_attempt_at = at + LEASE
        row.save(update_fields=["attempts", "next_attempt_at"])
    return row


def _deliver(row: OutboxMail, connection: BaseEmailBackend) -> bool:
    """Send one mail that was taken; whether one was sent."""
    try:
        message = _message(row)
        if message is not None:
            message.connection = connection
            message.send()
    except Exception as error:  # whatever it is, the other mails still go
        # What a broken connection had left would fail the next mail too.
        with suppress(OSError, SMTPException):
            connection.close()
        _failed(row, error)
        return False
    _end(row, "")
    return message is not None


def _message(row: OutboxMail) -> mail.EmailMessage | None:
    """The mail; None when there is nobody to write to."""
    if row.kind != Kind.RESET:
        return mail.EmailMessage(row.subject, row.body, to=[row.recipient])
    letter = resets.compose(row.recipient, row.site)
    if letter is None:
        return None
    return mail.EmailMessage(letter.subject, letter.body, to=[letter.recipient])


def _failed(row: OutboxMail, error: Exception) -> None:
    """Try again later, or give up. What the server said may name people: it stands in the row."""
    kind, said = type(error).__name__, f"{type(error).__name__}: {error}"[:300]
    if row.attempts > len(WAITS):
        logger.error("Gave up mail %s (%s) after %s attempts: %s", *_named(row), kind)
        _end(row, said)
        return
    wait = WAITS[row.attempts - 1]
    logger.warning("Mail %s (%s) failed, attempt %s: %s", *_named(row), kind)
    _mine(row).update(last_error=said, next_attempt_at=timezone.now() + wait)


def _end(row: OutboxMail, error: str) -> None:
    """Sent or given up: nobody needs the text any more, and it may hold a link."""
    _mine(row).update(ended_at=timezone.now(), next_attempt_at=None, body="", last_error=error)


def _mine(row: OutboxMail) -> QuerySet[OutboxMail]:
    """The row while it is still the one that was taken."""
    return OutboxMail.objects.filter(pk=row.pk, attempts=row.attempts, ended_at=None)


def _named(row: OutboxMail) -> tuple[int, str, int]:
    return row.pk, row.kind, row.attempts


class Sender:
    """The thread that sends after a commit: at most one in a process, gone when nothing waits."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        self._lock = threading.Lock()
        self._wanted = False
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """See to it that what is stored now gets sent."""
        with self._lock:
            self._wanted = True
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)
                self._thread.start()

    def wait(self) -> None:
        """Wait until nothing is being sent, as tests and a worker that stops do."""
        while (thread := self._thread) is not None:
            thread.join()

    def _run(self) -> None:
        try:
            while self._is_wanted():
                close_old_connections()
                self._work()
        except Exception:
            # The rows are still there; the timer sends them.
            logger.exception("The outbox could not be sent")
            with self._lock:
                self._thread = None
        finally:
            connections.close_all()

    def _is_wanted(self) -> bool:
        """Whether somebody woke the thread since it last looked; if not, it ends."""
        with self._lock:
            wanted, self._wanted = self._wanted, False
            if not wanted:
                self._thread = None
            return wanted


SENDER = Sender(send_waiting)
