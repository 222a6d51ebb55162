"""Pages about people and access."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import ProgrammeRequest, requires
from accounts.permissions import ROLE_PERMISSIONS, Permission, Role


@requires(Permission.VIEW_EDITIONS)
@require_safe
def profile(request: ProgrammeRequest) -> HttpResponse:
    """Show "Min profil": name, e-mail and role."""
    role = request.user.roles.get(request.programme.pk)
    context = {"role": role.label if role else "Driftsansvarlig"}
    return render(request, "accounts/profile.html", context)


@requires(Permission.VIEW_EDITIONS)
@require_safe
def permissions(request: ProgrammeRequest) -> HttpResponse:
    """Show "Hvem må hvad": the table of permissions, as the code applies it."""
    rows = [
        (permission.label, [permission in ROLE_PERMISSIONS[role] for role in Role])
        for permission in Permission
    ]
    context = {"roles": [role.label for role in Role], "rows": rows}
    return render(request, "accounts/permissions.html", context)


@requires(Permission.VIEW_EDITIONS)
@require_safe
def contact(request: ProgrammeRequest) -> HttpResponse:
    """Show "Kontakt sekretariatet"."""
    return render(request, "accounts/contact.html", {"programme": request.programme})
