"""A trigger, as both databases describe it."""

import re
from dataclasses import dataclass
from typing import Any

# A comment in the text of every trigger of ours, so that those of an older version are recognised.
MARK = "made by core.triggers"


@dataclass(frozen=True)
class Trigger:
    """A trigger of `table`, with the statement that makes it, in the form the database reports.

    On PostgreSQL `body` is that of its function, which has the same name. `tables` are those that
    it reads or writes.
    """

    name: str
    table: str
    statement: str
    body: str = ""
    tables: frozenset[str] = frozenset()
    is_enabled: bool = True

    @property
    def is_ours(self) -> bool:
        return MARK in self.statement or MARK in self.body


def name_of(model: Any) -> str:
    """Write the model's name as the names of its triggers begin with it: "edition_file"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", model.__name__).lower()
