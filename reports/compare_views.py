"""Sammenlign: what changed from one edition, or the plan now, to another."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from core import clock, danish
from initiatives.live import build_live
from initiatives.plan import PlanDocument
from reports import freezing
from reports.change_words import short
from reports.compare import make_comparison
from reports.edition_views import edition_slug, no_report
from reports.models import Edition

NOW = "nu"
NONE_EARLIER = "Der er endnu ingen tidligere udgave at sammenligne med."


@requires(Permission.VIEW_EDITIONS)
@require_safe
def compare(request: ProgrammeRequest) -> HttpResponse:
    """What changed from `fra` to `til`, each an edition ("2026-02-udgave-1") or "nu"; with `alt=1`
    the whole plan. Without `til` the newest there is, without `fra` the edition before `til`."""
    known = _known(request)
    asked = {name: request.GET.get(name, "") for name in ("fra", "til")}
    for slug in asked.values():
        if slug and slug not in known:
            sentence = f"Udgaven »{short(slug, 40)}« findes ikke, eller du har ikke adgang til den."
            return no_report(request, sentence)
    newest_first = list(known)
    to_slug = asked["til"] or next(iter(newest_first), "")
    before = newest_first[newest_first.index(to_slug) + 1 :] if to_slug else []
    from_slug = asked["fra"] or next(iter(before), "")
    everything = request.GET.get("alt") == "1"
    page_url = request.links.to("reports:compare")
    context: dict[str, Any] = {
        "options": [(slug, danish.capitalise(_name(known[slug]))) for slug in newest_first],
        "from_slug": from_slug,
        "to_slug": to_slug,
        "everything": everything,
        "page_url": page_url,
        "list_url": request.links.to("reports:report-list"),
        "sentence": "",
        "comparison": None,
    }
    if not from_slug:
        context["sentence"] = NONE_EARLIER
    elif from_slug == to_slug:
        thing = "plan" if to_slug == NOW else "udgave"
        context["sentence"] = f"Der er ingen forskel: det er den samme {thing}."
    else:
        old, new = _documents(request, [known[from_slug], known[to_slug]])
        context["comparison"] = make_comparison(old, new, everything=everything)
        names = (_dated(known[from_slug]), _dated(known[to_slug]))
        context["between"] = f"Fra {names[0]}, til {names[1]}."
        query = {"fra": from_slug, "til": to_slug} | ({} if everything else {"alt": "1"})
        context["other_url"] = f"{page_url}?{urlencode(query)}"
    return render(request, "reports/compare.html", context)


def _known(request: ProgrammeRequest) -> dict[str, Edition | None]:
    """What the user may compare, by its name in the address, newest first; None is the plan."""
    visible = Edition.objects.visible_to(request.user, request.programme)
    editions = visible.newest_first().without_document().select_related("report")
    sees_plan = request.user.may(Permission.VIEW_PLAN, request.programme)
    known: dict[str, Edition | None] = {NOW: None} if sees_plan else {}
    return known | {edition_slug(edition): edition for edition in editions}


def _documents(request: ProgrammeRequest, sides: list[Edition | None]) -> list[PlanDocument]:
    """The document of each side: one query for the editions, seven for the plan."""
    chosen = [side.pk for side in sides if side]
    locked = {edition.pk: edition.plan() for edition in Edition.objects.filter(pk__in=chosen)}
    return [locked[side.pk] if side else _plan_now(request) for side in sides]


def _plan_now(request: ProgrammeRequest) -> PlanDocument:
    programme = request.programme
    month = programme.reporting_month
    return build_live(programme, month=month, on=clock.today()).document


def _name(edition: Edition | None) -> str:
    return freezing.edition_name(edition) if edition else "planen nu"


def _dated(edition: Edition | None) -> str:
    """ "udgave 1, januar 2026, låst den 29. januar 2026"; "planen nu, den …"."""
    if edition is None:
        return f"planen nu, den {danish.day(clock.today())}"
    return f"{freezing.edition_name(edition)}, låst den {danish.moment_day(edition.frozen_at)}"
