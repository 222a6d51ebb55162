"""The number of the request being answered, and the log lines that carry it.

A request is given its number when the server takes it and loses it when the answer has been sent,
so that every line in between has it: those of Django's own handler too, which come after all
middleware. A number that a client sends is never taken over: it could name somebody else's lines.
"""

import logging
import secrets
from contextvars import ContextVar
from typing import Any

from django.core.signals import request_finished, request_started
from django.dispatch import receiver

NONE = "-"

request_id: ContextVar[str] = ContextVar("request_id", default=NONE)

# What could pass for another line, or steer a terminal: control characters, Unicode's line
# breaks and bidirectional controls. A line break is kept, and what follows it is set in.
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
    """Shown on every error page and in each log line; "-" outside a request."""
    return request_id.get()


class RequestIdFilter(logging.Filter):
    """Puts the request's number on each log line."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


class LineFormatter(logging.Formatter):
    """Writes a record so that nothing a client sent can pass for another record."""

    def format(self, record: logging.LogRecord) -> str:
        return super().format(record).translate(VISIBLE)
