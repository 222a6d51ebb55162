"""Which judgement stands is decided in one place, and all other code asks there."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from initiatives.models import StatusUpdate
from initiatives.models.status_update import Stands
from initiatives.sources.past import past_of
from principles.models import Programme
from tests.initiatives.steps import BO, NOON, judge, read_initiative
from tests.test_project import CODE, name_of

pytestmark = pytest.mark.django_db

KEY = "kompetenceudvikling"
MINUTE = timedelta(minutes=1)
# The first decides it, and the second writes a row that retracts another.
DECIDED_IN = {"initiatives/models/status_update.py", "initiatives/models/judged.py"}


@pytest.fixture
def moments_of_acts(programme: Programme) -> list[datetime]:
    """The moments at which somebody judged, confirmed, retracted that and judged again."""
    month = programme.reporting_month
    following = (month + timedelta(days=31)).replace(day=1)
    moments = [NOON + MINUTE * number for number in range(4)]
    judge(KEY, "minor_deviations", "Forsinket.", deviates=["time"], at=moments[0])
    row = read_initiative(KEY)
    row.confirm_unchanged(month=following, version=row.version, actor=BO, at=moments[1])
    row.retract_confirmation(month=following, actor=BO, at=moments[2])
    judge(KEY, "completed", "Afsluttet.", month=following, at=moments[3], deviates=())
    return moments


def test_every_way_of_asking_finds_the_same_standing_judgements(moments_of_acts: list[datetime]):
    row = read_initiative(KEY)
    mine: Any = StatusUpdate.objects.filter(initiative=row).order_by("id")
    numbers = []
    for moment in [*moments_of_acts, moments_of_acts[-1] + MINUTE, None]:
        asked = mine.stood_at(moment) if moment else mine.judgements()
        read = [update for update in mine.annotate(stood=Stands(moment)) if update.stood]
        assert list(asked) == read == past_of(row.pk, moment).judgements()
        numbers.append(len(read))
    first = numbers[0]
    assert numbers == [first, first + 1, first + 2, first + 1, first + 2, first + 2]


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_no_other_module_decides_which_judgement_stands(path: Path):
    if name_of(path) not in DECIDED_IN:
        assert not re.search(r"\bretracts|\bretracted_by", path.read_text("utf-8"))
