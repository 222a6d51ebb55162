"""What a tovholder may do: judge the initiatives that are theirs, and nothing else.

Only in a programme that `uses_contacts`. The secretariat judges every initiative.
"""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from accounts.access import ProgrammeRequest
from accounts.models import User
from accounts.permissions import Permission
from initiatives.models import Initiative
from principles.models import Programme


def may_judge(user: User, programme: Programme, lead_id: int | None) -> bool:
    """Whether `user` may set the status of an initiative of `programme` that has this tovholder."""
    if user.may(Permission.EDIT_PLAN, programme):
        return True
    return user.pk == lead_id and _may_judge_own(user, programme)


def initiative_to_judge(request: ProgrammeRequest, key: str) -> Initiative:
    """Return the initiative whose status the user may set. Raises Http404, and PermissionDenied for
    a member who sees it and is not its tovholder."""
    visible = Initiative.objects.of(request.programme).in_plan().visible_to(request.user)
    initiative: Initiative = get_object_or_404(visible, key=key)
    if not may_judge(request.user, request.programme, initiative.lead_id):
        raise PermissionDenied
    return initiative


def own_keys(user: User, programme: Programme) -> frozenset[str]:
    """Find the keys of the initiatives that `user` may judge as their tovholder. One query, or none
    when nobody may in the programme, and for the secretariat, which may judge all."""
    if user.may(Permission.EDIT_PLAN, programme) or not _may_judge_own(user, programme):
        return frozenset()
    own = Initiative.objects.of(programme).in_plan().led_by(user)
    return frozenset(own.values_list("key", flat=True))


def _may_judge_own(user: User, programme: Programme) -> bool:
    return programme.uses_contacts and user.may(Permission.JUDGE_OWN, programme)
