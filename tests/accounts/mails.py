"""The mails of the outbox, sent as the portal's thread sends them after an answer."""

from typing import Any

from django.core import mail

from accounts import outbox


def sent_mails() -> list[Any]:
    """Send the waiting mails, and return every mail that has left in this test."""
    outbox.send_waiting()
    return mail.outbox
