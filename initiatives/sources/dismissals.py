"""Read which warnings of a programme were put aside, once for each revision of the plan."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F

from initiatives.models import Dismissal
from initiatives.sources.live import KeptDocument
from principles.models import Programme


def dismissals(
    shown: KeptDocument, programme: Programme, moment: datetime | None = None
) -> Mapping[str, Sequence[Dismissal]]:
    """Read all dismissals, or those before `moment`, by the key of their initiative, oldest first.
    One query.

    It has the form that `KeptDocument.drawn` asks for: a dismissal gives the plan another revision,
    so what is read here is kept as long as the document.
    """
    rows: Any = Dismissal.objects.of(programme).annotate(key=F("initiative__key")).order_by("id")
    by_key: dict[str, list[Dismissal]] = defaultdict(list)
    for row in rows.filter(recorded_at__lt=moment) if moment else rows:
        by_key[row.key].append(row)
    return dict(by_key)


def put_aside(rows: Iterable[Dismissal]) -> dict[str, Dismissal]:
    """Find what puts warnings of an initiative aside, by their fingerprint: the last of its
    dismissals (oldest first) for each, unless that takes it back."""
    last = {row.fingerprint: row for row in rows}
    return {key: row for key, row in last.items() if row.withdraws_id is None}
