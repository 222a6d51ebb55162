"""The one door for writing tracked rows.

In an explicit transaction the row is reloaded under its lock, compared with what the writer
saw, set, and saved with who, when and why. Nothing else writes tracked rows (DESIGN §4,
RELIABILITY "Saving").
"""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db import models, transaction

from core.danish import slugify
from core.tracking import Actor, Tracked, Versioned, acting

Row = TypeVar("Row", bound=Versioned)


@dataclass(frozen=True)
class FieldConflict:
    """One field that two people changed: as the writer loaded it, as saved since, as typed."""

    field: str
    loaded: Any
    saved: Any
    mine: Any


class StaleVersion(Exception):
    """Somebody else changed the same fields after the writer loaded the row. Nothing is saved."""

    def __init__(
        self,
        row: Versioned,
        conflicts: Collection[FieldConflict],
        *,
        by: str,
        at: datetime,
        reason: str,
    ) -> None:
        super().__init__(f"{row}: {', '.join(c.field for c in conflicts)}")
        self.row = row
        self.conflicts = tuple(conflicts)
        self.by = by
        self.at = at
        self.reason = reason


class VersionMissing(Exception):
    """A change came without the version it was made from, or with one that never was."""


@dataclass(frozen=True)
class Saved(Generic[Row]):
    """What a change did: the row as it stands now, the fields it set, and those others had set
    in the meantime (kept, so the writer can be told)."""

    row: Row
    changed: tuple[str, ...]
    merged: tuple[str, ...] = ()
    merged_by: str = ""


def new_key(model: type[Tracked], title: str, prefix: str = "") -> str:
    """A key for a new row: readable from its title, unique per model, never changed again."""
    base = "-".join(part for part in (prefix, slugify(title, 40)) if part) or "ny"
    if not model.objects.filter(key=base).exists():
        return base
    return f"{base}-{secrets.token_hex(3)}"


def create(row: Row, *, actor: Actor, reason: str, at: datetime) -> Row:
    """Store a new row as version 1. ValidationError when its values are refused."""
    row.version = 1
    row.clean_fields(exclude=[])
    row.clean()
    with transaction.atomic():
        _save(row, actor=actor, reason=reason, at=at, force_insert=True)
    return row


def lock(model: type[Row], pk: int) -> Row:
    """The row as it is now, locked until the transaction ends. Only inside `atomic()`.

    PostgreSQL locks the row; SQLite's IMMEDIATE transaction has locked the database.
    """
    row: Row = model.objects.select_for_update().get(pk=pk)
    return row


def merge(row: Versioned, changes: Mapping[str, Any], version: int | None) -> tuple[str, ...]:
    """Set `changes` on the locked `row` where the writer changed them since `version`.

    Returns the fields that others have set meanwhile. Raises StaleVersion when the same
    field was changed by both, VersionMissing when `version` is None or unknown.
    """
    if version is None:
        raise VersionMissing(str(row))
    if version == row.version:
        for field, value in changes.items():
            setattr(row, field, value)
        return ()
    history = type(row).history  # type: ignore[attr-defined]
    loaded = history.filter(id=row.pk, version=version).first()
    if loaded is None:
        raise VersionMissing(str(row))
    conflicts, merged = [], []
    for field, mine in changes.items():
        was, saved = getattr(loaded, field), getattr(row, field)
        if was != saved:
            merged.append(field)
        if mine in (was, saved):
            continue
        if was != saved:
            conflicts.append(FieldConflict(field, was, saved, mine))
        else:
            setattr(row, field, mine)
    if conflicts:
        newest = history.filter(id=row.pk, version=row.version).get()
        raise StaleVersion(
            row,
            conflicts,
            by=newest.actor_name,
            at=newest.history_date,
            reason=newest.history_change_reason or "",
        )
    return tuple(merged)


def merged_by(row: Versioned, version: int | None) -> str:
    """The name behind the first change after `version`: whose fields were merged."""
    history = type(row).history  # type: ignore[attr-defined]
    names = history.filter(id=row.pk, version__gt=version).order_by("version")
    return str(names.values_list("actor_name", flat=True).first() or "")


def store(
    row: Versioned, changed: Collection[str], *, actor: Actor, reason: str, at: datetime
) -> None:
    """Save the locked `row` as its next version. `changed` are the fields to check.

    ValidationError when a value is refused; the database holds the constraints.
    """
    unchanged = [field.name for field in row._meta.fields if field.name not in changed]
    row.clean_fields(exclude=unchanged)
    row.clean()
    history = type(row).history  # type: ignore[attr-defined]
    newest = history.filter(id=row.pk).values_list("history_date", flat=True)
    row.version += 1
    # A row is never dated before its predecessor: history is read by date.
    _save(row, actor=actor, reason=reason, at=max([at, *newest[:1]]), force_update=True)


def change(
    row: Row,
    changes: Mapping[str, Any],
    *,
    version: int | None,
    actor: Actor,
    reason: str,
    at: datetime,
) -> Saved[Row]:
    """Change fields of one row; `version` is the one the writer saw.

    Writes nothing when nothing differs. Raises StaleVersion, VersionMissing, ValidationError.
    """
    with transaction.atomic():
        current = lock(type(row), row.pk)
        before = {field: getattr(current, field) for field in changes}
        merged = merge(current, changes, version)
        changed = tuple(field for field in changes if getattr(current, field) != before[field])
        if changed:
            store(current, changed, actor=actor, reason=reason, at=at)
    return Saved(current, changed, merged, merged_by(current, version) if merged else "")


def archive(
    row: Row, *, version: int | None, actor: Actor, reason: str, at: datetime
) -> Saved[Row]:
    """Take the row out of the plan; it stays in history and can be restored."""
    return change(row, {"archived_at": at}, version=version, actor=actor, reason=reason, at=at)


def restore(
    row: Row, *, version: int | None, actor: Actor, reason: str, at: datetime
) -> Saved[Row]:
    """Put an archived row back where it stood."""
    return change(row, {"archived_at": None}, version=version, actor=actor, reason=reason, at=at)


def move(
    row: Row,
    siblings: models.QuerySet[Row],
    step: int,
    *,
    version: int | None,
    actor: Actor,
    at: datetime,
) -> Saved[Row]:
    """Move the row one place up (`step=-1`) or down (`step=1`) among its `siblings`.

    Order is (position, id). The row takes a position between its new neighbours, so that it
    alone is written; only where they leave no room are the siblings numbered afresh.
    """
    reason = "Flyttet op." if step < 0 else "Flyttet ned."
    with transaction.atomic():
        others: list[Any] = list(siblings.select_for_update().order_by("position", "id"))
        old = next(index for index, other in enumerate(others) if other.pk == row.pk)
        new = old + step
        if not 0 <= new < len(others):
            return Saved(others[old], ())
        others.insert(new, others.pop(old))
        below = others[new - 1].position if new else others[1].position - 2
        above = others[new + 1].position if new + 1 < len(others) else below + 2
        middle = (below + above) / 2
        if below < middle < above:
            return change(
                row, {"position": middle}, version=version, actor=actor, reason=reason, at=at
            )
        for position, other in enumerate(others, start=1):
            if other.position != position:
                token = version if other.pk == row.pk else other.version
                change(
                    other,
                    {"position": float(position)},
                    version=token,
                    actor=actor,
                    reason=reason,
                    at=at,
                )
        return Saved(lock(type(row), row.pk), ("position",))


def _save(row: Versioned, *, actor: Actor, reason: str, at: datetime, **how: Any) -> None:
    """Write the row and its history with actor, reason and date, which must not stick to it."""
    row._history_user = actor.user  # type: ignore[attr-defined]
    row._change_reason = reason  # type: ignore[attr-defined]
    row._history_date = at  # type: ignore[attr-defined]
    try:
        with acting(actor):
            row.save(**how)
    finally:
        del row._history_user, row._change_reason, row._history_date  # type: ignore[attr-defined]
