"""Finds the programme a page belongs to."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from core.links import Links
from principles.models import Programme


class ProgrammeMiddleware:
    """Sets `request.programme` and `request.links` for views whose URL takes a programme.

    The URLconf's optional `/program/<key>/` names it; without the prefix it is the first one
    the user is a member of. Views never see the keyword. What the user may do there,
    `accounts.access` decides.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> None:
        key = kwargs.pop("programme", None)
        request.links = Links(key)  # type: ignore[attr-defined]
        if not getattr(view, "needs_programme", False):
            return
        user: Any = request.user  # signed in: PortalLoginRequiredMiddleware came first
        programmes = Programme.objects.live().in_order()
        programme = (programmes.filter(key=key) if key else programmes.for_member(user)).first()
        if programme is None:
            raise Http404("Programmet findes ikke.")
        request.programme = programme  # type: ignore[attr-defined]
