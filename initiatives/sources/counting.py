"""Count the plan's initiatives where the database has them, for the answer to a save."""

from django.db.models import Count, Q

from initiatives.models import Initiative, StatusUpdate
from plan.status import NOT_REPORTED, STATUS_STYLES
from principles.models import Programme


def count_live(programme: Programme, *, principle: str = "") -> tuple[dict[str, int], int, int]:
    """Count the initiatives per status value (under one principle, or all), how many of all are
    judged for the month that is reported, and all of them.

    One query; equal to the document's counts. The answer to a save has the new counts by it,
    without the whole document, which the next page builds.
    """
    numbers: dict[str, int] = dict.fromkeys((style.value for style in STATUS_STYLES), 0)
    judged_now = StatusUpdate.objects.judgements().filter(month=programme.reporting_month)
    judged = Count("pk", filter=Q(pk__in=judged_now.values("initiative")))
    initiatives = Initiative.objects.of(programme).in_plan().order_by()
    groups = initiatives.values_list("area__principle__key", "status")
    updated = total = 0
    for key, status, number, judged_number in groups.annotate(Count("pk"), judged=judged):
        if principle in ("", key):
            numbers[status or NOT_REPORTED] += number
        updated, total = updated + judged_number, total + number
    return numbers, updated, total
