"""The checks of an initiative, in the order in which its warnings are shown."""

from collections.abc import Iterator

import plan
from core import danish
from plan import due
from plan.contradictions.aging import (
    names_a_passed_day,
    old_reason,
    unchanged_report_text,
    without_news,
)
from plan.contradictions.phrases import paused_but_resumed, texts_that_contradict
from plan.contradictions.warning import Check, Mend, PlanWarning, months_between, status_words
from plan.fact import PROMISES, Fact
from plan.status import Status

# The name of the check that is listed by day on Overblik.
WITHOUT_OUTCOME = "without-outcome"
# From good to bad. A completed initiative that is opened again has not become worse.
_SEVERITY = {
    Status.NOT_STARTED: 0,
    Status.ON_TRACK: 0,
    Status.MINOR_DEVIATIONS: 1,
    Status.MAJOR_DEVIATIONS: 2,
    Status.CLOSURE_RECOMMENDED: 3,
}


def warnings_of(item: plan.Initiative, document: plan.PlanDocument) -> tuple[PlanWarning, ...]:
    """Find everything in an initiative of `document` that somebody should look at."""
    return tuple(warning for check in CHECKS for warning in check(item, document))


def on_track_but_overdue(
    item: plan.Initiative, document: plan.PlanDocument
) -> Iterator[PlanWarning]:
    """Warn of a green initiative with a passed deadline: of the one that passed first."""
    late = [d for d in item.deadlines if due.is_overdue(item, d, document.drawn_up_on)]
    if item.status == Status.ON_TRACK and late:
        first = min(late, key=due.order)
        sentence = f"{_status_sentence(item)}, men en deadline er overskredet."
        facts = tuple(f"{d.key} {d.ends_on}" for d in late)
        yield PlanWarning("green-overdue", sentence, Mend.CHANGE_DEADLINE, facts, first.key)


def on_track_but_paused(
    item: plan.Initiative, document: plan.PlanDocument
) -> Iterator[PlanWarning]:
    """Warn of a green initiative that is on pause, or of which a part is."""
    pauses = [d for d in item.deadlines if d.fact == Fact.PAUSED]
    if item.status == Status.ON_TRACK and pauses:
        facts = tuple(f"{pause.key} {pause.wording}" for pause in pauses)
        sentence = f"På pause, men {status_words(item)}."
        yield PlanWarning("green-paused", sentence, Mend.JUDGE, facts)


def on_track_but_asking(
    item: plan.Initiative, document: plan.PlanDocument
) -> Iterator[PlanWarning]:
    """Warn of a green initiative that asks the group for a decision, and say for how many months
    it has waited."""
    if item.status != Status.ON_TRACK or not item.ask:
        return
    months = months_between(item.ask_month or document.month, document.month)
    if months > 0:
        waited = danish.count(months, "måned", "måneder")
        sentence = f"Spørgsmålet til Implementeringsgruppen er ubesvaret i {waited}."
    else:
        sentence = f"{_status_sentence(item)}, men der er et spørgsmål til Implementeringsgruppen."
    facts = (item.ask, str(item.ask_month))
    yield PlanWarning("green-asking", sentence, Mend.JUDGE, facts)


def on_track_without_terms(
    item: plan.Initiative, document: plan.PlanDocument
) -> Iterator[PlanWarning]:
    """Warn of a green initiative that is known to have no approved kommissorium: there is nothing
    to be on track with."""
    if item.status == Status.ON_TRACK and any(mark.kind == "no_terms" for mark in item.marks):
        sentence = f"{_status_sentence(item)}, men der er intet godkendt kommissorium."
        yield PlanWarning("green-without-terms", sentence, Mend.WRITE, (item.status,))


def on_track_but_moved(item: plan.Initiative, document: plan.PlanDocument) -> Iterator[PlanWarning]:
    """Warn of an initiative that stayed green although a promise was moved to later this month."""
    stayed = item.before is not None and item.before.status == item.status
    if item.status != Status.ON_TRACK or not stayed:
        return
    for deadline in item.deadlines:
        moves = _moves_this_month(deadline, document)
        if deadline.met_on is None and any(_is_later(move) for move in moves):
            sentence = "Deadlinen er flyttet i denne måned, men status er uændret."
            facts = tuple(f"{move.day} {move.new.days}" for move in moves)
            yield PlanWarning("green-moved", sentence, Mend.JUDGE, facts, deadline.key)
            return


def worse_without_help(item: plan.Initiative, document: plan.PlanDocument) -> Iterator[PlanWarning]:
    """Warn of a status that became worse with neither a new deadline nor a question."""
    if item.judgement is None or item.before is None or item.ask:
        return
    now, before = (_SEVERITY.get(Status(j.status)) for j in (item.judgement, item.before))
    if now is None or before is None or now <= before:
        return
    if any(_is_new(deadline, document) for deadline in item.deadlines):
        return
    sentence = "Status er forværret, men der er hverken ny deadline eller spørgsmål."
    facts = (item.before.status, item.judgement.status, str(item.judgement.month))
    yield PlanWarning("worse-without-help", sentence, Mend.JUDGE, facts)


def completed_but_open(item: plan.Initiative, document: plan.PlanDocument) -> Iterator[PlanWarning]:
    """Warn of a completed initiative whose indsatser have promises that are not met."""
    keys = {action.key for action in item.actions}
    open_ones = [
        deadline
        for deadline in item.deadlines
        if deadline.action in keys and deadline.fact in PROMISES and deadline.met_on is None
    ]
    if item.status == Status.COMPLETED and open_ones:
        actions = {deadline.action for deadline in open_ones}
        number = danish.count(len(actions), "indsats", "indsatser")
        words = "åben" if len(actions) == 1 else "åbne"
        sentence = f"{_status_sentence(item)}, men {number} er {words}."
        facts = tuple(deadline.key for deadline in open_ones)
        yield PlanWarning(
            "completed-but-open", sentence, Mend.CHANGE_DEADLINE, facts, open_ones[0].key
        )


def without_outcome(item: plan.Initiative, document: plan.PlanDocument) -> Iterator[PlanWarning]:
    """Warn of each presentation whose day has passed without a known outcome."""
    for deadline in item.deadlines:
        if due.is_unanswered(item, deadline, document.drawn_up_on):
            sentence = due.due_line(item, deadline, document.drawn_up_on).text
            facts = (str(deadline.ends_on),)
            yield PlanWarning(WITHOUT_OUTCOME, sentence, Mend.RECORD_OUTCOME, facts, deadline.key)


CHECKS: tuple[Check, ...] = (
    without_outcome,
    on_track_but_overdue,
    on_track_but_paused,
    on_track_without_terms,
    on_track_but_asking,
    on_track_but_moved,
    texts_that_contradict,
    paused_but_resumed,
    worse_without_help,
    completed_but_open,
    names_a_passed_day,
    old_reason,
    unchanged_report_text,
    without_news,
)


def _status_sentence(item: plan.Initiative) -> str:
    return danish.capitalise(status_words(item))


def _moves_this_month(
    deadline: plan.Deadline, document: plan.PlanDocument
) -> tuple[plan.Move, ...]:
    """The moves of a deadline to other days since the document's month began."""
    moves = due.counted(deadline.moves)
    return tuple(move for move in moves if document.month <= move.day <= document.drawn_up_on)


def _is_later(move: plan.Move) -> bool:
    """Whether a move promises a later last day than before, as far as that is known."""
    was, now = (term.ends_on if term else None for term in (move.old, move.new))
    return was is None or now is None or now > was


def _is_new(deadline: plan.Deadline, document: plan.PlanDocument) -> bool:
    """Whether an open promise was written or moved for the document's month."""
    is_open = deadline.fact in PROMISES and deadline.met_on is None
    is_added = deadline.added_month == document.month
    return is_open and (is_added or bool(_moves_this_month(deadline, document)))
