"""Checks of texts that have grown old: a reason, an Uddybning, a day that they name."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import plan
from core import danish
from core.months import next_month
from plan.contradictions.days import named_days
from plan.contradictions.warning import Mend, PlanWarning, months_between
from plan.status import Status

MONTHS_WITHOUT_NEWS = 2
# A reason of December is old in February.
MONTHS_OF_A_REASON = 2
MONTHS_OF_A_TEXT = 3

# A part of a sentence, so that what happened and what is to come are told apart.
_CLAUSE_END = re.compile(r",|[!?;\n]|(?<=[a-zæøå)\d]{2})\.(?:\s+(?=[A-ZÆØÅ])|\s*\Z)")
# A clause that tells what happened, though it may name what was to come then.
_HAPPENED = re.compile(r"\b(?:blev|var|havde|skulle|fandt|deltog|fik|gav)\b", re.IGNORECASE)
# A clause that tells what is to come.
_COMING = re.compile(
    r"\b(?:skal|vil|forventes|ventes|forventer|planlægges|(?:planlagt|fastsat|udskudt)\s+til|senest"
    r"|inden\s+(?!for)|frem\s+til|afholdes|holdes|forelægges|drøftes|behandles|godkendes"
    r"|præsenteres|færdiggøres|afsluttes|afleveres|begynder|starter|udsendes|sendes|fremlægges"
    r"|indstilles|mødes|følger|næste)\b",
    re.IGNORECASE,
)
# A clause that tells what is done: "er godkendt", "har fået", "indkaldte".
_DONE = re.compile(
    r"\bhar\b|\w{3}(?:ede|(?<!s)te)\b|\ber\s+(?:\w+\s+){0,2}?(?!møde|arbejde|udkast|oplæg)\w+(?:et|t|te)\b|\bfra\s+den\b|\bsiden\b"
    r"|\bjf\.|\b(?:af)?holdt\b|\b(?:sendt|modtaget|indgået|underskrevet|vedtaget|besluttet)\b",
    re.IGNORECASE,
)


def without_news(item: plan.Initiative, document: plan.PlanDocument) -> Iterator[PlanWarning]:
    """Warn of an initiative that was neither judged nor confirmed for two months or more, the month
    of the document included. A completed one needs no news."""
    if item.judgement is None or item.status == Status.COMPLETED:
        return
    months = months_between(item.judgement.month, document.month)
    if months >= MONTHS_WITHOUT_NEWS:
        sentence = f"Ikke vurderet i {months} måneder."
        yield PlanWarning("without-news", sentence, Mend.JUDGE, (str(item.judgement.month),))


def old_reason(item: plan.Initiative, document: plan.PlanDocument) -> Iterator[PlanWarning]:
    """Warn of a green initiative whose reason is two months old or more."""
    written = item.judgement.reason_month if item.judgement else None
    if item.status != Status.ON_TRACK or written is None:
        return
    if months_between(written, document.month) >= MONTHS_OF_A_REASON:
        sentence = f"Begrundelsen er fra {danish.month(written)}."
        yield PlanWarning("green-old-reason", sentence, Mend.JUDGE, (str(written),))


def unchanged_report_text(
    item: plan.Initiative, document: plan.PlanDocument
) -> Iterator[PlanWarning]:
    """Warn of an Uddybning that has stood word for word for three months or more."""
    written = item.report_text_month
    if not item.report_text or written is None or item.status == Status.COMPLETED:
        return
    months = months_between(written, document.month)
    if months >= MONTHS_OF_A_TEXT:
        sentence = f"Uddybningen er uændret i {months} måneder."
        yield PlanWarning("unchanged-report-text", sentence, Mend.WRITE, (str(written),))


def names_a_passed_day(item: plan.Initiative, document: plan.PlanDocument) -> Iterator[PlanWarning]:
    """Warn of a reason and of an Uddybning that speak of a day as coming although it has passed.

    What happened on a day is told rightly for ever, so the words around the day decide. Where they
    do not say, a day after the month that the text was written for lay ahead then.
    """
    judgement, today = item.judgement, document.drawn_up_on
    texts = [("Uddybningen", item.report_text, item.report_text_month, Mend.WRITE)]
    if judgement:
        reason = "Begrundelsen", judgement.reason, judgement.reason_month, Mend.JUDGE
        texts.insert(0, reason)
    for what, text, written, mend in texts:
        if day := _passed(text, written, today):
            sentence = f"{what} nævner den {danish.day(day)}, som er passeret."
            yield PlanWarning("names-passed-day", sentence, mend, (what, text, str(day)))


def _passed(text: str, written: date | None, today: date) -> date | None:
    """Find the first day that `text`, `written` for a month, speaks of as coming and that lies
    before `today`."""
    near = written + timedelta(days=27) if written else today
    for clause in _CLAUSE_END.split(text):
        for day in named_days(clause, near):
            was_ahead = written is not None and day >= next_month(written)
            if day < today and _is_to_come(clause, was_ahead=was_ahead):
                return day
    return None


def _is_to_come(clause: str, *, was_ahead: bool) -> bool:
    """Whether a clause speaks of its day as coming; without a word for it, the day `was_ahead`."""
    if _HAPPENED.search(clause):
        return False
    return bool(_COMING.search(clause)) or (was_ahead and not _DONE.search(clause))
