"""Days, addresses and short steps that the tests of dated pages share."""

import html
import re
from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from core import writing
from core.clock import COPENHAGEN
from tests.core.reading import html_of
from tests.initiatives.steps import BO, read_initiative

KEY = "kontraktanalyse"
# The plan is loaded before these days; on the second somebody changes it.
BEFORE, CHANGED, TODAY = "2026-03-04", "2026-03-05", "2026-03-10"
LATER = datetime(2026, 3, 5, 12, tzinfo=COPENHAGEN)
DAY = timedelta(days=1)
PAGES = {
    "overview": "/",
    "status table": "/status/",
    "timeline": "/tidslinje/",
    "deadlines": "/deadlines/",
    "initiative": f"/initiativer/{KEY}/",
    "area": "/indsatsomraader/{area}/",
    "principle": "/principper/{principle}/",
    "draft": "/statusopgoerelser/2026-02/",
}
BANNER = "Du ser planen, som den var ved udgangen af den {}. Den kan ikke rettes her."


def address_of(name: str) -> str:
    area = read_initiative(KEY).area
    return PAGES[name].format(area=area.key, principle=area.principle.key)


def as_of(client: Client, address: str, day: str = BEFORE) -> Any:
    response = client.get(address, {"pr": day} if "?" not in address else None)
    assert response.status_code == 200
    return response


def main_of(response: Any) -> str:
    """Return the main part of the page, without the portal's frame."""
    match = re.search(r"(?s)<main.*?</main>", html_of(response))
    assert match
    return match[0]


def archive(row: Any) -> None:
    writing.archive(row, version=row.version, actor=BO, reason="Fordi.", at=LATER)


def hrefs(page: str) -> list[str]:
    return [html.unescape(link) for link in re.findall(r'<a [^>]*?href="([^"]+)"', page)]
