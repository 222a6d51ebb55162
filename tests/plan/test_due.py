"""What the portal says of a deadline on a day, without a database: due, passed, moved."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

import plan
from deadlines import naming, parse
from deadlines.term import Term
from plan import due
from tests.core.reading import hard
from tests.reports.report.documents import make_initiative

ON = date(2026, 2, 26)
DAY = timedelta(days=1)
FACTS = ("deadline", "presentation", "completed", "paused", "waiting", "event", "none")


def term(wording: str) -> Term:
    parsed = parse(wording, ON)
    return Term(wording, parsed.start, parsed.end, parsed.kind)


def make_deadline(wording: str = "Marts 2026", fact: str = "deadline", **values: Any) -> Any:
    parsed = parse(wording, ON)
    read = {"starts_on": parsed.start, "ends_on": parsed.end, "kind": parsed.kind}
    return plan.Deadline("d", wording, fact, "", None, **read | values)


def pause(action: str | None = None) -> plan.Deadline:
    return plan.Deadline("p", "Sat på pause", "paused", "På pause", action, kind="paused")


def with_deadlines(*deadlines: plan.Deadline) -> plan.Initiative:
    return make_initiative(deadlines=deadlines)


def move(
    old: str | None, new: str, reason: str = "Skabelonen er forsinket.", **values: Any
) -> plan.Move:
    made = plan.Move(ON, term(old) if old else None, term(new), reason, is_correction=False)
    return replace(made, **values)


def moved(*wordings: str | None, last: str = "Skabelonen er forsinket.") -> plan.Deadline:
    """Return a deadline that had each of the wordings in turn; None is an unknown one."""
    steps = list(pairwise(wordings))
    reasons = ["Et tidligere svar."] * (len(steps) - 1) + [last]
    moves = (move(old, str(new), why) for (old, new), why in zip(steps, reasons, strict=True))
    return make_deadline(str(wordings[-1]), moves=tuple(moves))


def correction(old: str | None, new: str, reason: str = "Slåfejl.") -> plan.Move:
    return move(old, new, reason, is_correction=True)


# Overdue


@pytest.mark.parametrize("fact", FACTS)
def test_only_a_deadline_can_be_late(fact: str):
    deadline = make_deadline("Januar 2026", fact)
    assert due.is_overdue(with_deadlines(deadline), deadline, ON) == (fact == "deadline")


@pytest.mark.parametrize("fact", FACTS)
def test_only_a_presentation_waits_for_its_result(fact: str):
    deadline = make_deadline("Januar 2026", fact)
    assert due.is_unanswered(with_deadlines(deadline), deadline, ON) == (fact == "presentation")


@pytest.mark.parametrize(
    ("wording", "last"),
    [
        ("26. februar 2026", date(2026, 2, 26)),
        ("Marts 2026", date(2026, 3, 31)),
        ("Medio 2026", date(2026, 8, 31)),
        ("senest 1. juni 2026", date(2026, 6, 1)),
        ("2024", date(2024, 12, 31)),
    ],
)
def test_a_deadline_is_late_from_the_day_after_its_last(wording: str, last: date):
    deadline = make_deadline(wording)
    item = with_deadlines(deadline)
    assert not due.is_overdue(item, deadline, last)
    assert due.is_overdue(item, deadline, last + DAY)


@pytest.mark.parametrize("wording", ["Fra 1. januar 2026", "Snarest", "?"])
def test_a_deadline_without_a_last_day_is_never_late(wording: str):
    deadline = make_deadline(wording)
    assert not due.is_overdue(with_deadlines(deadline), deadline, date(2099, 1, 1))


@pytest.mark.parametrize("fact", ["deadline", "presentation"])
def test_a_met_deadline_is_not_overdue_even_when_met_late(fact: str):
    deadline = make_deadline("Januar 2026", fact, met_on=date(2026, 2, 20))
    assert not due.is_passed(with_deadlines(deadline), deadline, ON)


@pytest.mark.parametrize(
    ("action", "paused", "is_late"),
    [
        (None, None, False),
        ("a", None, False),
        ("a", "a", False),
        ("a", "b", True),
        (None, "a", True),
    ],
)
def test_a_pause_stops_its_own_indsats_or_all(
    action: str | None, paused: str | None, is_late: bool
):
    deadline = replace(make_deadline("Januar 2026"), action=action)
    assert due.is_overdue(with_deadlines(deadline, pause(paused)), deadline, ON) == is_late


@pytest.mark.parametrize(
    ("wording", "first", "last", "is_due"),
    [
        ("26. februar 2026", ON, ON, True),
        ("25. februar 2026", ON, ON + 60 * DAY, False),
        ("27. april 2026", ON, ON + 60 * DAY, True),
        ("28. april 2026", ON, ON + 60 * DAY, False),
        ("2026", ON, ON + 60 * DAY, True),
        ("senest 1. juni 2026", ON, ON + 60 * DAY, False),
        ("senest 1. marts 2026", ON, ON + 60 * DAY, True),
        ("fra 1. marts 2026", ON, ON + 60 * DAY, False),
        ("?", ON, ON + 60 * DAY, False),
    ],
)
def test_which_deadlines_fall_due_between_two_days(
    wording: str, first: date, last: date, is_due: bool
):
    deadline = make_deadline(wording)
    item = with_deadlines(deadline)
    assert due.is_due_between(item, deadline, first, last) == is_due
    met = replace(deadline, met_on=ON)
    assert not due.is_due_between(with_deadlines(met), met, first, last)


def test_order_is_by_last_day_then_first_with_dateless_deadlines_last():
    wordings = ["Marts 2026", "31. marts 2026", "April 2026", "fra 1. maj 2026", "Snarest"]
    deadlines = [make_deadline(wording) for wording in wordings]
    mixed = deadlines[::-1]
    assert sorted(mixed, key=due.order) == deadlines


# Sentences


@pytest.mark.parametrize(
    ("wording", "fact", "sentence", "is_late"),
    [
        ("Medio 2026", "deadline", "Forfalder senest den 31._august_2026.", False),
        ("Januar 2026", "deadline", "Overskredet. Forfaldt den 31._januar_2026.", True),
        ("26. februar 2026", "deadline", "Forfalder senest den 26._februar_2026.", False),
        ("6. marts 2026", "presentation", "Forelægges den 6._marts_2026.", False),
        (
            "20. januar 2026",
            "presentation",
            "Forelagt den 20._januar_2026. Udfaldet er ikke registreret.",
            False,
        ),
        (
            "Opstart 6. marts 2026",
            "deadline",
            "Forstået som opstart den 6._marts_2026. Ingen slutdato.",
            False,
        ),
        ("Januar 2026", "event", "", False),
        ("Snarest", "deadline", "", False),
    ],
)
def test_the_sentence_about_the_day(wording: str, fact: str, sentence: str, is_late: bool):
    deadline = make_deadline(wording, fact)
    line = due.due_line(with_deadlines(deadline), deadline, ON)
    assert line == due.DueLine(hard(sentence), is_late)


def test_a_presentation_within_a_month_that_passed_lacks_its_result():
    deadline = make_deadline("Januar 2026", "presentation")
    line = due.due_line(with_deadlines(deadline), deadline, ON)
    assert line.text.endswith("Udfaldet er ikke registreret.")
    assert not line.is_late


@pytest.mark.parametrize("fact", ["deadline", "presentation", "completed"])
def test_a_met_deadline_says_when(fact: str):
    deadline = make_deadline("Ja", fact, met_on=date(2026, 2, 20))
    line = due.due_line(with_deadlines(deadline), deadline, ON)
    assert line.text.endswith(hard("den 20._februar_2026."))
    assert not line.is_late


def test_a_passed_deadline_on_pause_is_not_called_late():
    deadline = make_deadline("Januar 2026")
    line = due.due_line(with_deadlines(deadline, pause()), deadline, ON)
    assert line == due.DueLine(hard("Forfaldt den 31._januar_2026, men er sat på pause."))


def test_the_lines_of_a_moved_deadline_say_when_and_where_it_began():
    deadline = moved("November 2025", "Januar 2026", "Medio 2026")
    texts = [line.text for line in due.lines(with_deadlines(deadline), deadline, ON)]
    assert texts == [
        hard("Forfalder senest den 31._august_2026."),
        hard("Oprindelig: november_2025. Nu: medio_2026. Flyttet 2 gange."),
    ]


def test_a_deadline_that_says_nothing_more_has_no_lines():
    deadline = make_deadline("?")
    assert due.lines(with_deadlines(deadline), deadline, ON) == ()


@pytest.mark.parametrize(
    ("wording", "sentence"),
    [
        ("Medio 2026", "Forstået som medio_2026. Forfalder senest den 31._august_2026."),
        ("26. februar 2026", "Forstået som den 26._februar_2026."),
        ("fra 6. marts 2026", "Forstået som opstart den 6._marts_2026. Ingen slutdato."),
        ("uge 34, 2026", "Forstået som uge 34,_2026. Forfalder senest den 23._august_2026."),
        ("Snarest", ""),
    ],
)
def test_how_a_wording_is_understood(wording: str, sentence: str):
    parsed = parse(wording, ON)
    assert due.understood(term(wording), fact="deadline", opens_on=parsed.opens_on) == hard(
        sentence
    )


@pytest.mark.parametrize("wording", ["Ved udgangen af april 2026", "Udgangen af uge 34, 2026"])
def test_the_end_of_a_month_or_week_is_no_day_of_its_own(wording: str):
    assert "den ved" not in due.understood(term(wording), fact="deadline", opens_on=None)


def test_days_set_by_hand_are_not_understood():
    sentence = due.understood(term("Medio 2026"), fact="deadline", opens_on=None, set_by_hand=True)
    assert sentence == hard("Angivet som medio_2026. Forfalder senest den 31._august_2026.")


@pytest.mark.parametrize(
    ("wording", "words"),
    [
        ("26/2-2026", "26._februar_2026"),
        ("senest d. 1. juni 2026", "senest 1._juni_2026"),
        ("1/2 - 1/5 2026", "1._februar_2026 – 1._maj_2026"),
        ("Marts 2026", "marts_2026"),
        ("3. kvartal 2026", "3._kvartal_2026"),
        ("uge 34, 2026", "uge 34,_2026"),
        ("Snarest", "ingen dato"),
        ("", "ingen dato"),
    ],
)
def test_a_term_in_words_that_never_break_within_a_date(wording: str, words: str):
    assert naming.words(term(wording)) == hard(words)


# Moves


def test_a_deadline_that_was_never_moved_says_nothing_of_it():
    deadline = make_deadline()
    assert due.chain(deadline) == (deadline.term,)
    assert due.first_line(deadline) == due.moved_sentence(deadline) == ""
    assert due.corrections(deadline) == ()


def test_the_sentence_about_one_move():
    deadline = moved("Marts 2026", "Medio 2026")
    assert due.first_line(deadline) == hard("Oprindelig: marts_2026. Nu: medio_2026.")
    assert due.moved_sentence(deadline) == hard(
        "Oprindelig: marts_2026. Nu: medio_2026. "
        "Flyttet 1 gang, senest den 26._februar_2026 fordi skabelonen er forsinket."
    )


@pytest.mark.parametrize("number", [2, 3, 7])
def test_the_first_date_is_shown_after_any_number_of_moves(number: int):
    between = [f"{month} 2027" for month in ("Maj", "Juni", "Juli", "August", "Marts", "April")]
    deadline = moved("Marts 2026", *between[: number - 1], "Medio 2026")
    start = hard(f"Oprindelig: marts_2026. Nu: medio_2026. Flyttet {number} gange")
    assert due.first_line(deadline) == f"{start}."
    assert due.moved_sentence(deadline) == start + hard(
        ", senest den 26._februar_2026 fordi skabelonen er forsinket."
    )
    assert len(due.chain_words(deadline)) == number + 1


def test_the_reason_of_the_newest_move_is_shown():
    newest = move("April 2026", "Medio 2026", "KL har ikke svaret", day=date(2026, 3, 3))
    deadline = make_deadline("Medio 2026", moves=(move("Marts 2026", "April 2026"), newest))
    sentence = due.moved_sentence(deadline)
    assert sentence.endswith(hard("senest den 3._marts_2026 (begrundelse: KL har ikke svaret)."))
    assert "skabelonen" not in sentence.lower()


def test_an_unknown_first_deadline_is_said_to_be_unknown():
    deadline = moved(None, "Ny deadline: maj 2026", last="")
    assert due.chain_words(deadline) == ("Ikke oplyst", hard("maj_2026"))
    unknown = "Oprindelig deadline er ikke oplyst."
    assert due.first_line(deadline) == due.moved_sentence(deadline) == unknown


def test_a_deadline_moved_on_from_an_unknown_one():
    deadline = moved(None, "Maj 2026", "Medio 2026")
    assert due.moved_sentence(deadline) == hard(
        "Oprindelig deadline er ikke oplyst. Nu: medio_2026. "
        "Flyttet 2 gange, senest den 26._februar_2026 fordi skabelonen er forsinket."
    )


def test_a_pause_that_ends_on_the_same_day_is_no_move():
    moves = (move("Marts 2026", "Sat på pause"), move("Sat på pause", "Marts 2026"))
    deadline = make_deadline("Marts 2026", moves=moves)
    assert due.counted(deadline.moves) == []
    assert due.chain_words(deadline) == (hard("marts_2026"),)
    assert due.moved_sentence(deadline) == ""


def test_a_correction_of_the_unknown_does_not_hide_it():
    deadline = make_deadline("Marts 2026", moves=(correction(None, "Marts 2026"),))
    assert due.chain_words(deadline) == ("Ikke oplyst", hard("marts_2026"))


def test_a_presentation_that_becomes_an_event_keeps_its_day():
    deadline = make_deadline("Marts 2026", "event", moves=(move("Marts 2026", "Hændelse"),))
    assert due.chain_words(deadline)[-1] == hard("marts_2026")


@pytest.mark.parametrize(("fact", "end"), [("none", " Ingen slutdato."), ("completed", "")])
def test_a_completed_deadline_is_not_said_to_lack_an_end(fact: str, end: str):
    opened = due.understood(term("Afsluttet"), fact=fact, opens_on=date(2026, 1, 26))
    assert opened == hard("Forstået som opstart den 26._januar_2026.") + end


def test_a_correction_replaces_a_value_and_is_no_move():
    moves = (move("Marts 2026", "Maj 2025"), correction("Maj 2025", "Maj 2026"))
    deadline = make_deadline("Maj 2026", moves=moves)
    assert due.counted(deadline.moves) == [moves[0]]
    assert due.chain_words(deadline) == (hard("marts_2026"), hard("maj_2026"))


def test_a_corrected_first_deadline_is_no_move_and_is_not_forgotten():
    deadline = make_deadline("Maj 2026", moves=(correction("Maj 2025", "Maj 2026"),))
    assert due.first_line(deadline) == due.moved_sentence(deadline) == ""
    assert due.corrections(deadline) == (
        hard("Rettet den 26._februar_2026 fra maj_2025 til maj_2026. Begrundelse: Slåfejl."),
    )


def test_a_correction_of_what_was_unknown():
    (sentence,) = due.corrections(make_deadline(moves=(correction(None, "Marts 2026"),)))
    assert hard("fra ikke oplyst til marts_2026.") in sentence


def test_a_paused_promise_is_still_shown_and_the_pause_is_not_counted():
    gone = move("Marts 2026", "Sat på pause", "Gruppen har besluttet det.")
    deadline = make_deadline("Sat på pause", "paused", moves=(gone,))
    assert due.counted(deadline.moves) == []
    assert due.first_line(deadline) == due.moved_sentence(deadline)
    assert due.first_line(deadline) == hard("Oprindelig: marts_2026.")


def test_a_later_date_after_a_pause_goes_on_from_the_first():
    moves = (move("Marts 2026", "Sat på pause"), move("Sat på pause", "Medio 2026"))
    deadline = make_deadline("Medio 2026", moves=moves)
    assert due.chain_words(deadline) == (hard("marts_2026"), "på pause", hard("medio_2026"))
    assert due.first_line(deadline) == hard("Oprindelig: marts_2026. Nu: medio_2026.")
    assert "Flyttet 1 gang," in due.moved_sentence(deadline)


def promise(key: str, ends: date | None, **changes: Any) -> plan.Deadline:
    fields = {"fact": "deadline", "fact_label": "Deadline", "action": None, **changes}
    return plan.Deadline(key=key, wording=key, starts_on=None, ends_on=ends, **fields)


@pytest.mark.parametrize(
    ("deadlines", "key"),
    [
        ([], None),
        ([promise("aldrig", None)], None),
        ([promise("senere", date(2026, 6, 1)), promise("snart", date(2026, 3, 1))], "snart"),
        ([promise("passeret", date(2026, 1, 1)), promise("snart", date(2026, 3, 1))], "snart"),
        ([promise("passeret", date(2026, 1, 1)), promise("før", date(2025, 3, 1))], "før"),
        ([promise("opfyldt", date(2026, 3, 1), met_on=ON)], None),
        ([promise("hændelse", date(2026, 3, 1), fact="event")], None),
        ([promise("snart", date(2026, 3, 1)), promise("pause", None, fact="paused")], None),
    ],
)
def test_the_next_promise(deadlines, key):
    promise = due.next_promise(make_initiative(deadlines=tuple(deadlines)), ON)
    assert (promise.key if promise else None) == key
