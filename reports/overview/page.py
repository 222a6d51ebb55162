"""What Overblik is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

import plan
from core import danish
from core.links import Links, with_query
from core.months import slug
from initiatives.status.filter import Filter
from initiatives.status.rows import RowLinks
from plan.strips import DrawnStatus
from reports.overview.charts import Development, Numbers

# A list on the page stops here, and says so; a warning names so many of those it is about.
MOST_ROWS, MOST_NAMES = 50, 5
COMPLETELY = "alle=1"

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Listed(Generic[Item]):
    """The rows of a list, at most MOST_ROWS of `total`; `url` leads to all of them."""

    rows: tuple[Item, ...]
    total: int
    url: str

    @property
    def cut(self) -> str:
        """ "50 af 230"; "" when every row is there."""
        if len(self.rows) == self.total:
            return ""
        return f"{danish.thousands(len(self.rows))} af {danish.thousands(self.total)}"


@dataclass(frozen=True, slots=True)
class EarlierPlan:
    """What the plan is compared with. `name` follows "siden" ("udgave 1, januar 2026", "den 15.
    januar 2026"), `column` heads its statuses and numbers; `compare_url` leads to the difference
    word for word, and `rows_url` to the rows behind a number of its. `query` asks for it in the
    address of the page; "" for what is compared with anyway."""

    name: str
    document: plan.PlanDocument
    column: str
    compare_url: str
    rows_url: Callable[[Filter], str]
    query: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """Something to be decided: the question, what it is about, and why in one line.

    `subject` is the same for two points about the same thing, of which the first is shown.
    """

    subject: str
    title: str
    url: str
    question: str
    why: str
    status: DrawnStatus | None
    marks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class OverviewChange:
    """Then → now of one initiative: a status, or (`facts`) a deadline with its chip and words.
    Without `was` it was not in the plan; without `now` it is not any more, and has no `url`."""

    title: str
    url: str
    reason: str
    was: DrawnStatus | None = None
    now: DrawnStatus | None = None
    facts: tuple[tuple[str, str], tuple[str, str]] | None = None


@dataclass(frozen=True, slots=True)
class Warned:
    """A sentence, and what it is said of. `url` leads to all of them where a page lists them;
    `more` are those that are not named."""

    sentence: str
    named: tuple[tuple[str, str], ...]
    url: str = ""
    more: str = ""
    more_url: str = ""


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A promise that falls due: its last day with notes on it, what it is of, and its words."""

    day: str
    notes: tuple[str, ...]
    title: str
    url: str
    action: str
    fact_label: str
    words: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The page. `before` and `changes` are None with nothing to compare with, `development` below
    three months of judgements."""

    lead: str
    is_past: bool
    points: Listed[Point]
    before: EarlierPlan | None
    changes: Listed[OverviewChange] | None
    changes_words: str
    warnings: tuple[Warned, ...]
    numbers: Numbers
    upcoming: Listed[Upcoming]
    period: str
    development: Development | None


class Addresses:
    """Addresses of the rows the page names, and how many of them a warning names."""

    def __init__(self, links: Links, own_query: str, everything: bool) -> None:
        self.most_names = None if everything else MOST_NAMES
        # All of them: that page cuts its lists too.
        self.deadlines = with_query(links.to("initiatives:deadline-list"), COMPLETELY)
        page = with_query(links.to("reports:overview"), own_query)
        self.complete_page = with_query(page, COMPLETELY)
        self.links = links
        self.rows = RowLinks(links.programme_key, links.day)
        self.table = links.to("initiatives:status-table")

    def initiative(self, key: str) -> str:
        return self.rows.to("initiatives:initiative-detail", key=key)

    def area(self, key: str) -> str:
        return self.rows.to("initiatives:area-detail", key=key)

    def month(self, month: date, status: str) -> str:
        """The rows of a status in the draft of a month: its statuses as they stand."""
        draft = self.links.to("reports:report-month", month=slug(month))
        return with_query(draft, Filter(status=status).query())

    def status_table(self, chosen: Filter) -> str:
        return with_query(self.table, chosen.query())
