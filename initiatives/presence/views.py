"""Say that the form of an initiative is open, and answer who else has it open."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from core import clock
from initiatives.contacts.rights import initiative_to_judge
from initiatives.models import Presence
from initiatives.presence.sentence import who_else


@requires(Permission.JUDGE_OWN)
@require_POST
def initiative_presence(request: ProgrammeRequest, key: str) -> HttpResponse:
    """Note that the user has the form open. Answers with the sentence about the others, or 204 when
    the page shows it already (`vist`), so that nothing is read aloud again."""
    initiative = initiative_to_judge(request, key)
    Presence.say(initiative, request.user, clock.now())
    sentence = who_else(initiative, request.user)
    if sentence == request.POST.get("vist"):
        return HttpResponse(status=204)
    return render(request, "initiatives/presence/_who_else.html", {"who_else": sentence})
