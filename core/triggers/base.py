"""A trigger as the databases write it down."""

import re
from dataclasses import dataclass
from typing import Any

# Stands in the text of every trigger of ours, so that those of an older version are known.
MARK = "made by core.triggers"


@dataclass(frozen=True)
class Trigger:
    """A trigger of `table`: the statement that makes it, as the database gives it back, and on
    PostgreSQL the body of its function, which has the trigger's name. `tables` are those it reads
    or writes."""

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
    """The model's name as it begins the names of its triggers: "edition_file"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", model.__name__).lower()
