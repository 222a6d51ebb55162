"""Filter Statustabellen as its address asks."""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import plan
from core import danish
from core.characters import fold_lines, fold_typed
from core.texts import typed_text
from initiatives.sources.live import KeptDocument
from plan.fact import Fact
from plan.status import NOT_REPORTED, Status

# The initiatives that `Filter.state` keeps, by its value in the address.
STATE_WORDS = {
    "ivaerksat": "iværksatte initiativer",
    "paa-pause": "initiativer på pause",
    "afventer": "afventende initiativer",
}
_MARK_OF_STATE: dict[str, str] = {"paa-pause": Fact.PAUSED, "afventer": Fact.WAITING}


@dataclass(frozen=True, slots=True)
class Filter:
    """The filter of the status table, as its address says. "" and None filter nothing; `year` is
    that of a year's programme, `state` one of `STATE_WORDS`."""

    principle: str = ""
    status: str = ""
    text: str = ""
    missing: bool = False
    year: int | None = None
    state: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "Filter":
        """Read the filter from the GET parameters `princip`, `status`, `tekst`, `mangler`, `aar`
        and `tilstand`."""
        year, state = typed_text(query, "aar"), typed_text(query, "tilstand")
        return cls(
            principle=typed_text(query, "princip"),
            status=typed_text(query, "status"),
            text=typed_text(query, "tekst"),
            missing=query.get("mangler", "") == "1",
            year=int(year) or None if re.fullmatch("[0-9]{4}", year) else None,
            state=state if state in STATE_WORDS else "",
        )

    @property
    def needs_document(self) -> bool:
        """Whether the whole document is needed to find the initiatives."""
        return bool(self.text or self.year or self.state)

    @property
    def only(self) -> tuple[str, ...]:
        """The filters that have no field in the form, in words: "program 2026", "initiativer på
        pause"."""
        year = f"program {self.year}" if self.year else ""
        return tuple(filter(None, (year, STATE_WORDS.get(self.state, ""))))

    def query(self, **changed: object) -> str:
        """Make the query of this filter with some fields changed; "" when nothing is filtered."""
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

    def apply(self, whole: KeptDocument) -> plan.PlanDocument:
        """Keep only the initiatives of the plan's document that match the filter."""
        document, words = whole.document, fold_typed(self.text)
        texts = whole.drawn(searched_texts) if words else {}

        def wanted(principle: plan.Principle, area: plan.Area, item: plan.Initiative) -> bool:
            judged = item.judgement is not None and item.judgement.month == document.month
            return (
                (not self.principle or principle.key == self.principle)
                and (not self.status or item.status == self.status)
                and (not self.missing or not judged)
                and (self.year is None or self.year in {number.year for number in area.years})
                and (not self.state or is_in_state(item, self.state))
                and (not words or words in texts[item.key])
            )

        return plan.keep(document, wanted)


def filter_words(chosen: Filter, document: plan.PlanDocument) -> str:
    """Say for the printed page what is filtered by: "Fælles om kvalitet, tekst »skabelon«"; ""
    when nothing is."""
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
    """Whether the initiative is in `state`, one of `STATE_WORDS`. It is "iværksat" when its status
    is any but Ikke iværksat and Ikke oplyst."""
    if state == "ivaerksat":
        return item.status not in (Status.NOT_STARTED, NOT_REPORTED)
    return _MARK_OF_STATE[state] in {mark.kind for mark in item.marks}


def searched_texts(whole: KeptDocument) -> dict[str, str]:
    """Fold the texts that are searched, by the initiative's key."""
    return {
        item.key: _searched(area, item)
        for principle in whole.document.principles
        for area in principle.areas
        for item in area.initiatives
    }


def _searched(area: plan.Area, item: plan.Initiative) -> str:
    reason = item.judgement.reason if item.judgement else ""
    texts = [area.title, item.title, item.ask, item.report_text, reason]
    texts += [action.title for action in item.actions]
    texts += [deadline.wording for deadline in item.deadlines]
    return fold_lines(tuple(texts))
