"""Tidslinjen: the deadlines on an axis of quarters."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import plan
from core import danish
from deadlines.term import Term
from initiatives import timeline
from initiatives.timeline import Drawing, QuarterAxis, Window, axis, draw, undated
from tests.initiatives.timeline.steps import DEFAULT, MEDIO, TODAY
from tests.reports.report.documents import make_initiative as make_item

MARCH: dict[str, Any] = {
    "starts_on": date(2026, 3, 1),
    "ends_on": date(2026, 3, 31),
    "kind": "month",
}


def on_day(day: date) -> dict[str, Any]:
    return {"starts_on": day, "ends_on": day, "kind": "day"}


def deadline(fact: str = "deadline", **values: Any) -> plan.Deadline:
    defaults: dict[str, Any] = {
        "key": "d",
        "wording": "Ordlyd",
        "fact_label": "Deadline",
        "action": None,
    }
    return plan.Deadline(**defaults | {"fact": fact} | values)


def moved(*terms: dict[str, Any] | None, **values: Any) -> plan.Deadline:
    """Return a deadline that was each of `terms` in turn; None is an unknown one."""
    steps = [Term("Ordlyd", **term) if term else None for term in terms]
    moves = tuple(
        plan.Move(TODAY, old, new, "Arbejdet er forsinket.", False)
        for old, new in pairwise(steps)
        if new
    )
    now = terms[-1] or {}
    return deadline(**now | {"moves": moves} | values)


def drawn(*deadlines: plan.Deadline, window: Window = DEFAULT, on: date = TODAY) -> Drawing:
    return draw(make_item(deadlines=deadlines), window, on)


def words(drawing: Drawing) -> list[str]:
    return [" ".join(label.lines).replace("\N{NO-BREAK SPACE}", " ") for label in drawing.labels]


def near(x: float) -> Any:
    return pytest.approx(x, abs=0.01)


# The window and its axis


def test_the_window_around_a_day():
    window = Window.around(TODAY)
    assert window == DEFAULT
    assert (window.first, window.after) == (date(2025, 10, 1), date(2027, 1, 1))
    assert window.words.replace("\N{NO-BREAK SPACE}", " ") == "4. kvartal 2025 – 4. kvartal 2026"


@pytest.mark.parametrize(
    "code", ["", "2026", "2026K5", "2026K0", "26K1", "x", "99999K1", "2026K1 --", "٢٠٢٦K1"]
)
def test_an_invalid_first_quarter_gives_that_of_today(code: str):
    assert Window.from_code(code, TODAY) == DEFAULT


@given(st.integers(1950, 2050), st.integers(1, 4), st.integers(-40, 40))
def test_a_window_is_its_code_and_can_be_shifted_back(year: int, quarter: int, number: int):
    window = Window(year, quarter)
    assert Window.from_code(window.code, TODAY) == window
    assert window.shifted(number).shifted(-number) == window
    assert window.shifted(1).first > window.first


def test_positions_follow_the_days():
    assert DEFAULT.x(date(2025, 10, 1)) == 0
    assert DEFAULT.x(date(2027, 1, 1)) == 100
    assert DEFAULT.x(TODAY) == near(148 / 457 * 100)
    assert DEFAULT.interval(date(2024, 1, 1), date(2030, 1, 1)) == (-2, 102)
    assert DEFAULT.misses(date(2024, 1, 1), date(2025, 9, 30)) == "before"
    assert DEFAULT.misses(date(2027, 1, 1), date(2027, 1, 1)) == "after"
    assert DEFAULT.misses(date(2025, 9, 30), date(2025, 10, 1)) == ""


def test_the_axis_names_quarters_and_years_and_marks_today():
    parts = axis(DEFAULT, TODAY)
    assert [name for _, name in parts.quarters] == [f"{n}. kvartal" for n in (4, 1, 2, 3, 4)]
    assert [name for _, name in parts.years] == ["2025", "2026"]
    assert parts.turns == (near(92 / 457 * 100),)
    assert parts.today == parts.past == near(32.385)
    assert not parts.is_late
    assert axis(Window(2025, 1), TODAY).is_late


@pytest.mark.parametrize(("window", "past"), [(Window(2026, 2), 0), (Window(2024, 1), 100)])
def test_today_may_lie_outside(window: Window, past: float):
    parts: QuarterAxis = axis(window, TODAY)
    assert (parts.today, parts.past, parts.is_late) == (None, past, False)


# How each fact is drawn


def test_a_presentation_of_the_past_is_a_pin_with_its_label_at_the_left():
    drawing = drawn(deadline("presentation", **on_day(date(2026, 1, 20))))
    assert [(mark.kind, mark.x) for mark in drawing.marks] == [("pin", near(111 / 457 * 100))]
    assert words(drawing) == ["Forelagt 20. januar"]
    assert drawing.labels[0].anchor == "end"
    assert drawing.labels[0].is_past


def test_a_presentation_today_is_labelled_at_the_right_of_the_line():
    drawing = drawn(deadline("presentation", **on_day(TODAY)))
    assert words(drawing) == ["Forelægges 26. februar"]
    assert drawing.labels[0].anchor == "start"
    assert not drawing.labels[0].is_past


def test_an_interval_is_a_bar():
    drawing = drawn(deadline("presentation", **MEDIO))
    assert [(span.kind, span.left, span.right) for span in drawing.spans] == [
        ("bar", near(212 / 457 * 100), near(335 / 457 * 100))
    ]
    assert words(drawing) == ["Forelægges medio 2026"]
    assert drawing.labels[0].anchor == "start"


def test_an_event_is_a_beam():
    drawing = drawn(deadline("event", **on_day(date(2026, 1, 12))))
    assert [mark.kind for mark in drawing.marks] == ["beam"]
    assert words(drawing) == ["Hændelse 12. januar"]
    assert drawing.height < 40


def test_an_opening_is_a_stem_with_a_line_to_its_bar():
    third: dict[str, Any] = {
        "starts_on": date(2026, 7, 1),
        "ends_on": date(2026, 9, 30),
        "kind": "quarter",
    }
    drawing = drawn(deadline(opens_on=date(2026, 1, 26), **third))
    assert [mark.kind for mark in drawing.marks] == ["stem"]
    assert [span.kind for span in drawing.spans] == ["line", "bar"]
    assert drawing.spans[0].right == drawing.spans[1].left
    assert words(drawing) == ["Opstart 26. januar", "3. kvartal 2026"]


def test_the_label_of_a_bar_is_never_before_its_opening():
    drawing = drawn(deadline(opens_on=date(2026, 2, 1), **MARCH), window=Window(2025, 1))
    assert words(drawing) == ["Opstart 1. februar", "Marts 2026"]
    assert drawing.labels[1].y > drawing.labels[0].y


def test_an_opening_without_an_end_goes_on_to_the_edge():
    drawing = drawn(deadline("none", opens_on=date(2026, 3, 6)))
    assert [(span.kind, span.right) for span in drawing.spans] == [("dashes", 100)]
    assert {mark.kind for mark in drawing.marks} == {"stem", "end"}
    assert set(words(drawing)) == {"Opstart 6. marts", "Ingen slutdato"}


def test_a_moved_deadline_keeps_its_first_place_with_an_arrow_to_the_new_one():
    drawing = drawn(moved(MARCH, MEDIO))
    assert [span.kind for span in drawing.spans] == ["was", "bar", "link"]
    assert [mark.kind for mark in drawing.marks] == ["right"]
    assert words(drawing) == ["Medio 2026"]
    assert "Oprindelig: marts" in drawing.spoken.replace("\N{NO-BREAK SPACE}", " ")


def test_an_earlier_place_that_overlaps_is_in_a_lane_above():
    drawing = drawn(moved(MARCH, MARCH | {"ends_on": date(2026, 4, 30), "kind": "range"}))
    was, bar = drawing.spans
    assert (was.kind, bar.kind) == ("was", "bar")
    assert was.y < bar.y
    assert [mark.kind for mark in drawing.marks] == ["down"]
    assert words(drawing)[0] == "Oprindelig: marts 2026"


def test_a_chain_of_three_keeps_each_place():
    drawing = drawn(moved(on_day(date(2025, 11, 3)), MARCH, MEDIO))
    assert [span.kind for span in drawing.spans].count("was") == 2
    assert [mark.kind for mark in drawing.marks] == ["right", "right"]


def test_an_unknown_first_place_is_not_drawn():
    drawing = drawn(moved(None, MARCH))
    assert [span.kind for span in drawing.spans] == ["bar"]


def test_a_deadline_that_lost_its_day_keeps_its_first_place():
    first = {"starts_on": date(2025, 10, 1), "ends_on": date(2025, 10, 10), "kind": "month"}
    no_days = {"starts_on": None, "ends_on": None, "kind": "waiting"}
    waiting = moved(first, no_days, fact="waiting", fact_label="Afventer")
    drawing = drawn(waiting)
    assert [(span.kind, span.left) for span in drawing.spans] == [("was", 0)]
    assert words(drawing)[0].startswith("Oprindelig: primo oktober 2025")
    assert undated(make_item(deadlines=(waiting,))) == ("Afventer",)


def test_a_deadline_that_was_moved_and_met_keeps_both_places():
    june, september = on_day(date(2025, 6, 6)), on_day(date(2025, 9, 17))
    no_days = {"starts_on": None, "ends_on": None, "kind": "done"}
    done = moved(june, september, fact="completed", fact_label="Afsluttet", **no_days)
    drawing = drawn(done, window=Window(2025, 1))
    assert [span.kind for span in drawing.spans] == ["was", "was", "link"]
    assert words(drawing) == ["Oprindelig: 6. juni 2025", "Tidligere: 17. september 2025"]
    assert len(words(drawn(done))) == 2


def test_an_overdue_deadline_has_a_sign():
    drawing = drawn(deadline(**on_day(date(2026, 1, 31))))
    assert words(drawing) == ["! Overskredet: 31. januar 2026"]
    assert drawing.labels[0].is_late
    assert drawing.spoken.startswith("Overskredet: ")


def test_a_met_deadline_is_not_overdue():
    drawing = drawn(deadline(met_on=date(2026, 1, 20), **on_day(date(2026, 1, 31))))
    assert words(drawing) == ["31. januar 2026, opfyldt"]


def test_the_indsats_is_named_when_there_are_several_facts():
    one = deadline(action="a", **MEDIO)
    other = deadline("presentation", key="e", **on_day(TODAY))
    assert words(drawn(one)) == ["Medio 2026"]
    assert words(drawn(other, one)) == ["Forelægges 26. februar", "Indsats 1: medio 2026"]


def test_facts_without_a_date_are_counted():
    done = deadline("completed", fact_label="Afsluttet")
    item = make_item(deadlines=(done, deadline("none", fact_label="Ingen deadline"), done))
    assert undated(item) == ("Afsluttet (2)", "Ingen deadline")
    assert draw(item, DEFAULT, TODAY) == Drawing((), (), (), "", 0)
    assert undated(make_item(deadlines=())) == ("Deadline ikke oplyst",)


# The edges


def test_a_bar_is_cut_off_at_the_edge():
    drawing = drawn(deadline(starts_on=date(2026, 11, 1), ends_on=date(2027, 2, 28), kind="range"))
    assert drawing.spans[0].right == 102
    assert words(drawing) == ["November 2026 – februar 2027"]


@pytest.mark.parametrize(
    ("fact", "days", "sentence"),
    [
        ("event", on_day(date(2025, 5, 12)), "← Hændelse 12. maj 2025"),
        ("deadline", on_day(date(2024, 5, 12)), "← ! Overskredet: 12. maj 2024"),
        (
            "deadline",
            {"starts_on": date(2027, 4, 1), "ends_on": date(2027, 6, 30), "kind": "quarter"},
            "2. kvartal 2027 →",
        ),
    ],
)
def test_a_deadline_outside_the_window_is_named_at_the_edge(
    fact: str, days: dict[str, Any], sentence: str
):
    drawing = drawn(deadline(fact, **days))
    assert not drawing.spans
    assert not drawing.marks
    assert words(drawing) == [sentence]
    assert drawing.spoken.replace("\N{NO-BREAK SPACE}", " ") == sentence.strip("←→! ").replace(
        "! ", ""
    )


def test_a_label_is_beside_its_own_mark():
    """The label of a deadline that was moved back is never at its earlier place."""
    drawing = drawn(moved(MEDIO, MARCH))
    bar = next(span for span in drawing.spans if span.kind == "bar")
    assert words(drawing) == ["Marts 2026"]
    assert drawing.labels[0].y > bar.y
    assert [mark.kind for mark in drawing.marks] == ["left"]


# Laws


DAYS = st.dates(date(2023, 1, 1), date(2029, 12, 31))


@st.composite
def terms(draw_: st.DrawFn) -> dict[str, Any]:
    first = draw_(DAYS)
    last = first + timedelta(days=draw_(st.sampled_from([0, 0, 9, 30, 122, 500])))
    return {"starts_on": first, "ends_on": last, "kind": "day" if first == last else "range"}


@st.composite
def any_deadline(draw_: st.DrawFn) -> plan.Deadline:
    chain = draw_(st.lists(terms(), min_size=1, max_size=3))
    fact = draw_(st.sampled_from(["deadline", "presentation", "event", "none"]))
    if fact == "none":
        return deadline("none", opens_on=draw_(DAYS))
    opens = draw_(st.none() | DAYS) if fact == "deadline" else None
    return moved(*chain, fact=fact, opens_on=opens, action="a")


WINDOWS = st.builds(Window, st.integers(2023, 2029), st.integers(1, 4))
ANYTHING = st.lists(any_deadline(), min_size=1, max_size=3)


@given(ANYTHING, WINDOWS, DAYS)
def test_no_label_crosses_today_or_leaves_the_plot(
    deadlines: list[plan.Deadline], window: Window, on: date
):
    today = axis(window, on).today
    for label in drawn(*deadlines, window=window, on=on).labels:
        left, right = label.interval
        assert left >= -0.01
        assert right <= 100.01
        assert today is None or right <= today + 0.01 or left >= today - 0.01


@given(ANYTHING, WINDOWS, DAYS)
def test_every_deadline_has_a_label_within_the_plot(
    deadlines: list[plan.Deadline], window: Window, on: date
):
    drawing = drawn(*deadlines, window=window, on=on)
    assert len(drawing.labels) >= len(deadlines)
    assert drawing.height >= max(label.placed[-1][0] for label in drawing.labels)
    assert all(span.left <= span.right for span in drawing.spans if span.kind != "link")
    assert all(-2 <= span.left <= 102 for span in drawing.spans)


@given(st.text("abcdefgh 0123456789.", min_size=1, max_size=80), st.integers(110, 400))
def test_wrapping_keeps_every_letter(text: str, room: int):
    joined = "".join(timeline.wrap(text, room))
    assert joined.replace(" ", "") == text.replace(" ", "")


def test_a_date_breaks_only_where_it_must():
    day = danish.day(date(2026, 12, 15))
    assert timeline.wrap(f"Hændelse {day}", 140) == ["Hændelse", day]
    assert len(timeline.wrap(day, 104)) == 2
