"""Browser tests: a person at a window, watched for what must never happen.

`visit(user)` opens a window of its own, signed in by the session cookie. Each window is watched:
a CSP violation, an error in the console or a request that leaves the live server fails the test.
"""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import ConsoleMessage, Page, Request

from accounts.models import User

Visit = Callable[..., Page]

WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 360, "height": 740}
# The browser's own note of an answer like 404, 409 or 422, or of a POST the test has cut off.
EXPECTED = "Failed to load resource"
TELL_CSP = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""


@pytest.fixture
def visit(new_context: Callable[..., Any], base_url: str) -> Iterator[Visit]:
    """`visit(user, width=360, java_script_enabled=False)`: a new window; nobody is nobody."""
    problems: list[str] = []
    host = urlsplit(base_url).netloc

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED):
            problems.append(f"console: {message.text}")

    def asked(request: Request) -> None:
        if urlsplit(request.url).netloc not in ("", host):
            problems.append(f"left the machine: {request.url}")

    def open_window(user: User | None = None, *, width: int = 1280, **options: Any) -> Page:
        viewport = NARROW if width == NARROW["width"] else WIDE | {"width": width}
        context = new_context(viewport=viewport, locale="da-DK", **options)
        context.add_init_script(TELL_CSP)
        context.on("console", heard)
        context.on("request", asked)
        context.on("weberror", lambda error: problems.append(f"script: {error.error}"))
        context.set_default_timeout(5_000)
        if user:
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_of(user)}
            context.add_cookies([cookie | {"url": base_url}])
        page: Page = context.new_page()
        return page

    yield open_window
    assert problems == []


def session_of(user: User) -> str:
    """The key of a new session of `user`."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value
