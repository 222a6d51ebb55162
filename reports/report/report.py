"""Make the monthly report as a view model: the Danish texts that the templates place.

Pure and deterministic: it takes a plan document and gives tuples of texts, without a database or a
clock. `page_one` says what page 1 has room for. Dates have hard blanks here as everywhere; where
the report is written out, they become ordinary ones (`core.danish.soft`).
"""

from collections.abc import Mapping
from datetime import date

import plan
from core import danish
from plan import due
from plan.fact import PROMISES
from plan.status import NOT_REPORTED, STATUS_LINE, Status, StatusStyle, style_of
from plan.words import reason_from, report_text_from
from reports.report.page_one import lines, may_break, page_one
from reports.report.parts import (
    AreaSection,
    Ask,
    ChangeRow,
    Chip,
    CountRow,
    Earlier,
    EditionFacts,
    MarkLine,
    PrincipleSection,
    Report,
    ReportDeadline,
    ReportRow,
    UntreatedRow,
    UpcomingRow,
)

# Used only to tell "worse" from "better". The six statuses are not a scale.
_SEVERITY: dict[str, int] = {
    Status.COMPLETED: 0,
    Status.ON_TRACK: 1,
    Status.NOT_STARTED: 2,
    Status.MINOR_DEVIATIONS: 3,
    Status.MAJOR_DEVIATIONS: 4,
    Status.CLOSURE_RECOMMENDED: 5,
}
# Letters on one line of each column: title, indsatser, deadline, reason (which runs on under the
# column Sidst), and marks where there is that column.
COLUMN_LETTERS = (24, 46, 38, 46, 23)


def make_report(
    document: plan.PlanDocument,
    *,
    edition: EditionFacts | None = None,
    earlier: Earlier | None = None,
    as_of: bool = False,
) -> Report:
    """Make the report of the document's month: a locked `edition`, or a draft without one, of the
    plan as it stands or `as_of` the end of the document's day.

    Without an `earlier` edition every part that compares is empty, and is left out.
    """
    programme = document.programme
    name = danish.possessive(programme.title[:1].lower() + programme.title[1:])
    month = danish.month(document.month)
    state, foot, closing = _state_texts(document, edition, as_of=as_of)
    asks, changes = _asks(document), _changes(document, earlier)
    ask_number, change_number = page_one(
        [(f"{ask.title}.", ask.question) for ask in asks],
        [(f"{change.title}.", change.reason) for change in changes],
        compared=earlier is not None,
        banner=bool(document.banner),
    )
    counts = plan.count_statuses(document)
    counts_before = plan.count_statuses(earlier.document) if earlier else None
    before = {status.value: n for status, n in counts_before.by_status} if counts_before else {}
    return Report(
        title=f"Status på {name} initiativer – {month}",
        month=month,
        origin=f"{programme.authority} · {programme.title}",
        state=state,
        draft="" if edition else closing,
        foot=f"{programme.authority} · {foot}",
        banner=document.banner,
        author=f"Sekretariatet for {programme.authority}",
        created=document.drawn_up_on.isoformat(),
        introduction=(
            f"Statusopgørelsen viser, hvor langt {name} initiativer er. Hvert initiativ er "
            "vurderet i forhold til sit godkendte kommissorium: de afsatte ressourcer, den "
            "forventede kvalitet og tidsplanen."
        ),
        asks=asks[:ask_number],
        more_asks=asks[ask_number:],
        earlier=earlier.name if earlier else "",
        changes=changes[:change_number],
        more_changes=changes[change_number:],
        counts=tuple(
            CountRow(
                Chip.of(status),
                status.meaning,
                number,
                before.get(status.value, 0) if earlier else None,
            )
            for status, number in counts.by_status
        ),
        total=counts.total,
        total_before=counts_before.total if counts_before else None,
        upcoming=_upcoming(document),
        principles=_principles(document, earlier),
        top_level_label=programme.top_level_label,
        has_areas=any(principle.areas for principle in document.principles),
        untreated=tuple(
            UntreatedRow(principle.title, area.title)
            for principle, areas in plan.untreated_areas(document)
            for area in areas
        ),
        sentences=edition.sentences if edition else (),
        about=_about(document, month, edition),
        closing=closing,
    )


def _state_texts(
    document: plan.PlanDocument, edition: EditionFacts | None, *, as_of: bool
) -> tuple[str, str, str]:
    """Say whether it is an edition or a draft: under its title, in the foot, in its last line."""
    day = danish.day(document.drawn_up_on)
    if edition:
        locked = f"Udgave {edition.number}, låst den {danish.day(edition.locked_on)}"
        meeting = ""
        if edition.meeting_on:
            on = danish.day(edition.meeting_on)
            meeting = f" til mødet i Implementeringsgruppen den {on}"
        state = f"Opgjort den {day}{meeting} · Udgave {edition.number}"
        return state, locked, f"{locked}. Kontrolkode {edition.code}."
    if as_of:
        # It was not drawn up on that day, and it can't change any more.
        draft = f"Kladde, som planen var ved udgangen af den {day}"
        empty = "" if any(document.initiatives()) else " Planen havde ingen initiativer."
        return f"{draft}.{empty}", draft, f"{draft}."
    draft = f"Kladde, opgjort den {day}"
    changing = "Kan stadig ændre sig."
    return f"Opgjort den {day} · Kladde. {changing}", draft, f"{draft}. {changing}"


def standing_reason(judgement: plan.Judgement | None, month: date) -> str:
    """Write the reason that stands for a status in `month`: what deviates, the month that it was
    written for unless that is `month`, and the reason.

    "Tidsplan: Begge leverancer er forsinket." or "Begrundelse fra december 2025: …"; "" when none.
    """
    if judgement is None:
        return ""
    written = reason_from(judgement, month)
    words = danish.capitalise(danish.listed(word.lower() for word in judgement.deviates))
    if not judgement.reason:
        return f"{words}." if words else ""
    if words and written:
        return f"{words} ({written[:1].lower()}{written[1:]}): {judgement.reason}"
    return ": ".join(text for text in (words or written, judgement.reason) if text)


def report_text(item: plan.Initiative, month: date) -> str:
    """Write the text for the report, with the month it was written for unless that is `month`."""
    written = report_text_from(item, month)
    return f"{written}: {item.report_text}" if written else item.report_text


def _chip(document: plan.PlanDocument, value: str) -> Chip:
    return Chip.of(document.status(value))


def _asks(document: plan.PlanDocument) -> tuple[Ask, ...]:
    """List the questions for the group with their numbers."""
    return tuple(
        Ask(number, item.title, item.ask, _chip(document, item.status))
        for number, item in enumerate(plan.asks(document), start=1)
    )


def _changes(document: plan.PlanDocument, earlier: Earlier | None) -> tuple[ChangeRow, ...]:
    """List the initiatives whose status differs from last time: recommended closures, worse,
    better, first registrations, and each of these in the order of the report."""
    if earlier is None:
        return ()
    before = {item.key: item.status for item in earlier.document.initiatives()}
    changed = [
        item for item in document.initiatives() if item.status != before.get(item.key, NOT_REPORTED)
    ]
    changed.sort(key=lambda item: rank(before.get(item.key, NOT_REPORTED), item.status))
    return tuple(
        ChangeRow(
            item.title,
            standing_reason(item.judgement, document.month),
            _chip_before(earlier.document, before.get(item.key, NOT_REPORTED)),
            _chip(document, item.status),
        )
        for item in changed
    )


def rank(before: str, now: str) -> int:
    """Rank a change of status: recommended closures, worse, better, first registrations."""
    if now == Status.CLOSURE_RECOMMENDED:
        return 0
    if before == NOT_REPORTED:
        return 3
    return 1 if _SEVERITY.get(now, 0) > _SEVERITY.get(before, 0) else 2


def label_before(document: plan.PlanDocument, value: str) -> plan.StatusLabel | StatusStyle:
    """Return a status as the earlier document called it; "Ikke oplyst" when it had none such."""
    try:
        return document.status(value)
    except KeyError:
        return style_of(NOT_REPORTED)


def _chip_before(document: plan.PlanDocument, value: str) -> Chip:
    return Chip.of(label_before(document, value))


def _upcoming(document: plan.PlanDocument) -> tuple[UpcomingRow, ...]:
    """List the open promises whose days overlap the next 60 days, and what opens in these, by
    day."""
    today, last = document.drawn_up_on, document.drawn_up_on + due.AHEAD
    rows = []
    for item in document.initiatives():
        titles = {action.key: action.title for action in item.actions}
        chip = _chip(document, item.status)
        for deadline in item.deadlines:
            about = titles.get(deadline.action or "", deadline.wording)
            if deadline.ends_on and due.is_due_between(item, deadline, today, last):
                rows.append((deadline.ends_on, item, deadline.fact_label, about, chip))
            if deadline.opens_on and today < deadline.opens_on <= last and not deadline.met_on:
                rows.append((deadline.opens_on, item, "Opstart", about, chip))
    rows.sort(key=lambda row: row[0])
    return tuple(
        UpcomingRow(danish.day(on), on, item.title, kind, about, chip)
        for on, item, kind, about, chip in rows
    )


def _principles(
    document: plan.PlanDocument, earlier: Earlier | None
) -> tuple[PrincipleSection, ...]:
    """Make the sections of the principles and areas that have initiatives."""
    statuses = {i.key: i.status for i in earlier.document.initiatives()} if earlier else {}
    before = {
        item.key: _chip_before(earlier.document, statuses.get(item.key, NOT_REPORTED))
        for item in document.initiatives()
        if earlier
    }
    sections = []
    for principle in document.principles:
        number = sum(1 for _ in principle.initiatives())
        areas = tuple(_area(document, area, before) for area in principle.areas if area.initiatives)
        if areas:
            count = danish.count(number, "initiativ", "initiativer")
            sections.append(PrincipleSection(principle.title, count, areas))
    return tuple(sections)


def _area(document: plan.PlanDocument, area: plan.Area, before: Mapping[str, Chip]) -> AreaSection:
    rows = tuple(_row(document, item, before.get(item.key)) for item in area.initiatives)
    breaks = may_break([row_lines(row) for row in rows])
    return AreaSection(area.title, rows, breaks)


def _row(document: plan.PlanDocument, item: plan.Initiative, before: Chip | None) -> ReportRow:
    chip = _chip(document, item.status)
    return ReportRow(
        title=item.title,
        actions=tuple(action.title for action in item.actions),
        deadlines=tuple(
            ReportDeadline(d.wording, deadline_note(item, d, document.drawn_up_on))
            for d in item.deadlines
        ),
        chip=chip,
        before=before,
        changed=before is not None and before.symbol != chip.symbol,
        marks=tuple(MarkLine(mark.label, mark.detail) for mark in item.marks),
        reason=standing_reason(item.judgement, document.month),
        text=report_text(item, document.month),
    )


def deadline_note(item: plan.Initiative, deadline: plan.Deadline, on: date) -> str:
    """Say when a promise is due and what it was first; "" for a deadline that is no promise."""
    if deadline.fact not in PROMISES:
        return ""
    return " ".join(line.text for line in due.lines(item, deadline, on))


def row_lines(row: ReportRow) -> int:
    """Estimate how many lines high the row is, for choosing where its table may break."""
    title, actions, deadlines, reason, marks = COLUMN_LETTERS
    under_chip = [(text, reason) for text in (row.reason, row.text) if text]
    under_chip += [
        (f"{mark.label} {mark.detail}", marks if row.before else reason) for mark in row.marks
    ]
    return max(
        lines(row.title, title),
        sum(lines(text, actions) for text in row.actions),
        sum(lines(d.wording, deadlines) for d in row.deadlines)
        + sum(lines(d.note, deadlines) for d in row.deadlines if d.note),
        1 + sum(lines(text, letters) for text, letters in under_chip),
    )


def _about(
    document: plan.PlanDocument, month: str, edition: EditionFacts | None
) -> tuple[str, ...]:
    day = danish.day(document.drawn_up_on)
    total = plan.count_statuses(document).total
    number = plan.count_updated(document)
    updated = danish.thousands(number) if number else "Ingen"
    initiatives = danish.count(total, "initiativ", "initiativer")
    paragraphs = [
        STATUS_LINE,
        f"Status er for hvert initiativ den nyeste vurdering til og med {month}. "
        + (f"{updated} af {initiatives} er vurderet for {month}. " if total else "")
        + f"Titler, indsatser, deadlines og øvrige tekster er, som de stod i planen den {day}; "
        "deadlines er gengivet ordret.",
    ]
    if edition and edition.correction:
        paragraphs.append(f"Rettet i udgave {edition.number}: {edition.correction}")
    return tuple(paragraphs)
