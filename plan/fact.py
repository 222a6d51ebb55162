"""The facts of the Deadline column: their values, Danish labels and groups."""

from django.db.models import TextChoices


class Fact(TextChoices):
    """Art: what kind of fact a line of the Deadline column states. Only a deadline can be late."""

    DEADLINE = "deadline", "Deadline"
    PRESENTATION = "presentation", "Forelægges"
    COMPLETED = "completed", "Afsluttet"
    PAUSED = "paused", "På pause"
    WAITING = "waiting", "Afventer"
    EVENT = "event", "Hændelse"
    NONE = "none", "Ingen deadline"


class Outcome(TextChoices):
    """Udfald: what became of a presentation. One that is put off has no outcome yet; it is
    moved."""

    APPROVED = "approved", "Godkendt"
    APPROVED_WITH_REMARKS = "approved_with_remarks", "Godkendt med bemærkninger"
    NOT_APPROVED = "not_approved", "Ikke godkendt"


# The facts that are promised for a day. Only moves of these are recorded.
PROMISES = (Fact.DEADLINE, Fact.PRESENTATION)
# The facts that take place at a time.
DATED = (*PROMISES, Fact.EVENT)
MAY_BE_MET = (*PROMISES, Fact.COMPLETED)
# The facts that may go on without a last day; a completion or a pause does not.
OPEN_ENDED = (*PROMISES, Fact.NONE)
