"""Each check warns of an example that contradicts and not of one that does not."""

import dataclasses
from datetime import date
from typing import Any

import pytest

import plan
from deadlines.term import Term
from plan import contradictions
from plan.contradictions import checks
from plan.contradictions.days import named_days
from tests.reports.report.documents import DAY, FEBRUARY, february, in_one_area, make_initiative

PASSED, AHEAD = date(2026, 1, 31), date(2026, 3, 31)
DECEMBER, JANUARY = date(2025, 12, 1), date(2026, 1, 1)
ON_TRACK = "Forløber efter planen"


def judged(status: str, reason: str = "", month: date = FEBRUARY, **changes: Any):
    """Make an initiative with a status, and a reason that was written for `written`."""
    written = changes.pop("written", month if reason else None)
    judgement = plan.Judgement(status, reason, (), month, DAY, False, written)
    fields = {"deadlines": ()} | changes
    return make_initiative(status=status, judgement=judgement, **fields)


def was(status: str) -> plan.Judgement:
    return plan.Judgement(status, "Sådan.", (), JANUARY, PASSED, False, JANUARY)


def due_on(day: date | None, fact: str = "deadline", **changes: Any) -> plan.Deadline:
    deadline = plan.Deadline("d", "Udkast klar", fact, "Deadline", None, day, day, "day")
    return dataclasses.replace(deadline, **changes)


def moved(old: date, new: date, on: date = DAY) -> plan.Deadline:
    was, now = (Term("Udkast klar", day, day, "day") for day in (old, new))
    return due_on(new, moves=(plan.Move(on, was, now, "Sygdom.", False),))


def found(item: plan.Initiative) -> dict[str, str]:
    """Return the sentences of an initiative's warnings by their check."""
    document = in_one_area([item])
    warnings = contradictions.warnings_of(item, document)
    assert all(warning.fingerprint for warning in warnings)
    return {w.check: w.sentence.replace("\N{NO-BREAK SPACE}", " ") for w in warnings}


PAUSE = due_on(None, "paused")
NO_TERMS = plan.Mark("no_terms", "Intet godkendt kommissorium", "")
LATE = "Begge leverancer er forsinket."
AGREED = "Arbejdet følger aftalen."
COMING = "Udkastet forelægges den 20. januar 2026."

# The check, an initiative that it warns of with its sentence, and one that it does not warn of.
EXAMPLES = [
    (
        "green-overdue",
        judged("on_track", deadlines=(due_on(PASSED),)),
        f"Status er »{ON_TRACK}«, men en deadline er overskredet.",
        [
            judged("on_track", deadlines=(due_on(AHEAD),)),
            judged("on_track", deadlines=(due_on(DAY),)),
            judged("on_track", deadlines=(due_on(PASSED, met_on=PASSED),)),
            judged("on_track", deadlines=(due_on(PASSED, "presentation"),)),
            judged("minor_deviations", deadlines=(due_on(PASSED),)),
        ],
    ),
    (
        "green-paused",
        judged("on_track", deadlines=(PAUSE,)),
        f"På pause, men status er »{ON_TRACK}«.",
        [judged("minor_deviations", deadlines=(PAUSE,)), judged("on_track")],
    ),
    (
        "green-without-terms",
        judged("on_track", marks=(NO_TERMS,)),
        f"Status er »{ON_TRACK}«, men der er intet godkendt kommissorium.",
        [judged("not_started", marks=(NO_TERMS,)), judged("on_track")],
    ),
    (
        "green-asking",
        judged("on_track", ask="Kan det godkendes?", ask_month=DECEMBER),
        "Spørgsmålet til Implementeringsgruppen er ubesvaret i 2 måneder.",
        [judged("minor_deviations", ask="Hvad nu?", ask_month=DECEMBER), judged("on_track")],
    ),
    (
        "green-asking",
        judged("on_track", ask="Kan det godkendes?", ask_month=JANUARY),
        "Spørgsmålet til Implementeringsgruppen er ubesvaret i 1 måned.",
        [],
    ),
    (
        "green-asking",
        judged("on_track", ask="Kan det godkendes?", ask_month=FEBRUARY),
        f"Status er »{ON_TRACK}«, men der er et spørgsmål til Implementeringsgruppen.",
        [],
    ),
    (
        "green-moved",
        judged("on_track", before=was("on_track"), deadlines=(moved(PASSED, AHEAD),)),
        "Deadlinen er flyttet i denne måned, men status er uændret.",
        [
            judged("on_track", before=was("on_track"), deadlines=(moved(AHEAD, DAY),)),
            judged("on_track", before=was("on_track"), deadlines=(moved(PASSED, AHEAD, PASSED),)),
            judged("on_track", before=was("not_started"), deadlines=(moved(PASSED, AHEAD),)),
            judged(
                "minor_deviations",
                before=was("minor_deviations"),
                deadlines=(moved(PASSED, AHEAD),),
            ),
            judged(
                "on_track",
                before=was("on_track"),
                deadlines=(dataclasses.replace(moved(PASSED, AHEAD), met_on=DAY),),
            ),
        ],
    ),
    (
        "worse-without-help",
        judged("major_deviations", "Nyt.", before=was("minor_deviations")),
        "Status er forværret, men der er hverken ny deadline eller spørgsmål.",
        [
            judged("major_deviations", "Nyt.", before=was("minor_deviations"), ask="Hvad nu?"),
            judged(
                "major_deviations",
                "Nyt.",
                before=was("minor_deviations"),
                deadlines=(moved(PASSED, AHEAD),),
            ),
            judged(
                "major_deviations",
                "Nyt.",
                before=was("minor_deviations"),
                deadlines=(due_on(AHEAD, added_month=FEBRUARY),),
            ),
            judged("minor_deviations", "Nyt.", before=was("major_deviations")),
            judged("minor_deviations", "Nyt.", before=was("minor_deviations")),
            judged("on_track", "Nyt.", before=was("completed")),
            judged("major_deviations", "Nyt."),
        ],
    ),
    (
        "without-outcome",
        judged("on_track", deadlines=(due_on(PASSED, "presentation"),)),
        "Forelagt den 31. januar 2026. Udfaldet er ikke registreret.",
        [
            judged("on_track", deadlines=(due_on(PASSED, "presentation", met_on=DAY),)),
            judged("on_track", deadlines=(due_on(DAY, "presentation"),)),
            judged("on_track", deadlines=(due_on(PASSED, "presentation"), PAUSE)),
        ],
    ),
    (
        "green-old-reason",
        judged("on_track", AGREED, written=DECEMBER),
        "Begrundelsen er fra december 2025.",
        [
            judged("on_track", AGREED, written=JANUARY),
            judged("on_track", AGREED, written=None),
            judged("minor_deviations", AGREED, written=DECEMBER),
        ],
    ),
    (
        "unchanged-report-text",
        judged("minor_deviations", report_text="Tekst.", report_text_month=date(2025, 11, 1)),
        "Uddybningen er uændret i 3 måneder.",
        [
            judged("minor_deviations", report_text="Tekst.", report_text_month=DECEMBER),
            judged("minor_deviations", report_text="Tekst."),
            judged("completed", report_text="Tekst.", report_text_month=date(2025, 1, 1)),
        ],
    ),
    (
        "names-passed-day",
        judged("on_track", COMING, written=DECEMBER),
        "Begrundelsen nævner den 20. januar 2026, som er passeret.",
        [
            judged("on_track", COMING.replace("januar", "marts"), written=DECEMBER),
            judged("on_track", "Udkastet blev forelagt den 20. januar 2026.", written=JANUARY),
            judged("on_track", "Kommissoriet er godkendt den 20. januar 2026.", written=JANUARY),
            judged("on_track", "Arbejdet er begyndt.", written=DECEMBER),
        ],
    ),
    (
        "names-passed-day",
        judged("on_track", report_text=COMING),
        "Uddybningen nævner den 20. januar 2026, som er passeret.",
        [],
    ),
    (
        "says-late",
        judged("on_track", LATE),
        f"Begrundelsen nævner »forsinket«, men status er »{ON_TRACK}«.",
        [
            judged("minor_deviations", LATE),
            judged("on_track", AGREED),
            judged("on_track", "Arbejdet er ikke forsinket."),
            judged("on_track", "Der er ingen væsentlige forsinkelser."),
            judged("on_track", "Alle kontrakter er modtaget, og forsinkelsen er indhentet."),
            judged("on_track", "Tilbud til udsatte borgere er beskrevet."),
        ],
    ),
    (
        "says-late",
        judged("on_track", report_text="Planen holder ikke. Mødet er udskudt til marts."),
        f"Uddybningen nævner »udskudt«, men status er »{ON_TRACK}«.",
        [],
    ),
    (
        "says-late",
        judged("on_track", deadlines=(due_on(AHEAD, wording="Afklaringen trækker  ud"),)),
        f"En deadline nævner »trækker ud«, men status er »{ON_TRACK}«.",
        [judged("on_track", deadlines=(due_on(AHEAD, wording="Forsinket", met_on=DAY),))],
    ),
    (
        "says-paused",
        judged("on_track", "Initiativet er sat på pause."),
        f"Begrundelsen nævner »sat på pause«, men status er »{ON_TRACK}«.",
        [
            judged("minor_deviations", "Initiativet er sat på pause."),
            judged("on_track", "Initiativet er ikke sat på pause."),
        ],
    ),
    (
        "says-resumed",
        judged("minor_deviations", "Arbejdet er genoptaget.", deadlines=(PAUSE,)),
        "Begrundelsen nævner »er genoptaget«, men initiativet er sat på pause.",
        [
            judged("minor_deviations", "Arbejdet er genoptaget."),
            judged("minor_deviations", "Når arbejdet er genoptaget, mødes vi.", deadlines=(PAUSE,)),
        ],
    ),
    (
        "says-as-planned",
        judged("major_deviations", "Arbejdet forløber efter planen."),
        "Begrundelsen nævner »forløber efter planen«, men status er »Betydelige afvigelser«.",
        [
            judged("on_track", "Arbejdet forløber efter planen."),
            judged("minor_deviations", "Arbejdet følger planen, men pengene mangler."),
            judged("minor_deviations", "Arbejdet forløber ikke efter planen."),
        ],
    ),
    (
        "says-finished",
        judged("on_track", "Arbejdet er afsluttet."),
        f"Begrundelsen nævner »arbejdet er afsluttet«, men status er »{ON_TRACK}«.",
        [
            judged("completed", "Arbejdet er afsluttet."),
            judged("on_track", "Dialogmødet er afsluttet."),
            judged("on_track", "Når arbejdet er afsluttet, skrives en rapport."),
        ],
    ),
    (
        "says-unfinished",
        judged("completed", "Håndbogen er ikke færdig."),
        "Begrundelsen nævner »er ikke færdig«, men status er »Udført og afsluttet«.",
        [judged("on_track", "Håndbogen er ikke færdig."), judged("completed", "Det er færdigt.")],
    ),
    (
        "says-started",
        judged("not_started", "Arbejdet er gået i gang."),
        "Begrundelsen nævner »arbejdet er gået i gang«, men status er »Ikke iværksat«.",
        [
            judged("not_started", "Arbejdet er ikke gået i gang."),
            judged("on_track", "Arbejdet er gået i gang."),
        ],
    ),
    (
        "without-news",
        judged("not_started", month=DECEMBER),
        "Ikke vurderet i 2 måneder.",
        [
            judged("not_started", month=JANUARY),
            judged("completed", month=date(2025, 10, 1)),
            make_initiative(),
        ],
    ),
]


@pytest.mark.parametrize(
    ("check", "item", "sentence", "others"), EXAMPLES, ids=lambda value: str(value)[:20]
)
def test_a_check_warns_of_what_contradicts_and_of_nothing_else(
    check: str, item: plan.Initiative, sentence: str, others: list[plan.Initiative]
):
    assert found(item).get(check) == sentence
    assert [other for other in others if check in found(other)] == []


def test_completed_with_open_indsatser_is_a_contradiction():
    actions = tuple(plan.Action(key, key) for key in "abc")
    open_ones = tuple(due_on(AHEAD, key=key, action=key) for key in "aab")
    item = judged("completed", actions=actions, deadlines=open_ones)
    sentence = "Status er »Udført og afsluttet«, men {}."
    assert found(item)["completed-but-open"] == sentence.format("2 indsatser er åbne")
    one = dataclasses.replace(item, deadlines=open_ones[:1])
    assert found(one)["completed-but-open"] == sentence.format("1 indsats er åben")
    for deadline in (
        due_on(PASSED, action="a", met_on=PASSED),
        due_on(PASSED, "completed", action="a"),
        due_on(AHEAD, action=None),
    ):
        assert found(dataclasses.replace(item, deadlines=(deadline,))) == {}
    assert "completed-but-open" not in found(dataclasses.replace(item, status="on_track"))


def test_every_check_has_an_example():
    examples = {check for check, *_ in EXAMPLES} | {"completed-but-open"}
    found_in_demo = {
        warning.check
        for item in february().initiatives()
        for warning in contradictions.warnings_of(item, february())
    }
    assert found_in_demo < examples
    by_name = {name for check, item, *_ in EXAMPLES for name in found(item)}
    assert by_name <= examples
    assert len(checks.CHECKS) == 14


def test_a_warning_stays_the_same_until_its_facts_change():
    def fingerprint(item: plan.Initiative, month: date = FEBRUARY) -> str:
        (warning,) = (
            warning
            for warning in contradictions.warnings_of(item, in_one_area([item], month=month))
            if warning.check == "green-asking"
        )
        return warning.fingerprint

    item = judged("on_track", "Godt.", ask="Kan det godkendes?", ask_month=DECEMBER)
    same = dataclasses.replace(item, title="Ny titel", report_text="Noget andet.")
    assert fingerprint(item) == fingerprint(same) == fingerprint(item, date(2026, 3, 1))
    assert fingerprint(item) != fingerprint(dataclasses.replace(item, ask="Skal det udgå?"))
    assert fingerprint(item) != fingerprint(dataclasses.replace(item, ask_month=JANUARY))


def test_no_check_changes_a_status_or_its_colour():
    document = february()
    before = document.to_json()
    for item in document.initiatives():
        contradictions.warnings_of(item, document)
    assert document.to_json() == before


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Mødet er den 20. januar 2026.", [date(2026, 1, 20)]),
        ("20 jan. 2026 og 3. feb", [date(2026, 1, 20), date(2026, 2, 3)]),
        ("Sendes 26/2-2026, 26.02.26, 26-02-2026 og 2026-02-26.", [date(2026, 2, 26)] * 4),
        ("Senest d. 26/2 og den 5/3", [date(2026, 2, 26), date(2026, 3, 5)]),
        ("Fra 20.-22. januar", [date(2026, 1, 22)]),
        ("Den 20. og 21.\N{NO-BREAK SPACE}Januar", [date(2026, 1, 21)]),
        ("Frist den 31. december", [date(2025, 12, 31)]),
        ("Frist 29. februar 2026 eller 31. april", []),
        ("3/4 af kommunerne, 24/7, version 2.1.26, § 12.1.26 og 1.234", []),
        ("Uge 34, primo marts 2026 og 2. kvartal", []),
        ("Sag 2026-05-01-1234 og 17 kommuner", []),
    ],
)
def test_days_are_found_as_people_write_them(text: str, days: list[date]):
    assert list(named_days(text, date(2026, 2, 1))) == days


@pytest.mark.parametrize(
    "reason",
    [
        "Planen blev fremlagt den 3. januar 2026, og arbejdet går i gang.",
        "Dialogmødet, som blev afholdt den 3. januar 2026, gik godt.",
        "Udkastet skulle forelægges den 3. januar 2026.",
        "Afprøvningen begyndte som planlagt den 3. januar 2026.",
        "På pause, jf. beslutning den 3. januar 2026.",
        "Stillingen er besat fra den 3. januar 2026.",
        "Gruppen har godkendt oplægget den 3. januar 2026.",
        "Workshop afholdt 3. januar med god deltagelse.",
    ],
)
def test_what_happened_on_a_day_is_told_rightly_for_ever(reason: str):
    for written in (DECEMBER, JANUARY, FEBRUARY, None):
        assert "names-passed-day" not in found(judged("minor_deviations", reason, written=written))


@pytest.mark.parametrize(
    "reason",
    [
        "Skabelonen er klar, og den sendes ud den 3. februar.",
        "Mødet forventes holdt den 3/2-2026.",
        "Arbejdet skal være færdigt senest 3. februar 2026.",
        "Næste trin er mødet den 3. februar.",
        "Arbejdsgruppen mødes igen 3. februar.",
    ],
)
def test_a_day_that_was_to_come_is_pointed_out(reason: str):
    sentence = "Begrundelsen nævner den 3. februar 2026, som er passeret."
    item = judged("minor_deviations", reason, written=JANUARY)
    assert found(item)["names-passed-day"] == sentence
    assert "names-passed-day" not in found(
        judged(
            "minor_deviations", reason.replace("3. februar", "27. februar").replace("3/2", "27/2")
        )
    )
