"""Each check warns of an example that contradicts and not of one that does not."""

import dataclasses
from datetime import date
from typing import Any

import pytest

import plan
from plan import contradictions
from tests.reports.report.documents import DAY, FEBRUARY, in_one_area, make_initiative

PASSED, AHEAD = date(2026, 1, 31), date(2026, 3, 31)
OVERDUE = "Forløber efter planen, men en deadline er overskredet."
LATE = "Forløber efter planen, men teksten siger forsinket."


def judged_initiative(status: str, reason: str = "", month: date = FEBRUARY, **changes: Any):
    judgement = plan.Judgement(status, reason, (), month, DAY, False)
    return make_initiative(status=status, judgement=judgement, **changes)


def due_on(day: date, fact: str = "deadline", **changes: Any) -> plan.Deadline:
    deadline = plan.Deadline("d", "31. januar 2026", fact, "Deadline", None, day, day, "day")
    return dataclasses.replace(deadline, **changes)


def warning_of(check: contradictions.Check, item: plan.Initiative) -> str:
    return check(item, in_one_area([item]))


def test_on_track_but_a_passed_deadline_is_a_contradiction():
    check = contradictions.on_track_but_overdue
    assert warning_of(check, judged_initiative("on_track", deadlines=(due_on(PASSED),))) == OVERDUE


@pytest.mark.parametrize(
    ("status", "deadline"),
    [
        ("on_track", due_on(AHEAD)),
        ("on_track", due_on(DAY)),
        ("on_track", due_on(PASSED, met_on=PASSED)),
        ("on_track", due_on(PASSED, fact="presentation")),
        ("minor_deviations", due_on(PASSED)),
    ],
)
def test_without_a_passed_deadline_or_not_on_track_is_no_contradiction(
    status: str, deadline: plan.Deadline
):
    item = judged_initiative(status, deadlines=(deadline,))
    assert warning_of(contradictions.on_track_but_overdue, item) == ""


@pytest.mark.parametrize(
    "reason",
    [
        "Begge leverancer er forsinket, fordi lovgrundlaget skulle gennemgås igen.",
        "Mødet er udskudt til marts.",
        "Den juridiske afklaring trækker ud.",
        "Planen holder ikke. Forsinkelsen er tre uger.",
    ],
)
def test_on_track_but_worded_late_is_a_contradiction(reason: str):
    check = contradictions.on_track_but_worded_late
    assert warning_of(check, judged_initiative("on_track", reason)) == LATE
    assert warning_of(check, judged_initiative("on_track", report_text=reason)) == LATE
    assert (
        warning_of(check, judged_initiative("on_track", deadlines=(due_on(AHEAD, wording=reason),)))
        == LATE
    )


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("minor_deviations", "Begge leverancer er forsinket."),
        ("on_track", "Arbejdet følger planen."),
        ("on_track", "Arbejdet er ikke forsinket."),
        ("on_track", "Der er ingen væsentlige forsinkelser."),
        ("on_track", "Alle kontrakter er modtaget, og forsinkelsen er indhentet."),
        ("on_track", "Tilbud til udsatte borgere er beskrevet."),
        ("on_track", ""),
    ],
)
def test_words_that_do_not_say_late_are_no_contradiction(status: str, reason: str):
    assert (
        warning_of(contradictions.on_track_but_worded_late, judged_initiative(status, reason)) == ""
    )


@pytest.mark.parametrize(
    ("month", "number"),
    [
        (date(2025, 12, 1), "to"),
        (date(2025, 7, 1), "syv"),
        (date(2025, 4, 1), "ti"),
        (date(2025, 3, 1), "11"),
        (date(2024, 2, 1), "24"),
    ],
)
def test_no_news_for_months_is_a_contradiction(month: date, number: str):
    sentence = f"Ikke opdateret i {number} måneder."
    assert (
        warning_of(contradictions.without_news, judged_initiative("not_started", month=month))
        == sentence
    )


@pytest.mark.parametrize(
    "item",
    [
        judged_initiative("not_started", month=date(2026, 1, 1)),
        judged_initiative("not_started", month=FEBRUARY),
        judged_initiative("completed", month=date(2025, 10, 1)),
        make_initiative(),
    ],
)
def test_recent_news_or_a_finished_initiative_is_no_contradiction(item: plan.Initiative):
    assert warning_of(contradictions.without_news, item) == ""


def test_completed_with_open_indsatser_is_a_contradiction():
    actions = tuple(plan.Action(key, key) for key in "abc")
    open_ones = tuple(due_on(AHEAD, key=key, action=key) for key in "aab")
    item = judged_initiative("completed", actions=actions, deadlines=open_ones)
    check = contradictions.completed_but_open
    assert warning_of(check, item) == "Udført og afsluttet, men 2 indsatser er åbne."
    one = dataclasses.replace(item, deadlines=open_ones[:1])
    assert warning_of(check, one) == "Udført og afsluttet, men 1 indsats er åben."


@pytest.mark.parametrize(
    ("status", "deadline"),
    [
        ("completed", due_on(PASSED, action="a", met_on=PASSED)),
        ("completed", due_on(PASSED, action="a", fact="completed")),
        ("completed", due_on(AHEAD, action=None)),
        ("on_track", due_on(AHEAD, action="a")),
    ],
)
def test_completed_without_open_indsatser_is_no_contradiction(status: str, deadline: plan.Deadline):
    item = judged_initiative(status, deadlines=(deadline,))
    assert warning_of(contradictions.completed_but_open, item) == ""


def test_every_check_is_run():
    names = {check.__name__ for check in contradictions.CHECKS}
    assert names == {
        "on_track_but_overdue",
        "on_track_but_worded_late",
        "without_news",
        "completed_but_open",
    }
