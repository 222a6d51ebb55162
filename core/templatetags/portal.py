"""Template tags of the portal."""

from typing import Any

from django import template

from core import demo

register = template.Library()


@register.simple_tag(takes_context=True)
def url_to(context: dict[str, Any], view_name: str, **kwargs: Any) -> str:
    """The path of a programme page, under the prefix the visitor came by."""
    path: str = context["request"].links.to(view_name, **kwargs)
    return path


@register.simple_tag
def example_banner() -> str:
    """The example-data sentence, for pages without the frame's context."""
    return demo.banner()
