"""The portal as the web server meets it: bytes in, status, headers and bytes out.

Django's own test client makes the request itself, and so never meets one that cannot be made.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from rammeaftale.wsgi import application


@dataclass
class Answer:
    """The answer. Headers have lower-case names; the last one counts when a name repeats."""

    status: int
    headers: dict[str, str]
    content: bytes
    cookies: list[str] = field(default_factory=list)


@contextmanager
def in_the_test_s_transaction() -> Iterator[None]:
    """Keep the test's connection open, which Django would close between requests."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def ask(
    method: str = "GET",
    address: str = "/",
    *,
    body: bytes = b"",
    session: str = "",
    **environ: Any,
) -> Answer:
    """Ask for `address`, percent-encoded as on the line. `environ` overrides: HTTP_COOKIE=…"""
    path, _, query = address.partition("?")
    sent: list[Any] = []
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "testserver",
        "HTTP_COOKIE": f"sessionid={session}" if session else "",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(body)) if body else "",
        "wsgi.input": BytesIO(body),
        "wsgi.url_scheme": "http",
    } | environ

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        sent[:] = [int(status.split()[0]), headers]

    with in_the_test_s_transaction():
        result = application(environ, start_response)
        content = b"".join(result)
        result.close()
    status, headers = sent
    cookies = [value for name, value in headers if name == "Set-Cookie"]
    return Answer(status, {name.lower(): value for name, value in headers}, content, cookies)
