"""Plan documents for the report's tests, made from the two data files without a database."""

import dataclasses
import json
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import plan
from core.danish import soft
from deadlines.term import Term
from initiatives.sources.nodes import fact_label
from plan.status import NOT_REPORTED, STATUS_STYLES, Yardstick
from reports.report import report
from reports.report.parts import Report

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"
FEBRUARY = date(2026, 2, 1)
DAY = date(2026, 2, 26)
BANNER = (
    "Status, begrundelser og brugere er opdigtede og siger intet om de rigtige initiativer. "
    "Titler, indsatser og deadlines er fra statusopgørelsen for februar 2026. "
    "Dags dato er sat til 26.\N{NO-BREAK SPACE}februar\N{NO-BREAK SPACE}2026."
)
LABELS = tuple(
    plan.StatusLabel(s.value, s.label, s.symbol, s.meaning, s.fill, s.ink) for s in STATUS_STYLES
)
UNKNOWN_SINCE = "tidspunkt ikke oplyst"


def february(month: date = FEBRUARY) -> plan.PlanDocument:
    """Make the demo's plan: the real programme with the invented judgements up to `month`."""
    programme = json.loads((FIXTURES / "programme.json").read_text("utf-8"))
    demo = json.loads((FIXTURES / "demo.json").read_text("utf-8"))
    texts = {item["initiative"]: item for item in demo["initiatives"]}
    judgements = _judgements(demo["judgements"], month)
    principles = [
        plan.Principle(
            p["key"],
            p["title"],
            tuple(
                plan.Area(
                    a["key"],
                    a["title"],
                    (),
                    tuple(
                        _initiative(i, judgements, texts, programme["sources"])
                        for i in a["initiatives"]
                    ),
                )
                for a in p["areas"]
            ),
        )
        for p in programme["principles"]
    ]
    return make_document(principles, month=month)


def make_document(
    principles: Iterable[plan.Principle], *, month: date = FEBRUARY, banner: str = BANNER
) -> plan.PlanDocument:
    """Make a document of the development programme with `principles`."""
    programme = plan.Programme(
        "udviklingsprogrammet",
        "Udviklingsprogrammet",
        "Rammeaftale Sjælland",
        "Princip",
        "Principper",
        (),
    )
    return plan.PlanDocument(plan.SCHEMA, programme, month, DAY, banner, LABELS, tuple(principles))


def make_initiative(title: str = "Initiativ", **changes: Any) -> plan.Initiative:
    """Make an initiative nobody has judged, with one indsats and one deadline."""
    initiative = plan.Initiative(
        key=title.lower(),
        title=title,
        status=NOT_REPORTED,
        judgement=None,
        before=None,
        marks=(),
        ask="",
        report_text="",
        actions=(plan.Action("a", "Udvikling af en skabelon."),),
        deadlines=(plan.Deadline("d", "Medio 2026", "deadline", "Deadline", None),),
    )
    return dataclasses.replace(initiative, **changes)


def judged_fields(status: str, reason: str = "", **changes: Any) -> dict[str, Any]:
    """Return the fields of a judged initiative: its status, and its judgement with `changes`."""
    judgement = plan.Judgement(status, reason, (), FEBRUARY, DAY, False)
    return {"status": status, "judgement": dataclasses.replace(judgement, **changes)}


def in_one_area(initiatives: Iterable[plan.Initiative], **how: Any) -> plan.PlanDocument:
    """Make a document with one principle and one area, which has `initiatives`."""
    area = plan.Area("a", "Vi anvender fælles standarder", (), tuple(initiatives))
    return make_document([plan.Principle("p", "Fælles om kvalitet", (area,))], **how)


def _initiative(
    data: dict[str, Any],
    judgements: dict[str, plan.Judgement],
    texts: dict[str, Any],
    sources: dict[str, Any],
) -> plan.Initiative:
    key = data["key"]
    judgement = judgements.get(key)
    texts_of_key = texts.get(key, {})
    return plan.Initiative(
        key=key,
        title=data["title"],
        status=judgement.status if judgement else data["status"] or NOT_REPORTED,
        judgement=judgement,
        before=None,
        marks=tuple(_marks(data)),
        ask=texts_of_key.get("ask", ""),
        report_text=texts_of_key.get("report_text", ""),
        actions=tuple(plan.Action(a["key"], a["title"]) for a in data["actions"]),
        deadlines=tuple(_deadline(d, sources) for d in data["deadlines"]),
    )


def _deadline(data: dict[str, Any], sources: dict[str, Any]) -> plan.Deadline:
    """Make the deadline as it is in the live plan."""
    return plan.Deadline(
        data["key"],
        data["wording"],
        data["fact"],
        fact_label(data["fact"], data["wording"]),
        data["action"],
        _day(data["starts_on"]),
        _day(data["ends_on"]),
        data["kind"],
        data["set_by_hand"],
        _day(data["opens_on"]),
        _day(data["met_on"]),
        tuple(
            plan.Move(
                date.fromisoformat(sources[move["source"]]["date"]),
                _term(move["old"]) if move["old"] else None,
                _term(move["new"]),
                move["reason"],
                False,
            )
            for move in data["moves"]
        ),
        added_month=FEBRUARY,
    )


def _term(data: dict[str, Any]) -> Term:
    days = _day(data["starts_on"]), _day(data["ends_on"])
    return Term(data["wording"], *days, data["kind"])


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _marks(data: dict[str, Any]) -> Iterable[plan.Mark]:
    for deadline in data["deadlines"]:
        if deadline["fact"] == "paused":
            yield plan.Mark("paused", "På pause", deadline["detail"])
        if deadline["fact"] == "waiting":
            yield plan.Mark("waiting", "Afventer", f"{deadline['detail']}, {UNKNOWN_SINCE}")
    if data["terms_of_reference"] == "not_approved":
        yield plan.Mark("no_terms", "Intet godkendt kommissorium", "")


def _judgements(rows: list[dict[str, Any]], month: date) -> dict[str, plan.Judgement]:
    """Return the newest judgement of each initiative up to `month`; "uændret" keeps the reason."""
    newest: dict[str, plan.Judgement] = {}
    for row in sorted(rows, key=lambda row: row["at"]):
        judged_for = date.fromisoformat(f"{row['month']}-01")
        if judged_for > month:
            continue
        day = datetime.fromisoformat(row["at"]).date()
        if row["status"] is None:
            standing = newest[row["initiative"]]
            newest[row["initiative"]] = dataclasses.replace(
                standing, month=judged_for, day=day, confirmed=True
            )
            continue
        deviates = tuple(str(Yardstick(name).label) for name in row["deviates"])
        newest[row["initiative"]] = plan.Judgement(
            row["status"], row["reason"], deviates, judged_for, day, False
        )
    return newest


def make_report(*arguments: Any, **named: Any) -> Report:
    """Make the report with ordinary blanks in place of hard ones."""
    made: Report = _softened(report.make_report(*arguments, **named))
    return made


def _softened(value: Any) -> Any:
    if isinstance(value, str):
        return soft(value)
    if isinstance(value, tuple):
        return tuple(_softened(item) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
        return dataclasses.replace(value, **{n: _softened(old) for n, old in fields.items()})
    return value
