"""The plan document: one immutable, JSON-serialisable value of what the plan says.

Everything that shows the plan (pages, report, files, comparison) works on it. It holds values,
never ids to look up later: labels, symbols, order and wordings as they were. A `key` only matches
and links. Version tokens and the names of editors are not part of it (DESIGN §3). Pure: no
database; `initiatives/sources` builds it from the tables.
"""

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import msgspec

from deadlines.term import Term
from plan.status import Status

SCHEMA = 3

# The keys are sorted, so that one document is always the same bytes.
_ENCODER = msgspec.json.Encoder(order="sorted")
# Colours and symbols become part of a style sheet, so their characters are limited.
Colour = Annotated[str, msgspec.Meta(pattern=r"^#[0-9a-f]{6}\Z")]
Symbol = Annotated[str, msgspec.Meta(pattern=r"^[a-z-]+\Z")]


@dataclass(frozen=True, slots=True)
class StatusLabel:
    """A status as the document names, draws and explains it."""

    value: str
    label: str
    symbol: Symbol
    meaning: str
    fill: Colour
    ink: Colour


@dataclass(frozen=True, slots=True)
class Mark:
    """A fact shown beside the status: `kind` is paused, waiting or no_terms; `detail` may be ""."""

    kind: str
    label: str
    detail: str


@dataclass(frozen=True, slots=True)
class Action:
    """Indsats: a part of an initiative."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Move:
    """A change of a deadline on `day`; `old` is None when the deadline before is not known.

    A correction mends a typing error and does not count as a move.
    """

    day: date
    old: Term | None
    new: Term
    reason: str
    is_correction: bool


@dataclass(frozen=True, slots=True)
class Deadline:
    """A line of the Deadline column. `fact_label` is shown beside it; `action` is the key of the
    indsats it belongs to, or None.

    `opens_on` is the day of an "Opstart". `met_on` is the day it was met; for a presentation, the
    day its outcome was known. `moves` are all moves ever made, oldest first. `outcome` is that of a
    presentation in Danish ("Godkendt"), "" if none is registered. `added_month` is the month that
    was reported when the deadline was written, None if not known.
    """

    key: str
    wording: str
    fact: str
    fact_label: str
    action: str | None
    starts_on: date | None = None
    ends_on: date | None = None
    kind: str = "none"
    set_by_hand: bool = False
    opens_on: date | None = None
    met_on: date | None = None
    moves: tuple[Move, ...] = ()
    outcome: str = ""
    outcome_remark: str = ""
    added_month: date | None = None

    @property
    def term(self) -> Term:
        """Its wording and days."""
        return Term(self.wording, self.starts_on, self.ends_on, self.kind)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A status with its reason. `month` is the month it applies to, `day` when it was recorded.

    `confirmed` says that it was last confirmed as "uændret"; `reason` and `deviates` (Danish words)
    are then those of the judgement that was confirmed. `reason_month` is the month that the reason
    was written for; None without a reason, and where it is not known.
    """

    status: str
    reason: str
    deviates: tuple[str, ...]
    month: date
    day: date
    confirmed: bool
    reason_month: date | None = None


@dataclass(frozen=True, slots=True)
class Initiative:
    """Initiativ: what is done in an area. `status` is the value of one of the document's statuses.
    `judgement` is None when nobody has judged; `before` is the one that applied a month earlier.
    `report_text_month` and `ask_month` are the months that these texts were written for, None if
    not known."""

    key: str
    title: str
    status: str
    judgement: Judgement | None
    before: Judgement | None
    marks: tuple[Mark, ...]
    ask: str
    report_text: str
    actions: tuple[Action, ...]
    deadlines: tuple[Deadline, ...]
    report_text_month: date | None = None
    ask_month: date | None = None


@dataclass(frozen=True, slots=True)
class YearNumber:
    """An area's number in a year's programme; `repeated_number` is a second one in the source."""

    year: int
    number: int
    repeated_number: int | None


@dataclass(frozen=True, slots=True)
class Area:
    """Indsatsområde: an area with its initiatives."""

    key: str
    title: str
    years: tuple[YearNumber, ...]
    initiatives: tuple[Initiative, ...]


@dataclass(frozen=True, slots=True)
class Principle:
    """Princip: a principle with its areas."""

    key: str
    title: str
    areas: tuple[Area, ...]

    def initiatives(self) -> Iterator[Initiative]:
        """List every initiative of the principle, in order."""
        return (initiative for area in self.areas for initiative in area.initiatives)


@dataclass(frozen=True, slots=True)
class Programme:
    """The programme as the document names it."""

    key: str
    title: str
    authority: str
    top_level_label: str
    top_level_label_plural: str
    purposes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """The whole plan for one month, drawn up on one day.

    `banner` is the example-data sentence that every rendering must carry, "" for real data.
    """

    schema: int
    programme: Programme
    month: date
    drawn_up_on: date
    banner: str
    statuses: tuple[StatusLabel, ...]
    principles: tuple[Principle, ...]

    def initiatives(self) -> Iterator[Initiative]:
        """List every initiative, in the order of the report."""
        return (item for principle in self.principles for item in principle.initiatives())

    def status(self, value: str) -> StatusLabel:
        """Find the label of a status value. Raises KeyError when the document has none."""
        for status in self.statuses:
            if status.value == value:
                return status
        raise KeyError(value)

    def to_json(self) -> str:
        """Write canonical JSON: sorted keys, no blanks, letters unescaped."""
        return _ENCODER.encode(self).decode()

    @classmethod
    def from_json(cls, text: str) -> "PlanDocument":
        """Read a document that `to_json` wrote.

        Raises ValueError, which names the place, when the schema is unknown, a value has the wrong
        type, or the fields are not those of the schema.
        """
        data = msgspec.json.decode(text)
        if not isinstance(data, dict) or data.get("schema") not in (1, 2, SCHEMA):
            raise ValueError("not a plan document of a known schema")
        if data["schema"] == 1:
            _add_days_to_deadlines(data)
        if data["schema"] == 2 and isinstance(data["schema"], int):
            _add_months_and_outcomes(data)
        document = msgspec.convert(data, cls)
        # msgspec accepts missing fields that have a default, and unknown fields.
        if _ENCODER.encode(document) != _ENCODER.encode(data):
            places = ", ".join(_wrong_fields(msgspec.to_builtins(document), data))
            raise ValueError(f"a plan document has other fields: {places}")
        return document


@dataclass(frozen=True, slots=True)
class Counts:
    """The number of initiatives with each status, in the document's order, and their sum."""

    by_status: tuple[tuple[StatusLabel, int], ...]
    total: int


def count_statuses(document: PlanDocument) -> Counts:
    """Count the initiatives of each status, zeros included, as every page and file shows them."""
    numbers = dict.fromkeys((status.value for status in document.statuses), 0)
    for initiative in document.initiatives():
        numbers[initiative.status] += 1
    by_status = tuple((status, numbers[status.value]) for status in document.statuses)
    return Counts(by_status, sum(numbers.values()))


def count_updated(document: PlanDocument) -> int:
    """Count the initiatives that are judged, or confirmed unchanged, for the document's month."""
    return sum(_is_updated(document, item) for item in document.initiatives())


def not_updated(document: PlanDocument) -> tuple[Initiative, ...]:
    """List the initiatives that are neither judged nor confirmed for the document's month."""
    return tuple(item for item in document.initiatives() if not _is_updated(document, item))


def _is_updated(document: PlanDocument, item: Initiative) -> bool:
    return item.judgement is not None and item.judgement.month == document.month


def untreated_areas(document: PlanDocument) -> tuple[tuple[Principle, tuple[Area, ...]], ...]:
    """Find the areas without an initiative, by principle."""
    lacking = (
        (principle, tuple(area for area in principle.areas if not area.initiatives))
        for principle in document.principles
    )
    return tuple((principle, areas) for principle, areas in lacking if areas)


def treated_areas(document: PlanDocument) -> int:
    """Count the areas that have an initiative."""
    return sum(bool(area.initiatives) for p in document.principles for area in p.areas)


def asks(document: PlanDocument) -> tuple[Initiative, ...]:
    """List the initiatives that ask the group for a decision: recommended closures first, then the
    others in the order of the report."""
    wanting = [item for item in document.initiatives() if item.ask]
    return tuple(sorted(wanting, key=lambda item: item.status != Status.CLOSURE_RECOMMENDED))


def keep(
    document: PlanDocument, wanted: Callable[[Principle, Area, Initiative], bool]
) -> PlanDocument:
    """Return the document with the wanted initiatives only, and no empty area or principle."""
    principles = []
    for principle in document.principles:
        areas = []
        for area in principle.areas:
            items = tuple(item for item in area.initiatives if wanted(principle, area, item))
            if items:
                areas.append(dataclasses.replace(area, initiatives=items))
        if areas:
            principles.append(dataclasses.replace(principle, areas=tuple(areas)))
    return dataclasses.replace(document, principles=tuple(principles))


def _add_days_to_deadlines(data: dict[str, Any]) -> None:
    """Upgrade data of schema 1, whose deadlines have no days, to schema 2 with unknown days."""
    new = {field.name: field.default for field in dataclasses.fields(Deadline)[5:]} | {"moves": []}
    for initiative in _initiatives_of(data):
        for deadline in initiative["deadlines"]:
            deadline.update(new)
    data["schema"] = 2


def _add_months_and_outcomes(data: dict[str, Any]) -> None:
    """Upgrade data of schema 2, whose texts and deadlines do not say which month they were written
    for, and whose presentations have no outcome."""
    for initiative in _initiatives_of(data):
        initiative |= {"report_text_month": None, "ask_month": None}
        for deadline in initiative["deadlines"]:
            deadline |= {"outcome": "", "outcome_remark": "", "added_month": None}
        for judgement in (initiative["judgement"], initiative["before"]):
            if judgement is not None:
                judgement["reason_month"] = None
    data["schema"] = 3


def _initiatives_of(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for principle in data["principles"]:
        for area in principle["areas"]:
            yield from area["initiatives"]


def _wrong_fields(read: Any, data: Any, path: str = "$") -> Iterator[str]:
    """Name the places where the document that was read has other fields than the data."""
    if isinstance(data, dict):
        yield from (f"{path}.{name}" for name in sorted(read.keys() ^ data.keys()))
        for name in read.keys() & data.keys():
            yield from _wrong_fields(read[name], data[name], f"{path}.{name}")
    elif isinstance(data, list):
        for number, (one, other) in enumerate(zip(read, data, strict=True)):
            yield from _wrong_fields(one, other, f"{path}[{number}]")
    elif read != data:
        yield path
