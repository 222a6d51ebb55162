"""The days of a deadline with the words they stand in."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Term:
    """What a deadline said: its wording, and the days it means, both included.

    A day that is None is not bounded on that side; `kind` is that of `deadlines`.
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
        """Whether it names any day at all."""
        return self.days != (None, None)
