"""Editions that the tests of the page Sammenlign ask for."""

import pytest

from principles.models import Programme
from reports.models import Edition
from tests.reports.editions.steps import JANUARY, lock


@pytest.fixture
def january(programme: Programme) -> Edition:
    return lock(programme, month=JANUARY, with_files=None)


@pytest.fixture
def both(programme: Programme, january: Edition) -> list[Edition]:
    """An edition of January and one of February."""
    return [january, lock(programme, with_files=None)]
