"""What a check finds, and the words that all checks write alike."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import plan
from plan.status import style_of


class Mend(StrEnum):
    """The act that would end a warning."""

    JUDGE = "judge"
    WRITE = "write"
    CHANGE_DEADLINE = "change-deadline"
    RECORD_OUTCOME = "record-outcome"


@dataclass(frozen=True, slots=True)
class PlanWarning:
    """A sentence that asks somebody to look at an initiative.

    `check` names the check that found it; the name is stored with warnings that are put aside, so
    it never changes. `facts` are what the warning was found in: as long as they stay the same, it
    is the same warning. `deadline` is the key of the deadline that it is about, or "".
    """

    check: str
    sentence: str
    mend: Mend
    facts: tuple[str, ...]
    deadline: str = ""

    @property
    def fingerprint(self) -> str:
        """A short hash of the check and its facts, which fits into an address."""
        text = json.dumps([self.check, self.deadline, *self.facts], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


Check = Callable[[plan.Initiative, plan.PlanDocument], Iterator[PlanWarning]]


def status_words(item: plan.Initiative) -> str:
    """Write "status er »Forløber efter planen«"."""
    return f"status er »{style_of(item.status).label}«"


def months_between(earlier: date, later: date) -> int:
    """Count the months from one month to another."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month
