"""First load of any page, with nothing in the cache: at most 250 KB, fonts included."""

import gzip

import pytest
from playwright.sync_api import Response

from accounts.models import User
from tests.browser.conftest import Windows, session_of

pytestmark = pytest.mark.browser

LIMIT = 250_000
PATHS = [
    "/konto/log-ind/",
    "/status/",
    "/initiativer/myndighedsbestilling/",
    "/initiativer/myndighedsbestilling/status/",
    "/principper/kontrakter-og-takster/",
    "/statusopgoerelser/2026-02/",
    "/dele/",
    "/admin/",
    "/admin/principles/principle/",
]


def transferred(response: Response) -> int:
    """What is sent: the page itself as it is (the portal does not compress it), fonts as they
    are, and the rest as the static storage of production compresses it."""
    body = response.body()
    kind = response.headers.get("content-type", "")
    if kind.startswith(("text/html", "font/")) or "content-encoding" in response.headers:
        return len(body)
    return len(gzip.compress(body, 6))


def first_load(windows: Windows, path: str, user: User) -> list[Response]:
    """Every answer a browser gets that has nothing in its cache."""
    context = windows.browser.new_context(base_url=windows.base_url)
    if not path.startswith("/konto/"):
        context.add_cookies(
            [{"name": "sessionid", "value": session_of(user), "url": windows.base_url}]
        )
    page = context.new_page()
    responses: list[Response] = []
    page.on("response", lambda response: responses.append(response))
    page.goto(path)
    page.evaluate("document.fonts.ready.then(() => true)")
    return responses


def test_no_first_load_is_heavier_than_the_limit(windows: Windows, secretariat: User) -> None:
    weights = {}
    for path in PATHS:
        responses = first_load(windows, path, secretariat)
        weights[path] = sum(transferred(response) for response in responses)
        fonts = [response for response in responses if response.url.endswith(".woff2")]
        assert len(fonts) == (0 if path.startswith("/admin/") else 2)
        responses[0].frame.page.context.close()
    for path, weight in weights.items():
        print(f"{weight / 1000:7.1f} KB  {path}")  # noqa: T201 - the figures are the point
    assert {path: weight for path, weight in weights.items() if weight > LIMIT} == {}
