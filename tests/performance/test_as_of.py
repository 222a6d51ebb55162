"""What the plan as of a moment costs, and the long history that it is measured with."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test.utils import CaptureQueriesContext

from core.state_at import end_of
from initiatives.loading.invented import add_history
from initiatives.models import Action, Deadline, Initiative
from initiatives.sources.as_of import build_as_of
from initiatives.sources.live import build_live
from principles.models import Programme
from tests.initiatives.steps import NOON
from tests.performance.growing import MANY, grow

QueryCounts = Callable[[str], AbstractContextManager[CaptureQueriesContext]]

MOMENTS = [end_of(NOON.date()), end_of(NOON.date() - timedelta(days=100))]
TRACKED: list[Any] = [Initiative, Action, Deadline]


@pytest.mark.parametrize("moments", [MOMENTS[:1], MOMENTS, MOMENTS * 6])
def test_the_plan_as_of_a_moment(programme: Programme, query_counts: QueryCounts, moments):
    with query_counts("plan-as-of"):
        assert len(build_as_of(programme, moments)) == len(moments)


@pytest.mark.slow
def test_a_large_plan_as_of_a_moment(programme: Programme, query_counts: QueryCounts):
    grow(programme, MANY)
    for model in TRACKED:  # copied without their history
        written = model.history.values("id")
        rows = list(model.objects.exclude(pk__in=written))
        model.history.bulk_history_create(rows, default_date=NOON, default_change_reason="")
    live = build_live(programme, month=programme.reporting_month, on=NOON.date()).document
    with query_counts("plan-as-of"):
        document, _ = build_as_of(programme, MOMENTS)
    assert len(list(document.initiatives())) == MANY
    assert document == live


# make_load --history


def make_history(rows: int | str) -> str:
    said = StringIO()
    call_command("make_load", "--initiatives=14", f"--history={rows}", stdout=said)
    return said.getvalue().splitlines()[-1]


def history_rows() -> int:
    return sum(model.history.count() for model in TRACKED)


def test_a_long_history_leaves_the_plan_as_it_is(programme: Programme):
    month = programme.reporting_month
    before = build_live(programme, month=month, on=NOON.date()).document
    said = make_history(3000)
    assert re.fullmatch(r"Historikken har 2\.[89]\d\d rækker\.", said)
    (document,) = build_as_of(Programme.objects.get(pk=programme.pk), MOMENTS[:1])
    assert document == before == build_live(programme, month=month, on=NOON.date()).document


def test_each_version_has_its_row_and_the_newest_is_the_row_itself(programme: Programme):
    make_history(2000)
    assert history_rows() > 1000
    for model in TRACKED:
        for row in model.objects.all():
            history = list(row.history.order_by("history_date", "history_id"))
            assert [old.version for old in history] == list(range(1, row.version + 1))
            newest = history[-1]
            assert newest.history_date < MOMENTS[0]
            assert all(
                getattr(newest, field.attname) == getattr(row, field.attname)
                for field in model._meta.fields
            )


def test_a_history_that_is_long_enough_is_left_alone(programme: Programme):
    before = history_rows()
    make_history(1)
    assert add_history(100, NOON) > 100
    assert history_rows() == before


@pytest.mark.parametrize("number", ["mange", "0", "10000001"])
def test_a_number_of_rows_that_is_none(programme: Programme, number: str):
    with pytest.raises(CommandError, match=r"er ikke et antal mellem 1 og 10\.000\.000"):
        make_history(number)
