"""What the tests of the timeline share."""

from datetime import date
from typing import Any

from initiatives.timeline import Window

TODAY = date(2026, 2, 26)
DEFAULT = Window(2025, 4)
MEDIO: dict[str, Any] = {
    "starts_on": date(2026, 5, 1),
    "ends_on": date(2026, 8, 31),
    "kind": "year",
}
