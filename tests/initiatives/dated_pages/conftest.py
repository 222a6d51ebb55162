"""The day on which these tests run, and each page that can be read as of another day."""

from datetime import date
from typing import Any

import pytest

from principles.models import Programme
from tests.initiatives.dated_pages.steps import PAGES, TODAY, address_of


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    settings.DEMO_TODAY = date.fromisoformat(TODAY)


@pytest.fixture(params=PAGES)
def address(request: pytest.FixtureRequest, programme: Programme) -> str:
    """Each page in turn."""
    return address_of(request.param)
