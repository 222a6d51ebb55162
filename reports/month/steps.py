"""Say how far the month has come: its steps from the first status to the next month.

Pure: made from the counts of the plan, the month's newest edition and the dates of the meeting.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from core import danish
from core.months import next_month, slug
from plan.meeting_dates import MeetingDates
from reports.models import Edition

SECRETARIAT, GROUP = "Sekretariatet", "Implementeringsgruppen"
# What a step is: over, to be done now, or coming.
DONE, NOW, LATER = "done", "now", "later"

# Where the edition's page has its approval and its publication.
APPROVAL = "#godkendelse"


@dataclass(frozen=True, slots=True)
class StepLink:
    """What is left to do in a step, as a link."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the month: what it is, who takes it and when, and what is left of it.

    `state` is DONE, NOW or LATER. `when` is a day, or what must have happened first; it `is_late`
    when the day has passed. `ticks` are one for each initiative, the judged ones first.
    """

    title: str
    state: str
    who: str
    when: str = ""
    is_late: bool = False
    text: str = ""
    links: tuple[StepLink, ...] = ()
    ticks: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """What the steps are made from. `warned` counts the initiatives with warnings; `edition` is the
    month's newest edition, `readers_see` the newest published month."""

    month: date
    today: date
    total: int
    judged: int
    warned: int
    edition: Edition | None
    readers_see: date | None
    dates: MeetingDates | None


def steps(facts: MonthFacts, to: Callable[..., str]) -> tuple[Step, ...]:
    """Make the steps in their order. `to` gives the address of a view by its name."""
    return (
        _statuses(facts, to),
        _contradictions(facts, to),
        _review(facts, to),
        _lock(facts, to),
        _approval(facts, to),
        _publication(facts, to),
        _next(facts, to),
    )


def _statuses(facts: MonthFacts, to: Callable[..., str]) -> Step:
    missing = facts.total - facts.judged
    due_on = facts.dates.status_due_on if facts.dates else None
    is_late = bool(missing and due_on and due_on < facts.today)
    when = ""
    if due_on and missing:
        when = f"Fristen {'var' if is_late else 'er'} den {danish.day(due_on)}"
    number = danish.thousands(facts.judged) if facts.judged else "Ingen"
    return Step(
        "Statusser",
        NOW if missing else DONE,
        "Sekretariatet og tovholdere",
        when,
        is_late,
        f"{number} af {danish.thousands(facts.total)} er vurderet",
        (StepLink(f"{danish.thousands(missing)} mangler", f"{to('reports:month')}?vis=mangler"),)
        if missing
        else (),
        tuple(index < facts.judged for index in range(facts.total)) if facts.total <= 40 else (),
    )


def _contradictions(facts: MonthFacts, to: Callable[..., str]) -> Step:
    if not facts.warned:
        return Step("Det, der ikke stemmer", DONE, SECRETARIAT, text="Ingen advarsler")
    count = danish.count(facts.warned, "initiativ", "initiativer")
    link = StepLink(f"{count} med advarsler", f"{to('reports:month')}?vis=advarsler")
    return Step(
        "Det, der ikke stemmer", _open(facts), SECRETARIAT, "før udgaven låses", links=(link,)
    )


def _review(facts: MonthFacts, to: Callable[..., str]) -> Step:
    draft = StepLink("Åbn kladden", to("reports:report-month", month=slug(facts.month)))
    compare = StepLink("Sammenlign", to("reports:compare"))
    when = "" if facts.edition else "før udgaven låses"
    return Step("Gennemse kladden", _open(facts), SECRETARIAT, when, links=(draft, compare))


def _lock(facts: MonthFacts, to: Callable[..., str]) -> Step:
    edition = facts.edition
    if edition:
        link = StepLink(f"Udgave {edition.number}", _edition(edition, to))
        who = f"{danish.unbroken(edition.frozen_by_name)}"
        return Step("Lås udgave", DONE, who, danish.moment_day(edition.frozen_at), links=(link,))
    missing = facts.total - facts.judged
    text = ""
    if missing:
        which = "Det ene" if missing == 1 else f"De {danish.thousands(missing)}"
        month = danish.month(facts.month)
        text = f"{which}, der mangler, kan også låses som »Ikke vurderet for {month}«."
    when = f"senest {danish.full_day(facts.dates.agenda_sent_on)}" if facts.dates else ""
    link = StepLink("Lås udgave 1", to("reports:edition-freeze", month=slug(facts.month)))
    state = LATER if missing else NOW
    return Step("Lås udgave", state, SECRETARIAT, when, text=text, links=(link,))


def _approval(facts: MonthFacts, to: Callable[..., str]) -> Step:
    edition = facts.edition
    if edition and edition.approved_at_meeting_on:
        when = danish.day(edition.approved_at_meeting_on)
        return Step("Godkendt på mødet", DONE, GROUP, when)
    when = "når udgaven er låst"
    links: tuple[StepLink, ...] = ()
    if edition:
        meeting = edition.meeting_on or (facts.dates.meeting_on if facts.dates else None)
        when = danish.full_day(meeting) if meeting else "på næste møde"
        links = (StepLink("Registrér godkendelsen", f"{_edition(edition, to)}{APPROVAL}"),)
    elif facts.dates:
        when = danish.full_day(facts.dates.meeting_on)
    return Step("Godkendt på mødet", NOW if edition else LATER, GROUP, when, links=links)


def _publication(facts: MonthFacts, to: Callable[..., str]) -> Step:
    edition = facts.edition
    if edition and edition.published_at:
        when = danish.moment_day(edition.published_at)
        return Step("Offentliggjort", DONE, danish.unbroken(edition.published_by_name), when)
    text = ""
    if facts.readers_see:
        text = f"Læsere ser fortsat {danish.month(facts.readers_see)}."
    is_next = bool(edition and edition.approved_at_meeting_on)
    links = (
        (StepLink("Offentliggør", f"{_edition(edition, to)}{APPROVAL}"),)
        if edition and is_next
        else ()
    )
    state = NOW if is_next else LATER
    return Step("Offentliggjort", state, SECRETARIAT, "når den er godkendt", False, text, links)


def _next(facts: MonthFacts, to: Callable[..., str]) -> Step:
    month = danish.month(next_month(facts.month))
    link = StepLink(f"Begynd på {month}", to("reports:month-begin"))
    is_next = bool(facts.edition and facts.edition.published_at)
    when = f"når {danish.month_name(facts.month)} er offentliggjort"
    text = ""
    if facts.total:
        everyone = "det ene initiativ" if facts.total == 1 else f"alle {facts.total} initiativer"
        text = f"Derefter mangler {everyone} en vurdering igen."
    state = NOW if is_next else LATER
    return Step(f"Begynd på {month}", state, SECRETARIAT, when, False, text, (link,))


def _open(facts: MonthFacts) -> str:
    """The state of a step that belongs before the lock."""
    return DONE if facts.edition else NOW


def _edition(edition: Edition, to: Callable[..., str]) -> str:
    month = slug(edition.report.month)
    return to("reports:edition-detail", month=month, number=edition.number)
