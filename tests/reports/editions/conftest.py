"""Editions that the tests of their pages ask for."""

from datetime import datetime

import pytest

from accounts.models import User
from core.clock import COPENHAGEN
from principles.models import Programme
from reports.models import Edition
from tests.reports.editions.steps import JANUARY, lock


@pytest.fixture
def january(programme: Programme) -> Edition:
    at = datetime(2026, 1, 29, 12, tzinfo=COPENHAGEN)
    return lock(programme, month=JANUARY, at=at, with_files=None)


@pytest.fixture
def edition(programme: Programme, secretariat: User) -> Edition:
    """Edition 1 of February, with files."""
    return lock(programme, with_files=None, actor=secretariat.actor)
