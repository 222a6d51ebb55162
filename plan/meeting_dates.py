"""The dates of a month, counted from the meeting in Danish working days.

The meeting itself is not counted: the fifth working day before a Thursday is the Thursday before,
unless a day between them is a holiday (`core.workdays` says which days count).
"""

from dataclasses import dataclass
from datetime import date

from core.workdays import working_day_from

# How many working days before the meeting, and for the minutes after it.
STATUS_ASKED, STATUS_DUE, AGENDA_SENT = 15, 8, 5
MINUTES_SENT = 5


@dataclass(frozen=True, slots=True)
class MeetingDate:
    """One of the dates with the name that the pages show."""

    label: str
    day: date


@dataclass(frozen=True, slots=True)
class MeetingDates:
    """The dates around one meeting, in order.

    The secretariat asks for the statuses on `status_asked_on`, and `status_due_on` is the last day
    to give them.
    """

    status_asked_on: date
    status_due_on: date
    agenda_sent_on: date
    meeting_on: date
    minutes_sent_on: date

    def named(self) -> tuple[MeetingDate, ...]:
        """Return all of them with their names, the earliest first."""
        return (
            MeetingDate("Status indhentes", self.status_asked_on),
            MeetingDate("Frist for status", self.status_due_on),
            MeetingDate("Dagsorden udsendes", self.agenda_sent_on),
            MeetingDate("Møde", self.meeting_on),
            MeetingDate("Referat udsendes", self.minutes_sent_on),
        )


def meeting_dates(meeting_on: date) -> MeetingDates:
    """Count the dates from the day of the meeting. No clock and no database is read."""
    return MeetingDates(
        status_asked_on=working_day_from(meeting_on, -STATUS_ASKED),
        status_due_on=working_day_from(meeting_on, -STATUS_DUE),
        agenda_sent_on=working_day_from(meeting_on, -AGENDA_SENT),
        meeting_on=meeting_on,
        minutes_sent_on=working_day_from(meeting_on, MINUTES_SENT),
    )
