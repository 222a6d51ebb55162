"""Count and find initiatives in the database, without building the document."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import (
    Case,
    CharField,
    Count,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Concat

from initiatives.models import (
    Initiative,
    PlanQuerySet,
    StatusUpdate,
    StatusUpdateQuerySet,
)
from plan.status import NOT_REPORTED, STATUS_STYLES
from principles.models import Programme


@dataclass(frozen=True, slots=True)
class Tally:
    """How many initiatives of one area have a status and were, or were not, judged for the
    month. `principle` is the key of the area's principle, `area` an id."""

    principle: str
    area: int
    status: str
    judged: bool
    number: int


def tally(programme: Programme, *, month: date) -> list[Tally]:
    """Count the initiatives in the database, as the document of `month` would count them. One
    query; for the reported month it reads the status from the initiatives themselves."""
    place = "area__principle__key", "area"
    if month == programme.reporting_month:
        with connection.cursor() as cursor:
            cursor.execute(*_tally_sql(programme.pk, month))
            groups = cursor.fetchall()
        return [
            Tally(principle, area, status or NOT_REPORTED, is_judged, number)
            for principle, area, status, total, judged_number in groups
            for is_judged, number in ((True, judged_number), (False, total - judged_number))
            if number
        ]
    initiatives = Initiative.objects.of(programme).in_plan().order_by()
    # Sign and status are one value, because each further subquery reads every initiative again.
    sign = Case(When(month=month, then=Value("+")), default=Value("-"))
    newest = newest_judgements(month).values(
        newest=Concat(sign, "status_after", output_field=CharField())
    )
    signed = initiatives.annotate(newest=Subquery(newest[:1])).values_list(*place, "newest")
    return [
        Tally(
            principle,
            area,
            status=newest[1:] if newest else NOT_REPORTED,
            judged=bool(newest) and newest[0] == "+",
            number=number,
        )
        for principle, area, newest, number in signed.annotate(number=Count("pk"))
    ]


@lru_cache(maxsize=64)
def _tally_sql(programme_id: int, month: date) -> tuple[str, tuple[Any, ...]]:
    """Write the query of `tally` for the reported month, with its parameters. It is cached because
    Django takes as long to compile it as the database to answer it."""
    rows = Initiative.objects.filter(area__principle__programme=programme_id).in_plan().order_by()
    judged = Count("pk", filter=Q(pk__in=_judged_for(month)))
    groups = rows.values_list("area__principle__key", "area", "status")
    query = groups.annotate(number=Count("pk"), judged=judged).query
    sql, values = query.sql_with_params()
    return sql, tuple(values)


def find(
    programme: Programme,
    *,
    month: date,
    principle: str = "",
    area: str = "",
    status: str = "",
    missing: bool = False,
) -> QuerySet[Initiative]:
    """Find the initiatives that match every filter ("" and False are no filter), in the document's
    order, as a queryset that can be sliced. `principle` and `area` are keys."""
    rows: PlanQuerySet = Initiative.objects.of(programme).in_plan()
    if principle:
        rows = rows.filter(area__principle__key=principle)
    if area:
        rows = rows.filter(area__key=area)
    if status:
        newest = Subquery(newest_judgements(month).values("status_after")[:1])
        wanted = None if status == NOT_REPORTED else status
        rows = rows.alias(newest_status=newest).filter(newest_status=wanted)
    if missing:
        rows = rows.exclude(pk__in=_judged_for(month))
    parents = "area__principle", "area"
    order = [f"{parent}__{name}" for parent in parents for name in ("position", "id")]
    return rows.order_by(*order, "position", "id")


def newest_judgements(month: date) -> StatusUpdateQuerySet:
    """Return the judgements of the outer query's initiative up to `month`, newest first."""
    judgements: StatusUpdateQuerySet = StatusUpdate.objects.judgements()
    return judgements.filter(initiative=OuterRef("pk"), month__lte=month).newest_first()


def _judged_for(month: date) -> QuerySet[Any, Any]:
    """Select the ids of the initiatives that are judged for `month`, through the index by month."""
    return StatusUpdate.objects.judgements().filter(month=month).values("initiative")


def count_live(
    programme: Programme, *, month: date, principle: str = ""
) -> tuple[dict[str, int], int, int]:
    """Count the initiatives of each status value (of one principle, or of all), those of all that
    are judged for `month`, and all of them. One query; the counts are those of the document."""
    numbers: dict[str, int] = dict.fromkeys((style.value for style in STATUS_STYLES), 0)
    tallies = tally(programme, month=month)
    for part in tallies:
        if principle in ("", part.principle):
            numbers[part.status] += part.number
    updated = sum(part.number for part in tallies if part.judged)
    return numbers, updated, sum(part.number for part in tallies)
