"""The style sheet of a report page: the colours of the statuses that its address names."""

from django.http import HttpResponse
from django.templatetags.static import static
from django.views.decorators.http import conditional_page, require_safe

from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from reports.report.colours import from_query, style_rules


@requires(Permission.VIEW_EDITIONS)
@require_safe
@conditional_page
def status_colours(request: ProgrammeRequest) -> HttpResponse:
    """Write the rules for the colours in the address, whatever document they come from."""
    rules = style_rules(from_query(request.GET), static)
    response = HttpResponse(rules, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "private, no-cache"
    return response
