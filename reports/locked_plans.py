"""The documents of locked editions, kept in memory (`initiatives.sources.memory`)."""

from initiatives.sources import memory
from initiatives.sources.live import KeptDocument
from reports.models import Edition


def locked_plan(edition: Edition) -> KeptDocument:
    """Return the edition's document. One query, when it is not kept and not read yet.

    Raises Damaged.
    """
    key = "edition", edition.pk, edition.sha256
    found: KeptDocument | None = memory.find(key)
    if found:
        return found
    document = edition.plan()
    return memory.keep(key, KeptDocument(document), memory.size_of(document))
