"""Template tags of the portal."""

from collections.abc import Iterator
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.template.base import NodeList, Parser, Token
from django.template.loader import render_to_string

from core import demo
from core.danish import clock_time
from core.kept import draft_keys_of, kept_form, writer_key
from core.request_id import NONE, current_request_id

register = template.Library()


@register.simple_tag(takes_context=True)
def url_to(context: dict[str, Any], view_name: str, **kwargs: Any) -> str:
    """Build the path of a programme page, with the prefix of the present address."""
    path: str = context["request"].links.to(view_name, **kwargs)
    return path


@register.simple_tag(takes_context=True)
def draft(context: dict[str, Any]) -> str:
    """Say whether a form holds what somebody has typed: `<form … data-draft="{% draft %}">` marks a
    form whose text is never lost (drafts.js), and "typed" that no draft is put into it."""
    request = context["request"]
    return "typed" if request.method == "POST" or kept_form(request) else "new"


@register.simple_tag(takes_context=True)
def writer(context: dict[str, Any]) -> str:
    """Name the user to whom a form is shown, for its hidden field `af` (`core.kept`)."""
    return writer_key(context["request"].user)


@register.simple_tag(takes_context=True)
def draft_keys(context: dict[str, Any]) -> str:
    """Write the keys of the user's drafts, for the user's own pages."""
    return " ".join(draft_keys_of(context["request"].user))


@register.inclusion_tag("parts/_kept_notice.html", takes_context=True)
def kept_notice(context: dict[str, Any]) -> dict[str, Any]:
    """Draw, above a form, the sentence on its text that was kept through a login."""
    kept = kept_form(context["request"])
    return {
        "kept_at": clock_time(kept.moment) if kept else "",
        "csrf_token": context["csrf_token"],
    }


@register.simple_tag
def example_banner() -> str:
    """Write the sentence about example data, for pages without the frame's context."""
    return demo.banner()


@register.simple_tag
def request_number() -> str:
    """Return the number that finds the log lines of this request; "" outside one."""
    number = current_request_id()
    return "" if number == NONE else number


@register.simple_tag(takes_context=True)
def draw(context: Any, template_name: str, **values: Any) -> str:
    """Draw a small template that needs nothing but these values, which can be hashed. The page
    keeps the markup while it is drawn: it may have a hundred tiles, of which few differ."""
    # Django's own include keeps its templates here, and one rendering of a page has one of it.
    drawn: dict[Any, str] = context.render_context.dicts[0].setdefault(draw, {})
    key = template_name, *values.items()
    if key not in drawn:
        drawn[key] = render_to_string(template_name, values)
    return drawn[key]


@register.tag
def drawn_once(parser: Parser, token: Token) -> template.Node:
    """Draw a block once and keep its markup with the view model it is drawn from.

        {% drawn_once overview "numbers" %}…{% end_drawn_once %}

    The view model has a dictionary `markup`. The block shows nothing but what the view model holds:
    no user, no form. Under `DEBUG` it is drawn each time, so that an edited template shows at once.
    """
    _, view_model, name = token.split_contents()
    block = parser.parse(["end_drawn_once"])
    parser.delete_first_token()
    return _DrawnOnce(parser.compile_filter(view_model), name.strip("\"'"), block)


class _DrawnOnce(template.Node):
    child_nodelists = ("block",)

    def __init__(self, view_model: Any, name: str, block: NodeList) -> None:
        self.view_model, self.name, self.block = view_model, name, block

    def render(self, context: Any) -> str:
        if settings.DEBUG:
            return self.block.render(context)
        markup: dict[str, str] = self.view_model.resolve(context).markup
        if self.name not in markup:
            markup[self.name] = self.block.render(context)
        return markup[self.name]


@register.filter
def page_numbers(page: Page[Any]) -> Iterator[int | str]:
    """List the first page, the last and those around `page`, with "…" where some are left out."""
    numbers: Iterator[int | str] = page.paginator.get_elided_page_range(
        page.number, on_each_side=2, on_ends=1
    )
    return numbers
