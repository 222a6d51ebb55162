"""The view model of Sammenlign: every change once, where it belongs."""

import dataclasses
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import plan
from reports.comparison import compare
from reports.comparison.compare import make_comparison
from reports.comparison.diff import diff
from reports.comparison.page import (
    ComparedPlans,
    ListPart,
    NodePart,
    Part,
    StatusPart,
    TextPart,
    Unchanged,
    ValuePart,
    WholePart,
    anchor,
)
from tests.reports.comparison import strategies
from tests.reports.editions.steps import JANUARY
from tests.reports.report import documents
from tests.reports.report.documents import judged_fields


def assert_every_change_once(a: plan.PlanDocument, b: plan.PlanDocument) -> None:
    loud = [anchor(change.id) for change in diff(a, b).changes if not change.is_silent]
    for everything in (False, True):
        shown = [item.anchor for item in make_comparison(a, b, everything=everything).changes()]
        assert sorted(shown) == sorted(loud)
        assert len(set(shown)) == len(shown)


@given(strategies.pairs())
def test_every_change_is_shown_once(pair: Any):
    assert_every_change_once(*pair)


@settings(max_examples=50)
@given(strategies.random_documents(least=2), strategies.random_documents(least=2))
def test_every_change_between_any_two_documents_is_shown_once(a: Any, b: Any):
    assert_every_change_once(a, b)


@given(st.text(max_size=8), st.text(max_size=8))
def test_an_anchor_is_safe_and_unique(one: str, other: str):
    assert re.fullmatch(r"aendring-[a-zA-Z0-9_-]*", anchor(one))
    assert (anchor(one) == anchor(other)) == (one == other)


def test_an_anchor_can_be_read():
    expected = "aendring-initiative__kontraktanalyse__status"
    assert anchor("initiative:kontraktanalyse:status") == expected
    assert anchor("programme:plan:top_level") == "aendring-programme__plan__top_5f_level"


def one(**fields: Any) -> plan.PlanDocument:
    return documents.in_one_area([documents.make_initiative("Skabelon", **fields)])


def parts_of(a: plan.PlanDocument, b: plan.PlanDocument) -> list[Part]:
    """Return what is shown under the sentence of the only change."""
    [change] = make_comparison(a, b).changes()
    return list(change.parts)


def deadline(wording: str = "Medio 2026", **fields: Any) -> dict[str, Any]:
    base = plan.Deadline("d", wording, "deadline", "Deadline", None)
    return {"deadlines": (dataclasses.replace(base, **fields),)}


def test_a_status_before_and_after_with_its_reason_word_by_word():
    before = judged_fields("on_track", "Arbejdet følger planen.")
    after = judged_fields("minor_deviations", "Arbejdet er forsinket.", deviates=("Tidsplan",))
    status, deviates, reason = parts_of(one(**before), one(**after))
    assert isinstance(status, StatusPart)
    assert (status.was.label, status.now.label) == ("Forløber efter planen", "Mindre afvigelser")
    assert deviates == ValuePart("Det, der afviger", "Intet angivet", "Tidsplan")
    assert isinstance(reason, TextPart)
    assert [(piece.kind, piece.text) for piece in reason.pieces] == [
        ("same", "Arbejdet "),
        ("del", "følger planen"),
        ("ins", "er forsinket"),
        ("same", "."),
    ]


def test_a_rewritten_text_is_shown_as_a_whole():
    before, after = "Alle kontrakter er modtaget.", "Analysen blev godkendt i gruppen."
    (part,) = parts_of(one(ask=before), one(ask=after))
    assert part == WholePart("Til beslutning", before, after)
    (part,) = parts_of(one(ask=before), one(ask=f"{before} {after} {after} {after}"))
    assert isinstance(part, TextPart)
    assert [p.kind for p in part.pieces] == ["same", "same", "ins"]


def test_an_added_or_removed_text_is_shown_as_a_whole():
    text = "Alle kontrakter er modtaget."
    assert parts_of(one(), one(ask=text)) == [WholePart("Til beslutning", "", text)]
    assert parts_of(one(ask=text), one()) == [WholePart("Til beslutning", text, "")]


@pytest.mark.parametrize(
    ("was", "now", "pieces"),
    [
        ("Klar", "Klar til mødet", [("same", "Klar"), ("same", " "), ("ins", "til mødet")]),
        ("Klar nu", "Helt klar nu", [("del", "Klar"), ("ins", "Helt klar"), ("same", " nu")]),
        ("Et\nTo", "Et\n\nNyt\n\nTo", None),
        ("Et to", "Et  to", [("same", "Et"), ("del", " "), ("ins", "  "), ("same", "to")]),
    ],
)
def test_blanks_are_outside_the_marked_words(was: str, now: str, pieces: Any):
    (part,) = parts_of(one(report_text=was), one(report_text=now))
    assert isinstance(part, TextPart)
    assert "".join(piece.text for piece in part.pieces if piece.kind != "del") == now
    assert pieces in (None, [(piece.kind, piece.text) for piece in part.pieces])
    came = [piece.text for piece in part.pieces if piece.kind == "ins" and piece.text.strip()]
    assert came == [text.strip() for text in came]


def test_a_sentence_leaves_reasons_and_questions_to_their_rows():
    before = one(**judged_fields("on_track", "Følger planen."), ask="Skal vi?")
    after = one(**judged_fields("minor_deviations", "Leverandøren er forsinket."), ask="Kan vi?")
    sentences = [change.sentence for change in make_comparison(before, after).changes()]
    assert sentences == [
        "Skabelon er ændret fra Forløber efter planen til Mindre afvigelser.",
        "Spørgsmålet til Implementeringsgruppen om Skabelon er ændret.",
    ]
    again = one(**judged_fields("minor_deviations", "Nu er den i gang."), ask="")
    sentences = [change.sentence for change in make_comparison(after, again).changes()]
    assert sentences == [
        "Status for Skabelon er fortsat Mindre afvigelser. Begrundelsen er ny.",
        "Spørgsmålet til Implementeringsgruppen om Skabelon stilles ikke længere.",
    ]
    [ask] = make_comparison(one(), one(ask="Skal vi?")).changes()
    assert ask.sentence == "Nyt spørgsmål til Implementeringsgruppen om Skabelon."


def test_a_reason_that_is_given_again_is_in_the_sentence():
    reason = "Leverandøren er forsinket."
    before, after = (
        one(**judged_fields("on_track", reason)),
        one(**judged_fields("minor_deviations", reason)),
    )
    [change] = make_comparison(before, after).changes()
    assert change.sentence == (
        "Skabelon er ændret fra Forløber efter planen til Mindre afvigelser, "
        "fordi leverandøren er forsinket."
    )
    [part] = change.parts
    assert isinstance(part, StatusPart)


def test_a_confirmation_is_no_change():
    after = judged_fields("on_track", "Rolig.", month=JANUARY, confirmed=True)
    before = judged_fields("on_track", "Rolig.", month=documents.FEBRUARY)
    assert list(compare.make_comparison(one(**after), one(**before)).changes()) == []


def test_a_deadline_moves_in_days_and_in_words():
    march, june = datetime(2026, 3, 31).date(), datetime(2026, 6, 30).date()  # noqa: DTZ001
    before = deadline("Marts 2026", starts_on=march, ends_on=march, kind="day")
    after = deadline("Juni 2026", starts_on=june, ends_on=june, kind="day")
    day, wording = parts_of(one(**before), one(**after))
    assert day == ValuePart("Dato", "31.\xa0marts\xa02026", "30.\xa0juni\xa02026")
    assert isinstance(wording, TextPart)
    assert [piece.text for piece in wording.pieces] == ["Marts", "Juni", " 2026"]


def test_a_new_initiative_is_shown_in_full():
    new = documents.make_initiative("Ny skabelon", ask="Kan den godkendes?")
    (part,) = parts_of(documents.in_one_area([]), documents.in_one_area([new]))
    assert isinstance(part, NodePart)
    assert (part.label, part.kind, part.node.title) == ("Tilføjet", "ins", "Ny skabelon")
    assert part.node.lines == (
        ("Til beslutning", "Kan den godkendes?"),
        ("Indsats", "Udvikling af en skabelon."),
        ("Deadline", "Medio 2026"),
    )


def test_marks_come_and_go_line_by_line():
    paused, waiting = plan.Mark("paused", "På pause", ""), plan.Mark("waiting", "Afventer", "KL")
    (part,) = parts_of(one(marks=(paused,)), one(marks=(waiting,)))
    assert isinstance(part, ListPart)
    assert [(p.kind, p.text) for p in part.pieces] == [("del", "På pause"), ("ins", "Afventer: KL")]


def titles(*names: str) -> plan.PlanDocument:
    made = (documents.make_initiative(name, actions=(), deadlines=()) for name in names)
    return documents.in_one_area(made)


def initiatives_of(comparison: ComparedPlans) -> Iterator[str]:
    for principle in comparison.principles:
        for area in principle.areas:
            yield from (initiative.title for initiative in area.initiatives)


def test_a_removed_row_is_shown_where_it_stood():
    before, after = titles("A", "B", "C", "D"), titles("Ny", "A", "D")
    shown = make_comparison(before, after, everything=True)
    assert list(initiatives_of(shown)) == ["Ny", "A", "B", "C", "D"]
    assert list(initiatives_of(make_comparison(before, after))) == ["Ny", "B", "C"]
    assert shown.principles[0].count == "3 ændringer"


def test_the_whole_plan_shows_the_unchanged_parts_of_a_changed_initiative():
    before, after = one(), one(ask="Kan den godkendes?")
    [principle] = make_comparison(before, after, everything=True).principles
    [initiative] = principle.areas[0].initiatives
    labels = [entry.label for entry in initiative.entries if isinstance(entry, Unchanged)]
    assert labels == ["Status", "Indsats", "Deadline"]
    [principle] = make_comparison(before, after).principles
    assert len(principle.areas[0].initiatives[0].entries) == 1
