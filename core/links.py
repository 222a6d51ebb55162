"""The one place that builds links to programme pages, with or without `/program/<key>/`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from django.urls import URLResolver, get_resolver, get_urlconf, reverse

# The day whose plan a page shows: `?pr=2026-02-26`.
PR = "pr"
# The attribute that marks a view whose page can show the plan of another day.
CAN_SHOW_OTHER_DAYS = "can_show_other_days"


@dataclass(frozen=True, slots=True)
class Links:
    """A builder of links that keep the prefix of the present address.

    `programme_key` is None on the pages without a prefix, which show the default programme. On a
    page that shows the plan of another day (`day`) the links lead to the pages of that day.
    """

    programme_key: str | None = None
    day: date | None = None

    def to(self, view_name: str, **kwargs: Any) -> str:
        """Build the address of a programme page, e.g. `to("initiatives:status-table")`."""
        if self.programme_key is not None:
            kwargs["programme"] = self.programme_key
        path = reverse(view_name, kwargs=kwargs)
        if self.day is not None and view_name in dated_views():
            return with_query(path, f"{PR}={self.day.isoformat()}")
        return path


def with_query(address: str, query: str) -> str:
    """Add `query` to an address, which may have a query already; "" adds nothing."""
    if not query:
        return address
    return f"{address}{'&' if '?' in address else '?'}{query}"


def dated_views() -> frozenset[str]:
    """Find the names of the views that can show the plan of another day, by their mark."""
    return _dated_views(get_urlconf() or settings.ROOT_URLCONF)


@cache
def _dated_views(urlconf: str) -> frozenset[str]:
    return frozenset(_marked_names(get_resolver(urlconf)))


def _marked_names(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """Walk through the addresses of `resolver`; `prefix` is its namespace ("reports:")."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from _marked_names(entry, inner)
        elif getattr(entry.callback, CAN_SHOW_OTHER_DAYS, False):
            yield f"{prefix}{entry.name}"
