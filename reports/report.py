"""The monthly report as a view model: what the templates place, in Danish, ready to print.

Pure and deterministic: a plan document in, tuples of words out; no database, no clock. The words
are `TEXTS.md`'s, the caps those of `REPORT-LOOK.md`. Hard blanks are replaced by ordinary ones:
they would enter the text layer of the PDF; the filter `dates` keeps dates on one line instead.
"""

import math
from dataclasses import dataclass

from core import danish
from initiatives import plan
from initiatives.status import STATUS_LINE

DRAFT = "Kladde. Kan stadig ændre sig."

# Page 1 has room for five questions; fewer when they are long, so that it always ends with "I alt".
MAX_ASKS = 5
MAX_ASK_LINES = 26
ASK_LINE_LETTERS = 68
# A taller table is broken between its rows rather than moved to a page of its own.
MAX_UNBROKEN_ROWS = 6
MAX_UNBROKEN_LINES = 36
# Letters on one line of each column: title, indsatser, deadline, status with reason.
COLUMN_LETTERS = (24, 46, 38, 46)


@dataclass(frozen=True, slots=True)
class Chip:
    """A status as drawn: `symbol` names its class and icon file, `label` its word."""

    symbol: str
    label: str


@dataclass(frozen=True, slots=True)
class Ask:
    """One question for the group, numbered through."""

    number: int
    title: str
    question: str
    chip: Chip


@dataclass(frozen=True, slots=True)
class CountRow:
    """One row of *Status i tal*: the legend and the number are the same row."""

    chip: Chip
    meaning: str
    number: int


@dataclass(frozen=True, slots=True)
class MarkLine:
    """A fact under the chip; `detail` may be ""."""

    label: str
    detail: str


@dataclass(frozen=True, slots=True)
class Row:
    """One initiative. `reason` opens with what deviates; `reason` and `text` may be ""."""

    title: str
    actions: tuple[str, ...]
    deadlines: tuple[str, ...]
    chip: Chip
    marks: tuple[MarkLine, ...]
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class AreaSection:
    """One table. `breaks` says that it may be broken between rows."""

    title: str
    rows: tuple[Row, ...]
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
    """The whole report. `banner` is "" for real data, `created` an ISO day for the metadata."""

    title: str
    month: str
    origin: str
    state: str
    foot: str
    banner: str
    author: str
    created: str
    introduction: str
    asks: tuple[Ask, ...]
    more_asks: tuple[Ask, ...]
    counts: tuple[CountRow, ...]
    total: int
    principles: tuple[PrincipleSection, ...]
    top_level_label: str
    untreated: tuple[UntreatedRow, ...]
    about: tuple[str, ...]


def make_report(document: plan.PlanDocument) -> Report:
    """The draft report of the document's month."""
    programme = document.programme
    name = danish.possessive(programme.title[:1].lower() + programme.title[1:])
    month = soft(danish.month(document.month))
    drawn_up = f"opgjort den {soft(danish.day(document.drawn_up_on))}"
    asks, more_asks = _split_asks(document)
    counts = plan.count_statuses(document)
    return Report(
        title=f"Status på {name} initiativer – {month}",
        month=month,
        origin=f"{programme.authority} · {programme.title}",
        state=f"{danish.capitalise(drawn_up)} · {DRAFT}",
        foot=f"{programme.authority} · Kladde, {drawn_up}",
        banner=soft(document.banner),
        author=f"Sekretariatet for {programme.authority}",
        created=document.drawn_up_on.isoformat(),
        introduction=(
            f"Statusopgørelsen viser, hvor langt {name} initiativer er. Hvert initiativ er "
            "vurderet i forhold til sit godkendte kommissorium: de afsatte ressourcer, den "
            "forventede kvalitet og tidsplanen."
        ),
        asks=asks,
        more_asks=more_asks,
        counts=tuple(
            CountRow(Chip(status.symbol, status.label), soft(status.meaning), number)
            for status, number in counts.by_status
        ),
        total=counts.total,
        principles=_principles(document),
        top_level_label=programme.top_level_label,
        untreated=tuple(
            UntreatedRow(soft(principle.title), soft(area.title))
            for principle, areas in plan.untreated_areas(document)
            for area in areas
        ),
        about=_about(document, month, drawn_up),
    )


def soft(text: str) -> str:
    """`text` with ordinary blanks for hard ones."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def standing_reason(judgement: plan.Judgement | None) -> str:
    """The reason that stands for a status; a deviation's opens with what deviates.

    "Tidsplan: Begge leverancer er forsinket." or "Ressourcer og tidsplan: …"; "" when none.
    """
    if judgement is None:
        return ""
    reason = soft(judgement.reason)
    if not judgement.deviates:
        return reason
    words = danish.capitalise(danish.listed(word.lower() for word in judgement.deviates))
    return f"{words}: {reason}" if reason else f"{words}."


def _chip(document: plan.PlanDocument, value: str) -> Chip:
    status = document.status(value)
    return Chip(status.symbol, status.label)


def _split_asks(document: plan.PlanDocument) -> tuple[tuple[Ask, ...], tuple[Ask, ...]]:
    """The questions that page 1 has room for, and the rest; at least one stays on page 1."""
    asks = tuple(
        Ask(number, soft(item.title), soft(item.ask), _chip(document, item.status))
        for number, item in enumerate(plan.asks(document), start=1)
    )
    room, lines = 0, 0
    for ask in asks[:MAX_ASKS]:
        lines += _lines(f"{ask.title}. {ask.question}", ASK_LINE_LETTERS)
        if room and lines > MAX_ASK_LINES:
            break
        room += 1
    return asks[:room], asks[room:]


def _principles(document: plan.PlanDocument) -> tuple[PrincipleSection, ...]:
    """Principles and areas that have initiatives: a section is never empty."""
    sections = []
    for principle in document.principles:
        number = sum(1 for _ in principle.initiatives())
        areas = tuple(_area(document, area) for area in principle.areas if area.initiatives)
        if areas:
            count = danish.count(number, "initiativ", "initiativer")
            sections.append(PrincipleSection(soft(principle.title), count, areas))
    return tuple(sections)


def _area(document: plan.PlanDocument, area: plan.Area) -> AreaSection:
    rows = tuple(_row(document, item) for item in area.initiatives)
    breaks = len(rows) > MAX_UNBROKEN_ROWS or sum(map(row_lines, rows)) > MAX_UNBROKEN_LINES
    return AreaSection(soft(area.title), rows, breaks)


def _row(document: plan.PlanDocument, item: plan.Initiative) -> Row:
    return Row(
        title=soft(item.title),
        actions=tuple(soft(action.title) for action in item.actions),
        deadlines=tuple(soft(deadline.wording) for deadline in item.deadlines),
        chip=_chip(document, item.status),
        marks=tuple(MarkLine(mark.label, soft(mark.detail)) for mark in item.marks),
        reason=standing_reason(item.judgement),
        text=soft(item.report_text),
    )


def row_lines(row: Row) -> int:
    """About how many lines the row is high, for choosing where its table may break."""
    title, actions, deadlines, status = COLUMN_LETTERS
    marks = (f"{mark.label} {mark.detail}" for mark in row.marks)
    under_chip = [text for text in (*marks, row.reason, row.text) if text]
    return max(
        _lines(row.title, title),
        sum(_lines(text, actions) for text in row.actions),
        sum(_lines(text, deadlines) for text in row.deadlines),
        1 + sum(_lines(text, status) for text in under_chip),
    )


def _lines(text: str, letters: int) -> int:
    """Lines of `text`, each at most `letters` long; line breaks are kept."""
    return sum(max(1, math.ceil(len(line) / letters)) for line in text.split("\n"))


def _about(document: plan.PlanDocument, month: str, drawn_up: str) -> tuple[str, ...]:
    day = soft(danish.day(document.drawn_up_on))
    total = plan.count_statuses(document).total
    number = plan.count_updated(document)
    updated = danish.thousands(number) if number else "Ingen"
    initiatives = danish.count(total, "initiativ", "initiativer")
    return (
        STATUS_LINE,
        f"Status er for hvert initiativ den nyeste vurdering til og med {month}. "
        + (f"{updated} af {initiatives} er vurderet for {month}. " if total else "")
        + f"Titler, indsatser, deadlines og øvrige tekster er, som de stod i planen den {day}; "
        "deadlines er gengivet ordret.",
        f"Kladde, {drawn_up}. Kan stadig ændre sig.",
    )
