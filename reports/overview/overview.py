"""Make Overblik as a view model: what to decide, what changed and why, and what needs attention.

Pure: it takes a plan document, the one it is compared with and the statuses of the last months, and
gives rows of words and links. It needs no database and no clock: the day is that of the document,
so that the plan as of another day gives the page of that day. `charts.py` makes the drawings.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial

import plan
from core import danish
from core.links import Links
from deadlines import naming
from initiatives.deadline_list.day_notes import day_notes
from initiatives.status.rows import ROWS_PER_PAGE
from plan import due
from reports.overview.attention import PutAside, warnings_of
from reports.overview.changes import changes_since, changes_words
from reports.overview.charts import StatusHistory, make_development, make_numbers
from reports.overview.page import (
    MAX_LISTED,
    Addresses,
    EarlierPlan,
    Item,
    Listed,
    Overview,
    Upcoming,
)
from reports.overview.points import points


def make_overview(
    document: plan.PlanDocument,
    before: EarlierPlan | None,
    *,
    links: Links,
    history: StatusHistory,
    everything: bool = False,
    may_edit: bool = False,
    put_aside: PutAside = frozenset(),
) -> Overview:
    """Make Overblik of `document` on its day. With `everything` no list is cut; who `may_edit` gets
    links to forms. Warnings that are `put_aside` are left out."""
    to = Addresses(links, before.query if before else "", everything, may_edit=may_edit)
    today, last = document.drawn_up_on, document.drawn_up_on + due.AHEAD
    most = None if everything else MAX_LISTED
    changes = changes_since(document, before.document, to) if before else None
    return Overview(
        lead=f"{danish.capitalise(danish.weekday(today))}\N{NO-BREAK SPACE}{today.year}",
        is_past=links.day is not None,
        points=_listed(points(document, links), most, to.complete_page),
        before=before,
        changes=_listed(changes or (), most, before.compare_url) if before else None,
        changes_words=changes_words(changes, before),
        warnings=tuple(warnings_of(document, to, put_aside)),
        numbers=make_numbers(
            document,
            to.status_table,
            (before.document, before.rows_url) if before else None,
        ),
        upcoming=_listed(_upcoming(document, to, last), most, f"{to.deadlines}#kommende"),
        period=f"{danish.short_day(today)} – {danish.day(last)}",
        development=make_development(
            document,
            history,
            to.initiative,
            to.month,
            most=None if everything else ROWS_PER_PAGE,
        ),
    )


def _listed(items: Iterable[Item], most: int | None, url: str) -> Listed[Item]:
    rows = tuple(items)
    return Listed(rows[:most], len(rows), url)


def _upcoming(document: plan.PlanDocument, to: Addresses, last: date) -> Iterator[Upcoming]:
    """Yield the open promises whose days overlap those until `last`, by their last day, as the page
    of deadlines lists them."""
    today = document.drawn_up_on
    promises = due.select(document, partial(due.is_due_between, first=today, last=last))
    for deadline, item in promises:
        end = deadline.ends_on or today  # none is due without a last day
        titles = {action.key: action.title for action in item.actions}
        yield Upcoming(
            day=danish.day(end),
            notes=tuple(day_notes(deadline.starts_on, end, today, is_past=bool(to.links.day))),
            title=item.title,
            url=to.initiative(item.key),
            action=titles.get(deadline.action or "", ""),
            fact_label=deadline.fact_label,
            words=naming.words(deadline.term),
        )
