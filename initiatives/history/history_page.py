"""Make the history on an initiative's page: the changes of one kind or of all, fifty lines at a
time, as the address asks for."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator

from core import danish
from core.history import ENTRY_KINDS, Entry
from core.links import with_query
from initiatives.dated_pages import AsOf

LINES_PER_PAGE = 50
ANCHOR = "historik"
# The words are those of the whole programme's history, but here there is only one initiative.
KINDS_OF_INITIATIVE = {
    "status": ENTRY_KINDS["status"],
    "deadline": ENTRY_KINDS["deadline"],
    "indsats": ENTRY_KINDS["indsats"],
    "initiativ": "Initiativet",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A kind that can be asked for, and how many lines there are of it."""

    label: str
    number: str
    url: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """The part of the page under "Historik". `shown` says how many lines of how many are shown;
    `query` is the query of the address without the page number."""

    page: Page[Entry]
    shown: str
    choices: tuple[Choice, ...]
    query: str
    anchor: str = ANCHOR

    @property
    def all_url(self) -> str:
        """Return the address without a filter."""
        return self.choices[0].url


def history_page(
    entries: Sequence[Entry], parameters: Mapping[str, str], path: str, as_of: AsOf
) -> HistoryPage:
    """Find the lines that the GET parameters `art` and `side` ask for. An unknown kind asks for
    all."""
    kind = parameters.get("art", "")
    if kind not in KINDS_OF_INITIATIVE:
        kind = ""
    lines = [entry for entry in entries if kind in ("", entry.kind)]
    numbers = Counter(entry.kind for entry in entries)
    page = Paginator(lines, LINES_PER_PAGE).get_page(parameters.get("side"))

    def query(kind: str) -> str:
        return as_of.query(urlencode({"art": kind}) if kind else "")

    return HistoryPage(
        page=page,
        shown=_line_numbers(page, len(entries), KINDS_OF_INITIATIVE.get(kind, "")),
        choices=tuple(
            Choice(
                label,
                danish.thousands(numbers[value] if value else len(entries)),
                f"{with_query(path, query(value))}#{ANCHOR}",
                value == kind,
            )
            for value, label in {"": "Alle", **KINDS_OF_INITIATIVE}.items()
        ),
        query=query(kind),
    )


def _line_numbers(page: Page[Entry], total: int, label: str) -> str:
    """Say "12 ændringer", "3 af 12 ændringer · Status", "51–100 af 120 ændringer · Status",
    and of a page with one line "51 af 51 ændringer"."""
    number = page.paginator.count
    if page.paginator.num_pages > 1:
        ends = dict.fromkeys((page.start_index(), page.end_index()))
        span = "–".join(map(danish.thousands, ends))
        words = f"{span} af {danish.count(number, 'ændring', 'ændringer')}"
    elif label:
        words = f"{number or 'ingen'} af {danish.count(total, 'ændring', 'ændringer')}"
    else:
        words = danish.count(total, "ændring", "ændringer")
    return " · ".join(filter(None, [danish.capitalise(words), label]))
