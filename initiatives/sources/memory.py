"""What a worker keeps in memory: plans, built once per change and drawn from by every page.

A document is immutable, and every write to the plan gives the plan another revision (triggers, see
`core.triggers`). So a plan that was built under a revision stays true under it, and what is asked
for under another is built anew. Nothing has to be emptied: of what was least used lately, all
beyond MAX_SIZE is forgotten, with everything that was drawn from it (`KeptDocument.drawn`).

- Plans of today and of other days: by programme, month and day, each with the revision it is of;
  under another the initiatives that were written are built anew, and a plan of a past day only if
  the past was written. PlanRevision knows the newest writes; what it has forgotten is built anew.
  The new plan takes the old one's place. The revision is read with the request's programme.
  Whoever has a programme without it, a command or a test, gets a plan built for the occasion.
- Locked editions: by id and hash. They never change.

Threads share all of it. Two may build the same plan at the same time; both plans are right, and one
is kept. Versions and conflicts never come from here: who writes reads the row under its lock.
"""

from collections.abc import Callable, Hashable
from datetime import date
from functools import partial
from operator import itemgetter
from threading import Lock
from typing import Any, TypeVar

from cachetools import LRUCache

from core import demo
from core.state_at import end_of
from initiatives.sources.as_of import plans_as_of
from initiatives.sources.live import BuiltPlan, build_live
from plan.document import PlanDocument
from principles.models import Programme
from principles.revision import Writes

T = TypeVar("T")
# Builds a plan of the programme anew; the one that is kept and what was written since may help.
_Build = Callable[[Programme, BuiltPlan | None, Writes | None], BuiltPlan]

# How many initiatives everything kept may have together.
MAX_SIZE = 8_000
# What a document has beside its initiatives, in the same unit.
FRAME = 20
# How often a plan is built before one is shown that somebody has changed meanwhile.
ATTEMPTS = 3

# What is kept, each with its size.
_store: LRUCache[Hashable, tuple[Any, int]] = LRUCache(MAX_SIZE, getsizeof=itemgetter(1))
_lock = Lock()


def live_plan(programme: Programme, *, month: date, on: date) -> BuiltPlan:
    """Return the plan of `month` as it stands on the day `on`, which is today."""
    return _keep_plan(programme, (month, on), partial(build_live, month=month, on=on))


def plan_as_of(programme: Programme, day: date, *, month: date | None = None) -> BuiltPlan:
    """Return the plan at the end of `day`, of `month` or else of the month reported then.

    Raises NothingKnownYet.
    """
    months, moment = [month] if month else None, end_of(day)

    def build(programme: Programme, kept: BuiltPlan | None, writes: Writes | None) -> BuiltPlan:
        if kept and writes and not writes.change_before(moment):
            return kept
        return plans_as_of(programme, [moment], months=months)[0]

    return _keep_plan(programme, ("as of", month, day), build)


def size_of(document: PlanDocument) -> int:
    """Return how much of MAX_SIZE a document takes."""
    return FRAME + sum(1 for _ in document.initiatives())


def find(key: Hashable) -> Any:
    """Return what is kept under `key`, or None."""
    with _lock:
        value, _ = _store.get(key, (None, 0))
    return value


def keep(key: Hashable, value: T, size: int) -> T:
    """Keep what can't become wrong under its key, and return it. `size` is in initiatives."""
    with _lock:
        _store[key] = value, min(size, MAX_SIZE)
    return value


def forget() -> None:
    """Forget everything, as a worker that has just begun."""
    with _lock:
        _store.clear()


def _keep_plan(programme: Programme, which: Hashable, build: _Build) -> BuiltPlan:
    """Return the plan that `build` makes of the programme, from memory where it is there; `which`
    tells the plans of the programme from each other."""
    key = programme.pk, demo.banner(), which
    for _ in range(ATTEMPTS):
        revision = getattr(programme, "revision", None)
        if not revision:
            return build(programme, None, None)
        kept: tuple[str, BuiltPlan] | None = find(key)
        if kept and kept[0] == revision:
            return kept[1]
        writes = Writes.between(kept[0], programme) if kept else None
        built = build(programme, kept[1] if kept else None, writes)
        # Its queries read one and the same plan if nobody has written between first and last.
        programme = Programme.objects.with_revision().get(pk=programme.pk)
        if programme.revision == revision:  # type: ignore[attr-defined]
            if kept and built is not kept[1]:
                built.follow(kept[1])
            keep(key, (revision, built), size_of(built.document))
            return built
    return built
