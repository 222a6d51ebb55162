"""The documents of locked editions, kept in memory (`initiatives.sources.memory`)."""

from initiatives.sources import memory
from initiatives.sources.live import Kept
from reports.models import Edition


def locked_plan(edition: Edition) -> Kept:
    """Return the edition's document. One query, when it is not kept and not read yet.

    Raises Damaged.
    """
    key = "edition", edition.pk, edition.sha256
    found: Kept | None = memory.find(key)
    if found:
        return found
    document = edition.plan()
    return memory.keep(key, Kept(document), memory.size_of(document))
