"""Show Sammenlign: what changed between two plans, each an edition, the plan now or that of a
day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from core import clock, danish
from core.state_at import end_of
from core.texts import typed_text
from core.typed_days import find_day
from initiatives.date_box import in_box, past_day, typed_day
from initiatives.sources.memory import live_plan, plan_as_of
from plan.document import PlanDocument
from principles.models import Programme
from reports.addresses import NOW, edition_name, edition_slug, no_report
from reports.comparison.change_words import short
from reports.comparison.compare import make_comparison
from reports.locked_plans import locked_plan
from reports.models import Edition

ENDS = {"fra": "Fra", "til": "Til"}
BOX = "-dato"
NONE_EARLIER = "Der er endnu ingen tidligere udgave at sammenligne med."
SWAPPED = "Fra og til er byttet om, så det ældste står først."


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two plans compared: a locked edition, the plan at the end of `day`, or (with
    neither) the plan now. `slug` is its name in the address."""

    slug: str
    edition: Edition | None = None
    day: date | None = None

    @property
    def moment(self) -> datetime:
        """The moment at which the plan was as it is shown."""
        return self.edition.frozen_at if self.edition else end_of(self.day or clock.today())

    @property
    def name(self) -> str:
        """Its name: "Udgave 1, januar 2026", "Planen den 15. januar 2026", "Planen nu"."""
        if self.edition:
            return danish.capitalise(edition_name(self.edition))
        return f"Planen den {danish.day(self.day)}" if self.day else "Planen nu"

    @property
    def dated(self) -> str:
        """Its name inside a sentence, with the day where the name has none."""
        name = self.name[:1].lower() + self.name[1:]
        if self.edition:
            return f"{name}, låst den {danish.moment_day(self.edition.frozen_at)}"
        return name if self.day else f"{name}, den {danish.day(clock.today())}"


@dataclass(frozen=True, slots=True)
class End:
    """One end of the comparison as the address asks for it; `side` is None when it does not.
    `typed` is the text in the date box, and `problem` says what is wrong with it."""

    side: Side | None
    typed: str = ""
    problem: str = ""


@requires(Permission.VIEW_EDITIONS)
@require_safe
def compare(request: ProgrammeRequest) -> HttpResponse:
    """Show what changed from `fra` to `til`, each an edition ("2026-02-udgave-1"), a day
    ("2026-02-20") or "nu"; with `alt=1` the whole plan.

    Without `til` it is the newest there is, without `fra` the newest edition before `til`. A day in
    the date box of an end (`fra-dato`, `til-dato`) takes precedence over its list, and redirects to
    the address with that day. Two ends in the wrong order redirect too: the oldest comes first.
    """
    choices = _choices(request)
    try:
        ends = [_read_end(request, name, choices) for name in ENDS]
    except LookupError as unknown:
        slug = short(unknown.args[0], 40)
        sentence = f"Udgaven »{slug}« findes ikke, eller du har ikke adgang til den."
        return no_report(request, sentence)
    new = ends[1].side or next(iter(choices.values()), None)
    old = ends[0].side or _side_before(new, choices.values())
    everything = request.GET.get("alt") == "1"
    context: dict[str, Any] = {
        "ends": [
            (name, label, end, _options(choices, side), side)
            for (name, label), end, side in zip(ENDS.items(), ends, (old, new), strict=True)
        ],
        "sees_plan": NOW in choices,
        "everything": everything,
        "page_url": request.links.to("reports:compare"),
        "list_url": request.links.to("reports:report-list"),
        "sentence": "",
        "comparison": None,
    }
    if any(end.problem for end in ends):
        pass  # the page says so beside the date box
    elif old and new and _is_later(old, new):
        if request.method == "GET":
            messages.info(request, SWAPPED)
        return HttpResponseRedirect(_address(request, new, old, everything=everything))
    elif old and new and any(name + BOX in request.GET for name in ENDS):
        return HttpResponseRedirect(_address(request, old, new, everything=everything))
    elif old is None or new is None:
        context["sentence"] = NONE_EARLIER
    elif old == new:
        thing = "udgave" if new.edition else "plan"
        context["sentence"] = f"Der er ingen forskel: det er den samme {thing}."
    else:
        context["comparison"] = make_comparison(
            *(_document(request.programme, side) for side in (old, new)),
            everything=everything,
            by_day=old.day is not None,
        )
        context["copy_url"] = _address(request, old, new, everything=everything)
        context["between"] = f"Fra {old.dated}, til {new.dated}."
        context["other_url"] = _address(request, old, new, everything=not everything)
    return render(request, "reports/comparison/compare.html", context)


def _address(request: ProgrammeRequest, old: Side, new: Side, *, everything: bool) -> str:
    query = {"fra": old.slug, "til": new.slug} | ({"alt": "1"} if everything else {})
    return f"{request.links.to('reports:compare')}?{urlencode(query)}"


def _choices(request: ProgrammeRequest) -> dict[str, Side]:
    """Find what the user may choose from the lists, by its name in the address, newest first."""
    visible = Edition.objects.visible_to(request.user, request.programme)
    editions = visible.newest_first().without_document().select_related("report")
    sees_plan = request.user.may(Permission.VIEW_PLAN, request.programme)
    sides = [Side(NOW)] if sees_plan else []
    sides += [Side(edition_slug(edition), edition) for edition in editions]
    return {side.slug: side for side in sides}


def _read_end(request: ProgrammeRequest, name: str, choices: dict[str, Side]) -> End:
    """Read what the address asks for at one end. Raises LookupError with a name that is no choice,
    or with a day when the user may not see the plan."""
    slug = typed_text(request.GET, name)
    typed = typed_day(request, name + BOX) if NOW in choices else ""
    if not typed and (not slug or slug in choices):
        return End(choices.get(slug))
    if not typed and (NOW not in choices or find_day(slug) is None):
        raise LookupError(slug)
    day, problem = past_day(request.programme, typed or slug)
    if day and not problem:
        return End(Side(day.isoformat(), day=day))
    return End(choices.get(slug), in_box(day) if day else typed, problem)


def _side_before(new: Side | None, choices: Iterable[Side]) -> Side | None:
    """Find the newest edition that is older than `new`; if `new` is an edition, one of an earlier
    month or number."""
    editions = [side for side in choices if side.edition]
    if new in editions:
        editions = editions[editions.index(new) + 1 :]
    elif new:
        editions = [side for side in editions if side.moment < new.moment]
    return next(iter(editions), None)


def _is_later(one: Side, other: Side) -> bool:
    """Whether `one` is of a later time. Two editions go by month and number, whenever they were
    locked: a correction of January comes before February. An edition and a day of a later month
    have no order, and stay as they were asked for."""
    if one.edition and other.edition:
        mine, others = one.edition, other.edition
        return (mine.report.month, mine.number) > (others.report.month, others.number)
    if one.edition and other.day and one.edition.report.month < other.day.replace(day=1):
        return False
    return one.moment > other.moment


def _options(choices: dict[str, Side], chosen: Side | None) -> list[Side]:
    """Make the list of an end: the choices, after the day that is chosen, if any."""
    return [*([chosen] if chosen and chosen.day else []), *choices.values()]


def _document(programme: Programme, side: Side) -> PlanDocument:
    if side.edition:
        return locked_plan(side.edition).document
    if side.day:
        return plan_as_of(programme, side.day).document
    month = programme.reporting_month
    return live_plan(programme, month=month, on=clock.today()).document
