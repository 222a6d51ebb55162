"""Find where a status and the rest of the plan say different things.

Each check is a pure function of an initiative and its document, and yields what somebody should
look at. A warning never changes a status or its colour.
"""

from plan.contradictions.checks import CHECKS, WITHOUT_OUTCOME, warnings_of
from plan.contradictions.warning import Check, Mend, PlanWarning

__all__ = ["CHECKS", "WITHOUT_OUTCOME", "Check", "Mend", "PlanWarning", "warnings_of"]
