"""A block that is drawn once is kept with its view model, and with no other."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.template import Context, Template


@dataclass
class ViewModel:
    title: str
    markup: dict[str, str] = field(default_factory=dict)


BLOCK = Template(
    '{% load portal %}{% drawn_once page "head" %}<h2>{{ page.title }} {{ n }}</h2>'
    '{% end_drawn_once %}{% drawn_once page "foot" %}{{ page.title|upper }}{% end_drawn_once %}'
)


def draw(page: ViewModel, n: int) -> str:
    return BLOCK.render(Context({"page": page, "n": n}))


def test_a_block_is_drawn_once_for_each_view_model():
    page = ViewModel("Et & to")
    assert draw(page, 1) == draw(page, 2) == "<h2>Et &amp; to 1</h2>ET &amp; TO"
    assert draw(ViewModel("Tre"), 3) == "<h2>Tre 3</h2>TRE"


@pytest.mark.parametrize("debug", [True])
def test_while_templates_are_written_it_is_drawn_each_time(settings: Any, debug: bool):
    settings.DEBUG = debug
    page = ViewModel("Et")
    draw(page, 1)
    assert draw(page, 2) == "<h2>Et 2</h2>ET"
