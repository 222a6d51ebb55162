"""Who may read the plan as of another day."""

import pytest
from django.test import Client

from principles.models import Programme
from tests.conftest import OtherProgramme
from tests.core.reading import text_of
from tests.initiatives.dated_pages.steps import BANNER, BEFORE, KEY, TODAY, as_of, hrefs, main_of
from tests.initiatives.steps import read_initiative


def test_the_group_may_read_it(group_client: Client, programme: Programme, address: str):
    assert BANNER.format("4. marts 2026") in text_of(as_of(group_client, address))


@pytest.mark.parametrize("day", [BEFORE, "1999-01-01", "2099-01-01", "i går"])
def test_a_reader_sees_the_plan_of_no_day(reader_client: Client, address: str, day):
    response = reader_client.get(address, {"pr": day})
    assert response.status_code in (302, 403)
    if response.status_code == 302:
        assert response["Location"].startswith("/statusopgoerelser/")


def test_another_programme_is_not_there(
    other_secretariat_client: Client, other_programme: OtherProgramme, address: str
):
    today = {"pr": TODAY}
    assert other_secretariat_client.get(address, today).status_code in (200, 404)
    page = other_secretariat_client.get(address, today).content.decode()
    assert read_initiative(KEY).title not in page
    prefixed = f"/program/udviklingsprogrammet{address}"
    assert other_secretariat_client.get(prefixed, today).status_code == 404


def test_links_keep_the_programme_and_the_day(secretariat_client: Client, programme: Programme):
    page = main_of(as_of(secretariat_client, "/program/udviklingsprogrammet/status/"))
    assert f"/program/udviklingsprogrammet/initiativer/{KEY}/?pr={BEFORE}" in hrefs(page)
