"""Browser tests: a person at a window, watched for what must never happen.

`visit(user)` opens a window, signed in by the session cookie. Each window is watched: a CSP
violation, an error in the console or a request that leaves the live server fails the test.
"""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from accounts.models import User

Visit = Callable[..., Page]

# ms; generous for a busy machine, and a test only waits for what will come.
BROWSER_TIMEOUT = 20_000
expect.set_options(timeout=BROWSER_TIMEOUT)
SIZES = {1280: {"width": 1280, "height": 800}, 360: {"width": 360, "height": 740}}
# What the browser and htmx log about an answer like 401 or 422, and about an aborted request.
EXPECTED = (
    "Failed to load resource",
    "htmx:sendError",
    "htmx:afterRequest",
    *(f"Response Status Error Code {status} from" for status in (401, 403)),
)
TELL_CSP = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""


class Windows:
    """Browser windows that later tests use again: a new one costs more than a page.

    A test gets one of its own for each person; cookies never outlive the test.
    """

    def __init__(self, browser: Browser, base_url: str) -> None:
        self.browser = browser
        self.base_url = base_url
        self.problems: list[str] = []
        self.free: list[tuple[dict[str, Any], Page]] = []
        self.taken: list[tuple[dict[str, Any], Page]] = []

    def open(self, user: User | None = None, *, width: int = 1280, **options: Any) -> Page:
        """Open a window for this test alone; `options` are Playwright's for a browser context."""
        options |= {"viewport": SIZES[width]}
        kept = next((window for window in self.free if window[0] == options), None)
        if kept:
            self.free.remove(kept)
        window = kept or (options, self._new(options).new_page())
        self.taken.append(window)
        page = window[1]
        if user:
            cookie: Any = {"name": settings.SESSION_COOKIE_NAME, "value": session_of(user)}
            page.context.add_cookies([cookie | {"url": self.base_url}])
        return page

    def close(self) -> list[str]:
        """Empty each window at the end of a test, and return the problems that were noted."""
        for options, page in self.taken:
            page.set_viewport_size(options["viewport"])
            for other in page.context.pages:
                if other != page:
                    other.close()
            page.context.set_offline(False)
            page.context.clear_cookies()
            page.unroute_all()
            page.emulate_media(media="null", forced_colors="null")
            page.goto("about:blank")
            # No draft of one test meets the next one.
            storage = page.context.new_cdp_session(page)
            what = {"origin": self.base_url, "storageTypes": "local_storage"}
            storage.send("Storage.clearDataForOrigin", what)
            storage.detach()
        self.free += self.taken
        self.taken = []
        problems, self.problems = self.problems, []
        return problems

    def _new(self, options: dict[str, Any]) -> BrowserContext:
        context = self.browser.new_context(base_url=self.base_url, locale="da-DK", **options)
        context.add_init_script(TELL_CSP)
        context.on("console", self._console)
        context.on("request", self._request)
        context.on("weberror", lambda error: self.problems.append(f"script: {error.error}"))
        context.set_default_timeout(BROWSER_TIMEOUT)
        return context

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED):
            self.problems.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).netloc not in ("", urlsplit(self.base_url).netloc):
            self.problems.append(f"left the machine: {request.url}")


@pytest.fixture(scope="session")
def windows(browser: Browser, base_url: str) -> Windows:
    return Windows(browser, base_url)


@pytest.fixture
def visit(windows: Windows) -> Iterator[Visit]:
    """`visit(user, width=360, java_script_enabled=False)` opens a window; the user is optional."""
    yield windows.open
    assert windows.close() == []


def session_of(user: User) -> str:
    """Create a session of `user`, and return its key."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value
