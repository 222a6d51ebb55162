"""The pages of random days of two programmes, read again later."""

import re
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.permissions import Role
from core.clock import COPENHAGEN
from initiatives.sources.as_of import earliest
from principles.models import Programme
from tests.core.reading import html_of, text_of
from tests.draws import draws
from tests.factories import make_membership
from tests.initiatives.sources.walk import Walk, try_walks

PAGES = ("", "status/", "tidslinje/", "deadlines/")
WALKS, DAYS = draws(10, 4), 5
# What a page says otherwise on its own day.
DATED = {"samme dag": "i dag", "Status Antal Ikke": "Status Nu Ikke", "Status nu": "Status"}


def read(client: Client, programme: Programme, page: str, day: str = "") -> str:
    """What a person reads on the page, but for what says that it is of another day."""
    address = f"/program/{programme.key}/{page}"
    response = client.get(address, {"pr": day} if day else {})
    assert response.status_code == 200
    found = re.search(r"(?s)<main.*?</main>", html_of(response))
    assert found
    markup = re.sub(r'<div class="asof">.*?</div>', "", found[0])
    text = text_of(markup)
    for dated, live in DATED.items():
        text = text.replace(dated, live)
    text = re.sub("Planen havde (ingen initiativer) den [^.]*[.][^.]*[.]", r"Planen har \1.", text)
    return re.sub(
        r"(2\. kvartal|3\. kvartal|4\. kvartal|[. ])(Den|I dag,) (\d+\. \w+ 20\d\d)", r"\1 \3", text
    )


@pytest.mark.slow
def test_the_page_of_a_day_is_what_it_was(group: User, group_client: Client, settings: Any):
    days: list[date] = []
    texts: set[str] = set()

    def walk(chance: Random) -> None:
        people = Walk(chance)
        for programme in people.programmes:
            make_membership(group, programme, Role.GROUP)
        recorded: dict[tuple[date, int, str], str] = {}
        for number in range(DAYS):
            for _ in range(chance.randint(1, 4)):
                people.at += timedelta(minutes=chance.randint(1, 90))
                people.act()
            settings.DEMO_TODAY = people.at.date()
            for place, programme in enumerate(people.programmes):
                for page in ("", PAGES[1 + number % 3]):
                    text = read(group_client, programme, page)
                    recorded[people.at.date(), place, page] = text
            tomorrow = people.at.date() + timedelta(days=1)
            people.at = datetime.combine(tomorrow, time(8), COPENHAGEN)
        settings.DEMO_TODAY = people.at.date()
        known = [earliest(programme) for programme in people.programmes]
        for (day, place, page), text in recorded.items():
            if day < known[place]:
                continue  # it had no initiative yet, and is not shown
            assert read(group_client, people.programmes[place], page, day.isoformat()) == text
            texts.add(text)
            days.append(day)

    try_walks(WALKS, walk)
    # Overblik and another page of most of those days.
    assert len(days) > 12 * WALKS
    assert len(texts) > 4 * WALKS
