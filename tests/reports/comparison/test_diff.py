"""The diff of two plan documents, without a database: every change once, and applied again."""

import dataclasses
import json
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import plan
from core.characters import as_displayed
from reports.comparison.change_text import change_text
from reports.comparison.compare import make_comparison
from reports.comparison.diff import Added, Change, Diff, Edited, Moved, Removed, apply, diff, groups
from reports.comparison.text_diff import Piece, word_diff
from tests.reports.comparison import strategies
from tests.reports.report import documents
from tests.reports.report.documents import judged_fields

MARCH = date(2026, 3, 1)


@pytest.fixture(scope="module")
def february() -> plan.PlanDocument:
    return documents.february()


def ids(difference: Diff) -> list[str]:
    return [change.id for change in difference.changes]


def only(difference: Diff) -> Any:
    (change,) = difference.changes
    return change


def with_areas(*areas: plan.Area) -> plan.PlanDocument:
    return documents.make_document([plan.Principle("p", "Fælles om kvalitet", areas)])


def make_area(key: str, *initiatives: plan.Initiative) -> plan.Area:
    return plan.Area(key, f"Område {key}", (), initiatives)


def make_initiative(key: str, **fields: Any) -> plan.Initiative:
    """Make an initiative without indsatser and deadlines."""
    rest: dict[str, Any] = {"actions": (), "deadlines": ()}
    return documents.make_initiative(key, **(rest | fields))


# Laws


@given(strategies.random_documents(), strategies.random_documents())
def test_applying_the_changes_gives_the_other_document(a: plan.PlanDocument, b: plan.PlanDocument):
    assert apply(diff(a, b), a) == b


@given(strategies.pairs())
def test_applying_the_changes_gives_the_edited_document(pair):
    a, b = pair
    assert apply(diff(a, b), a) == b
    assert apply(diff(b, a), b) == a


@settings(max_examples=50)
@given(strategies.random_documents())
def test_a_document_does_not_differ_from_itself(document: plan.PlanDocument):
    loaded = plan.PlanDocument.from_json(document.to_json())
    assert diff(document, loaded).changes == ()


@given(strategies.pairs())
def test_every_change_is_needed(pair):
    a, b = pair
    difference = diff(a, b)
    for number in range(len(difference.changes)):
        fewer = difference.changes[:number] + difference.changes[number + 1 :]
        try:
            reached = apply(dataclasses.replace(difference, changes=fewer), a)
        except ValueError:
            continue  # Another change depends on the one left out.
        assert reached != b, difference.changes[number].id


@settings(max_examples=50)
@given(strategies.random_documents(), strategies.random_documents())
def test_ids_are_unique_and_the_diff_is_deterministic(a: plan.PlanDocument, b: plan.PlanDocument):
    difference = diff(a, b)
    assert len(set(ids(difference))) == len(difference.changes)
    assert diff(a, b) == difference
    assert hash(diff(a, b)) == hash(difference)


@settings(max_examples=25)
@given(strategies.pairs())
def test_no_field_is_reported_twice(pair):
    edits = [change for change in diff(*pair).changes if isinstance(change, Edited)]
    fields = [(c.kind, c.key, name) for c in edits for name in c.names]
    assert len(set(fields)) == len(fields)
    assert all(change.values() for change in edits)


@settings(max_examples=25)
@given(strategies.pairs())
def test_the_diff_is_json(pair):
    difference = diff(*pair)
    data = json.loads(difference.to_json())
    assert [change["id"] for change in data["changes"]] == ids(difference)
    assert set(data) == {"old", "new", "changes"}


@settings(max_examples=25)
@given(strategies.pairs())
def test_a_whole_node_is_one_change(pair):
    """A node added or removed with its parent is not reported by itself."""
    a, b = pair
    difference = diff(a, b)
    inside = [
        keys_below(c.node, c.kind) for c in difference.changes if isinstance(c, Added | Removed)
    ]
    for keys in inside:
        assert not keys & {(c.kind, c.key) for c in difference.changes}


def keys_below(node: Any, kind: str) -> set[tuple[str, str]]:
    keys = set()
    for child_kind, name in strategies.FIELDS.get(kind, []):
        for child in getattr(node, name):
            keys |= {(child_kind, child.key)} | keys_below(child, child_kind)
    return keys


@given(st.permutations("abcdefg"))
def test_as_few_nodes_as_possible_are_moved(order: list[str]):
    before = documents.in_one_area(make_initiative(key) for key in "abcdefg")
    after = documents.in_one_area(make_initiative(key) for key in order)
    difference = diff(before, after)
    assert all(isinstance(change, Moved) and change.is_reordered for change in difference.changes)
    assert len(difference.changes) == 7 - longest_rising("".join(order))


def longest_rising(letters: str) -> int:
    best: list[int] = []
    for number, letter in enumerate(letters):
        before = [best[i] for i in range(number) if letters[i] < letter]
        best.append(1 + max(before, default=0))
    return max(best)


@pytest.mark.parametrize("kind", [*strategies.NODES, "document", "programme"])
def test_every_field_is_reported_once(kind: str):
    """A new field of the plan document needs a group."""
    nodes = {"document": plan.PlanDocument, "programme": plan.Programme} | {
        "principle": plan.Principle,
        "area": plan.Area,
        "initiative": plan.Initiative,
        "action": plan.Action,
        "deadline": plan.Deadline,
    }
    apart = {name for _, name in strategies.FIELDS.get(kind, [])} | {"programme"}
    apart |= {"key"} if kind != "programme" else set()
    fields = {field.name for field in dataclasses.fields(nodes[kind])} - apart
    old = february_node(kind)
    for name in fields:
        changed = dataclasses.replace(old, **{name: "noget andet"})
        field_names = [n for _, names in groups(kind, old, changed) for n in names]
        assert sorted(field_names) == sorted(fields)


def february_node(kind: str) -> Any:
    document = documents.february()
    (principle, *_), initiative = document.principles, next(document.initiatives())
    nodes: dict[str, Any] = {
        "document": document,
        "programme": document.programme,
        "principle": principle,
        "area": principle.areas[0],
        "initiative": initiative,
        "action": initiative.actions[0],
        "deadline": dataclasses.replace(initiative.deadlines[0], fact="deadline"),
    }
    return nodes[kind]


# Nodes that are added, removed and moved


def test_empty_documents_do_not_differ():
    assert diff(documents.make_document([]), documents.make_document([])).changes == ()


def test_everything_is_added_to_an_empty_document(february: plan.PlanDocument):
    difference = diff(documents.make_document([]), february)
    assert all(isinstance(change, Added) for change in difference.changes)
    assert len(difference.changes) == len(february.principles)
    assert [change.node for change in difference.changes] == list(february.principles)  # type: ignore[attr-defined]


def test_an_initiative_that_moves_into_a_new_area_is_moved():
    x, y = make_initiative("x"), make_initiative("y")
    difference = diff(
        with_areas(make_area("a", x)), with_areas(make_area("a"), make_area("b", x, y))
    )
    assert ids(difference) == ["area:b:added", "initiative:x:moved"]
    added, moved = difference.changes
    assert isinstance(added, Added)
    assert added.node == make_area("b", y)
    assert isinstance(moved, Moved)
    assert (moved.old.path, moved.new.path) == (
        ("Fælles om kvalitet", "Område a"),
        ("Fælles om kvalitet", "Område b"),
    )


def test_an_initiative_that_survives_its_area_is_moved():
    x, y = make_initiative("x"), make_initiative("y")
    difference = diff(
        with_areas(make_area("a", x, y), make_area("b")), with_areas(make_area("b", y))
    )
    assert ids(difference) == ["initiative:y:moved", "area:a:removed"]
    removed = difference.changes[1]
    assert isinstance(removed, Removed)
    assert removed.node == make_area("a", x)
    assert removed.path == ("Fælles om kvalitet",)


def test_siblings_of_added_and_removed_nodes_are_not_moved():
    def document(*keys: str) -> plan.PlanDocument:
        return documents.in_one_area(make_initiative(key) for key in keys)

    difference = diff(document("a", "b", "c", "d"), document("new", "b", "newer", "d"))
    assert ids(difference) == [
        *("initiative:new:added", "initiative:newer:added"),
        *("initiative:a:removed", "initiative:c:removed"),
    ]


def test_one_key_may_belong_to_a_node_of_each_kind():
    same = make_initiative("x", actions=(plan.Action("x", "Indsats"),))
    before = with_areas(make_area("x", same))
    assert diff(before, before).changes == ()
    with pytest.raises(ValueError, match="initiative 'x' is there twice"):
        diff(before, with_areas(make_area("x", same), make_area("y", same)))


# Fields


def in_february(**fields: Any) -> plan.PlanDocument:
    return documents.in_one_area([documents.make_initiative("x", **fields)])


def test_a_status_and_its_judgement_are_one_change():
    difference = diff(in_february(), in_february(**judged_fields("on_track", "Det går godt.")))
    change = only(difference)
    assert change.id == "initiative:x:status"
    assert (change.title, change.path) == (
        "x",
        ("Fælles om kvalitet", "Vi anvender fælles standarder"),
    )
    assert [name for name, _, _ in change.values()] == ["status", "judgement"]
    assert change.new.judgement.reason == "Det går godt."
    assert change.new.actions == ()


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_confirmed_status_is_not_reported(confirmed: bool):
    before = in_february(**judged_fields("on_track"))
    after = in_february(**judged_fields("on_track", month=MARCH, confirmed=confirmed))
    difference = diff(before, after)
    assert ids(difference) == ["initiative:x:judgement"]
    assert difference.changes[0].is_silent
    assert apply(difference, before) == after


def test_bookkeeping_fields_are_not_reported():
    before = in_february()
    judgement = judged_fields("on_track")["judgement"]
    after = dataclasses.replace(in_february(before=judgement), month=MARCH, drawn_up_on=MARCH)
    difference = diff(before, after)
    assert ids(difference) == [
        *("document:plan:month", "document:plan:drawn_up_on", "initiative:x:before")
    ]
    assert all(change.is_silent for change in difference.changes)


FIRST = plan.Deadline("d", "Marts 2026", "deadline", "Deadline", None)
FIRST = dataclasses.replace(
    FIRST, starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 31), kind="month"
)
LATER = dataclasses.replace(
    FIRST,
    wording="Ny deadline: maj 2026",
    fact_label="Ny deadline",
    starts_on=date(2026, 5, 1),
    ends_on=date(2026, 5, 31),
)


def of_deadlines(old: plan.Deadline, new: plan.Deadline) -> list[str]:
    return ids(diff(in_february(deadlines=(old,)), in_february(deadlines=(new,))))


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (LATER, ["deadline:d:move"]),
        (dataclasses.replace(FIRST, wording="I marts 2026"), ["deadline:d:wording"]),
        (dataclasses.replace(FIRST, fact="completed", met_on=MARCH), ["deadline:d:fact"]),
        (dataclasses.replace(FIRST, met_on=MARCH), ["deadline:d:met"]),
        (dataclasses.replace(FIRST, action="a"), ["deadline:d:action"]),
        (dataclasses.replace(FIRST, set_by_hand=True), ["deadline:d:reading"]),
        (
            dataclasses.replace(
                FIRST, moves=(plan.Move(MARCH, FIRST.term, FIRST.term, "Grund", False),)
            ),
            ["deadline:d:moves"],
        ),
        (dataclasses.replace(LATER, met_on=MARCH), ["deadline:d:move", "deadline:d:met"]),
    ],
)
def test_a_changed_deadline_is_one_change(new: plan.Deadline, expected: list[str]):
    assert of_deadlines(FIRST, new) == expected


def test_a_deadline_is_called_after_its_indsats_its_initiative_or_its_wording():
    def title(deadline: plan.Deadline, *others: plan.Deadline) -> str:
        before = in_february(deadlines=(deadline, *others))
        after = in_february(deadlines=(dataclasses.replace(deadline, met_on=MARCH), *others))
        change: Change = only(diff(before, after))
        return change.title

    assert title(FIRST) == "x"
    assert title(dataclasses.replace(FIRST, action="a")) == "Udvikling af en skabelon."
    assert title(FIRST, dataclasses.replace(FIRST, key="e")) == "Marts 2026"
    assert title(dataclasses.replace(FIRST, action="gone")) == "x"


def test_the_titles_of_linked_indsatser_are_reported():
    old = dataclasses.replace(FIRST, action="a")
    change = only(diff(in_february(deadlines=(old,)), in_february(deadlines=(FIRST,))))
    assert (change.old_link, change.new_link) == ("Udvikling af en skabelon.", "")


# Changes that do not fit


def test_changes_of_another_document_are_refused():
    before, after = in_february(), in_february(ask="Skal vi?")
    difference = diff(before, after)
    for other in (documents.make_document([]), after):
        with pytest.raises(ValueError, match="initiative:x:ask"):
            apply(difference, other)
    with pytest.raises(ValueError, match="twice"):
        apply(diff(documents.make_document([]), after), after)
    with pytest.raises(ValueError, match="no such node"):
        apply(diff(after, documents.make_document([])), documents.make_document([]))


# Word by word

words = st.lists(
    st.sampled_from(["og", "Begge", "leverancer", " ", "  ", "\n", ".", ",", "–", "æ"]), max_size=30
)
any_text = st.text(max_size=60) | words.map("".join)


def joined(pieces: tuple[Piece, ...], *kinds: str) -> str:
    return "".join(piece.text for piece in pieces if piece.kind in kinds)


@given(any_text, any_text)
def test_the_pieces_join_to_both_texts(old: str, new: str):
    pieces = word_diff(old, new)
    assert joined(pieces, "same", "ins") == as_displayed(new)
    assert joined(pieces, "same", "del") == as_displayed(old)
    assert all(piece.text for piece in pieces)
    assert all(one.kind != two.kind for one, two in pairwise(pieces))


@given(any_text)
def test_the_same_text_is_one_piece(text: str):
    text = as_displayed(text)
    assert word_diff(text, text) == ((Piece("same", text),) if text else ())


@pytest.mark.parametrize(
    "unseen",
    [
        "kontrakt\N{SOFT HYPHEN}analyse nu",
        "kontraktanalyse\N{NO-BREAK SPACE}nu",
        "kontraktanalyse\u200b nu",
    ],
)
def test_an_invisible_difference_between_texts_is_ignored(unseen: str):
    text = "kontraktanalyse nu"
    assert word_diff(unseen, text) == word_diff(text, unseen) == (Piece("same", text),)


def test_words_are_never_cut():
    assert word_diff("Begge leverancer er forsinket.", "Alle leverancer er forsinkede.") == (
        Piece("del", "Begge"),
        Piece("ins", "Alle"),
        Piece("same", " leverancer er "),
        Piece("del", "forsinket"),
        Piece("ins", "forsinkede"),
        Piece("same", "."),
    )


@pytest.mark.parametrize("word", ["ja ", "Det går godt. ", "a, "])
def test_the_pieces_of_long_texts_of_one_word_join_to_both_texts(word: str):
    old, new = word * 2000, f"Først {word * 1500}og {word * 700}til sidst"
    pieces = word_diff(old, new)
    assert joined(pieces, "same", "ins") == new
    assert joined(pieces, "same", "del") == old


# Invisible differences


TEXTS = ("title", "wording", "reason", "ask", "report_text", "detail", "authority", "purposes")


def pasted(value: Any, name: str = "") -> Any:
    """Return a document's JSON with invisible characters and hard blanks in every text."""
    if isinstance(value, dict):
        return {key: pasted(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [pasted(inner, name) for inner in value]
    if name in TEXTS and isinstance(value, str):
        return value.replace("e", "e\xad").replace(" ", "\xa0\u200b")
    return value


def test_an_invisible_difference_between_documents_is_no_change():
    b = documents.february()
    a = plan.PlanDocument.from_json(json.dumps(pasted(json.loads(b.to_json()))))
    made = diff(a, b)
    assert len(made.changes) > 20
    assert [change.id for change in made.changes if not change.is_silent] == []
    assert change_text(made) == ()
    assert list(make_comparison(a, b).changes()) == []
    assert apply(made, a) == b
