"""The two data files: the real programme and the invented judgements of the demo."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

Node = dict[str, Any]

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
PROGRAMME: Node = json.loads((FIXTURES / "programme.json").read_text("utf-8"))
DEMO: Node = json.loads((FIXTURES / "demo.json").read_text("utf-8"))

PRINCIPLES: list[Node] = PROGRAMME["principles"]
AREAS: list[Node] = [a for p in PRINCIPLES for a in p["areas"]]
YEARS: list[Node] = [y for a in AREAS for y in a["years"]]
INITIATIVES: list[Node] = [i for a in AREAS for i in a["initiatives"]]
ACTIONS: list[Node] = [x for i in INITIATIVES for x in i["actions"]]
DEADLINES: list[Node] = [d for i in INITIATIVES for d in i["deadlines"]]
KINDS: dict[str, list[Node]] = {
    "purpose": PROGRAMME["purposes"],
    "municipality": PROGRAMME["municipalities"],
    "principle": PRINCIPLES,
    "area": AREAS,
    "year": YEARS,
    "initiative": INITIATIVES,
    "action": ACTIONS,
    "deadline": DEADLINES,
}
JUDGEMENTS: list[Node] = DEMO["judgements"]
DEVIATIONS = {"minor_deviations", "major_deviations"}
# Markup, entities, bullets, tabs and line breaks, soft hyphens and other invisible
# characters, odd blanks, two blanks in a row, a blank at either end.
DIRT = re.compile(r"[<>•\t\r\n\u00a0\u00ad\u2000-\u200f\u2028-\u202f\u2060\ufeff]|&#?\w+;|  |^ | $")


def initiatives_of(parent: Node) -> list[Node]:
    return [i for a in parent["areas"] for i in a["initiatives"]]


def siblings() -> Iterator[list[Node]]:
    yield PROGRAMME["purposes"]
    yield PROGRAMME["municipalities"]
    yield PRINCIPLES
    yield from (p["areas"] for p in PRINCIPLES)
    yield from (a["initiatives"] for a in AREAS)
    yield from (i["actions"] for i in INITIATIVES)
    yield from (i["deadlines"] for i in INITIATIVES)


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for child in value.values() if isinstance(value, dict) else value:
            yield from strings(child)


def judgements_by_initiative() -> dict[str, list[Node]]:
    histories: dict[str, list[Node]] = {}
    for judgement in JUDGEMENTS:
        histories.setdefault(judgement["initiative"], []).append(judgement)
    return histories


# The real programme


def test_counts_of_the_frame() -> None:
    assert len(PROGRAMME["purposes"]) == 3
    assert len(PROGRAMME["municipalities"]) == 17
    assert [len(p["areas"]) for p in PRINCIPLES] == [4, 5, 4]
    assert [len(initiatives_of(p)) for p in PRINCIPLES] == [6, 5, 3]
    assert len(ACTIONS) == 24
    assert {a["key"] for a in AREAS if not a["initiatives"]} == {"x", "y", "z"}


def test_seven_areas_with_eight_numbers_in_2025_and_six_in_2026() -> None:
    numbers: dict[int, list[int]] = {2025: [], 2026: []}
    for year in YEARS:
        numbers[year["year"]].append(year["number"])
    repeated = {y["key"]: y["repeated_number"] for y in YEARS if y["repeated_number"]}
    assert sorted(numbers[2025]) == [1, 2, 3, 4, 5, 6, 7]
    assert sorted(numbers[2026]) == [1, 2, 3, 4, 5, 6]
    assert repeated == {"j-2025": 8}


def test_22_wordings_of_seven_facts() -> None:
    assert len(DEADLINES) == 22
    assert Counter(d["fact"] for d in DEADLINES) == {
        "deadline": 5,
        "presentation": 4,
        "completed": 6,
        "paused": 2,
        "waiting": 2,
        "none": 2,
        "event": 1,
    }


def test_only_the_status_said_in_words_is_set() -> None:
    stated = {i["key"]: i["status"] for i in INITIATIVES if i["status"] is not None}
    assert stated == {"takstoversigt": "not_started"}
    assert Counter(i["terms_of_reference"] for i in INITIATIVES) == {
        "unknown": 12,
        "not_approved": 2,
    }


@pytest.mark.parametrize("kind", KINDS)
def test_keys_are_unique_slugs(kind: str) -> None:
    keys = [node["key"] for node in KINDS[kind]]
    assert len(set(keys)) == len(keys)
    for key in keys:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key)
        assert len(key) <= 60


def test_positions_count_from_one_within_the_parent() -> None:
    for nodes in siblings():
        assert [n["position"] for n in nodes] == list(range(1, len(nodes) + 1))


def test_sources_exist_and_are_dated() -> None:
    for source in PROGRAMME["sources"].values():
        date.fromisoformat(source["date"])
    for kind in ("purpose", "municipality", "principle", "area", "initiative"):
        assert {n["source"] for n in KINDS[kind]} <= set(PROGRAMME["sources"])


def test_keys_of_children_begin_with_their_parent() -> None:
    for area in AREAS:
        for year in area["years"]:
            assert year["key"] == f"{area['key']}-{year['year']}"
    for i in INITIATIVES:
        for action in i["actions"]:
            assert action["key"] == f"{i['key']}-{action['position']}"
        for deadline in i["deadlines"]:
            assert deadline["key"] == f"{i['key']}-d{deadline['position']}"


def test_a_deadline_belongs_to_an_action_of_its_initiative_or_to_the_whole() -> None:
    for i in INITIATIVES:
        keys = {a["key"] for a in i["actions"]}
        assert {d["action"] for d in i["deadlines"]} <= keys | {None}


def test_since_and_detail_only_beside_pause_and_waiting() -> None:
    for d in DEADLINES:
        assert bool(d["detail"]) == (d["fact"] in {"paused", "waiting"}), d["key"]
    assert {d["key"]: d["since"] for d in DEADLINES if d["since"]} == {
        "leverandoerliste-d1": "2026-01-20"
    }


def test_texts_are_clean() -> None:
    for text in strings(PROGRAMME):
        assert not DIRT.search(text), text
    for nodes in KINDS.values():
        for n in nodes:
            texts = [n[f] for f in ("title", "wording", "name") if f in n]
            assert all(texts), n["key"]


# The invented judgements


def test_demo_has_one_user_of_each_role() -> None:
    assert [u["role"] for u in DEMO["users"]] == ["secretariat", "group", "reader"]
    assert all(u["name"].endswith(" Eksempel") for u in DEMO["users"])


def test_judgements_are_chronological_and_inside_their_month() -> None:
    moments = [datetime.fromisoformat(j["at"]) for j in JUDGEMENTS]
    assert all(a < b for a, b in pairwise(moments))
    for at, judgement in zip(moments, JUDGEMENTS, strict=True):
        assert f"{at:%Y-%m}" == judgement["month"]
        assert at.weekday() < 5
        assert 8 <= at.hour < 16
        if judgement["month"] == "2026-02":
            assert date(2026, 2, 9) <= at.date() <= date(2026, 2, 25)
    assert {j["month"] for j in JUDGEMENTS} == {
        "2025-10",
        "2025-11",
        "2025-12",
        "2026-01",
        "2026-02",
    }


def test_every_change_has_a_reason_and_uaendret_has_none() -> None:
    for key, history in judgements_by_initiative().items():
        current: str | None = None
        for j in history:
            if j["status"] is None:
                assert current is not None, f"{key} is confirmed before it is set"
                assert j["reason"] == ""
            else:
                assert j["status"] != current, f"{key} changes to what it is"
                assert j["reason"] or current is None, f"{key} lacks a reason"
                current = j["status"]


def test_deviations_name_their_yardstick() -> None:
    for j in JUDGEMENTS:
        assert bool(j["deviates"]) == (j["status"] in DEVIATIONS), j["at"]
        assert set(j["deviates"]) <= {"resources", "quality", "time"}


def test_resulting_state_for_february() -> None:
    histories = judgements_by_initiative()
    state: dict[str, str | None] = {i["key"]: i["status"] for i in INITIATIVES}
    assert set(histories) <= set(state)
    assert not {"takstoversigt", "ommaerkning-og-nedlukning"} & set(histories)
    for j in JUDGEMENTS:
        state[j["initiative"]] = j["status"] or state[j["initiative"]]
    assert Counter(state.values()) == {
        "not_started": 2,
        "on_track": 7,
        "minor_deviations": 1,
        "major_deviations": 1,
        "closure_recommended": 1,
        "completed": 1,
        None: 1,
    }


def test_nine_of_twelve_are_updated_in_february() -> None:
    february = [j for j in JUDGEMENTS if j["month"] == "2026-02"]
    assert len(judgements_by_initiative()) == 12
    assert len({j["initiative"] for j in february}) == len(february) == 9
    assert sum(j["status"] is None for j in february) == 4


def test_texts_of_the_demo() -> None:
    texts: list[Node] = DEMO["initiatives"]
    keys = [t["initiative"] for t in texts]
    assert len(set(keys)) == len(keys)
    assert set(keys) <= {i["key"] for i in INITIATIVES}
    assert {t["initiative"] for t in texts if t["ask"]} == {
        "bestillingsportal",
        "leverandoerliste",
        "ommaerkning-og-nedlukning",
        "principbeslutning",
    }
    for text in strings(DEMO):
        assert not DIRT.search(text), text
        assert not re.search(r"\d{6}-?\d{4}", text), text
