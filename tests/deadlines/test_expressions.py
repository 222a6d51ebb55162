"""The times in a wording, before the words around them are read."""

import re
from datetime import date

import pytest

from deadlines import expressions
from deadlines.expressions import find_times
from deadlines.normalise import normalise_wording
from deadlines.tokens import tokenise

REFERENCE = date(2026, 2, 26)


def times(text: str) -> list[list[str]]:
    """Return each time of `text` as "form number-day part year", without what is not set."""
    return [
        [
            " ".join(
                str(value)
                for value in (unit.form, unit.number, unit.day, unit.part, unit.year)
                if value
            )
            for unit in time.units
        ]
        for time in find_times(tokenise(normalise_wording(text)), REFERENCE)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("26/2-2026", [["day 2 26 2026"]]),
        ("d. 1.6.", [["day 6 1"]]),
        ("4., 5. og 6. maj", [["day 5 4", "day 5 5", "day 5 6"]]),
        ("1.-15.6.2026", [["day 6 1 2026", "day 6 15 2026"]]),
        ("1/2-1/5", [["day 2 1"], ["day 5 1"]]),
        ("bilag 2, 3. maj", [["day 5 3"]]),
        ("uge 34/26", [["week 34 2026"]]),
        ("uge 34/35", [["week 34", "week 35"]]),
        ("uge 34, 26 deltagere", [["week 34"]]),
        ("torsdag i uge 22", [["weekday 22 4"]]),
        ("mandag-onsdag i uge 22", [["week 22"]]),
        ("primo/medio maj", [["month 5 1", "month 5 2"]]),
        ("1.-2. kvartal 2026", [["quarter 1", "quarter 2 2026"]]),
        ("Q1-2 2026", [["quarter 1", "quarter 2 2026"]]),
        ("2. tertial 2026", [["year 2 2026"]]),
        ("udgangen af marts", [["month 3 4"]]),
        ("anden halvdel af maj", [["month 5 6"]]),
        ("2024-26", [["year 2024", "year 2026"]]),
        ("vinteren 2026/27", [["season 4 2026"]]),
        ("sensommeren", [["season 2 3"]]),
        ("den 15.", [["day 3 15 2026"]]),
        ("ultimo næste måned", [["month 3 3 2026"]]),
        ("maj og juni", [["month 5"], ["month 6"]]),
    ],
)
def test_a_time_is_found(text, expected):
    assert times(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "§ 107 og K17",
        "5 pct. af 55 kontrakter",
        "45/99",
        "24/7",
        "sag 24/6",
        "3/4 årsværk",
        "27.12.12-G01-5-26",
        "kl. 12.30-14",
        "version 2.1.26",
        "Budget 2027",
        "2030-målene",
        "2000 borgere",
        "5. juni 1849",
        "den 3. fase",
        "uge 60",
        "32. maj",
        "Jan og Maj Hansen",
        "God jul",
        "kvartal",
    ],
)
def test_text_that_is_no_time_is_ignored(text):
    assert times(text) == []


def test_every_repetition_of_the_grammar_is_bounded():
    """Therefore the search takes linear time for every text."""
    pattern = expressions._PATTERN.pattern
    without_classes = re.sub(r"\[[^]]*\]", "x", pattern.replace("\\.", "x"))
    assert not re.search(r"[*+]", re.sub(r"\\.", "x", without_classes))
