"""Convert the kind of row in the plan's addresses, a Danish plural, to its model and back."""

from typing import Any

from initiatives.models import Action, Deadline, Initiative, PlanRow

MODEL_BY_KIND: dict[str, type[PlanRow]] = {
    "initiativer": Initiative,
    "indsatser": Action,
    "deadlines": Deadline,
}
KIND_BY_MODEL = {model: kind for kind, model in MODEL_BY_KIND.items()}


class PlanKindConverter:
    """Converts `initiativer`, `indsatser` and `deadlines` to the model and back."""

    regex = "|".join(MODEL_BY_KIND)

    def to_python(self, value: str) -> type[PlanRow]:
        return MODEL_BY_KIND[value]

    def to_url(self, value: Any) -> str:
        return value if isinstance(value, str) else KIND_BY_MODEL[value]
