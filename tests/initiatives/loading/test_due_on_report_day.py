"""What is due in the real programme on the day of its report."""

from datetime import date, timedelta
from typing import Any

from initiatives.models import Deadline
from initiatives.sources.live import build_live
from plan import due
from principles.models import Programme
from tests.initiatives.loading.steps import TODAY
from tests.reports.report.documents import february


def keys(deadlines: Any) -> set[str]:
    return set(deadlines.values_list("key", flat=True))


def test_what_is_due_on_the_day_of_the_report(programme: Programme):
    deadlines = Deadline.objects.of(programme)
    assert keys(deadlines.overdue(TODAY)) == set()
    assert keys(deadlines.unanswered(TODAY)) == {"kontraktanalyse-d1"}
    soon = deadlines.due_between(TODAY, TODAY + timedelta(days=60))
    assert keys(soon.filter(fact="deadline")) == {
        "myndighedsbestilling-d1",
        "myndighedsbestilling-d2",
    }
    today = {"principbeslutning-d1", "ommaerkning-og-nedlukning-d1"}
    assert keys(deadlines.due_between(TODAY, TODAY)) == today
    assert keys(soon.filter(fact="presentation")) == today


def test_the_document_and_the_database_agree_on_what_is_due(programme: Programme):
    document = build_live(programme, month=date(2026, 2, 1), on=TODAY).document
    pairs = [(item, deadline) for item in document.initiatives() for deadline in item.deadlines]
    deadlines = Deadline.objects.of(programme)
    borders = {day for _, d in pairs for day in (d.starts_on, d.ends_on) if day}
    days = {day + timedelta(days=n) for day in {*borders, TODAY} for n in (-61, -60, -1, 0, 1)}
    for on in days:
        until = on + timedelta(days=60)
        asked = (
            (deadlines.overdue(on), [due.is_overdue(*pair, on) for pair in pairs]),
            (deadlines.unanswered(on), [due.is_unanswered(*pair, on) for pair in pairs]),
            (
                deadlines.due_between(on, until),
                [due.is_due_between(*pair, on, until) for pair in pairs],
            ),
        )
        for in_database, in_document in asked:
            due_keys = {d.key for (_, d), yes in zip(pairs, in_document, strict=True) if yes}
            assert keys(in_database) == due_keys, on


def test_documents_made_by_hand_have_the_deadlines_of_the_live_plan(programme: Programme):
    live = build_live(programme, month=date(2026, 2, 1), on=TODAY).document
    for mine, built in zip(february().initiatives(), live.initiatives(), strict=True):
        assert mine.deadlines == built.deadlines
