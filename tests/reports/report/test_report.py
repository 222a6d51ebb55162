"""The report as data: what it says, in which order, and how much of it page 1 takes."""

import dataclasses
from datetime import date

import pytest

import plan
from plan.status import STATUS_STYLES, style_of
from reports.report import report
from reports.report.page_one import (
    ASK_WIDTH,
    CHANGE_WIDTH,
    MAX_UNBROKEN_LINES,
    page_one,
    wrapped_lines,
)
from reports.report.parts import Chip, Earlier, EditionFacts, MarkLine, Report
from reports.report.report import row_lines, standing_reason
from tests.reports.report import documents
from tests.reports.report.documents import make_report

LONG_TITLE = (
    "Udvikling af en råskitse til en fælleskommunal proces om ommærkning eller nedlukning af bo- "
    "og døgntilbud"
)
PARTNERSHIP = (
    "Etablering af et offentligt-privat partnerskab om tilbud på det specialiserede socialområde"
)


@pytest.fixture(scope="module")
def february() -> Report:
    return make_report(documents.february())


@pytest.fixture(scope="module")
def compared() -> Report:
    """Edition 1 of February, compared with that of January."""
    return make_report(documents.february(), edition=EDITION, earlier=JANUARY)


JANUARY = Earlier("udgave 1, januar\N{NO-BREAK SPACE}2026", documents.february(date(2026, 1, 1)))
EDITION = EditionFacts(
    1, date(2026, 2, 27), date(2026, 3, 5), "", "0f" * 32, ("Bestillingsportal kan lukkes.",)
)


DECEMBER = date(2025, 12, 1)


def judgement_of(
    status: str, reason: str, *deviates: str, written: date | None = None
) -> plan.Judgement:
    month, day = documents.FEBRUARY, documents.DAY
    return plan.Judgement(status, reason, deviates, month, day, False, written)


def test_a_draft_of_another_day_says_so_wherever_a_draft_does(february: Report):
    past = make_report(documents.february(), as_of=True)
    sentence = "Kladde, som planen var ved udgangen af den 26. februar 2026."
    assert past.state == past.closing == past.draft == sentence
    assert past.foot == f"Rammeaftale Sjælland · {sentence.removesuffix('.')}"
    standing = {name: getattr(february, name) for name in ("state", "draft", "foot", "closing")}
    assert dataclasses.replace(past, **standing) == february


def test_a_day_without_initiatives_is_said_under_the_title():
    empty = make_report(documents.make_document([]), as_of=True)
    assert empty.state.endswith("26. februar 2026. Planen havde ingen initiativer.")


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
    assert february.has_areas
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
    assert deadline.wording == (
        "Leverandørliste er sat på pause, jf. Implementeringsgruppens beslutning på møde den "
        "20. januar 2026."
    )
    assert row.chip == Chip("major-deviations", "Betydelige afvigelser", "#c81e0a", "#ffffff")
    assert row.marks == (
        MarkLine("På pause", "jf. Implementeringsgruppens beslutning 20. januar 2026"),
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
        (judgement_of("on_track", ""), ""),
        (judgement_of("on_track", "Går godt."), "Går godt."),
        (judgement_of("minor_deviations", "Forsinket.", "Tidsplan"), "Tidsplan: Forsinket."),
        (
            judgement_of("major_deviations", "Uden folk.", "Ressourcer", "Tidsplan"),
            "Ressourcer og tidsplan: Uden folk.",
        ),
        (
            judgement_of("major_deviations", "Alt.", "Ressourcer", "Kvalitet", "Tidsplan"),
            "Ressourcer, kvalitet og tidsplan: Alt.",
        ),
        (judgement_of("minor_deviations", "", "Kvalitet"), "Kvalitet."),
        (judgement_of("on_track", "Går.", written=documents.FEBRUARY), "Går."),
        (
            judgement_of("on_track", "Går.", written=DECEMBER),
            "Begrundelse fra december\N{NO-BREAK SPACE}2025: Går.",
        ),
        (
            judgement_of("minor_deviations", "Sent.", "Tidsplan", written=DECEMBER),
            "Tidsplan (begrundelse fra december\N{NO-BREAK SPACE}2025): Sent.",
        ),
    ],
)
def test_the_reason_opens_with_what_deviates(judgement: plan.Judgement | None, reason: str):
    assert standing_reason(judgement, documents.FEBRUARY) == reason


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


FEBRUARY_REASON = (
    "Tidsplan: Begge leverancer er forsinket, fordi lovgrundlaget skulle gennemgås igen. "
    "Ny deadline er marts 2026."
)
SHORT, LONG = ("Titel.", "Kort."), ("Titel.", "Et ord til. " * 40)


@pytest.mark.parametrize(
    ("asks", "changes", "room"),
    [
        ([], [], (0, 0)),
        ([SHORT] * 9, [], (5, 0)),
        ([], [SHORT] * 9, (0, 6)),
        ([SHORT] * 9, [SHORT] * 9, (5, 6)),
        ([SHORT] * 5, [SHORT] * 6, (5, 6)),
        # The longer list gives up rows, but each list keeps at least one.
        ([LONG] * 9, [SHORT] * 6, (2, 6)),
        ([SHORT] * 5, [LONG] * 6, (5, 2)),
        ([LONG] * 9, [LONG] * 9, (2, 1)),
        # A change that would fill the page is left out of page 1, and the question stays.
        ([LONG], [("Titel.", "x\n" * 40)], (1, 0)),
    ],
)
def test_how_many_rows_page_1_has_room_for(asks, changes, room: tuple[int, int]):
    assert page_one(asks, changes, compared=True, banner=True) == room


def test_without_the_banner_and_the_changes_page_1_has_more_room():
    asks = [LONG] * 9
    rooms = [
        page_one(asks, [], compared=compared, banner=banner)[0]
        for compared, banner in ((True, True), (True, False), (False, True), (False, False))
    ]
    assert rooms == sorted(rooms)
    assert rooms[0] < rooms[-1]


@pytest.mark.parametrize(
    ("title", "text", "width", "lines"),
    [
        ("Bestillingsportal.", "Skal initiativet lukkes?", ASK_WIDTH, 1),
        # As WeasyPrint breaks the lines.
        (f"{LONG_TITLE}.", "Kan kommissoriet godkendes?", ASK_WIDTH, 2),
        ("Myndighedsbestilling.", FEBRUARY_REASON, CHANGE_WIDTH, 3),
        ("Titel.", "Et.\nTo.\nTre.", CHANGE_WIDTH, 3),
        ("Titel.", "", CHANGE_WIDTH, 1),
        ("x" * 200, "", CHANGE_WIDTH, 4),
        ("I", "M" * 64, CHANGE_WIDTH, 3),
    ],
)
def test_lines_are_counted_as_they_are_set(title: str, text: str, width: float, lines: int):
    assert wrapped_lines(title, text, width) == lines


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
    assert sum(map(row_lines, made.rows)) > MAX_UNBROKEN_LINES
    assert made.breaks


def test_no_area_of_the_demo_breaks(february: Report):
    assert not any(area.breaks for p in february.principles for area in p.areas)


def test_a_programme_without_initiatives_has_a_report():
    made = make_report(documents.make_document([], banner=""))
    assert (made.asks, made.principles, made.untreated, made.total) == ((), (), (), 0)
    assert not made.has_areas
    assert made.banner == ""
    assert "initiativer er vurderet" not in "".join(made.about)


def test_about_says_how_much_is_judged_for_the_month(february: Report):
    assert (
        "Status er for hvert initiativ den nyeste vurdering til og med februar 2026. 9 af 14 "
        in (february.about[1])
    )
    assert february.closing == "Kladde, opgjort den 26. februar 2026. Kan stadig ændre sig."
    assert february.draft == february.closing
    none = make_report(documents.in_one_area([documents.make_initiative()]))
    assert "Ingen af 1 initiativ er vurderet for februar 2026." in none.about[1]


def test_without_an_earlier_edition_nothing_is_compared(february: Report):
    assert (february.earlier, february.changes, february.more_changes) == ("", (), ())
    assert february.total_before is None
    assert {row.before for row in february.counts} == {None}
    rows = [row for p in february.principles for area in p.areas for row in area.rows]
    assert {(row.before, row.changed) for row in rows} == {(None, False)}
    assert february.sentences == ()


def test_changes_say_from_what_to_what_and_why(compared: Report):
    assert compared.earlier == "udgave 1, januar 2026"
    assert [(row.title, row.before.label, row.now.label) for row in compared.changes] == [
        ("Bestillingsportal", "Betydelige afvigelser", "Anbefales nedlukket"),
        ("Leverandørliste", "Mindre afvigelser", "Betydelige afvigelser"),
        ("Myndighedsbestilling", "Forløber efter planen", "Mindre afvigelser"),
        ("Principbeslutning", "Ikke iværksat", "Forløber efter planen"),
        (
            "Udvikling og etablering af en rådgivningsfunktion til særlige komplekse borgersager",
            "Forløber efter planen",
            "Udført og afsluttet",
        ),
    ]
    assert compared.changes[2].reason == FEBRUARY_REASON
    assert compared.more_changes == ()


def test_closures_then_worse_then_better_then_first():
    pairs = [
        ("Ny", None, "on_track"),
        ("Første", "not_reported", "major_deviations"),
        ("Bedre", "major_deviations", "minor_deviations"),
        ("Færdig", "on_track", "completed"),
        ("Værre", "on_track", "minor_deviations"),
        ("Stadig", "minor_deviations", "minor_deviations"),
        ("Meget værre", "minor_deviations", "major_deviations"),
        ("Luk", "not_reported", "closure_recommended"),
    ]
    now = [documents.make_initiative(title, status=status) for title, _, status in pairs]
    old = [documents.make_initiative(title, status=status) for title, status, _ in pairs if status]
    earlier = Earlier("udgave 1, januar 2026", documents.in_one_area(old))
    made = make_report(documents.in_one_area(now), earlier=earlier)
    titles = [row.title for row in (*made.changes, *made.more_changes)]
    assert titles == ["Luk", "Værre", "Meget værre", "Bedre", "Færdig", "Ny", "Første"]
    assert [row.title for row in made.more_changes] == ["Første"]
    assert made.more_changes[0].before.label == "Ikke oplyst"
    rows = {row.title: row for row in made.principles[0].areas[0].rows}
    assert [title for title, row in rows.items() if not row.changed] == ["Stadig"]
    assert rows["Ny"].before == Chip.of(style_of(None))


def test_a_status_that_the_earlier_edition_did_not_know_is_not_reported():
    old = documents.in_one_area([documents.make_initiative(status="on_track")])
    unknown = dataclasses.replace(old, statuses=())
    assert report.label_before(unknown, "on_track").label == "Ikke oplyst"
    assert report.label_before(old, "on_track").label == "Forløber efter planen"


def test_both_columns_of_counts_add_up(compared: Report):
    assert sum(row.number for row in compared.counts) == compared.total == 14
    assert sum(row.before or 0 for row in compared.counts) == compared.total_before == 14
    assert [(row.number, row.before) for row in compared.counts] == [
        (2, 3),
        (7, 8),
        (1, 1),
        (1, 1),
        (1, 0),
        (1, 0),
        (1, 1),
    ]


def test_the_same_document_as_last_time_has_no_change():
    made = make_report(documents.february(), earlier=Earlier("x", documents.february()))
    assert (made.changes, made.more_changes) == ((), ())
    assert not any(row.changed for p in made.principles for area in p.areas for row in area.rows)


def test_the_next_60_days_are_in_order(compared: Report):
    assert [(row.day, row.title, row.kind) for row in compared.upcoming] == [
        ("26. februar 2026", "Principbeslutning", "Forelægges"),
        ("26. februar 2026", LONG_TITLE, "Forelægges"),
        ("6. marts 2026", PARTNERSHIP, "Opstart"),
        ("31. marts 2026", "Myndighedsbestilling", "Ny deadline"),
        ("31. marts 2026", "Myndighedsbestilling", "Ny deadline"),
    ]
    assert compared.upcoming[-1].about == "Fælleskommunal skabelon for myndighedsbestilling"


def test_a_locked_edition_says_so(compared: Report):
    assert compared.state == (
        "Opgjort den 26. februar 2026 til mødet i Implementeringsgruppen den 5. marts 2026 · "
        "Udgave 1"
    )
    assert compared.foot == "Rammeaftale Sjælland · Udgave 1, låst den 27. februar 2026"
    assert compared.closing == f"Udgave 1, låst den 27. februar 2026. Kontrolkode {'0f' * 32}."
    assert compared.draft == ""
    assert compared.sentences == EDITION.sentences
    assert not any("Rettet" in paragraph for paragraph in compared.about)


def test_a_correction_says_what_it_put_right():
    edition = dataclasses.replace(EDITION, number=2, correction="Status for Kontraktanalyse.")
    made = make_report(documents.february(), edition=edition)
    assert made.about[-1] == "Rettet i udgave 2: Status for Kontraktanalyse."
    assert made.state.endswith("· Udgave 2")


def test_an_edition_without_a_meeting_names_none():
    made = make_report(documents.february(), edition=dataclasses.replace(EDITION, meeting_on=None))
    assert made.state == "Opgjort den 26. februar 2026 · Udgave 1"


def test_marks_are_higher_beside_the_column_of_last_time(february: Report):
    row = february.principles[0].areas[0].rows[1]
    chip = Chip.of(style_of(None))
    assert row_lines(dataclasses.replace(row, before=chip)) > row_lines(row)


def test_an_earlier_month_has_its_own_statuses():
    january = make_report(documents.february(date(2026, 1, 1)))
    assert january.title.endswith("januar 2026")
    row = january.principles[0].areas[0].rows[1]
    assert (row.title, row.chip.label) == ("Leverandørliste", "Mindre afvigelser")


def test_the_same_document_gives_the_same_report():
    assert make_report(documents.february()) == make_report(documents.february())
