"""The rules that models declare about how their rows may change.

`core.triggers` makes the databases enforce them, and `core.verifying` checks the stored rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

# The setting of PostgreSQL by which a transaction sees that it has written the plan itself.
PLAN_WRITTEN = "portal.plan_written"
# How many characters the plan's newest changes may take: some fifty changes.
MAX_CHANGES = 1_500


@dataclass(frozen=True)
class AppendOnly:
    """A declaration, as a model's attribute `append_only`, that rows are added and never changed.

    Every column is locked, also one that is added later, except the fields named here: `names` may
    be replaced by a pseudonym (on PostgreSQL only by the owner of the tables), and `once` may be
    filled while they are null. `first_stays` says that on SQLite a second row with the same key is
    silently ignored, as INSERT OR IGNORE asks.
    """

    names: tuple[str, ...] = ()
    once: tuple[str, ...] = ()
    first_stays: bool = False

    @property
    def names_filled_once(self) -> tuple[str, ...]:
        """The `names` that are filled together with a field of `once`, as `approved_by_name` is
        with `approved_by`."""
        return tuple(name for name in self.names if name.removesuffix("_name") in self.once)


@dataclass(frozen=True)
class ChangeRecords:
    """A declaration, as a model's attribute `change_records`, that rows of another model record the
    changes of its rows.

    `model` ("app.Model") is that other model. These name its fields: `row` points to the changed
    row, `version` holds the version that the change made, and `at` the moment, which is never
    earlier than in the record before. Every record has a later version than the one before, except
    that `repeats` names a field and the values with which a record may repeat it. If `field` is
    given, every change of that field needs a record, whose `value` holds the new value.
    """

    model: str
    row: str
    version: str
    at: str
    repeats: tuple[str, tuple[str, ...]]
    field: str = ""
    value: str = ""


def revision_model() -> Any:
    """The model of the one row that changes with the plan; it declares `is_plan_revision`."""
    (model,) = (m for m in apps.get_models() if getattr(m, "is_plan_revision", False))
    return model


@dataclass(frozen=True)
class PlanTable:
    """A model whose rows the plan, or what is drawn from it, is made of: of today, of other days,
    or both.

    `initiative` is the path from a row to its initiative, "" if it belongs to none or no plan of
    today is made of it. `dated` is the column with the moment from which a plan of another day may
    be made of the row, "" if none is.
    """

    model: Any
    initiative: str
    dated: str


def plan_tables() -> Iterator[PlanTable]:
    """Find the models that say so by `shapes_the_plan`, and their histories."""
    history = {tracked.model: tracked.history for tracked in tracked_tables()}
    for model in apps.get_models():
        if getattr(model, "shapes_the_plan", False):
            path = getattr(model, "INITIATIVE_PATH", "")
            yield PlanTable(model, path, getattr(model, "COUNTS_FROM", ""))
            if model in history:
                yield PlanTable(history[model], "", "history_date")


def sql_along(model: Any, path: str, row: str, schema: str = "") -> str:
    """Write the SQL of the id that `path` leads to from the record `row`, by at most two foreign
    keys. The table between is looked up in `schema`, which ends in a point."""
    name, _, rest = path.partition("__")
    field = model._meta.get_field(name)
    column = f'{row}."{field.column}"'
    if not rest:
        return column
    parent = field.related_model
    return (
        f'(SELECT p."{parent._meta.get_field(rest).column}" '
        f'FROM {schema}"{parent._meta.db_table}" p WHERE p.id = {column})'
    )


@dataclass(frozen=True)
class TrackedTable:
    """A model whose versions are all stored in a history table.

    `columns` are those that both tables have: what history leaves out (a password) is not compared.
    Unless it is `versioned`, a row may be saved again under the same version.
    """

    model: Any
    history: Any
    columns: tuple[str, ...]
    versioned: bool
    change_records: ChangeRecords | None

    @property
    def table(self) -> str:
        name: str = self.model._meta.db_table
        return name

    @property
    def history_table(self) -> str:
        name: str = self.history._meta.db_table
        return name

    @property
    def record_model(self) -> Any:
        """The model of the change records, where the table has them."""
        assert self.change_records
        return apps.get_model(self.change_records.model)


def tracked_tables() -> Iterator[TrackedTable]:
    """Find the models with a history."""
    for model in apps.get_models():
        attribute = getattr(model._meta, "simple_history_manager_attribute", None)
        if attribute is None:
            continue
        history = getattr(model, attribute).model
        in_history = {field.column for field in history._meta.concrete_fields}
        yield TrackedTable(
            model,
            history,
            tuple(f.column for f in model._meta.concrete_fields if f.column in in_history),  # type: ignore[misc]
            ["id", "version"] in unique_keys(history),
            getattr(model, "change_records", None),
        )


def append_only_models() -> Iterator[tuple[Any, AppendOnly]]:
    """Find the models whose rows are only added, with their declarations."""
    for model in apps.get_models(include_auto_created=True):
        declared = getattr(model, "append_only", None)
        if isinstance(declared, AppendOnly) and model._meta.managed:
            yield model, declared


def columns(model: Any, names: Sequence[str]) -> list[str]:
    """List the columns of the fields in `names`."""
    return [model._meta.get_field(name).column for name in names]


def locked_columns(model: Any, declared: AppendOnly) -> list[str]:
    """List the columns whose values never change."""
    open_columns = {*columns(model, declared.names), *columns(model, declared.once)}
    return [
        field.column for field in model._meta.concrete_fields if field.column not in open_columns
    ]


def unique_keys(model: Any) -> list[list[str]]:
    """List the columns of each unique key, the primary key first. REPLACE removes a row that has
    the same value in one of them."""
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
