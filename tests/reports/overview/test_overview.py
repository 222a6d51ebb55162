"""Overblik as values: order, wording and limits, without a database."""

import dataclasses
import re
from datetime import date, timedelta
from typing import Any

import pytest

import plan
from core.links import Links
from core.months import next_month
from deadlines.term import Term
from plan.status import NOT_REPORTED
from plan.strips import percent
from reports.overview.charts import Linked, StatusHistory, make_development
from reports.overview.overview import make_overview
from reports.overview.page import EarlierPlan, Overview, Point
from reports.overview.points import SOURCES
from reports.report.parts import Earlier
from reports.report.report import make_report
from tests.reports.report.documents import (
    DAY,
    FEBRUARY,
    february,
    in_one_area,
    make_document,
    make_initiative,
)

JANUARY = date(2026, 1, 1)
MONTHS = tuple(date(2025 + (n + 2) // 12, (n + 2) % 12 + 1, 1) for n in range(12))
NOTHING = StatusHistory(MONTHS, {})


def made(
    document: plan.PlanDocument, earlier: plan.PlanDocument | None = None, **how: Any
) -> Overview:
    before = None
    if earlier:
        url = "/sammenlign/"
        before = EarlierPlan("udgave 1, januar 2026", earlier, "Sidst", url, lambda _: "/udgave-1/")
    options: dict[str, Any] = {"links": Links(), "history": NOTHING} | how
    return make_overview(document, before, **options)


def many(number: int, **changes: Any) -> list[plan.Initiative]:
    return [make_initiative(f"I{n}", **changes) for n in range(number)]


def presented(first: date, last: date | None = None, **changes: Any) -> plan.Initiative:
    deadline = plan.Deadline(
        "d", "Forelægges gruppen", "presentation", "Forelægges", None, first, last or first, "day"
    )
    return make_initiative(deadlines=(dataclasses.replace(deadline, **changes),))


# Til beslutning


def test_the_decisions_of_the_demo():
    points = made(february()).points
    assert [(point.title[:19], point.question) for point in points.rows] == [
        ("Bestillingsportal", "Skal initiativet lukkes?"),
        (
            "Leverandørliste",
            "Skal pausen fortsætte, eller skal leverandørlisten udgå af kommissoriet?",
        ),
        (
            "Principbeslutning",
            "Kan udkastet til fælleskommunal principbeslutning om indkøb godkendes?",
        ),
        ("Udvikling af en rås", "Kan kommissoriet godkendes?"),
    ]
    assert points.rows[3].why == "Forelægges den 26. februar 2026."
    assert all(point.why for point in points.rows)


def test_a_recommended_closure_needs_no_question():
    items = [make_initiative("A", ask="Må vi?"), make_initiative("B", status="closure_recommended")]
    points = made(in_one_area(items)).points
    assert [(p.title, p.question) for p in points.rows] == [
        ("B", "Skal initiativet lukkes?"),
        ("A", "Må vi?"),
    ]


@pytest.mark.parametrize("days", [0, 31])
def test_a_presentation_on_a_day_soon_is_a_decision(days: int):
    day = DAY + timedelta(days=days)
    (point,) = made(in_one_area([presented(day)])).points.rows
    assert point.question.startswith("Forelægges den ")
    assert point.why == "Forelægges gruppen"


@pytest.mark.parametrize(
    "item",
    [
        presented(DAY - timedelta(days=1)),
        presented(DAY + timedelta(days=32)),
        presented(DAY, DAY + timedelta(days=20)),
        presented(DAY, met_on=DAY),
        presented(DAY, fact="deadline"),
        make_initiative(status="major_deviations"),
        make_initiative(),
    ],
)
def test_other_initiatives_are_no_decisions(item: plan.Initiative):
    assert made(in_one_area([item])).points.rows == ()


def test_another_source_adds_its_points(monkeypatch: pytest.MonkeyPatch):
    meeting = Point("møde", "Møde", "/m/", "Kan dagsordenen godkendes?", "", None, ())
    sources = (*SOURCES, lambda document, links: [meeting, meeting])
    monkeypatch.setattr("reports.overview.points.SOURCES", sources)
    points = made(in_one_area([make_initiative(ask="Må vi?")])).points
    assert [point.question for point in points.rows] == ["Må vi?", "Kan dagsordenen godkendes?"]


def test_a_long_list_is_cut_and_says_so():
    points = made(in_one_area(many(60, ask="Må vi?"))).points
    assert (len(points.rows), points.cut, points.url) == (50, "50 af 60", "/?alle=1")
    points = made(in_one_area(many(60, ask="Må vi?")), everything=True).points
    assert (len(points.rows), points.cut) == (60, "")


# Ændret siden sidst


def test_the_changes_are_shown_as_in_the_report():
    view = made(february(), february(JANUARY))
    earlier = Earlier("udgave 1, januar 2026", february(JANUARY))
    report = make_report(february(), earlier=earlier)
    assert view.changes
    assert [change.title for change in view.changes.rows] == [
        change.title for change in (*report.changes, *report.more_changes)
    ]
    assert (
        view.changes_words
        == "5 ændringer af initiativer, status og deadlines siden udgave 1, januar 2026."
    )
    first = view.changes.rows[0]
    assert first.was
    assert first.now
    assert (first.was.label, first.now.label) == ("Betydelige afvigelser", "Anbefales nedlukket")


def test_without_an_earlier_edition():
    view = made(february())
    assert view.changes is None
    assert view.before is None
    assert [row.before for row in view.numbers.rows] == [None] * 7
    assert view.changes_words == "Der er endnu ingen tidligere udgave at sammenligne med."


def test_without_changes_the_block_says_so():
    view = made(february(), february())
    assert (
        view.changes_words
        == "Ingen ændringer af initiativer, status og deadlines siden udgave 1, januar 2026."
    )
    assert view.changes
    assert view.changes.url == "/sammenlign/"


def test_added_and_removed_initiatives_are_shown():
    stays, went = make_initiative("Bliver"), make_initiative("Udgår", status="on_track")
    came = make_initiative("Ny", status="not_started"), make_initiative("Ny uden status")
    view = made(in_one_area([stays, *came]), in_one_area([stays, went]))
    assert view.changes
    assert [
        (row.title, row.was and row.was.label, row.now and row.now.label, bool(row.url))
        for row in view.changes.rows
    ] == [
        ("Ny", None, "Ikke iværksat", True),
        ("Ny uden status", None, "Ikke oplyst", True),
        ("Udgår", "Forløber efter planen", None, False),
    ]
    assert view.changes_words.startswith("3 ændringer af initiativer, status og deadlines siden")


def test_a_presentation_keeps_its_name_when_it_is_moved():
    march = Term("marts 2026", date(2026, 3, 1), date(2026, 3, 31), "month")
    may = Term("maj 2026", date(2026, 5, 1), date(2026, 5, 31), "month")
    move = plan.Move(DAY, march, may, "Udsat.", False)
    old = plan.Deadline("d", march.wording, "presentation", "Forelægges", None)
    new = dataclasses.replace(old, starts_on=may.starts_on, ends_on=may.ends_on, moves=(move,))
    before, now = (in_one_area([make_initiative(deadlines=(deadline,))]) for deadline in (old, new))
    changes = made(now, before).changes
    assert changes
    assert changes.rows[0].facts
    assert [label for label, _ in changes.rows[0].facts] == ["Forelægges", "Forelægges"]


def test_the_link_to_the_whole_list_keeps_the_chosen_day():
    many_points = in_one_area(many(60, ask="Må vi?"))
    before = EarlierPlan("den 1.", many_points, "Før", "/", lambda _: "/", "siden=2026-01-01")
    view = make_overview(many_points, before, links=Links(), history=NOTHING)
    assert view.points.url == "/?siden=2026-01-01&alle=1"


def test_a_deadline_that_was_moved_since_the_edition():
    march = Term("marts 2026", date(2026, 3, 1), date(2026, 3, 31), "month")
    medio = Term("medio 2026", date(2026, 5, 1), date(2026, 8, 31), "year")
    move = plan.Move(DAY, march, medio, "Bygger på overblikket.", False)
    before = plan.Deadline("d", march.wording, "deadline", "Deadline", None)
    now = dataclasses.replace(before, starts_on=medio.starts_on, ends_on=medio.ends_on)
    now = dataclasses.replace(now, kind="year", fact_label="Ny deadline", moves=(move,))
    old = in_one_area([make_initiative(deadlines=(before,))])
    view = made(in_one_area([make_initiative(deadlines=(now,))]), old)
    assert view.changes
    (change,) = view.changes.rows
    assert change.facts == (
        ("Deadline", "marts\N{NO-BREAK SPACE}2026"),
        ("Ny deadline", "medio\N{NO-BREAK SPACE}2026"),
    )
    assert change.reason == "Bygger på overblikket."
    # The wording in the plan may still call it an ordinary deadline.
    plainly = dataclasses.replace(now, fact_label="Deadline")
    view = made(in_one_area([make_initiative(deadlines=(plainly,))]), old)
    assert view.changes
    assert view.changes.rows[0].facts == change.facts
    correction = dataclasses.replace(now, moves=(dataclasses.replace(move, is_correction=True),))
    view = made(in_one_area([make_initiative(deadlines=(correction,))]), old)
    assert view.changes
    assert view.changes.rows == ()


def test_a_withdrawn_promise_is_shown():
    march = Term("marts 2026", date(2026, 3, 1), date(2026, 3, 31), "month")
    never = Term("Ingen deadline", None, None, "none")
    move = plan.Move(DAY, march, never, "Leverandøren gik konkurs.", False)
    old = plan.Deadline(
        "d", march.wording, "deadline", "Deadline", None, march.starts_on, march.ends_on, "month"
    )
    new = plan.Deadline("d", never.wording, "none", "Ingen deadline", None, moves=(move,))
    before, now = (in_one_area([make_initiative(deadlines=(deadline,))]) for deadline in (old, new))
    changes = made(now, before).changes
    assert changes
    (change,) = changes.rows
    assert change.facts == (
        ("Deadline", "marts\N{NO-BREAK SPACE}2026"),
        ("Ingen deadline", ""),
    )
    assert change.reason == "Leverandøren gik konkurs."


# Kræver opmærksomhed


def test_the_warnings_of_the_demo():
    sentences = [
        warning.sentence.replace("\N{NO-BREAK SPACE}", " ") for warning in made(february()).warnings
    ]
    assert sentences == [
        "Forelagt den 20. januar 2026. Udfaldet er ikke registreret.",
        "Status er »Forløber efter planen«, men der er et spørgsmål til Implementeringsgruppen.",
        "Begrundelsen nævner den 20. januar 2026, som er passeret.",
        "Ikke vurderet i 2 måneder.",
        "1 initiativ har ingen status.",
        "3 indsatsområder mangler behandling i Implementeringsgruppen.",
    ]


def test_a_line_for_each_number_of_months_without_news():
    def judged(month: date) -> plan.Judgement:
        return plan.Judgement("on_track", "", (), month, DAY, False)

    months = [JANUARY, date(2025, 12, 1), date(2025, 7, 1), date(2025, 12, 1)]
    items = [
        make_initiative(f"I{n}", status="on_track", judgement=judged(month))
        for n, month in enumerate(months)
    ]
    warnings = made(in_one_area(items)).warnings
    assert [(warning.sentence, len(warning.named)) for warning in warnings] == [
        ("Ikke vurderet i 2 måneder.", 2),
        ("Ikke vurderet i 7 måneder.", 1),
    ]


def test_one_line_for_all_without_a_status():
    (warning,) = made(in_one_area(many(12))).warnings
    assert warning.sentence == "12 initiativer har ingen status."
    assert warning.url == warning.more_url == "/status/?status=not_reported"
    assert (len(warning.named), warning.more) == (5, "og 7 andre")
    (warning,) = made(in_one_area(many(12)), everything=True).warnings
    assert (len(warning.named), warning.more) == (12, "")


def late(number: int) -> list[plan.Initiative]:
    items = []
    for n in range(number):
        day = DAY - timedelta(days=n + 1)
        deadline = plan.Deadline("d", "x", "deadline", "Deadline", None, day, day, "day")
        items.append(make_initiative(f"I{n}", status="not_started", deadlines=(deadline,)))
    return items


def test_passed_deadlines_are_listed_by_day_with_the_oldest_first():
    sentences = [warning.sentence for warning in made(in_one_area(late(3))).warnings]
    days = [re.findall(r"\d+", sentence)[0] for sentence in sentences]
    assert days == ["23", "24", "25"]
    assert all(sentence.startswith("Overskredet. Forfaldt den ") for sentence in sentences)


def test_passed_deadlines_on_many_days_are_one_line():
    (warning,) = made(in_one_area(late(6))).warnings
    assert warning.sentence == "6 deadlines er overskredet."
    assert warning.url == "/deadlines/?alle=1#overskredne"
    assert len(made(in_one_area(late(6)), everything=True).warnings) == 6


def test_a_plan_without_contradictions_has_no_warnings():
    assert made(in_one_area([make_initiative(status="not_started")])).warnings == ()


# Status i tal


def test_the_numbers_are_the_documents():
    document = february()
    numbers = made(document, february(JANUARY)).numbers
    counts = plan.count_statuses(document)
    assert [row.now.number for row in numbers.rows] == [n for _, n in counts.by_status]
    before = plan.count_statuses(february(JANUARY))
    earlier = [row.before for row in numbers.rows if row.before]
    assert [linked.number for linked in earlier] == [n for _, n in before.by_status]
    assert {linked.url for linked in earlier if linked.number} == {"/udgave-1/"}
    assert {linked.url for linked in earlier if not linked.number} == {""}
    bars = numbers.groups[0]
    assert [(bar.title, bar.total.number) for bar in bars] == [
        ("Fælles om kontrakter og takster", 6),
        ("Fælles om kvalitet", 5),
        ("Fælles om botilbud", 3),
    ]
    assert bars[1].total.url == "/status/?princip=kvalitet"


def test_the_bars_of_all_groups_have_one_scale():
    years = tuple(plan.YearNumber(year, 1, None) for year in (2025, 2026))
    areas = (
        plan.Area("a", "A", years[:1], tuple(many(6, status="on_track"))),
        plan.Area("b", "B", years, tuple(many(2, status="completed"))),
        plan.Area("c", "C", years[1:], ()),
    )
    principles = [plan.Principle("p", "P", areas)]
    numbers = made(make_document(principles)).numbers
    segments = {
        bar.title: [(s.number, s.start, s.size) for s in bar.segments] for bar in numbers.bars
    }
    assert segments == {
        "P": [(6, "0", "75"), (2, "75", "25")],
        "Program 2025": [(6, "0", "75"), (2, "75", "25")],
        "Program 2026": [(2, "0", "25")],
    }
    last = numbers.groups[1][-1]
    assert last.total.url == "/status/?aar=2026"
    assert last.cells[5].url == "/status/?status=completed&aar=2026"
    assert last.cells[0] == Linked(0, "")
    assert last.words == "2 Udført og afsluttet"
    status, cells = numbers.twin[5]
    assert status.value == "completed"
    assert [(title, cell.number) for title, cell in cells] == [
        ("P", 2),
        ("Program 2025", 2),
        ("Program 2026", 2),
    ]


def test_a_thin_segment_has_no_number_and_a_hair_no_icon():
    items = [*many(900, status="on_track"), *many(30, status="completed"), make_initiative()]
    segments = made(in_one_area(items)).numbers.all.segments
    assert [(s.has_icon, s.has_number) for s in segments] == [
        (True, True),
        (True, False),
        (False, False),
    ]


def test_percent_has_a_point_and_no_zeros():
    assert [percent(1, 3), percent(1, 2), percent(0, 5), percent(5, 5)] == [
        "33.333",
        "50",
        "0",
        "100",
    ]


# Deadlines


def test_the_next_60_days():
    view = made(february())
    assert view.period.replace("\N{NO-BREAK SPACE}", " ") == "26. februar – 27. april 2026"
    rows = [
        (row.day.replace("\N{NO-BREAK SPACE}", " "), row.title[:17]) for row in view.upcoming.rows
    ]
    assert rows == [
        ("26. februar 2026", "Principbeslutning"),
        ("26. februar 2026", "Udvikling af en r"),
        ("31. marts 2026", "Myndighedsbestill"),
        ("31. marts 2026", "Myndighedsbestill"),
    ]


# Udvikling

OFF, ON, DONE = NOT_REPORTED, "on_track", "completed"


def developed(*statuses: tuple[str, ...], most: int | None = None):
    items = [make_initiative(f"I{n}", status=history[-1]) for n, history in enumerate(statuses)]
    rows = {item.key: history for item, history in zip(items, statuses, strict=True)}
    months = [FEBRUARY.replace(year=2025, month=10)]
    while len(months) < len(statuses[0]):
        months.append(next_month(months[-1]))
    return make_development(
        in_one_area(items),
        StatusHistory(tuple(months), rows),
        lambda key: f"/{key}/",
        lambda month, status: f"/{month:%Y-%m}/?status={status}",
        most=most,
    )


def test_one_run_for_each_unbroken_status():
    trend = developed((OFF, ON, ON, DONE, ON))
    assert trend
    ((_, (row,)),) = trend.principles
    assert [(run.status.value, run.start, run.size) for run in row.strip.runs] == [
        (OFF, "0", "20"),
        (ON, "20", "40"),
        (DONE, "60", "20"),
        (ON, "80", "20"),
    ]
    assert row.strip.words.replace("\N{NO-BREAK SPACE}", " ") == (
        "Oktober 2025: Ikke oplyst. November–december 2025: Forløber efter planen. "
        "Januar 2026: Udført og afsluttet. Februar 2026: Forløber efter planen"
    )
    assert trend.axis.period.replace("\N{NO-BREAK SPACE}", " ") == "Oktober 2025 – februar 2026"


def test_the_trend_counts_every_initiative():
    trend = developed((ON, ON, DONE), (OFF, ON, ON), most=1)
    assert trend
    assert trend.cut == "1 af 2"
    assert sum(len(rows) for _, rows in trend.principles) == 1
    numbers = [[(s.status.value, s.number) for s in column.segments] for column in trend.columns]
    assert numbers == [[(ON, 1), (OFF, 1)], [(ON, 2)], [(ON, 1), (DONE, 1)]]
    for column in trend.columns:
        assert sum(cell.number for cell in column.numbers) == 2
    cells = [cell for _, cell in trend.twin[1][1]]
    assert [(cell.number, cell.url) for cell in cells] == [
        (1, "/2025-10/?status=on_track"),
        (2, "/2025-11/?status=on_track"),
        (1, "/2025-12/?status=on_track"),
    ]


def test_the_trend_is_hidden_below_three_months():
    assert developed((OFF, OFF, ON, ON)) is None
    assert developed((OFF, ON, ON, ON))
    assert make_development(in_one_area([]), NOTHING, str, lambda month, status: "") is None


def test_an_empty_plan_is_a_page_too():
    view = made(make_document([]))
    assert (view.points.rows, view.upcoming.rows, view.warnings) == ((), (), ())
    assert view.numbers.all.total.number == 0
    assert view.development is None
