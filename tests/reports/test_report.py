"""The report as data: what it says, in which order, and how much of it page 1 takes."""

import dataclasses
import re
from datetime import date

import pytest

from initiatives import plan
from initiatives.status import STATUS_STYLES
from reports import report
from reports.report import Report, make_report, row_lines, standing_reason
from tests.reports import documents

LONG_TITLE = (
    "Udvikling af en råskitse til en fælleskommunal proces om ommærkning eller nedlukning af bo- "
    "og døgntilbud"
)


@pytest.fixture(scope="module")
def february() -> Report:
    return make_report(documents.february())


def judged(status: str, reason: str, *deviates: str) -> plan.Judgement:
    return plan.Judgement(status, reason, deviates, documents.FEBRUARY, documents.DAY, False)


def test_front(february: Report):
    assert february.title == "Status på udviklingsprogrammets initiativer – februar 2026"
    assert february.origin == "Rammeaftale Sjælland · Udviklingsprogrammet"
    assert february.state == "Opgjort den 26. februar 2026 · Kladde. Kan stadig ændre sig."
    assert february.foot == "Rammeaftale Sjælland · Kladde, opgjort den 26. februar 2026"
    assert february.author == "Sekretariatet for Rammeaftale Sjælland"
    assert february.introduction == (
        "Statusopgørelsen viser, hvor langt udviklingsprogrammets initiativer er. Hvert initiativ "
        "er vurderet i forhold til sit godkendte kommissorium: de afsatte ressourcer, den "
        "forventede kvalitet og tidsplanen."
    )


def test_asks_are_numbered_closures_first(february: Report):
    assert [(ask.number, ask.title, ask.chip.label) for ask in february.asks] == [
        (1, "Bestillingsportal", "Anbefales nedlukket"),
        (2, "Leverandørliste", "Betydelige afvigelser"),
        (3, "Principbeslutning", "Forløber efter planen"),
        (4, LONG_TITLE, "Ikke oplyst"),
    ]
    assert february.more_asks == ()


def test_all_seven_statuses_are_counted_with_zeros():
    rows = make_report(documents.in_one_area([documents.make_initiative()])).counts
    assert [row.chip.label for row in rows] == [style.label for style in STATUS_STYLES]
    assert [row.meaning for row in rows] == [style.meaning for style in STATUS_STYLES]
    assert [row.number for row in rows] == [0, 0, 0, 0, 0, 0, 1]


def test_the_counts_add_up(february: Report):
    assert sum(row.number for row in february.counts) == february.total == 14
    assert sum(len(area.rows) for p in february.principles for area in p.areas) == 14


def test_principles_and_areas_in_order_without_empty_ones(february: Report):
    assert [(p.title, p.count, len(p.areas)) for p in february.principles] == [
        ("Fælles om kontrakter og takster", "6 initiativer", 3),
        ("Fælles om kvalitet", "5 initiativer", 4),
        ("Fælles om botilbud", "3 initiativer", 3),
    ]
    assert [row.principle for row in february.untreated] == [
        "Fælles om kontrakter og takster",
        "Fælles om kvalitet",
        "Fælles om botilbud",
    ]


def test_one_initiative_is_counted_in_the_singular():
    one = make_report(documents.in_one_area([documents.make_initiative()]))
    assert one.principles[0].count == "1 initiativ"


def test_a_row_says_everything_of_its_initiative(february: Report):
    row = february.principles[0].areas[0].rows[1]
    assert row.title == "Leverandørliste"
    assert row.actions == (
        "Model for leverandørliste udviklet.",
        "Juridisk afklaring af leverandørlistens lovlighed.",
    )
    (deadline,) = row.deadlines
    assert deadline == (
        "Leverandørliste er sat på pause, jf. Implementeringsgruppens beslutning på møde den "
        "20. januar 2026."
    )
    assert row.chip == report.Chip("major-deviations", "Betydelige afvigelser")
    assert row.marks == (
        report.MarkLine("På pause", "jf. Implementeringsgruppens beslutning 20. januar 2026"),
    )
    assert row.reason == (
        "Tidsplan: Initiativet er sat på pause, og den juridiske afklaring kan ikke nås inden for "
        "kommissoriet."
    )
    assert row.text.startswith("Modellen for leverandørlisten er udviklet")


@pytest.mark.parametrize(
    ("judgement", "reason"),
    [
        (None, ""),
        (judged("on_track", ""), ""),
        (judged("on_track", "Går godt."), "Går godt."),
        (judged("minor_deviations", "Forsinket.", "Tidsplan"), "Tidsplan: Forsinket."),
        (
            judged("major_deviations", "Uden folk.", "Ressourcer", "Tidsplan"),
            "Ressourcer og tidsplan: Uden folk.",
        ),
        (
            judged("major_deviations", "Alt.", "Ressourcer", "Kvalitet", "Tidsplan"),
            "Ressourcer, kvalitet og tidsplan: Alt.",
        ),
        (judged("minor_deviations", "", "Kvalitet"), "Kvalitet."),
    ],
)
def test_the_reason_opens_with_what_deviates(judgement: plan.Judgement | None, reason: str):
    assert standing_reason(judgement) == reason


def test_the_sixth_ask_opens_page_2():
    items = [documents.make_initiative(f"Nummer {n}", ask="Skal det?") for n in range(8)]
    made = make_report(documents.in_one_area(items))
    assert [ask.number for ask in made.asks] == [1, 2, 3, 4, 5]
    assert [ask.number for ask in made.more_asks] == [6, 7, 8]


def test_long_asks_take_the_room_of_several():
    items = [documents.make_initiative(f"Nummer {n}", ask="Langt ord. " * 45) for n in range(5)]
    made = make_report(documents.in_one_area(items))
    assert 1 <= len(made.asks) < 5
    assert len(made.asks) + len(made.more_asks) == 5


def test_one_ask_stays_on_page_1_however_long():
    items = [documents.make_initiative("Et", ask="x\n" * 100)]
    assert len(make_report(documents.in_one_area(items)).asks) == 1


@pytest.mark.parametrize(("number", "breaks"), [(1, False), (6, False), (7, True), (20, True)])
def test_an_area_of_more_than_six_may_break_between_rows(number: int, breaks: bool):
    items = [documents.make_initiative(f"Nummer {n}") for n in range(number)]
    assert make_report(documents.in_one_area(items)).principles[0].areas[0].breaks is breaks


def test_an_area_too_tall_for_a_page_may_break_too():
    items = [documents.make_initiative(f"Nummer {n}", report_text="Ord. " * 150) for n in range(3)]
    made = make_report(documents.in_one_area(items)).principles[0].areas[0]
    assert sum(map(row_lines, made.rows)) > report.MAX_UNBROKEN_LINES
    assert made.breaks


def test_no_area_of_the_demo_breaks(february: Report):
    assert not any(area.breaks for p in february.principles for area in p.areas)


def test_a_programme_without_initiatives_has_a_report():
    made = make_report(documents.make_document([], banner=""))
    assert (made.asks, made.principles, made.untreated, made.total) == ((), (), (), 0)
    assert made.banner == ""
    assert "initiativer er vurderet" not in "".join(made.about)


def test_about_says_how_much_is_judged_for_the_month(february: Report):
    assert (
        "Status er for hvert initiativ den nyeste vurdering til og med februar 2026. 9 af 14 "
        in (february.about[1])
    )
    assert february.about[-1] == "Kladde, opgjort den 26. februar 2026. Kan stadig ændre sig."
    none = make_report(documents.in_one_area([documents.make_initiative()]))
    assert "Ingen af 1 initiativ er vurderet for februar 2026." in none.about[1]


def test_an_earlier_month_has_its_own_statuses():
    january = make_report(documents.february(date(2026, 1, 1)))
    assert january.title.endswith("januar 2026")
    row = january.principles[0].areas[0].rows[1]
    assert (row.title, row.chip.label) == ("Leverandørliste", "Mindre afvigelser")


def test_the_report_has_ordinary_blanks_only(february: Report):
    assert "\N{NO-BREAK SPACE}" in documents.BANNER
    assert not re.search("[\u00a0\u202f\u00ad]", str(dataclasses.asdict(february)))


def test_the_same_document_gives_the_same_report():
    assert make_report(documents.february()) == make_report(documents.february())
