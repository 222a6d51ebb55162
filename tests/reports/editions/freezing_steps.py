"""Short steps that the tests of locking and approving share."""

from datetime import date, datetime
from typing import Any

from core.clock import COPENHAGEN
from principles.models import Programme
from reports.editions import freezing
from reports.models import Edition
from tests.reports.editions.steps import ANNA, FEBRUARY, JANUARY, LOCKED_AT, lock

MEETING = date(2026, 2, 26)


def lock_january(programme: Programme, **values: Any) -> Edition:
    at = datetime(2026, 1, 29, 12, tzinfo=COPENHAGEN)
    return lock(programme, month=JANUARY, at=at, with_files=False, **values)


def lock_february(programme: Programme, **values: Any) -> Edition:
    return lock(programme, with_files=False, **values)


def lock_with_files(programme: Programme, **values: Any) -> Edition:
    """Lock February, with six files that cost nothing to make."""
    return lock(programme, with_files=None, **values)


def freeze(programme: Programme, basis: str, **values: Any) -> Edition:
    """Call `freezing.freeze` with the form's defaults."""
    defaults = {
        "month": FEBRUARY,
        "wordings": {},
        "meeting_on": None,
        "correction": "",
        "actor": ANNA,
        "at": LOCKED_AT,
    }
    return freezing.freeze(programme, basis=basis, **{**defaults, **values})


def basis_of(programme: Programme, month: date = FEBRUARY) -> str:
    return freezing.candidate(programme, month=month, on=LOCKED_AT.date()).basis


def fresh_copy(edition: Edition) -> Edition:
    reloaded: Edition = Edition.objects.select_related("report__programme").get(pk=edition.pk)
    return reloaded
