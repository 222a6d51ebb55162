"""The page "Delene": every part and state of the screens, for developers who change them.

Only a demo has this page. It is in this package because it shows labels of all packages, which no
other package may import.
"""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from initiatives.models import Fact, TermsOfReferenceState
from initiatives.status.cell import MARK_SYMBOLS
from plan.status import STATUS_STYLES, Yardstick


@requires(Permission.EDIT_PLAN)
@require_safe
def style_guide(request: ProgrammeRequest) -> HttpResponse:
    """Show the parts, made from the same fragments as the real pages."""
    marks = {
        "paused": Fact.PAUSED.label,
        "waiting": Fact.WAITING.label,
        "no_terms": TermsOfReferenceState.NOT_APPROVED.label,
    }
    context = {
        "statuses": STATUS_STYLES,
        "marks": [{"symbol": MARK_SYMBOLS[kind], "label": label} for kind, label in marks.items()],
        "facts": Fact.labels,
        "yardsticks": Yardstick.labels,
    }
    return render(request, "style_guide.html", context)
