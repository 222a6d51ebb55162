"""What the models declare of how their rows are kept.

`core.triggers` makes the databases see to it, `core.verifying` reads everything again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models


@dataclass(frozen=True)
class AppendOnly:
    """The model's rows are added and then stay. Declared as its attribute `append_only`.

    Every column is locked, a new one too, but the fields that are named here: `names` may be
    replaced (by a pseudonym; on PostgreSQL by the tables' owner alone), `once` may be filled as
    long as they are null. `first_stays` says that on SQLite a second row of the same key is left
    out in silence, as INSERT OR IGNORE asks.
    """

    names: tuple[str, ...] = ()
    once: tuple[str, ...] = ()
    first_stays: bool = False

    @property
    def names_filled_once(self) -> tuple[str, ...]:
        """The names that are written later, with who it was: `approved_by_name` with
        `approved_by`."""
        return tuple(name for name in self.names if name.removesuffix("_name") in self.once)


@dataclass(frozen=True)
class Told:
    """Rows of another model tell what happened to this one, each added with the change it tells.

    Declared as the attribute `told`. `teller` ("app.Model") points to the row with its `row`, and
    says the row's version in `version` and the moment in `at`; it is never older than the one
    before. Each tells of a later version, but those whose field says that they may repeat one:
    `repeats` names that field and its values. With `field` every change of it is told, and the
    teller says the new value in `value`.
    """

    teller: str
    row: str
    version: str
    at: str
    repeats: tuple[str, tuple[str, ...]]
    field: str = ""
    value: str = ""


@dataclass(frozen=True)
class TrackedTable:
    """A model whose every version stands in a history table. `columns` are those that both have;
    what history leaves out (a password) is not compared. Without `versioned` a row may be saved
    under the same version again."""

    model: Any
    history: Any
    columns: tuple[str, ...]
    versioned: bool
    told: Told | None

    @property
    def table(self) -> str:
        name: str = self.model._meta.db_table
        return name

    @property
    def history_table(self) -> str:
        name: str = self.history._meta.db_table
        return name

    @property
    def teller(self) -> Any:
        """The model that tells changes, where there is one."""
        assert self.told
        return apps.get_model(self.told.teller)


def tracked_tables() -> Iterator[TrackedTable]:
    """The models with a history, as they are now."""
    for model in apps.get_models():
        attribute = getattr(model._meta, "simple_history_manager_attribute", None)
        if attribute is None:
            continue
        history = getattr(model, attribute).model
        kept = {field.column for field in history._meta.concrete_fields}
        yield TrackedTable(
            model,
            history,
            tuple(f.column for f in model._meta.concrete_fields if f.column in kept),  # type: ignore[misc]
            ["id", "version"] in unique_keys(history),
            getattr(model, "told", None),
        )


def append_only_models() -> Iterator[tuple[Any, AppendOnly]]:
    """The models whose rows are only added, with what they declare."""
    for model in apps.get_models(include_auto_created=True):
        declared = getattr(model, "append_only", None)
        if isinstance(declared, AppendOnly) and model._meta.managed:
            yield model, declared


def columns(model: Any, names: Sequence[str]) -> list[str]:
    """The columns of the fields named."""
    return [model._meta.get_field(name).column for name in names]


def locked_columns(model: Any, declared: AppendOnly) -> list[str]:
    """The columns that are never changed."""
    open_columns = {*columns(model, declared.names), *columns(model, declared.once)}
    return [
        field.column for field in model._meta.concrete_fields if field.column not in open_columns
    ]


def unique_keys(model: Any) -> list[list[str]]:
    """The columns of each unique key, the primary key first: by one of them REPLACE would remove
    a row."""
    keys = [[field.column] for field in model._meta.concrete_fields if field.primary_key]
    keys += [
        [field.column]
        for field in model._meta.concrete_fields
        if field.unique and not field.primary_key
    ]
    keys += [
        columns(model, constraint.fields)
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields
    ]
    return keys
