"""Public pages about the portal itself."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import demo
from core.etags import answer_unless_known, make_tag


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Show "Tilgængelighedserklæring", the accessibility statement."""
    return _public_page(request, "core/accessibility.html")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Show "Privatliv": what the portal stores about people."""
    return _public_page(request, "core/privacy.html")


def _public_page(request: HttpRequest, template: str) -> HttpResponse:
    """Show a page that is the same for everybody who is not logged in and is told nothing."""
    shows_somebody = request.user.is_authenticated or len(get_messages(request))
    tag = "" if shows_somebody else make_tag(template, demo.banner())
    return answer_unless_known(request, tag, lambda: render(request, template))
