"""The one place that builds links to programme pages: with or without `/program/<key>/`."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Links:
    """Builds links that stay under the prefix the visitor came by.

    `programme_key` is None on the unprefixed pages of the default programme.
    """

    programme_key: str | None = None

    def to(self, view_name: str, **kwargs: Any) -> str:
        """The path of a named programme page, e.g. `to("initiatives:status-table")`."""
        if self.programme_key is not None:
            kwargs["programme"] = self.programme_key
        return reverse(view_name, kwargs=kwargs)
