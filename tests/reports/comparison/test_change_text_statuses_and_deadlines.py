"""The sentences about changed statuses and deadlines."""

import dataclasses
from datetime import date
from typing import Any

import pytest

import plan
from deadlines.term import Term
from tests.reports.comparison.change_text_steps import (
    LATE,
    MARCH,
    MARTS,
    MEDIO,
    UDGANG,
    document,
    move,
    only,
    sentences,
    with_deadline,
)
from tests.reports.report.documents import judged_fields

# Status


def test_a_changed_status_with_a_short_reason():
    assert only(
        document(**judged_fields("on_track")),
        document(**judged_fields("minor_deviations", "Den juridiske afklaring trækker ud.")),
    ) == (
        "Myndighedsbestilling er ændret fra Forløber efter planen til Mindre afvigelser, "
        "fordi den juridiske afklaring trækker ud."
    )


def test_a_changed_status_with_a_longer_reason():
    assert only(
        document(**judged_fields("on_track")),
        document(
            **judged_fields("minor_deviations", "Begge leverancer er forsinket. Ny plan følger.")
        ),
    ) == (
        "Myndighedsbestilling er ændret fra Forløber efter planen til Mindre afvigelser. "
        "Begrundelse: Begge leverancer er forsinket. Ny plan følger."
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({}, judged_fields("on_track"), "X er vurderet for første gang: Forløber efter planen."),
        (
            {},
            judged_fields("not_started", "Det venter på KL."),
            "X er vurderet for første gang: Ikke iværksat, fordi det venter på KL.",
        ),
        (
            judged_fields("on_track"),
            {},
            "X er ændret fra Forløber efter planen til Ikke oplyst.",
        ),
        (
            judged_fields("on_track", "Det går."),
            judged_fields("on_track", "Nu går det bedre!"),
            "Status for X er fortsat Forløber efter planen. Ny begrundelse: »Nu går det bedre!«.",
        ),
        (
            judged_fields("on_track", "Det går."),
            judged_fields("on_track"),
            "Status for X er fortsat Forløber efter planen. Begrundelsen er taget ud.",
        ),
        (
            judged_fields("minor_deviations", "Det går.", deviates=("Tidsplan",)),
            judged_fields("minor_deviations", "Det går.", deviates=("Ressourcer", "Tidsplan")),
            (
                "Status for X er fortsat Mindre afvigelser. "
                "Det, der afviger, er nu: ressourcer og tidsplan."
            ),
        ),
    ],
)
def test_the_sentence_about_a_judgement(old: dict[str, Any], new: dict[str, Any], expected: str):
    assert only(document("X", **old), document("X", **new)) == expected


def test_a_status_is_called_what_its_document_called_it():
    after = document("X", **judged_fields("on_track"))
    labels = tuple(
        dataclasses.replace(label, label="På sporet") if label.value == "on_track" else label
        for label in after.statuses
    )
    renamed = dataclasses.replace(after, statuses=labels)
    assert sentences(document("X", **judged_fields("not_started")), renamed) == [
        "X er ændret fra Ikke iværksat til På sporet.",
        "Blandt statusserne hedder »Forløber efter planen« nu »På sporet«.",
    ]


# Deadlines
UGE = Term("Uge 34", date(2026, 8, 17), date(2026, 8, 23), "week")
SENEST = Term("Senest 1. juni 2028", None, date(2028, 6, 1), "day")
NO_DAY = Term("Senere", None, None, "none")


FOR = "Deadline for Fælleskommunal skabelon for myndighedsbestilling (Myndighedsbestilling)"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            with_deadline(MARTS),
            with_deadline(MEDIO, move(MARTS, MEDIO, LATE)),
            " er flyttet fra marts 2026 til medio 2026, fordi den juridiske afklaring trækker ud.",
        ),
        (
            with_deadline(MARTS),
            with_deadline(MEDIO, move(MARTS, UGE), move(UGE, MEDIO)),
            " er flyttet 2 gange, fra marts 2026 til medio 2026.",
        ),
        (
            with_deadline(MARTS),
            with_deadline(MEDIO, move(MARTS, MEDIO, "KL har svaret.", is_correction=True)),
            " er rettet fra marts 2026 til medio 2026. Begrundelse: KL har svaret.",
        ),
        (
            with_deadline(NO_DAY),
            with_deadline(MEDIO, move(None, MEDIO)),
            " er nu medio 2026. Den oprindelige deadline er ikke oplyst.",
        ),
        (with_deadline(NO_DAY), with_deadline(MEDIO), " er fastsat til medio 2026."),
        (with_deadline(NO_DAY), with_deadline(SENEST), " er fastsat til den 1. juni 2028."),
        (
            with_deadline(UDGANG),
            with_deadline(SENEST, move(UDGANG, SENEST)),
            " er flyttet fra udgangen af 2026 til den 1. juni 2028.",
        ),
        (
            with_deadline(MARTS),
            with_deadline(NO_DAY, move(MARTS, NO_DAY, LATE)),
            " har ikke længere en dato, fordi den juridiske afklaring trækker ud. Før: marts 2026.",
        ),
        (
            with_deadline(MARTS),
            with_deadline(MARTS, move(MARTS, MEDIO), move(MEDIO, MARTS, LATE)),
            " er flyttet 2 gange og er igen marts 2026, fordi den juridiske afklaring trækker ud.",
        ),
    ],
)
def test_the_sentence_about_a_moved_deadline(
    old: plan.PlanDocument, new: plan.PlanDocument, expected: str
):
    assert only(old, new) == FOR + expected


def test_the_sentence_about_a_moved_presentation():
    old, new = (with_deadline(term, fact="presentation", action=None) for term in (MARTS, MEDIO))
    assert only(old, new) == (
        "Forelæggelsen af Myndighedsbestilling er flyttet fra marts 2026 til medio 2026."
    )


def test_the_sentences_about_the_outcome_of_a_presentation():
    def about(was: dict[str, Any], now: dict[str, Any]) -> str:
        fields: dict[str, Any] = {"fact": "presentation", "action": None}
        return only(with_deadline(MARTS, **fields | was), with_deadline(MARTS, **fields | now))

    subject = "Udfaldet af forelæggelsen af Myndighedsbestilling"
    yes = {"met_on": MARCH, "outcome": "Godkendt"}
    no = {"met_on": MARCH, "outcome": "Ikke godkendt", "outcome_remark": "Mangler tal!"}
    assert about({}, yes) == f"{subject} blev »Godkendt« den 1. marts 2026."
    assert about(yes, no) == (
        f"{subject} blev »Ikke godkendt« den 1. marts 2026 (før: »Godkendt«). "
        "Bemærkning: »Mangler tal!«."
    )
    assert about(yes, yes | {"outcome_remark": "Fint"}) == (
        "Bemærkningen til udfaldet af forelæggelsen af Myndighedsbestilling er ændret. "
        "Bemærkning: Fint."
    )
    assert about(yes, {}) == f"{subject} er ikke længere angivet som registreret."


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"fact": "completed", "fact_label": "Afsluttet", "met_on": MARCH},
            "Deadlinen for {} er ændret fra »Deadline« til »Afsluttet« den 1. marts 2026.",
        ),
        ({"met_on": MARCH}, "Deadlinen for {} blev opfyldt den 1. marts 2026."),
        (
            {"wording": "I marts 2026"},
            "Deadlinen »Marts 2026« (Myndighedsbestilling) lyder nu: »I marts 2026«.",
        ),
        ({"wording": "a" * 200}, "Ordlyden af deadlinen for {} er ændret."),
        ({"opens_on": MARCH}, "Opstarten af {} er nu den 1. marts 2026."),
        ({"set_by_hand": True}, "Datoen for {} er nu angivet manuelt."),
    ],
)
def test_the_sentence_about_a_changed_deadline(fields: dict[str, Any], expected: str):
    of = "Fælleskommunal skabelon for myndighedsbestilling (Myndighedsbestilling)"
    text = only(with_deadline(MARTS), with_deadline(MARTS, **fields))
    assert text == expected.format(of)


def test_the_sentence_about_a_deadline_of_another_indsats():
    before, after = with_deadline(MARTS, action=None), with_deadline(MARTS)
    assert only(before, after) == (
        "Deadlinen »Marts 2026« (Myndighedsbestilling) hører nu til indsatsen "
        "»Fælleskommunal skabelon for myndighedsbestilling«."
    )
    assert only(after, before) == (
        "Deadlinen »Marts 2026« (Myndighedsbestilling) hører ikke længere til en bestemt indsats."
    )
