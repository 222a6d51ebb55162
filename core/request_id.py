"""The number of the request that is being answered, and the log lines that carry it.

A request has its number from the moment the server accepts it until the response has been sent, so
that every log line in between carries it, also those that Django writes after all middleware. A
number sent by the client is never used: it could point to the log lines of somebody else.
"""

import logging
import secrets
from contextvars import ContextVar
from typing import Any

from django.core.signals import request_finished, request_started
from django.dispatch import receiver

NONE = "-"

request_id: ContextVar[str] = ContextVar("request_id", default=NONE)

# Characters that could imitate a log line or control a terminal: control characters, Unicode's line
# breaks and bidirectional controls. A line break is kept, and the next line is indented.
HIDDEN = [*range(0x20), *range(0x7F, 0xA0), *range(0x2028, 0x202F), *range(0x2066, 0x206A)]
VISIBLE = {code: f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" for code in HIDDEN}
VISIBLE |= {ord("\n"): "\n    ", ord("\t"): "\t"}


@receiver(request_started)
def _begin(**_: Any) -> None:
    request_id.set(secrets.token_hex(4))


@receiver(request_finished)
def _end(**_: Any) -> None:
    request_id.set(NONE)


def current_request_id() -> str:
    """Return the number that error pages and log lines show; "-" outside a request."""
    return request_id.get()


class RequestIdFilter(logging.Filter):
    """A filter that puts the request's number on each log line."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


class LineFormatter(logging.Formatter):
    """A formatter whose records cannot be imitated by text from a client."""

    def format(self, record: logging.LogRecord) -> str:
        return super().format(record).translate(VISIBLE)
