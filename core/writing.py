"""The one door for writing tracked rows.

In an explicit transaction the row is reloaded under its lock, compared with what the writer
saw, set, and saved with who, when and why. Nothing else writes tracked rows (DESIGN §4,
RELIABILITY "Saving").
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from operator import attrgetter
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from core.characters import differ, normalise
from core.committed import note_commit
from core.danish import slugify
from core.texts import PlainTextField
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
    """Somebody else changed the same fields after the writer loaded the row. Nothing is saved.

    `theirs` holds the saved values of the fields that only others changed; `by`, `at` and
    `reason` tell of the newest change of a field in conflict.
    """

    def __init__(
        self,
        row: Versioned,
        conflicts: Collection[FieldConflict],
        theirs: Mapping[str, Any],
        *,
        by: str,
        at: datetime,
        reason: str,
    ) -> None:
        super().__init__(f"{row}: {', '.join(c.field for c in conflicts)}")
        self.row = row
        self.conflicts = tuple(conflicts)
        self.theirs = dict(theirs)
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
    """Store a new row as version 1. ValidationError when its values are refused.

    A key that somebody else took since `new_key` looked gets a suffix.
    """
    row.version = 1
    row.clean_fields(exclude=[])
    row.clean()
    row.validate_constraints(exclude={"key"})
    try:
        with transaction.atomic():
            _save(row, actor=actor, reason=reason, at=at, force_insert=True)
    except IntegrityError:
        if not isinstance(row, Tracked) or not type(row).objects.filter(key=row.key).exists():
            raise
        row.key = f"{row.key}-{secrets.token_hex(3)}"
        with transaction.atomic():
            _save(row, actor=actor, reason=reason, at=at, force_insert=True)
    return row


def lock(model: type[Row], pk: int) -> Row:
    """The row as it is now, locked until the transaction ends. Only inside `atomic()`.

    PostgreSQL locks the row; SQLite's IMMEDIATE transaction has locked the database.
    """
    row: Row = model.objects.select_for_update().get(pk=pk)
    return row


@dataclass(frozen=True)
class Comparison:
    """What was changed since a version: `mine` by the writer alone, `theirs` by others alone
    (the saved values), `conflicts` by both and differently. `versions` are the history rows
    from that version on, empty when it is the newest."""

    mine: dict[str, Any]
    theirs: dict[str, Any]
    conflicts: tuple[FieldConflict, ...] = ()
    versions: tuple[Any, ...] = ()

    def last_changed(self, fields: Collection[str]) -> Any:
        """The history row in which one of `fields` last changed since then, or None."""
        found = None
        for before, after in pairwise(self.versions):
            if any(differ(getattr(before, field), getattr(after, field)) for field in fields):
                found = after
        return found

    def changed_by(self, fields: Collection[str]) -> str:
        """The name of who last changed one of `fields`; "" when nobody did."""
        found = self.last_changed(fields)
        return found.actor_name if found else ""


def as_stored(row: Versioned, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes with plain texts as the database would keep them: blanks that are not stored
    are no change."""
    fields: dict[str, Any] = {name: row._meta.get_field(name) for name in changes}
    return {
        name: fields[name].to_python(value) if isinstance(fields[name], PlainTextField) else value
        for name, value in changes.items()
    }


def compare(row: Versioned, changes: Mapping[str, Any], version: int | None) -> Comparison:
    """Compare `changes`, made from `version`, with the locked `row`.

    Raises VersionMissing when `version` is None or unknown.
    """
    if version is None:
        raise VersionMissing(str(row))
    typed = as_stored(row, changes)
    if version == row.version:
        mine = {name: value for name, value in typed.items() if differ(getattr(row, name), value)}
        return Comparison(mine, {})
    versions = tuple(_history(row).filter(version__gte=version).order_by("version"))
    if not versions or versions[0].version != version:
        raise VersionMissing(str(row))
    loaded = versions[0]
    mine, theirs, conflicts = {}, {}, []
    for field, value in typed.items():
        was, saved = getattr(loaded, field), getattr(row, field)
        if not differ(value, saved):
            continue
        if not differ(value, was):
            theirs[field] = saved
        elif not differ(was, saved):
            mine[field] = value
        else:
            conflicts.append(FieldConflict(field, was, saved, value))
    return Comparison(mine, theirs, tuple(conflicts), versions)


def stale(row: Versioned, found: Comparison) -> StaleVersion:
    """The refusal of a change whose comparison has conflicts, naming who made them."""
    newest = found.last_changed([conflict.field for conflict in found.conflicts])
    return StaleVersion(
        row,
        found.conflicts,
        found.theirs,
        by=newest.actor_name,
        at=newest.history_date,
        reason=newest.history_change_reason or "",
    )


def _history(row: Versioned) -> Any:
    return type(row).history.filter(id=row.pk)  # type: ignore[attr-defined]


def refuse_another_programme(row: Any, changed: Collection[str]) -> None:
    """ValidationError when a new parent is of another programme: the past of both would change."""
    path = getattr(row, "PROGRAMME_PATH", "")
    parent = path.split("__")[0]
    if parent not in changed:
        return
    programme = attrgetter(path.replace("__", "."))(row)
    if not type(row).objects.filter(pk=row.pk, **{path: programme}).exists():
        raise ValidationError({parent: "Kan ikke flyttes til et andet program."})


def store(
    row: Versioned,
    changed: Collection[str],
    *,
    actor: Actor,
    reason: str,
    at: datetime,
    versions: Sequence[Any] = (),
) -> None:
    """Save the locked `row` as its next version. `changed` are the fields to check, `versions`
    its newest history rows where they are known already.

    ValidationError when a value is refused; the database holds the constraints.
    """
    unchanged = [field.name for field in row._meta.fields if field.name not in changed]
    row.clean_fields(exclude=unchanged)
    row.clean()
    refuse_another_programme(row, changed)
    before = versions[-1] if versions else _history(row).first()
    row.version += 1
    # A row is never dated before its predecessor: history is read by date.
    not_before = max(at, before.history_date) if before else at
    _save(row, actor=actor, reason=reason, at=not_before, force_update=True)


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
        found = compare(current, changes, version)
        if found.conflicts:
            raise stale(current, found)
        changed = tuple(name for name, value in found.mine.items() if _set(current, name, value))
        if changed:
            store(current, changed, actor=actor, reason=reason, at=at, versions=found.versions)
    merged = tuple(found.theirs)
    return Saved(current, changed, merged, found.changed_by(merged))


def plain_texts(model: type[models.Model]) -> list[PlainTextField]:
    """The fields of `model` that hold plain text."""
    return [field for field in model._meta.concrete_fields if isinstance(field, PlainTextField)]


def mend(
    row: Row, fields: Collection[str], *, actor: Actor, reason: str, at: datetime
) -> Saved[Row]:
    """Store plain texts of the row as they would be stored if they came in today: an older
    portal kept what `normalise` writes otherwise.

    No version is asked for: what is stored now is mended, and nobody can see the difference.
    Raises ValidationError.
    """
    with transaction.atomic():
        current = lock(type(row), row.pk)
        texts: dict[str, PlainTextField] = {field.name: field for field in plain_texts(type(row))}
        changed = tuple(
            name
            for name in fields
            if _set(current, name, texts[name].to_python(getattr(current, name)))
        )
        if changed:
            current.validate_constraints(exclude={"key"})
            store(current, changed, actor=actor, reason=reason, at=at)
    return Saved(current, changed)


def archive(
    row: Row, *, version: int | None, actor: Actor, reason: str, at: datetime
) -> Saved[Row]:
    """Take the row out of the plan; it stays in history and can be restored.

    Raises VersionMissing when anybody has changed the row since `version`: who archives has
    seen what is archived.
    """
    return _set_archived(row, at, version=version, actor=actor, reason=reason, at=at)


def restore(
    row: Row, *, version: int | None, actor: Actor, reason: str, at: datetime
) -> Saved[Row]:
    """Put an archived row back where it stood. Raises VersionMissing as `archive` does."""
    return _set_archived(row, None, version=version, actor=actor, reason=reason, at=at)


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
        # Sorted here: PostgreSQL orders before it waits for the locks.
        locked: list[Any] = list(siblings.select_for_update())
        others = sorted(locked, key=lambda other: (other.position, other.pk))
        places = [index for index, other in enumerate(others) if other.pk == row.pk]
        if not places:  # archived meanwhile
            raise VersionMissing(str(row))
        old, new = places[0], places[0] + step
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


def _set_archived(
    row: Row, moment: datetime | None, *, version: int | None, **who: Any
) -> Saved[Row]:
    with transaction.atomic():
        current = lock(type(row), row.pk)
        if version != current.version:
            raise VersionMissing(str(row))
        return change(row, {"archived_at": moment}, version=version, **who)


def _set(row: Versioned, field: str, value: Any) -> bool:
    """Set a field; whether that changed it."""
    is_other = getattr(row, field) != value
    setattr(row, field, value)
    return bool(is_other)


def _save(row: Versioned, *, actor: Actor, reason: str, at: datetime, **how: Any) -> None:
    """Write the row and its history with actor, reason and date, which must not stick to it."""
    row._history_user = actor.user  # type: ignore[attr-defined]
    row._change_reason = normalise(reason)  # type: ignore[attr-defined]
    row._history_date = at  # type: ignore[attr-defined]
    note_commit()
    try:
        with acting(actor):
            row.save(**how)
    finally:
        del row._history_user, row._change_reason, row._history_date  # type: ignore[attr-defined]
