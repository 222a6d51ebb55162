"""The plan document without a database: an immutable value, its JSON, its counts."""

import dataclasses
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import plan
from deadlines.term import Term
from plan.status import NOT_REPORTED, STATUS_STYLES, Status
from tests.reports.report import documents

STORED = [Path(__file__).with_name(f"plan_schema_{number}.json") for number in (1, 2)]
VALUES = [style.value for style in STATUS_STYLES]


@pytest.fixture(scope="module")
def february() -> plan.PlanDocument:
    return documents.february()


# JSON


def test_the_document_survives_json(february: plan.PlanDocument):
    assert plan.PlanDocument.from_json(february.to_json()) == february


def test_json_is_canonical(february: plan.PlanDocument):
    text = february.to_json()
    assert (
        json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        == text
    )
    assert "Indkøbs- og kontrakthåndbog" in text
    assert plan.PlanDocument.from_json(text).to_json() == text


texts = st.text(max_size=8)
keys = st.text(alphabet="abc-", min_size=1, max_size=4)
dates = st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 12, 31))


def some(strategy: st.SearchStrategy, most: int = 2) -> st.SearchStrategy:
    return st.lists(strategy, max_size=most).map(tuple)


judgements = st.builds(
    plan.Judgement,
    st.sampled_from(VALUES),
    texts,
    some(texts),
    dates,
    dates,
    st.booleans(),
    st.none() | dates,
)
terms = st.builds(Term, texts, st.none() | dates, st.none() | dates, texts)
moves = st.builds(plan.Move, dates, st.none() | terms, terms, texts, st.booleans())
deadlines = st.builds(
    plan.Deadline,
    key=keys,
    wording=texts,
    fact=texts,
    fact_label=texts,
    action=st.none() | keys,
    starts_on=st.none() | dates,
    ends_on=st.none() | dates,
    kind=texts,
    set_by_hand=st.booleans(),
    opens_on=st.none() | dates,
    met_on=st.none() | dates,
    moves=some(moves),
    outcome=texts,
    outcome_remark=texts,
    added_month=st.none() | dates,
)
initiatives = st.builds(
    plan.Initiative,
    key=keys,
    title=texts,
    status=st.sampled_from(VALUES),
    judgement=st.none() | judgements,
    before=st.none() | judgements,
    marks=some(st.builds(plan.Mark, texts, texts, texts)),
    ask=texts,
    report_text=texts,
    actions=some(st.builds(plan.Action, keys, texts)),
    deadlines=some(deadlines),
    report_text_month=st.none() | dates,
    ask_month=st.none() | dates,
)
numbers_in_years = st.integers(min_value=0, max_value=32_767)
years = st.builds(plan.YearNumber, numbers_in_years, numbers_in_years, st.none() | numbers_in_years)
areas = st.builds(plan.Area, keys, texts, some(years), some(initiatives))
principles = st.builds(plan.Principle, keys, texts, some(areas))
random_documents = st.builds(
    plan.PlanDocument,
    schema=st.just(plan.SCHEMA),
    programme=st.builds(plan.Programme, keys, texts, texts, texts, texts, some(texts)),
    month=dates,
    drawn_up_on=dates,
    banner=texts,
    statuses=st.just(documents.LABELS),
    principles=some(principles),
)


@settings(max_examples=25)
@given(random_documents)
def test_any_document_survives_json(document: plan.PlanDocument):
    text = document.to_json()
    loaded = plan.PlanDocument.from_json(text)
    assert loaded == document
    assert loaded.to_json() == text


@pytest.mark.parametrize("stored", STORED)
def test_the_stored_examples_still_load(stored: Path):
    document = plan.PlanDocument.from_json(stored.read_text("utf-8"))
    assert document.schema == plan.SCHEMA
    assert document.month == date(2026, 2, 1)
    assert len(list(document.initiatives())) == 14


def test_texts_of_schema_2_do_not_say_which_month_they_are_of():
    document = plan.PlanDocument.from_json(STORED[1].read_text("utf-8"))
    items = list(document.initiatives())
    judgements = [j for item in items for j in (item.judgement, item.before) if j]
    assert len(judgements) > 10
    assert {judgement.reason_month for judgement in judgements} == {None}
    assert {item.report_text_month or item.ask_month for item in items} == {None}
    deadlines = [deadline for item in items for deadline in item.deadlines]
    assert {deadline.outcome or deadline.added_month for deadline in deadlines} == {None}
    assert any(deadline.moves for item in items for deadline in item.deadlines)


def test_a_deadline_of_schema_1_has_its_wording_alone():
    document = plan.PlanDocument.from_json(STORED[0].read_text("utf-8"))
    deadlines = [deadline for item in document.initiatives() for deadline in item.deadlines]
    assert len(deadlines) == 22
    assert not any(d.term.has_days or d.opens_on or d.met_on or d.moves for d in deadlines)


def test_the_stored_example_holds_one_of_everything():
    document = plan.PlanDocument.from_json(STORED[0].read_text("utf-8"))
    items = list(document.initiatives())
    assert {item.status for item in items} == set(VALUES)
    assert {mark.kind for item in items for mark in item.marks} == {"paused", "waiting", "no_terms"}
    assert any(item.judgement and item.judgement.confirmed for item in items)
    assert any(item.judgement and item.judgement.deviates for item in items)
    assert any(item.before for item in items)
    assert any(deadline.action for item in items for deadline in item.deadlines)
    repeated = [y.repeated_number for p in document.principles for a in p.areas for y in a.years]
    assert 8 in repeated


@pytest.mark.parametrize("text", ["[]", "{}", '{"schema": 0}', '{"schema": 4}', "null", "", "{"])
def test_an_invalid_document_is_refused(text: str):
    with pytest.raises(ValueError):  # noqa: PT011 - msgspec's own error is one too
        plan.PlanDocument.from_json(text)


@pytest.mark.parametrize("name", ["month", "principles", "banner"])
def test_a_document_with_a_missing_field_is_refused(february: plan.PlanDocument, name: str):
    data = json.loads(february.to_json())
    del data[name]
    with pytest.raises(ValueError, match=name):
        plan.PlanDocument.from_json(json.dumps(data))


def test_a_document_with_an_unknown_field_is_refused(february: plan.PlanDocument):
    data = json.loads(february.to_json())
    data["programme"]["editor"] = "Anna"
    with pytest.raises(ValueError, match="editor"):
        plan.PlanDocument.from_json(json.dumps(data))


WRONG: list[tuple[str, Any]] = [
    ("$.schema", "2"),
    ("$.schema", 2.0),
    ("$.month", "2026-02"),
    ("$.month", "20260201"),
    ("$.banner", None),
    ("$.principles", {}),
    ("$.programme.purposes[0]", 1),
    ("$.statuses[0].fill", "#GGGGGG"),
    ("$.statuses[0].fill", "#b0b8c1}\n"),
    ("$.statuses[0].ink", "black"),
    ("$.statuses[0].symbol", "on track"),
    ("$.principles[0].areas[0].years[0].number", "x"),
    ("$.principles[0].areas[0].years[0].number", 1.5),
    ("$.principles[0].areas[0].initiatives[0].judgement", "on_track"),
    ("$.principles[0].areas[0].initiatives[0].judgement.confirmed", "ja"),
    ("$.principles[0].areas[0].initiatives[0].deadlines[0].ends_on", 2026),
    ("$.principles[0].areas[0].initiatives[0].deadlines[0].moves", None),
]


@pytest.mark.parametrize(("path", "value"), WRONG)
def test_a_value_of_another_type_is_refused_with_its_place(path: str, value: Any):
    data = json.loads(plan.PlanDocument.from_json(STORED[0].read_text("utf-8")).to_json())
    *steps, last = re.findall(r"\w+", path)
    node = data
    for step in steps:
        node = node[int(step) if step.isdigit() else step]
    node[int(last) if last.isdigit() else last] = value
    place = "known schema" if value == "2" else re.escape(path)
    with pytest.raises(ValueError, match=place):
        plan.PlanDocument.from_json(json.dumps(data))


@pytest.mark.parametrize("name", ["starts_on", "kind", "moves"])
def test_a_field_with_a_default_is_not_left_out(name: str):
    data = json.loads(plan.PlanDocument.from_json(STORED[0].read_text("utf-8")).to_json())
    del data["principles"][0]["areas"][0]["initiatives"][0]["deadlines"][0][name]
    place = f"$.principles[0].areas[0].initiatives[0].deadlines[0].{name}"
    with pytest.raises(ValueError, match=re.escape(place)):
        plan.PlanDocument.from_json(json.dumps(data))


def test_every_letter_is_written_as_it_was():
    """The bytes are those of the standard library, which wrote the first editions."""
    letters = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x110000))))
    document = dataclasses.replace(documents.february(), banner=letters)
    text = document.to_json()
    assert text == json.dumps(
        dataclasses.asdict(document),
        default=date.isoformat,
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
    )
    assert plan.PlanDocument.from_json(text) == document


# An immutable value


def test_a_document_cannot_be_changed(february: plan.PlanDocument):
    first = next(february.initiatives())
    for node in (february, february.programme, february.principles[0], first):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(node, dataclasses.fields(node)[0].name, "noget andet")
    assert hash(february) == hash(plan.PlanDocument.from_json(february.to_json()))


def test_a_document_holds_neither_versions_nor_names_of_editors(february: plan.PlanDocument):
    def names(value: object) -> set[str]:
        if isinstance(value, dict):
            return set(value) | {name for child in value.values() for name in names(child)}
        if isinstance(value, list):
            return {name for child in value for name in names(child)}
        return set()

    field_names = names(json.loads(february.to_json()))
    assert not field_names & {"version", "id", "pk", "by", "by_name", "actor", "internal_notes"}


def test_a_status_is_looked_up_by_its_value(february: plan.PlanDocument):
    assert february.status("on_track").label == "Forløber efter planen"
    with pytest.raises(KeyError):
        february.status("grøn")


def test_statuses_are_in_report_order_with_ikke_oplyst_last(february: plan.PlanDocument):
    assert [status.label for status in february.statuses] == [
        "Ikke iværksat",
        "Forløber efter planen",
        "Mindre afvigelser",
        "Betydelige afvigelser",
        "Anbefales nedlukket",
        "Udført og afsluttet",
        "Ikke oplyst",
    ]
    assert [status.value for status in february.statuses] == [*Status.values, NOT_REPORTED]


# Counts


def numbers(document: plan.PlanDocument) -> dict[str, int]:
    counts = plan.count_statuses(document)
    return {status.value: number for status, number in counts.by_status}


def test_the_counts_of_february(february: plan.PlanDocument):
    assert numbers(february) == {
        "not_started": 2,
        "on_track": 7,
        "minor_deviations": 1,
        "major_deviations": 1,
        "closure_recommended": 1,
        "completed": 1,
        "not_reported": 1,
    }
    assert plan.count_statuses(february).total == 14
    assert plan.count_updated(february) == 9


@settings(max_examples=25)
@given(random_documents)
def test_counts_always_add_up(document: plan.PlanDocument):
    items = list(document.initiatives())
    counts = plan.count_statuses(document)
    assert sum(number for _, number in counts.by_status) == counts.total == len(items)
    assert [status for status, _ in counts.by_status] == list(document.statuses)
    for status, number in counts.by_status:
        assert sum(item.status == status.value for item in items) == number
    assert 0 <= plan.count_updated(document) <= len(items)


@settings(max_examples=25)
@given(random_documents)
def test_an_area_is_treated_or_lacks_treatment(document: plan.PlanDocument):
    untreated = sum(len(areas) for _, areas in plan.untreated_areas(document))
    every = sum(len(principle.areas) for principle in document.principles)
    assert plan.treated_areas(document) + untreated == every


@settings(max_examples=25)
@given(random_documents)
def test_filtering_keeps_the_order_and_drops_empty_parents(document: plan.PlanDocument):
    kept = plan.keep(document, lambda _p, _a, item: item.status == "on_track")
    wanted = [item for item in document.initiatives() if item.status == "on_track"]
    assert list(kept.initiatives()) == wanted
    assert all(area.initiatives for principle in kept.principles for area in principle.areas)
    assert all(principle.areas for principle in kept.principles)


def test_x_y_and_z_lack_treatment(february: plan.PlanDocument):
    untreated = plan.untreated_areas(february)
    assert [(principle.key, [area.key for area in areas]) for principle, areas in untreated] == [
        ("kontrakter-og-takster", ["x"]),
        ("kvalitet", ["y"]),
        ("botilbud", ["z"]),
    ]
    assert plan.treated_areas(february) == 10


def test_asks_put_recommended_closures_first(february: plan.PlanDocument):
    assert [item.key for item in plan.asks(february)] == [
        "bestillingsportal",
        "leverandoerliste",
        "principbeslutning",
        "ommaerkning-og-nedlukning",
    ]
