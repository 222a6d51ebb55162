"""Where each warning is mended: the words of the link, and its address."""

from dataclasses import dataclass

from core.links import Links
from plan.contradictions import Mend, PlanWarning


@dataclass(frozen=True, slots=True)
class Act:
    """A link to the form that mends something; `spoken` says what the link is about."""

    label: str
    spoken: str
    url: str


def act_of(warning: PlanWarning, *, key: str, title: str, links: Links) -> Act:
    """Make the link that mends a warning of the initiative with this key and title."""
    about = f" ›{title.removesuffix('.')}‹"
    if warning.mend == Mend.RECORD_OUTCOME:
        url = links.to("initiatives:deadline-outcome", key=warning.deadline)
        return Act("Registrér udfald", f" af forelæggelsen under{about}", url)
    if warning.mend == Mend.CHANGE_DEADLINE:
        url = links.to("initiatives:row-edit", kind="deadlines", key=warning.deadline)
        return Act("Ret deadline", f" under{about}", url)
    if warning.mend == Mend.WRITE:
        url = links.to("initiatives:row-edit", kind="initiativer", key=key)
        return Act("Ret tekster", f" for{about}", url)
    return Act("Ret status", f" for{about}", links.to("initiatives:initiative-status", key=key))
