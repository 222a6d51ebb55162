"""Make the warnings of an initiative as its page and the month's page list them."""

from collections.abc import Mapping
from dataclasses import dataclass

import plan
from core.danish import because, moment_day, unbroken
from core.links import Links
from initiatives.models import Dismissal
from initiatives.warnings.mending import Act, act_of
from plan.contradictions import PlanWarning, warnings_of


@dataclass(frozen=True, slots=True)
class ShownWarning:
    """A warning with the link that mends it, and the addresses that put it aside and take that
    back. `note` says why, who and when if it is put aside, otherwise it is "". `dom` is the id of
    its element; those who may not edit get no links."""

    dom: str
    sentence: str
    title: str
    act: Act | None
    dismiss_url: str
    reinstate_url: str
    note: str = ""


def warning_id(key: str, fingerprint: str) -> str:
    """Make the id of a warning's element. Two initiatives may have the same warning."""
    return f"advarsel-{key}-{fingerprint}"


def shown_warnings(
    item: plan.Initiative,
    document: plan.PlanDocument,
    put_aside: Mapping[str, Dismissal],
    links: Links,
    *,
    editable: bool,
) -> tuple[ShownWarning, ...]:
    """Make the warnings of an initiative of `document`, those that are put aside (by fingerprint)
    last."""
    shown = [
        shown_warning(item, warning, put_aside.get(warning.fingerprint), links, editable=editable)
        for warning in warnings_of(item, document)
    ]
    return tuple(sorted(shown, key=lambda warning: bool(warning.note)))


def shown_warning(
    item: plan.Initiative,
    warning: PlanWarning,
    dismissal: Dismissal | None,
    links: Links,
    *,
    editable: bool,
) -> ShownWarning:
    """Make one warning of an initiative, and say who has put it aside, and why."""

    def url(act: str) -> str:
        view, fingerprint = f"initiatives:warning-{act}", warning.fingerprint
        return links.to(view, key=item.key, fingerprint=fingerprint) if editable else ""

    return ShownWarning(
        dom=warning_id(item.key, warning.fingerprint),
        sentence=warning.sentence,
        title=item.title,
        act=act_of(warning, key=item.key, title=item.title, links=links) if editable else None,
        dismiss_url=url("dismiss"),
        reinstate_url=url("reinstate"),
        note=_note(dismissal) if dismissal else "",
    )


def _note(row: Dismissal) -> str:
    """Say "Set, fordi gruppen har svaret. Anna Eksempel, den 26. februar 2026."."""
    why = because(row.reason)
    seen = f"Set, {why}." if why.startswith("fordi ") else f"Set. Begrundelse: {row.reason}"
    stop = "" if seen[-1] in ".?!…" else "."
    return f"{seen}{stop} {unbroken(row.by_name)}, den {moment_day(row.recorded_at)}."
