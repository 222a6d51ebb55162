"""Nøgletal: the numbers add up, and each equals the rows behind its link."""

import re
from html import unescape

from django.test import Client
from hypothesis import given

from initiatives.sources.live import KeptDocument
from plan.document import PlanDocument
from principles.models import Programme
from reports.key_figures.figures import FigureRow, count_key_figures
from tests.core.reading import html_of, initiatives_in, text_of
from tests.initiatives.steps import judge
from tests.reports.comparison.strategies import random_documents
from tests.reports.report import documents

PATH = "/noegletal/"
LINK = re.compile(
    r'<a class="row-link" href="(/status/[^"]*)"><span class="sr-only">[^<]*</span>(\d+)</a>'
)


def numbers(row: FigureRow) -> list[int]:
    return [figure.number for figure in row.figures]


def check(document: PlanDocument) -> None:
    figures = count_key_figures(document)
    sums = [sum(column) for column in zip(*map(numbers, figures.principles), strict=True)]
    assert not figures.principles or sums == numbers(figures.all)
    for row in (*figures.principles, figures.all, *figures.years):
        initiatives, not_started, started, done, unknown, paused, waiting = numbers(row)
        assert not_started + started + unknown == initiatives
        assert done <= started
        assert max(paused, waiting) <= initiatives
        for figure in row.figures:
            rows = list(figure.filter.apply(KeptDocument(document)).initiatives())
            assert len(rows) == figure.number


def test_february():
    document = documents.february()
    check(document)
    assert numbers(count_key_figures(document).all)[0] == len(list(document.initiatives())) == 14


@given(random_documents())
def test_the_numbers_of_any_plan_add_up(document: PlanDocument):
    check(document)


def test_each_number_equals_the_rows_behind_its_link(
    secretariat_client: Client, programme: Programme
):
    judge("kontraktanalyse", "completed", reason="Færdig.")
    page = html_of(secretariat_client.get(PATH))
    links = LINK.findall(page)
    # Every number but zero is a link.
    assert page.count("<td") == len(links) + len(re.findall(r"<td[^>]*>\s*0\s*</td>", page)) > 40
    for url, number in links:
        rows = initiatives_in(secretariat_client.get(unescape(url)))
        assert len(rows) == int(number), url


def test_the_page_says_when_it_was_counted(secretariat_client: Client, group_client: Client):
    for client in (secretariat_client, group_client):
        text = text_of(client.get(PATH))
        assert "Status for februar 2026. Opgjort den 26. februar 2026." in text
        assert "Program 2025" in text


def test_links_stay_under_the_programme(secretariat_client: Client):
    page = html_of(secretariat_client.get("/program/udviklingsprogrammet/noegletal/"))
    assert 'href="/program/udviklingsprogrammet/status/?princip=botilbud"' in page
