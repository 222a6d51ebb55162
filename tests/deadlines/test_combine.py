"""One deadline is made of many words, in the order of precedence of the convention."""

from datetime import date, datetime

import pytest

from deadlines import ParsedDeadline, parse
from deadlines.conventions import MAX_LENGTH, MAX_TIMES

REFERENCE = date(2026, 2, 26)


def test_a_labelled_deadline_beats_every_state():
    text = "Del 1 afsluttet, del 2 på pause, afventer KL. Deadline: maj 2026"
    assert parse(text, REFERENCE) == ParsedDeadline(date(2026, 5, 1), date(2026, 5, 31), "month")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Afsluttet. Ingen deadline. På pause. Afventer. 1. maj 2026", "paused"),
        ("Afsluttet. Ingen deadline. Afventer. 1. maj 2026", "none"),
        ("Afsluttet. Afventer. 1. maj 2026", "waiting"),
        ("Afsluttet. Møde 1. maj 2026", "done"),
        ("Løbende. Møde 1. maj 2026", "day"),
        ("Løbende, snarest", "open"),
    ],
)
def test_the_states_have_an_order_of_precedence(text, kind):
    assert parse(text, REFERENCE).kind == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("afsluttet december 2025", "done"),
        ("afsluttet december 2026", "month"),
        ("forventes afsluttet", "none"),
        ("endnu ikke godkendt", "none"),
        ("når planen er godkendt", "open"),
        ("færdig 1. september", "day"),
        ("Godkendt. Sendes ud senest 1. april", "day"),
    ],
)
def test_a_plan_is_not_done(text, kind):
    assert parse(text, REFERENCE).kind == kind


def test_the_opening_is_kept_beside_the_deadline():
    text = "Opstart 26. januar: afprøvning af modulet. Deadline: 3. kvartal 2026"
    parsed = parse(text, REFERENCE)
    assert (parsed.start, parsed.end) == (date(2026, 7, 1), date(2026, 9, 30))
    assert (parsed.kind, parsed.opens_on) == ("quarter", date(2026, 1, 26))
    assert not parsed.year_inferred


def test_the_opening_is_kept_when_there_is_no_deadline():
    parsed = parse("Opstart 6/3: dialogforum. Ingen deadline", REFERENCE)
    assert parsed == ParsedDeadline(None, None, "none", opens_on=date(2026, 3, 6))


def test_an_opening_alone_is_a_start():
    parsed = parse("Opstart 6/3", REFERENCE)
    assert parsed == ParsedDeadline(date(2026, 3, 6), None, "open", year_inferred=True)


@pytest.mark.parametrize(
    ("text", "inferred"),
    [
        ("1. maj 2026", False),
        ("1. februar - 1. maj 2026", False),
        ("Juni 2026: 25/6", False),
        ("medio 2026", False),
        ("1. maj", True),
        ("næste år", True),
        ("inden sommerferien", True),
        ("årets udgang", True),
        ("afventer", False),
    ],
)
def test_a_year_that_is_not_in_the_text_is_marked_as_inferred(text, inferred):
    assert parse(text, REFERENCE).year_inferred is inferred


@pytest.mark.parametrize(
    "promise",
    [
        "skulle være",
        "skulle have været",
        "skulle være blevet",
        "burde være",
        "ville være",
        "forventedes",
        "var forventet",
        "havde været planlagt",
        "ventedes",
        "påregnedes",
        "var lovet",
        "var sat til at være",
        "stod til at blive",
        "det var planen, at den var",
        "skal være",
        "forventes",
        "ønskes",
        "anslås",
    ],
)
@pytest.mark.parametrize("verb", ["afsluttet", "godkendt", "færdig", "gennemført"])
def test_a_promise_is_not_done_and_keeps_a_day_that_has_just_passed(promise, verb):
    day = date(2026, 2, 12)
    parsed = parse(f"Rapporten {promise} {verb} den 12. februar", REFERENCE)
    assert parsed == ParsedDeadline(day, day, "day", year_inferred=True)
    parsed = parse(f"Rapporten {promise} {verb} senest 12. februar 2026", REFERENCE)
    assert parsed == ParsedDeadline(None, day, "day")
    assert parse(f"Rapporten {promise} {verb}", REFERENCE).kind == "none"


@pytest.mark.parametrize(
    ("time", "end"),
    [
        ("12. februar", date(2026, 2, 12)),
        ("inden 12. februar", date(2026, 2, 12)),
        ("før 12. februar", date(2026, 2, 11)),
        ("senest ultimo januar", date(2026, 1, 31)),
        ("i januar", date(2026, 1, 31)),
        ("i uge 7", date(2026, 2, 15)),
        ("i 4. kvartal", date(2025, 12, 31)),
        ("inden udgangen af november", date(2025, 11, 30)),
        ("i oktober", date(2026, 10, 31)),  # ended more than 92 days ago
    ],
)
@pytest.mark.parametrize("plan", ["skal være klar", "forventes klar", "klar"])
def test_a_time_that_has_just_passed_stays_in_its_year(plan, time, end):
    assert parse(f"{plan} {time}", REFERENCE).end == end


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("går i gang i maj 2026", date(2026, 5, 1)),
        ("I maj 2026 går arbejdet i gang", date(2026, 5, 1)),
        ("I maj 2026 forventes det igangsat", date(2026, 5, 1)),
        ("opstarte i uge 19 (6. maj)", date(2026, 5, 6)),
        ("opstart efter 1. maj 2026", date(2026, 5, 2)),
    ],
)
def test_a_start_is_an_opening_without_an_end(text, start):
    parsed = parse(text, REFERENCE)
    assert (parsed.start, parsed.end, parsed.kind) == (start, None, "open")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Uge 32: Byggeriet går i gang", "week"),  # a heading
        ("12. januar opstart", "day"),
        ("går i gang senest 1. maj", "day"),
        ("går i gang inden maj", "month"),
        ("går ikke i gang i 2026", "none"),
        ("begynder ikke i 2026", "none"),
        ("går ikke i gang før maj", "open"),
        ("kan ikke gå i gang før maj", "open"),
        ("ikke klar før maj", "open"),
    ],
)
def test_not_every_start_opens(text, kind):
    assert parse(text, REFERENCE).kind == kind


def test_a_plan_is_read_as_future_and_a_memory_as_past():
    assert parse("2. halvår", REFERENCE).end == date(2025, 12, 31)
    assert parse("forventes i 2. halvår", REFERENCE).end == date(2026, 12, 31)
    assert parse("forventedes i 2. halvår", REFERENCE).end == date(2025, 12, 31)
    assert parse("skulle have været klar i juni", REFERENCE).end == date(2025, 6, 30)
    assert parse("siden april", REFERENCE).start == date(2025, 4, 1)


def test_a_very_long_text_is_no_deadline():
    assert parse("x" * MAX_LENGTH + " 1. maj 2026", REFERENCE).kind == "none"
    many = "1. maj 2026 x " * (MAX_TIMES + 1)
    assert parse(many, REFERENCE) == ParsedDeadline(None, None, "none")


def test_any_reference_day_can_be_used():
    for reference in (date.min, date.max, datetime(2026, 2, 26, 12)):  # noqa: DTZ001
        assert parse("fra 1. maj til årsskiftet", reference).kind == "range"
