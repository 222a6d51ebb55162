"""What the monthly report is made of."""

from dataclasses import dataclass, field
from datetime import date

import plan
from plan.status import StatusStyle

# The icon of each status as a character. None of them is ever drawn as an emoji, as "▶" may be.
SIGNS = {
    "not-started": "○",
    "on-track": "►",
    "minor-deviations": "△",
    "major-deviations": "◆",
    "closure-recommended": "■",
    "completed": "✓",
    "not-reported": "–",
}


@dataclass(frozen=True, slots=True)
class Chip:
    """A status as drawn: `symbol` names its class and icon, `label` is its word, and the colours
    (#rrggbb) are those of the document, whatever the portal's are by now."""

    symbol: str
    label: str
    fill: str
    ink: str

    @classmethod
    def of(cls, status: plan.StatusLabel | StatusStyle) -> "Chip":
        """Draw a status as its document has it."""
        return cls(status.symbol, status.label, status.fill, status.ink)

    @property
    def icon(self) -> str:
        """The name of its icon; a symbol that is no longer known has that of "Ikke oplyst"."""
        return self.symbol if self.symbol in SIGNS else "not-reported"

    @property
    def sign(self) -> str:
        """Its icon as a character."""
        return SIGNS[self.icon]


@dataclass(frozen=True, slots=True)
class Ask:
    """One question for the group, with its number."""

    number: int
    title: str
    question: str
    chip: Chip


@dataclass(frozen=True, slots=True)
class CountRow:
    """One row of *Status i tal*: the legend and the number are the same row. `before` is the
    number last time, None without an earlier edition."""

    chip: Chip
    meaning: str
    number: int
    before: int | None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One initiative whose status differs from last time; `reason` may be ""."""

    title: str
    reason: str
    before: Chip
    now: Chip


@dataclass(frozen=True, slots=True)
class UpcomingRow:
    """A promise of the next 60 days: its last day (or the day it opens), the initiative, the kind
    in a word ("Ny deadline", "Opstart") and what it is about."""

    day: str
    on: date
    title: str
    kind: str
    about: str
    chip: Chip


@dataclass(frozen=True, slots=True)
class EditionFacts:
    """What is said of a locked edition besides its document.

    `code` is the Kontrolkode in groups of four; `meeting_on` the meeting it is for; `correction`
    says what was corrected in an edition after the first; `sentences` are the change text as it was
    locked.
    """

    number: int
    locked_on: date
    meeting_on: date | None
    correction: str
    code: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Earlier:
    """The edition a report is compared with: "udgave 1, januar 2026", and its document."""

    name: str
    document: plan.PlanDocument


@dataclass(frozen=True, slots=True)
class MarkLine:
    """A fact under the chip; `detail` may be ""."""

    label: str
    detail: str


@dataclass(frozen=True, slots=True)
class ReportDeadline:
    """A wording as written; `note` is what is derived from it, "" for nothing."""

    wording: str
    note: str


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One initiative. `reason` opens with what deviates; `reason` and `text` may be "".

    `before` is the status last time: None without an earlier edition. An initiative that is new
    since then was "Ikke oplyst".
    """

    title: str
    actions: tuple[str, ...]
    deadlines: tuple[ReportDeadline, ...]
    chip: Chip
    before: Chip | None
    changed: bool
    marks: tuple[MarkLine, ...]
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class AreaSection:
    """One table. `breaks` says that it may be broken between rows."""

    title: str
    rows: tuple[ReportRow, ...]
    breaks: bool


@dataclass(frozen=True, slots=True)
class PrincipleSection:
    """The tables under one principle. `count` is "6 initiativer"."""

    title: str
    count: str
    areas: tuple[AreaSection, ...]


@dataclass(frozen=True, slots=True)
class UntreatedRow:
    """An area without an initiative, with its principle (repeated: no rowspan)."""

    principle: str
    area: str


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report. `banner` is "" for real data, `created` an ISO day for the metadata.

    Without `has_areas` nothing is said of areas that lack treatment, since there are no areas.

    `draft` is a sentence for every part that may be copied out of a draft; "" in an edition.
    `markup` holds what has been drawn of it.
    """

    title: str
    month: str
    origin: str
    state: str
    draft: str
    foot: str
    banner: str
    author: str
    created: str
    introduction: str
    asks: tuple[Ask, ...]
    more_asks: tuple[Ask, ...]
    earlier: str
    changes: tuple[ChangeRow, ...]
    more_changes: tuple[ChangeRow, ...]
    counts: tuple[CountRow, ...]
    total: int
    total_before: int | None
    upcoming: tuple[UpcomingRow, ...]
    principles: tuple[PrincipleSection, ...]
    top_level_label: str
    sentences: tuple[str, ...]
    has_areas: bool
    untreated: tuple[UntreatedRow, ...]
    about: tuple[str, ...]
    closing: str
    markup: dict[str, str] = field(default_factory=dict, compare=False, repr=False)
