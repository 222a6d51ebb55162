"""The revision of the plan: a token that changes with every write, and what was written."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import models

from core.protection import PLAN_WRITTEN


class PlanRevision(models.Model):
    """Planens version: one row, whose `token` is another after every write to the plan.

    Triggers write it (`core.triggers`), so that no way of writing gets round it. A token never
    comes back, also when a backup is restored: what was made of the plan under a token stays true
    under it.

    `changes` are notes of the newest writes, the newest last, as many as MAX_CHANGES characters
    hold: the token that the write gave, "=", what was written, and a blank. What was written is the
    id of an initiative; "*" for any; "@" and a moment (UTC) before which no plan of another day is
    changed; "@" alone for any day; "" where neither an initiative nor a past day is changed.
    """

    is_plan_revision = True

    token = models.CharField("version", max_length=80)
    changes = models.TextField("seneste ændringer", blank=True, default="")

    class Meta:
        verbose_name = "planens version"
        verbose_name_plural = "planens versioner"

    def __str__(self) -> str:
        return self.token


@dataclass(frozen=True)
class Writes:
    """What was written between two revisions of the plan, as the notes of `PlanRevision` say."""

    notes: frozenset[str]

    @classmethod
    def between(cls, since: str, programme: Any) -> "Writes | None":
        """Return what was written after the token `since` and up to the revision of `programme`,
        which was read `with_revision`; None if it is not known."""
        changes = [change.partition("=") for change in programme.plan_changes.split(" ")]
        tokens = [token for token, _, _ in changes[:-1]]
        # The last token is another revision than this connection sees when it has written itself.
        if since not in tokens or tokens[-1] != programme.revision:
            return None
        last = len(tokens) - tokens[::-1].index(since)
        return cls(frozenset(note for _, _, note in changes[last:-1]))

    @property
    def initiatives(self) -> frozenset[int] | None:
        """The ids of the initiatives that were written; None if any may be."""
        ids = [note for note in self.notes if note and not note.startswith("@")]
        return None if "*" in ids else frozenset(map(int, ids))

    @property
    def change_the_frame(self) -> bool:
        """Whether a row was written that belongs to no initiative."""
        return "" in self.notes

    def change_before(self, moment: datetime) -> bool:
        """Whether a plan as of `moment` may be changed."""
        limit = f"@{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
        return any(note < limit for note in self.notes if note.startswith("@"))


class Revision(models.Expression):
    """The plan's revision as this connection sees it, its own writes included; null without."""

    output_field = models.CharField()

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return f"(SELECT token FROM {PlanRevision._meta.db_table})", ()

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        written = f"coalesce(current_setting('{PLAN_WRITTEN}', true), '')"
        return f"(SELECT token || {written} FROM {PlanRevision._meta.db_table})", ()


def plan_revision() -> dict[str, Any]:
    """Make the annotations `revision` and `plan_changes`, for a query that reads programmes."""
    changes = models.Subquery(PlanRevision.objects.values("changes")[:1])
    return {"revision": Revision(), "plan_changes": changes}
