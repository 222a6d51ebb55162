"""Days and short steps that the tests of deadlines and their moves share."""

from datetime import date, datetime
from itertools import count
from typing import Any

import plan
from core.clock import COPENHAGEN
from initiatives.models import Deadline
from initiatives.sources import live
from tests.factories import make_initiative
from tests.initiatives.steps import BO

ON = date(2026, 2, 26)
WRITTEN = datetime(2026, 1, 5, 12, tzinfo=COPENHAGEN)
LATER = datetime(2026, 2, 26, 12, tzinfo=COPENHAGEN)
MARCH = (date(2026, 3, 1), date(2026, 3, 31))
MAY = (date(2026, 5, 1), date(2026, 5, 31))
WHY = "Skabelonen er forsinket."

numbers = count(1)


def add(wording: str = "Marts 2026", **values: Any) -> Any:
    """Add a new deadline as the portal does."""
    number = next(numbers)
    given: dict[str, Any] = {"reason": "Oprettet.", "at": WRITTEN} | {
        name: values.pop(name) for name in ("reason", "at") if name in values
    }
    columns = {"key": f"flyttet-{number}", "position": float(number), "wording": wording}
    if "initiative" not in values:
        columns["initiative"] = make_initiative()
    return Deadline(**columns | values).add(actor=BO, **given)


def revise(row: Any, reason: str = WHY, **changes: Any) -> Any:
    """Save `changes` to the row, and return the saved row."""
    options = ("at", "version", "is_correction")
    how = {"at": LATER, "version": Deadline.objects.get(pk=row.pk).version}
    how |= {name: changes.pop(name) for name in options if name in changes}
    return row.revise(changes, actor=BO, reason=reason, **how).row


def moves_of(row: Any) -> list[Any]:
    return list(row.moves.order_by("id"))


def in_document(row: Any) -> plan.Deadline:
    """Return the deadline as it is in the plan document."""
    item, _ = live.build_one(row.initiative, month=date(2026, 2, 1))
    (match,) = (deadline for deadline in item.deadlines if deadline.key == row.key)
    return match
