"""The base classes of tracked models, their history, and the actor who writes.

Tracked rows are written only through `core.writing`. DESIGN §4 explains the choices made here.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, NoReturn, Self

from django.db import models
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords

from core.protection import AppendOnly


@dataclass(frozen=True)
class Actor:
    """Somebody who writes rows: a user, or a command by its name. `user` is None for a command."""

    name: str
    user: Any = None


# Writes when a programme is loaded from a file.
LOADER = Actor("Indlæsning")

# Writes when the texts of an older portal are mended. Readers see no difference.
MENDER = Actor("Oprydning i tekster")

_current_actor: ContextVar[Actor | None] = ContextVar("current_actor", default=None)


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """Let every history row that is written within the block carry `actor`'s name."""
    token = _current_actor.set(actor)
    try:
        yield
    finally:
        _current_actor.reset(token)


def current_actor_name() -> str:
    """Return the name that a new history row carries; "Ukendt" outside `acting`."""
    actor = _current_actor.get()
    return actor.name if actor else "Ukendt"


class HistoryRow(models.Model):
    """Base of every history table. It stores the actor's name as text, so that it stays when the
    user is renamed."""

    actor_name = models.CharField(max_length=200, default=current_actor_name, editable=False)

    append_only = AppendOnly(names=("actor_name",))

    class Meta:
        abstract = True


class _HistoryManager(HistoryManager):
    """simple-history's manager, whose class is made once for each kind of queryset. It makes the
    class anew each time somebody reads `model.history`, which costs as much as a small query."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: Any, class_name: str | None = None) -> Any:
        return super().from_queryset(queryset_class, class_name)


class History(HistoricalRecords):
    """simple-history's records with our index, and with one history row per version.

    The index finds the newest row of an object before a moment. With simple-history's own
    composite index that query took 30 to 60 times longer.
    """

    def __init__(self, *, versioned: bool = True, **kwargs: Any) -> None:
        self.versioned = versioned
        kwargs.setdefault("bases", (HistoryRow,))
        kwargs.setdefault("history_manager", _HistoryManager)
        super().__init__(no_db_index=["id"], **kwargs)

    def get_meta_options(self, model: type[models.Model]) -> dict[str, Any]:
        options: dict[str, Any] = super().get_meta_options(model)
        name = model._meta.model_name
        options["verbose_name"] = f"historik for {model._meta.verbose_name}"
        options["verbose_name_plural"] = options["verbose_name"]
        options["indexes"] = [
            models.Index(fields=["id", "-history_date", "-history_id"], name=f"{name}_history_at")
        ]
        if self.versioned:
            options["constraints"] = [
                models.UniqueConstraint(
                    fields=["id", "version"], name=f"{name}_history_has_each_version_once"
                )
            ]
        return options


class WriteRefused(Exception):
    """Somebody tried to write tracked rows in a way that leaves no history."""


class ReadingQuerySet(models.QuerySet[Any]):
    """A queryset that refuses to write many rows at once, because that leaves no history."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise WriteRefused("Tracked rows are written one at a time through core.writing.")

    update = bulk_create = bulk_update = delete = _refuse


class TrackedQuerySet(ReadingQuerySet):
    """A queryset of tracked rows, which can be archived and have an order."""

    def live(self) -> Self:
        """Keep the rows that are not archived."""
        return self.filter(archived_at=None)

    def in_order(self) -> Self:
        """Sort by position, then by age."""
        return self.order_by("position", "id")


class Versioned(models.Model):
    """Base of every row that `core.writing` writes. It has a version and cannot be deleted."""

    version = models.PositiveIntegerField("version", default=0, editable=False)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        abstract = True

    def note_changes(self, changed: Collection[str]) -> None:
        """Set what follows from the `changed` fields (names), before they are stored."""

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise WriteRefused("What has been in the portal is archived or deactivated, not deleted.")


class Tracked(Versioned):
    """Base of every tracked row of the plan. It has a key that never changes, and it is archived
    instead of deleted."""

    key = models.SlugField("nøgle", max_length=80, unique=True, editable=False)
    archived_at = models.DateTimeField("arkiveret", null=True, blank=True, editable=False)

    objects: ClassVar[Any] = TrackedQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None
