"""The sentences about rows that come, go or move, and about changed texts."""

import dataclasses
from typing import Any

import pytest

import plan
from tests.reports.comparison.change_text_steps import (
    SKABELON,
    document,
    in_areas,
    only,
    sentences,
)
from tests.reports.report import documents
from tests.reports.report.documents import judged_fields

# What comes, goes and moves


X, Y = (documents.make_initiative(title, actions=(), deadlines=()) for title in "XY")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            in_areas(a=()),
            in_areas(a=(X,)),
            "Initiativet »X« er tilføjet under indsatsområdet »Område a«.",
        ),
        (
            in_areas(a=()),
            in_areas(a=(dataclasses.replace(X, **judged_fields("on_track")),)),
            (
                "Initiativet »X« er tilføjet under indsatsområdet »Område a«. "
                "Status er Forløber efter planen."
            ),
        ),
        (in_areas(a=(X,)), in_areas(a=()), "Initiativet »X« indgår ikke længere i planen."),
        (
            in_areas(a=(X,), b=()),
            in_areas(a=(), b=(X,)),
            (
                "Initiativet »X« er flyttet fra indsatsområdet »Område a« til "
                "indsatsområdet »Område b«."
            ),
        ),
        (
            in_areas(a=(X, Y)),
            in_areas(a=(Y, X)),
            "Initiativet »Y« har fået en anden plads under indsatsområdet »Område a«.",
        ),
        (
            in_areas(),
            in_areas(a=(X, Y)),
            "Indsatsområdet »Område a« er tilføjet under »Fælles om kvalitet« med 2 initiativer.",
        ),
        (
            in_areas(a=(X,)),
            in_areas(),
            (
                "Indsatsområdet »Område a« indgår ikke længere i planen. "
                "Det samme gælder 1 initiativ under det."
            ),
        ),
        (
            documents.make_document([]),
            in_areas(a=(X,)),
            "Princip »Fælles om kvalitet« er tilføjet med 1 indsatsområde og 1 initiativ.",
        ),
        (
            document(actions=()),
            document(actions=SKABELON),
            (
                "Indsatsen »Fælleskommunal skabelon for myndighedsbestilling« er tilføjet under "
                "initiativet »Myndighedsbestilling«."
            ),
        ),
        (
            document(),
            document(deadlines=()),
            "Deadlinen »Medio 2026« indgår ikke længere i initiativet »Myndighedsbestilling«.",
        ),
    ],
)
def test_the_sentence_about_a_row_that_comes_goes_or_moves(
    old: plan.PlanDocument, new: plan.PlanDocument, expected: str
):
    assert only(old, new) == expected


# Texts


PAUSED = plan.Mark("paused", "På pause", "jf. mødet i maj")
NO_TERMS = plan.Mark("no_terms", "Intet godkendt kommissorium", "")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            {},
            {"ask": "Skal initiativet lukkes?"},
            "Nyt spørgsmål til Implementeringsgruppen om X: »Skal initiativet lukkes?«.",
        ),
        (
            {"ask": "Skal vi?"},
            {"ask": "Kan vi?"},
            "Spørgsmålet til Implementeringsgruppen om X lyder nu: »Kan vi?«.",
        ),
        (
            {"ask": "Skal vi?"},
            {},
            "Spørgsmålet til Implementeringsgruppen om X stilles ikke længere.",
        ),
        ({}, {"report_text": "Godt."}, "X har fået en tekst i statusopgørelsen."),
        (
            {"report_text": "Godt."},
            {"report_text": "Bedre."},
            "Teksten om X i statusopgørelsen er ændret.",
        ),
        ({"report_text": "Godt."}, {}, "Teksten om X i statusopgørelsen er fjernet."),
        ({}, {"marks": (PAUSED,)}, "X er nu markeret med »På pause« (jf. mødet i maj)."),
        (
            {"marks": (PAUSED, NO_TERMS)},
            {},
            "X er ikke længere markeret med »På pause« og »Intet godkendt kommissorium«.",
        ),
        ({}, {"title": "Y"}, "Initiativet »X« hedder nu »Y«."),
        ({}, {"title": "X."}, "Initiativet »X« er skrevet på en anden måde."),
        (
            {},
            {"actions": (plan.Action("a", "Afprøvning af en skabelon."),)},
            "Indsatsen »Udvikling af en skabelon« under X hedder nu »Afprøvning af en skabelon«.",
        ),
    ],
)
def test_the_sentence_about_a_changed_text(old: dict[str, Any], new: dict[str, Any], expected: str):
    assert only(document("X", **old), document(**({"title": "X"} | new))) == expected


def test_the_sentence_about_an_area_in_other_years():
    def area(*years: plan.YearNumber) -> plan.PlanDocument:
        areas = (plan.Area("a", "Område", years, ()),)
        return documents.make_document([plan.Principle("p", "Princip", areas)])

    first, other = plan.YearNumber(2025, 3, None), plan.YearNumber(2026, 8, 9)
    assert only(area(first), area(other)) == (
        "Indsatsområdet »Område« er kommet med i Program 2026 som nr. 8 (også 9) "
        "og indgår ikke længere i Program 2025."
    )
    assert only(area(first), area(dataclasses.replace(first, number=4))) == (
        "Indsatsområdet »Område« har nu nr. 4 i Program 2025 mod før nr. 3."
    )


def test_the_sentences_about_the_frame():
    before = document()
    programme = dataclasses.replace(
        before.programme, top_level_label="Fokusområde", top_level_label_plural="Fokusområder"
    )
    after = dataclasses.replace(before, banner="", programme=programme)
    assert sentences(before, after) == [
        "Bemærkningen om eksempeldata er fjernet.",
        "Planens øverste niveau hedder nu »Fokusområde«, i flertal »Fokusområder«.",
    ]
