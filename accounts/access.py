"""The decorator of every programme page: it asks for a programme and a permission in it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from accounts.permissions import Permission
from core.links import Links
from principles.models import Programme

Parameters = ParamSpec("Parameters")


class ProgrammeRequest(HttpRequest):
    """A request to a programme page: the user is logged in, and the programme is known."""

    user: User
    programme: Programme
    links: Links
    htmx: Any


View = Callable[Concatenate[ProgrammeRequest, Parameters], HttpResponse]


def requires(permission: Permission) -> Callable[[View[Parameters]], View[Parameters]]:
    """Decorate a view that needs a programme and `permission` in it; a member without it gets 403.

    A user who is no member never gets here: ProgrammeMiddleware has answered 404.
    """

    def decorate(view: View[Parameters]) -> View[Parameters]:
        @wraps(view)
        def guarded(
            request: ProgrammeRequest, /, *args: Parameters.args, **kwargs: Parameters.kwargs
        ) -> HttpResponse:
            if not request.user.may(permission, request.programme):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.needs_programme = True  # type: ignore[attr-defined]
        return cast("View[Parameters]", guarded)

    return decorate
