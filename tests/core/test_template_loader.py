"""Long lines of templates are wrapped for readers, and sent as they were."""

import re

import pytest
from django.conf import settings
from django.template import Engine, TemplateSyntaxError
from django.template.loader import get_template

from core.template_loader import Loader, join_lines

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
MAX_LINE_LENGTH = 200


def test_a_line_that_goes_on_is_joined_with_the_next():
    assert join_lines("<p>{# - #}\n    <b>a</b> {# - #}\n\t<i>b</i>\n  c</p>\n") == (
        "<p><b>a</b> <i>b</i>\n  c</p>\n"
    )


@pytest.mark.parametrize("text", ["a\n  b", "a{# - #} b", "a {# note #}\n  b", "{# - #}"])
def test_every_other_break_stays(text):
    assert join_lines(text) == text


def test_our_templates_are_read_by_our_loader_and_kept():
    engine = Engine.get_default()
    template = engine.get_template("initiatives/status/_status_cell.html")
    assert isinstance(template.origin.loader, Loader)
    assert "- #}" not in str(template.source)
    assert engine.get_template("initiatives/status/_status_cell.html") is template


def test_templates_of_other_packages_are_still_found():
    assert get_template("admin/change_list.html")
    with pytest.raises(TemplateSyntaxError):
        Engine.get_default().from_string("{% no_such_tag %}")


def test_no_line_of_a_template_is_longer_than_can_be_read():
    long = [
        f"{path.relative_to(settings.BASE_DIR)}:{number}"
        for path in TEMPLATES
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if len(line) > MAX_LINE_LENGTH
    ]
    assert long == []


def test_a_continuation_mark_ends_its_line_and_text_follows():
    """Every continuation mark is the last of its line, and the next line has text."""
    for path in TEMPLATES:
        source = path.read_text("utf-8")
        assert source.count("{# - #}") == len(re.findall(r"\{# - #\}\n[ \t]*\S", source)), path
