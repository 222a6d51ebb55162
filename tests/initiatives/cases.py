"""The three kinds of rows whose texts are edited, for tests that run for each of them."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from initiatives.models import Action, Deadline, Initiative
from tests.core.reading import Form, form_with


@dataclass(frozen=True)
class EditedRow:
    """A row of one kind: its address, the field that is edited, and the words about it."""

    model: type[Any]
    path: str
    key: str
    field: str
    label: str
    saved: str
    history: str

    @property
    def row(self) -> Any:
        return self.model.objects.get(key=self.key)


CASES = [
    EditedRow(
        Initiative,
        "/initiativer/kontraktanalyse/ret/",
        "kontraktanalyse",
        "title",
        "Titel",
        "Initiativet er gemt.",
        "rettede titlen fra »Kontraktanalyse« til »Ny ordlyd« den 26. februar 2026.",
    ),
    EditedRow(
        Action,
        "/indsatser/kontraktanalyse-1/ret/",
        "kontraktanalyse-1",
        "title",
        "Indsats",
        "Indsatsen er gemt.",
        "rettede ordlyden i indsatsen fra »Analyse af kommunernes kontrakter« til "
        "»Ny ordlyd« den 26. februar 2026.",
    ),
    EditedRow(
        Deadline,
        "/deadlines/kontraktanalyse-d1/ret/",
        "kontraktanalyse-d1",
        "wording",
        "Ordlyd",
        "Deadlinen er gemt.",
        "rettede ordlyden i deadlinen fra »Forelægges Implementeringsgruppen til "
        "godkendelse den 20. januar 2026« til »Ny ordlyd« den 26. februar 2026.",
    ),
]
EVERY = pytest.mark.parametrize("case", CASES, ids=lambda case: case.model.__name__)


def form_at(client: Client, path: str) -> Form:
    response = client.get(path)
    assert response.status_code == 200
    return form_with(response, "version")
