"""The one place that builds links to programme pages: with or without `/program/<key>/`."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

# The day whose plan a page shows: `?pr=2026-02-26`.
PR = "pr"
# The pages that can show the plan of another day.
DATED_VIEWS = frozenset(
    {
        "reports:overview",
        "reports:key-figures",
        "reports:report-month",
        "reports:report-file",
        "initiatives:status-table",
        "initiatives:timeline",
        "initiatives:deadline-list",
        "initiatives:initiative-detail",
        "initiatives:area-detail",
        "initiatives:principle-detail",
    }
)


@dataclass(frozen=True, slots=True)
class Links:
    """Builds links that stay under the prefix the visitor came by.

    `programme_key` is None on the unprefixed pages of the default programme. On a page that shows
    the plan of another day (`day`) they lead to the other pages of that day.
    """

    programme_key: str | None = None
    day: date | None = None

    def to(self, view_name: str, **kwargs: Any) -> str:
        """The address of a named programme page, e.g. `to("initiatives:status-table")`."""
        if self.programme_key is not None:
            kwargs["programme"] = self.programme_key
        path = reverse(view_name, kwargs=kwargs)
        if self.day is not None and view_name in DATED_VIEWS:
            return with_query(path, f"{PR}={self.day.isoformat()}")
        return path


def with_query(address: str, query: str) -> str:
    """The address with more to its query; "" is nothing."""
    if not query:
        return address
    return f"{address}{'&' if '?' in address else '?'}{query}"
