"""Template tags of the portal."""

from collections.abc import Iterator
from typing import Any

from django import template
from django.core.paginator import Page

from core import demo
from core.request_id import NONE, current_request_id

register = template.Library()


@register.simple_tag(takes_context=True)
def url_to(context: dict[str, Any], view_name: str, **kwargs: Any) -> str:
    """Build the path of a programme page, with the prefix of the present address."""
    path: str = context["request"].links.to(view_name, **kwargs)
    return path


@register.simple_tag
def example_banner() -> str:
    """Write the sentence about example data, for pages without the frame's context."""
    return demo.banner()


@register.simple_tag
def request_number() -> str:
    """Return the number that finds the log lines of this request; "" outside one."""
    number = current_request_id()
    return "" if number == NONE else number


@register.filter
def page_numbers(page: Page[Any]) -> Iterator[int | str]:
    """List the first page, the last and those around `page`, with "…" where some are left out."""
    numbers: Iterator[int | str] = page.paginator.get_elided_page_range(
        page.number, on_each_side=2, on_ends=1
    )
    return numbers
