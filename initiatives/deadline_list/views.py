"""Show the page Deadlines: the overdue, those presented without a result, the next 60 days."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.permissions import Permission
from core import danish
from initiatives.dated_pages import PlanRequest, dated
from initiatives.deadline_list.rows import due_lists
from plan import due


@requires(Permission.VIEW_PLAN)
@require_safe
@dated
def deadline_list(request: PlanRequest) -> HttpResponse:
    """Show Overskredne, Forelagt uden udfald, and the next 60 days; `alle=1` shows every row."""
    today = request.as_of.today
    everything = request.GET.get("alle") == "1"
    overdue, unanswered, upcoming = due_lists(request, everything=everything)
    context = {
        "as_of": request.as_of,
        "all_url": f"?{request.as_of.query('alle=1')}",
        "overdue": overdue,
        "unanswered": unanswered,
        "upcoming": upcoming,
        "period": f"{danish.day(today)} – {danish.day(today + due.AHEAD)}",
    }
    return render(request, "initiatives/deadline_list/deadlines.html", context)
