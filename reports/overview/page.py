"""What Overblik is made of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

import plan
from core import danish
from core.links import Links, with_query
from core.months import slug
from initiatives.status.filter import Filter
from initiatives.status.rows import RowLinks
from initiatives.warnings.mending import Act, act_of
from plan.contradictions import PlanWarning
from plan.strips import DrawnStatus
from reports.overview.charts import Development, Numbers

# How many rows a list on the page shows, and how many titles a warning names.
MAX_LISTED, MAX_NAMES = 50, 5
COMPLETELY = "alle=1"

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Listed(Generic[Item]):
    """The rows of a list, at most MAX_LISTED of `total`; `url` leads to all of them."""

    rows: tuple[Item, ...]
    total: int
    url: str

    @property
    def cut(self) -> str:
        """How many rows are shown: "50 af 230"; "" when all are."""
        if len(self.rows) == self.total:
            return ""
        return f"{danish.thousands(len(self.rows))} af {danish.thousands(self.total)}"


@dataclass(frozen=True, slots=True)
class EarlierPlan:
    """The plan to compare with. `name` follows "siden" ("udgave 1, januar 2026", "den 15. januar
    2026"), `column` heads its statuses and numbers; `compare_url` leads to the difference word for
    word, and `rows_url` gives the address of the rows behind one of its numbers. `query` asks for
    it in the address of the page; "" for the last edition, the default."""

    name: str
    document: plan.PlanDocument
    column: str
    compare_url: str
    rows_url: Callable[[Filter], str]
    query: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """Something to be decided: the question, what it is about, and why in one line.

    Of two points with the same `subject` only the first is shown.
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
    """A change of one initiative: its status before and now, or (`facts`) a deadline's chip and
    days before and now. Without `was` it was not in the plan; without `now` it is not any more, and
    has no `url`."""

    title: str
    url: str
    reason: str
    was: DrawnStatus | None = None
    now: DrawnStatus | None = None
    facts: tuple[tuple[str, str], tuple[str, str]] | None = None


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning: its sentence, and what it is about by name. `url` leads to all of them, if a page
    lists them; `more` says how many are not named."""

    sentence: str
    named: tuple["Named", ...]
    url: str = ""
    more: str = ""
    more_url: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A title with its address, and the link that mends the warning, for those who may edit."""

    title: str
    url: str
    act: Act | None = None


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A promise that falls due: its last day with `notes` on it, its initiative and indsats, and
    its days in words."""

    day: str
    notes: tuple[str, ...]
    title: str
    url: str
    action: str
    fact_label: str
    words: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The page. `before` and `changes` are None without a plan to compare with, `development` with
    fewer than three months of judgements. `markup` holds what has been drawn of it."""

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
    markup: dict[str, str] = field(default_factory=dict, compare=False, repr=False)


class Addresses:
    """The addresses that the page links to, and how many titles a warning names. Only who
    `may_edit` gets links to forms."""

    def __init__(
        self, links: Links, page_query: str, everything: bool, *, may_edit: bool = False
    ) -> None:
        self.max_names = None if everything else MAX_NAMES
        self.may_edit = may_edit
        # With every row, since that page cuts its lists too.
        self.deadlines = with_query(links.to("initiatives:deadline-list"), COMPLETELY)
        self.unanswered = f"{self.deadlines}#uden-udfald"
        page = with_query(links.to("reports:overview"), page_query)
        self.complete_page = with_query(page, COMPLETELY)
        self.links = links
        self.rows = RowLinks(links.programme_key, links.day)
        self.table = links.to("initiatives:status-table")

    def initiative(self, key: str) -> str:
        return self.rows.to("initiatives:initiative-detail", key=key)

    def mend(self, item: plan.Initiative, warning: PlanWarning) -> Act | None:
        if not self.may_edit:
            return None
        return act_of(warning, key=item.key, title=item.title, links=self.links)

    def area(self, key: str) -> str:
        return self.rows.to("initiatives:area-detail", key=key)

    def month(self, month: date, status: str) -> str:
        """Return the address of the rows with a status in the draft of a month."""
        draft = self.links.to("reports:report-month", month=slug(month))
        return with_query(draft, Filter(status=status).query())

    def status_table(self, chosen: Filter) -> str:
        return with_query(self.table, chosen.query())
