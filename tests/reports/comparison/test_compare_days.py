"""The page Sammenlign between any two days."""

import re
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from core import writing
from core.clock import COPENHAGEN
from core.state_at import end_of
from initiatives.sources.as_of import build_as_of
from principles.models import Programme
from reports.comparison.compare import make_comparison
from reports.models import Edition
from tests.core.reading import text_of
from tests.initiatives.steps import judge, read_initiative
from tests.reports.comparison.page_steps import FEBRUARY_1, JANUARY_1, PAGE, publish
from tests.reports.editions.steps import ANNA

FIRST, RENAMED, JUDGED, TODAY = "2026-03-02", "2026-03-05", "2026-03-09", "2026-03-12"


@pytest.fixture
def days(programme: Programme, settings: Any) -> None:
    """Changes on the days above. The plan is loaded before the first, and the last is today."""
    settings.DEMO_TODAY = date.fromisoformat(TODAY)
    at = datetime(2026, 3, 5, 10, tzinfo=COPENHAGEN)
    initiative = read_initiative("kontraktanalyse")
    values = {"title": "Analyse af kontrakter"}
    version = initiative.version
    writing.change(initiative, values, version=version, actor=ANNA, reason="Klarere.", at=at)
    judge("kontraktanalyse", "completed", "Afleveret.", at=datetime(2026, 3, 9, tzinfo=COPENHAGEN))


def text_at(client: Client, query: str) -> str:
    response = client.get(f"{PAGE}?{query}")
    assert response.status_code == 200
    return text_of(response).replace("\xa0", " ")


def boxes(client: Client, query: str) -> dict[str, str]:
    """Return the values of the date boxes."""
    page = client.get(f"{PAGE}?{query}").content.decode()
    dates = re.findall(r'<input id="id_\w+_dato" name="(\w+)-dato"(?: value="([^"]*)")?', page)
    return dict(dates)


@pytest.mark.usefixtures("days")
def test_comparing_two_days(group_client: Client):
    text = text_at(group_client, f"fra={FIRST}&til={RENAMED}")
    assert "1 ændring siden den 2. marts 2026 : 1 tekstændring." in text
    assert "Fra planen den 2. marts 2026, til planen den 5. marts 2026." in text
    assert "»Analyse af kontrakter«" in text
    text = text_at(group_client, f"fra={RENAMED}&til={JUDGED}")
    assert "1 ændring siden den 5. marts 2026 : 1 statusændring." in text
    assert "Ingen ændringer siden den 9. marts 2026" in text_at(
        group_client, f"fra={JUDGED}&til=nu"
    )
    backwards = group_client.get(f"{PAGE}?fra={TODAY}&til={FIRST}")
    assert backwards["Location"] == f"{PAGE}?fra={FIRST}&til={TODAY}"
    # Today written as a day and as "nu" are equally old.
    for query in (f"fra={TODAY}&til=nu", f"fra=nu&til={TODAY}"):
        assert "Ingen ændringer siden" in text_at(group_client, query)


@pytest.mark.usefixtures("days")
def test_a_day_is_named_by_its_day_in_another_month_too(group_client: Client, programme: Programme):
    new = {"reporting_month": date(2026, 3, 1)}
    at = datetime(2026, 3, 10, tzinfo=COPENHAGEN)
    writing.change(programme, new, version=programme.version, actor=ANNA, reason="Ny.", at=at)
    assert "ændringer siden den 2. marts 2026" in text_at(group_client, f"fra={FIRST}&til=nu")


@pytest.mark.usefixtures("days")
def test_a_day_means_the_plan_at_its_end(group_client: Client, programme: Programme):
    moments = [end_of(date.fromisoformat(day)) for day in (FIRST, JUDGED)]
    comparison = make_comparison(*build_as_of(programme, moments), by_day=True)
    page = group_client.get(f"{PAGE}?fra={FIRST}&til={JUDGED}").content.decode()
    anchors = [change.anchor for change in comparison.changes()]
    assert re.findall(r'<li id="(aendring-[^"]*)"', page) == anchors
    assert len(anchors) == 2


def test_comparing_a_day_and_an_edition(group_client: Client, january: Edition, days: None):
    text = text_at(group_client, f"fra={JANUARY_1}&til={RENAMED}")
    assert "Fra udgave 1, januar 2026, låst den 26. februar 2026, til planen den 5. marts" in text
    # The newest edition before the day; before the edition itself there is none.
    assert text == text_at(group_client, f"til={RENAMED}")
    address = f"{PAGE}?fra={JANUARY_1}&til={RENAMED}"
    assert group_client.get(f"{PAGE}?fra={RENAMED}&til={JANUARY_1}")["Location"] == address
    # An edition of the day before its end is older than the day.
    query = {"fra": "nu", "fra-dato": "26-02-2026", "til": JANUARY_1}
    assert group_client.get(PAGE, query)["Location"] == f"{PAGE}?fra={JANUARY_1}&til=2026-02-26"


@pytest.mark.usefixtures("days")
@pytest.mark.parametrize("typed", ["05-03-2026", "5.3.2026", " 2026-03-05 "])
def test_the_date_box_takes_precedence_over_the_list(group_client: Client, typed: str):
    query = urlencode({"fra": "nu", "fra-dato": typed, "til": "nu", "til-dato": ""})
    address = group_client.get(f"{PAGE}?{query}")["Location"]
    assert address == f"{PAGE}?fra=2026-03-05&til=nu"
    page = group_client.get(address).content.decode()
    text = text_of(page).replace("\xa0", " ")
    assert "Fra planen den 5. marts 2026, til planen nu, den 12. marts 2026." in text
    # From here on the list has the day.
    assert '<option value="2026-03-05" selected>Planen den 5.\xa0marts\xa02026</option>' in page
    assert "?fra=2026-03-05&amp;til=nu&amp;alt=1" in page
    assert boxes(group_client, "fra=2026-03-05&til=nu") == {"fra": "", "til": ""}


@pytest.mark.usefixtures("days")
@pytest.mark.parametrize(
    ("typed", "stands", "sentence"),
    [
        ("i går", "i går", "Skriv datoen som dag-måned-år, fx 26-02-2026."),
        ("31-02-2026", "31-02-2026", "Skriv datoen som dag-måned-år, fx 26-02-2026."),
        ("2026-03-13", "13-03-2026", "Datoen ligger i fremtiden. Vælg en dato til og med i dag."),
        ("1-1-1900", "01-01-1900", "Planen har ingen oplysninger før den "),
        ("<b>", "&lt;b&gt;", "Skriv datoen som dag-måned-år"),
    ],
)
def test_a_day_that_cannot_be_shown(group_client: Client, typed: str, stands: str, sentence: str):
    query = urlencode({"fra": FIRST, "til": "nu", "fra-dato": typed})
    text = text_at(group_client, query)
    assert sentence in text
    assert "ændring" not in text.split("Sammenlign", 3)[-1]
    assert boxes(group_client, query) == {"fra": stands, "til": ""}


@pytest.mark.usefixtures("days")
def test_a_day_of_the_address_that_cannot_be_shown(group_client: Client):
    assert "Datoen ligger i fremtiden." in text_at(group_client, "fra=2026-03-13&til=nu")
    assert "Planen har ingen oplysninger før den" in text_at(group_client, "fra=nu&til=1900-01-01")
    assert group_client.get(f"{PAGE}?fra=2026-02-30").status_code == 404


def test_a_reader_cannot_compare_days(reader_client: Client, both: list[Edition], days: None):
    for edition in both:
        publish(edition)
    assert "eller planen den" not in text_of(reader_client.get(PAGE))
    assert reader_client.get(f"{PAGE}?fra={FIRST}").status_code == 404
    query = f"fra={JANUARY_1}&til={FEBRUARY_1}"
    address = reader_client.get(f"{PAGE}?{query}&fra-dato={FIRST}")["Location"]
    assert address == f"{PAGE}?{query}"


@pytest.mark.parametrize("query", [f"fra={FIRST}&til={JUDGED}", f"fra={FIRST}&til=nu"])
def test_the_queries_of_two_days(
    group_client: Client, days: None, query: str, django_assert_num_queries: Any
):
    text_at(group_client, query)
    with django_assert_num_queries(6 if query.endswith(JUDGED) else 5):
        text_at(group_client, query)


def test_the_queries_of_a_day_and_an_edition(
    group_client: Client, january: Edition, days: None, django_assert_num_queries: Any
):
    with django_assert_num_queries(13):
        text_at(group_client, f"fra={JANUARY_1}&til={RENAMED}")
