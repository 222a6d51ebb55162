"""A deadline that was moved."""

from typing import Any

import pytest

from tests.initiatives.models.deadline_steps import add, revise


@pytest.fixture
def moved() -> Any:
    return revise(add("Marts 2026"), wording="Medio 2026")
