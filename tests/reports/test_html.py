"""The report's HTML: the filter, the one body, and the file that needs no server."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from initiatives.status import STATUS_STYLES
from reports.render import report_file, report_html
from reports.templatetags.report_text import dates
from tests.reports import documents

STYLE = (settings.BASE_DIR / "static" / "css" / "report.css").read_text("utf-8")


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
    html = report_html(documents.february())
    assert re.search(r'data-title="Indsatser">\s*Ny leverance: Fælleskommunal princip', html)
    assert "<li>Model for leverandørliste udviklet.</li>" in html
    assert re.search(r'data-title="Indsatser">\s*<span class="report-empty">Der er ikke', html)


def test_an_initiative_without_deadlines_says_so():
    html = report_html(documents.in_one_area([documents.make_initiative(deadlines=())]))
    assert "Deadline ikke oplyst." in html


def test_empty_parts_say_so():
    html = report_html(documents.in_one_area([documents.make_initiative()]))
    assert "Der er intet til beslutning lige nu." in html
    assert "Alle indsatsområder er behandlet i Implementeringsgruppen." in html


def test_stored_text_cannot_run():
    marker = "<script>alert(1)</script>"
    item = documents.make_initiative(marker, ask=marker, report_text=marker)
    html = report_html(documents.in_one_area([item], banner=marker))
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 4


def test_no_rowspan_no_line_breaks_no_inline_style():
    html = report_html(documents.february())
    assert not re.search(r"rowspan|colspan|<br|style=|\son\w+=", html)


def test_the_file_needs_nothing_else():
    html = report_file(documents.february())
    assert "<style>" in html
    assert not re.search(r"<link|<script|<img|@import", html)
    addresses = re.findall(r"url\(([^)]*)\)", html)
    assert len(addresses) == 9
    assert all(address.startswith('"data:') for address in addresses)
    assert "static.invalid" not in html


def test_the_banner_and_the_draft_are_in_the_file():
    html = report_file(documents.february())
    assert "<strong>Eksempeldata.</strong> Status, begrundelser og brugere" in html
    assert "Kladde. Kan stadig ændre sig." in html


def test_the_style_sheet_has_the_palette_of_the_statuses():
    for style in STATUS_STYLES:
        rule = re.search(rf"\.report-chip--{style.symbol} {{(.*?)}}", STYLE, re.DOTALL)
        assert rule
        assert f'url("../report/{style.symbol}.svg")' in rule[1]
        fill = re.search(r"background-color: (#\w+)", rule[1])
        ink = re.search(r"(?<![-\w])color: (#\w+)", rule[1])
        assert (fill[1] if fill else "#ffffff") == style.fill
        assert (ink[1] if ink else "#1a1a1a") == style.ink


def test_the_icons_have_the_ink_of_their_status():
    for style in STATUS_STYLES:
        icon = Path(settings.BASE_DIR, "static", "report", f"{style.symbol}.svg").read_text("utf-8")
        assert style.ink in icon
        assert "currentColor" not in icon


def test_no_type_under_8_points_on_paper():
    paper = STYLE[STYLE.index("Paper") : STYLE.index("Screen ---")]
    sizes = re.findall(r"font-size: ([\d.]+)pt|font: \d+ ([\d.]+)pt", paper)
    assert sizes
    assert all(float(size or short) >= 8 for size, short in sizes)
