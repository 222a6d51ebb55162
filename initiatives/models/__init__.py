"""The plan: initiatives, their indsatser and deadlines, and each judgement of their status."""

from initiatives.models.deadline import Deadline
from initiatives.models.deadline_move import DeadlineMove
from initiatives.models.dismissal import Dismissal
from initiatives.models.initiative import Action, Initiative, TermsOfReferenceState
from initiatives.models.judged import StatusSaved
from initiatives.models.plan_row import PlanQuerySet, PlanRow
from initiatives.models.presence import Presence
from initiatives.models.reminder import Reminder
from initiatives.models.status_update import StatusUpdate, StatusUpdateQuerySet
from plan.fact import Fact

__all__ = [
    "Action",
    "Deadline",
    "DeadlineMove",
    "Dismissal",
    "Fact",
    "Initiative",
    "PlanQuerySet",
    "PlanRow",
    "Presence",
    "Reminder",
    "StatusSaved",
    "StatusUpdate",
    "StatusUpdateQuerySet",
    "TermsOfReferenceState",
]
