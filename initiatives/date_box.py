"""The date box: read the day that an address or a person writes, and write it back."""

from datetime import date

from accounts.access import ProgrammeRequest
from core import clock, danish
from core.texts import BAD_DATE, typed_text
from core.typed_days import MAX_TYPED, find_day
from initiatives.sources.as_of import earliest
from principles.models import Programme

IN_THE_FUTURE = "Datoen ligger i fremtiden. Vælg en dato til og med i dag."
TOO_EARLY = "Planen har ingen oplysninger før den {}. Vælg en senere dato."


def typed_day(request: ProgrammeRequest, name: str) -> str:
    """Return what was typed in the date box `name`, from the query of the address."""
    return typed_text(request.GET, name)[:MAX_TYPED]


def read_day(typed: str) -> tuple[date | None, str]:
    """Return the day that was typed, and the sentence about what is wrong with it.

    An empty box is neither a day nor wrong.
    """
    day = find_day(typed)
    if typed and day is None:
        return None, BAD_DATE
    return day, IN_THE_FUTURE if day and day > clock.today() else ""


def past_day(programme: Programme, typed: str) -> tuple[date | None, str]:
    """Read a day as `read_day` does, and also refuse one before the first day that the portal
    knows anything of the programme. Takes one query."""
    day, problem = read_day(typed)
    if day and not problem and day < (first := earliest(programme)):
        problem = TOO_EARLY.format(danish.day(first))
    return day, problem


def in_box(day: date) -> str:
    """Write a day as the date boxes have it: "26-02-2026"."""
    return f"{day.day:02}-{day.month:02}-{day.year:04}"
