"""What initiatives, indsatser and deadlines share: which programme they belong to, who may see and
edit them, and how they are saved."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Self

from accounts.models import User
from accounts.permissions import Permission
from core import writing
from core.tracking import Actor, Tracked, TrackedQuerySet
from principles.models import Programme


class PlanQuerySet(TrackedQuerySet):
    """Rows of the plan, by programme and by what a user may do with them."""

    def of(self, programme: Programme) -> Self:
        """Keep the rows that belong to `programme`."""
        return self.filter(**{self.model.PROGRAMME_PATH: programme})

    def under_live(self) -> Self:
        """Keep the rows whose parents are all in the plan, whether archived themselves or not."""
        return self.filter(**{f"{parent}__archived_at": None for parent in self.model.PARENTS})

    def in_plan(self) -> Self:
        """Keep the rows that the plan shows: neither they nor their parents are archived."""
        return self.live().under_live()

    def next_position(self) -> float:
        """Return the position after the last row, archived ones included. One query."""
        last = self.order_by("-position").values_list("position", flat=True).first()
        return float(last or 0) + 1

    def _for(self, user: User, permission: Permission) -> Self:
        if user.is_superuser:
            return self
        programmes = user.programmes_with(permission)
        return self.filter(**{f"{self.model.PROGRAMME_PATH}__in": programmes})

    def visible_to(self, user: User) -> Self:
        """Keep the rows in programmes whose live plan `user` may see."""
        return self._for(user, Permission.VIEW_PLAN)

    def editable_by(self, user: User) -> Self:
        """Keep the rows in programmes whose plan `user` may edit."""
        return self._for(user, Permission.EDIT_PLAN)


class PlanRow(Tracked):
    """Base of the rows that people add to the plan and revise.

    `PROGRAMME_PATH` leads from the row to its programme, `INITIATIVE_PATH` to its initiative, and
    `PARENTS` to the rows it stands under, the nearest first.
    """

    shapes_the_plan = True
    PROGRAMME_PATH: ClassVar[str]
    INITIATIVE_PATH: ClassVar[str]
    PARENTS: ClassVar[tuple[str, ...]]

    objects: ClassVar[Any] = PlanQuerySet.as_manager()

    class Meta:
        abstract = True

    def add(self, *, actor: Actor, reason: str, at: datetime) -> Self:
        """Store the new row. Raises ValidationError."""
        return writing.create(self, actor=actor, reason=reason, at=at)

    def revise(
        self,
        changes: Mapping[str, Any],
        *,
        version: int | None,
        actor: Actor,
        reason: str,
        at: datetime,
    ) -> writing.Saved[Self]:
        """Change fields of the row; `version` is the one the writer saw.

        Raises ValidationError, StaleVersion, VersionMissing.
        """
        return writing.change(self, changes, version=version, actor=actor, reason=reason, at=at)

    def siblings(self) -> PlanQuerySet:
        """Return the rows in the plan that stand under the same parent, the row itself included."""
        parent = self.PARENTS[0]
        rows: PlanQuerySet = type(self).objects.live()
        return rows.filter(**{parent: getattr(self, f"{parent}_id")})

    def obstacle_to_archiving(self) -> str:
        """Return why the row can't be archived, in Danish; "" when it can."""
        return ""
