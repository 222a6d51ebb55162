"""A small template is drawn once on a page for the same values, and anew on the next page."""

from typing import Any

from django.template import Context, Template
from django.test.signals import template_rendered

from plan.status import STATUS_STYLES

PAGE = Template(
    "{% load portal %}{% for word, status in parts %}{{ word }}"
    '{% draw "parts/_tile.html" status=status %}'
    '{% draw "parts/_tile.html" status=status strong=True %}{% endfor %}'
)
INCLUDED = Template(
    "{% for word, status in parts %}{{ word }}"
    '{% include "parts/_tile.html" with status=status only %}'
    '{% include "parts/_tile.html" with status=status strong=True only %}{% endfor %}'
)
PARTS = [("før & nu", style) for style in STATUS_STYLES * 3]


def test_what_is_drawn_is_what_an_include_draws():
    page = Context({"parts": PARTS, "status": STATUS_STYLES[0], "strong": True})
    assert PAGE.render(page) == INCLUDED.render(page)


def test_each_page_draws_the_same_values_once():
    drawn: list[str] = []

    def count(template: Any, **signal: Any) -> None:
        drawn.append(template.name)

    template_rendered.connect(count)
    try:
        for pages in (1, 2):
            PAGE.render(Context({"parts": PARTS}))
            assert drawn.count("parts/_tile.html") == pages * 2 * len(STATUS_STYLES)
    finally:
        template_rendered.disconnect(count)
