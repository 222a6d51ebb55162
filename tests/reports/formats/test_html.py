"""The report's HTML: its template filter, its body, and the file that needs no server."""

import dataclasses
import re
from datetime import date

import pytest
from django.conf import settings
from django.template.loader import render_to_string

import plan
from plan.document import PlanDocument
from plan.status import STATUS_STYLES
from reports.formats.report_html import report_file, report_html
from reports.report.parts import Earlier, EditionFacts
from reports.report.report import make_report
from reports.templatetags.report_text import dates
from tests.reports.report import documents

STYLE = (settings.BASE_DIR / "static" / "css" / "report.css").read_text("utf-8")

JANUARY = Earlier("udgave 1, januar 2026", documents.february(date(2026, 1, 1)))
EDITION = EditionFacts(
    2, date(2026, 2, 27), date(2026, 3, 5), "Et tal.", "0f" * 32, ("Et er ændret.", "<b>To.")
)
COMPARING = ("Ændret siden sidst", "Antal nu", "Antal sidst", ">Sidst<", "Status nu", "i ord")


def body(
    document: PlanDocument, edition: EditionFacts | None = None, earlier: Earlier | None = None
) -> str:
    """Return the report as HTML, compared with an earlier edition if there is one."""
    report = make_report(document, edition=edition, earlier=earlier)
    context = {"report": report, "show_banner": True}
    return render_to_string("reports/report/_report.html", context)


def text_of(html: str) -> str:
    """Return what a person reads: no tags, single blanks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", html))


def many_changes(number: int) -> tuple[PlanDocument, Earlier]:
    """Return a document in which `number` initiatives have changed, and the one before it."""
    old = [documents.make_initiative(f"Nummer {n}", status="on_track") for n in range(number)]
    new = [dataclasses.replace(item, status="minor_deviations") for item in old]
    return documents.in_one_area(new), Earlier("udgave 1, januar 2026", documents.in_one_area(old))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("den 20. januar 2026.", 'den <span class="date">20. januar 2026</span>.'),
        ("d. 22. maj.", 'd. <span class="date">22. maj</span>.'),
        ("Ny deadline: marts 2026", 'Ny deadline: <span class="date">marts 2026</span>'),
        ("Medio 2026", '<span class="date">Medio 2026</span>'),
        ("3. kvartal 2026", '<span class="date">3. kvartal 2026</span>'),
        ("5 pct. og §60 selskaber", "5 pct. og §60 selskaber"),
        ("i maj", "i maj"),
        ("<b>1. maj 2026", '&lt;b&gt;<span class="date">1. maj 2026</span>'),
        ("", ""),
    ],
)
def test_dates_are_kept_on_one_line(text: str, html: str):
    assert dates(text) == html


def test_one_item_is_text_and_two_are_a_list():
    html = report_html(make_report(documents.february()))
    assert re.search(r'data-title="Indsatser">\s*Ny leverance: Fælleskommunal princip', html)
    assert "<li>Model for leverandørliste udviklet.</li>" in html
    assert re.search(r'data-title="Indsatser">\s*<span class="report-empty">Der er ikke', html)


def test_an_initiative_without_deadlines_says_so():
    html = report_html(
        make_report(documents.in_one_area([documents.make_initiative(deadlines=())]))
    )
    assert "Deadline ikke oplyst." in html


def test_derived_sentences_follow_the_wording_in_the_same_item():
    html = report_html(make_report(documents.february()))
    assert re.search(
        r'Ny deadline: <span class="date">marts 2026</span> <span class="report-note">Forfalder '
        r'senest den <span class="date">31. marts 2026</span>. Oprindelig',
        html,
    )
    # A block element within li would lose its LBody in the PDF.
    assert not re.search(r"<li(?: [^>]*)?>(?:(?!</li>).)*<(p|div|table)\b", html, re.DOTALL)
    rules = re.findall(r"\.report-note(?:::before)? {(.*?)}", STYLE, re.DOTALL)
    assert rules
    assert all("display" not in rule for rule in rules)


def test_without_an_earlier_edition_the_comparing_parts_are_left_out():
    html = body(documents.february())
    for words in (*COMPARING, "report-table--compared", "report-before"):
        assert words not in html
    assert '<th scope="col">Antal</th>' in html
    assert html.count('<th scope="col">Status</th>') == 11


def test_with_an_earlier_edition_the_comparing_parts_are_there():
    html = body(documents.february(), EDITION, JANUARY)
    for words in COMPARING:
        assert words in html
    assert html.count('<th scope="col">Status nu</th><th scope="col">Sidst</th>') == 10
    assert html.count("report-before--changed") == 5
    assert html.count('class="report-before ') == 14 + 5
    assert re.search(r"I alt</th><td>14</td><td>14</td>", html)


def test_the_parts_stand_in_the_order_of_the_report():
    html = body(documents.february(), EDITION, JANUARY)
    headings = [text_of(heading) for heading in re.findall(r"(?s)<h2.*?</h2>", html)]
    assert headings == [
        "Til beslutning",
        "Ændret siden sidst udgave 1, januar 2026",
        "Status i tal",
        "Deadlines de næste 60 dage",
        "Fælles om kontrakter og takster 6 initiativer",
        "Fælles om kvalitet 5 initiativer",
        "Fælles om botilbud 3 initiativer",
        "Ændringer siden sidst i ord",
        "Indsatsområder, som mangler behandling i Implementeringsgruppen",
        "Om statusopgørelsen",
    ]


def test_sidst_is_emphasised_where_it_differs():
    html = body(documents.february(), EDITION, JANUARY)
    for title, classes, label in (
        ("Leverandørliste", "report-before--minor-deviations report-before--changed", "Mindre"),
        ("Kontraktanalyse", "report-before--on-track", "Forløber"),
    ):
        row = re.search(rf'(?s)<th scope="row">{title}</th>.*?</tr>', html)
        assert row
        assert f'<span class="report-before {classes}">{label}' in row[0]


def test_page_1_says_how_many_changes_follow():
    document, earlier = many_changes(9)
    text = text_of(body(document, earlier=earlier))
    assert "Yderligere 3 ændringer står på side 2" in text
    assert text.count("Ændret siden sidst, fortsat") == 2  # the heading and the link to it
    document, earlier = many_changes(7)
    assert "Yderligere 1 ændring står på side 2" in text_of(body(document, earlier=earlier))
    document, earlier = many_changes(6)
    assert "fortsat" not in body(document, earlier=earlier)


def test_a_long_list_of_questions_takes_the_page_number_away():
    document, earlier = many_changes(9)
    area = document.principles[0].areas[0]
    items = [dataclasses.replace(item, ask="Skal det?") for item in area.initiatives]
    text = text_of(body(documents.in_one_area(items), earlier=earlier))
    assert "Yderligere 3 ændringer står under »Ændret siden sidst, fortsat«." in text


def test_no_change_is_one_line():
    document, _ = many_changes(3)
    html = body(document, earlier=Earlier("udgave 1, januar 2026", document))
    assert "Ingen ændringer siden udgave 1, januar 2026." in text_of(html)
    assert "report-table--changes" not in html


def test_the_change_text_of_an_edition_is_a_list():
    html = body(documents.february(), EDITION, JANUARY)
    assert "<li>Et er ændret.</li>\n\n<li>&lt;b&gt;To.</li>" in html
    html = body(documents.february(), dataclasses.replace(EDITION, sentences=()), JANUARY)
    assert "i ord" not in html


def test_the_last_line_has_edition_and_code():
    text = text_of(body(documents.february(), EDITION, JANUARY)).strip()
    assert "Rettet i udgave 2: Et tal." in text
    assert text.endswith(f"Udgave 2, låst den 27. februar 2026. Kontrolkode {'0f' * 32}.")


def test_the_sentence_about_no_coming_deadline_is_on_the_screen_alone():
    html = body(documents.in_one_area([documents.make_initiative()]))
    assert re.search(
        r'(?s)<section class="report-upcoming report-screen">.*Ingen deadlines de næste 60', html
    )
    assert "report-upcoming report-screen" not in body(documents.february())


@pytest.mark.parametrize(
    ("day", "long"),
    [(date(2026, 2, 26), False), (date(2026, 10, 26), False), (date(2026, 9, 4), True)],
)
def test_long_months_have_a_wider_column(day: date, long: bool):
    deadline = plan.Deadline("d", "Til tiden", "deadline", "Deadline", None, day, day, "day")
    document = documents.in_one_area([documents.make_initiative(deadlines=(deadline,))])
    html = body(dataclasses.replace(document, drawn_up_on=day))
    assert ("report-table--long-dates" in html) is long


def test_empty_parts_say_so():
    html = report_html(make_report(documents.in_one_area([documents.make_initiative()])))
    assert "Der er intet til beslutning lige nu." in html
    assert "Alle indsatsområder er behandlet i Implementeringsgruppen." in html


def test_without_an_area_none_is_treated():
    principle = plan.Principle("p", "Et princip", ())
    for principles in ([], [principle]):
        html = report_html(make_report(documents.make_document(principles)))
        assert "behandlet i Implementeringsgruppen" not in html
        assert "report-untreated" not in html


def test_stored_text_cannot_run():
    marker = "<script>alert(1)</script>"
    item = documents.make_initiative(marker, ask=marker, report_text=marker)
    html = report_html(make_report(documents.in_one_area([item], banner=marker)))
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 4


def test_no_rowspan_no_line_breaks_no_inline_style():
    html = report_html(make_report(documents.february()))
    assert not re.search(r"rowspan|colspan|<br|style=|\son\w+=", html)


def test_the_file_needs_nothing_else():
    html = report_file(make_report(documents.february()))
    assert "<style>" in html
    assert not re.search(r"<link|<script|<img|@import", html)
    addresses = re.findall(r"url\(([^)]*)\)", html)
    assert len(addresses) == 2 + 7 + 4  # fonts, chips, and the same icons for last time
    assert all(address.strip('"').startswith("data:") for address in addresses)
    assert "static.invalid" not in html


def test_the_banner_and_the_draft_are_in_the_file():
    html = report_file(make_report(documents.february()))
    assert "<strong>Eksempeldata.</strong> Status, begrundelser og brugere" in html
    assert "Kladde. Kan stadig ændre sig." in html


def test_the_style_sheet_holds_no_colour_of_a_status():
    fills = {style.fill for style in STATUS_STYLES} - {"#ffffff"}
    assert not [fill for fill in fills if fill in STYLE.lower()]


def test_the_style_sheet_draws_every_status_of_last_time():
    for style in STATUS_STYLES:
        drawn = f".report-before--{style.symbol}::before {{" in STYLE
        rule = re.search(rf"\.report-before--{style.symbol} {{(.*?)}}", STYLE, re.DOTALL)
        assert drawn or (rule and f"dark/{style.symbol}.svg" in rule[1])


def test_no_type_under_8_points_on_paper():
    paper = STYLE[STYLE.index("Paper") : STYLE.index("Screen ---")]
    sizes = re.findall(r"font-size: ([\d.]+)pt|font: \d+ ([\d.]+)pt", paper)
    assert sizes
    assert all(float(size or short) >= 8 for size, short in sizes)
