"""What the tests of many at once and of killed processes share: editions that can be removed."""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from django.db import connection, models

from reports.models import Edition, EditionFile, EditionRendering, StatusReport

_triggers: Any = importlib.import_module("reports.migrations.0002_frozen_rows")


@contextmanager
def removed_afterwards() -> Iterator[None]:
    """Empties the tables of editions at the end: the triggers refuse the DELETE with which the
    tests of SQLite are cleared, and an unlocked edition is none."""
    try:
        yield
    finally:
        editor = SimpleNamespace(connection=connection)
        _triggers.drop(None, editor)
        try:
            for model in (EditionFile, EditionRendering, Edition, StatusReport):
                _remove(model)
        finally:
            _triggers.create(None, editor)


def _remove(model: type[models.Model]) -> None:
    if model is Edition:
        models.QuerySet(model).update(compared_with=None)
    models.QuerySet(model)._raw_delete("default")
