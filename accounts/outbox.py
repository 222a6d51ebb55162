"""The outbox: every mail is stored as a row first and sent after the response.

`put` and `put_reset` write the row in the caller's transaction, so that a change and the mail about
it are stored together or not at all. After the commit (in a request, after the response) a
short-lived thread sends the waiting mails; `manage.py send_outbox`, run by a timer, sends those
that the thread could not. A slow or dead mail server therefore delays no request.

The text of some kinds of mail is written when the mail is sent, so that it is true then: the
module `mails` of an app names the function that writes it (`writes`), which may also find that the
mail is not needed any more.

Several threads, processes and machines may send at once. Each takes one mail in a short
transaction, by setting its next attempt to after a lease, and sends it outside any transaction. A
sender that is killed loses nothing: when the lease has expired another one takes the mail. If the
mail server had accepted it just before the kill, that one mail arrives twice; no other does.
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
from django.core.exceptions import ImproperlyConfigured
from django.core.mail.backends.base import BaseEmailBackend
from django.core.signals import request_finished
from django.db import close_old_connections, connections, transaction
from django.db.models import Q, QuerySet
from django.dispatch import receiver
from django.utils import timezone

from accounts import resets
from accounts.letters import Letter
from accounts.models import OutboxMail
from core.request_id import NONE, current_request_id

logger = logging.getLogger(__name__)

MailKind = OutboxMail.Kind

# The wait after each failed attempt. After the last one the mail is given up: two days in all.
WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(hours=12),
    timedelta(hours=24),
)
# How long a sender may take for one mail before another takes it: far longer than EMAIL_TIMEOUT.
LEASE = timedelta(minutes=2)
# How long the rows of ended mails, without their text, are kept to show whether a mail was sent.
KEEP_FOR = timedelta(days=14)
# Stands as the error of a mail that was not sent because nobody needed it any more.
NOT_NEEDED = "Ikke sendt: e-mailen var ikke længere nødvendig."
# The functions that write the text of a mail when it is sent, by its kind.
Writer = Callable[[OutboxMail], Letter | None]
_WRITERS: dict[str, Writer] = {
    MailKind.RESET: lambda row: resets.compose(row.recipient, row.site),
}
# Whether the request that this thread answers has stored a mail.
_waits_for_answer: ContextVar[bool] = ContextVar("outbox_waits_for_answer", default=False)


def put(kind: str, recipient: str, subject: str, body: str) -> OutboxMail:
    """Store a mail that is sent once the caller's transaction is committed."""
    return _put(OutboxMail(kind=kind, recipient=recipient, subject=subject, body=body))


def put_reset(recipient: str, site: str) -> OutboxMail:
    """Store that somebody asked for a new password for `recipient`.

    Whether such a user exists is looked up when the mail is sent, so that the request takes the
    same time for every address. `site` is the beginning of the link, "https://portal.example".
    """
    return _put(OutboxMail(kind=MailKind.RESET, recipient=recipient, site=site))


def writes(kind: str, writer: Writer) -> None:
    """Let `writer` write the text of every mail of this kind when it is sent."""
    _WRITERS[kind] = writer


def put_unwritten(kind: str, recipient: str) -> OutboxMail:
    """Store a mail whose text is written when it is sent."""
    if kind not in _WRITERS:
        raise ImproperlyConfigured(f"Nobody writes the mails of the kind {kind!r}.")
    return _put(OutboxMail(kind=kind, recipient=recipient))


def send_waiting() -> int:
    """Send all mails that are due, one after the other. Returns how many were sent."""
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
    """Remove the rows of mails that ended long ago. Returns how many."""
    removed, _ = OutboxMail.objects.filter(ended_at__lt=at - KEEP_FOR).delete()
    return removed


def _put(row: OutboxMail) -> OutboxMail:
    row.save(force_insert=True)
    transaction.on_commit(_wake, robust=True)
    return row


def _wake() -> None:
    """Start the sender: at once, or in a request after the response, so as not to delay it."""
    if current_request_id() == NONE:
        SENDER.wake()
    else:
        _waits_for_answer.set(True)


@receiver(request_finished)
def _answered(**_: Any) -> None:
    """Start the sender once the server has sent the whole response."""
    if _waits_for_answer.get():
        _waits_for_answer.set(False)
        SENDER.wake()


def _take(at: datetime) -> OutboxMail | None:
    """Take the next mail that is due, so that nobody else sends it meanwhile; None without one."""
    due = Q(ended_at=None, next_attempt_at__lte=at)
    if not OutboxMail.objects.filter(due).exists():  # this takes no write lock on SQLite
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
    """Send a mail that was taken. Returns whether a mail was sent."""
    try:
        message = _message(row)
        if message is not None:
            message.connection = connection
            message.send()
    except Exception as error:  # whatever it is, the other mails are still sent
        # The next mail would fail on a broken connection too.
        with suppress(OSError, SMTPException):
            connection.close()
        _failed(row, error)
        return False
    _end(row, "" if message else NOT_NEEDED)
    return message is not None


def _message(row: OutboxMail) -> mail.EmailMessage | None:
    """Make the mail; None when it is not needed."""
    letter: Letter | None = Letter(row.recipient, row.subject, row.body)
    if writer := _WRITERS.get(row.kind):
        letter = writer(row)
    if letter is None:
        return None
    message = mail.EmailMultiAlternatives(letter.subject, letter.body, to=[letter.recipient])
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    return message


def _failed(row: OutboxMail, error: Exception) -> None:
    """Plan the next attempt, or give up. The server's message may name people, so it is stored in
    the row and not logged."""
    kind, message = type(error).__name__, f"{type(error).__name__}: {error}"[:300]
    if row.attempts > len(WAITS):
        logger.error("Gave up mail %s (%s) after %s attempts: %s", *_log_fields(row), kind)
        _end(row, message)
        return
    wait = WAITS[row.attempts - 1]
    logger.warning("Mail %s (%s) failed, attempt %s: %s", *_log_fields(row), kind)
    _still_taken(row).update(last_error=message, next_attempt_at=timezone.now() + wait)


def _end(row: OutboxMail, error: str) -> None:
    """Mark a mail as sent or given up, and remove its text, which may hold a link."""
    now = timezone.now()
    _still_taken(row).update(ended_at=now, next_attempt_at=None, body="", last_error=error)


def _still_taken(row: OutboxMail) -> QuerySet[OutboxMail]:
    """Find the row, unless another sender has taken it since."""
    return OutboxMail.objects.filter(pk=row.pk, attempts=row.attempts, ended_at=None)


def _log_fields(row: OutboxMail) -> tuple[int, str, int]:
    return row.pk, row.kind, row.attempts


class Sender:
    """The thread that sends after a commit: at most one in a process, ended when nothing waits."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        self._lock = threading.Lock()
        self._wanted = False
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """Make sure that what is stored now gets sent: start the thread or let it look again."""
        with self._lock:
            self._wanted = True
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)
                self._thread.start()

    def wait(self) -> None:
        """Wait until nothing is being sent."""
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
