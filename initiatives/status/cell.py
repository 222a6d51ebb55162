"""Make the status of one initiative, as the table's cell and as the head of its page."""

from dataclasses import dataclass
from datetime import date

import plan
from core import danish
from core.links import Links, with_query
from initiatives.sources.live import RowState
from initiatives.sources.nodes import NO_TERMS
from plan.fact import Fact
from plan.status import NOT_REPORTED, STYLE_BY_VALUE, StatusStyle
from plan.words import reason_from

MARK_SYMBOLS: dict[str, str] = {
    Fact.PAUSED: "paused",
    Fact.WAITING: "waiting",
    NO_TERMS: "no-terms",
}


@dataclass(frozen=True, slots=True)
class StatusCell:
    """The status of one initiative with the links that change it. `dom` is the cell's id."""

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
    """The head of an initiative's page: the cell with the reason and the ask. `reason_from` is ""
    where the reason is of this month."""

    cell: StatusCell
    marks: tuple[tuple[str, str, str], ...]
    reason: str
    reason_from: str
    deviates: str
    ask: str
    texts_url: str


def judgement_note(item: plan.Initiative, state: RowState, month: date) -> str:
    """Write the line under a status: whether it was judged for `month`, when, and by whom."""
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


def judgement_day(judgement: plan.Judgement | None) -> str:
    """Write the day a judgement was recorded on; "" without a judgement."""
    return danish.day(judgement.day) if judgement else ""


def status_panel(
    item: plan.Initiative,
    state: RowState,
    links: Links,
    *,
    month: date,
    editable: bool,
    with_texts: bool = True,
    focus: bool = False,
) -> StatusPanel:
    """Make the head of an initiative's page. `with_texts` links to the form of its texts as
    well."""
    judgement = item.judgement
    return StatusPanel(
        cell=status_cell(item, state, links, month=month, editable=editable, focus=focus),
        marks=tuple((MARK_SYMBOLS[m.kind], m.label, m.detail) for m in item.marks),
        reason=judgement.reason if judgement else "",
        reason_from=reason_from(judgement, month),
        deviates=", ".join(judgement.deviates) if judgement else "",
        ask=item.ask,
        texts_url=links.to("initiatives:row-edit", kind="initiativer", key=item.key)
        if with_texts
        else "",
    )


def month_token(month: date) -> str:
    """Make the query that says which month a form or button is for: "maaned=2026-02"."""
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
    """Make the status of `item` with the links that may still change it. `focus` moves the
    keyboard focus to the cell."""
    judged = item.judgement is not None and item.judgement.month == month
    confirmed = judged and item.judgement is not None and item.judgement.confirmed

    def link(name: str, shown: bool, query: str = "") -> str:
        url = links.to(f"initiatives:{name}", key=item.key) if shown and editable else ""
        return with_query(url, query) if url else ""

    for_month = month_token(month)

    return StatusCell(
        key=item.key,
        dom=f"status-{item.key}",
        title=item.title,
        status=STYLE_BY_VALUE[item.status],
        marks=tuple((MARK_SYMBOLS[mark.kind], mark.label) for mark in item.marks),
        note=judgement_note(item, state, month),
        version=state.version,
        edit_url=link("initiative-status", True),
        confirm_url=link("status-confirm", item.status != NOT_REPORTED and not judged, for_month),
        retract_url=link("status-retract", confirmed, for_month),
        is_missing=not judged,
        focus=focus,
    )
