"""Find where a status and the rest of the plan say different things.

Each check is a pure function of an initiative and its document. It returns a sentence, or "" when
nothing contradicts. A warning asks somebody to look; it never changes a status or its colour.
"""

import re
from collections.abc import Callable

import plan
from core import danish
from plan import due
from plan.fact import PROMISES
from plan.status import Status

Check = Callable[[plan.Initiative, plan.PlanDocument], str]

# Words for work that is late. "Udsat" is left out: it is also said of citizens ("udsatte borgere").
_LATE = r"(?:forsink\w+|udskudt\w*|udskyd\w+|udskød\w*|trækker\s+ud|trukket\s+ud)"
_NOT_LATE = re.compile(
    rf"\b(?:ikke|uden|ingen|hverken)\s+(?:[\w-]+\s+){{0,3}}?{_LATE}", re.IGNORECASE
)
_IS_LATE = re.compile(rf"\b{_LATE}", re.IGNORECASE)
# "Forsinkelsen er indhentet."
_WAS_LATE = re.compile(r"\b(?:indhentet|overstået|rettet\s+op|ikke\s+længere)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?;]\s+|\n")
MONTHS_WITHOUT_NEWS = 2


def on_track_but_overdue(item: plan.Initiative, document: plan.PlanDocument) -> str:
    """Warn of a green initiative with a passed deadline."""
    late = any(due.is_overdue(item, d, document.drawn_up_on) for d in item.deadlines)
    if item.status == Status.ON_TRACK and late:
        return "Forløber efter planen, men en deadline er overskredet."
    return ""


def on_track_but_worded_late(item: plan.Initiative, document: plan.PlanDocument) -> str:
    """Warn of a green initiative whose reason, text for the report or open deadline speaks of
    delay."""
    texts = [item.judgement.reason if item.judgement else "", item.report_text]
    texts += [d.wording for d in item.deadlines if d.met_on is None]
    if item.status == Status.ON_TRACK and any(_says_late(text) for text in texts):
        return "Forløber efter planen, men teksten siger forsinket."
    return ""


def without_news(item: plan.Initiative, document: plan.PlanDocument) -> str:
    """Warn of an initiative that was neither judged nor confirmed for two months or more, the month
    of the document included. A completed one needs no news."""
    if item.judgement is None or item.status == Status.COMPLETED:
        return ""
    judged, now = item.judgement.month, document.month
    months = (now.year - judged.year) * 12 + now.month - judged.month
    if months < MONTHS_WITHOUT_NEWS:
        return ""
    return f"Ikke opdateret i {danish.number_word(months)} måneder."


def completed_but_open(item: plan.Initiative, document: plan.PlanDocument) -> str:
    """Warn of a completed initiative whose indsatser have promises that are not met."""
    keys = {action.key for action in item.actions}
    open_ones = {
        deadline.action
        for deadline in item.deadlines
        if deadline.action in keys and deadline.fact in PROMISES and deadline.met_on is None
    }
    if item.status != Status.COMPLETED or not open_ones:
        return ""
    number = danish.count(len(open_ones), "indsats", "indsatser")
    return f"Udført og afsluttet, men {number} er {'åben' if len(open_ones) == 1 else 'åbne'}."


CHECKS: tuple[Check, ...] = (
    on_track_but_overdue,
    on_track_but_worded_late,
    completed_but_open,
    without_news,
)


def _says_late(text: str) -> bool:
    sentences = _SENTENCE_END.split(text)
    return any(
        _IS_LATE.search(_NOT_LATE.sub("", sentence)) and not _WAS_LATE.search(sentence)
        for sentence in sentences
    )
