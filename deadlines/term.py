"""A deadline's wording together with the days that it means."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Term:
    """A deadline at some moment: its wording, and the first and last day it means.

    None means that there is no bound on that side; `kind` is a kind of `deadlines`.
    """

    wording: str
    starts_on: date | None
    ends_on: date | None
    kind: str

    @property
    def days(self) -> tuple[date | None, date | None]:
        """The first and the last day."""
        return self.starts_on, self.ends_on

    @property
    def has_days(self) -> bool:
        """Whether it has a first or a last day."""
        return self.days != (None, None)
