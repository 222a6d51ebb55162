"""What is due in the real programme on the day of its report."""

from datetime import date, timedelta
from functools import partial
from typing import Any

from initiatives.sources.live import build_live
from plan import due
from principles.models import Programme
from tests.initiatives.loading.steps import TODAY
from tests.reports.report.documents import february


def test_what_is_due_on_the_day_of_the_report(programme: Programme):
    document = build_live(programme, month=date(2026, 2, 1), on=TODAY).document

    def keys(applies: Any, **days: date) -> set[tuple[str, str]]:
        found = due.select(document, partial(applies, **days))
        return {(deadline.fact, deadline.key) for deadline, _ in found}

    presentations = {
        ("presentation", "principbeslutning-d1"),
        ("presentation", "ommaerkning-og-nedlukning-d1"),
    }
    assert keys(due.is_overdue, on=TODAY) == set()
    assert keys(due.is_unanswered, on=TODAY) == {("presentation", "kontraktanalyse-d1")}
    assert keys(due.is_due_between, first=TODAY, last=TODAY) == presentations
    assert keys(due.is_due_between, first=TODAY, last=TODAY + timedelta(days=60)) == {
        *presentations,
        ("deadline", "myndighedsbestilling-d1"),
        ("deadline", "myndighedsbestilling-d2"),
    }


def test_documents_made_by_hand_have_the_deadlines_of_the_live_plan(programme: Programme):
    live = build_live(programme, month=date(2026, 2, 1), on=TODAY).document
    for mine, built in zip(february().initiatives(), live.initiatives(), strict=True):
        assert mine.deadlines == built.deadlines
