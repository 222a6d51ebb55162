"""Altered copies of the programme's file."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.initiatives.loading.steps import FILE


@pytest.fixture
def altered(tmp_path: Path) -> Callable[[Callable[[Any], None]], Path]:
    """The real file with something altered in it."""

    def alter(change: Callable[[Any], None]) -> Path:
        data = json.loads(FILE.read_text("utf-8"))
        change(data)
        path = tmp_path / "programme.json"
        path.write_text(json.dumps(data), "utf-8")
        return path

    return alter
