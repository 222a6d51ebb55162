"""A plan of many initiatives, made in a moment.

`make_load` writes them through the one door, as people do, and takes half a minute. Here some
are written so, and the rest are copies of them put in many at once, with one row of history each.
"""

from collections.abc import Iterable
from typing import Any

from django.db import models

from core.tracking import Tracked
from initiatives.loading.invented import add_load
from initiatives.models import Action, Deadline, Initiative, StatusUpdate
from principles.models import Programme
from tests.draws import draws
from tests.factories import insert_many
from tests.initiatives.steps import NOON
from tests.protection import without_triggers

# What grows with the plan shows at 300 as at 2,000; the larger one is for `make test-long`.
MANY = draws(2000, 300)
WRITTEN = 40


def grow(programme: Programme, number: int) -> None:
    """Let the plan of `programme` have `number` initiatives."""
    before = set(Initiative.objects.values_list("pk", flat=True))
    total = Initiative.objects.of(programme).in_plan().count()
    add_load(programme, total + WRITTEN, NOON)
    written = list(Initiative.objects.exclude(pk__in=before).order_by("pk"))
    copies = number - total - WRITTEN
    with without_triggers():  # all judgements of a copy tell of its one version
        for first in range(0, copies, WRITTEN):
            _copy(written[: copies - first], f"kopi-{first}")


def _copy(originals: list[Initiative], prefix: str) -> None:
    made = dict(zip((row.pk for row in originals), _made(originals, prefix), strict=True))
    actions = list(Action.objects.filter(initiative__in=originals).order_by("pk"))
    made_actions = _made(actions, prefix, initiative=made)
    action_of = dict(zip((row.pk for row in actions), made_actions, strict=True))
    deadlines = Deadline.objects.filter(initiative__in=originals).order_by("pk")
    _made(deadlines, prefix, initiative=made, action=action_of)
    updates = StatusUpdate.objects.filter(initiative__in=originals, retracts=None).order_by("pk")
    _made(updates, prefix, initiative=made)


def _made(rows: Iterable[Any], prefix: str, **parents: dict[int, Any]) -> list[Any]:
    """New rows like `rows`, each under the copy of its parent."""
    copies = []
    for row in rows:
        values = {field.attname: getattr(row, field.attname) for field in row._meta.fields}
        del values["id"]
        if "initiative_version" in values:
            values["initiative_version"] = 1
        if "key" in values:
            values["key"] = f"{prefix}-{row.key}"
        for name, copy_of in parents.items():
            values[f"{name}_id"] = (
                copy_of[values[f"{name}_id"]].pk if values[f"{name}_id"] else None
            )
        copies.append(type(row)(**values))
    if copies:
        if isinstance(copies[0], Tracked):
            insert_many(copies)
        else:
            models.QuerySet(type(copies[0])).bulk_create(copies)
    return copies
