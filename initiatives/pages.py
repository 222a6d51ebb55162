"""What the plan's pages place: prepared rows of Danish strings and links, from the document.

Formatting costs more than querying (PERFORMANCE), so words, dates and addresses are made here
and templates only place them. Pure but for links: no database.
"""

import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.template.loader import render_to_string

from core import danish
from core.characters import fold_lines, fold_typed
from core.links import Links, with_query
from core.texts import typed_text
from initiatives import due, plan
from initiatives.live import LivePlan, RowState
from initiatives.status import NOT_REPORTED, STYLE_BY_VALUE, Status, StatusStyle

PAGE_SIZE = 100
# Stands where an archived indsats had its number.
ARCHIVED = "arkiveret"
# Rows whose markup a worker keeps: about 4 kB each.
KEPT_ROWS = 2000
# Stands for a row's key in an address; no address of ours has capitals after the key.
_KEY = "KEY"
MARK_SYMBOLS = {"paused": "paused", "waiting": "waiting", "no_terms": "no-terms"}
# What `Filter.state` lets through, by its value in the address.
STATES = {
    "ivaerksat": "iværksatte initiativer",
    "paa-pause": "initiativer på pause",
    "afventer": "afventende initiativer",
}
_STATE_MARKS = {"paa-pause": "paused", "afventer": "waiting"}


@dataclass(frozen=True, slots=True)
class StatusCell:
    """The status of one initiative with what may be done about it. `dom` is the cell's id."""

    key: str
    dom: str
    title: str
    status: StatusStyle
    marks: tuple[tuple[str, str], ...]
    note: str
    version: int
    edit_url: str
    confirm_url: str
    retract_url: str
    is_missing: bool
    focus: bool = False


@dataclass(frozen=True, slots=True)
class StatusPanel:
    """The head of an initiative's page: the cell with the reason and the ask."""

    cell: StatusCell
    marks: tuple[tuple[str, str, str], ...]
    reason: str
    deviates: str
    ask: str
    texts_url: str


@dataclass(frozen=True, slots=True)
class DeadlineText:
    """A wording with its chip before it and what is derived from it under it."""

    fact_label: str
    wording: str
    lines: tuple[due.Line, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One initiative of the status table."""

    dom: str
    title: str
    url: str
    actions: tuple[str, ...]
    deadlines: tuple["DeadlineText", ...]
    cell: StatusCell

    @property
    def html(self) -> str:
        """The row's markup. Most rows are the same from one request to the next, and drawing
        them is half the table's time: the markup is kept by the row's values."""
        return _draw(self) if settings.DEBUG else _drawn(self)


def _draw(row: Row) -> str:
    return render_to_string("initiatives/_plan_row.html", {"row": row})


_drawn = lru_cache(maxsize=KEPT_ROWS)(_draw)


@dataclass(frozen=True, slots=True)
class AreaRows:
    """An area's band and its rows."""

    title: str
    url: str
    years: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class PrincipleRows:
    """A principle's heading and its areas. `count` is the principle's own, not the page's."""

    key: str
    title: str
    url: str
    count: str
    areas: tuple[AreaRows, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """One cell of the status filter: how many initiatives have the status, and its link."""

    status: StatusStyle | plan.StatusLabel
    number: int
    url: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How many initiatives are judged for the month."""

    updated: int
    total: int
    month: date
    missing_url: str

    @property
    def sentence(self) -> str:
        """ "9 af 14 opdateret til marts", or that all are."""
        month = danish.month_name(self.month)
        if self.updated == self.total > 1:
            return updated_sentence(self.updated, self.total, self.month)
        return f"{self.updated} af {self.total} opdateret til {month}"

    @property
    def missing(self) -> str:
        """The words of the link to those not updated; "" when there are none."""
        number = self.total - self.updated
        return f"Ikke opdateret til {danish.month_name(self.month)}: {number}" if number else ""

    @property
    def ticks(self) -> list[bool]:
        """One tick each, done first; empty above 40, where a plain bar stands instead."""
        if self.total > 40:
            return []
        return [index < self.updated for index in range(self.total)]


@dataclass(frozen=True, slots=True)
class Filter:
    """The filter of the status table, as the address says it. "" is no filter, nor is no year;
    `year` is that of a year's programme, `state` one of `STATES`."""

    principle: str = ""
    status: str = ""
    text: str = ""
    missing: bool = False
    year: int | None = None
    state: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "Filter":
        """From GET parameters `princip`, `status`, `tekst`, `mangler`, `aar` and `tilstand`."""
        year, state = typed_text(query, "aar"), typed_text(query, "tilstand")
        return cls(
            principle=typed_text(query, "princip"),
            status=typed_text(query, "status"),
            text=typed_text(query, "tekst"),
            missing=query.get("mangler", "") == "1",
            year=int(year) or None if re.fullmatch("[0-9]{4}", year) else None,
            state=state if state in STATES else "",
        )

    @property
    def needs_document(self) -> bool:
        """Whether only the whole document knows what it lets through."""
        return bool(self.text or self.year or self.state)

    @property
    def only(self) -> tuple[str, ...]:
        """What no field of the form says: "program 2026", "initiativer på pause"."""
        year = f"program {self.year}" if self.year else ""
        return tuple(filter(None, (year, STATES.get(self.state, ""))))

    def query(self, **changed: object) -> str:
        """The address' query for this filter with some of it changed; "" for no filter."""
        chosen = dataclasses.replace(self, **changed)  # type: ignore[arg-type]
        parts = {
            "princip": chosen.principle,
            "status": chosen.status,
            "tekst": chosen.text,
            "mangler": "1" if chosen.missing else "",
            "aar": str(chosen.year) if chosen.year else "",
            "tilstand": chosen.state,
        }
        return urlencode({name: value for name, value in parts.items() if value})

    def apply(self, document: plan.PlanDocument) -> plan.PlanDocument:
        """The document with the initiatives the filter lets through."""
        words = fold_typed(self.text)

        def wanted(principle: plan.Principle, area: plan.Area, item: plan.Initiative) -> bool:
            judged = item.judgement is not None and item.judgement.month == document.month
            return (
                (not self.principle or principle.key == self.principle)
                and (not self.status or item.status == self.status)
                and (not self.missing or not judged)
                and (self.year is None or self.year in {number.year for number in area.years})
                and (not self.state or is_in_state(item, self.state))
                and (not words or words in _searched(area, item))
            )

        return plan.keep(document, wanted)


def filter_words(chosen: Filter, document: plan.PlanDocument) -> str:
    """What is filtered by, for paper: "Fælles om kvalitet, tekst »skabelon«"; "" for nothing."""
    principles = {principle.key: principle.title for principle in document.principles}
    statuses = {status.value: status.label for status in document.statuses}
    words = (
        principles.get(chosen.principle, chosen.principle),
        statuses.get(chosen.status, chosen.status),
        f"tekst »{chosen.text}«" if chosen.text else "",
        f"ikke opdateret til {danish.month(document.month)}" if chosen.missing else "",
        *chosen.only,
    )
    return ", ".join(word for word in words if word)


def is_in_state(item: plan.Initiative, state: str) -> bool:
    """Whether the initiative is what `state`, one of `STATES`, says. One is begun when its status
    is any but Ikke iværksat and Ikke oplyst."""
    if state == "ivaerksat":
        return item.status not in (Status.NOT_STARTED, NOT_REPORTED)
    return _STATE_MARKS[state] in {mark.kind for mark in item.marks}


def _searched(area: plan.Area, item: plan.Initiative) -> str:
    reason = item.judgement.reason if item.judgement else ""
    texts = [area.title, item.title, item.ask, item.report_text, reason]
    texts += [action.title for action in item.actions]
    texts += [deadline.wording for deadline in item.deadlines]
    return fold_lines(tuple(texts))


def initiatives_noun(number: int) -> str:
    """ "1 initiativ", "2 initiativer", "ingen initiativer"."""
    return danish.count(number, "initiativ", "initiativer")


def area_years(area: plan.Area) -> str:
    """ "Program 2025, nr. 3 (også nr. 8 i kilden)"."""
    return " · ".join(year_number(number) for number in area.years)


def year_number(number: plan.YearNumber) -> str:
    """One membership of a year's programme in words."""
    words = f"Program {number.year}, nr. {number.number}"
    if number.repeated_number is not None:
        words += f" (også nr. {number.repeated_number} i kilden)"
    return words


def programme_years(document: plan.PlanDocument) -> list[tuple[int, str]]:
    """Each year's programme: "7 indsatsområder (8 numre i kilden)"."""
    areas: dict[int, int] = {}
    numbers: dict[int, int] = {}
    for principle in document.principles:
        for area in principle.areas:
            for number in area.years:
                repeated = number.repeated_number is not None
                areas[number.year] = areas.get(number.year, 0) + 1
                numbers[number.year] = numbers.get(number.year, 0) + 1 + repeated
    words = []
    for year, count in sorted(areas.items()):
        text = danish.count(count, "indsatsområde", "indsatsområder")
        if numbers[year] != count:
            text += f" ({numbers[year]} numre i kilden)"
        words.append((year, text))
    return words


def judgement_note(item: plan.Initiative, state: RowState, month: date) -> str:
    """The line under a status: what was done to it for `month`, when, and by whom."""
    judgement = item.judgement
    if judgement is None or judgement.month != month:
        return f"Ikke opdateret til {danish.month(month)}"
    by = f" af {danish.unbroken(state.judged_by)}" if state.judged_by else ""
    day = danish.day(judgement.day)
    if judgement.confirmed:
        return f"Bekræftet uændret den {day}{by}"
    if state.changed_from:
        return f"Ændret fra {STYLE_BY_VALUE[state.changed_from].label} den {day}{by}"
    return f"Vurderet den {day}{by}"


def updated_sentence(updated: int, total: int, month: date) -> str:
    """ "9 af 14 initiativer er opdateret til marts."""
    name = danish.month_name(month)
    if updated == total > 1:
        return f"Alle {total} initiativer er opdateret til {name}."
    return f"{updated} af {initiatives_noun(total)} er opdateret til {name}."


def day_of(judgement: plan.Judgement | None) -> str:
    """The day a judgement was recorded, in words; "" without one."""
    return danish.day(judgement.day) if judgement else ""


def status_panel(
    item: plan.Initiative,
    state: RowState,
    links: Links,
    *,
    month: date,
    editable: bool,
    focus: bool = False,
) -> StatusPanel:
    """The head of an initiative's page."""
    judgement = item.judgement
    return StatusPanel(
        cell=status_cell(item, state, links, month=month, editable=editable, focus=focus),
        marks=tuple((MARK_SYMBOLS[m.kind], m.label, m.detail) for m in item.marks),
        reason=judgement.reason if judgement else "",
        deviates=", ".join(judgement.deviates) if judgement else "",
        ask=item.ask,
        texts_url=links.to("initiatives:row-edit", kind="initiativer", key=item.key),
    )


def month_token(month: date) -> str:
    """The query that says which month a form or a button was shown for: "maaned=2026-02"."""
    return f"maaned={month:%Y-%m}"


def status_cell(
    item: plan.Initiative,
    state: RowState,
    links: Links,
    *,
    month: date,
    editable: bool,
    focus: bool = False,
) -> StatusCell:
    """The status of `item` with the acts that are left. `focus` puts the keyboard there."""
    judged = item.judgement is not None and item.judgement.month == month
    confirmed = judged and item.judgement is not None and item.judgement.confirmed

    def link(name: str, shown: bool, query: str = "") -> str:
        url = links.to(f"initiatives:{name}", key=item.key) if shown and editable else ""
        return with_query(url, query) if url else ""

    shown_month = month_token(month)

    return StatusCell(
        key=item.key,
        dom=f"status-{item.key}",
        title=item.title,
        status=STYLE_BY_VALUE[item.status],
        marks=tuple((MARK_SYMBOLS[mark.kind], mark.label) for mark in item.marks),
        note=judgement_note(item, state, month),
        version=state.version,
        edit_url=link("initiative-status", True),
        confirm_url=link("status-confirm", item.status != NOT_REPORTED and not judged, shown_month),
        retract_url=link("status-retract", confirmed, shown_month),
        is_missing=not judged,
        focus=focus,
    )


@dataclass(frozen=True, slots=True)
class RowLinks(Links):
    """Links to the same few pages for many rows: an address is looked up once, and each key,
    a slug, put into it."""

    found: dict[str, tuple[str, str]] = field(default_factory=dict)

    def to(self, view_name: str, **kwargs: Any) -> str:
        """As `Links.to`, for views that take nothing but a key."""
        if view_name not in self.found:
            address = Links.to(self, view_name, key=_KEY)
            before, _, after = address.rpartition(_KEY)
            self.found[view_name] = before, after
        before, after = self.found[view_name]
        return f"{before}{kwargs['key']}{after}"


def principle_totals(document: plan.PlanDocument) -> dict[str, int]:
    """How many initiatives each principle has, by key."""
    return {p.key: sum(1 for _ in p.initiatives()) for p in document.principles}


def plan_rows(
    live: LivePlan,
    shown: plan.PlanDocument,
    links: Links,
    *,
    editable: bool,
    totals: Mapping[str, int] | None = None,
) -> tuple[PrincipleRows, ...]:
    """The status table: the initiatives of `shown`, with each principle's number of all
    (`totals`, where the document has but some)."""
    links = RowLinks(links.programme_key, links.day)
    totals = totals if totals is not None else principle_totals(live.document)
    return tuple(
        PrincipleRows(
            key=principle.key,
            title=principle.title,
            url=links.to("initiatives:principle-detail", key=principle.key),
            count=initiatives_noun(totals[principle.key]),
            areas=tuple(
                AreaRows(
                    title=area.title,
                    url=links.to("initiatives:area-detail", key=area.key),
                    years=area_years(area),
                    rows=tuple(
                        _row(live, item, links, editable=editable) for item in area.initiatives
                    ),
                )
                for area in principle.areas
            ),
        )
        for principle in shown.principles
    )


def own_rows(
    live: LivePlan, shown: plan.PlanDocument, links: Links, *, bands: bool
) -> tuple[PrincipleRows, ...]:
    """The table on a principle's or an area's own page, headed "Initiativer"; an area's page
    leaves out the band that names the area."""
    return tuple(
        dataclasses.replace(
            principle,
            title="Initiativer",
            url="",
            count=initiatives_noun(sum(len(area.rows) for area in principle.areas)),
            areas=principle.areas
            if bands
            else tuple(dataclasses.replace(area, title="") for area in principle.areas),
        )
        for principle in plan_rows(live, shown, links, editable=False)
    )


def _row(live: LivePlan, item: plan.Initiative, links: Links, *, editable: bool) -> Row:
    return Row(
        dom=f"initiativ-{item.key}",
        title=item.title,
        url=links.to("initiatives:initiative-detail", key=item.key),
        actions=tuple(action.title for action in item.actions),
        deadlines=deadline_texts(item, live.document.drawn_up_on),
        cell=status_cell(
            item, live.rows[item.key], links, month=live.document.month, editable=editable
        ),
    )


def deadline_texts(item: plan.Initiative, on: date) -> tuple[DeadlineText, ...]:
    """The deadlines of an initiative as a table shows them on the day `on`."""
    return tuple(
        DeadlineText(d.fact_label, d.wording, due.lines(item, d, on)) for d in item.deadlines
    )


def count_cells(
    numbers: Iterable[tuple[StatusStyle | plan.StatusLabel, int]], chosen: Filter, table_url: str
) -> tuple[Count, ...]:
    """The seven cells. Each number is that of the rows behind its link; a chosen one links back
    to all."""
    return tuple(
        Count(
            status,
            number,
            with_query(
                table_url,
                chosen.query(status="" if chosen.status == status.value else status.value),
            ),
            chosen.status == status.value,
        )
        for status, number in numbers
    )


def progress(updated: int, total: int, month: date, table_url: str) -> Progress:
    """The progress of the month over all initiatives, with the link to those not updated."""
    return Progress(updated, total, month, with_query(table_url, Filter(missing=True).query()))


def next_missing(document: plan.PlanDocument, after: str) -> plan.Initiative | None:
    """The next initiative in the table, after the one named, that is not updated."""
    items = list(document.initiatives())
    start = next((index for index, item in enumerate(items) if item.key == after), -1) + 1
    for item in items[start:] + items[:start]:
        judged = item.judgement is not None and item.judgement.month == document.month
        if not judged and item.key != after:
            return item
    return None


@dataclass(frozen=True, slots=True)
class Line:
    """An indsats or a deadline on an initiative's page, with the addresses that edit it.

    `number` is an indsats' own, or that of the indsats a deadline belongs to ("" for none).
    `deadline` is None for an indsats.
    """

    key: str
    text: str
    number: str
    deadline: "DeadlineParts | None"
    version: int
    edit_url: str
    move_url: str
    archive_url: str
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class DeadlineParts:
    """A deadline on its initiative's page: what it is understood as, where it stands, and its way
    from the first promise to the newest (`earlier` and `now` are empty for one never moved)."""

    fact_label: str
    understood: str
    state: due.Line
    earlier: tuple[str, ...]
    now: str
    sentences: tuple[str, ...]


def deadline_parts(
    item: plan.Initiative, deadline: plan.Deadline, on: date, *, in_plan: bool
) -> DeadlineParts:
    """What the page of `item` says of a deadline on the day `on`; out of the plan none is due."""
    understood = due.understood(
        deadline.term,
        fact=deadline.fact,
        opens_on=deadline.opens_on,
        set_by_hand=deadline.set_by_hand,
    )
    state = due.due_line(item, deadline, on) if in_plan else due.Line("")
    chain = due.chain_words(deadline)
    moved = (due.moved_sentence(deadline), *due.corrections(deadline))
    return DeadlineParts(
        fact_label=deadline.fact_label,
        understood=understood,
        # What is understood already says when it is due.
        state=due.Line("") if state.text in understood else state,
        earlier=chain[:-1],
        now=chain[-1] if len(chain) > 1 else "",
        sentences=tuple(sentence for sentence in moved if sentence),
    )


def action_lines(
    item: plan.Initiative, versions: Mapping[str, int], links: Links
) -> tuple[Line, ...]:
    """The indsatser of an initiative, numbered."""
    texts = [(action.key, action.title, str(n), None) for n, action in enumerate(item.actions, 1)]
    return _lines("indsatser", texts, versions, links)


def deadline_lines(
    item: plan.Initiative, versions: Mapping[str, int], links: Links, *, on: date, in_plan: bool
) -> tuple[Line, ...]:
    """The deadlines of an initiative, with the number of the indsats each belongs to."""
    numbers = {action.key: str(n) for n, action in enumerate(item.actions, 1)}
    texts = [
        (
            d.key,
            d.wording,
            numbers.get(d.action, ARCHIVED) if d.action else "",
            deadline_parts(item, d, on, in_plan=in_plan),
        )
        for d in item.deadlines
    ]
    return _lines("deadlines", texts, versions, links)


def _lines(
    kind: str,
    texts: Sequence[tuple[str, str, str, DeadlineParts | None]],
    versions: Mapping[str, int],
    links: Links,
) -> tuple[Line, ...]:
    def url(act: str, key: str) -> str:
        return links.to(f"initiatives:row-{act}", kind=kind, key=key)

    # What was archived while the page was read has no version any more.
    texts = [text for text in texts if text[0] in versions]
    return tuple(
        Line(
            key=key,
            text=text,
            number=number,
            deadline=deadline,
            version=versions[key],
            edit_url=url("edit", key),
            move_url=url("move", key),
            archive_url=url("archive", key),
            is_first=index == 0,
            is_last=index == len(texts) - 1,
        )
        for index, (key, text, number, deadline) in enumerate(texts)
    )
