"""Find the points that Implementeringsgruppen has to decide on."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

import plan
from core.links import Links
from initiatives.status.cell import MARK_SYMBOLS
from plan import due
from plan.fact import Fact
from plan.status import Status
from reports.comparison.change_words import short
from reports.overview.page import Point
from reports.report.report import standing_reason

NEXT_MEETING = timedelta(days=31)
MAX_WHY = 160


def closures(document: plan.PlanDocument, links: Links) -> Iterator[Point]:
    """Yield the initiatives that are recommended for closure, with the question that they ask or a
    plain one."""
    for item in document.initiatives():
        if item.status == Status.CLOSURE_RECOMMENDED:
            yield _point(document, item, item.ask or "Skal initiativet lukkes?", links)


def questions(document: plan.PlanDocument, links: Links) -> Iterator[Point]:
    """Yield the initiatives with a question for the group, in the order of the report."""
    for item in plan.asks(document):
        yield _point(document, item, item.ask, links)


def presentations(document: plan.PlanDocument, links: Links) -> Iterator[Point]:
    """Yield what is to be presented at the next meeting.

    Meetings are not in the plan yet. So these are the presentations that name one exact day, today
    or within the next 31 days. A vague one ("medio 2026") is only among the deadlines.
    """
    today = document.drawn_up_on
    for item in document.initiatives():
        for deadline in item.deadlines:
            if _is_presented(item, deadline, today):
                sentence = due.due_line(item, deadline, today).text
                yield _point(document, item, sentence, links, why=deadline.wording)


# The sources of points, in the order of the page.
SOURCES: tuple[Callable[[plan.PlanDocument, Links], Iterable[Point]], ...] = (
    closures,
    questions,
    presentations,
)


def points(document: plan.PlanDocument, links: Links) -> tuple[Point, ...]:
    """List all that is to be decided, each subject once."""
    by_subject: dict[str, Point] = {}
    for source in SOURCES:
        for point in source(document, links):
            by_subject.setdefault(point.subject, point)
    return tuple(by_subject.values())


def _point(
    document: plan.PlanDocument, item: plan.Initiative, question: str, links: Links, why: str = ""
) -> Point:
    today = document.drawn_up_on
    presented = [
        due.due_line(item, deadline, today).text
        for deadline in item.deadlines
        if _is_presented(item, deadline, today) or due.is_unanswered(item, deadline, today)
    ]
    why = why or standing_reason(item.judgement, document.month) or " ".join(presented)
    return Point(
        subject=f"initiative:{item.key}",
        title=item.title,
        url=links.to("initiatives:initiative-detail", key=item.key),
        question=question,
        why=short(why, MAX_WHY) if why else "",
        status=document.status(item.status),
        marks=tuple((MARK_SYMBOLS[mark.kind], mark.label) for mark in item.marks),
    )


def _is_presented(item: plan.Initiative, deadline: plan.Deadline, today: date) -> bool:
    return (
        deadline.fact == Fact.PRESENTATION
        and deadline.starts_on == deadline.ends_on
        and due.is_due_between(item, deadline, today, today + NEXT_MEETING)
    )
