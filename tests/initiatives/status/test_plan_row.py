"""The rows of a plan and their markup are made once, and kept with the plan."""

import dataclasses
from datetime import date
from typing import Any

import pytest

from core.links import Links
from initiatives.sources.live import BuiltPlan, build_live
from initiatives.sources.memory import live_plan
from initiatives.status.rows import TableRow, plan_rows
from initiatives.templatetags import plan_rows as tags
from principles.models import Programme
from tests.initiatives.steps import edit, judge, read_initiative


@pytest.fixture
def live(programme: Programme) -> BuiltPlan:
    return build_live(programme, month=date(2026, 2, 1), on=date(2026, 2, 26))


def first_row(live: BuiltPlan, links: Links, *, editable: bool) -> TableRow:
    return plan_rows(live, live.document, links, editable=editable)[0].areas[0].rows[0]


@pytest.fixture
def row(live: BuiltPlan) -> TableRow:
    return first_row(live, Links(), editable=True)


@pytest.fixture
def drawings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of the rows that were drawn."""
    drawn: list[str] = []
    draw = tags._draw

    def noted(row: TableRow) -> str:
        drawn.append(row.title)
        return draw(row)

    monkeypatch.setattr(tags, "_draw", noted)
    return drawn


def test_a_row_is_made_and_drawn_once(live: BuiltPlan, row: TableRow, drawings: list[str]):
    again = first_row(live, Links(), editable=True)
    assert tags.plan_row(again) == tags.plan_row(row)
    assert len(drawings) == 1


@pytest.mark.parametrize("links", [Links("et-program"), Links(day=date(2026, 2, 1))])
def test_with_other_links_it_is_another_row(live: BuiltPlan, row: TableRow, links: Links):
    assert first_row(live, links, editable=True).url != row.url


def test_who_may_not_edit_gets_another_row(live: BuiltPlan, row: TableRow):
    other = first_row(live, Links(), editable=False)
    assert row.cell.edit_url in tags.plan_row(row)
    assert row.cell.edit_url not in tags.plan_row(other)


def test_another_plan_has_its_own_rows(programme: Programme, live: BuiltPlan, row: TableRow):
    later = build_live(programme, month=date(2026, 2, 1), on=date(2026, 6, 26))
    assert first_row(later, Links(), editable=True) is not row
    assert dataclasses.replace(row).markup is row.markup


def test_nothing_is_kept_while_templates_are_written(
    row: TableRow, settings: Any, drawings: list[str]
):
    settings.DEBUG = True
    assert tags.plan_row(row) == tags.plan_row(row)
    assert len(drawings) == 2
    assert row.markup == []


def test_a_change_leaves_the_other_rows_as_they_are(programme: Programme):
    def rows() -> dict[str, TableRow]:
        newest = Programme.objects.with_revision().get(pk=programme.pk)
        live = live_plan(newest, month=date(2026, 2, 1), on=date(2026, 2, 26))
        principles = plan_rows(live, live.document, Links(), editable=True)
        return {row.dom: row for p in principles for area in p.areas for row in area.rows}

    before = rows()
    judge("kontraktanalyse", "completed", "Afleveret.")
    edit(read_initiative("takstoversigt"), title="En anden titel")
    after = rows()
    assert before.keys() == after.keys()
    changed = {dom for dom in before if before[dom] is not after[dom]}
    assert changed == {"initiativ-kontraktanalyse", "initiativ-takstoversigt"}
    assert after["initiativ-takstoversigt"].title == "En anden titel"
