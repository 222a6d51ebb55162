"""The pager: never more numbers than fit on a phone."""

import pytest
from django.core.paginator import Paginator
from django.template.loader import render_to_string

from tests.core.reading import text_of


def pager(pages: int, number: int) -> str:
    page = Paginator(range(pages * 10), 10).page(number)
    return render_to_string("parts/_pagination.html", {"page": page, "query": "", "anchor": ""})


@pytest.mark.parametrize(
    ("pages", "number", "text"),
    [
        (1, 1, ""),
        (2, 1, "1 2 Næste"),
        (9, 5, "Forrige 1 2 3 4 5 6 7 8 9"),
        (41, 1, "1 2 3 … 41 Næste"),
        (41, 20, "Forrige 1 … 18 19 20 21 22 … 41 Næste"),
        (41, 41, "Forrige 1 … 39 40 41"),
    ],
)
def test_the_numbers_around_the_page(pages: int, number: int, text: str):
    shown = text_of(pager(pages, number)).replace("Side ", "")
    assert shown.startswith(text)
    assert shown.count("…") == text.count("…")


def test_a_gap_is_not_a_link():
    assert ">…</a>" not in pager(41, 20)
    assert '<span aria-hidden="true">…</span>' in pager(41, 20)
