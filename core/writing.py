"""The one door for writing tracked rows: nothing else writes them.

In an explicit transaction the row is reloaded under a lock, compared with what the writer saw,
changed, and saved with who, when and why (DESIGN §4, RELIABILITY "Saving").
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
    """A field that two people changed: its value as loaded, as saved since, and as typed."""

    field: str
    loaded: Any
    saved: Any
    mine: Any


class StaleVersion(Exception):
    """Somebody else changed the same fields after the writer loaded the row. Nothing is saved.

    `theirs` holds the saved values of the fields that only others changed. `by`, `at` and `reason`
    are those of the newest change of a field in conflict.
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
    """A change came without the version it was made from, or with a version that never existed."""


@dataclass(frozen=True)
class Saved(Generic[Row]):
    """The result of a change.

    `row` is the row as it is now, `changed` are the fields that were set, and `merged` those that
    others had set in the meantime and that keep their values; `merged_by` is who set them last.
    """

    row: Row
    changed: tuple[str, ...]
    merged: tuple[str, ...] = ()
    merged_by: str = ""


def new_key(model: type[Tracked], title: str, prefix: str = "") -> str:
    """Make a key for a new row from its title: readable, and unique for the model."""
    base = "-".join(part for part in (prefix, slugify(title, 40)) if part) or "ny"
    if not model.objects.filter(key=base).exists():
        return base
    return f"{base}-{secrets.token_hex(3)}"


def create(row: Row, *, actor: Actor, reason: str, at: datetime) -> Row:
    """Store a new row as version 1. Raises ValidationError when its values are refused.

    A key that somebody else has taken since `new_key` was called gets a suffix.
    """
    row.version = 1
    row.note_changes({field.name for field in row._meta.fields})
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
    """Read the row as it is now and lock it until the transaction ends. Only inside `atomic()`.

    PostgreSQL locks the row; on SQLite the IMMEDIATE transaction has locked the database already.
    """
    row: Row = model.objects.select_for_update().get(pk=pk)
    return row


@dataclass(frozen=True)
class Comparison:
    """The changes of a row since a version.

    `mine` are the writer's alone and `theirs` those of others alone, as field and value;
    `conflicts` are fields that both changed, to different values. `versions` are the history rows
    from that version on, empty when it is the newest.
    """

    mine: dict[str, Any]
    theirs: dict[str, Any]
    conflicts: tuple[FieldConflict, ...] = ()
    versions: tuple[Any, ...] = ()

    def last_changed(self, fields: Collection[str]) -> Any:
        """Find the history row in which one of `fields` last changed since then, or None."""
        newest = None
        for before, after in pairwise(self.versions):
            if any(differ(getattr(before, field), getattr(after, field)) for field in fields):
                newest = after
        return newest

    def changed_by(self, fields: Collection[str]) -> str:
        """Name the person who last changed one of `fields`; "" when nobody did."""
        newest = self.last_changed(fields)
        return newest.actor_name if newest else ""


def as_stored(row: Versioned, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Normalise the plain texts of `changes` as the database would store them, so that blanks that
    are not stored count as no change."""
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
    versions = tuple(_history_of(row).filter(version__gte=version).order_by("version"))
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


def stale(row: Versioned, comparison: Comparison) -> StaleVersion:
    """Make the exception for a comparison with conflicts; it names who made the other change."""
    newest = comparison.last_changed([conflict.field for conflict in comparison.conflicts])
    return StaleVersion(
        row,
        comparison.conflicts,
        comparison.theirs,
        by=newest.actor_name,
        at=newest.history_date,
        reason=newest.history_change_reason or "",
    )


def _history_of(row: Versioned) -> Any:
    return type(row).history.filter(id=row.pk)  # type: ignore[attr-defined]


def refuse_another_programme(row: Any, changed: Collection[str]) -> None:
    """Raise ValidationError when a new parent belongs to another programme: a move between
    programmes would change the past of both."""
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
    """Save the locked `row` as its next version. `changed` are the fields to validate, `versions`
    its newest history rows if they have been read already.

    Raises ValidationError when a value is refused; constraints are left to the database.
    """
    unchanged = [field.name for field in row._meta.fields if field.name not in changed]
    row.clean_fields(exclude=unchanged)
    row.clean()
    refuse_another_programme(row, changed)
    before = versions[-1] if versions else _history_of(row).first()
    row.version += 1
    # A version is never dated before the one it follows, because history is read by date.
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
    """Change fields of one row; `version` is the one that the writer saw.

    Writes nothing when nothing differs. Raises StaleVersion, VersionMissing, ValidationError.
    """
    with transaction.atomic():
        current = lock(type(row), row.pk)
        changes_since = compare(current, changes, version)
        if changes_since.conflicts:
            raise stale(current, changes_since)
        mine, versions = changes_since.mine, changes_since.versions
        changed = tuple(name for name, value in mine.items() if _set(current, name, value))
        if changed:
            current.note_changes(changed)
            store(current, changed, actor=actor, reason=reason, at=at, versions=versions)
    merged = tuple(changes_since.theirs)
    return Saved(current, changed, merged, changes_since.changed_by(merged))


def plain_texts(model: type[models.Model]) -> list[PlainTextField]:
    """List the fields of `model` that hold plain text."""
    return [field for field in model._meta.concrete_fields if isinstance(field, PlainTextField)]


def mend(
    row: Row, fields: Collection[str], *, actor: Actor, reason: str, at: datetime
) -> Saved[Row]:
    """Normalise plain texts of the row that an older portal stored as they were pasted.

    No version is needed: the present texts are mended, and no reader sees a difference. Raises
    ValidationError.
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

    Raises VersionMissing when anybody has changed the row since `version`: nobody archives a row
    without having seen its newest version.
    """
    return _set_archived(row, at, version=version, actor=actor, reason=reason, at=at)


def restore(
    row: Row, *, version: int | None, actor: Actor, reason: str, at: datetime
) -> Saved[Row]:
    """Put an archived row back where it was. Raises VersionMissing as `archive` does."""
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

    Rows are ordered by position, then id. The row gets a position between its new neighbours, so
    that no other row is written; only when no number is left between them are all renumbered.
    """
    reason = "Flyttet op." if step < 0 else "Flyttet ned."
    with transaction.atomic():
        # Sorted here, because PostgreSQL orders rows before it waits for their locks.
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
    """Set a field. Returns whether that changed it."""
    is_other = getattr(row, field) != value
    setattr(row, field, value)
    return bool(is_other)


def _save(row: Versioned, *, actor: Actor, reason: str, at: datetime, **how: Any) -> None:
    """Save the row and its history with actor, reason and date, and remove these from the row."""
    row._history_user = actor.user  # type: ignore[attr-defined]
    row._change_reason = normalise(reason)  # type: ignore[attr-defined]
    row._history_date = at  # type: ignore[attr-defined]
    note_commit()
    try:
        with acting(actor):
            row.save(**how)
    finally:
        del row._history_user, row._change_reason, row._history_date  # type: ignore[attr-defined]
