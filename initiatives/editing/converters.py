"""What stands in the plan's addresses: the kind of row, in Danish plural."""

from typing import Any

from initiatives.models import Action, Deadline, Initiative, PlanRow

KINDS: dict[str, type[PlanRow]] = {
    "initiativer": Initiative,
    "indsatser": Action,
    "deadlines": Deadline,
}
KIND_OF = {model: kind for kind, model in KINDS.items()}


class PlanKindConverter:
    """`initiativer`, `indsatser` or `deadlines` ↔ the model."""

    regex = "|".join(KINDS)

    def to_python(self, value: str) -> type[PlanRow]:
        return KINDS[value]

    def to_url(self, value: Any) -> str:
        return value if isinstance(value, str) else KIND_OF[value]
