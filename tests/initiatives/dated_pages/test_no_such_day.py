"""Days that cannot be shown, and rows that are not there on any day."""

from typing import Any

import pytest
from django.test import Client

from core import danish
from initiatives.models import Initiative
from initiatives.sources.as_of import earliest
from principles.models import ActionArea, Principle, Programme
from tests.conftest import OtherProgramme
from tests.core.reading import html_of, text_of
from tests.initiatives.dated_pages.steps import (
    KEY,
    TODAY,
    address_of,
    archive,
    as_of,
    hrefs,
    main_of,
)
from tests.initiatives.steps import read_initiative


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2026-03-11", "Datoen ligger i fremtiden. Vælg en dato til og med i dag."),
        ("9999-12-31", "Datoen ligger i fremtiden. Vælg en dato til og med i dag."),
        (
            "1999-01-01",
            "Planen har ingen oplysninger før den {}. Vælg en senere dato.",
        ),
        ("0001-01-01", "Planen har ingen oplysninger før den {}. Vælg en senere dato."),
        ("i går", "Skriv datoen som dag-måned-år, fx 26-02-2026."),
        ("2026-02-30", "Skriv datoen som dag-måned-år, fx 26-02-2026."),
        ("2026-00-01", "Skriv datoen som dag-måned-år, fx 26-02-2026."),
        ('"><script>', "Skriv datoen som dag-måned-år, fx 26-02-2026."),
    ],
)
def test_a_day_that_cannot_be_shown(
    secretariat_client: Client, programme: Programme, address: str, day, sentence
):
    response = as_of(secretariat_client, address, day)
    text, page = text_of(response), main_of(response)
    assert sentence.format(danish.day(earliest(programme))).replace("\xa0", " ") in text
    assert 'aria-describedby="id_pr_error"' in page
    assert "<script>" not in page
    assert read_initiative(KEY).title not in text
    assert address in hrefs(page)
    assert not [link for link in hrefs(html_of(response)) if "pr=" in link]


ROWS: dict[str, Any] = {
    "initiativer": Initiative,
    "indsatsomraader": ActionArea,
    "principper": Principle,
}


@pytest.mark.parametrize("day", [TODAY, "2026-03-11", "9999-12-31", "1999-01-01", "i går"])
@pytest.mark.parametrize("kind", ROWS)
def test_a_row_that_never_existed_is_not_there_on_any_day(
    secretariat_client: Client, programme: Programme, kind: str, day: str
):
    response = secretariat_client.get(f"/{kind}/findes-ikke/", {"pr": day})
    assert response.status_code == 404
    assert "Siden findes ikke" in text_of(response)


@pytest.mark.parametrize("day", [TODAY, "9999-12-31", "1999-01-01", "i går"])
def test_a_row_of_another_programme_is_not_there_on_any_day(
    secretariat_client: Client, other_programme: OtherProgramme, day: str
):
    for kind, model in ROWS.items():
        row = model.objects.of(other_programme.programme).get()
        response = secretariat_client.get(f"/{kind}/{row.key}/", {"pr": day})
        assert response.status_code == 404


@pytest.mark.parametrize("day", ["9999-12-31", "1999-01-01", "i går"])
def test_an_archived_row_has_the_date_box_on_a_day_that_cannot_be_shown(
    group_client: Client, programme: Programme, day: str
):
    archive(read_initiative(KEY))
    response = as_of(group_client, address_of("initiative"), day)
    assert 'aria-describedby="id_pr_error"' in main_of(response)
