"""The facts of the Deadline column: value, Danish label, and which of them are alike."""

from django.db.models import TextChoices


class Fact(TextChoices):
    """Art: which sort of fact a line of the Deadline column states. Only a deadline can be late."""

    DEADLINE = "deadline", "Deadline"
    PRESENTATION = "presentation", "Forelægges"
    COMPLETED = "completed", "Afsluttet"
    PAUSED = "paused", "På pause"
    WAITING = "waiting", "Afventer"
    EVENT = "event", "Hændelse"
    NONE = "none", "Ingen deadline"


# What somebody has promised for a day; a move is told of these alone.
PROMISES = (Fact.DEADLINE, Fact.PRESENTATION)
# The facts that take place at a time. The others say something instead of naming one.
DATED = (*PROMISES, Fact.EVENT)
MAY_BE_MET = (*PROMISES, Fact.COMPLETED)
# What may go on without a last day; a completion or a pause does not.
OPEN_ENDED = (*PROMISES, Fact.NONE)
