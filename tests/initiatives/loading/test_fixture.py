"""The two data files: the real programme and the invented judgements of the demo."""

import copy
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from deadlines import parse
from initiatives.loading.oddities import oddities
from initiatives.models.fact import understand

Node = dict[str, Any]

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"
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
REPORT_DAY = date(2026, 2, 26)
# The 22 wordings in the report's order: first day, last day, kind, opening.
DAYS: dict[str, tuple[str | None, str | None, str, str | None]] = {
    "kontraktanalyse-d1": ("2026-01-20", "2026-01-20", "day", None),
    "leverandoerliste-d1": (None, None, "paused", None),
    "principbeslutning-d1": ("2026-02-26", "2026-02-26", "day", None),
    "indkoebs-og-kontrakthaandbog-d1": ("2026-05-01", "2026-08-31", "year", None),
    "indberetninger-til-socialtilsynet-d1": (None, None, "done", None),
    "indberetninger-til-socialtilsynet-d2": (None, None, "none", None),
    "indberetninger-til-socialtilsynet-d3": ("2026-01-12", "2026-01-12", "day", None),
    "takstoversigt-d1": (None, None, "waiting", None),
    "kompetenceudvikling-d1": (None, None, "done", None),
    "kompetenceudvikling-d2": ("2026-07-01", "2026-09-30", "quarter", "2026-01-26"),
    "myndighedsbestilling-d1": ("2026-03-01", "2026-03-31", "month", None),
    "myndighedsbestilling-d2": ("2026-03-01", "2026-03-31", "month", None),
    "bestillingsportal-d1": (None, None, "paused", None),
    "faelles-postkasse-d1": (None, None, "done", None),
    "faelles-postkasse-d2": ("2026-05-01", "2026-05-31", "month", "2026-02-01"),
    "kvalitetsmodel-d1": (None, None, "waiting", None),
    "ommaerkning-og-nedlukning-d1": ("2026-02-26", "2026-02-26", "day", None),
    "ommaerkning-og-nedlukning-d2": ("2026-05-01", "2026-08-31", "year", None),
    "offentligt-privat-partnerskab-d1": (None, None, "done", None),
    "offentligt-privat-partnerskab-d2": (None, None, "done", None),
    "offentligt-privat-partnerskab-d3": (None, None, "none", "2026-03-06"),
    "raadgivningsfunktion-d1": (None, None, "done", None),
}
BY_HAND = "raadgivningsfunktion-d1"
DEVIATIONS = {"minor_deviations", "major_deviations"}
# Markup, entities, bullets, tabs and line breaks, soft hyphens and other invisible
# characters, unusual blanks, two blanks in a row, a blank at either end.
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


def test_the_days_are_those_of_the_table() -> None:
    days = {d["key"]: (d["starts_on"], d["ends_on"], d["kind"], d["opens_on"]) for d in DEADLINES}
    assert list(days) == list(DAYS)
    assert days == DAYS
    assert sum(d["starts_on"] is not None for d in DEADLINES) == 10
    assert sum(d["ends_on"] is not None for d in DEADLINES) == 10
    assert sum(d["opens_on"] is not None for d in DEADLINES) == 3
    assert [d["key"] for d in DEADLINES if d["set_by_hand"]] == [BY_HAND]
    assert not any(d["met_on"] for d in DEADLINES)


@pytest.mark.parametrize("deadline", DEADLINES, ids=lambda d: d["key"])
def test_the_days_are_what_the_wording_means_on_the_day_of_the_report(deadline: Node) -> None:
    written = (deadline["starts_on"], deadline["ends_on"], deadline["kind"], deadline["opens_on"])
    read = parse(deadline["wording"], REPORT_DAY)
    days = tuple(day and day.isoformat() for day in (read.start, read.end, read.opens_on))
    # The wording of the deadline set by hand does not say that it is done.
    kind = "done" if deadline["key"] == BY_HAND else read.kind
    assert (read.kind == kind) == (deadline["key"] != BY_HAND)
    assert written == (days[0], days[1], kind, days[2])
    understood = understand(deadline["wording"], deadline["fact"], REPORT_DAY)
    assert (understood.start, understood.end, understood.opens_on) == (
        read.start,
        read.end,
        read.opens_on,
    )
    assert understood.kind == kind


def test_four_moves_are_known() -> None:
    moves = {d["key"]: d["moves"] for d in DEADLINES if d["moves"]}
    assert {key: len(moves_of_key) for key, moves_of_key in moves.items()} == {
        "myndighedsbestilling-d1": 1,
        "myndighedsbestilling-d2": 1,
        "kvalitetsmodel-d1": 1,
        "offentligt-privat-partnerskab-d2": 1,
    }
    for key in ("myndighedsbestilling-d1", "myndighedsbestilling-d2"):
        (move,) = moves[key]
        assert (move["old"], move["reason"], move["source"]) == (None, "", "000")
    (dialogue,) = moves["offentligt-privat-partnerskab-d2"]
    assert (dialogue["old"]["ends_on"], dialogue["new"]["ends_on"]) == ("2025-06-06", "2025-09-17")
    assert dialogue["reason"]
    (charter,) = moves["kvalitetsmodel-d1"]
    assert charter["old"] == {
        "wording": "primo oktober 2025",
        "starts_on": "2025-10-01",
        "ends_on": "2025-10-10",
        "kind": "month",
    }
    assert {m["source"] for m in (dialogue, charter)} == {"002"}


def test_a_move_ends_at_its_deadlines_days_and_means_its_wording() -> None:
    for deadline in DEADLINES:
        for move in deadline["moves"]:
            new = {name: deadline[name] for name in ("wording", "starts_on", "ends_on", "kind")}
            assert (move["new"] == new) == (deadline["fact"] != "completed"), deadline["key"]
            for term in filter(None, (move["old"], move["new"])):
                day = date.fromisoformat(PROGRAMME["sources"][move["source"]]["date"])
                read = parse(term["wording"], day)
                days = tuple(day and day.isoformat() for day in (read.start, read.end))
                assert (*days, read.kind) == (term["starts_on"], term["ends_on"], term["kind"])


def test_only_the_status_given_in_words_is_set() -> None:
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


# What a person should look at


def report(data: Node = PROGRAMME) -> list[str]:
    return [f"{oddity.place}: {oddity.note}" for oddity in oddities(data)]


@pytest.mark.parametrize(
    ("place", "phrase"),
    [
        # The page
        ("kolonnen »Status«", "Cellerne er tomme"),
        ("første kolonne", "seks kolonner på side 1, 2 og 4 og fem på side 3 og 5"),
        ("rækken med overskrifter", "ikke regnet som en ny gruppe"),
        ("tabellens side 2, første", "kun »Fælles om«"),
        ("tabellens side 4, første", "Området er lagt under »Fælles om kvalitet«"),
        ("»Indsatser« og »Deadline«", "formateringskoder (ul og p)"),
        ("Vi sikrer kvaliteten i de tilbud", "princippets felt er tomt"),
        # Lines run together, lost bullets
        ("Kontraktanalyse", "Punkttegnene er tabt"),
        ("Leverandørliste", "Punkttegnene er tabt"),
        ("Indkøbs- og kontrakthåndbog", "Punkttegnene er tabt"),
        ("Myndighedsbestilling", "Punkttegnene er tabt"),
        ("Fælles postkasse", "Punkttegnene er tabt"),
        ("Arbejdsgang for indberetninger", "De er her delt i tre"),
        ("Kompetenceudvikling", "De er her delt i to"),
        # Words kept, left out or mended
        ("Kontraktanalyse › Indsatser, nr. 1", "kontrakter er«"),
        ("Kontraktanalyse › Indsatser, nr. 2", "bestillinger er«"),
        ("rådgivningsfunktion til særlige", "løst »d«"),
        ("Socialtilsynet › Indsatser, nr. 1", "formentlig ment indberetning"),
        ("kontrakthåndbog › Indsatser, nr. 1", "»kontrakt del«"),
        ("Borgere med behov › Indsatser, nr. 1", "»ledig kommunale botilbudskapacitet«"),
        ("Myndighedsbestilling › Indsatser, nr. 1", "»ledelsesinformation perspektiv«"),
        ("Borgere med behov", "»Borgere« med stort"),
        ("særlige komplekse borgersager", "»særlige komplekse«"),
        ("måling af kvalitet › Deadline, nr. 1", "»implementeringsgruppen« med lille"),
        ("kontrakthåndbog › Deadline, nr. 1", "»i medio 2026«"),
        ("Vi sikrer balance", "»underskuds-garanti«"),
        ("Vi har fokus på mindst mulig", "»selvhjulpethed«"),
        ("socialområde › Deadline, nr. 3", "»offentlig-privat«"),
        ("socialområde › Indsatser, nr. 3", "»4 møder årligt«"),
        # Which indsats a text belongs to
        ("Borgere med behov › Deadline, nr. 1", "»afsøgning«"),
        ("Myndighedsbestilling › Deadline, nr. 1", "koblet efter indhold og rækkefølge"),
        ("bo- og døgntilbud › Deadline, nr. 2", "koblet efter indhold"),
        # Days
        ("Borgere med behov › Indsatser, nr. 2", "Afgør, om 1. februar 2026 – 1. maj 2026"),
        ("Borgere med behov › Indsatser, nr. 3", "Afgør, om 22. maj 2026"),
        ("Borgere med behov › Deadline, nr. 2", "Indsatsen siger 1. maj, mens deadlinen siger maj"),
        ("Borgere med behov › Deadline, nr. 2", "Bekræft det antagne årstal"),
        ("Kompetenceudvikling › Deadline, nr. 2", "Bekræft det antagne årstal"),
        ("Socialtilsynet › Deadline, nr. 3", "Bekræft det antagne årstal"),
        ("socialområde › Deadline, nr. 3", "Bekræft det antagne årstal"),
        ("Kontraktanalyse › Deadline, nr. 1", "Registrér gruppens svar"),
        ("Myndighedsbestilling › Deadline, nr. 1", "Skriv den første deadline"),
        ("Myndighedsbestilling › Deadline, nr. 2", "Skriv den første deadline"),
        ("måling af kvalitet › Deadline, nr. 1", "Skriv årsagen til flytningen"),
        ("Bestillingsportal › Deadline, nr. 1", "Skriv, siden hvornår"),
        ("borgersager › Deadline, nr. 1", "angivet i hånden"),
        ("dialogmødet", "Bekræft årstallet"),
        # Counts, numbers and variants
        ("alle initiativer", "13 af 14 har status »Ikke oplyst«"),
        ("alle initiativer", "12 af 14 har et kommissorium"),
        ("Borgere med behov, kolonnen »Indsatser«", "24 indsatser"),
        ("enkeltmandstilbud › år 2025", "nummer 8 gentager nummer 3"),
        ("Myndighedsbestilling, kolonnen »Deadline«", "ikke en gentagelse"),
        ("Vi anvender udelukkende standardkontrakter", "KL’s standardkontrakter"),
        ("Vi afstemmer altid ledige", "slutter med punktum"),
        ("Vi drøfter lukning", "komma før »før«"),
        ("Vi styrker samarbejdet", "»nonprofitorganisationer«"),
        ("formål › nr. 3", "»Øge kvaliteten"),
        ("17 kommuner", "almen viden"),
        ("bo- og døgntilbud › Indsatser, nr. 1", "ingen deadline for denne indsats"),
        ("Principbeslutning › Indsatser, nr. 1", "»Ny leverance«"),
    ],
)
def test_the_report_lists_each_trap_in_its_place(place: str, phrase: str) -> None:
    # Dates have hard blanks.
    lines = [line.replace("\N{NO-BREAK SPACE}", " ") for line in report()]
    assert any(place in line.partition(": ")[0] and phrase in line for line in lines)


def test_every_place_is_listed_once_with_something_to_do() -> None:
    places = oddities(PROGRAMME)
    derived = [o.place for o in places if "alle initiativer" not in o.place]
    assert len(set(derived)) == len(derived)
    asks = ("Afgør", "Bekræft", "Kontrollér", "Skriv", "Sæt", "Registrér")
    for oddity in places:
        assert any(word in oddity.note for word in asks), oddity.place
        assert oddity.note.endswith("."), oddity.place


def test_the_years_that_are_assumed_are_found_and_no_others() -> None:
    assumed = [line for line in report() if "det antagne årstal" in line]
    assert len(assumed) == 4


def test_days_that_differ_from_the_wording_are_listed() -> None:
    data = copy.deepcopy(PROGRAMME)
    assert not any("Ordlyden læses som" in line for line in report(data))
    deadline = data["principles"][0]["areas"][0]["initiatives"][0]["deadlines"][0]
    deadline["starts_on"], deadline["ends_on"] = None, "2026-03-01"
    (line,) = (line for line in report(data) if "Ordlyden læses som" in line)
    assert "læses som 20.\N{NO-BREAK SPACE}januar\N{NO-BREAK SPACE}2026, men filen siger" in line
    assert "1.\N{NO-BREAK SPACE}marts\N{NO-BREAK SPACE}2026. Afgør, hvad der gælder." in line


def test_a_programme_without_oddities_has_an_empty_list() -> None:
    places = [oddity.place for oddity in oddities(PROGRAMME)]
    assert not any(place.endswith("Socialtilsynet › Deadline, nr. 2") for place in places)
    assert not any(place.endswith("Kontraktanalyse › Indsatser, nr. 3") for place in places)


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


def test_the_texts_of_the_demo_are_clean() -> None:
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
