"""Read which warnings of a programme are put aside."""

from datetime import datetime

from initiatives.models import Dismissal
from initiatives.sources.live import KeptDocument
from principles.models import Programme

# By the key of the initiative and the fingerprint of the warning.
PutAside = dict[tuple[str, str], Dismissal]


def put_aside(
    shown: KeptDocument, programme: Programme, moment: datetime | None = None
) -> PutAside:
    """Find what puts warnings aside now, or did just before `moment`. One query.

    It has the form that `KeptDocument.drawn` asks for: a dismissal gives the plan another revision,
    so what is read here is kept as long as the document.
    """
    rows = Dismissal.objects.of(programme)
    standing = rows.stood_at(moment) if moment else rows.standing()
    dismissals = standing.select_related("initiative").order_by("id")
    return {(row.initiative.key, row.fingerprint): row for row in dismissals}
