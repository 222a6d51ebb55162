"""Log lines: each has its request's number, and no input can pass for a line."""

import logging
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from core.request_id import LineFormatter, RequestIdFilter, request_id
from tests.core.server import ask

FAULTY = "tests.core.faulty_urls"
LOGGING: dict[str, Any] = settings.LOGGING
LINE_FORMAT = LOGGING["formatters"]["line"]
LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ [\w.]+ \[([0-9a-f]{8}|-)\] ")

pytestmark = pytest.mark.django_db


@pytest.fixture
def log() -> Iterator[StringIO]:
    """Collect what the portal's own log handler writes."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(LineFormatter(LINE_FORMAT["format"]))
    handler.addFilter(RequestIdFilter())
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def records(log: StringIO) -> list[str]:
    """Return the request numbers of the lines that look like the first line of a record."""
    matches = (LINE.match(line) for line in log.getvalue().splitlines())
    return [match[1] for match in matches if match]


@pytest.mark.urls(FAULTY)
@pytest.mark.parametrize(
    ("method", "address", "logger"),
    [
        ("GET", "/proeve/fejl/RuntimeError/", "django.request"),
        ("GET", "/proeve/fejl/OperationalError/", "django.request"),
        ("GET", "/proeve/fejl/PermissionDenied/", "django.request"),
        ("GET", "/proeve/fejl/SuspiciousOperation/", "django.security.SuspiciousOperation"),
        # These two are logged after every middleware has run.
        ("GET", "/findes-ikke/", "django.request"),
        ("TRACE", "/status/", "django.request"),
        ("POST", "/konto/log-ind/", "django.security.csrf"),
    ],
)
def test_a_line_has_the_number_of_its_answer(log: StringIO, method: str, address: str, logger: str):
    answer = ask(method, address)
    number = answer.headers["x-request-id"]
    assert f"{logger} [{number}]" in log.getvalue()
    assert records(log) == [number]


def test_a_request_that_django_cannot_read_is_logged(log: StringIO):
    ask(SCRIPT_NAME="\xff")
    assert "core.wsgi [-] The request was not answered." in log.getvalue()


def test_a_command_has_no_number(log: StringIO, client: Client):
    client.get("/findes-ikke/")
    log.seek(0)
    log.truncate()
    logging.getLogger("reports").error("No PDF")
    call_command("verify_editions", stdout=StringIO())
    assert records(log) == ["-"]


FORGED = "x\n2026-11-27 10:00:00,000 INFO accounts [0123abcd] Anna logged in"


@pytest.mark.urls(FAULTY)
@pytest.mark.parametrize(
    "end", ["%0a", "%0d", "%0d%0a", "%0b", "%0c", "%1c", "%c2%85", "%e2%80%a8"]
)
def test_an_address_cannot_write_a_line(log: StringIO, end: str):
    forged = f"{end}2026-11-27 10:00:00,000 INFO accounts [0123abcd] Anna"
    ask("GET", f"/{forged.replace(' ', '%20')}/", HTTP_USER_AGENT=FORGED, HTTP_REFERER=FORGED)
    ask("GET", "/", HTTP_HOST=f"x\n{FORGED}")
    assert len(records(log)) == 2
    assert "0123abcd" not in records(log)


def test_no_message_can_write_a_line(log: StringIO):
    """Nor can it control a terminal or reverse the text. A traceback is indented."""
    request_id.set("feedf00d")
    logger = logging.getLogger("core")
    for end in "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029\x1b\x9b\u202e\u2066\0":
        logger.error("Title %s", f"x{end}{FORGED}")
    try:
        raise ValueError(FORGED)
    except ValueError:
        logger.exception(FORGED)
    request_id.set("-")
    assert records(log) == ["feedf00d"] * 16
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202e\u2066]", log.getvalue())
    assert "    ValueError: x" in log.getvalue()


def test_the_settings_use_this_formatter():
    assert LINE_FORMAT["()"] == "core.request_id.LineFormatter"
    assert LOGGING["handlers"]["console"] == {
        "class": "logging.StreamHandler",
        "formatter": "line",
        "filters": ["request_id"],
    }


def test_without_the_formatter_a_line_is_forged(log: StringIO):
    """The control: what Python's own formatter makes of the same message."""
    (handler,) = (h for h in logging.getLogger().handlers if getattr(h, "stream", None) is log)
    handler.setFormatter(logging.Formatter(LINE_FORMAT["format"]))
    logging.getLogger("core").error(FORGED)
    assert records(log) == ["-", "0123abcd"]
