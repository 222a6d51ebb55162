"""Make the rows of the page Måneden from the plan: last month, before the meeting, and now.

Pure: words and addresses are made here, and the templates place them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import plan
from core import danish
from core.links import Links
from core.months import previous_month
from initiatives.models import Dismissal
from initiatives.sources.live import BuiltPlan, RowState
from initiatives.status.cell import StatusCell, judgement_day, status_cell
from initiatives.status.rows import TableDeadline
from initiatives.warnings.shown import ShownWarning, shown_warning
from plan import due
from plan.contradictions import PlanWarning, warnings_of
from plan.status import NOT_REPORTED, StatusStyle, style_of
from plan.words import reason_from

# The warnings of an initiative that are put aside, by their fingerprint.
PutAside = Mapping[str, Dismissal]
# How far ahead the deadlines are shown while no meeting is known.
WITHOUT_MEETING = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One initiative: its status and reason last month, what falls due before the meeting, what
    does not fit together (those put aside last), and its status now. `last_note` says of one that
    is missing when it was judged last."""

    dom: str
    title: str
    url: str
    before: StatusStyle
    before_reason: str
    before_reason_from: str
    deadlines: tuple[TableDeadline, ...]
    warnings: tuple[ShownWarning, ...]
    cell: StatusCell
    last_note: str

    @property
    def is_warned(self) -> bool:
        """Whether there is a warning that nobody has put aside."""
        return any(not warning.note for warning in self.warnings)


@dataclass(frozen=True, slots=True)
class MonthPrinciple:
    """A principle's band, "5 af 6 vurderet", and its rows. `dom` is the id of the band."""

    dom: str
    title: str
    judged: str
    rows: tuple[MonthRow, ...]


@dataclass(frozen=True, slots=True)
class MonthTable:
    """The rows of the chosen kind, and how many there are of each kind."""

    principles: tuple[MonthPrinciple, ...]
    total: int
    missing: int
    warned: int


def month_table(
    whole: BuiltPlan,
    links: Links,
    put_aside: Mapping[str, PutAside],
    *,
    until: date,
    wanted: Callable[[MonthRow], bool],
) -> MonthTable:
    """Make the rows of the plan's month that are `wanted`. `put_aside` are the warnings that are
    put aside by the key of their initiative, and `until` is the last day of the deadlines that are
    shown."""
    document = whole.document
    principles, counted = [], []
    for principle in document.principles:
        rows = [
            month_row(
                item,
                whole.rows[item.key],
                links,
                put_aside.get(item.key, {}),
                document=document,
                until=until,
            )
            for item in principle.initiatives()
        ]
        judged = sum(not row.cell.is_missing for row in rows)
        chosen = tuple(row for row in rows if wanted(row))
        if chosen:
            words = f"{danish.thousands(judged)} af {danish.thousands(len(rows))} vurderet"
            dom = f"baand-{principle.key}"
            principles.append(MonthPrinciple(dom, principle.title, words, chosen))
        counted += rows
    return MonthTable(
        tuple(principles),
        len(counted),
        sum(row.cell.is_missing for row in counted),
        sum(row.is_warned for row in counted),
    )


def month_row(
    item: plan.Initiative,
    state: RowState,
    links: Links,
    put_aside: PutAside,
    *,
    document: plan.PlanDocument,
    until: date,
    focus: bool = False,
) -> MonthRow:
    """Make the row of one initiative in the document's month."""
    month, on = document.month, document.drawn_up_on
    before, found = item.before, warnings_of(item, document)
    told = {warning.deadline for warning in found}
    return MonthRow(
        dom=f"initiativ-{item.key}",
        title=item.title,
        url=links.to("initiatives:initiative-detail", key=item.key),
        before=style_of(before.status if before else NOT_REPORTED),
        before_reason=before.reason if before else "",
        before_reason_from=reason_from(before, previous_month(month)),
        deadlines=tuple(
            TableDeadline(deadline.fact_label, deadline.wording, due.lines(item, deadline, on))
            for deadline in item.deadlines
            if _matters(item, deadline, on, until) and deadline.key not in told
        ),
        warnings=_warnings(item, found, put_aside, links),
        cell=status_cell(item, state, links, month=month, editable=True, focus=focus),
        last_note=_last_note(item.judgement),
    )


def _warnings(
    item: plan.Initiative, found: Iterable[PlanWarning], put_aside: PutAside, links: Links
) -> tuple[ShownWarning, ...]:
    shown = (
        shown_warning(item, warning, put_aside.get(warning.fingerprint), links, editable=True)
        for warning in found
    )
    return tuple(sorted(shown, key=lambda warning: bool(warning.note)))


def shown_until(meeting_on: date | None, today: date) -> date:
    """Return the last day of the deadlines that are shown: the meeting's, when one is ahead."""
    if meeting_on and meeting_on >= today:
        return meeting_on
    return today + WITHOUT_MEETING


def _matters(item: plan.Initiative, deadline: plan.Deadline, on: date, until: date) -> bool:
    """Whether a deadline has passed unanswered, or falls due before the meeting."""
    return due.is_passed(item, deadline, on) or (
        deadline.ends_on is not None
        and deadline.ends_on <= until
        and due.is_due_between(item, deadline, on, until)
    )


def _last_note(judgement: plan.Judgement | None) -> str:
    """Say when the initiative was last judged: "Sidst bekræftet den 22. januar 2026"."""
    if judgement is None:
        return "Der er ikke registreret en status."
    act = "bekræftet" if judgement.confirmed else "vurderet"
    return f"Sidst {act} den {judgement_day(judgement)}"
