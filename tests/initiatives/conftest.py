"""An empty database inside a test, for tests that load data into one."""

import pytest
from django.apps import apps
from django.db import models

from tests.protection import without_triggers

OUR_APPS = {"principles", "accounts", "initiatives", "reports"}


@pytest.fixture
def empty_database(db: None) -> None:
    """Delete all our rows until the test ends, past the door, which never deletes."""
    with without_triggers():
        for model in apps.get_models():
            if model._meta.app_label in OUR_APPS:
                models.QuerySet(model)._raw_delete("default")
