"""Make the rows of the status table from the plan document: Danish strings and links.

Formatting costs more than querying (docs/performance.md), so words, dates and addresses are made
here and templates only place them. Nothing here reads the database.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import plan
from core.links import Links
from initiatives.sources.live import BuiltPlan, RowState
from initiatives.status.cell import StatusCell, status_cell
from plan import due
from plan.words import area_years, initiatives_noun

ROWS_PER_PAGE = 100
# Is put in an address in place of a key; no address of the portal has capitals after the key.
_KEY = "KEY"


@dataclass(frozen=True, slots=True)
class TableDeadline:
    """A deadline in the table: its wording with the chip before it and the lines under it."""

    fact_label: str
    wording: str
    lines: tuple[due.DueLine, ...]


@dataclass(frozen=True, slots=True)
class TableRow:
    """One initiative of the status table. `markup` is empty, or holds what was drawn of it."""

    dom: str
    title: str
    url: str
    actions: tuple[str, ...]
    deadlines: tuple[TableDeadline, ...]
    cell: StatusCell
    markup: list[str] = field(default_factory=list, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TableArea:
    """An area's band and its rows."""

    title: str
    url: str
    years: str
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class TablePrinciple:
    """A principle's heading and its areas. `count` is how many initiatives the whole principle
    has, not only those on the page."""

    key: str
    title: str
    url: str
    count: str
    areas: tuple[TableArea, ...]


@dataclass(frozen=True, slots=True)
class RowLinks(Links):
    """Builds links to the same few pages for many rows: each address is looked up once, and the
    keys (slugs) are put into it."""

    around_key: dict[tuple[str, ...], tuple[str, str]] = field(default_factory=dict)

    def to(self, view_name: str, **kwargs: Any) -> str:
        """Build an address as `Links.to` does, for a view that takes a key, and perhaps a kind."""
        key = kwargs.pop("key")
        view = view_name, *kwargs.values()
        if view not in self.around_key:
            address = Links.to(self, view_name, key=_KEY, **kwargs)
            before, _, after = address.rpartition(_KEY)
            self.around_key[view] = before, after
        before, after = self.around_key[view]
        return f"{before}{key}{after}"


@dataclass(frozen=True, slots=True)
class _MadeRow:
    """A row with all that it was made from."""

    item: plan.Initiative
    state: RowState
    month: date
    on: date
    row: TableRow


class TableRows:
    """The rows of one plan, each made when it is first shown. They are kept with the plan, for all
    who get these `links` and are `editable` or not; what no change has touched is taken over from
    the plan before."""

    TAKES_OVER = True

    def __init__(self, whole: BuiltPlan, links: Links, editable: bool) -> None:
        # Without the plan itself, which keeps this object.
        self._states, document = whole.rows, whole.document
        self._month, self._on = document.month, document.drawn_up_on
        self._links = RowLinks(links.programme_key, links.day)
        self._editable = editable
        before = whole.drawn_before(TableRows, links, editable)
        self._made: dict[str, _MadeRow] = dict(before._made) if before else {}

    def row_of(self, item: plan.Initiative) -> TableRow:
        """Return the row of an initiative of the plan."""
        made, state = self._made.get(item.key), self._states[item.key]
        if (
            made is None
            or (made.item, made.state) != (item, state)
            or (made.month, made.on) != (self._month, self._on)
        ):
            made = _MadeRow(item, state, self._month, self._on, self._row(item, state))
            self._made[item.key] = made
        return made.row

    def _row(self, item: plan.Initiative, state: RowState) -> TableRow:
        links = self._links
        return TableRow(
            dom=f"initiativ-{item.key}",
            title=item.title,
            url=links.to("initiatives:initiative-detail", key=item.key),
            actions=tuple(action.title for action in item.actions),
            deadlines=table_deadlines(item, self._on),
            cell=status_cell(item, state, links, month=self._month, editable=self._editable),
        )


def plan_rows(
    whole: BuiltPlan,
    shown: plan.PlanDocument,
    links: Links,
    *,
    editable: bool,
    own: frozenset[str] = frozenset(),
    by_principle: Mapping[str, int] | None = None,
) -> tuple[TablePrinciple, ...]:
    """Make the status table of the initiatives of `shown`.

    Where the table is not `editable`, the initiatives with a key in `own` still are.
    `by_principle` says how many initiatives each principle (its key) has in the whole plan, where
    `shown` has only some of them; without it those of `shown` are counted.
    """
    rows = whole.drawn(TableRows, links, editable)
    own_rows = whole.drawn(TableRows, links, True) if own else rows
    if by_principle is None:
        by_principle = {p.key: sum(1 for _ in p.initiatives()) for p in shown.principles}
    return tuple(
        TablePrinciple(
            key=principle.key,
            title=principle.title,
            url=links.to("initiatives:principle-detail", key=principle.key),
            count=initiatives_noun(by_principle[principle.key]),
            areas=tuple(
                TableArea(
                    title=area.title,
                    url=links.to("initiatives:area-detail", key=area.key),
                    years=area_years(area),
                    rows=tuple(
                        (own_rows if item.key in own else rows).row_of(item)
                        for item in area.initiatives
                    ),
                )
                for area in principle.areas
            ),
        )
        for principle in shown.principles
    )


def rows_under_heading(
    whole: BuiltPlan, shown: plan.PlanDocument, links: Links, *, bands: bool
) -> tuple[TablePrinciple, ...]:
    """Make the table on the page of a principle or an area, under the heading "Initiativer". The
    page of an area leaves out the `bands` that name the areas."""
    return tuple(
        dataclasses.replace(
            principle,
            title="Initiativer",
            url="",
            areas=principle.areas
            if bands
            else tuple(dataclasses.replace(area, title="") for area in principle.areas),
        )
        for principle in plan_rows(whole, shown, links, editable=False)
    )


def table_deadlines(item: plan.Initiative, on: date) -> tuple[TableDeadline, ...]:
    """Make the deadlines of an initiative as the table shows them on the day `on`."""
    return tuple(
        TableDeadline(d.fact_label, d.wording, due.lines(item, d, on)) for d in item.deadlines
    )
