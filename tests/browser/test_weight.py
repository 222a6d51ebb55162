"""First load of any page, with nothing in the cache: at most 250 KB, fonts included."""

import gzip
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Response

from accounts.models import User
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

MAX_BYTES = 250_000
PATHS = [
    "/was/",
    "/",
    "/status/",
    "/tidslinje/",
    "/initiativer/myndighedsbestilling/",
    "/statusopgoerelser/2026-02/",
    "/dele/",
    "/admin/principles/principle/",
]


def transferred(response: Response) -> int:
    """Return how many bytes are sent: fonts as they are, everything else compressed, as in
    production. The body at hand is not compressed."""
    body = response.body()
    kind = response.headers.get("content-type", "")
    is_made = not urlsplit(response.url).path.startswith("/static/")
    assert is_made == (response.headers.get("content-encoding") == "gzip")
    return len(body) if kind.startswith("font/") else len(gzip.compress(body, 6))


def weigh(page: Page, path: str) -> int:
    """Return the bytes of everything the page loads, which includes two fonts."""
    responses: list[Response] = []

    def answered(response: Response) -> None:
        responses.append(response)

    page.goto("about:blank")
    page.on("response", answered)
    page.goto(path)
    page.evaluate("document.fonts.ready.then(() => true)")
    page.remove_listener("response", answered)
    fonts = [response for response in responses if response.url.endswith(".woff2")]
    assert len(fonts) == (0 if path.startswith("/admin/") else 2)
    return sum(transferred(response) for response in responses)


def test_no_first_load_is_heavier_than_the_limit(visit: Visit, secretariat: User) -> None:
    page = visit(secretariat)
    page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
    weights = {path: weigh(page, path) for path in PATHS}
    for path, weight in weights.items():
        print(f"{weight / 1000:7.1f} KB  {path}")  # noqa: T201 - the figures are the point
    assert {path: weight for path, weight in weights.items() if weight > MAX_BYTES} == {}
