"""Middleware that ends old logins, and that finds the programme of a page."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

from accounts import login_clock
from accounts.models import User
from core.links import Links
from principles.models import Programme


class LoginClockMiddleware:
    """Middleware that lets nobody use a login that has ended (`accounts.login_clock`).

    The session itself stays until `clean_up`, since a GET never writes it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        # Asked only where somebody wants to know, like Django's own `user`: an error page is shown
        # without a database too.
        still_in: Any = SimpleLazyObject(
            lambda: AnonymousUser() if login_clock.has_ended(request) else user
        )
        request.user = still_in
        response = self.get_response(request)
        is_page = response.status_code < 500 and response.status_code != 404
        if is_page and request.user.is_authenticated:
            login_clock.note_use(request, response)
        return response


class ProgrammeMiddleware:
    """Middleware that sets `request.programme` and `request.links` for the pages of a programme.

    The optional prefix `/program/<key>/` names the programme; without it the user's first programme
    is taken. A programme that the user is no member of is answered with 404. The keyword of the
    prefix is removed before the view is called. `accounts.access` decides what a member may do.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # One address answers with a page or with a fragment of it.
        patch_vary_headers(response, ["HX-Request"])
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> None:
        key = kwargs.pop("programme", None)
        request.links = Links()  # type: ignore[attr-defined]
        if not getattr(view, "needs_programme", False):
            return
        user: Any = request.user  # signed in: PortalLoginRequiredMiddleware came first
        programmes = (row for row in _programmes_of(user) if key in (None, row.key))
        programme = next(programmes, None)
        if programme is None:
            # The same answer whether the programme does not exist or the user is no member.
            raise Http404("Programmet findes ikke.")
        request.programme = programme  # type: ignore[attr-defined]
        request.links = Links(key)  # type: ignore[attr-defined]


def _programmes_of(user: User) -> list[Programme]:
    """The programmes the user may enter, in order, each with the plan's `revision`. One query."""
    if user.is_superuser:
        return list(Programme.objects.live().with_revision().in_order())
    programmes = [row.programme for row in user.current_memberships]
    live = (programme for programme in programmes if programme.archived_at is None)
    return sorted(live, key=lambda programme: (programme.position, programme.pk))
