"""The markup of a row is cached by the row's values."""

import dataclasses
from datetime import date
from typing import Any

import pytest

from core.links import Links
from initiatives.sources.live import build_live
from initiatives.status.rows import TableRow, plan_rows
from initiatives.templatetags import plan_rows as tags
from principles.models import Programme


@pytest.fixture
def row(programme: Programme) -> TableRow:
    live = build_live(programme, month=date(2026, 2, 1), on=date(2026, 2, 26))
    return plan_rows(live, live.document, Links(), editable=True)[0].areas[0].rows[0]


def test_the_same_values_are_rendered_once(row: TableRow):
    tags._cached_row.cache_clear()
    first = tags.plan_row(row)
    assert tags.plan_row(dataclasses.replace(row)) == first
    assert (tags._cached_row.cache_info().hits, tags._cached_row.cache_info().misses) == (1, 1)


def test_other_values_are_another_row(row: TableRow):
    assert row.title in tags.plan_row(row)
    assert "Et nyt navn" in tags.plan_row(dataclasses.replace(row, title="Et nyt navn"))


def test_nothing_is_cached_while_templates_are_written(row: TableRow, settings: Any):
    tags._cached_row.cache_clear()
    settings.DEBUG = True
    assert tags.plan_row(row) == tags.plan_row(row)
    assert tags._cached_row.cache_info().currsize == 0
