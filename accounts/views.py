"""Pages about people and access."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from accounts import changes
from accounts.access import ProgrammeRequest, requires
from accounts.models import Membership, User
from accounts.permissions import ROLE_PERMISSIONS, Permission, Role
from core import clock

WANTED, NOT_WANTED = "ja", "nej"


@requires(Permission.VIEW_EDITIONS)
@require_safe
def profile(request: ProgrammeRequest) -> HttpResponse:
    """Show "Min profil": name, e-mail and role, and whether the member is reminded of statuses."""
    programme, user = request.programme, request.user
    role = user.roles.get(programme.pk)
    membership = next((m for m in user.current_memberships if m.programme_id == programme.pk), None)
    may_be_reminded = programme.uses_contacts and user.may(Permission.JUDGE_OWN, programme)
    context = {
        "role": role.label if role else "Driftsansvarlig",
        "membership": membership if may_be_reminded else None,
        "sees_internal_notes": user.may(Permission.VIEW_INTERNAL_NOTES, programme),
    }
    return render(request, "accounts/profile.html", context)


@requires(Permission.JUDGE_OWN)
@require_POST
def reminders_choose(request: ProgrammeRequest) -> HttpResponse:
    """Say yes or no to reminders (`paamindelser`) for one's own membership of the programme."""
    own = Membership.objects.of(request.programme).live().filter(user=request.user)
    membership = get_object_or_404(own)
    choice = request.POST.get("paamindelser")
    if choice in (WANTED, NOT_WANTED):
        changes.change_membership(
            membership,
            {"wants_reminders": choice == WANTED},
            version=membership.version,
            actor=request.user.actor,
            reason="",
            at=clock.now(),
        )
        messages.success(
            request,
            "Du får påmindelser igen." if choice == WANTED else "Du får ikke flere påmindelser.",
        )
    return HttpResponseRedirect(request.links.to("accounts:profile"))


@requires(Permission.VIEW_EDITIONS)
@require_POST
def draft_choice(request: ProgrammeRequest) -> HttpResponse:
    """Let the browser keep internal notes in drafts, or not any more."""
    user = User.objects.get(pk=request.user.pk)
    saved = changes.change_user(
        user,
        {"keeps_internal_drafts": "bevar" in request.POST},
        version=user.version,
        actor=request.user.actor,
        reason="",
        at=clock.now(),
    )
    # A change of a user ends the user's sessions. This one goes on.
    update_session_auth_hash(request, saved.row)
    messages.success(request, "Dit valg er gemt.")
    return HttpResponseRedirect(request.links.to("accounts:profile"))


@requires(Permission.VIEW_EDITIONS)
@require_safe
def permissions(request: ProgrammeRequest) -> HttpResponse:
    """Show "Hvem må hvad": the table of permissions, as the code applies it in the programme."""
    applied = [
        p for p in Permission if p != Permission.JUDGE_OWN or request.programme.uses_contacts
    ]
    rows = [
        (permission.label, [permission in ROLE_PERMISSIONS[role] for role in Role])
        for permission in applied
    ]
    context = {"roles": [role.label for role in Role], "rows": rows}
    return render(request, "accounts/permissions.html", context)


@requires(Permission.VIEW_EDITIONS)
@require_safe
def contact(request: ProgrammeRequest) -> HttpResponse:
    """Show "Kontakt sekretariatet"."""
    return render(request, "accounts/contact.html", {"programme": request.programme})
